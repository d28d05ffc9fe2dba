/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The connectivity models of the service: what each lets a circuit be made of.
 */
#ifndef _ERC_CORE_MODEL_H
#define _ERC_CORE_MODEL_H

#include "contract.h"

/* A peering's VLAN ID (C-tag) inside a circuit's (S-tag): nothing is deeper. */
#define ERC_MODEL_TAGS	2

/**
 * struct erc_model_leg - what a model asks about a leg
 * @port: the device below all tags, %NULL if the slot is empty; only compared
 * @speed: of the port in Mbit/s, 0 if it does not say
 * @ethernet: it is an Ethernet device
 * @numbered: it has a next hop
 * @tags: how many tags its frames have
 * @id: VLAN ID by tag, from the innermost
 * @ethertype: of the tag, likewise, in host byte order
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
 * erc_model_polices - does a model drop what is over the bandwidth?
 * @model: &enum ercircuit_model
 *
 * On Direct the customer has the whole port, and asks for rate limiting where
 * wanted.
 *
 * Return: true if it does unless told otherwise.
 */
bool erc_model_polices(u8 model);

/**
 * erc_model_refuses - what stands against a circuit of a model
 * @was: terms until now
 * @terms: those that are wanted, with the model
 * @leg: the legs that are wanted, by slot
 *
 * Return: the sentence, or %NULL if all is well.
 */
const char *erc_model_refuses(const struct erc_terms *was,
			      const struct erc_terms *terms,
			      const struct erc_model_leg *leg);

/**
 * erc_model_same_place - do two peerings of a circuit on Direct belong together?
 * @a: leg of one of them
 * @b: leg of the other in the same slot
 *
 * Return: true if they have port and S-tag in common, or one is empty.
 */
bool erc_model_same_place(const struct erc_model_leg *a,
			  const struct erc_model_leg *b);

/**
 * erc_model_same_stag - do two circuits on a port of Direct have one S-tag?
 * @a: leg of one of them
 * @b: leg of the other on the same port
 *
 * Return: true if they do.
 */
bool erc_model_same_stag(const struct erc_model_leg *a,
			 const struct erc_model_leg *b);

/**
 * erc_model_oversubscribed - are circuits too much for a port of Direct?
 * @speed: of the port, Mbit/s
 * @bandwidth: of all circuits together, bit/s
 *
 * Return: true if they have more than twice its speed.
 */
bool erc_model_oversubscribed(u32 speed, u64 bandwidth);

#endif /* _ERC_CORE_MODEL_H */
