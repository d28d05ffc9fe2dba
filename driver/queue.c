// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait until a next hop has answered. The kernel has such a queue
 * in each neighbour entry, but no counter counts the packets that are dropped
 * there. Its ARP requests have the source address of a queued packet, which on
 * a circuit is not an address of the leg. Therefore the circuit has its own
 * queues, and counts a packet as sent when it has given the packet to the leg.
 *
 * A waiting packet belongs to the slot and not to the slot's device: it holds a
 * reference neither to the device nor to a route, and the device can be
 * detached.
 */
#include "ercircuit.h"
#include "queue.h"
#include "transition.h"

void erc_queue_init(struct erc_leg *leg)
{
	enum erc_family f;

	for (f = 0; f < ERC_FAMILIES; f++) {
		skb_queue_head_init(&leg->queue[f].wait);
		__skb_queue_head_init(&leg->queue[f].failed);
	}
}

void erc_queue_drop(struct erc_leg *leg, struct sk_buff *skb)
{
	struct erc_circuit *c = leg->circuit;

	erc_drop_leg(c, leg - c->leg, tx_no_neigh);
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
}

static void erc_queue_drop_list(struct erc_leg *leg, struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)))
		erc_queue_drop(leg, skb);
}

/* Like the kernel's queue: keep the newest packets. */
static void erc_queue_make_room(struct erc_queue *queue, unsigned int size,
				unsigned int limit, struct sk_buff_head *old)
{
	struct sk_buff *skb;

	while (queue->bytes + size > limit &&
	       (skb = __skb_dequeue(&queue->wait))) {
		queue->bytes -= skb->truesize;
		__skb_queue_tail(old, skb);
	}
}

void erc_queue_add(struct erc_leg *leg, enum erc_family family,
		   struct sk_buff *skb, unsigned int limit, bool control)
{
	struct erc_queue *queue = &leg->queue[family];
	struct sk_buff_head old;

	__skb_queue_head_init(&old);
	skb_dst_drop(skb);
	skb->dev = leg->circuit->dev;
	*erc_queue_cb(skb) = (struct erc_queue_cb) { .control = control };
	spin_lock_bh(&queue->wait.lock);
	erc_queue_make_room(queue, skb->truesize, limit, &old);
	queue->bytes += skb->truesize;
	__skb_queue_tail(&queue->wait, skb);
	WRITE_ONCE(queue->busy, true);
	spin_unlock_bh(&queue->wait.lock);
	erc_queue_drop_list(leg, &old);
}

bool erc_queue_take(struct erc_queue *queue, struct sk_buff_head *list)
{
	bool any;

	spin_lock_bh(&queue->wait.lock);
	any = !skb_queue_empty(&queue->wait);
	skb_queue_splice_init(&queue->wait, list);
	queue->bytes = 0;
	WRITE_ONCE(queue->busy, any || !skb_queue_empty(&queue->failed));
	spin_unlock_bh(&queue->wait.lock);
	return any;
}

void erc_queue_return(struct erc_queue *queue, struct sk_buff_head *list)
{
	const struct sk_buff *skb;

	spin_lock_bh(&queue->wait.lock);
	skb_queue_walk(list, skb)
		queue->bytes += skb->truesize;
	skb_queue_splice_init(list, &queue->wait);
	spin_unlock_bh(&queue->wait.lock);
}

void erc_queue_fail(struct erc_queue *queue)
{
	spin_lock_bh(&queue->wait.lock);
	skb_queue_splice_tail_init(&queue->wait, &queue->failed);
	queue->bytes = 0;
	spin_unlock_bh(&queue->wait.lock);
}

void erc_queue_take_failed(struct erc_queue *queue, struct sk_buff_head *list)
{
	spin_lock_bh(&queue->wait.lock);
	skb_queue_splice_init(&queue->failed, list);
	spin_unlock_bh(&queue->wait.lock);
}

void erc_queue_purge(struct erc_leg *leg)
{
	struct sk_buff_head list;
	enum erc_family f;

	__skb_queue_head_init(&list);
	for (f = 0; f < ERC_FAMILIES; f++) {
		erc_queue_fail(&leg->queue[f]);
		erc_queue_take_failed(&leg->queue[f], &list);
		erc_queue_drop_list(leg, &list);
	}
}
