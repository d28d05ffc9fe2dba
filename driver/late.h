/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_LATE_H
#define _ERC_LATE_H

#include <linux/types.h>

struct erc_circuit;
struct erc_leg_config;
struct net;
struct net_device;

/**
 * erc_late_waits - does a slot wait for a device?
 * @c: the circuit; RTNL
 * @slot: &enum ercircuit_slot
 *
 * Return: true if it is empty and has a name.
 */
bool erc_late_waits(const struct erc_circuit *c, int slot);

/**
 * erc_late_net_rcu - find the network namespace in which a slot waits
 * @config: settings of a slot that waits; under RCU
 *
 * Return: the namespace, or NULL if it does not exist any more.
 */
struct net *erc_late_net_rcu(const struct erc_leg_config *config);

/**
 * erc_late_find_dev - find the device for which a slot waits
 * @config: settings of a slot that waits; RTNL
 *
 * Return: the device or NULL; valid under RTNL.
 */
struct net_device *erc_late_find_dev(const struct erc_leg_config *config);

/**
 * erc_late_find_slot - find the slot for a device that the user adds without a slot
 * @c: the circuit; RTNL
 * @dev: the device
 *
 * Return: the slot that waits for @dev, or else the first empty slot that waits for
 * none, &enum ercircuit_slot; or ERCIRCUIT_SLOTS.
 */
int erc_late_find_slot(const struct erc_circuit *c, const struct net_device *dev);

/**
 * erc_late_set_name - note the name of the device that a slot gets or loses
 * @c: the circuit; RTNL and erc_circuit.lock
 * @slot: &enum ercircuit_slot
 * @dev: the device, NULL = none
 *
 * A name or alternative name of @dev stays. Without a device, and without late, the
 * name is forgotten.
 */
void erc_late_set_name(struct erc_circuit *c, int slot,
		       const struct net_device *dev);

/**
 * erc_late_update - note whether a circuit waits for devices
 * @c: the circuit, after a change of its slots; RTNL
 */
void erc_late_update(struct erc_circuit *c);

/**
 * erc_late_follow_dev - let all circuits that wait for a device take it in
 * @dev: a device that may have got a name, or has left its master; RTNL
 */
void erc_late_follow_dev(const struct net_device *dev);

#endif /* _ERC_LATE_H */
