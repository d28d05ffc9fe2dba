// SPDX-License-Identifier: GPL-2.0
/*
 * RFC 5880 section 6.8.16: the end of a session is announced for a detection
 * time. The session itself has no time for that: its slot may get another device,
 * and its circuit may be gone. So its last packet is kept, ready to be sent, with
 * a reference to the device, which is given up when the time is over or the
 * device is unregistered or moves to another network namespace.
 *
 * The thread that takes a farewell off the list frees it.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/workqueue.h>

#include "control.h"
#include "discr.h"
#include "farewell.h"
#include "schedule.h"

/**
 * struct erc_farewell - the last words of a session
 * @list: in the list of all
 * @work: sends them
 * @terms: until_ns is 0 once a new session has begun
 * @skb: the packet, with its link header
 * @tracker: of the reference to its device
 */
struct erc_farewell {
	struct list_head list;		/* erc_farewell_lock */
	struct delayed_work work;
	struct erc_farewell_terms terms; /* until_ns: erc_farewell_lock */
	struct sk_buff *skb;
	netdevice_tracker tracker;
};

static DEFINE_SPINLOCK(erc_farewell_lock);
static LIST_HEAD(erc_farewells);	/* erc_farewell_lock */

static void erc_farewell_free(struct erc_farewell *f)
{
	netdev_put(f->skb->dev, &f->tracker);
	kfree_skb(f->skb);
	erc_discr_release(f->terms.discr);
	kfree(f);
}

/* Section 6.8.7 takes up to a quarter off the interval. The kernel rounds up. */
static void erc_farewell_queue(struct erc_farewell *f)
{
	u32 us = f->terms.interval_us - f->terms.interval_us / 8;

	queue_delayed_work(erc_schedule_wq, &f->work, usecs_to_jiffies(us));
}

static void erc_farewell_work(struct work_struct *work)
{
	struct erc_farewell *f = container_of(to_delayed_work(work),
					      struct erc_farewell, work);
	struct sk_buff *skb;
	bool taken, over;

	spin_lock_bh(&erc_farewell_lock);
	taken = list_empty(&f->list);
	over = ktime_get_boottime_ns() > f->terms.until_ns;
	if (over)
		list_del_init(&f->list);
	spin_unlock_bh(&erc_farewell_lock);
	if (taken)
		return;
	if (over) {
		erc_farewell_free(f);
		return;
	}
	skb = skb_copy(f->skb, GFP_KERNEL);
	rcu_read_lock();
	if (skb)
		erc_control_send(skb);
	rcu_read_unlock();
	erc_farewell_queue(f);
}

bool erc_farewell_begin(struct sk_buff *skb,
			const struct erc_farewell_terms *terms)
{
	struct erc_farewell *f = kzalloc(sizeof(*f), GFP_ATOMIC);

	if (!f) {
		kfree_skb(skb);
		return false;
	}
	f->terms = *terms;
	f->skb = skb;
	netdev_hold(skb->dev, &f->tracker, GFP_ATOMIC);
	INIT_DELAYED_WORK(&f->work, erc_farewell_work);
	spin_lock_bh(&erc_farewell_lock);
	list_add(&f->list, &erc_farewells);
	erc_farewell_queue(f);
	spin_unlock_bh(&erc_farewell_lock);
	return true;
}

void erc_farewell_end(const struct net_device *dev, enum erc_family family,
		      const union erc_address *via)
{
	struct erc_farewell *f;

	spin_lock_bh(&erc_farewell_lock);
	list_for_each_entry(f, &erc_farewells, list)
		if (f->skb->dev == dev && f->terms.ends.family == family &&
		    !memcmp(&f->terms.ends.via, via, sizeof(*via)))
			f->terms.until_ns = 0;
	spin_unlock_bh(&erc_farewell_lock);
}

/* Return: a farewell that the caller has to free, NULL if there is none. */
static struct erc_farewell *erc_farewell_take(const struct net_device *dev)
{
	struct erc_farewell *f, *found = NULL;

	spin_lock_bh(&erc_farewell_lock);
	list_for_each_entry(f, &erc_farewells, list) {
		if (dev && f->skb->dev != dev)
			continue;
		list_del_init(&f->list);
		found = f;
		break;
	}
	spin_unlock_bh(&erc_farewell_lock);
	return found;
}

void erc_farewell_forget(const struct net_device *dev)
{
	struct erc_farewell *f;

	while ((f = erc_farewell_take(dev))) {
		cancel_delayed_work_sync(&f->work);
		erc_farewell_free(f);
	}
}
