/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_SCHEDULE_H
#define _ERC_SCHEDULE_H

#include <linux/hrtimer.h>
#include <linux/workqueue.h>

struct erc_circuit;

/**
 * struct erc_schedule - the timer and the works of a circuit
 * @timer: deadline of the protection machine
 * @refresh: resolves the next hops again and checks the legs
 * @send: sends the packets that have waited for a next hop
 * @take_in: takes in devices for which slots wait
 * @notify: sends an RTM_NEWLINK
 * @notify_after: jiffies; @notify does not run before
 * @news: user space has not been notified of a change yet
 * @stopped: nothing is queued or armed any more, as the circuit is deleted
 *
 * event.c contains the functions that the timer and the works run.
 */
struct erc_schedule {
	struct hrtimer timer;
	struct delayed_work refresh;
	struct work_struct send;
	struct work_struct take_in;
	struct delayed_work notify;
	unsigned long notify_after;	/* lock */
	bool news;			/* lock */
	bool stopped;			/* lock; written under RTNL, too */
};

/* Runs the works of every circuit. */
extern struct workqueue_struct *erc_schedule_wq;

/**
 * erc_schedule_refresh - run the refresh work soon
 * @c: the circuit
 *
 * The payload path calls this for each packet that finds a leg without carrier
 * before a notifier has reported it.
 */
void erc_schedule_refresh(struct erc_circuit *c);

/**
 * erc_schedule_refresh_locked - run the refresh work soon
 * @c: the circuit; erc_circuit.lock
 */
void erc_schedule_refresh_locked(struct erc_circuit *c);

/**
 * erc_schedule_retry - run the refresh work within a second
 * @c: the circuit; erc_circuit.lock
 */
void erc_schedule_retry(struct erc_circuit *c);

/**
 * erc_schedule_send - run the work that sends the waiting packets
 * @c: the circuit; erc_circuit.lock
 */
void erc_schedule_send(struct erc_circuit *c);

/**
 * erc_schedule_take_in - run the work that takes in devices
 * @c: the circuit; RTNL
 */
void erc_schedule_take_in(struct erc_circuit *c);

/**
 * erc_schedule_timer - start the timer of the protection machine
 * @c: the circuit; erc_circuit.lock
 * @deadline_ns: CLOCK_BOOTTIME
 */
void erc_schedule_timer(struct erc_circuit *c, u64 deadline_ns);

/**
 * erc_schedule_add_news - note a change that user space must learn of
 * @c: the circuit; erc_circuit.lock
 *
 * The caller calls erc_schedule_announce() later.
 */
void erc_schedule_add_news(struct erc_circuit *c);

/**
 * erc_schedule_announce - send an RTM_NEWLINK soon if there is news
 * @c: the circuit; erc_circuit.lock
 *
 * The function does nothing if the message is already scheduled.
 */
void erc_schedule_announce(struct erc_circuit *c);

/**
 * erc_schedule_notify - send an RTM_NEWLINK soon
 * @c: the circuit
 */
void erc_schedule_notify(struct erc_circuit *c);

/**
 * erc_schedule_take_news - begin to notify user space of all news
 * @c: the circuit
 *
 * Return: true if there is news.
 */
bool erc_schedule_take_news(struct erc_circuit *c);

/**
 * erc_schedule_stop - start no timer and no work any more
 * @c: the circuit, without legs; RTNL
 *
 * RTNL is held and the works take it, so this function cannot wait for them.
 * It cancels the timer, which takes only erc_circuit.lock.
 */
void erc_schedule_stop(struct erc_circuit *c);

/**
 * erc_schedule_destroy - wait for the works that still run
 * @c: the circuit, after erc_schedule_stop(); without RTNL
 */
void erc_schedule_destroy(struct erc_circuit *c);

#endif /* _ERC_SCHEDULE_H */
