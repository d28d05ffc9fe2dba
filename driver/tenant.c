// SPDX-License-Identifier: GPL-2.0
/*
 * A circuit can be moved to another network namespace while its legs stay. Root
 * of that namespace controls the device: addresses, routes, up and down,
 * delete. The administrator of the legs controls the options, the legs and the
 * contract.
 */
#include <linux/capability.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/addrconf.h>
#include <net/dst.h>
#include <net/ip.h>

#include "contract.h"
#include "core/packet.h"
#include "ercircuit.h"
#include "late.h"
#include "leg.h"
#include "lookup.h"
#include "tenant.h"

bool erc_tenant_can_see(const struct erc_circuit *c,
			const struct net_device *lower)
{
	return !lower || net_eq(dev_net(lower), dev_net(c->dev));
}

bool erc_tenant_can_see_slot(const struct erc_circuit *c, int slot)
{
	if (erc_late_waits(c, slot))
		return c->leg[slot].config.net_cookie ==
		       dev_net(c->dev)->net_cookie;
	return erc_tenant_can_see(c, erc_leg_dev_rtnl(&c->leg[slot]));
}

/* Return: true if the caller may configure the device of a slot, or the one for which
 * it waits.
 */
static bool erc_tenant_is_admin(const struct erc_circuit *c, int slot)
{
	const struct net_device *lower = erc_leg_dev_rtnl(&c->leg[slot]);
	const struct net *net;
	bool may;

	rcu_read_lock();
	net = lower ? dev_net(lower) : erc_late_net_rcu(&c->leg[slot].config);
	may = !net || ns_capable(net->user_ns, CAP_NET_ADMIN);
	rcu_read_unlock();
	return may;
}

bool erc_tenant_can_configure(const struct erc_circuit *c)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (!erc_tenant_can_see_slot(c, slot) &&
		    !erc_tenant_is_admin(c, slot))
			return false;
	return true;
}

/* A change of a shared contract changes it for all circuits that share it. */
static bool erc_tenant_can_set_terms(const struct erc_circuit *c,
				     const struct erc_terms *terms)
{
	const struct erc_contract *k = erc_contract_find(dev_net(c->dev),
							 terms->key);
	const struct erc_circuit *other;

	if (!k || erc_contract_is_same(&k->terms, terms))
		return true;
	list_for_each_entry(other, &k->circuits, contract_node)
		if (!erc_tenant_can_configure(other))
			return false;
	return true;
}

bool erc_tenant_can_bring_terms(const struct erc_circuit *c)
{
	struct erc_terms terms;

	ASSERT_RTNL();
	erc_contract_get_terms(c, &terms);
	return erc_tenant_can_set_terms(c, &terms);
}

int erc_tenant_check(const struct erc_circuit *c,
		     const struct erc_config *config,
		     struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (!erc_tenant_can_configure(c)) {
		NL_SET_ERR_MSG(extack,
			       "The circuit's legs are in another network namespace: use CAP_NET_ADMIN of that one");
		return -EPERM;
	}
	if (!erc_tenant_can_set_terms(c, &config->terms)) {
		NL_SET_ERR_MSG(extack,
			       "A circuit with the same key has legs in another network namespace: use CAP_NET_ADMIN of that one");
		return -EPERM;
	}
	return 0;
}

/* --- packets between namespaces -------------------------------------------- */

static bool erc_tenant_is_on_link4(const struct erc_leg *leg,
				   const struct net_device *dev, __be32 a)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (a == leg->config.via4)
		return true;
	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (a == ifa->ifa_local || a == ifa->ifa_broadcast ||
		    (ifa->ifa_mask && inet_ifa_match(a, ifa)))
			return true;
	return false;
}

static bool erc_tenant_is_on_link6(const struct erc_leg *leg,
				   const struct net_device *dev,
				   const struct in6_addr *a)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (ipv6_addr_equal(a, &leg->config.via6))
		return true;
	if (!idev)
		return false;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list)
		if (ifa->prefix_len &&
		    (ipv6_prefix_equal(a, &ifa->addr, ifa->prefix_len) ||
		     (!ipv6_addr_any(&ifa->peer_addr) &&
		      ipv6_prefix_equal(a, &ifa->peer_addr, ifa->prefix_len))))
			return true;
	return false;
}

/* Is an address on the subnet of a leg? If the leg is a circuit, check that
 * circuit's legs.
 */
static bool erc_tenant_is_on_link(const struct erc_circuit *c,
				  enum erc_family f, const void *a)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		const struct erc_leg *leg = &c->leg[slot];
		struct net_device *dev = erc_rcu(leg->dev);
		const struct erc_circuit *below;

		if (!dev)
			continue;
		if (f == ERC_IPV4 ?
		    erc_tenant_is_on_link4(leg, dev, *(const __be32 *)a) :
		    erc_tenant_is_on_link6(leg, dev, a))
			return true;
		below = erc_lookup_circuit(dev);
		if (below && erc_tenant_is_on_link(below, f, a))
			return true;
	}
	return false;
}

/* Copy the ICMP type or the UDP port: both are in the first four bytes. */
static void erc_tenant_read_upper(struct erc_packet_upper *u,
				  const struct sk_buff *skb, int start)
{
	__be16 buffer[2];
	const __be16 *p = skb_header_pointer(skb, start, sizeof(buffer),
					     buffer);

	u->cut = !p;
	if (!p)
		return;
	u->type = ntohs(p[0]) >> 8;
	u->port = ntohs(p[1]);
}

static bool erc_tenant_is_spoofed4(const struct erc_circuit *c,
				   const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct erc_packet_upper u = {
		.protocol = ip->protocol,
		.fragment = ip_is_fragment(ip),
		.later = ip->frag_off & htons(IP_OFFSET),
	};

	if (erc_packet_is_local4(ip->saddr) ||
	    erc_packet_is_local4(ip->daddr) ||
	    erc_tenant_is_on_link(c, ERC_IPV4, &ip->saddr))
		return true;
	u.near = erc_tenant_is_on_link(c, ERC_IPV4, &ip->daddr);
	erc_tenant_read_upper(&u, skb, skb_network_offset(skb) + ip->ihl * 4);
	return erc_packet_is_link_only(&u);
}

static bool erc_tenant_is_spoofed6(const struct erc_circuit *c,
				   const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	struct erc_packet_upper u = { .protocol = ip6->nexthdr };
	__be16 fragment;
	int start;

	if (erc_packet_is_local6(&ip6->saddr) ||
	    erc_packet_is_local6(&ip6->daddr) ||
	    erc_tenant_is_on_link(c, ERC_IPV6, &ip6->saddr))
		return true;
	start = ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(*ip6),
				 &u.protocol, &fragment);
	/* The packet may be harmless, but its headers cannot be parsed. */
	if (start < 0)
		return true;
	u.fragment = fragment != 0;
	u.later = fragment & htons(IP6_OFFSET);
	u.near = erc_tenant_is_on_link(c, ERC_IPV6, &ip6->daddr);
	erc_tenant_read_upper(&u, skb, start);
	return erc_packet_is_link_only(&u);
}

bool erc_tenant_is_spoofed(const struct erc_circuit *c,
			   const struct sk_buff *skb)
{
	bool spoofed;

	/* The caller may hold only BH, not RCU. */
	rcu_read_lock();
	spoofed = skb->protocol == htons(ETH_P_IP) ?
			  erc_tenant_is_spoofed4(c, skb) :
			  erc_tenant_is_spoofed6(c, skb);
	rcu_read_unlock();
	return spoofed;
}

void erc_tenant_scrub(struct sk_buff *skb)
{
	skb_scrub_packet(skb, true);
	skb->priority = 0;
	skb->tc_index = 0;
	skb_set_queue_mapping(skb, 0);
	__vlan_hwaccel_clear_tag(skb);
}

/* If the path of a tunnel has a smaller MTU, the tunnel reports it to the
 * packet's route, and sends the ICMP error by that route. A route with a
 * tunnel's parameters must not enter the other namespace: it would choose the
 * destination of a provider's tunnel.
 */
static bool erc_tenant_keeps_route(const struct dst_entry *dst,
				   const struct net_device *dev)
{
	return dst && !(dev->priv_flags & IFF_XMIT_DST_RELEASE) &&
	       !(dst->flags & DST_METADATA) && !dst->lwtstate;
}

void erc_tenant_leave(struct sk_buff *skb, const struct net_device *dev)
{
	struct dst_entry *dst = skb_dst(skb);

	if (!erc_tenant_keeps_route(dst, dev) || !dst_hold_safe(dst))
		dst = NULL;
	erc_tenant_scrub(skb);
	if (dst)
		skb_dst_set(skb, dst);
}
