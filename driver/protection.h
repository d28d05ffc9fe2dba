/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_PROTECTION_H
#define _ERC_PROTECTION_H

#include <linux/types.h>

struct erc_circuit;
struct erc_config;
struct erc_protection_config;
struct netlink_ext_ack;

/**
 * erc_protection_init - start the machine of a new circuit
 * @c: the circuit
 */
void erc_protection_init(struct erc_circuit *c);

/**
 * erc_protection_update - check both legs and act on changes
 * @c: the circuit
 *
 * Runs in any context except hard interrupts; callers may hold neigh_table.lock.
 */
void erc_protection_update(struct erc_circuit *c);

/**
 * erc_protection_update_locked - check both legs and act on changes
 * @c: the circuit; erc_circuit.lock
 */
void erc_protection_update_locked(struct erc_circuit *c);

/**
 * erc_protection_configure - set the configuration
 * @c: the circuit; RTNL and erc_circuit.lock
 * @config: the whole configuration
 * @hash: &enum ercircuit_hash
 */
void erc_protection_configure(struct erc_circuit *c,
			      const struct erc_protection_config *config,
			      u8 hash);

/**
 * erc_protection_check_command - check whether a request overrides a command
 * @c: the circuit with its present configuration; RTNL and erc_circuit.lock
 * @config: the whole new configuration, with the command
 * @extack: gets the request that overrides the command
 *
 * Return: 0 or -EBUSY.
 */
int erc_protection_check_command(struct erc_circuit *c,
				 const struct erc_config *config,
				 struct netlink_ext_ack *extack);

/**
 * erc_protection_command - give a command
 * @c: the circuit; RTNL and erc_circuit.lock
 * @command: &enum ercircuit_switch, ERCIRCUIT_SWITCHES = none
 */
void erc_protection_command(struct erc_circuit *c, u8 command);

/**
 * erc_protection_leg_state - get the state of a leg for user space
 * @c: the circuit
 * @slot: &enum ercircuit_slot
 * @reason: result, &enum ercircuit_reason
 *
 * Return: &enum ercircuit_state.
 */
u8 erc_protection_leg_state(struct erc_circuit *c, int slot, u8 *reason);

#endif /* _ERC_PROTECTION_H */
