/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_CONTRACT_H
#define _ERC_CONTRACT_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

#include "basics.h"
#include "core/terms.h"
#include "core/gcra.h"

struct erc_circuit;
struct net;
struct sk_buff;

/**
 * struct erc_meter - account of the traffic of a leg in one direction
 * @tat: theoretical arrival time, see core/gcra.h
 */
struct erc_meter {
	atomic64_t tat;
} ____cacheline_aligned_in_smp;

/* erc_contract.checks: checks of each packet */
#define ERC_CONTRACT_CLOSED	0x01	/* all packets are dropped */
#define ERC_CONTRACT_METER	0x02	/* packets are metered */
#define ERC_CONTRACT_POLICE	0x04	/* packets over the rate are dropped */

/**
 * struct erc_contract - contract of all circuits with the same service key
 * @meter: by slot and &enum erc_direction
 * @rate: rate of each meter
 * @checks: ERC_CONTRACT_*
 * @terms: the terms
 * @net: network namespace of the circuits, which hold it
 * @circuits: circuits that share the contract, linked by erc_circuit.contract_node
 * @list: entry in the list of contracts with a key
 * @unused: list of spare objects, see contract.c
 * @rcu: for kfree_rcu()
 */
struct erc_contract {
	struct erc_meter meter[ERCIRCUIT_SLOTS][ERC_DIRECTIONS];
	struct erc_gcra rate;		/* written under RTNL */
	u32 checks;			/* written under RTNL */
	struct erc_terms terms;		/* RTNL */
	const struct net *net;		/* RTNL */
	struct list_head circuits;	/* RTNL */
	struct list_head list;		/* RTNL */
	struct erc_contract *unused;	/* RTNL */
	struct rcu_head rcu;
};

/**
 * erc_contract_add - create the contract of a new circuit
 * @c: the circuit, being registered; RTNL
 *
 * Return: 0 or -ENOMEM.
 */
int erc_contract_add(struct erc_circuit *c);

/**
 * erc_contract_get_terms - get the terms of a circuit's contract
 * @c: the circuit, registered or about to be; RTNL
 * @terms: result
 */
void erc_contract_get_terms(const struct erc_circuit *c,
			    struct erc_terms *terms);

/**
 * erc_contract_find - find the contract with a service key
 * @net: network namespace of its circuits
 * @key: %ERCIRCUIT_KEY_BYTES
 *
 * Return: the contract, valid under RTNL, or NULL.
 */
const struct erc_contract *erc_contract_find(const struct net *net,
					     const u8 *key);

/**
 * erc_contract_is_same - are the terms of two contracts equal, apart from their
 * keys?
 * @a: one
 * @b: the other
 *
 * Return: true if they do.
 */
bool erc_contract_is_same(const struct erc_terms *a, const struct erc_terms *b);

/**
 * erc_contract_set - set the terms of a circuit's contract
 * @c: the circuit; RTNL and erc_circuit.lock
 * @terms: checked terms; with another key the circuit leaves its contract and
 *	joins the contract with that key, which gets these terms, or begins one
 *
 * The function allocates nothing and cannot fail. The caller applies the terms
 * to this circuit, and without the lock to the others, which
 * share the contract.
 *
 * Return: true if the terms of the contract have changed.
 */
bool erc_contract_set(struct erc_circuit *c,
		      const struct erc_terms *terms);

/**
 * erc_contract_move - follow a circuit to another network namespace
 * @c: the circuit, which may have moved; RTNL
 * @brings: the circuit's terms replace those of a contract with the same key in
 *	the new namespace, see erc_tenant_can_bring_terms()
 *
 * The circuit leaves its contract. It joins the contract with the same key in
 * the new namespace, or begins one with its present terms. The caller applies the
 * terms to all circuits of the contract.
 *
 * Return: true if the circuit has moved.
 */
bool erc_contract_move(struct erc_circuit *c, bool brings);

/**
 * erc_contract_leave - take a circuit that is deleted out of its contract
 * @c: the circuit; RTNL
 */
void erc_contract_leave(struct erc_circuit *c);

/**
 * erc_contract_free - undo erc_contract_add()
 * @c: the circuit, after erc_contract_leave()
 */
void erc_contract_free(struct erc_circuit *c);

/**
 * erc_contract_tx_flags - does the contract check each packet?
 * @c: the circuit; erc_circuit.lock
 *
 * Return: %ERC_TX_FLAG_CONTRACT or 0.
 */
u32 erc_contract_tx_flags(const struct erc_circuit *c);

/**
 * erc_contract_is_open - does the contract let packets pass?
 * @c: the circuit; erc_circuit.lock
 *
 * Return: true if it does.
 */
bool erc_contract_is_open(const struct erc_circuit *c);

/**
 * erc_contract_bytes - size of a packet on the wire, after segmentation
 * @skb: the packet, from its IP header on
 *
 * Return: L3 bytes of all its segments.
 */
unsigned int erc_contract_bytes(const struct sk_buff *skb);

/**
 * erc_contract_meter - meter a packet: is it within a rate?
 * @meter: the account of the traffic so far; a conforming packet is added
 * @rate: the rate
 * @bytes: of the packet
 *
 * Return: true if the packet conforms.
 */
bool erc_contract_meter(struct erc_meter *meter, const struct erc_gcra *rate,
			unsigned int bytes);

/**
 * erc_contract_enforce - apply the contract and the peering to a packet
 * @c: the circuit, with %ERC_TX_FLAG_CONTRACT set; under RCU
 * @slot: &enum ercircuit_slot that the packet leaves or came by
 * @dir: direction
 * @skb: the packet, from its IP header on; it is metered, so call this once
 *
 * Return: 0, or -EPERM if the packet was dropped: it has been counted and freed.
 */
int erc_contract_enforce(struct erc_circuit *c, int slot,
			 enum erc_direction dir, struct sk_buff *skb);

#endif /* _ERC_CONTRACT_H */
