/* SPDX-License-Identifier: GPL-2.0 */
/* Circuits as they were at a moment, and their rates up to it. */
#ifndef _ERC_SAMPLE_H
#define _ERC_SAMPLE_H

#include <net/if.h>
#include <stdbool.h>

#include "log.h"

/* Rates that are kept: as many as are drawn at most */
#define ERC_SAMPLE_RATES	60

/* Directions of a leg */
enum {
	ERC_SAMPLE_TX,
	ERC_SAMPLE_RX,
	ERC_SAMPLE_DIRECTIONS,
};

/**
 * struct erc_sample_rates - how fast a counter of bytes has grown
 * @bytes: the counter, now
 * @n: how many rates are known
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
 * @up: administratively
 * @when_ns: boot-time clock
 * @options: options and state, as "show" prints them in JSON
 * @sla: availability, as "sla" prints it in JSON
 * @log: transitions
 * @rates: by slot and direction
 * @stale: not found any more
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
 * struct erc_samples - the circuits that are there
 * @n: how many
 * @list: in the order of the kernel
 */
struct erc_samples {
	unsigned int n;
	struct erc_sample *list;
};

/**
 * erc_samples_take - look at the circuits, again
 * @samples: of the last time; updated
 * @name: of the one wanted, or NULL for all; it may be missing
 *
 * Return: 0, or -1 after having said what is wrong.
 */
int erc_samples_take(struct erc_samples *samples, const char *name);

#endif /* _ERC_SAMPLE_H */
