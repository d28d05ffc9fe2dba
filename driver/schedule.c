// SPDX-License-Identifier: GPL-2.0
/*
 * Starts the timer and the works of a circuit. All parts of the driver may ask for
 * one; event.c contains the functions that run then.
 */
#include <linux/jiffies.h>
#include <linux/rtnetlink.h>

#include "ercircuit.h"
#include "schedule.h"

struct workqueue_struct *erc_schedule_wq;

/* Failed next hops are asked again at this interval. */
#define ERC_SCHEDULE_RETRY HZ

/* The first change is notified at once, and the changes of the next 100 ms
 * together: a leg that flaps does not cause a storm of messages.
 */
#define ERC_SCHEDULE_NOTIFY (HZ / 10)

void erc_schedule_refresh_locked(struct erc_circuit *c)
{
	lockdep_assert_held(&c->lock);
	if (!c->schedule.stopped)
		mod_delayed_work(erc_schedule_wq, &c->schedule.refresh, 0);
}

void erc_schedule_refresh(struct erc_circuit *c)
{
	const struct delayed_work *work = &c->schedule.refresh;

	/* Every packet of a dead leg comes here until the work has run. */
	if (delayed_work_pending(work) && !timer_pending(&work->timer))
		return;
	spin_lock_bh(&c->lock);
	erc_schedule_refresh_locked(c);
	spin_unlock_bh(&c->lock);
}

void erc_schedule_retry(struct erc_circuit *c)
{
	lockdep_assert_held(&c->lock);
	if (!c->schedule.stopped)
		queue_delayed_work(erc_schedule_wq, &c->schedule.refresh,
				   ERC_SCHEDULE_RETRY);
}

void erc_schedule_send(struct erc_circuit *c)
{
	lockdep_assert_held(&c->lock);
	if (!c->schedule.stopped)
		queue_work(erc_schedule_wq, &c->schedule.send);
}

void erc_schedule_take_in(struct erc_circuit *c)
{
	ASSERT_RTNL();
	if (!c->schedule.stopped)
		queue_work(erc_schedule_wq, &c->schedule.take_in);
}

void erc_schedule_timer(struct erc_circuit *c, u64 deadline_ns)
{
	lockdep_assert_held(&c->lock);
	if (!c->schedule.stopped)
		hrtimer_start(&c->schedule.timer, ns_to_ktime(deadline_ns),
			      HRTIMER_MODE_ABS_SOFT);
}

void erc_schedule_add_news(struct erc_circuit *c)
{
	lockdep_assert_held(&c->lock);
	c->schedule.news = true;
}

void erc_schedule_announce(struct erc_circuit *c)
{
	struct erc_schedule *s = &c->schedule;
	unsigned long now = jiffies, delay = 0;

	lockdep_assert_held(&c->lock);
	if (s->stopped || !s->news)
		return;
	if (time_before(now, s->notify_after))
		delay = s->notify_after - now;
	queue_delayed_work(erc_schedule_wq, &s->notify, delay);
}

void erc_schedule_notify(struct erc_circuit *c)
{
	spin_lock_bh(&c->lock);
	erc_schedule_add_news(c);
	erc_schedule_announce(c);
	spin_unlock_bh(&c->lock);
}

bool erc_schedule_take_news(struct erc_circuit *c)
{
	struct erc_schedule *s = &c->schedule;
	bool news;

	spin_lock_bh(&c->lock);
	news = s->news && !s->stopped;
	s->news = false;
	s->notify_after = jiffies + ERC_SCHEDULE_NOTIFY;
	spin_unlock_bh(&c->lock);
	return news;
}

void erc_schedule_stop(struct erc_circuit *c)
{
	ASSERT_RTNL();
	spin_lock_bh(&c->lock);
	c->schedule.stopped = true;
	spin_unlock_bh(&c->lock);
	hrtimer_cancel(&c->schedule.timer);
}

void erc_schedule_destroy(struct erc_circuit *c)
{
	cancel_delayed_work_sync(&c->schedule.refresh);
	cancel_work_sync(&c->schedule.send);
	cancel_work_sync(&c->schedule.take_in);
	cancel_delayed_work_sync(&c->schedule.notify);
}
