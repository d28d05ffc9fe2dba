/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The connectivity models of ExpressRoute: each restricts the legs and the
 * bandwidth of a circuit.
 */
#ifndef _ERC_CORE_MODEL_RULES_H
#define _ERC_CORE_MODEL_RULES_H

#include "terms.h"

/* Two tags at most: a peering's VLAN ID (C-tag) inside a circuit's (S-tag) */
#define ERC_MODEL_TAGS	2

/* Room for a sentence. An extack message has 79 characters, and 16 of them are
 * "model exchange: ".
 */
#define ERC_MODEL_WHY	64

/**
 * struct erc_model_leg - the properties of a leg that a model checks
 * @port: the device below all tags, %NULL if the slot is empty; only compared
 * @speed: of the port in Mbit/s, 0 = unknown
 * @ethernet: it is an Ethernet device
 * @numbered: it has a next hop
 * @tags: number of tags of its frames
 * @id: VLAN ID by tag, from the innermost
 * @ethertype: EtherType by tag, in the same order, in host byte order
 */
struct erc_model_leg {
	const void *port;
	u32 speed;
	bool ethernet;
	bool numbered;
	u8 tags;
	u16 id[ERC_MODEL_TAGS];
	u16 ethertype[ERC_MODEL_TAGS];
};

/**
 * erc_model_rules_polices - does a model drop packets over the bandwidth?
 * @model: &enum ercircuit_model
 *
 * On Direct the customer owns the whole port, and turns rate limiting on if it is
 * needed.
 *
 * Return: the default of the option police.
 */
bool erc_model_rules_polices(u8 model);

/**
 * erc_model_rules_verify - check a circuit against the rules of its model
 * @was: terms until now
 * @terms: requested terms, with the model
 * @leg: requested legs, by slot
 * @why: %ERC_MODEL_WHY bytes; on failure the broken rule, as a sentence that
 *	follows "model NAME: "
 *
 * Return: 0 or -EINVAL.
 */
int erc_model_rules_verify(const struct erc_terms *was,
			   const struct erc_terms *terms,
			   const struct erc_model_leg *leg, char *why);

/**
 * erc_model_rules_same_place - do two peerings on Direct share port and S-tag?
 * @a: leg of one of them
 * @b: leg of the other in the same slot
 *
 * Return: true if they do, or if one slot is empty.
 */
bool erc_model_rules_same_place(const struct erc_model_leg *a,
				const struct erc_model_leg *b);

/**
 * erc_model_rules_same_stag - do two circuits on a port of Direct have the same
 * S-tag?
 * @a: leg of one of them
 * @b: leg of the other on the same port
 *
 * Return: true if they do.
 */
bool erc_model_rules_same_stag(const struct erc_model_leg *a,
			       const struct erc_model_leg *b);

/**
 * erc_model_rules_is_oversubscribed - do circuits exceed a port of Direct?
 * @speed: of the port, Mbit/s
 * @bandwidth: of all circuits together, bit/s
 *
 * Return: true if their bandwidth is more than twice the speed.
 */
bool erc_model_rules_is_oversubscribed(u32 speed, u64 bandwidth);

#endif /* _ERC_CORE_MODEL_RULES_H */
