/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policing by the Generic Cell Rate Algorithm, as virtual scheduling (ITU-T
 * I.371 annex A): a packet is due at its theoretical arrival time (TAT), and
 * may come up to a burst before that.
 */
#ifndef _ERC_CORE_GCRA_H
#define _ERC_CORE_GCRA_H

#include "types.h"

/*
 * A TAT counts in 1/4096 ns. The time of a packet is rounded up, by less than two
 * of these: no rate is ever too high, and that of packets of 64 bytes at 100
 * Gbit/s, which take 5.12 ns, is too low by less than 0.01 %. A TAT wraps around
 * every 52 days, which does no harm, see erc_gcra_step().
 */
#define ERC_GCRA_SHIFT	12

/* No packet is larger, GSO and BIG TCP included: bytes. */
#define ERC_GCRA_LEN_MAX 1048576

/**
 * struct erc_gcra - a rate and a burst, made for erc_gcra_step()
 * @byte: time of a byte, in 2^-16 of the unit of a TAT, rounded up; 0 = no limit
 * @burst: largest lead of the TAT over a packet that conforms, in its unit
 * @ahead: largest lead that the TAT can have at all, in its unit
 */
struct erc_gcra {
	u64 byte;
	u64 burst;
	u64 ahead;
};

/**
 * erc_gcra_init - prepare a rate
 * @g: result
 * @rate: bit/s, %ERCIRCUIT_BANDWIDTH_MIN to %ERCIRCUIT_BANDWIDTH_MAX, or 0 = no
 *	limit
 * @burst_ns: tolerance, at most %ERCIRCUIT_BURST_MAX_US
 */
void erc_gcra_init(struct erc_gcra *g, u64 rate, u64 burst_ns);

/**
 * erc_gcra_step - does a packet conform?
 * @g: the rate
 * @tat: TAT of the meter, 0 of a fresh one
 * @now_ns: any clock that does not stop
 * @len: L3 bytes of the packet, at most %ERC_GCRA_LEN_MAX
 * @next: TAT from now on, if it does; unchanged if not
 *
 * A packet conforms if the one before it has not run further ahead than the
 * burst, however large it is itself. So with a burst smaller than a packet, or
 * of 0, packets still pass, one at a time, and a burst is exceeded by one
 * packet at most.
 *
 * A TAT cannot be further ahead of the clock than @ahead. One that seems to be
 * is in the past, if need be by more than half of the range of numbers. A meter
 * that has been idle for a multiple of 52 days, to the millisecond, is taken for
 * one in use.
 *
 * Return: true if it conforms.
 */
bool erc_gcra_step(const struct erc_gcra *g, u64 tat, u64 now_ns, u32 len,
		   u64 *next);

#endif /* _ERC_CORE_GCRA_H */
