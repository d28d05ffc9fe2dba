// SPDX-License-Identifier: GPL-2.0
#include "transition_log.h"

void erc_transition_log_add(struct erc_transition_log *log,
			    const struct ercircuit_log_entry *entry)
{
	log->entries[log->total++ % ERCIRCUIT_LOG_ENTRIES] = *entry;
}

unsigned int erc_transition_log_copy(const struct erc_transition_log *log,
				     struct ercircuit_log_entry *to)
{
	unsigned int n = ERCIRCUIT_LOG_ENTRIES, i;
	u64 first = 0;

	if (log->total < n)
		n = log->total;
	else
		first = log->total - n;
	for (i = 0; i < n; i++)
		to[i] = log->entries[(first + i) % ERCIRCUIT_LOG_ENTRIES];
	return n;
}
