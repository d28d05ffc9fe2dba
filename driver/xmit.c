// SPDX-License-Identifier: GPL-2.0
/*
 * From the stack to a leg. There are two entries: the normal one,
 * ndo_start_xmit, and a shorter one for packets of the IP stack while no
 * program looks at er0's packets: the output function of er0's own neighbour
 * entries.
 *
 * The kernel counts nested transmissions in dev_queue_xmit(), which the shorter
 * entry skips. So the shorter entry leads to wires only. Packets for any other
 * leg, which may lead back into a circuit, take the normal entry. So does each
 * packet while er0's features are reduced: the kernel then segments it and
 * computes its checksum.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/sch_generic.h>

#include "contract.h"
#include "core/packet.h"
#include "ercircuit.h"
#include "leg.h"
#include "lookup.h"
#include "nexthop.h"
#include "queue.h"
#include "reach.h"
#include "schedule.h"
#include "tenant.h"
#include "transition.h"
#include "xmit.h"

/* The entry that a packet has taken */
enum erc_xmit_entry {
	ERC_XMIT_NDO,
	ERC_XMIT_NEIGH,
};

static int erc_xmit_drop(struct sk_buff *skb, enum skb_drop_reason reason)
{
	kfree_skb_reason(skb, reason);
	return NET_XMIT_DROP;
}

/* Return: the device of a leg, NULL if no device can send. */
static struct net_device *erc_xmit_running_dev(const struct erc_leg *leg)
{
	struct net_device *dev = erc_rcu(leg->dev);

	if (!dev || !erc_leg_is_running(dev, erc_leg_port(dev)) ||
	    erc_leg_is_forced_down(leg))
		return NULL;
	return dev;
}

/* Do not use skb_get_hash(): after a retransmission timeout, a socket changes
 * its value and the flow label during the flow. Do not use the flow dissector
 * either: see erc_packet_l4_offset4() for the ports that count.
 */
static noinline int erc_xmit_hash_l3l4(const struct sk_buff *skb,
				       enum erc_family f)
{
	const struct ipv6hdr *ip6 = (const void *)skb->data;
	const struct iphdr *ip4 = (const void *)skb->data;
	const struct erc_packet_ports *ports;
	struct erc_packet_ports space;
	unsigned int offset;

	offset = f == ERC_IPV4 ? erc_packet_l4_offset4(ip4) :
				 erc_packet_l4_offset6(ip6);
	if (!offset)
		goto addresses;
	ports = skb_header_pointer(skb, offset, sizeof(space), &space);
	if (!ports || !erc_packet_has_flow_ports(f == ERC_IPV4 ? ip4->protocol :
						 ip6->nexthdr, ports))
		goto addresses;
	if (f == ERC_IPV4)
		return erc_packet_hash4_ports(ip4->saddr, ip4->daddr, ports);
	return erc_packet_hash6_ports(&ip6->saddr, &ip6->daddr, ports);

addresses:
	if (f == ERC_IPV4)
		return erc_packet_hash4(ip4->saddr, ip4->daddr);
	return erc_packet_hash6(&ip6->saddr, &ip6->daddr);
}

static __always_inline int erc_xmit_hash(const struct sk_buff *skb,
					 enum erc_family f, u32 flags)
{
	const struct ipv6hdr *ip6 = (const void *)skb->data;
	const struct iphdr *ip4 = (const void *)skb->data;

	if (unlikely(flags & ERC_TX_FLAG_L3L4))
		return erc_xmit_hash_l3l4(skb, f);
	if (f == ERC_IPV4)
		return erc_packet_hash4(ip4->saddr, ip4->daddr);
	return erc_packet_hash6(&ip6->saddr, &ip6->daddr);
}

static enum erc_family erc_xmit_family(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ? ERC_IPV4 : ERC_IPV6;
}

/* The published leg cannot send: use the other one, if it may be used. Wake the
 * machine only for a new defect, not for one that it holds (hold-off).
 */
static noinline struct net_device *
erc_xmit_pick_other_leg(struct erc_circuit *c, u32 flags, int *slot)
{
	if (flags & ERC_TX_FLAG_ACTIVE &&
	    !(flags & BIT(*slot + ERC_TX_FLAG_DEFECT_SHIFT)))
		erc_schedule_refresh(c);
	*slot = !*slot;
	if (!(flags & BIT(*slot + ERC_TX_FLAG_USABLE_SHIFT)))
		return NULL;
	return erc_xmit_running_dev(&c->leg[*slot]);
}

static struct net_device *erc_xmit_pick_leg(struct erc_circuit *c,
					    struct sk_buff *skb, int *slot)
{
	u32 flags = READ_ONCE(c->tx_flags);
	u32 active = flags & ERC_TX_FLAG_ACTIVE;
	struct net_device *dev;

	*slot = active >> 1;
	if (active == ERCIRCUIT_ACTIVE_BOTH)
		*slot = erc_xmit_hash(skb, erc_xmit_family(skb), flags);
	dev = erc_xmit_running_dev(&c->leg[*slot]);
	if (likely(active && dev))
		return dev;
	return erc_xmit_pick_other_leg(c, flags, slot);
}

static int erc_xmit_count(struct erc_circuit *c, int slot, unsigned int len,
			  int err)
{
	if (likely(!net_xmit_eval(err))) {
		erc_count_leg(c, slot, tx_packets);
		erc_count_leg_add(c, slot, tx_bytes, len);
		return err;
	}
	/* The packet is counted when the next hop has answered or failed. */
	if (err == -EINPROGRESS)
		return NET_XMIT_SUCCESS;
	if (err == -EHOSTUNREACH)
		erc_drop_leg(c, slot, tx_no_neigh);
	else
		erc_drop_leg(c, slot, tx_error);
	/* Do not report a leg's error to the socket. */
	return NET_XMIT_DROP;
}

/* Through dev_queue_xmit() of er0. The kernel refuses a packet that is nested
 * too deeply, and logs that. If the leg's device refuses it, the counter is
 * tx_error.
 */
static noinline int erc_xmit_queue_again(struct net_device *dev,
					 struct sk_buff *skb)
{
	int err;

	skb->dev = dev;
	err = dev_queue_xmit(skb);
	if (unlikely(err == -ENETDOWN && netif_running(dev))) {
		const struct erc_circuit *c = netdev_priv(dev);

		erc_drop(c, tx_loop);
		return NET_XMIT_DROP;
	}
	return err;
}

/* Return: false if the packet cannot be prepared for the leg's device. */
static bool erc_xmit_set_dev(struct erc_circuit *c, struct net_device *dev,
			     struct sk_buff *skb)
{
	if (unlikely(skb_cow_head(skb, LL_RESERVED_SPACE(dev))))
		return false;
	if (unlikely(!net_eq(dev_net(dev), dev_net(c->dev))))
		erc_tenant_leave(skb, dev);
	skb->dev = dev;
	return true;
}

static noinline int erc_xmit_to_leg(struct erc_circuit *c, int slot,
				    struct net_device *dev, struct sk_buff *skb)
{
	unsigned int len = skb->len;

	if (unlikely(erc_leg_has_fault(&c->leg[slot], ERC_LEG_TX))) {
		erc_drop_leg(c, slot, tx_fault);
		return erc_xmit_drop(skb, SKB_DROP_REASON_DEV_READY);
	}
	if (unlikely(!net_eq(dev_net(dev), dev_net(c->dev)) &&
		     erc_tenant_is_spoofed(c, skb))) {
		erc_drop(c, tx_underlay);
		return erc_xmit_drop(skb, SKB_DROP_REASON_IP_INADDRERRORS);
	}
	if (READ_ONCE(c->tx_flags) & ERC_TX_FLAG_CONTRACT &&
	    erc_contract_enforce(c, slot, ERC_TX, skb))
		return NET_XMIT_DROP;
	if (unlikely(!erc_xmit_set_dev(c, dev, skb))) {
		erc_drop_leg(c, slot, tx_error);
		return erc_xmit_drop(skb, SKB_DROP_REASON_NOMEM);
	}
	return erc_xmit_count(c, slot, len,
			      erc_nexthop_output(&c->leg[slot], dev, skb,
						 erc_xmit_family(skb)));
}

/* The long path: no path is cached, or the selected leg cannot send. */
static noinline int erc_xmit_slow(struct erc_circuit *c, struct sk_buff *skb,
				  enum erc_xmit_entry entry)
{
	struct net_device *dev;
	int slot;

	dev = erc_xmit_pick_leg(c, skb, &slot);
	if (unlikely(!dev)) {
		erc_drop(c, tx_no_leg);
		return erc_xmit_drop(skb, SKB_DROP_REASON_DEV_READY);
	}
	if (entry == ERC_XMIT_NEIGH && (!READ_ONCE(c->leg[slot].wire) ||
					erc_circuit_is_reduced(c)))
		return erc_xmit_queue_again(c->dev, skb);
	return erc_xmit_to_leg(c, slot, dev, skb);
}

/* Return: true if the cached path can send the packet unchanged. */
static bool erc_xmit_can_use_path(const struct erc_path *path,
				  const struct sk_buff *skb)
{
	return likely(path && erc_leg_is_running(path->dev, path->port) &&
		      skb_headroom(skb) >= sizeof(path->header));
}

/* The leg refused the packet. A path has only its counters, not its circuit. */
static noinline int erc_xmit_count_error(const struct erc_path *path)
{
	const struct erc_circuit *c;

	this_cpu_inc(path->count[ERCIRCUIT_LEG_tx_error]);
	/* The caller may hold only BH, not RCU. */
	rcu_read_lock();
	c = erc_lookup_upper_rcu(path->dev);
	if (c)
		trace_ercircuit_drop(c->dev,
				     erc_transition_slots[erc_leg_slot(c, path->dev)],
				     "tx_error");
	rcu_read_unlock();
	return NET_XMIT_DROP;
}

static __always_inline int erc_xmit_fast(const struct erc_path *path,
					 struct sk_buff *skb)
{
	struct net_device *dev = path->dev;
	unsigned int len = skb->len;
	u64 __percpu *count;
	int err;

	/* Like neigh_hh_output(): copy two words instead of 14 bytes. */
	memcpy(skb->data - sizeof(path->header), path->header,
	       sizeof(path->header));
	__skb_push(skb, ETH_HLEN);
	skb->dev = dev;
	err = dev_queue_xmit(skb);
	if (likely(!net_xmit_eval(err))) {
		count = path->count;
		this_cpu_inc(count[ERCIRCUIT_LEG_tx_packets]);
		this_cpu_add(count[ERCIRCUIT_LEG_tx_bytes], len);
		return err;
	}
	return erc_xmit_count_error(path);
}

/* Both legs are active, or none, or the contract must be checked. */
static __always_inline int erc_xmit_balance(struct erc_circuit *c,
					    struct sk_buff *skb,
					    enum erc_family f,
					    enum erc_xmit_entry entry)
{
	u32 flags = READ_ONCE(c->tx_flags);
	u32 active = flags & ERC_TX_FLAG_ACTIVE;
	const struct erc_path *path;
	int slot = active >> 1;

	if (active == ERCIRCUIT_ACTIVE_BOTH)
		slot = erc_xmit_hash(skb, f, flags);
	path = erc_rcu(c->path[f][slot]);
	if (unlikely(!active || !erc_xmit_can_use_path(path, skb)))
		return erc_xmit_slow(c, skb, entry);
	if (unlikely(flags & ERC_TX_FLAG_CONTRACT) &&
	    erc_contract_enforce(c, slot, ERC_TX, skb))
		return NET_XMIT_DROP;
	return erc_xmit_fast(path, skb);
}

/* Two functions are faster than an argument. */
static noinline int erc_xmit_balance_neigh(struct erc_circuit *c,
					   struct sk_buff *skb,
					   enum erc_family f)
{
	return erc_xmit_balance(c, skb, f, ERC_XMIT_NEIGH);
}

static noinline int erc_xmit_balance_ndo(struct erc_circuit *c,
					 struct sk_buff *skb,
					 enum erc_family f)
{
	return erc_xmit_balance(c, skb, f, ERC_XMIT_NDO);
}

/* Does anything precede the IP header? As the headroom is checked anyway, this
 * is one comparison.
 */
static __always_inline bool erc_xmit_is_framed(const struct sk_buff *skb)
{
	return skb->network_header != skb_headroom(skb);
}

/* A packet from a packet socket, XDP or a tc action may have any content. */
static bool erc_xmit_check_ip(struct sk_buff *skb)
{
	if (erc_xmit_is_framed(skb))
		return false;
	if (skb->protocol == htons(ETH_P_IP))
		return pskb_network_may_pull(skb, sizeof(struct iphdr)) &&
		       ip_hdr(skb)->version == 4;
	if (skb->protocol == htons(ETH_P_IPV6))
		return pskb_network_may_pull(skb, sizeof(struct ipv6hdr)) &&
		       ipv6_hdr(skb)->version == 6;
	return false;
}

/* Refuse multicast and packets that are not IP, as ExpressRoute does. Refuse
 * packets that do not begin with their IP header, too: nft's fwd, generic XDP
 * and others may send an Ethernet frame.
 */
static noinline int erc_xmit_drop_unsupported(struct erc_circuit *c,
					      struct sk_buff *skb)
{
	if (erc_xmit_check_ip(skb)) {
		erc_drop(c, tx_multicast);
		return erc_xmit_drop(skb, SKB_DROP_REASON_IP_INADDRERRORS);
	}
	erc_drop(c, tx_not_ip);
	return erc_xmit_drop(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
}

static __always_inline int erc_xmit_ip(struct erc_circuit *c,
				       struct sk_buff *skb,
				       enum erc_xmit_entry entry)
{
	const struct erc_path *path;
	enum erc_family f = ERC_IPV4;
	const struct ipv6hdr *ip6;
	const struct iphdr *ip4;

	if (erc_reach_needs_check(skb) && erc_reach_enforce(c, skb))
		return NET_XMIT_DROP;
	ip4 = (const void *)skb->data;
	ip6 = (const void *)skb->data;
	if (entry == ERC_XMIT_NEIGH && unlikely(erc_xmit_is_framed(skb)))
		return erc_xmit_drop_unsupported(c, skb);
	if (ip4->version == 4) {
		if (unlikely(skb->protocol != htons(ETH_P_IP) ||
			     erc_packet_is_multicast4(ip4->daddr)))
			return erc_xmit_drop_unsupported(c, skb);
		path = erc_rcu(c->active_path[ERC_IPV4]);
	} else if (likely(ip6->version == 6)) {
		if (unlikely(skb->protocol != htons(ETH_P_IPV6) ||
			     erc_packet_is_multicast6(&ip6->daddr)))
			return erc_xmit_drop_unsupported(c, skb);
		f = ERC_IPV6;
		path = erc_rcu(c->active_path[ERC_IPV6]);
	} else {
		return erc_xmit_drop_unsupported(c, skb);
	}
	if (unlikely(!path))
		return entry == ERC_XMIT_NEIGH ?
		       erc_xmit_balance_neigh(c, skb, f) :
		       erc_xmit_balance_ndo(c, skb, f);
	if (unlikely(!erc_xmit_can_use_path(path, skb)))
		return erc_xmit_slow(c, skb, entry);
	return erc_xmit_fast(path, skb);
}

netdev_tx_t erc_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);

	if (unlikely(!erc_xmit_check_ip(skb))) {
		erc_drop(c, tx_not_ip);
		kfree_skb_reason(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
	} else if (unlikely(skb_cow_head(skb, dev->needed_headroom))) {
		/* Memory is missing, not a leg: count an error of the leg. */
		erc_drop_leg(c, READ_ONCE(c->tx_flags) >> 1 & 1, tx_error);
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	} else {
		erc_xmit_ip(c, skb, ERC_XMIT_NDO);
	}
	return NETDEV_TX_OK;
}

static const struct Qdisc *erc_xmit_qdisc(const struct net_device *dev)
{
	return rcu_dereference_bh_check(dev->_tx->qdisc, rcu_read_lock_held());
}

/* A program looks at, changes or queues er0's packets, or er0 has a qdisc that
 * drops them: see erc_xmit_has_noop_qdisc().
 */
static __always_inline bool erc_xmit_is_watched(const struct net_device *dev)
{
	return dev_nit_active_rcu(dev) ||
	       unlikely(erc_compat_egress(dev) |
			(unsigned long)erc_xmit_qdisc(dev)->enqueue);
}

/* A device that is down has a qdisc that drops. er0 has that qdisc, too, while
 * it has no carrier, and for a moment after that.
 */
static bool erc_xmit_has_noop_qdisc(const struct net_device *dev)
{
	return erc_xmit_qdisc(dev) == &noop_qdisc && netif_running(dev);
}

/* Do not give a packet to a qdisc that drops it: count it by name, or send it by a leg
 * that has just recovered. A capture sees it, which it would not do in the qdisc.
 */
static int erc_xmit_past_noop_qdisc(struct net_device *dev, struct sk_buff *skb)
{
	if (dev_nit_active_rcu(dev)) {
		skb->dev = dev;
		dev_queue_xmit_nit(skb, dev);
	}
	return erc_xmit_ip(netdev_priv(dev), skb, ERC_XMIT_NEIGH);
}

/* Do the same as the qdisc of a device that goes down; that of 6.1 does not
 * count.
 */
static int erc_xmit_drop_down(struct sk_buff *skb)
{
	dev_core_stats_tx_dropped_inc(skb->dev);
	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
	return NET_XMIT_CN;
}

static noinline int erc_xmit_neigh_watched(struct net_device *dev,
					   struct sk_buff *skb)
{
	/* A program at the egress may not be bypassed. */
	if (erc_xmit_has_noop_qdisc(dev) && !erc_compat_egress(dev))
		return erc_xmit_past_noop_qdisc(dev, skb);
	/* Check before a tc filter at the egress overwrites the number. */
	if (erc_reach_needs_check(skb) &&
	    erc_reach_enforce(netdev_priv(dev), skb))
		return NET_XMIT_DROP;
	skb->dev = dev;
	if (!netif_running(dev))
		return erc_xmit_drop_down(skb);
	return erc_xmit_queue_again(dev, skb);
}

int erc_xmit_neigh_output(struct neighbour *n, struct sk_buff *skb)
{
	struct net_device *dev = n->dev;

	if (unlikely(erc_xmit_is_watched(dev)))
		return erc_xmit_neigh_watched(dev, skb);
	return erc_xmit_ip(netdev_priv(dev), skb, ERC_XMIT_NEIGH);
}

/* --- packets that have waited for a next hop -------------------------------- */

/* The next hop did not answer. If another leg can send now, it gets the
 * payload, which does not wait a second time.
 */
static void erc_xmit_reroute(struct erc_leg *leg, struct sk_buff *skb)
{
	struct erc_circuit *c = leg->circuit;
	struct net_device *dev = NULL;
	int slot;

	if (!erc_queue_cb(skb)->control && netif_running(c->dev))
		dev = erc_xmit_pick_leg(c, skb, &slot);
	if (dev && erc_nexthop_is_ready(&c->leg[slot], erc_xmit_family(skb)))
		erc_xmit_to_leg(c, slot, dev, skb);
	else
		erc_queue_drop(leg, skb);
}

/* Return: false if the packet must continue to wait. */
static bool erc_xmit_resend(struct erc_leg *leg, enum erc_family family,
			    struct net_device *dev, struct sk_buff *skb)
{
	struct erc_circuit *c = leg->circuit;
	bool control = erc_queue_cb(skb)->control;
	unsigned int len = skb->len;
	int slot = leg - c->leg;
	int err = -ENOMEM;

	if (erc_leg_has_fault(leg, ERC_LEG_TX)) {
		erc_drop_leg(c, slot, tx_fault);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return true;
	}
	if (erc_xmit_set_dev(c, dev, skb))
		err = erc_nexthop_resend(leg, dev, skb, family);
	else
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	if (err == -EINPROGRESS) {
		skb->dev = c->dev;
		return false;
	}
	if (!control)
		erc_xmit_count(c, slot, len, err);
	else if (!err)
		erc_count_leg(c, slot, bfd_tx);
	else
		erc_drop_leg(c, slot, tx_error);
	return true;
}

static void erc_xmit_send_queue(struct erc_leg *leg, enum erc_family family)
{
	struct erc_queue *queue = &leg->queue[family];
	struct sk_buff_head list;
	struct net_device *dev;
	struct sk_buff *skb;

	__skb_queue_head_init(&list);
	erc_queue_take_failed(queue, &list);
	while ((skb = __skb_dequeue(&list)))
		erc_xmit_reroute(leg, skb);
	while (erc_queue_take(queue, &list)) {
		while ((skb = __skb_dequeue(&list))) {
			dev = erc_xmit_running_dev(leg);
			if (!dev || !(netif_running(leg->circuit->dev) ||
				      erc_queue_cb(skb)->control)) {
				erc_xmit_reroute(leg, skb);
			} else if (!erc_xmit_resend(leg, family, dev, skb)) {
				__skb_queue_head(&list, skb);
				erc_queue_return(queue, &list);
				return;
			}
		}
	}
}

void erc_xmit_send(struct erc_circuit *c)
{
	enum erc_family f;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		local_bh_disable();
		/* A leg that is detached waits for the end of this section. */
		rcu_read_lock();
		for (f = 0; f < ERC_FAMILIES; f++)
			erc_xmit_send_queue(&c->leg[slot], f);
		rcu_read_unlock();
		local_bh_enable();
		/* The short path may be usable again. */
		erc_nexthop_publish(c, slot);
	}
}
