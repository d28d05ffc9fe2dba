/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_REACH_H
#define _ERC_REACH_H

#include <linux/jump_label.h>
#include <linux/skbuff.h>
#include <uapi/linux/if_ercircuit.h>

#include "contract.h"
#include "rx_cache.h"

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
 * @number: erc_reach_write_number() writes it on packets
 * @joined: erc_reach_needs_check() knows the circuit
 */
struct erc_reach_pairs {
	struct erc_reach __rcu *pair[ERCIRCUIT_REACH_MAX]; /* written under RTNL */
	u16 number;		/* written under RTNL */
	bool joined;		/* RTNL */
};

/* True while there is more than one circuit, in all namespaces */
DECLARE_STATIC_KEY_FALSE(erc_reach_enabled);

/*
 * Each circuit has a number. While there are several circuits, each packet that
 * a circuit receives has this number in skb->tc_index. That field stays with a
 * packet where skb->skb_iif does not: it is copied to fragments, clones and
 * segments, and VRF, tunnels, XFRM and skb_scrub_packet() do not change it.
 *
 * All numbers have this bit set. tc filters write class IDs there, which are
 * small.
 */
#define ERC_REACH_NUMBER	0x8000

/* Number of values of an ifindex that the bitmap distinguishes; a power of 2 */
#define ERC_REACH_FILTER_BITS	1024

/* Bitmap of the ifindexes whose packets must be checked */
extern unsigned long erc_reach_filter[BITS_TO_LONGS(ERC_REACH_FILTER_BITS)];

/**
 * erc_reach_write_number - write the number of the receiving circuit on a packet
 * @a: data of the receiving leg
 * @skb: the packet, not shared
 */
static inline void erc_reach_write_number(const struct erc_rx_cache *a,
					  struct sk_buff *skb)
{
	/* Without a condition: the store costs less than a jump around it. */
	skb->tc_index = READ_ONCE(a->number);
}

/**
 * erc_reach_needs_check - may a packet have arrived by another circuit?
 * @skb: the packet
 *
 * A packet that arrived by no circuit has no other cost, and while there is
 * only one circuit this costs nothing.
 *
 * A tc filter on the circuit that ends in TC_ACT_OK overwrites the number, so
 * skb->skb_iif is checked, too.
 *
 * Return: true if it may.
 */
static inline bool erc_reach_needs_check(const struct sk_buff *skb)
{
	return static_branch_unlikely(&erc_reach_enabled) &&
	       unlikely(skb->tc_index & ERC_REACH_NUMBER ||
			test_bit(skb->skb_iif & (ERC_REACH_FILTER_BITS - 1),
				 erc_reach_filter));
}

/**
 * erc_reach_enforce - refuse a packet from a circuit without a pair
 * @c: the circuit that sends it
 * @skb: the packet, from its IP header on; under RCU, BH or not
 *
 * Return: 0, or -EPERM if the packet was dropped: it has been counted and freed.
 */
int erc_reach_enforce(struct erc_circuit *c, struct sk_buff *skb);

/**
 * erc_reach_get - get the circuits of all pairs
 * @c: the circuit; RTNL
 * @others: result, %ERCIRCUIT_REACH_MAX entries, %NULL after the last
 */
void erc_reach_get(const struct erc_circuit *c, struct net_device **others);

/**
 * erc_reach_has_room - may a circuit have one more pair?
 * @c: the circuit; RTNL
 *
 * Return: true if it may.
 */
bool erc_reach_has_room(const struct erc_circuit *c);

/**
 * erc_reach_get_counters - get the counters of a pair from one end
 * @c: the circuit; RTNL
 * @i: index of the pair, below %ERCIRCUIT_REACH_MAX
 * @to: result
 *
 * Return: false if there is no such pair.
 */
bool erc_reach_get_counters(const struct erc_circuit *c, int i,
			    struct ercircuit_reach *to);

/**
 * erc_reach_alloc_pairs - allocate the pairs that do not exist yet
 * @c: the circuit; RTNL
 * @others: the circuits to pair with
 * @made: result, by index in @others: a new pair if none existed
 *
 * Return: 0, or -ENOMEM with nothing allocated.
 */
int erc_reach_alloc_pairs(struct erc_circuit *c,
			  struct net_device *const *others,
			  struct erc_reach **made);

/**
 * erc_reach_free_pairs - undo erc_reach_alloc_pairs()
 * @made: pairs that are not in use
 */
void erc_reach_free_pairs(struct erc_reach **made);

/**
 * erc_reach_set_pairs - pair a circuit with these circuits and no others
 * @c: the circuit; RTNL
 * @others: the circuits to pair with
 * @made: result of erc_reach_alloc_pairs(); consumed
 */
void erc_reach_set_pairs(struct erc_circuit *c,
			 struct net_device *const *others,
			 struct erc_reach **made);

/**
 * erc_reach_init - give a new circuit its number
 * @c: the circuit; RTNL
 *
 * Return: 0, -ENOMEM, or -ENOSPC if all numbers are taken.
 */
int erc_reach_init(struct erc_circuit *c);

/**
 * erc_reach_exit - free the circuit's number
 * @c: the circuit; RTNL
 */
void erc_reach_exit(struct erc_circuit *c);

/**
 * erc_reach_join - enter a circuit into its network namespace
 * @c: the circuit, registered; RTNL
 */
void erc_reach_join(struct erc_circuit *c);

/**
 * erc_reach_leave - remove a circuit from its namespace and end its pairs
 * @c: the circuit; RTNL
 */
void erc_reach_leave(struct erc_circuit *c);

#endif /* _ERC_REACH_H */
