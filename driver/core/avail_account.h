/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The availability of a circuit, since it was created and in the last 30 days.
 */
#ifndef _ERC_CORE_AVAIL_ACCOUNT_H
#define _ERC_CORE_AVAIL_ACCOUNT_H

#include "types.h"

/**
 * enum erc_avail_state - state of a circuit for its availability
 * @ERC_AVAIL_UP: both legs would carry a packet
 * @ERC_AVAIL_DEGRADED: a packet would be carried, and only one leg can carry it
 * @ERC_AVAIL_DOWN: a packet would get lost, or the contract is closed
 * @ERC_AVAIL_STATES: number of states that are measured
 * @ERC_AVAIL_OFF: not measured: the circuit is administratively down
 */
enum erc_avail_state {
	ERC_AVAIL_UP,
	ERC_AVAIL_DEGRADED,
	ERC_AVAIL_DOWN,
	ERC_AVAIL_STATES,
	ERC_AVAIL_OFF = ERC_AVAIL_STATES,
};

#define ERC_AVAIL_HOUR_NS	3600000000000ULL
#define ERC_AVAIL_DAY_HOURS	24
#define ERC_AVAIL_HOURS		(ERCIRCUIT_DAYS * ERC_AVAIL_DAY_HOURS)

/**
 * struct erc_avail_account - an account of availability
 * @since_ns: time up to which the account is complete
 * @state: &enum erc_avail_state from then on
 * @outages: number of times that ERC_AVAIL_DOWN began
 * @outage_ns: length of the present outage, or of the last one
 * @longest_ns: length of the longest outage, including the present one
 * @ns: time in each state since the circuit was made
 * @window_ns: the same in the last 30 days: sum of @hours
 * @hour: number of the hour that @since_ns is in
 * @hours: time in each state by hour, a ring by the number of the hour
 */
struct erc_avail_account {
	u64 since_ns;
	u8 state;
	u64 outages;
	u64 outage_ns;
	u64 longest_ns;
	u64 ns[ERC_AVAIL_STATES];
	u64 window_ns[ERC_AVAIL_STATES];
	u64 hour;
	u64 hours[ERC_AVAIL_HOURS][ERC_AVAIL_STATES];
};

/**
 * erc_avail_account_state - get the state of a circuit whose contract is open
 * @active: &enum ercircuit_active, the legs that packets are sent to
 * @takes: legs that accept a packet, even if they lose it; a leg that does not
 *	accept it leaves it to the other leg (a mask, bit n = slot n)
 * @works: legs that may be used and would carry a packet (a mask)
 *
 * Return: &enum erc_avail_state, not OFF.
 */
u8 erc_avail_account_state(u8 active, u8 takes, u8 works);

/**
 * erc_avail_account_init - begin the account of a circuit that is down
 * @a: the account, all zero
 */
void erc_avail_account_init(struct erc_avail_account *a);

/**
 * erc_avail_account_update - bring an account up to date
 * @a: the account
 * @now_ns: CLOCK_BOOTTIME; earlier than the account counts as no time
 *
 * The last 30 days are the hour of @now_ns and the 719 before it.
 */
void erc_avail_account_update(struct erc_avail_account *a, u64 now_ns);

/**
 * erc_avail_account_enter - enter a state; the time until now goes to the old one
 * @a: the account
 * @state: &enum erc_avail_state; the present state changes nothing
 * @now_ns: CLOCK_BOOTTIME
 */
void erc_avail_account_enter(struct erc_avail_account *a, u8 state, u64 now_ns);

/**
 * erc_avail_account_ppm - get the usable part of the measured time
 * @a: the account, up to date
 *
 * Return: millionths, rounded down; 1000000 if nothing was measured.
 */
u64 erc_avail_account_ppm(const struct erc_avail_account *a);

/**
 * erc_avail_account_budget - get the downtime that a target still allows in 30 days
 * @a: the account, up to date
 * @sla_ppm: promised availability
 *
 * Return: ns, 0 if the last 30 days had as much downtime or more.
 */
u64 erc_avail_account_budget(const struct erc_avail_account *a, u32 sla_ppm);

/**
 * erc_avail_account_days - get the last 30 days
 * @a: the account, up to date
 * @days: %ERCIRCUIT_DAYS, oldest first; the last one ends with this hour
 */
void erc_avail_account_days(const struct erc_avail_account *a,
			    struct ercircuit_day *days);

#endif /* _ERC_CORE_AVAIL_ACCOUNT_H */
