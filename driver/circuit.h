/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_CIRCUIT_H
#define _ERC_CIRCUIT_H

#include <linux/types.h>

struct erc_circuit;
struct erc_config;
struct net_device;
struct netlink_ext_ack;

/**
 * erc_circuit_setup - prepare a fresh circuit, apart from its timers and works
 * @dev: a fresh device
 */
void erc_circuit_setup(struct net_device *dev);

/**
 * erc_circuit_get_config - what is set now
 * @c: the circuit; RTNL
 * @config: result
 */
void erc_circuit_get_config(const struct erc_circuit *c,
			    struct erc_config *config);

/**
 * erc_circuit_configure - all or nothing of a new configuration
 * @c: the circuit, registered; RTNL
 * @config: checked; may name devices that are legs already, in either slot
 * @extack: says why not
 *
 * Fails only if a device that is no leg yet cannot be taken in, or a request of
 * higher priority stands in the way of the command.
 *
 * Return: 0 or a negative error.
 */
int erc_circuit_configure(struct erc_circuit *c,
			  const struct erc_config *config,
			  struct netlink_ext_ack *extack);

/**
 * erc_circuit_del_leg - ndo_del_slave: empty the slot, keep its settings
 * @dev: the circuit
 * @lower: the device in the slot
 *
 * Return: 0, or -ENODEV if it is in no slot.
 */
int erc_circuit_del_leg(struct net_device *dev, struct net_device *lower);

/**
 * erc_circuit_follow_net - follow a circuit to another network namespace
 * @c: the circuit, which may have moved; RTNL
 *
 * Moves the circuit to a contract of the new namespace, and applies the terms of
 * that contract.
 */
void erc_circuit_follow_net(struct erc_circuit *c);

#endif /* _ERC_CIRCUIT_H */
