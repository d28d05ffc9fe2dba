/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_QUEUE_H
#define _ERC_QUEUE_H

#include <linux/skbuff.h>

#include "basics.h"

struct erc_leg;

/**
 * struct erc_queue - packets that wait until a next hop has answered
 * @wait: the packets, the oldest first; its lock guards the whole structure
 * @failed: packets whose next hop has not answered
 * @bytes: memory of the packets in @wait
 * @busy: packets wait or are being sent, so a new packet is queued behind them
 */
struct erc_queue {
	struct sk_buff_head wait;
	struct sk_buff_head failed;
	unsigned int bytes;
	bool busy;
};

/**
 * struct erc_queue_cb - control buffer of a waiting packet
 * @control: the packet is a BFD packet, not payload
 */
struct erc_queue_cb {
	bool control;
};

/**
 * erc_queue_cb - get the control buffer of a waiting packet
 * @skb: the packet
 *
 * Return: the buffer.
 */
static inline struct erc_queue_cb *erc_queue_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct erc_queue_cb) > sizeof(skb->cb));
	return (struct erc_queue_cb *)skb->cb;
}

/**
 * erc_queue_is_busy - do packets wait for this next hop?
 * @queue: queue of the next hop
 *
 * Return: true also while the packets of the queue are being sent.
 */
static inline bool erc_queue_is_busy(const struct erc_queue *queue)
{
	return READ_ONCE(queue->busy);
}

/**
 * erc_queue_has_failed - does erc_queue_take_failed() have packets to take?
 * @queue: queue of the next hop
 *
 * Return: true if so; the queue is also busy then.
 */
static inline bool erc_queue_has_failed(const struct erc_queue *queue)
{
	return !skb_queue_empty_lockless(&queue->failed);
}

/**
 * erc_queue_init - prepare the queues of a fresh slot
 * @leg: the leg
 */
void erc_queue_init(struct erc_leg *leg);

/**
 * erc_queue_add - put a packet into the queue
 * @leg: the leg
 * @family: &enum erc_family of the next hop
 * @skb: the packet, from its IP header on; consumed
 * @limit: maximum memory of the queue; the oldest packets are dropped for it
 * @control: the packet is a BFD packet
 */
void erc_queue_add(struct erc_leg *leg, enum erc_family family,
		   struct sk_buff *skb, unsigned int limit, bool control);

/**
 * erc_queue_take - take all waiting packets
 * @queue: queue of the next hop
 * @list: empty list that gets the packets
 *
 * Return: false if no packet waited; the queue is then no longer busy, unless
 * erc_queue_has_failed().
 */
bool erc_queue_take(struct erc_queue *queue, struct sk_buff_head *list);

/**
 * erc_queue_return - put back packets that were taken and not sent
 * @queue: queue of the next hop
 * @list: packets, older than those in the queue; empty afterwards
 */
void erc_queue_return(struct erc_queue *queue, struct sk_buff_head *list);

/**
 * erc_queue_fail - turn waiting packets into lost ones: no answer came
 * @queue: queue of the next hop
 */
void erc_queue_fail(struct erc_queue *queue);

/**
 * erc_queue_take_failed - take the packets of erc_queue_fail()
 * @queue: queue of the next hop
 * @list: empty list that gets the packets
 */
void erc_queue_take_failed(struct erc_queue *queue, struct sk_buff_head *list);

/**
 * erc_queue_drop - drop a packet that waited, and count it
 * @leg: its slot
 * @skb: the packet
 */
void erc_queue_drop(struct erc_leg *leg, struct sk_buff *skb);

/**
 * erc_queue_purge - drop and count all waiting packets of a slot
 * @leg: the leg
 */
void erc_queue_purge(struct erc_leg *leg);

#endif /* _ERC_QUEUE_H */
