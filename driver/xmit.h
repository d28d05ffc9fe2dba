/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_XMIT_H
#define _ERC_XMIT_H

#include "ercircuit.h"

/**
 * erc_xmit - ndo_start_xmit
 * @skb: packet, without a link header
 * @dev: the circuit
 *
 * Return: NETDEV_TX_OK; every drop is counted by name.
 */
netdev_tx_t erc_xmit(struct sk_buff *skb, struct net_device *dev);

/**
 * erc_xmit_neigh_construct - ndo_neigh_construct
 * @dev: the circuit
 * @n: an entry on it
 *
 * Return: 0.
 */
int erc_xmit_neigh_construct(struct net_device *dev, struct neighbour *n);

#endif /* _ERC_XMIT_H */
