// SPDX-License-Identifier: GPL-2.0
/*
 * Contracts, and the circuits that share them. Each circuit allocates a contract
 * when it is created. A circuit that joins another contract leaves its own there
 * as a spare; a circuit that leaves takes a spare. So there are always as many
 * contracts as circuits, and neither a new key nor a move to another netns has
 * to allocate memory. The last circuit keeps the shared object.
 */
#include <linux/tcp.h>
#include <linux/udp.h>

#include "contract.h"
#include "ercircuit.h"
#include "peering.h"
#include "transition.h"

/* Contracts with a key */
static LIST_HEAD(erc_contracts);

static struct erc_contract *erc_contract_get_rtnl(const struct erc_circuit *c)
{
	return rtnl_dereference(c->contract);
}

static void erc_contract_apply(struct erc_contract *k,
			       const struct erc_terms *terms)
{
	u32 checks = 0;

	if (!erc_terms_permit_traffic(terms))
		checks |= ERC_CONTRACT_CLOSED;
	if (terms->bandwidth)
		checks |= ERC_CONTRACT_METER;
	if (terms->police)
		checks |= ERC_CONTRACT_POLICE;
	k->terms = *terms;
	erc_gcra_init(&k->rate, terms->bandwidth,
		      terms->burst_us * (u64)NSEC_PER_USEC);
	WRITE_ONCE(k->checks, checks);
}

/* Begin a contract in the circuit's own object. */
static void erc_contract_begin(struct erc_circuit *c, struct erc_contract *own,
			       const struct erc_terms *terms)
{
	own->net = dev_net(c->dev);
	erc_contract_apply(own, terms);
	list_add(&c->contract_node, &own->circuits);
	if (erc_terms_have_key(terms))
		list_add(&own->list, &erc_contracts);
	rcu_assign_pointer(c->contract, own);
}

/* Leave the contract. Return: an object of the circuit's own. */
static struct erc_contract *erc_contract_detach(struct erc_circuit *c)
{
	struct erc_contract *k = erc_contract_get_rtnl(c), *own;

	list_del_init(&c->contract_node);
	if (list_empty(&k->circuits)) {
		list_del_init(&k->list);
		return k;
	}
	own = k->unused;
	k->unused = own->unused;
	own->unused = NULL;
	return own;
}

static struct erc_contract *erc_contract_lookup(const struct net *net,
						const u8 *key)
{
	struct erc_contract *k;

	ASSERT_RTNL();
	list_for_each_entry(k, &erc_contracts, list)
		if (k->net == net && !memcmp(k->terms.key, key,
					     ERCIRCUIT_KEY_BYTES))
			return k;
	return NULL;
}

const struct erc_contract *erc_contract_find(const struct net *net,
					     const u8 *key)
{
	return erc_contract_lookup(net, key);
}

bool erc_contract_is_same(const struct erc_terms *a, const struct erc_terms *b)
{
	return a->bandwidth == b->bandwidth && a->burst_us == b->burst_us &&
	       a->sla_ppm == b->sla_ppm && a->model == b->model &&
	       a->police == b->police &&
	       a->provider == b->provider && a->state == b->state;
}

bool erc_contract_set(struct erc_circuit *c,
		      const struct erc_terms *terms)
{
	struct erc_contract *k = erc_contract_get_rtnl(c), *own;
	bool same;

	ASSERT_RTNL();
	lockdep_assert_held(&c->lock);
	if (k->net != dev_net(c->dev) ||
	    memcmp(k->terms.key, terms->key, sizeof(terms->key))) {
		own = erc_contract_detach(c);
		k = erc_contract_lookup(dev_net(c->dev), terms->key);
		if (!k) {
			erc_contract_begin(c, own, terms);
			return true;
		}
		own->unused = k->unused;
		k->unused = own;
		list_add(&c->contract_node, &k->circuits);
		rcu_assign_pointer(c->contract, k);
	}
	same = erc_contract_is_same(&k->terms, terms);
	if (!same)
		erc_contract_apply(k, terms);
	return !same;
}

bool erc_contract_move(struct erc_circuit *c, bool brings)
{
	const struct erc_contract *there;
	struct erc_terms terms;

	ASSERT_RTNL();
	if (erc_contract_get_rtnl(c)->net == dev_net(c->dev))
		return false;
	erc_contract_get_terms(c, &terms);
	there = erc_contract_lookup(dev_net(c->dev), terms.key);
	if (there && !brings)
		terms = there->terms;
	spin_lock_bh(&c->lock);
	erc_contract_set(c, &terms);
	spin_unlock_bh(&c->lock);
	return true;
}

void erc_contract_get_terms(const struct erc_circuit *c,
			    struct erc_terms *terms)
{
	/* A circuit has no contract before it is registered. */
	if (rcu_access_pointer(c->contract))
		*terms = erc_contract_get_rtnl(c)->terms;
	else
		erc_terms_init(terms);
}

int erc_contract_add(struct erc_circuit *c)
{
	struct erc_contract *own = kzalloc(sizeof(*own), GFP_KERNEL);
	struct erc_terms terms;

	ASSERT_RTNL();
	if (!own)
		return -ENOMEM;
	INIT_LIST_HEAD(&own->circuits);
	INIT_LIST_HEAD(&own->list);
	erc_terms_init(&terms);
	erc_contract_begin(c, own, &terms);
	return 0;
}

void erc_contract_leave(struct erc_circuit *c)
{
	struct erc_terms terms;

	ASSERT_RTNL();
	erc_terms_init(&terms);
	spin_lock_bh(&c->lock);
	erc_contract_set(c, &terms);
	spin_unlock_bh(&c->lock);
}

void erc_contract_free(struct erc_circuit *c)
{
	struct erc_contract *own = rcu_dereference_protected(c->contract, 1);

	/* Packets of circuits that shared it may still use its meters. */
	kfree_rcu(own, rcu);
}

bool erc_contract_is_open(const struct erc_circuit *c)
{
	lockdep_assert_held(&c->lock);
	return !(erc_locked(c, c->contract)->checks & ERC_CONTRACT_CLOSED);
}

u32 erc_contract_tx_flags(const struct erc_circuit *c)
{
	u32 checks = erc_locked(c, c->contract)->checks;

	lockdep_assert_held(&c->lock);
	return c->peering || checks & (ERC_CONTRACT_CLOSED | ERC_CONTRACT_METER) ?
	       ERC_TX_FLAG_CONTRACT : 0;
}

/* --- for each packet ----------------------------------------------------- */

/* Bytes of the headers that each segment of a packet has, 0 if unknown */
static unsigned int erc_contract_headers(const struct sk_buff *skb)
{
	const unsigned int tcp = SKB_GSO_TCPV4 | SKB_GSO_TCPV6;
	const struct tcphdr *th;
	struct tcphdr space;
	int offset;

	if (!skb_transport_header_was_set(skb))
		return 0;
	offset = skb->encapsulation ? skb_inner_transport_offset(skb) :
				      skb_transport_offset(skb);
	if (offset <= 0)
		return 0;
	if (!(skb_shinfo(skb)->gso_type & tcp))
		return offset + sizeof(struct udphdr);
	th = skb_header_pointer(skb, offset, sizeof(space), &space);
	return th ? offset + __tcp_hdrlen(th) : 0;
}

unsigned int erc_contract_bytes(const struct sk_buff *skb)
{
	unsigned int headers, size = skb_shinfo(skb)->gso_size;

	if (!size)
		return skb->len;
	headers = erc_contract_headers(skb);
	if (headers >= skb->len)
		return skb->len;
	/* gso_segs is not always set, so it is not used. */
	return skb->len +
	       (DIV_ROUND_UP(skb->len - headers, size) - 1) * headers;
}

bool erc_contract_meter(struct erc_meter *meter, const struct erc_gcra *rate,
			unsigned int bytes)
{
	atomic64_t *tat = &meter->tat;
	s64 old = atomic64_read(tat);
	u64 now = ktime_get_ns(), next;

	do {
		if (!erc_gcra_step(rate, old, now, bytes, &next))
			return false;
	} while (!atomic64_try_cmpxchg(tat, &old, next));
	return true;
}

#define ERC_CONTRACT_COUNTER(name) {					\
	ERCIRCUIT_LEG_##name##_packets, ERCIRCUIT_LEG_##name##_bytes,	\
	#name "_packets"						\
}

/* Counters of packets over the bandwidth, by direction and POLICE */
static const struct {
	u8 packets;
	u8 bytes;
	const char *name;
} erc_contract_counters[ERC_DIRECTIONS][2] = {
	[ERC_TX] = {
		ERC_CONTRACT_COUNTER(tx_over),
		ERC_CONTRACT_COUNTER(tx_policed),
	},
	[ERC_RX] = {
		ERC_CONTRACT_COUNTER(rx_over),
		ERC_CONTRACT_COUNTER(rx_policed),
	},
};

static void erc_contract_drop_state(struct erc_circuit *c,
				    enum erc_direction dir, struct sk_buff *skb)
{
	if (dir == ERC_TX)
		erc_drop(c, tx_state);
	else
		erc_drop(c, rx_state);
	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
}

int erc_contract_enforce(struct erc_circuit *c, int slot,
			 enum erc_direction dir, struct sk_buff *skb)
{
	struct erc_contract *k = erc_rcu(c->contract);
	u32 checks = READ_ONCE(k->checks);
	bool police = checks & ERC_CONTRACT_POLICE;
	u64 __percpu *count = c->stats->leg[slot];
	unsigned int bytes;

	if (checks & ERC_CONTRACT_CLOSED) {
		erc_contract_drop_state(c, dir, skb);
		return -EPERM;
	}
	if (erc_peering_enforce(c, slot, dir, skb))
		return -EPERM;
	if (!(checks & ERC_CONTRACT_METER))
		return 0;
	bytes = erc_contract_bytes(skb);
	if (erc_contract_meter(&k->meter[slot][dir], &k->rate, bytes))
		return 0;
	this_cpu_inc(count[erc_contract_counters[dir][police].packets]);
	this_cpu_add(count[erc_contract_counters[dir][police].bytes], bytes);
	if (!police)
		return 0;
	trace_ercircuit_drop(c->dev, erc_transition_slots[slot],
			     erc_contract_counters[dir][police].name);
	kfree_skb_reason(skb, SKB_DROP_REASON_QDISC_DROP);
	return -EPERM;
}
