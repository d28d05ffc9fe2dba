/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_CONTRACT_H
#define _ERC_CONTRACT_H

#include "ercircuit.h"

/**
 * erc_contract_add - give a new circuit a contract of its own
 * @c: the circuit, being registered; RTNL
 *
 * Return: 0 or -ENOMEM.
 */
int erc_contract_add(struct erc_circuit *c);

/**
 * erc_contract_get_terms - what a circuit's contract says
 * @c: the circuit, registered or about to be; RTNL
 * @terms: result
 */
void erc_contract_get_terms(const struct erc_circuit *c,
			    struct erc_terms *terms);

/**
 * erc_contract_find - the contract with a service key
 * @net: where its circuits are
 * @key: %ERCIRCUIT_KEY_BYTES
 *
 * Return: the contract, valid under RTNL, or NULL.
 */
const struct erc_contract *erc_contract_find(const struct net *net,
					     const u8 *key);

/**
 * erc_contract_same - do two contracts say the same, whatever their keys?
 * @a: one
 * @b: the other
 *
 * Return: true if they do.
 */
bool erc_contract_same(const struct erc_terms *a, const struct erc_terms *b);

/**
 * erc_contract_set_locked - what a circuit's contract says from now on
 * @c: the circuit; RTNL and erc_circuit.lock
 * @terms: as checked; with another key the circuit leaves the contract it has,
 *	and joins that with the key, which takes on these terms, or begins one
 *
 * Nothing is allocated, so this cannot fail. The caller publishes what follows
 * for this circuit, and calls erc_contract_tell() without the lock.
 *
 * Return: true if that is something else than before.
 */
bool erc_contract_set_locked(struct erc_circuit *c,
			     const struct erc_terms *terms);

/**
 * erc_contract_tell - the circuits that share a contract follow what it says
 * @c: the circuit it was changed by, which has; RTNL
 */
void erc_contract_tell(struct erc_circuit *c);

/**
 * erc_contract_move - a circuit may be in another network namespace
 * @c: the circuit; RTNL
 * @brings: whether its terms become those of a contract with the same key that
 *	is there already, see erc_tenant_brings()
 *
 * It leaves the contract it shares, and takes the terms along, or joins one
 * with the same key.
 */
void erc_contract_move(struct erc_circuit *c, bool brings);

/**
 * erc_contract_leave - a circuit that goes shares no contract any more
 * @c: the circuit; RTNL
 */
void erc_contract_leave(struct erc_circuit *c);

/**
 * erc_contract_free - undo erc_contract_add()
 * @c: the circuit, after erc_contract_leave()
 */
void erc_contract_free(struct erc_circuit *c);

/**
 * erc_contract_select_locked - does the contract have a say in each packet?
 * @c: the circuit; erc_circuit.lock
 *
 * Return: %ERC_SELECT_CONTRACT or 0.
 */
u32 erc_contract_select_locked(const struct erc_circuit *c);

/**
 * erc_contract_open_locked - does the contract let packets pass?
 * @c: the circuit; erc_circuit.lock
 *
 * Return: true if it does.
 */
bool erc_contract_open_locked(const struct erc_circuit *c);

/**
 * erc_contract_bytes - what a packet will be on the wire, or was
 * @skb: the packet, from its IP header on
 *
 * Return: L3 bytes of all its segments.
 */
unsigned int erc_contract_bytes(const struct sk_buff *skb);

/**
 * erc_contract_conforms - is a packet within a rate? Count it if so
 * @meter: what has been sent
 * @rate: the rate
 * @bytes: of the packet
 *
 * Return: true if it is.
 */
bool erc_contract_conforms(struct erc_meter *meter, const struct erc_gcra *rate,
			   unsigned int bytes);

/**
 * erc_contract_refuses - what a contract says to a packet
 * @c: the circuit, of which %ERC_SELECT_CONTRACT is selected; under RCU
 * @slot: &enum ercircuit_slot it leaves or came by
 * @way: direction
 * @skb: the packet, from its IP header on; asked about once
 *
 * Return: true if it is refused: counted and freed.
 */
bool erc_contract_refuses(struct erc_circuit *c, int slot, enum erc_way way,
			  struct sk_buff *skb);

#endif /* _ERC_CONTRACT_H */
