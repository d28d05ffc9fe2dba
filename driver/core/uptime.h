/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The time that a leg has been up and down.
 */
#ifndef _ERC_CORE_UPTIME_H
#define _ERC_CORE_UPTIME_H

#include "types.h"

/**
 * struct erc_uptime - time by state
 * @since_ns: time up to which @state has been accounted
 * @up_ns: time accounted to ERCIRCUIT_STATE_UP and DEGRADED, the states in
 *	which a leg is usable
 * @down_ns: time accounted to ERCIRCUIT_STATE_DOWN
 * @state: &enum ercircuit_state; EMPTY accounts to neither
 */
struct erc_uptime {
	u64 since_ns;
	u64 up_ns;
	u64 down_ns;
	u8 state;
};

/**
 * erc_uptime_set - enter a state; the time until now goes to the old one
 * @u: the account; all zero at first
 * @state: &enum ercircuit_state
 * @now_ns: CLOCK_BOOTTIME
 */
void erc_uptime_set(struct erc_uptime *u, u8 state, u64 now_ns);

/**
 * erc_uptime_read - totals up to now, without changing the account
 * @u: the account
 * @now_ns: CLOCK_BOOTTIME; earlier than the account counts as no time
 * @up_ns: result
 * @down_ns: result
 */
void erc_uptime_read(const struct erc_uptime *u, u64 now_ns,
		     u64 *up_ns, u64 *down_ns);

#endif /* _ERC_CORE_UPTIME_H */
