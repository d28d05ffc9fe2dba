/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_COUNTER_H
#define _ERC_COUNTER_H

#include "count.h"

struct erc_circuit;
struct net_device;
struct rtnl_link_stats64;

/* Names of the counters of a leg and of the circuit, in list order */
extern const char * const erc_counter_leg_names[ERCIRCUIT_LEG_COUNTER_MAX];
extern const char * const erc_counter_names[ERCIRCUIT_COUNTER_MAX];

/**
 * erc_counter_read - add up the counters of all CPUs, with the times up to now
 * @c: the circuit
 * @sum: result
 *
 * Runs in any context that can take a BH lock.
 */
void erc_counter_read(struct erc_circuit *c, struct erc_counters *sum);

/**
 * erc_counter_stats64 - ndo_get_stats64
 * @dev: the circuit's device
 * @stats: result: the sum of the legs; the dropped totals include every drop
 */
void erc_counter_stats64(struct net_device *dev,
			 struct rtnl_link_stats64 *stats);

#endif /* _ERC_COUNTER_H */
