/* SPDX-License-Identifier: GPL-2.0 */
/* Compares the availability of a circuit with the promised one. */
#ifndef _ERC_SLA_H
#define _ERC_SLA_H

#include <stdio.h>

#include "stats.h"

struct erc_link;

/**
 * erc_sla_text - print the availability as text
 * @fp: output
 * @json: from erc_sla_json()
 */
void erc_sla_text(FILE *fp, const cJSON *json);

/**
 * erc_sla_json - convert the availability of a circuit to JSON
 * @link: the circuit
 * @stats: a message about it
 *
 * Return: a JSON object.
 */
cJSON *erc_sla_json(const struct erc_link *link,
		    const struct erc_stats *stats);

#endif /* _ERC_SLA_H */
