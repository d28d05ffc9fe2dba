/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_PEERING_H
#define _ERC_PEERING_H

#include "basics.h"

struct erc_circuit;
struct sk_buff;

/**
 * erc_peering_enforce - apply the rules of a peering to a packet
 * @c: the circuit; under RCU
 * @slot: &enum ercircuit_slot that the packet leaves or came by
 * @dir: direction; a packet that is sent may get another DSCP
 * @skb: the packet, from its IP header on; the header is linear
 *
 * Return: 0, or -EPERM if the packet was dropped: it has been counted and freed.
 */
int erc_peering_enforce(struct erc_circuit *c, int slot,
			enum erc_direction dir, struct sk_buff *skb);

#endif /* _ERC_PEERING_H */
