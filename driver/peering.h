/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_PEERING_H
#define _ERC_PEERING_H

#include "ercircuit.h"

/**
 * erc_peering_refuses - what the rules of a peering say to a packet
 * @c: the circuit; under RCU
 * @slot: &enum ercircuit_slot it leaves or came by
 * @way: direction; what leaves may get another DSCP
 * @skb: the packet, from its IP header on, which is in one piece
 *
 * Return: true if it is refused: counted and freed.
 */
bool erc_peering_refuses(struct erc_circuit *c, int slot, enum erc_way way,
			 struct sk_buff *skb);

#endif /* _ERC_PEERING_H */
