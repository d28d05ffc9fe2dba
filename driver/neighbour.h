/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_NEIGHBOUR_H
#define _ERC_NEIGHBOUR_H

struct neighbour;
struct net_device;

/**
 * erc_neighbour_construct - ndo_neigh_construct
 * @dev: the circuit
 * @n: an entry on it that is not in the table yet
 *
 * Return: 0.
 */
int erc_neighbour_construct(struct net_device *dev, struct neighbour *n);

/**
 * erc_neighbour_destroy - ndo_neigh_destroy
 * @dev: the circuit
 * @n: an entry on it that has left the table
 */
void erc_neighbour_destroy(struct net_device *dev, struct neighbour *n);

#endif /* _ERC_NEIGHBOUR_H */
