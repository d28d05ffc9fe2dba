/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_LEG_H
#define _ERC_LEG_H

#include "ercircuit.h"

extern struct notifier_block erc_leg_notifier;

/**
 * erc_leg_circuit_rcu - the circuit a device is a leg of
 * @dev: any device; under RCU
 *
 * Return: the circuit or NULL.
 */
struct erc_circuit *erc_leg_circuit_rcu(const struct net_device *dev);

/**
 * erc_leg_slot - slot of a device that is a leg
 * @c: its circuit
 * @dev: the device
 *
 * Return: &enum ercircuit_slot.
 */
static inline int erc_leg_slot(const struct erc_circuit *c,
			       const struct net_device *dev)
{
	return rcu_access_pointer(c->leg[ERCIRCUIT_SECONDARY].dev) == dev;
}

/**
 * erc_leg_admit - may this device become a leg?
 * @c: the circuit
 * @dev: the device
 * @extack: says why not
 *
 * Return: 0 or a negative error.
 */
int erc_leg_admit(struct erc_circuit *c, struct net_device *dev,
		  struct netlink_ext_ack *extack);

/**
 * erc_leg_check_via - may a device reach these next hops?
 * @dev: the leg's device
 * @config: next hops, each checked if set
 * @extack: says why not
 *
 * Return: 0 or a negative error.
 */
int erc_leg_check_via(struct net_device *dev,
		      const struct erc_leg_config *config,
		      struct netlink_ext_ack *extack);

/**
 * erc_leg_assign - put devices and their settings into the slots
 * @c: the circuit
 * @devs: by slot, NULL = empty
 * @config: by slot
 * @extack: says why not
 *
 * All or nothing. RTNL.
 *
 * Return: 0 or a negative error.
 */
int erc_leg_assign(struct erc_circuit *c, struct net_device **devs,
		   const struct erc_leg_config *config,
		   struct netlink_ext_ack *extack);

/**
 * erc_leg_add - ndo_add_slave: fill the first empty slot
 * @dev: the circuit
 * @lower: the device
 * @extack: says why not
 *
 * Return: 0 or a negative error.
 */
int erc_leg_add(struct net_device *dev, struct net_device *lower,
		struct netlink_ext_ack *extack);

/**
 * erc_leg_del - ndo_del_slave: empty the slot
 * @dev: the circuit
 * @lower: the device
 *
 * Return: 0 or a negative error.
 */
int erc_leg_del(struct net_device *dev, struct net_device *lower);

#endif /* _ERC_LEG_H */
