// SPDX-License-Identifier: GPL-2.0
/*
 * The far router of a leg. The circuit holds a reference to the router's
 * neighbour entry while the entry exists. It probes whenever the entry is not
 * fresh, so that it knows whether an idle leg works.
 *
 * The payload path sees only a copy of a valid entry, struct erc_path. Each
 * change of an entry that matters to a sender (its address, validity, or death)
 * causes a NETEVENT_NEIGH_UPDATE after the change, and the notifier builds the
 * copy again. The work does the same, under the same lock, from the present
 * state of the entry. Therefore the last one to build the copy has seen the
 * last change.
 */
#include <linux/etherdevice.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/netevent.h>

#include "ercircuit.h"
#include "leg.h"
#include "nexthop.h"
#include "queue.h"
#include "schedule.h"

/* Is IPv6 off on the leg's device? A sysctl can turn it off at any time. */
static bool erc_nexthop_lacks_ipv6(const struct erc_leg *leg)
{
	const struct net_device *dev;
	const struct inet6_dev *idev;
	bool lacks = false;

	rcu_read_lock();
	dev = rcu_dereference(leg->dev);
	if (dev) {
		idev = __in6_dev_get(dev);
		lacks = !idev || READ_ONCE(idev->cnf.disable_ipv6);
	}
	rcu_read_unlock();
	return lacks;
}

/* Without IPv6, the IPv4 next hop, if any, serves both families. */
static bool erc_nexthop_is_configured(const struct erc_leg *leg,
				      enum erc_family f)
{
	if (f == ERC_IPV4)
		return leg->config.via4 != 0;
	return !ipv6_addr_any(&leg->config.via6) &&
	       !(leg->config.via4 && erc_nexthop_lacks_ipv6(leg));
}

/* Return: an entry with a reference, NULL, or an error pointer. */
static struct neighbour *erc_nexthop_get(const struct erc_leg *leg,
					 struct net_device *dev,
					 enum erc_family f)
{
	struct neigh_table *table = &arp_tbl;
	const void *key = &leg->config.via4;

	if (f == ERC_IPV6) {
		table = erc_compat_nd_table();
		key = &leg->config.via6;
	}
	if (!table)
		return NULL;
	return neigh_lookup(table, key, dev) ?:
	       neigh_create(table, key, dev);
}

/* Return: the entry for a payload: that of its family, or the other one. */
static struct neighbour *erc_nexthop_get_held(const struct erc_leg *leg,
					      enum erc_family payload)
{
	struct neighbour *n = erc_rcu(leg->nexthop[payload]);

	return likely(n) ? n : erc_rcu(leg->nexthop[!payload]);
}

static int erc_nexthop_output_unnumbered(struct erc_leg *leg,
					 struct net_device *dev,
					 struct sk_buff *skb)
{
	u64 peer = READ_ONCE(leg->peer_mac);
	u8 mac[ETH_ALEN];
	const void *to = dev->broadcast;

	if (peer) {
		u64_to_ether_addr(peer, mac);
		to = mac;
	}
	if (dev_hard_header(skb, dev, ntohs(skb->protocol), to, NULL,
			    skb->len) < 0) {
		kfree_skb(skb);
		return NET_XMIT_DROP;
	}
	return dev_queue_xmit(skb);
}

static enum erc_family erc_nexthop_family(const struct neighbour *n)
{
	return n->tbl == &arp_tbl ? ERC_IPV4 : ERC_IPV6;
}

/* Return: true if it has put the link header of a valid entry before the
 * packet.
 */
static bool erc_nexthop_push_header(const struct neighbour *n,
				    struct sk_buff *skb)
{
	char to[ALIGN(MAX_ADDR_LEN, sizeof(unsigned long))];

	neigh_ha_snapshot(to, n, n->dev);
	return dev_hard_header(skb, n->dev, ntohs(skb->protocol), to, NULL,
			       skb->len) >= 0;
}

/* Do not use neigh_output(): the entry would queue a packet that must wait. */
static int erc_nexthop_send(struct neighbour *n, struct sk_buff *skb,
			    bool skip_cache)
{
	int (*output)(struct neighbour *n, struct sk_buff *skb) =
		READ_ONCE(n->output);

	/* This is the only output function that queues */
	if (output != neigh_resolve_output)
		return output(n, skb);
	/* Without a packet, ARP uses the leg's address on the next hop's
	 * subnet.
	 */
	if (neigh_event_send(n, NULL))
		return -EINPROGRESS;
	if (!skip_cache && READ_ONCE(n->hh.hh_len))
		return neigh_hh_output(&n->hh, skb);
	if (erc_nexthop_push_header(n, skb))
		return dev_queue_xmit(skb);
	kfree_skb(skb);
	return -EINVAL;
}

static bool erc_nexthop_is_incomplete(const struct neighbour *n)
{
	return !READ_ONCE(n->dead) &&
	       READ_ONCE(n->nud_state) & NUD_INCOMPLETE;
}

static int erc_nexthop_wait(struct erc_leg *leg, struct neighbour *n,
			    struct sk_buff *skb, bool control)
{
	enum erc_family family = erc_nexthop_family(n);

	/* The entry has just failed, or the user has set the number of requests
	 * to 0.
	 */
	if (READ_ONCE(n->nud_state) & NUD_FAILED) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
		return -EHOSTUNREACH;
	}
	erc_queue_add(leg, family, skb, NEIGH_VAR(n->parms, QUEUE_LEN_BYTES),
		      control);
	/* The answer may have come before the packet was in the queue. */
	if (!erc_nexthop_is_incomplete(n) ||
	    rcu_access_pointer(leg->nexthop[family]) != n)
		erc_schedule_refresh(leg->circuit);
	return -EINPROGRESS;
}

/* Send, or queue behind waiting packets, if there are any. */
static int erc_nexthop_send_or_wait(struct erc_leg *leg, struct neighbour *n,
				    struct sk_buff *skb, bool skip_cache,
				    bool control)
{
	int err = -EINPROGRESS;

	if (!erc_queue_is_busy(&leg->queue[erc_nexthop_family(n)]))
		err = erc_nexthop_send(n, skb, skip_cache);
	if (likely(err != -EINPROGRESS))
		return err;
	return erc_nexthop_wait(leg, n, skb, control);
}

/* The held entry is dead or does not exist yet: look up one for this packet. */
static noinline int erc_nexthop_output_slow(struct erc_leg *leg,
					    struct net_device *dev,
					    struct sk_buff *skb,
					    enum erc_family payload)
{
	enum erc_family f = payload;
	struct neighbour *n;
	int err;

	if (!erc_nexthop_is_configured(leg, f))
		f = !f;
	if (!erc_nexthop_is_configured(leg, f))
		return erc_nexthop_output_unnumbered(leg, dev, skb);
	n = erc_nexthop_get(leg, dev, f);
	if (IS_ERR_OR_NULL(n)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_CREATEFAIL);
		return -EHOSTUNREACH;
	}
	err = erc_nexthop_send_or_wait(leg, n, skb, f != payload, false);
	neigh_release(n);
	return err;
}

int erc_nexthop_output(struct erc_leg *leg, struct net_device *dev,
		       struct sk_buff *skb, enum erc_family payload)
{
	struct neighbour *n = erc_nexthop_get_held(leg, payload);

	/* A dead entry keeps its last header, so test it for each packet. */
	if (unlikely(!n || READ_ONCE(n->dead)))
		return erc_nexthop_output_slow(leg, dev, skb, payload);
	/* The cached header has the EtherType of the entry's family. */
	return erc_nexthop_send_or_wait(leg, n, skb,
					n != rcu_access_pointer(leg->nexthop[payload]),
					false);
}

int erc_nexthop_resend(struct erc_leg *leg, struct net_device *dev,
		       struct sk_buff *skb, enum erc_family family)
{
	struct neighbour *n = erc_rcu(leg->nexthop[family]);

	if (!n || READ_ONCE(n->dead) || n->dev != dev)
		return -EINPROGRESS;
	return erc_nexthop_send(n, skb, true);
}

bool erc_nexthop_is_ready(const struct erc_leg *leg, enum erc_family payload)
{
	const struct neighbour *n = erc_nexthop_get_held(leg, payload);

	if (!n)
		return !erc_leg_has_nexthop(&leg->config);
	return !READ_ONCE(n->dead) && READ_ONCE(n->nud_state) & NUD_VALID;
}

bool erc_nexthop_add_header(const struct erc_circuit *c,
			    const struct erc_leg *leg, struct sk_buff *skb,
			    enum erc_family family)
{
	const struct neighbour *n = erc_locked(c, leg->nexthop[family]);

	lockdep_assert_held(&c->lock);
	if (!n || n->dead || !(READ_ONCE(n->nud_state) & NUD_VALID) ||
	    erc_queue_is_busy(&leg->queue[family]))
		return false;
	return erc_nexthop_push_header(n, skb);
}

int erc_nexthop_resolve(struct erc_leg *leg, struct sk_buff *skb,
			enum erc_family family)
{
	struct neighbour *n = erc_rcu(leg->nexthop[family]);

	if (!n || READ_ONCE(n->dead) || n->dev != skb->dev) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_CREATEFAIL);
		return -EHOSTUNREACH;
	}
	return erc_nexthop_send_or_wait(leg, n, skb, true, true);
}

/* Return: true if it has copied a valid header of @n for @payload. */
static bool erc_nexthop_get_header(struct neighbour *n, enum erc_family payload,
				   struct hh_cache *hh)
{
	const struct header_ops *ops = n->dev->header_ops;
	__be16 type = payload == ERC_IPV4 ? htons(ETH_P_IP) :
					    htons(ETH_P_IPV6);
	bool good;

	if (!ops || !ops->cache)
		return false;
	hh->hh_len = 0;
	read_lock_bh(&n->lock);
	/* A valid entry that dies stays valid, with its last header. */
	good = !n->dead && n->nud_state & NUD_VALID && !ops->cache(n, hh, type);
	read_unlock_bh(&n->lock);
	return good && hh->hh_len == ETH_HLEN;
}

/* There is no path if the device is not a wire, or while packets may need work:
 * see erc_xmit_slow().
 *
 * Return: path of a leg for @payload, NULL = use the long path.
 */
static struct erc_path *erc_nexthop_make_path(struct erc_circuit *c,
					      struct erc_leg *leg,
					      enum erc_family payload)
{
	struct net_device *dev = erc_locked(c, leg->dev);
	struct neighbour *n = erc_locked(c, leg->nexthop[payload]) ?:
			      erc_locked(c, leg->nexthop[!payload]);
	struct erc_path *path;
	struct hh_cache hh;

	lockdep_assert_held(&c->lock);
	BUILD_BUG_ON(HH_DATA_ALIGN(ETH_HLEN) != sizeof(path->header));
	if (!n || !leg->wire || erc_circuit_is_reduced(c) ||
	    !netif_running(c->dev) || erc_leg_has_fault(leg, ERC_LEG_TX) ||
	    erc_leg_is_forced_down(leg) ||
	    !net_eq(dev_net(dev), dev_net(c->dev)) ||
	    erc_queue_is_busy(&leg->queue[erc_nexthop_family(n)]) ||
	    !erc_nexthop_get_header(n, payload, &hh))
		return NULL;
	path = kmalloc(sizeof(*path), GFP_ATOMIC);
	if (!path)
		return NULL;
	path->dev = dev;
	path->port = erc_leg_port(dev);
	path->count = c->stats->leg[leg - c->leg];
	memcpy(path->header, hh.hh_data, sizeof(path->header));
	return path;
}

void erc_nexthop_publish_active(struct erc_circuit *c)
{
	/* No single leg, if the contract must be checked */
	u32 active = c->tx_flags & (ERC_TX_FLAG_ACTIVE | ERC_TX_FLAG_CONTRACT);
	enum erc_family f;

	lockdep_assert_held(&c->lock);
	for (f = 0; f < ERC_FAMILIES; f++)
		rcu_assign_pointer(c->active_path[f],
				   active == ERCIRCUIT_ACTIVE_PRIMARY ||
				   active == ERCIRCUIT_ACTIVE_SECONDARY ?
				   erc_locked(c, c->path[f][active >> 1]) :
				   NULL);
}

void erc_nexthop_publish_locked(struct erc_circuit *c, int slot)
{
	struct erc_path *old[ERC_FAMILIES];
	enum erc_family f;

	lockdep_assert_held(&c->lock);
	for (f = 0; f < ERC_FAMILIES; f++) {
		old[f] = erc_locked(c, c->path[f][slot]);
		rcu_assign_pointer(c->path[f][slot],
				   erc_nexthop_make_path(c, &c->leg[slot],
							 f));
	}
	erc_nexthop_publish_active(c);
	for (f = 0; f < ERC_FAMILIES; f++)
		if (old[f])
			kfree_rcu(old[f], rcu);
}

void erc_nexthop_publish(struct erc_circuit *c, int slot)
{
	spin_lock_bh(&c->lock);
	erc_nexthop_publish_locked(c, slot);
	spin_unlock_bh(&c->lock);
}

void erc_nexthop_follow_circuit(struct erc_circuit *c)
{
	int slot;

	/* A circuit that is down may be set up in another namespace. */
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		erc_nexthop_publish(c, slot);
		if (!netif_running(c->dev))
			erc_queue_purge(&c->leg[slot]);
	}
}

static void erc_nexthop_set(struct erc_circuit *c, struct erc_leg *leg,
			    enum erc_family f, struct neighbour *n)
{
	struct neighbour *old;

	/* Readers may use the old entry until the end of their RCU section: the
	 * neighbour table frees by RCU and does not queue on a dead entry.
	 */
	old = rcu_replace_pointer(leg->nexthop[f], n,
				  lockdep_is_held(&c->lock));
	if (old)
		neigh_release(old);
}

void erc_nexthop_forget(struct erc_circuit *c, struct erc_leg *leg)
{
	enum erc_family f;

	lockdep_assert_held(&c->lock);
	for (f = 0; f < ERC_FAMILIES; f++)
		erc_nexthop_set(c, leg, f, NULL);
	erc_nexthop_publish_locked(c, leg - c->leg);
	leg->neigh_probing = 0;
	leg->neigh_failed = 0;
}

/* After FAILED the next hop counts as failed until it answers, through all
 * further probes. An entry that fails without a probe was flushed by the user.
 * Drop the reference to an entry that is no longer needed.
 */
static void erc_nexthop_update_state(struct erc_circuit *c,
				     struct erc_leg *leg, enum erc_family f)
{
	struct neighbour *n = erc_locked(c, leg->nexthop[f]);
	u8 state;

	lockdep_assert_held(&c->lock);
	if (n && !erc_nexthop_is_configured(leg, f)) {
		erc_nexthop_set(c, leg, f, NULL);
		leg->neigh_probing &= ~BIT(f);
		leg->neigh_failed &= ~BIT(f);
		return;
	}
	if (!n || n->dead)
		return;
	state = READ_ONCE(n->nud_state);
	if (state & (NUD_PROBE | NUD_INCOMPLETE))
		leg->neigh_probing |= BIT(f);
	else if (state & NUD_VALID)
		leg->neigh_probing &= ~BIT(f);
	if (!leg->config.neigh || state & NUD_VALID)
		leg->neigh_failed &= ~BIT(f);
	else if (state & NUD_FAILED)
		leg->neigh_failed |= leg->neigh_probing & BIT(f);
}

bool erc_nexthop_is_resolved(const struct erc_circuit *c,
			     const struct erc_leg *leg)
{
	enum erc_family f;

	lockdep_assert_held(&c->lock);
	for (f = 0; f < ERC_FAMILIES; f++) {
		const struct neighbour *n = erc_locked(c, leg->nexthop[f]);

		if (erc_nexthop_is_configured(leg, f) &&
		    (!n || n->dead || !(READ_ONCE(n->nud_state) & NUD_VALID)))
			return false;
	}
	return true;
}

/* Send the packets that wait for a next hop, unless a probe still runs. */
static void erc_nexthop_schedule_waiting(struct erc_circuit *c,
					 struct erc_leg *leg, enum erc_family f)
{
	const struct neighbour *n = erc_locked(c, leg->nexthop[f]);

	lockdep_assert_held(&c->lock);
	if (!erc_queue_is_busy(&leg->queue[f]))
		return;
	if (!n || !erc_nexthop_is_incomplete(n) ||
	    erc_queue_has_failed(&leg->queue[f]))
		erc_schedule_send(c);
}

/* All possible probes have been sent: send packets whose next hop is not
 * probed.
 */
static void erc_nexthop_release_waiting(struct erc_circuit *c)
{
	enum erc_family f;
	int slot;

	spin_lock_bh(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_leg *leg = &c->leg[slot];

		for (f = 0; f < ERC_FAMILIES; f++) {
			const struct neighbour *n =
				erc_locked(c, leg->nexthop[f]);

			if (!n || n->dead ||
			    READ_ONCE(n->nud_state) & NUD_FAILED)
				erc_queue_fail(&leg->queue[f]);
			erc_nexthop_schedule_waiting(c, leg, f);
		}
	}
	spin_unlock_bh(&c->lock);
}

/* Return: true if the entry is not valid and must be probed again. */
static bool erc_nexthop_refresh_one(struct erc_circuit *c, struct erc_leg *leg,
				    struct net_device *dev, enum erc_family f)
{
	struct neighbour *n = erc_nexthop_get(leg, dev, f);
	bool again;

	if (IS_ERR_OR_NULL(n))
		return true;
	/* Keep no reference to a device that has been detached in between. */
	neigh_event_send(n, NULL);
	spin_lock_bh(&c->lock);
	if (rcu_access_pointer(leg->dev) == dev && !c->schedule.stopped) {
		neigh_hold(n);
		erc_nexthop_set(c, leg, f, n);
		erc_nexthop_update_state(c, leg, f);
		erc_nexthop_publish_locked(c, leg - c->leg);
	}
	spin_unlock_bh(&c->lock);
	again = !(READ_ONCE(n->nud_state) & NUD_VALID);
	neigh_release(n);
	return again;
}

bool erc_nexthop_refresh(struct erc_circuit *c)
{
	bool again = false;
	enum erc_family f;
	int slot;

	rcu_read_lock();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_leg *leg = &c->leg[slot];
		struct net_device *dev = rcu_dereference(leg->dev);

		if (!dev || !netif_running(c->dev) ||
		    !erc_leg_is_running(dev, erc_leg_port(dev)))
			continue;
		for (f = 0; f < ERC_FAMILIES; f++)
			if (erc_nexthop_is_configured(leg, f))
				again |= erc_nexthop_refresh_one(c, leg, dev, f);
	}
	rcu_read_unlock();
	erc_nexthop_release_waiting(c);
	return again;
}

/* Return: true if the slot holds the entry. */
static bool erc_nexthop_update_leg(struct erc_circuit *c,
				   struct erc_leg *leg,
				   const struct neighbour *n)
{
	lockdep_assert_held(&c->lock);
	if (rcu_access_pointer(leg->nexthop[ERC_IPV4]) != n &&
	    rcu_access_pointer(leg->nexthop[ERC_IPV6]) != n)
		return false;
	/* A dead entry may have been flushed; the refresh work asks anew. */
	if (!n->dead && READ_ONCE(n->nud_state) & NUD_FAILED)
		erc_queue_fail(&leg->queue[erc_nexthop_family(n)]);
	erc_nexthop_update_state(c, leg, ERC_IPV4);
	erc_nexthop_update_state(c, leg, ERC_IPV6);
	erc_nexthop_publish_locked(c, leg - c->leg);
	return true;
}

struct erc_leg *erc_nexthop_update(struct erc_circuit *c,
				   const struct neighbour *n)
{
	int slot;

	lockdep_assert_held(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (erc_nexthop_update_leg(c, &c->leg[slot], n))
			return &c->leg[slot];
	return NULL;
}

void erc_nexthop_follow_up(struct erc_circuit *c, struct erc_leg *leg,
			   const struct neighbour *n)
{
	lockdep_assert_held(&c->lock);
	if (n->dead || !(READ_ONCE(n->nud_state) & NUD_CONNECTED))
		erc_schedule_refresh_locked(c);
	if (!n->dead)
		erc_nexthop_schedule_waiting(c, leg, erc_nexthop_family(n));
}
