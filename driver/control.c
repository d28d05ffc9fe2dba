// SPDX-License-Identifier: GPL-2.0
/* Headers of a BFD control packet: tags, IP and UDP (RFC 5881). */
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_sched.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "compat.h"
#include "control.h"
#include "session.h"

/* RFC 5881 section 4 */
#define ERC_CONTROL_PORT 3784

/* RFC 5881 section 5: a packet from farther away has less. */
#define ERC_CONTROL_TTL 255

/* Class selector 6, network control, like other BFD implementations */
#define ERC_CONTROL_TOS 0xc0

/* Return: the larger the better: preferred, smallest subnet, primary, in use */
static unsigned int erc_control_rank4(const struct in_ifaddr *ifa, __be32 used)
{
	u32 flags = READ_ONCE(ifa->ifa_flags);

	return !(flags & IFA_F_DEPRECATED) << 8 | ifa->ifa_prefixlen << 2 |
	       !(flags & IFA_F_SECONDARY) << 1 | (ifa->ifa_local == used);
}

static bool erc_control_choose_source4(const struct net_device *dev, __be32 via,
				       __be32 *source)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;
	unsigned int rank, best = 0;
	__be32 used = *source;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		rank = 1 + erc_control_rank4(ifa, used);
		if (!inet_ifa_match(via, ifa) || rank <= best)
			continue;
		best = rank;
		*source = ifa->ifa_local;
	}
	return best;
}

static bool erc_control_has_address4(const struct net_device *dev,
				     __be32 address)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (ifa->ifa_local == address)
			return true;
	return false;
}

/* Return: true if duplicate address detection has not finished, or has failed. */
static bool erc_control_is_unsure6(const struct inet6_ifaddr *ifa)
{
	return READ_ONCE(ifa->flags) & (IFA_F_TENTATIVE | IFA_F_DADFAILED);
}

/* Return: the larger the better: preferred, stable, smallest subnet, in use */
static unsigned int erc_control_rank6(const struct inet6_ifaddr *ifa,
				      const struct in6_addr *used)
{
	u32 flags = READ_ONCE(ifa->flags);

	return !(flags & IFA_F_DEPRECATED) << 10 |
	       !(flags & IFA_F_TEMPORARY) << 9 | ifa->prefix_len << 1 |
	       ipv6_addr_equal(&ifa->addr, used);
}

static bool erc_control_choose_source6(const struct net_device *dev,
				       const struct in6_addr *via,
				       struct in6_addr *source)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct in6_addr used = *source;
	const struct inet6_ifaddr *ifa;
	unsigned int rank, best = 0;

	if (!idev)
		return false;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list) {
		rank = 1 + erc_control_rank6(ifa, &used);
		if (erc_control_is_unsure6(ifa) || rank <= best ||
		    !ipv6_prefix_equal(&ifa->addr, via, ifa->prefix_len))
			continue;
		best = rank;
		*source = ifa->addr;
	}
	return best;
}

static bool erc_control_has_address6(const struct net_device *dev,
				     const struct in6_addr *address)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (!idev)
		return false;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list)
		if (ipv6_addr_equal(&ifa->addr, address))
			return !erc_control_is_unsure6(ifa);
	return false;
}

bool erc_control_choose_source(const struct net_device *dev,
			       enum erc_family family,
			       const union erc_address *via,
			       union erc_address *source)
{
	return family == ERC_IPV4 ?
	       erc_control_choose_source4(dev, via->v4, &source->v4) :
	       erc_control_choose_source6(dev, &via->v6, &source->v6);
}

bool erc_control_has_address(const struct net_device *dev,
			     enum erc_family family,
			     const union erc_address *address)
{
	return family == ERC_IPV4 ? erc_control_has_address4(dev, address->v4) :
				    erc_control_has_address6(dev, &address->v6);
}

/* --- build a packet ------------------------------------------------------- */

static void erc_control_put4(struct sk_buff *skb,
			     const union erc_address *saddr,
			     const union erc_address *daddr, unsigned int len)
{
	struct iphdr *ip = skb_put_zero(skb, sizeof(*ip));

	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tos = ERC_CONTROL_TOS;
	ip->tot_len = htons(sizeof(*ip) + len);
	ip->frag_off = htons(IP_DF);
	ip->ttl = ERC_CONTROL_TTL;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = saddr->v4;
	ip->daddr = daddr->v4;
	ip_send_check(ip);
	skb->protocol = htons(ETH_P_IP);
}

static void erc_control_put6(struct sk_buff *skb,
			     const union erc_address *saddr,
			     const union erc_address *daddr, unsigned int len)
{
	struct ipv6hdr *ip6 = skb_put_zero(skb, sizeof(*ip6));

	ip6_flow_hdr(ip6, ERC_CONTROL_TOS, 0);
	ip6->payload_len = htons(len);
	ip6->nexthdr = IPPROTO_UDP;
	ip6->hop_limit = ERC_CONTROL_TTL;
	ip6->saddr = saddr->v6;
	ip6->daddr = daddr->v6;
	skb->protocol = htons(ETH_P_IPV6);
}

static __sum16 erc_control_checksum(enum erc_family family,
				    const union erc_address *saddr,
				    const union erc_address *daddr,
				    unsigned int len, __wsum sum)
{
	return family == ERC_IPV4 ?
	       csum_tcpudp_magic(saddr->v4, daddr->v4, len, IPPROTO_UDP, sum) :
	       csum_ipv6_magic(&saddr->v6, &daddr->v6, len, IPPROTO_UDP, sum);
}

static void erc_control_put_udp(struct sk_buff *skb, enum erc_family family,
				const union erc_address *saddr,
				const union erc_address *daddr, u16 port,
				const u8 data[ERC_BFD_LENGTH])
{
	const unsigned int len = sizeof(struct udphdr) + ERC_BFD_LENGTH;
	struct udphdr *udp;

	skb_set_transport_header(skb, skb->len);
	udp = skb_put_zero(skb, sizeof(*udp));
	udp->source = htons(port);
	udp->dest = htons(ERC_CONTROL_PORT);
	udp->len = htons(len);
	skb_put_data(skb, data, ERC_BFD_LENGTH);
	udp->check = erc_control_checksum(family, saddr, daddr, len,
					  csum_partial(udp, len, 0)) ?:
		     CSUM_MANGLED_0;
}

struct sk_buff *erc_control_make(struct net_device *dev,
				 const struct erc_session_ends *ends,
				 const u8 data[ERC_BFD_LENGTH])
{
	const unsigned int len = sizeof(struct udphdr) + ERC_BFD_LENGTH;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + sizeof(struct ipv6hdr) + len +
			dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	if (ends->family == ERC_IPV4)
		erc_control_put4(skb, &ends->source, &ends->via, len);
	else
		erc_control_put6(skb, &ends->source, &ends->via, len);
	erc_control_put_udp(skb, ends->family, &ends->source, &ends->via,
			    ends->udp_port, data);
	skb->dev = dev;
	skb->priority = TC_PRIO_CONTROL;
	return skb;
}

/* --- sending --------------------------------------------------------------- */

/* Show the packet to packet sockets. Return: true if the device may send. */
static bool erc_control_tap(struct sk_buff *skb)
{
	if (!netif_running(skb->dev))
		return false;
	skb_reset_mac_header(skb);
	if (dev_nit_active_rcu(skb->dev))
		dev_queue_xmit_nit(skb, skb->dev);
	return true;
}

#if IS_ENABLED(CONFIG_VLAN_8021Q)
static void erc_control_count_vlan(const struct vlan_dev_priv *vlan,
				   unsigned int len)
{
	struct vlan_pcpu_stats *stats;

	local_bh_disable();
	stats = this_cpu_ptr(vlan->vlan_pcpu_stats);
	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_packets);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_update_end(&stats->syncp);
	local_bh_enable();
}

/* Prepare a packet of a VLAN device for the device below, as the VLAN driver does.
 * Return: the packet, NULL if it was dropped.
 */
static struct sk_buff *erc_control_descend(struct sk_buff *skb)
{
	const struct vlan_dev_priv *vlan = vlan_dev_priv(skb->dev);
	const struct vlan_ethhdr *veth = (struct vlan_ethhdr *)skb->data;
	u16 tci = vlan->vlan_id |
		  vlan_dev_get_egress_qos_mask(skb->dev, skb->priority);

	/* Without REORDER_HDR, the tag is part of the link header already. */
	if (vlan->flags & VLAN_FLAG_REORDER_HDR ||
	    veth->h_vlan_proto != vlan->vlan_proto) {
		if (skb_vlan_tag_present(skb))
			skb = __vlan_hwaccel_push_inside(skb);
		if (!skb)
			return NULL;
		__vlan_hwaccel_put_tag(skb, vlan->vlan_proto, tci);
	}
	erc_control_count_vlan(vlan, skb->len);
	skb->dev = vlan->real_dev;
	return skb;
}
#else
static struct sk_buff *erc_control_descend(struct sk_buff *skb)
{
	return skb;
}
#endif

int erc_control_send(struct sk_buff *skb)
{
	while (erc_control_tap(skb)) {
		if (!is_vlan_dev(skb->dev))
			return dev_direct_xmit(skb, 0);
		skb = erc_control_descend(skb);
		if (!skb)
			return -ENOMEM;
	}
	kfree_skb(skb);
	return -ENETDOWN;
}

/* --- receiving ------------------------------------------------------------- */

/* Return: offset of the UDP header, 0 = no UDP packet. */
static unsigned int erc_control_parse4(const struct sk_buff *skb,
				       struct erc_control *p, unsigned int *end)
{
	const struct iphdr *ip;
	struct iphdr buf;

	ip = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!ip || ip->version != 4 || ip->ihl < 5 ||
	    ip->protocol != IPPROTO_UDP || ip_is_fragment(ip))
		return 0;
	p->family = ERC_IPV4;
	p->ttl = ip->ttl;
	p->saddr.v4 = ip->saddr;
	p->daddr.v4 = ip->daddr;
	*end = ntohs(ip->tot_len);
	return ip->ihl * 4;
}

static unsigned int erc_control_parse6(const struct sk_buff *skb,
				       struct erc_control *p, unsigned int *end)
{
	const struct ipv6hdr *ip6;
	struct ipv6hdr buf;

	ip6 = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!ip6 || ip6->version != 6 || ip6->nexthdr != IPPROTO_UDP)
		return 0;
	p->family = ERC_IPV6;
	p->ttl = ip6->hop_limit;
	p->saddr.v6 = ip6->saddr;
	p->daddr.v6 = ip6->daddr;
	*end = sizeof(buf) + ntohs(ip6->payload_len);
	return sizeof(buf);
}

static bool erc_control_is_valid(const struct sk_buff *skb,
				 const struct erc_control *p,
				 const struct udphdr *udp, unsigned int at,
				 unsigned int end)
{
	unsigned int len = ntohs(udp->len);

	if (len < sizeof(*udp) || len > end - at)
		return false;
	/* RFC 8200 section 8.1: UDP over IPv6 always has a checksum. */
	if (!udp->check)
		return p->family == ERC_IPV4;
	return skb_csum_unnecessary(skb) ||
	       !erc_control_checksum(p->family, &p->saddr, &p->daddr, len,
				     skb_checksum(skb, at, len, 0));
}

bool erc_control_parse(const struct sk_buff *skb, struct erc_control *p)
{
	const struct udphdr *udp;
	struct udphdr buf;
	unsigned int at = 0, end, len;

	memset(p, 0, sizeof(*p));
	if (skb->protocol == htons(ETH_P_IP))
		at = erc_control_parse4(skb, p, &end);
	else if (skb->protocol == htons(ETH_P_IPV6))
		at = erc_control_parse6(skb, p, &end);
	if (!at || end > skb->len || end < at + sizeof(buf))
		return false;
	udp = skb_header_pointer(skb, at, sizeof(buf), &buf);
	if (!udp || udp->dest != htons(ERC_CONTROL_PORT))
		return false;
	if (p->family == ERC_IPV4 && csum_fold(skb_checksum(skb, 0, at, 0)))
		return false;
	p->valid = erc_control_is_valid(skb, p, udp, at, end);
	if (!p->valid)
		return true;
	p->len = ntohs(udp->len) - sizeof(*udp);
	len = min_t(unsigned int, p->len, sizeof(p->data));
	return !skb_copy_bits(skb, at + sizeof(*udp), p->data, len);
}
