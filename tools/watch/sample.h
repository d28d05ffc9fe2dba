/* SPDX-License-Identifier: GPL-2.0 */
/* Samples of circuits: their state at a moment, and their recent rates. */
#ifndef _ERC_SAMPLE_H
#define _ERC_SAMPLE_H

#include <net/if.h>
#include <stdbool.h>

#include "common/log.h"

/* Number of rates that are kept; no more can be drawn */
#define ERC_SAMPLE_RATES	60

/* Directions of a leg */
enum {
	ERC_SAMPLE_TX,
	ERC_SAMPLE_RX,
	ERC_SAMPLE_DIRECTIONS,
};

/**
 * struct erc_sample_rates - recent rates of a counter of bytes
 * @bytes: present value of the counter
 * @n: number of known rates
 * @rate: in bit/s, newest first
 */
struct erc_sample_rates {
	uint64_t bytes;
	unsigned int n;
	uint64_t rate[ERC_SAMPLE_RATES];
};

/**
 * struct erc_sample - a circuit
 * @ifindex: of the circuit
 * @name: of the circuit
 * @up: administratively up
 * @when_ns: boot-time clock
 * @options: options and state, as "show" prints them in JSON
 * @sla: availability, as "sla" prints it in JSON
 * @log: transitions
 * @rates: by slot and direction
 * @stale: not found in the present dump
 */
struct erc_sample {
	int ifindex;
	char name[IF_NAMESIZE];
	bool up;
	uint64_t when_ns;
	cJSON *options;
	cJSON *sla;
	struct erc_log log;
	struct erc_sample_rates rates[2][ERC_SAMPLE_DIRECTIONS];
	bool stale;
};

/**
 * struct erc_samples - the circuits
 * @n: number of circuits
 * @list: in the kernel's order
 */
struct erc_samples {
	unsigned int n;
	struct erc_sample *list;
};

/**
 * erc_samples_take - sample the circuits
 * @samples: the previous samples; updated
 * @name: of one circuit, which may be missing, or NULL for all
 *
 * Return: 0, or -1 after printing an error.
 */
int erc_samples_take(struct erc_samples *samples, const char *name);

#endif /* _ERC_SAMPLE_H */
