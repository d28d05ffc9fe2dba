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
 * erc_circuit_lose_leg - empty the slot of a device that goes, keep its settings
 * @c: the circuit; RTNL
 * @lower: the device; it may be in no slot
 *
 * With late on the slot waits for a device of the same name.
 */
void erc_circuit_lose_leg(struct erc_circuit *c, struct net_device *lower);

/**
 * erc_circuit_rename_leg - follow a leg whose device has a new name
 * @c: the circuit; RTNL
 * @lower: the device in a slot
 */
void erc_circuit_rename_leg(struct erc_circuit *c, const struct net_device *lower);

/**
 * erc_circuit_take_in - take in the devices for which slots wait
 * @c: the circuit, registered; RTNL
 *
 * The kernel log says why a device that is there cannot be a leg.
 */
void erc_circuit_take_in(struct erc_circuit *c);

/**
 * erc_circuit_follow_net - follow a circuit to another network namespace
 * @c: the circuit, which may have moved; RTNL
 *
 * Moves the circuit to a contract of the new namespace, and applies the terms of
 * that contract.
 */
void erc_circuit_follow_net(struct erc_circuit *c);

#endif /* _ERC_CIRCUIT_H */
