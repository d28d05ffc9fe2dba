/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_AVAIL_H
#define _ERC_AVAIL_H

#include <linux/types.h>

struct erc_circuit;

/**
 * erc_avail_update_locked - account for the present state of the circuit
 * @c: the circuit, registered; erc_circuit.lock
 */
void erc_avail_update_locked(struct erc_circuit *c);

/**
 * erc_avail_update - account for the present state; takes the lock
 * @c: the circuit, registered
 */
void erc_avail_update(struct erc_circuit *c);

/**
 * erc_avail_read - read the counters of availability, up to now
 * @c: the circuit, registered; erc_circuit.lock
 * @counters: by &enum ercircuit_counter; other counters are not written
 */
void erc_avail_read(struct erc_circuit *c, u64 *counters);

#endif /* _ERC_AVAIL_H */
