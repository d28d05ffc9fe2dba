/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The transition log: the last ERCIRCUIT_LOG_ENTRIES changes of a circuit.
 */
#ifndef _ERC_CORE_TRANSITION_LOG_H
#define _ERC_CORE_TRANSITION_LOG_H

#include "types.h"

/**
 * struct erc_transition_log - a ring of transitions
 * @entries: storage; the n-th entry ever added is at n modulo the size
 * @times: CLOCK_REALTIME of each entry in ns, as the clock was then
 * @total: number of entries ever added
 */
struct erc_transition_log {
	struct ercircuit_log_entry entries[ERCIRCUIT_LOG_ENTRIES];
	u64 times[ERCIRCUIT_LOG_ENTRIES];
	u64 total;
};

/**
 * erc_transition_log_add - append an entry; a full log loses its oldest one
 * @log: the log
 * @entry: copied in
 * @time_ns: CLOCK_REALTIME of the entry
 */
void erc_transition_log_add(struct erc_transition_log *log,
			    const struct ercircuit_log_entry *entry, u64 time_ns);

/**
 * erc_transition_log_copy - copy the entries, oldest first
 * @log: the log
 * @to: room for ERCIRCUIT_LOG_ENTRIES
 * @times: room for as many times
 *
 * Return: number of entries copied.
 */
unsigned int erc_transition_log_copy(const struct erc_transition_log *log,
				     struct ercircuit_log_entry *to, u64 *times);

#endif /* _ERC_CORE_TRANSITION_LOG_H */
