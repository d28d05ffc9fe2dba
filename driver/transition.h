/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_TRANSITION_H
#define _ERC_TRANSITION_H

#include "ercircuit.h"
#include "trace.h"

/**
 * erc_transition_add_locked - write to the log, tell tracers, and user space soon
 * @c: the circuit, erc_circuit.lock held
 * @entry: what changed; copied
 */
void erc_transition_add_locked(struct erc_circuit *c,
			       const struct ercircuit_log_entry *entry);

/**
 * erc_transition_bfd - tell tracers that a BFD session changed its state
 * @c: the circuit
 * @slot: of the session
 * @from: &enum ercircuit_bfd_state before
 * @to: the one now
 * @diag: our &enum ercircuit_bfd_diag
 */
void erc_transition_bfd(const struct erc_circuit *c, int slot, u8 from, u8 to,
			u8 diag);

/* Words of a slot, for tracers. */
extern const char * const erc_transition_slots[ERCIRCUIT_SLOTS];

/* Count a drop by its name, and tell tracers. */
#define erc_drop_leg(c, slot, name) do {				\
	erc_count_leg(c, slot, name);					\
	trace_ercircuit_drop((c)->dev, erc_transition_slots[slot], #name); \
} while (0)
#define erc_drop(c, name) do {						\
	erc_count(c, name);						\
	trace_ercircuit_drop((c)->dev, "none", #name);			\
} while (0)

#endif /* _ERC_TRANSITION_H */
