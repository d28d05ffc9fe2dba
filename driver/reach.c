// SPDX-License-Identifier: GPL-2.0
/*
 * Global Reach: circuits of one network namespace forward to each other only in
 * pairs that the user has made. What counts is where a packet came in, not which
 * route it takes, so that two pairs with one circuit in common are no way from
 * end to end.
 */
#include "circuit.h"
#include "contract.h"
#include "protection.h"
#include "reach.h"
#include "transition.h"

DEFINE_STATIC_KEY_FALSE(erc_reach_several);
unsigned long erc_reach_circuits[BITS_TO_LONGS(ERC_REACH_GLANCE)];

/* Circuits behind each bit, and all of them, in all namespaces; RTNL */
static unsigned int erc_reach_crowd[ERC_REACH_GLANCE];
static unsigned int erc_reach_total;

/* --- for each packet that is suspect ------------------------------------- */

/* Which end of a pair a circuit is */
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
		p = erc_rcu(c->reach[i]);
		if (p && p->end[!erc_reach_end(p, c)] == from)
			return p;
	}
	return NULL;
}

/* The smaller contract of the two; one without a bandwidth is the larger. */
static const struct erc_contract *erc_reach_contract(const struct erc_reach *p)
{
	const struct erc_contract *a = erc_rcu(p->end[0]->contract);
	const struct erc_contract *b = erc_rcu(p->end[1]->contract);

	return a->rate.byte > b->rate.byte ? a : b;
}

/* Return: false if a packet is over the rate of the pair, and so dropped. */
static bool erc_reach_passes(struct erc_reach *p, int end,
			     const struct sk_buff *skb)
{
	const struct erc_contract *k = erc_reach_contract(p);
	struct erc_reach_counters __percpu *count = &p->count[end];
	unsigned int bytes = erc_contract_bytes(skb);

	if (k->rate.byte && READ_ONCE(k->checks) & ERC_CONTRACT_POLICE &&
	    !erc_contract_conforms(&p->meter[end], &k->rate, bytes)) {
		this_cpu_inc(count->tx_policed_packets);
		this_cpu_add(count->tx_policed_bytes, bytes);
		return false;
	}
	this_cpu_inc(count->tx_packets);
	this_cpu_add(count->tx_bytes, bytes);
	return true;
}

/* From now on it is the circuit's own, also to circuits that are its legs. */
static bool erc_reach_admits(struct erc_circuit *c, struct sk_buff *skb)
{
	const struct net_device *dev;
	const struct erc_circuit *from;
	struct erc_reach *p;

	dev = dev_get_by_index_rcu(dev_net(c->dev), skb->skb_iif);
	from = dev ? erc_circuit_of((struct net_device *)dev) : NULL;
	if (!from)
		return true;
	if (from != c) {
		p = erc_reach_find(c, from);
		if (!p || !erc_reach_passes(p, erc_reach_end(p, c), skb))
			return false;
	}
	skb->skb_iif = 0;
	return true;
}

bool erc_reach_refuses(struct erc_circuit *c, struct sk_buff *skb)
{
	bool admits;

	/* BH may be all that is held. */
	rcu_read_lock();
	admits = erc_reach_admits(c, skb);
	rcu_read_unlock();
	if (admits)
		return false;
	erc_drop(c, tx_reach);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
	return true;
}

/* --- pairs --------------------------------------------------------------- */

static struct erc_reach *erc_reach_rtnl(const struct erc_circuit *c, int i)
{
	return rtnl_dereference(c->reach[i]);
}

static struct erc_circuit *erc_reach_other(const struct erc_reach *p,
					   const struct erc_circuit *c)
{
	return p->end[!erc_reach_end(p, c)];
}

void erc_reach_get(const struct erc_circuit *c, struct net_device **peers)
{
	const struct erc_reach *p;
	int i, n = 0;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++) {
		p = erc_reach_rtnl(c, i);
		if (p)
			peers[n++] = erc_reach_other(p, c)->dev;
	}
	while (n < ERCIRCUIT_REACH_MAX)
		peers[n++] = NULL;
}

/* Return: the place of a pair among those of a circuit, of none a free place;
 * ERCIRCUIT_REACH_MAX = there is none.
 */
static int erc_reach_place(const struct erc_circuit *c, const struct erc_reach *p)
{
	int i;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (erc_reach_rtnl(c, i) == p)
			break;
	return i;
}

bool erc_reach_room(const struct erc_circuit *c)
{
	return erc_reach_place(c, NULL) < ERCIRCUIT_REACH_MAX;
}

bool erc_reach_count(const struct erc_circuit *c, int i,
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

/* Packets that are on their way may still be counted. */
static void erc_reach_end_pair(struct erc_reach *p)
{
	int end;

	for (end = 0; end < ERC_REACH_ENDS; end++) {
		struct erc_circuit *c = p->end[end];

		RCU_INIT_POINTER(c->reach[erc_reach_place(c, p)], NULL);
		erc_protection_notify(c);
	}
	call_rcu(&p->rcu, erc_reach_free_rcu);
}

static void erc_reach_begin_pair(struct erc_reach *p)
{
	int end;

	for (end = 0; end < ERC_REACH_ENDS; end++) {
		struct erc_circuit *c = p->end[end];

		rcu_assign_pointer(c->reach[erc_reach_place(c, NULL)], p);
		erc_protection_notify(c);
	}
}

static bool erc_reach_among(const struct net_device *peer,
			    struct net_device *const *peers)
{
	int i;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (peers[i] == peer)
			return true;
	return false;
}

int erc_reach_make(struct erc_circuit *c, struct net_device *const *peers,
		   struct erc_reach **made)
{
	struct net_device *paired[ERCIRCUIT_REACH_MAX];
	int i;

	ASSERT_RTNL();
	erc_reach_get(c, paired);
	memset(made, 0, ERCIRCUIT_REACH_MAX * sizeof(*made));
	for (i = 0; i < ERCIRCUIT_REACH_MAX && peers[i]; i++) {
		if (erc_reach_among(peers[i], paired))
			continue;
		made[i] = erc_reach_new(c, netdev_priv(peers[i]));
		if (!made[i]) {
			erc_reach_unmake(made);
			return -ENOMEM;
		}
	}
	return 0;
}

void erc_reach_unmake(struct erc_reach **made)
{
	int i;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (made[i])
			erc_reach_free(made[i]);
}

void erc_reach_set(struct erc_circuit *c, struct net_device *const *peers,
		   struct erc_reach **made)
{
	struct erc_reach *p;
	int i;

	ASSERT_RTNL();
	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++) {
		p = erc_reach_rtnl(c, i);
		if (p && !erc_reach_among(erc_reach_other(p, c)->dev, peers))
			erc_reach_end_pair(p);
	}
	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (made[i])
			erc_reach_begin_pair(made[i]);
}

/* --- coming and going ---------------------------------------------------- */

void erc_reach_join(struct erc_circuit *c)
{
	unsigned int bit = c->dev->ifindex & (ERC_REACH_GLANCE - 1);

	ASSERT_RTNL();
	c->reached = true;
	if (!erc_reach_crowd[bit]++)
		set_bit(bit, erc_reach_circuits);
	if (++erc_reach_total == 2)
		static_branch_enable(&erc_reach_several);
}

void erc_reach_leave(struct erc_circuit *c)
{
	unsigned int bit = c->dev->ifindex & (ERC_REACH_GLANCE - 1);
	struct erc_reach *p;
	int i;

	ASSERT_RTNL();
	/* The kernel says it again while somebody holds the device. */
	if (!c->reached)
		return;
	c->reached = false;
	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++) {
		p = erc_reach_rtnl(c, i);
		if (p)
			erc_reach_end_pair(p);
	}
	if (!--erc_reach_crowd[bit])
		clear_bit(bit, erc_reach_circuits);
	if (--erc_reach_total == 1)
		static_branch_disable(&erc_reach_several);
}
