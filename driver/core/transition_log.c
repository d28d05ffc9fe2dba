// SPDX-License-Identifier: GPL-2.0
#include "transition_log.h"

void erc_transition_log_add(struct erc_transition_log *log,
			    const struct ercircuit_log_entry *entry, u64 time_ns)
{
	unsigned int at = log->total++ % ERCIRCUIT_LOG_ENTRIES;

	log->entries[at] = *entry;
	log->times[at] = time_ns;
}

unsigned int erc_transition_log_copy(const struct erc_transition_log *log,
				     struct ercircuit_log_entry *to, u64 *times)
{
	unsigned int n = ERCIRCUIT_LOG_ENTRIES, i, at;
	u64 first = 0;

	if (log->total < n)
		n = log->total;
	else
		first = log->total - n;
	for (i = 0; i < n; i++) {
		at = (first + i) % ERCIRCUIT_LOG_ENTRIES;
		to[i] = log->entries[at];
		times[i] = log->times[at];
	}
	return n;
}
