/* SPDX-License-Identifier: GPL-2.0 */
/* Prints counters and states in the text format of Prometheus. */
#ifndef _ERC_METRICS_H
#define _ERC_METRICS_H

#include <stdio.h>

#include "common/stats.h"

struct erc_link;

/**
 * struct erc_metrics - the metrics to print
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
 * erc_metrics_begin - begin without any circuit
 * @metrics: result
 */
void erc_metrics_begin(struct erc_metrics *metrics);

/**
 * erc_metrics_add - add a circuit
 * @metrics: the metrics
 * @link: the circuit
 * @stats: a message about it
 */
void erc_metrics_add(struct erc_metrics *metrics, const struct erc_link *link,
		     const struct erc_stats *stats);

/**
 * erc_metrics_print - print the metrics and free them
 * @fp: output
 * @metrics: the circuits
 */
void erc_metrics_print(FILE *fp, struct erc_metrics *metrics);

#endif /* _ERC_METRICS_H */
