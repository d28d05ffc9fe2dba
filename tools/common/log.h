/* SPDX-License-Identifier: GPL-2.0 */
/* The transition log of a circuit. */
#ifndef _ERC_LOG_H
#define _ERC_LOG_H

#include <stdio.h>

#include "stats.h"

/**
 * struct erc_log - a copy of the log
 * @n: number of entries
 * @entry: oldest first
 * @time_ns: CLOCK_REALTIME of each entry, as that clock was set then
 */
struct erc_log {
	unsigned int n;
	struct ercircuit_log_entry entry[ERCIRCUIT_LOG_ENTRIES];
	uint64_t time_ns[ERCIRCUIT_LOG_ENTRIES];
};

/**
 * erc_log_get - copy the log from a message
 * @log: result
 * @stats: the message
 */
void erc_log_get(struct erc_log *log, const struct erc_stats *stats);

/**
 * erc_log_news - find the entries that are new
 * @log: the log now
 * @before: an older copy of the log
 *
 * Return: index of the first new entry, @log->n if there is none.
 */
unsigned int erc_log_news(const struct erc_log *log,
			  const struct erc_log *before);

/**
 * erc_log_json - convert an entry to a JSON object
 * @name: of the circuit
 * @log: the log
 * @i: index of the entry
 *
 * Return: the object.
 */
cJSON *erc_log_json(const char *name, const struct erc_log *log,
		    unsigned int i);

/**
 * erc_log_text - print an entry as a line
 * @fp: output
 * @json: from erc_log_json()
 */
void erc_log_text(FILE *fp, const cJSON *json);

#endif /* _ERC_LOG_H */
