/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_ATTACH_H
#define _ERC_ATTACH_H

struct erc_circuit;
struct erc_config;
struct erc_leg_config;
struct net_device;
struct netlink_ext_ack;

/**
 * erc_attach_check - check whether a device can become a leg
 * @c: the circuit, registered or about to be; RTNL
 * @dev: the device
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or a negative error.
 */
int erc_attach_check(struct erc_circuit *c, struct net_device *dev,
		     struct netlink_ext_ack *extack);

/**
 * erc_attach_check_via - check whether a device can reach its next hops
 * @dev: the leg's device; RTNL
 * @config: has the next hops; a family without one is not checked. With late its
 *	address on that subnet may come later
 * @slot: &enum ercircuit_slot
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or a negative error.
 */
int erc_attach_check_via(struct net_device *dev,
			 const struct erc_config *config, int slot,
			 struct netlink_ext_ack *extack);

/**
 * erc_attach_add - link a device below the circuit and take its packets
 * @c: the circuit, registered; RTNL
 * @slot: the slot that the device will get
 * @dev: the device; it keeps its packets until it is in the slot
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or a negative error.
 */
int erc_attach_add(struct erc_circuit *c, int slot, struct net_device *dev,
		   struct netlink_ext_ack *extack);

/**
 * erc_attach_remove - undo erc_attach_add()
 * @c: the circuit; RTNL
 * @dev: a device that is in no slot any more
 *
 * The function waits for a grace period. After that no CPU delivers a packet from
 * this device, or sends one into it.
 */
void erc_attach_remove(struct erc_circuit *c, struct net_device *dev);

/**
 * erc_attach_set - set the device and the settings of a slot
 * @c: the circuit; RTNL and erc_circuit.lock
 * @slot: &enum ercircuit_slot
 * @dev: a device that has joined, NULL = none
 * @config: the settings
 */
void erc_attach_set(struct erc_circuit *c, int slot,
		    struct net_device *dev,
		    const struct erc_leg_config *config);

/**
 * erc_attach_update_wires - follow a change of the devices below a device
 * @dev: any device; RTNL
 *
 * For @dev and each device above it that is a leg, the function determines again
 * whether the leg leads to a wire.
 */
void erc_attach_update_wires(struct net_device *dev);

#endif /* _ERC_ATTACH_H */
