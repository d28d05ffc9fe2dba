/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_TRANSITION_H
#define _ERC_TRANSITION_H

#include <uapi/linux/if_ercircuit.h>

#include "count.h"
#include "trace.h"

struct erc_circuit;

/**
 * erc_transition_is_usable - can a leg in this state carry packets?
 * @state: &enum ercircuit_state
 *
 * Return: true if it can.
 */
bool erc_transition_is_usable(u8 state);

/**
 * erc_transition_time - convert a moment to the wall clock, as it is set now
 * @boottime_ns: CLOCK_BOOTTIME
 *
 * Return: CLOCK_REALTIME, ns.
 */
u64 erc_transition_time(u64 boottime_ns);

/**
 * erc_transition_add - add a transition to the log, and trace it
 * @c: the circuit, erc_circuit.lock held
 * @entry: the transition; copied
 *
 * Switches, and legs that fail or work again, are in the kernel log as well. A
 * notification to user space follows soon after.
 */
void erc_transition_add(struct erc_circuit *c,
			const struct ercircuit_log_entry *entry);

/**
 * erc_transition_bfd - trace a change of state of a BFD session
 * @c: the circuit
 * @slot: of the session
 * @from: &enum ercircuit_bfd_state before
 * @to: &enum ercircuit_bfd_state now
 * @diag: our &enum ercircuit_bfd_diag
 */
void erc_transition_bfd(const struct erc_circuit *c, int slot, u8 from, u8 to,
			u8 diag);

/* Names of the slots, for tracers */
extern const char * const erc_transition_slots[ERCIRCUIT_SLOTS];

/* Count and trace a drop, by the name of its counter. */
#define erc_drop_leg(c, slot, name) do {				\
	erc_count_leg(c, slot, name);					\
	trace_ercircuit_drop((c)->dev, erc_transition_slots[slot], #name); \
} while (0)
#define erc_drop(c, name) do {						\
	erc_count(c, name);						\
	trace_ercircuit_drop((c)->dev, "none", #name);			\
} while (0)

#endif /* _ERC_TRANSITION_H */
