// SPDX-License-Identifier: GPL-2.0
/*
 * Global Reach: circuits of one network namespace forward to each other only if
 * the user has paired them. The rule depends on the circuit by which a packet
 * arrived, not on its route. Therefore two pairs with one circuit in common do
 * not connect the other two circuits.
 */
#include <linux/idr.h>

#include "contract.h"
#include "ercircuit.h"
#include "lookup.h"
#include "reach.h"
#include "schedule.h"
#include "transition.h"

DEFINE_STATIC_KEY_FALSE(erc_reach_enabled);
unsigned long erc_reach_filter[BITS_TO_LONGS(ERC_REACH_FILTER_BITS)];

/* Circuits by number without ERC_REACH_NUMBER; written under RTNL, read under
 * RCU. Allocation is cyclic, so that no queued packet has a number that was
 * given to another circuit.
 */
static DEFINE_IDR(erc_reach_numbers);

/* Number of circuits behind each bit, and of all, in all namespaces; RTNL */
static unsigned int erc_reach_filter_counts[ERC_REACH_FILTER_BITS];
static unsigned int erc_reach_total;

/* --- packets that may come from another circuit -------------------------- */

/* Return: index of a circuit in a pair. */
static int erc_reach_end(const struct erc_reach *p, const struct erc_circuit *c)
{
	return p->end[1] == c;
}

static struct erc_reach *erc_reach_find(struct erc_circuit *c,
					const struct erc_circuit *from)
{
	struct erc_reach *p;
	int i;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++) {
		p = erc_rcu(c->reach.pair[i]);
		if (p && p->end[!erc_reach_end(p, c)] == from)
			return p;
	}
	return NULL;
}

/* Return: the contract with the smaller bandwidth; none means unlimited. */
static const struct erc_contract *erc_reach_contract(const struct erc_reach *p)
{
	const struct erc_contract *a = erc_rcu(p->end[0]->contract);
	const struct erc_contract *b = erc_rcu(p->end[1]->contract);

	return a->rate.byte > b->rate.byte ? a : b;
}

/* Return: false if a packet exceeds the rate of the pair. */
static bool erc_reach_police(struct erc_reach *p, int end,
			     const struct sk_buff *skb)
{
	const struct erc_contract *k = erc_reach_contract(p);
	struct erc_reach_counters __percpu *count = &p->count[end];
	unsigned int bytes = erc_contract_bytes(skb);

	if (k->rate.byte && READ_ONCE(k->checks) & ERC_CONTRACT_POLICE &&
	    !erc_contract_meter(&p->meter[end], &k->rate, bytes)) {
		this_cpu_inc(count->tx_policed_packets);
		this_cpu_add(count->tx_policed_bytes, bytes);
		return false;
	}
	this_cpu_inc(count->tx_packets);
	this_cpu_add(count->tx_bytes, bytes);
	return true;
}

/* Return: the circuit whose number a packet has; %NULL also if that circuit has
 * left the network namespace in between.
 */
static struct erc_circuit *erc_reach_find_by_number(const struct sk_buff *skb)
{
	return idr_find(&erc_reach_numbers,
			skb->tc_index & (ERC_REACH_NUMBER - 1));
}

/* Return: the circuit of this namespace by which a packet arrived last. */
static struct erc_circuit *erc_reach_find_by_iif(const struct net *net,
						 const struct sk_buff *skb)
{
	struct net_device *dev;

	dev = dev_get_by_index_rcu((struct net *)net, skb->skb_iif);
	return dev ? erc_lookup_circuit(dev) : NULL;
}

/* Return: true if a packet from one circuit may leave by another. */
static bool erc_reach_check_pair(struct erc_circuit *c,
				 struct erc_circuit *from,
				 const struct sk_buff *skb)
{
	struct erc_reach *p;

	if (from == c)
		return true;
	p = erc_reach_find(c, from);
	return p && erc_reach_police(p, erc_reach_end(p, c), skb);
}

/* Delete the number of an admitted packet: a circuit that is a leg of this one
 * must not check it again.
 */
static bool erc_reach_check(struct erc_circuit *c, struct sk_buff *skb)
{
	const struct net *net = dev_net(c->dev);
	struct erc_circuit *from = NULL;

	if (skb->tc_index & ERC_REACH_NUMBER) {
		from = erc_reach_find_by_number(skb);
		if (!from)
			return false;
		/* Another namespace has forwarded the packet. */
		if (!net_eq(dev_net(from->dev), net))
			from = NULL;
	}
	if (!from)
		from = erc_reach_find_by_iif(net, skb);
	if (from && !erc_reach_check_pair(c, from, skb))
		return false;
	skb->tc_index = 0;
	skb->skb_iif = 0;
	return true;
}

int erc_reach_enforce(struct erc_circuit *c, struct sk_buff *skb)
{
	bool passes;

	/* The caller may hold only BH, not RCU. */
	rcu_read_lock();
	passes = erc_reach_check(c, skb);
	rcu_read_unlock();
	if (passes)
		return 0;
	erc_drop(c, tx_reach);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
	return -EPERM;
}

/* --- pairs --------------------------------------------------------------- */

static struct erc_reach *erc_reach_rtnl(const struct erc_circuit *c, int i)
{
	return rtnl_dereference(c->reach.pair[i]);
}

static struct erc_circuit *erc_reach_other(const struct erc_reach *p,
					   const struct erc_circuit *c)
{
	return p->end[!erc_reach_end(p, c)];
}

void erc_reach_get(const struct erc_circuit *c, struct net_device **others)
{
	const struct erc_reach *p;
	int i, n = 0;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++) {
		p = erc_reach_rtnl(c, i);
		if (p)
			others[n++] = erc_reach_other(p, c)->dev;
	}
	while (n < ERCIRCUIT_REACH_MAX)
		others[n++] = NULL;
}

/* Return: index of a pair in a circuit's list; with NULL, index of a free
 * entry; ERCIRCUIT_REACH_MAX = none.
 */
static int erc_reach_find_index(const struct erc_circuit *c,
				const struct erc_reach *p)
{
	int i;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (erc_reach_rtnl(c, i) == p)
			break;
	return i;
}

bool erc_reach_has_room(const struct erc_circuit *c)
{
	return erc_reach_find_index(c, NULL) < ERCIRCUIT_REACH_MAX;
}

bool erc_reach_get_counters(const struct erc_circuit *c, int i,
			    struct ercircuit_reach *to)
{
	const struct erc_reach *p = erc_reach_rtnl(c, i);
	const struct erc_reach_counters *count;
	int cpu;

	if (!p)
		return false;
	*to = (struct ercircuit_reach) {
		.ifindex = erc_reach_other(p, c)->dev->ifindex,
	};
	for_each_possible_cpu(cpu) {
		count = per_cpu_ptr(&p->count[erc_reach_end(p, c)], cpu);
		to->tx_packets += count->tx_packets;
		to->tx_bytes += count->tx_bytes;
		to->tx_policed_packets += count->tx_policed_packets;
		to->tx_policed_bytes += count->tx_policed_bytes;
	}
	return true;
}

static void erc_reach_free(struct erc_reach *p)
{
	free_percpu(p->count);
	kfree(p);
}

static void erc_reach_free_rcu(struct rcu_head *rcu)
{
	erc_reach_free(container_of(rcu, struct erc_reach, rcu));
}

static struct erc_reach *erc_reach_new(struct erc_circuit *a,
				       struct erc_circuit *b)
{
	struct erc_reach *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	p->count = __alloc_percpu(ERC_REACH_ENDS * sizeof(*p->count),
				  __alignof__(*p->count));
	if (!p->count) {
		kfree(p);
		return NULL;
	}
	p->end[0] = a;
	p->end[1] = b;
	return p;
}

/* Packets that are being sent may still be counted. */
static void erc_reach_unlink_pair(struct erc_reach *p)
{
	int end;

	for (end = 0; end < ERC_REACH_ENDS; end++) {
		struct erc_circuit *c = p->end[end];

		RCU_INIT_POINTER(c->reach.pair[erc_reach_find_index(c, p)],
				 NULL);
		erc_schedule_notify(c);
	}
	call_rcu(&p->rcu, erc_reach_free_rcu);
}

static void erc_reach_link_pair(struct erc_reach *p)
{
	int end;

	for (end = 0; end < ERC_REACH_ENDS; end++) {
		struct erc_circuit *c = p->end[end];

		rcu_assign_pointer(c->reach.pair[erc_reach_find_index(c, NULL)],
				   p);
		erc_schedule_notify(c);
	}
}

static bool erc_reach_is_among(const struct net_device *other,
			       struct net_device *const *others)
{
	int i;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (others[i] == other)
			return true;
	return false;
}

int erc_reach_alloc_pairs(struct erc_circuit *c,
			  struct net_device *const *others,
			  struct erc_reach **made)
{
	struct net_device *paired[ERCIRCUIT_REACH_MAX];
	int i;

	ASSERT_RTNL();
	erc_reach_get(c, paired);
	memset(made, 0, ERCIRCUIT_REACH_MAX * sizeof(*made));
	for (i = 0; i < ERCIRCUIT_REACH_MAX && others[i]; i++) {
		if (erc_reach_is_among(others[i], paired))
			continue;
		made[i] = erc_reach_new(c, netdev_priv(others[i]));
		if (!made[i]) {
			erc_reach_free_pairs(made);
			return -ENOMEM;
		}
	}
	return 0;
}

void erc_reach_free_pairs(struct erc_reach **made)
{
	int i;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (made[i])
			erc_reach_free(made[i]);
}

void erc_reach_set_pairs(struct erc_circuit *c,
			 struct net_device *const *others,
			 struct erc_reach **made)
{
	struct erc_reach *p;
	int i;

	ASSERT_RTNL();
	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++) {
		p = erc_reach_rtnl(c, i);
		if (p &&
		    !erc_reach_is_among(erc_reach_other(p, c)->dev, others))
			erc_reach_unlink_pair(p);
	}
	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (made[i])
			erc_reach_link_pair(made[i]);
}

/* --- circuits that join and leave a namespace ---------------------------- */

/* Return: an unused number, or a negative error. */
static int erc_reach_allocate(struct erc_circuit *c)
{
	int id = idr_alloc_cyclic(&erc_reach_numbers, c, 1, ERC_REACH_NUMBER,
				  GFP_KERNEL);

	return id < 0 ? id : id | ERC_REACH_NUMBER;
}

static void erc_reach_release(u16 number)
{
	idr_remove(&erc_reach_numbers, number & (ERC_REACH_NUMBER - 1));
}

/* While there is no other circuit, packets get no number. */
static void erc_reach_publish(struct erc_circuit *c)
{
	u16 number = erc_reach_total > 1 ? c->reach.number : 0;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		WRITE_ONCE(c->leg[slot].rx_cache.number, number);
}

static void erc_reach_publish_all(void)
{
	struct erc_circuit *c;
	int id;

	idr_for_each_entry(&erc_reach_numbers, c, id)
		erc_reach_publish(c);
}

/* A packet that is still queued has the old number: it is refused wherever the
 * circuit moves. If no number is free, the circuit keeps its own.
 */
static void erc_reach_renumber(struct erc_circuit *c)
{
	u16 old = c->reach.number;
	int number = erc_reach_allocate(c);

	if (number < 0)
		return;
	WRITE_ONCE(c->reach.number, number);
	erc_reach_publish(c);
	erc_reach_release(old);
}

int erc_reach_init(struct erc_circuit *c)
{
	int number;

	ASSERT_RTNL();
	number = erc_reach_allocate(c);
	if (number < 0)
		return number;
	WRITE_ONCE(c->reach.number, number);
	return 0;
}

void erc_reach_exit(struct erc_circuit *c)
{
	ASSERT_RTNL();
	erc_reach_release(c->reach.number);
}

void erc_reach_join(struct erc_circuit *c)
{
	unsigned int bit = c->dev->ifindex & (ERC_REACH_FILTER_BITS - 1);

	ASSERT_RTNL();
	c->reach.joined = true;
	if (!erc_reach_filter_counts[bit]++)
		set_bit(bit, erc_reach_filter);
	if (++erc_reach_total == 2) {
		static_branch_enable(&erc_reach_enabled);
		erc_reach_publish_all();
	} else {
		erc_reach_publish(c);
	}
}

void erc_reach_leave(struct erc_circuit *c)
{
	unsigned int bit = c->dev->ifindex & (ERC_REACH_FILTER_BITS - 1);
	struct erc_reach *p;
	int i;

	ASSERT_RTNL();
	/* The kernel repeats this event while there are references to the
	 * device.
	 */
	if (!c->reach.joined)
		return;
	c->reach.joined = false;
	erc_reach_renumber(c);
	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++) {
		p = erc_reach_rtnl(c, i);
		if (p)
			erc_reach_unlink_pair(p);
	}
	if (!--erc_reach_filter_counts[bit])
		clear_bit(bit, erc_reach_filter);
	if (--erc_reach_total == 1) {
		static_branch_disable(&erc_reach_enabled);
		erc_reach_publish_all();
	}
}
