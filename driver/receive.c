// SPDX-License-Identifier: GPL-2.0
/* From a leg to the stack: the circuit gets unicast IP, the leg all other
 * packets.
 */
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/xfrm.h>

#include "bfd.h"
#include "contract.h"
#include "control.h"
#include "core/packet.h"
#include "ercircuit.h"
#include "leg.h"
#include "protection.h"
#include "reach.h"
#include "receive.h"
#include "tenant.h"
#include "transition.h"
#include "underlay.h"

/* A DHCP server may send its offer to the address that it offers. */
static noinline bool erc_receive_is_dhcp(const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct udphdr buf;
	const struct udphdr *udp;

	if (ip->protocol != IPPROTO_UDP || ip->frag_off & htons(IP_OFFSET))
		return false;
	udp = skb_header_pointer(skb, ip->ihl * 4, sizeof(buf), &buf);
	return udp && udp->dest == htons(ERC_PACKET_DHCP_CLIENT);
}

static bool erc_receive_classify4(struct sk_buff *skb)
{
	__be32 daddr;

	if (unlikely(!pskb_may_pull(skb, sizeof(struct iphdr))))
		return false;
	daddr = ip_hdr(skb)->daddr;
	if (erc_packet_is_local4(daddr))
		return false;
	if (unlikely(erc_underlay_lacks_address4(skb->dev)))
		return !erc_receive_is_dhcp(skb);
	return !erc_underlay_has_address4(skb->dev, daddr);
}

/* Neighbour discovery, whatever its destination address (RFC 4861). */
static noinline bool erc_receive_pull_nd(struct sk_buff *skb)
{
	const struct icmp6hdr *icmp;

	if (!pskb_may_pull(skb, sizeof(struct ipv6hdr) + sizeof(*icmp)))
		return true;
	icmp = (struct icmp6hdr *)(ipv6_hdr(skb) + 1);
	return icmp->icmp6_type >= NDISC_ROUTER_SOLICITATION &&
	       icmp->icmp6_type <= NDISC_REDIRECT;
}

static bool erc_receive_classify6(struct sk_buff *skb)
{
	const struct ipv6hdr *ip6;

	if (unlikely(!pskb_may_pull(skb, sizeof(struct ipv6hdr))))
		return false;
	ip6 = ipv6_hdr(skb);
	if (unlikely(erc_packet_is_local6(&ip6->daddr)) ||
	    erc_underlay_has_address6(skb->dev, &ip6->daddr))
		return false;
	return likely(ip6->nexthdr != IPPROTO_ICMPV6) ||
	       !erc_receive_pull_nd(skb);
}

/* A tag that no VLAN device has removed does not matter: a priority tag (VLAN
 * 0) has no meaning, and the stack drops packets of other VLANs on er0 as it
 * would on the leg.
 */
static bool erc_receive_classify(struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return erc_receive_classify4(skb);
	if (skb->protocol == htons(ETH_P_IPV6))
		return erc_receive_classify6(skb);
	return false;
}

/* The MAC of an unnumbered peer is that of its last packet. Compare before
 * writing: the cache line stays shared while the peer stays the same.
 */
static void erc_receive_learn(struct erc_leg *leg, const struct sk_buff *skb)
{
	u64 peer;

	if (skb->dev->type != ARPHRD_ETHER || !skb_mac_header_was_set(skb))
		return;
	peer = ether_addr_to_u64(eth_hdr(skb)->h_source);
	if (READ_ONCE(leg->peer_mac) != peer)
		WRITE_ONCE(leg->peer_mac, peer);
}

/* Return: false if the link header addresses another host. */
static bool erc_receive_filter_mac(struct erc_leg *leg, struct sk_buff *skb)
{
	if (!erc_leg_has_nexthop(&leg->config)) {
		if (skb->pkt_type == PACKET_OTHERHOST)
			return false;
		erc_receive_learn(leg, skb);
		return true;
	}
	/* Unicast IP in a broadcast frame is an error (RFC 1122 3.3.6), except
	 * from the unnumbered peer that does not know our MAC yet.
	 */
	return skb->pkt_type == PACKET_HOST;
}

/* Check the leg's IPsec policy on the leg, as the interface itself does for
 * another namespace: er0 has another policy, or none.
 */
static bool erc_receive_check_policy(struct sk_buff *skb)
{
	return likely(!secpath_exists(skb)) || !erc_leg_has_policy(skb->dev) ||
	       xfrm_policy_check(NULL, XFRM_POLICY_IN, skb,
				 skb->protocol == htons(ETH_P_IP) ? AF_INET :
								    AF_INET6);
}

/* Turn a packet of the leg into one of the circuit. */
static void erc_receive_hand_up(struct erc_leg *leg, struct sk_buff *skb)
{
	struct net_device *dev = leg->circuit->dev;

	if (erc_leg_has_policy(skb->dev))
		secpath_reset(skb);
	if (unlikely(!net_eq(dev_net(skb->dev), dev_net(dev))))
		erc_tenant_scrub(skb);
	erc_reach_write_number(&leg->rx_cache, skb);
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	/* The packet has no link header now. */
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
}

/* Give underlay traffic to the BFD session of the leg if it is for that session.
 *
 * Return: true if so; the packet is consumed.
 */
static bool erc_receive_control(struct erc_leg *leg, struct sk_buff *skb)
{
	struct erc_circuit *c = leg->circuit;
	struct erc_control p;
	bool ours;

	if (!READ_ONCE(leg->session.running) || !erc_control_parse(skb, &p))
		return false;
	spin_lock_bh(&c->lock);
	ours = erc_bfd_match(c, leg, skb->dev, &p);
	if (ours && erc_bfd_receive(c, leg, &p))
		erc_protection_update_locked(c);
	spin_unlock_bh(&c->lock);
	if (!ours)
		return false;
	erc_bfd_flush(c);
	consume_skb(skb);
	return true;
}

static noinline rx_handler_result_t
erc_receive_slow(struct sk_buff **pskb, struct erc_leg *leg)
{
	struct erc_circuit *c = leg->circuit;
	struct sk_buff *skb;

	if (unlikely(erc_leg_has_fault(leg, ERC_LEG_RX))) {
		erc_drop_leg(c, leg - c->leg, rx_fault);
		kfree_skb_reason(*pskb, SKB_DROP_REASON_DEV_READY);
		return RX_HANDLER_CONSUMED;
	}
	/* Do this first, as headers may have to be pulled up. */
	skb = skb_share_check(*pskb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	*pskb = skb;
	if (!erc_receive_filter_mac(leg, skb))
		return RX_HANDLER_PASS;
	if (!erc_receive_classify(skb))
		return erc_receive_control(leg, skb) ? RX_HANDLER_CONSUMED :
						       RX_HANDLER_PASS;
	if (unlikely(!(c->dev->flags & IFF_UP))) {
		dev_core_stats_rx_dropped_inc(c->dev);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return RX_HANDLER_CONSUMED;
	}
	if (!erc_receive_check_policy(skb)) {
		dev_core_stats_rx_dropped_inc(c->dev);
		kfree_skb_reason(skb, SKB_DROP_REASON_XFRM_POLICY);
		return RX_HANDLER_CONSUMED;
	}
	if (READ_ONCE(c->tx_flags) & ERC_TX_FLAG_CONTRACT &&
	    erc_contract_enforce(c, leg - c->leg, ERC_RX, skb))
		return RX_HANDLER_CONSUMED;
	erc_count_leg(c, leg - c->leg, rx_packets);
	erc_count_leg_add(c, leg - c->leg, rx_bytes, skb->len);
	if (erc_underlay_keeps(c, skb)) {
		erc_reach_write_number(&leg->rx_cache, skb);
		return RX_HANDLER_PASS;
	}
	erc_receive_hand_up(leg, skb);
	return RX_HANDLER_ANOTHER;
}

/* Return: end of the linear data, as an offset from skb->head. */
static unsigned int erc_receive_tail(const struct sk_buff *skb)
{
#ifdef NET_SKBUFF_DATA_USES_OFFSET
	return skb->tail;
#else
	return skb->tail - skb->head;
#endif
}

static bool erc_receive_is_on_link4(const struct erc_rx_cache *a, __be32 addr)
{
	addr &= a->mask4;
	return addr == a->own4 || addr == a->far4;
}

/* Return: true if the circuit gets the packet, false to check it closely. */
static bool erc_receive_is_simple4(const struct erc_rx_cache *a,
				   const struct sk_buff *skb,
				   unsigned long network)
{
	const struct iphdr *ip = (void *)skb->head + network;

	if (unlikely((u32)network + (u32)sizeof(*ip) > erc_receive_tail(skb)))
		return false;
	if (likely(!(a->octets4[*(u8 *)&ip->saddr] |
		     a->octets4[*(u8 *)&ip->daddr])))
		return true;
	return !erc_packet_is_local4(ip->daddr) &&
	       !erc_receive_is_on_link4(a, ip->daddr) &&
	       !erc_receive_is_on_link4(a, ip->saddr);
}

/* Check all ICMPv6 packets closely: they may be neighbour discovery, or come
 * from the far router itself. For other packets only the destination matters.
 */
static bool erc_receive_is_simple6(const struct erc_rx_cache *a,
				   const struct sk_buff *skb,
				   unsigned long network)
{
	const struct ipv6hdr *ip6 = (void *)skb->data;
	u64 prefix;

	if (unlikely((u32)network + (u32)sizeof(*ip6) > erc_receive_tail(skb)))
		return false;
	prefix = *(const u64 *)&ip6->daddr;
	return likely(!erc_packet_octets.v6[*(u8 *)&prefix] &&
		      prefix != a->own6 && ip6->nexthdr != IPPROTO_ICMPV6);
}

static bool erc_receive_is_simple(const struct erc_rx_cache *a,
				  const struct sk_buff *skb,
				  unsigned long network)
{
	/* An outdated value misjudges one packet at most. */
	if (unlikely(refcount_read(&skb->users) != data_race(a->users) ||
		     skb->pkt_type != PACKET_HOST))
		return false;
	/* Test the more expensive family first, so that both cost the same. */
	if (skb->protocol == htons(ETH_P_IPV6))
		return erc_receive_is_simple6(a, skb, network);
	if (likely(skb->protocol == htons(ETH_P_IP)))
		return erc_receive_is_simple4(a, skb, network);
	return false;
}

rx_handler_result_t erc_receive(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct erc_leg *leg = rcu_dereference(skb->dev->rx_handler_data);
	const struct erc_rx_cache *a = &leg->rx_cache;
	unsigned long network = skb->network_header;
	u64 __percpu *count;

	/* Otherwise the compiler widens it at each use. */
	OPTIMIZER_HIDE_VAR(network);
	if (unlikely(!erc_receive_is_simple(a, skb, network)))
		return erc_receive_slow(pskb, leg);
	/* The packet has no link header now. */
	skb->mac_header = network;
	skb->mac_len = 0;
	skb->dev = a->dev;
	erc_reach_write_number(a, skb);
	count = a->count;
	this_cpu_inc(count[ERCIRCUIT_LEG_rx_packets]);
	this_cpu_add(count[ERCIRCUIT_LEG_rx_bytes], skb->len);
	return RX_HANDLER_ANOTHER;
}
