// SPDX-License-Identifier: GPL-2.0
/*
 * From the stack to a leg. There are two doors: the usual one, ndo_start_xmit,
 * and a shorter one for what the IP stack sends while nobody watches er0: the
 * output function of er0's own neighbour entries.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jhash.h>
#include <net/sch_generic.h>

#include "core/packet.h"
#include "nexthop.h"
#include "protection.h"
#include "xmit.h"

static int erc_xmit_drop(struct sk_buff *skb, enum skb_drop_reason reason)
{
	kfree_skb_reason(skb, reason);
	return NET_XMIT_DROP;
}

static bool erc_xmit_carries(const struct net_device *dev)
{
	return dev && likely(netif_running(dev) && netif_carrier_ok(dev));
}

static u32 erc_xmit_hash(const struct erc_circuit *c, struct sk_buff *skb,
			 u32 select)
{
	const struct in6_addr *s6, *d6;

	if (select & ERC_SELECT_L3L4)
		return skb_get_hash(skb);
	if (skb->protocol == htons(ETH_P_IP))
		return jhash_2words((__force u32)ip_hdr(skb)->saddr,
				    (__force u32)ip_hdr(skb)->daddr, 0);
	s6 = &ipv6_hdr(skb)->saddr;
	d6 = &ipv6_hdr(skb)->daddr;
	return jhash2((const u32 *)s6, 4, jhash2((const u32 *)d6, 4, 0));
}

/* The published leg cannot carry: the other one, if it may be used. */
static noinline struct net_device *
erc_xmit_detour(struct erc_circuit *c, u32 select, int *slot)
{
	struct net_device *dev;

	if (select & ERC_SELECT_ACTIVE)
		erc_protection_kick(c);
	*slot = !*slot;
	if (!(select & BIT(*slot + ERC_SELECT_USABLE_SHIFT)))
		return NULL;
	dev = erc_rcu(c->leg[*slot].dev);
	return erc_xmit_carries(dev) ? dev : NULL;
}

static struct net_device *erc_xmit_select(struct erc_circuit *c,
					  struct sk_buff *skb, int *slot)
{
	u32 select = READ_ONCE(c->select);
	u32 active = select & ERC_SELECT_ACTIVE;
	struct net_device *dev;

	*slot = active >> 1;
	if (active == ERCIRCUIT_ACTIVE_BOTH)
		*slot = erc_xmit_hash(c, skb, select) & 1;
	dev = erc_rcu(c->leg[*slot].dev);
	if (likely(active && erc_xmit_carries(dev)))
		return dev;
	return erc_xmit_detour(c, select, slot);
}

static int erc_xmit_leg(struct erc_circuit *c, struct sk_buff *skb,
			enum erc_family family)
{
	struct net_device *dev;
	unsigned int len;
	int slot, err;

	dev = erc_xmit_select(c, skb, &slot);
	if (unlikely(!dev)) {
		erc_count(c, tx_no_leg);
		return erc_xmit_drop(skb, SKB_DROP_REASON_DEV_READY);
	}
	if (unlikely(skb_cow_head(skb, LL_RESERVED_SPACE(dev)))) {
		erc_count_leg(c, slot, tx_error);
		return erc_xmit_drop(skb, SKB_DROP_REASON_NOMEM);
	}
	if (unlikely(!net_eq(dev_net(dev), dev_net(c->dev))))
		skb_scrub_packet(skb, true);
	len = skb->len;
	skb->dev = dev;
	err = erc_nexthop_output(&c->leg[slot], dev, skb, family);
	if (likely(!net_xmit_eval(err))) {
		erc_count_leg(c, slot, tx_packets);
		erc_count_leg_add(c, slot, tx_bytes, len);
	} else if (err == -EHOSTUNREACH) {
		erc_count_leg(c, slot, tx_no_neigh);
	} else {
		erc_count_leg(c, slot, tx_error);
	}
	return err;
}

static int erc_xmit_ip(struct erc_circuit *c, struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP)) {
		if (unlikely(!pskb_network_may_pull(skb,
						    sizeof(struct iphdr)) ||
			     ip_hdr(skb)->version != 4))
			goto not_ip;
		if (unlikely(erc_packet_multicast4(ip_hdr(skb)->daddr)))
			goto multicast;
		return erc_xmit_leg(c, skb, ERC_IPV4);
	}
	if (likely(skb->protocol == htons(ETH_P_IPV6))) {
		if (unlikely(!pskb_network_may_pull(skb,
						    sizeof(struct ipv6hdr)) ||
			     ipv6_hdr(skb)->version != 6))
			goto not_ip;
		if (unlikely(erc_packet_multicast6(&ipv6_hdr(skb)->daddr)))
			goto multicast;
		return erc_xmit_leg(c, skb, ERC_IPV6);
	}
not_ip:
	erc_count(c, tx_not_ip);
	return erc_xmit_drop(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
multicast:
	erc_count(c, tx_multicast);
	return erc_xmit_drop(skb, SKB_DROP_REASON_NOT_SPECIFIED);
}

netdev_tx_t erc_xmit(struct sk_buff *skb, struct net_device *dev)
{
	erc_xmit_ip(netdev_priv(dev), skb);
	return NETDEV_TX_OK;
}

/* Somebody wants to see, change or queue what er0 sends. */
static bool erc_xmit_watched(const struct net_device *dev)
{
	const struct Qdisc *q = rcu_dereference_bh_check(dev->_tx->qdisc,
							 rcu_read_lock_held());

	return erc_compat_nit_active(dev) || erc_compat_tc_egress(dev) ||
	       erc_compat_nf_egress(dev) || q->enqueue;
}

/* Under RCU, BH on or off. MPLS may come here, too. */
static int erc_xmit_neigh_output(struct neighbour *n, struct sk_buff *skb)
{
	struct net_device *dev = n->dev;

	if (unlikely(erc_xmit_watched(dev) || !(dev->flags & IFF_UP))) {
		skb->dev = dev;
		return dev_queue_xmit(skb);
	}
	return erc_xmit_ip(netdev_priv(dev), skb);
}

static const struct neigh_ops erc_xmit_neigh_ops = {
	.output			= erc_xmit_neigh_output,
	.connected_output	= erc_xmit_neigh_output,
};

int erc_xmit_neigh_construct(struct net_device *dev, struct neighbour *n)
{
	n->ops = &erc_xmit_neigh_ops;
	n->output = erc_xmit_neigh_output;
	return 0;
}
