/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_CIRCUIT_H
#define _ERC_CIRCUIT_H

#include <linux/types.h>

struct erc_circuit;
struct erc_config;
struct net_device;
struct netlink_ext_ack;

/**
 * erc_circuit_setup - prepare a new circuit, without its timers and works
 * @dev: a new device
 */
void erc_circuit_setup(struct net_device *dev);

/**
 * erc_circuit_get_config - get the present configuration
 * @c: the circuit; RTNL
 * @config: result
 */
void erc_circuit_get_config(const struct erc_circuit *c,
			    struct erc_config *config);

/**
 * erc_circuit_configure - apply a new configuration completely or not at all
 * @c: the circuit, registered; RTNL
 * @config: a checked configuration; its devices may be legs already, in either slot
 * @extack: gets the reason of a refusal
 *
 * The function fails only if memory is short, if a new device cannot be attached, or
 * if a request of higher priority overrides the command.
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
 * Return: 0, or -ENODEV if the device is in no slot.
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
