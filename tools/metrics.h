/* SPDX-License-Identifier: GPL-2.0 */
/* Counters and states in the text format of Prometheus. */
#ifndef _ERC_METRICS_H
#define _ERC_METRICS_H

#include <stdio.h>

#include "stats.h"

struct erc_link;

/**
 * struct erc_metrics - what is to be printed
 * @circuits: an object for each circuit
 * @legs: an object for each leg of each circuit
 * @pairs: an object for each end of each pair of circuits
 */
struct erc_metrics {
	cJSON *circuits;
	cJSON *legs;
	cJSON *pairs;
};

/**
 * erc_metrics_begin - begin with no circuit
 * @metrics: result
 */
void erc_metrics_begin(struct erc_metrics *metrics);

/**
 * erc_metrics_add - add a circuit
 * @metrics: to these
 * @link: the circuit
 * @stats: a message about it
 */
void erc_metrics_add(struct erc_metrics *metrics, const struct erc_link *link,
		     const struct erc_stats *stats);

/**
 * erc_metrics_print - print what has been added, and forget it
 * @fp: where to
 * @metrics: the circuits
 */
void erc_metrics_print(FILE *fp, struct erc_metrics *metrics);

#endif /* _ERC_METRICS_H */
