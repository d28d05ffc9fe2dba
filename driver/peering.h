/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_PEERING_H
#define _ERC_PEERING_H

#include "basics.h"

struct erc_circuit;
struct sk_buff;

/**
 * erc_peering_refuses - apply the rules of a peering to a packet
 * @c: the circuit; under RCU
 * @slot: &enum ercircuit_slot that the packet leaves or came by
 * @way: direction; a packet that is sent may get another DSCP
 * @skb: the packet, from its IP header on; the header is linear
 *
 * Return: true if the packet was refused: it has been counted and freed.
 */
bool erc_peering_refuses(struct erc_circuit *c, int slot, enum erc_way way,
			 struct sk_buff *skb);

#endif /* _ERC_PEERING_H */
