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
 * erc_bfd_init_sessions - initialize the sessions of a fresh circuit
 * @c: the circuit
 */
void erc_bfd_init_sessions(struct erc_circuit *c);

/**
 * erc_bfd_stop - cancel the timers of the sessions
 * @c: the circuit, after erc_schedule_stop() and without legs; RTNL
 */
void erc_bfd_stop(struct erc_circuit *c);

/**
 * erc_bfd_verdict - get the verdict of BFD on a slot
 * @c: the circuit, erc_circuit.lock held
 * @slot: &enum ercircuit_slot
 * @dev: present or next device of the slot
 * @config: its present or next settings
 *
 * Return: &enum erc_bfd_verdict; USABLE without BFD.
 */
u8 erc_bfd_verdict(const struct erc_circuit *c, int slot,
		   const struct net_device *dev,
		   const struct erc_leg_config *config);

/**
 * erc_bfd_end_unless_kept - end a session that the next settings do not keep
 * @c: the circuit with its present settings; erc_circuit.lock held
 * @slot: &enum ercircuit_slot
 * @dev: next device of the slot
 * @config: its next settings
 *
 * The function queues a packet that announces the end to the peer.
 */
void erc_bfd_end_unless_kept(struct erc_circuit *c, int slot,
			     const struct net_device *dev,
			     const struct erc_leg_config *config);

/**
 * erc_bfd_update - apply settings and state to the sessions
 * @c: the circuit, erc_circuit.lock held
 *
 * New sessions exist after this, and start in erc_bfd_start().
 */
void erc_bfd_update(struct erc_circuit *c);

/**
 * erc_bfd_start - start the sessions that do not run yet
 * @c: the circuit, after its next hops have been looked up
 */
void erc_bfd_start(struct erc_circuit *c);

/**
 * erc_bfd_flush - send the packets that were made under the lock
 * @c: the circuit; without erc_circuit.lock
 *
 * If another CPU is sending, that CPU sends all of them, in the RCU section that it
 * has begun.
 */
void erc_bfd_flush(struct erc_circuit *c);

/**
 * erc_bfd_expire - step a session whose timer has expired
 * @c: the circuit, erc_circuit.lock held
 * @leg: the leg
 *
 * The caller calls erc_bfd_flush() without the lock.
 *
 * Return: true if the caller has to check the legs.
 */
bool erc_bfd_expire(struct erc_circuit *c, struct erc_leg *leg);

/**
 * erc_bfd_match - is a control packet for the session of a slot?
 * @c: the circuit, erc_circuit.lock held
 * @leg: the leg; under RCU
 * @dev: the device by which the packet came
 * @p: the packet
 *
 * Return: true if so; the leg receives any other packet itself.
 */
bool erc_bfd_match(struct erc_circuit *c, struct erc_leg *leg,
		   const struct net_device *dev,
		   const struct erc_control *p);

/**
 * erc_bfd_receive - pass a received packet to its session
 * @c: the circuit, erc_circuit.lock held
 * @leg: the leg
 * @p: a packet that erc_bfd_match() has accepted for this session
 *
 * The caller calls erc_bfd_flush() without the lock.
 *
 * Return: true if the caller has to check the legs.
 */
bool erc_bfd_receive(struct erc_circuit *c, struct erc_leg *leg,
		     const struct erc_control *p);

#endif /* _ERC_BFD_H */
