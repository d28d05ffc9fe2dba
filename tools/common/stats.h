/* SPDX-License-Identifier: GPL-2.0 */
/* Parses RTM_NEWSTATS: counters and the transition log. */
#ifndef _ERC_STATS_H
#define _ERC_STATS_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdio.h>

#include "names.h"

/**
 * struct erc_stats - an RTM_NEWSTATS message about a circuit
 * @ifindex: of the circuit
 * @tb: by &enum ercircuit_xstats
 */
struct erc_stats {
	int ifindex;
	const struct nlattr *tb[ERCIRCUIT_XSTATS_MAX + 1];
};

/* The names of the counters of a leg, of a circuit, and of a pair of circuits
 */
extern const struct erc_names erc_stats_leg;
extern const struct erc_names erc_stats_circuit;
extern const struct erc_names erc_stats_reach;

/**
 * erc_stats_parse - parse a message
 * @nlh: the message
 * @stats: result; points into the message
 *
 * Return: true if it is about a circuit.
 */
bool erc_stats_parse(const struct nlmsghdr *nlh, struct erc_stats *stats);

/**
 * erc_stats_json - add the counters to a JSON object
 * @to: the object
 * @stats: the message
 */
void erc_stats_json(cJSON *to, const struct erc_stats *stats);

/**
 * erc_stats_text - print the counters as a table
 * @fp: output
 * @json: from erc_stats_json(), with a "name"
 */
void erc_stats_text(FILE *fp, const cJSON *json);

#endif /* _ERC_STATS_H */
