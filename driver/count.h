/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_COUNT_H
#define _ERC_COUNT_H

#include <linux/percpu.h>
#include <uapi/linux/if_ercircuit.h>

/**
 * struct erc_counters - all counters of a circuit
 * @leg: by slot, then &enum ercircuit_leg_counter
 * @circuit: by &enum ercircuit_counter
 *
 * There is one instance per CPU; erc_counter_read() adds them up.
 */
struct erc_counters {
	u64 leg[ERCIRCUIT_SLOTS][ERCIRCUIT_LEG_COUNTER_MAX];
	u64 circuit[ERCIRCUIT_COUNTER_MAX];
};

#define erc_count_leg(c, slot, name) \
	this_cpu_inc((c)->stats->leg[slot][ERCIRCUIT_LEG_##name])
#define erc_count_leg_add(c, slot, name, n) \
	this_cpu_add((c)->stats->leg[slot][ERCIRCUIT_LEG_##name], n)
#define erc_count(c, name) \
	this_cpu_inc((c)->stats->circuit[ERCIRCUIT_##name])

#endif /* _ERC_COUNT_H */
