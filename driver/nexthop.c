// SPDX-License-Identifier: GPL-2.0
/*
 * The far router of a leg. A reference to its neighbour entry is held while
 * the entry lives, so that the payload path looks nothing up, and the entry is
 * asked again whenever it is not fresh, so that an idle leg is known to work.
 */
#include <linux/etherdevice.h>
#include <net/arp.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/netevent.h>

#include "leg.h"
#include "nexthop.h"
#include "protection.h"

static bool erc_nexthop_wanted(const struct erc_leg *leg, enum erc_family f)
{
	return f == ERC_IPV4 ? leg->config.via4 != 0 :
			       !ipv6_addr_any(&leg->config.via6);
}

/* Return: an entry with a reference, NULL or an error. */
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

/* The entry to send a payload by: of its own family, or the other one. */
static struct neighbour *erc_nexthop_held(const struct erc_leg *leg,
					  enum erc_family payload)
{
	struct neighbour *n = erc_rcu(leg->hop[payload]);

	return likely(n) ? n : erc_rcu(leg->hop[!payload]);
}

static int erc_nexthop_output_unnumbered(struct erc_leg *leg,
					 struct net_device *dev,
					 struct sk_buff *skb)
{
	u64 peer = READ_ONCE(leg->peer);
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

/* The held entry is gone or not there yet: one lookup for this packet. */
static noinline int erc_nexthop_output_slow(struct erc_leg *leg,
					    struct net_device *dev,
					    struct sk_buff *skb,
					    enum erc_family payload)
{
	enum erc_family f = payload;
	struct neighbour *n;
	int err;

	if (!erc_nexthop_wanted(leg, f))
		f = !f;
	if (!erc_nexthop_wanted(leg, f))
		return erc_nexthop_output_unnumbered(leg, dev, skb);
	n = erc_nexthop_get(leg, dev, f);
	if (IS_ERR_OR_NULL(n)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_CREATEFAIL);
		return -EHOSTUNREACH;
	}
	err = neigh_output(n, skb, f != payload);
	neigh_release(n);
	return err;
}

int erc_nexthop_output(struct erc_leg *leg, struct net_device *dev,
		       struct sk_buff *skb, enum erc_family payload)
{
	struct neighbour *n = erc_nexthop_held(leg, payload);

	/* A dead entry keeps sending its last header: test it every time. */
	if (unlikely(!n || READ_ONCE(n->dead)))
		return erc_nexthop_output_slow(leg, dev, skb, payload);
	/* The cached header carries the EtherType of the entry's family. */
	return neigh_output(n, skb, n != rcu_access_pointer(leg->hop[payload]));
}

static void erc_nexthop_set_locked(struct erc_circuit *c, struct erc_leg *leg,
				   enum erc_family f, struct neighbour *n)
{
	struct neighbour *old;

	/* Readers may use the old one until the end of their RCU section:
	 * the neighbour table frees by RCU and refuses to queue on the dead.
	 */
	old = rcu_replace_pointer(leg->hop[f], n, lockdep_is_held(&c->lock));
	if (old)
		neigh_release(old);
}

void erc_nexthop_forget_locked(struct erc_circuit *c, struct erc_leg *leg)
{
	enum erc_family f;

	lockdep_assert_held(&c->lock);
	for (f = 0; f < ERC_FAMILIES; f++)
		erc_nexthop_set_locked(c, leg, f, NULL);
	leg->asked = 0;
	leg->unanswered = 0;
}

/* FAILED counts until the hop answers, through every attempt between. An
 * entry that fails without having been asked was flushed by the user.
 */
static void erc_nexthop_judge_locked(struct erc_circuit *c,
				     struct erc_leg *leg, enum erc_family f)
{
	struct neighbour *n = rcu_dereference_protected(leg->hop[f],
						lockdep_is_held(&c->lock));
	u8 state;

	if (!n || n->dead)
		return;
	state = READ_ONCE(n->nud_state);
	if (state & (NUD_PROBE | NUD_INCOMPLETE))
		leg->asked |= BIT(f);
	else if (state & NUD_VALID)
		leg->asked &= ~BIT(f);
	if (!leg->config.neigh || state & NUD_VALID)
		leg->unanswered &= ~BIT(f);
	else if (state & NUD_FAILED)
		leg->unanswered |= leg->asked & BIT(f);
}

/* Return: true if the entry is not good and has to be asked again. */
static bool erc_nexthop_refresh_one(struct erc_circuit *c, struct erc_leg *leg,
				    struct net_device *dev, enum erc_family f)
{
	struct neighbour *n = erc_nexthop_get(leg, dev, f);
	bool again;

	if (IS_ERR_OR_NULL(n))
		return true;
	/* No reference is left behind on a device that has gone meanwhile. */
	neigh_event_send(n, NULL);
	spin_lock_bh(&c->lock);
	if (rcu_access_pointer(leg->dev) == dev && !c->dying) {
		neigh_hold(n);
		erc_nexthop_set_locked(c, leg, f, n);
		erc_nexthop_judge_locked(c, leg, f);
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

	if (!netif_running(c->dev))
		return false;
	rcu_read_lock();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_leg *leg = &c->leg[slot];
		struct net_device *dev = rcu_dereference(leg->dev);

		if (!dev || !netif_running(dev) || !netif_carrier_ok(dev))
			continue;
		for (f = 0; f < ERC_FAMILIES; f++)
			if (erc_nexthop_wanted(leg, f))
				again |= erc_nexthop_refresh_one(c, leg, dev, f);
	}
	rcu_read_unlock();
	return again;
}

/* Atomic, perhaps under neigh_table.lock: judge here, ask in the work. */
static int erc_nexthop_event(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	struct neighbour *n = ptr;
	struct erc_circuit *c;
	int slot;

	if (event != NETEVENT_NEIGH_UPDATE)
		return NOTIFY_DONE;
	rcu_read_lock();
	c = erc_leg_circuit_rcu(n->dev);
	if (c) {
		spin_lock_bh(&c->lock);
		for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
			struct erc_leg *leg = &c->leg[slot];

			if (rcu_access_pointer(leg->hop[ERC_IPV4]) != n &&
			    rcu_access_pointer(leg->hop[ERC_IPV6]) != n)
				continue;
			erc_nexthop_judge_locked(c, leg, ERC_IPV4);
			erc_nexthop_judge_locked(c, leg, ERC_IPV6);
			erc_protection_check_locked(c);
			if (!(READ_ONCE(n->nud_state) & NUD_CONNECTED))
				erc_protection_kick_locked(c);
		}
		spin_unlock_bh(&c->lock);
	}
	rcu_read_unlock();
	return NOTIFY_DONE;
}

struct notifier_block erc_nexthop_notifier = {
	.notifier_call = erc_nexthop_event,
};
