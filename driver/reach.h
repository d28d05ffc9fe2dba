/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_REACH_H
#define _ERC_REACH_H

#include <linux/jump_label.h>
#include <linux/skbuff.h>
#include <uapi/linux/if_ercircuit.h>

#include "arrival.h"
#include "contract.h"

struct erc_circuit;
struct net_device;

#define ERC_REACH_ENDS	2

/**
 * struct erc_reach_counters - counters of one direction of a pair
 * @tx_packets: see &struct ercircuit_reach
 * @tx_bytes: the same
 * @tx_policed_packets: the same
 * @tx_policed_bytes: the same
 */
struct erc_reach_counters {
	u64 tx_packets;
	u64 tx_bytes;
	u64 tx_policed_packets;
	u64 tx_policed_bytes;
};

/**
 * struct erc_reach - a pair of circuits
 * @end: the circuits
 * @meter: by end: meter of the packets that came by the other end
 * @count: by end: counters of these packets
 * @rcu: for call_rcu()
 */
struct erc_reach {
	struct erc_circuit *end[ERC_REACH_ENDS];	/* constant */
	struct erc_meter meter[ERC_REACH_ENDS];
	struct erc_reach_counters __percpu *count;	/* constant */
	struct rcu_head rcu;
};

/**
 * struct erc_reach_pairs - the pairs of a circuit
 * @pair: the pairs, in any order, NULL = none
 * @number: erc_reach_mark() writes it on packets
 * @joined: erc_reach_suspects() knows the circuit
 */
struct erc_reach_pairs {
	struct erc_reach __rcu *pair[ERCIRCUIT_REACH_MAX]; /* written under RTNL */
	u16 number;		/* written under RTNL */
	bool joined;		/* RTNL */
};

/* Is there more than one circuit, in all namespaces? */
DECLARE_STATIC_KEY_FALSE(erc_reach_several);

/*
 * Each circuit has a number, and while there are several circuits, each packet
 * that a circuit hands up carries it in skb->tc_index. That field stays with a
 * packet where skb->skb_iif does not: it is copied to fragments, clones and
 * segments, and VRF, tunnels, XFRM and skb_scrub_packet() leave it alone.
 *
 * All numbers have this bit set. Class ids, which tc filters write there, are
 * small.
 */
#define ERC_REACH_NUMBER	0x8000

/* Of an ifindex, as many as are told apart at a glance; a power of 2 */
#define ERC_REACH_GLANCE	1024

/* Where packets come from that need a closer look: bit of the ifindex */
extern unsigned long erc_reach_circuits[BITS_TO_LONGS(ERC_REACH_GLANCE)];

/**
 * erc_reach_mark - write on a packet which circuit it came by
 * @a: of the leg that it came by
 * @skb: the packet, not shared
 */
static inline void erc_reach_mark(const struct erc_arrival *a,
				  struct sk_buff *skb)
{
	/* Without a test: the store costs less than a jump around it. */
	skb->tc_index = READ_ONCE(a->number);
}

/**
 * erc_reach_suspects - may a packet have come by another circuit?
 * @skb: the packet
 *
 * This is the whole cost for a packet that came by no circuit. It is nothing
 * while there is only one circuit.
 *
 * A tc filter on the circuit that ends in TC_ACT_OK overwrites the number, so
 * skb->skb_iif counts, too.
 *
 * Return: true if it may.
 */
static inline bool erc_reach_suspects(const struct sk_buff *skb)
{
	return static_branch_unlikely(&erc_reach_several) &&
	       unlikely(skb->tc_index & ERC_REACH_NUMBER ||
			test_bit(skb->skb_iif & (ERC_REACH_GLANCE - 1),
				 erc_reach_circuits));
}

/**
 * erc_reach_refuses - is a packet from a circuit that this one is not paired with?
 * @c: the circuit it is to leave by
 * @skb: a suspect, from its IP header on; under RCU, BH or not
 *
 * Return: true if it is refused: counted and freed.
 */
bool erc_reach_refuses(struct erc_circuit *c, struct sk_buff *skb);

/**
 * erc_reach_get - the circuits that one is paired with
 * @c: the circuit; RTNL
 * @peers: result, %ERCIRCUIT_REACH_MAX of them, %NULL behind the last
 */
void erc_reach_get(const struct erc_circuit *c, struct net_device **peers);

/**
 * erc_reach_room - may a circuit have one more pair?
 * @c: the circuit; RTNL
 *
 * Return: true if it may.
 */
bool erc_reach_room(const struct erc_circuit *c);

/**
 * erc_reach_count - the counters of a pair, as seen from one end
 * @c: the circuit; RTNL
 * @i: which pair, below %ERCIRCUIT_REACH_MAX
 * @to: result
 *
 * Return: false if there is no such pair.
 */
bool erc_reach_count(const struct erc_circuit *c, int i,
		     struct ercircuit_reach *to);

/**
 * erc_reach_make - what pairing takes that may be missing
 * @c: the circuit; RTNL
 * @peers: those it shall be paired with
 * @made: result, by peer: a pair if it has none yet
 *
 * Return: 0, or -ENOMEM with nothing made.
 */
int erc_reach_make(struct erc_circuit *c, struct net_device *const *peers,
		   struct erc_reach **made);

/**
 * erc_reach_unmake - undo erc_reach_make()
 * @made: pairs that nobody knows
 */
void erc_reach_unmake(struct erc_reach **made);

/**
 * erc_reach_set - pair a circuit with these and no others
 * @c: the circuit; RTNL
 * @peers: those it shall be paired with
 * @made: from erc_reach_make(); taken
 */
void erc_reach_set(struct erc_circuit *c, struct net_device *const *peers,
		   struct erc_reach **made);

/**
 * erc_reach_init - give a new circuit its number
 * @c: the circuit; RTNL
 *
 * Return: 0, -ENOMEM, or -ENOSPC if all numbers are taken.
 */
int erc_reach_init(struct erc_circuit *c);

/**
 * erc_reach_exit - take the number back
 * @c: the circuit; RTNL
 */
void erc_reach_exit(struct erc_circuit *c);

/**
 * erc_reach_join - a circuit is in a network namespace from now on
 * @c: the circuit, registered; RTNL
 */
void erc_reach_join(struct erc_circuit *c);

/**
 * erc_reach_leave - it goes, and its pairs end
 * @c: the circuit; RTNL
 */
void erc_reach_leave(struct erc_circuit *c);

#endif /* _ERC_REACH_H */
