/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_BFD_H
#define _ERC_BFD_H

#include <linux/types.h>

struct erc_circuit;
struct erc_control;
struct erc_leg;
struct erc_leg_config;
struct net_device;

/**
 * erc_bfd_init_sessions - make the slots of a fresh circuit ready
 * @c: the circuit
 */
void erc_bfd_init_sessions(struct erc_circuit *c);

/**
 * erc_bfd_stop - no further timer
 * @c: the circuit, dying and without legs; RTNL
 */
void erc_bfd_stop(struct erc_circuit *c);

/**
 * erc_bfd_verdict_locked - what BFD says, or would say, of a slot
 * @c: the circuit, erc_circuit.lock held
 * @slot: &enum ercircuit_slot
 * @dev: device in the slot, now or soon
 * @config: its settings, now or soon
 *
 * Return: &enum erc_bfd_verdict; USABLE where there is no BFD.
 */
u8 erc_bfd_verdict_locked(const struct erc_circuit *c, int slot,
			  const struct net_device *dev,
			  const struct erc_leg_config *config);

/**
 * erc_bfd_leave_locked - end a session that the next settings do not keep
 * @c: the circuit as it is before; erc_circuit.lock held
 * @slot: &enum ercircuit_slot
 * @dev: device the slot is going to have
 * @config: the settings it is going to have
 *
 * Its peer is told.
 */
void erc_bfd_leave_locked(struct erc_circuit *c, int slot,
			  const struct net_device *dev,
			  const struct erc_leg_config *config);

/**
 * erc_bfd_follow_locked - bring the sessions in line with settings and state
 * @c: the circuit, erc_circuit.lock held
 *
 * Those that are to start do so in erc_bfd_start().
 */
void erc_bfd_follow_locked(struct erc_circuit *c);

/**
 * erc_bfd_start - start what is to run and does not
 * @c: the circuit; its next hops have been looked up
 */
void erc_bfd_start(struct erc_circuit *c);

/**
 * erc_bfd_flush - send what has been made under the lock
 * @c: the circuit; without erc_circuit.lock
 *
 * When it returns, nothing that was made before is left to another CPU but
 * inside of an RCU section.
 */
void erc_bfd_flush(struct erc_circuit *c);

/**
 * erc_bfd_expire_locked - the timer of a session has expired
 * @c: the circuit, erc_circuit.lock held
 * @leg: the slot
 *
 * The caller calls erc_bfd_flush() without the lock.
 *
 * Return: true if the caller has to check the legs.
 */
bool erc_bfd_expire_locked(struct erc_circuit *c, struct erc_leg *leg);

/**
 * erc_bfd_match_locked - is a control packet for the session of a slot?
 * @c: the circuit, erc_circuit.lock held
 * @leg: the slot; under RCU
 * @dev: the device by which the packet came
 * @p: the packet
 *
 * Return: true if it is; the leg receives any other packet itself.
 */
bool erc_bfd_match_locked(struct erc_circuit *c, struct erc_leg *leg,
			  const struct net_device *dev,
			  const struct erc_control *p);

/**
 * erc_bfd_receive_locked - give a session a packet of its own
 * @c: the circuit, erc_circuit.lock held
 * @leg: the slot
 * @p: a packet that erc_bfd_match_locked() has found to be for this session
 *
 * The caller calls erc_bfd_flush() without the lock.
 *
 * Return: true if the caller has to check the legs.
 */
bool erc_bfd_receive_locked(struct erc_circuit *c, struct erc_leg *leg,
			    const struct erc_control *p);

#endif /* _ERC_BFD_H */
