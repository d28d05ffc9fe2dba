/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_CIRCUIT_H
#define _ERC_CIRCUIT_H

#include "ercircuit.h"

/**
 * erc_circuit_setup - rtnl_link_ops.setup
 * @dev: a fresh device
 */
void erc_circuit_setup(struct net_device *dev);

/**
 * erc_circuit_follow_legs - MTU, headroom and segmentation limits
 * @c: the circuit; RTNL
 */
void erc_circuit_follow_legs(struct erc_circuit *c);

#endif /* _ERC_CIRCUIT_H */
