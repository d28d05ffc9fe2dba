/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_XMIT_H
#define _ERC_XMIT_H

#include <linux/netdevice.h>

struct erc_circuit;
struct neighbour;

/**
 * erc_xmit - ndo_start_xmit
 * @skb: packet, without a link header
 * @dev: the circuit
 *
 * Return: NETDEV_TX_OK; every drop is counted by name.
 */
netdev_tx_t erc_xmit(struct sk_buff *skb, struct net_device *dev);

/**
 * erc_xmit_neigh_output - output function of the circuit's neighbour entries
 * @n: an entry on the circuit
 * @skb: packet, without a link header
 *
 * Called under RCU, BH on or off, by IP and perhaps by MPLS.
 *
 * Return: NET_XMIT_*; every drop is counted by name.
 */
int erc_xmit_neigh_output(struct neighbour *n, struct sk_buff *skb);

/**
 * erc_xmit_send - send the packets that have waited for a next hop
 * @c: the circuit; process context
 */
void erc_xmit_send(struct erc_circuit *c);

#endif /* _ERC_XMIT_H */
