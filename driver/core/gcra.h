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
 * The unit of a TAT is 1/4096 ns. The time of a packet is rounded up by less than
 * two units. So no rate is too high, and the rate of 64-byte packets at 100 Gbit/s
 * (5.12 ns each) is too low by less than 0.01 %. A TAT wraps around every 52 days;
 * erc_gcra_step() allows for that.
 */
#define ERC_GCRA_SHIFT	12

/* No packet is larger, GSO and BIG TCP included: bytes. */
#define ERC_GCRA_LEN_MAX 1048576

/**
 * struct erc_gcra - a rate and a burst, made for erc_gcra_step()
 * @byte: time of a byte, in 2^-16 of the unit of a TAT, rounded up; 0 = no limit
 * @burst: largest lead of the TAT over a packet that conforms, in its unit
 * @ahead: largest possible lead of the TAT over the clock, in its unit
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
 * erc_gcra_step - decide whether a packet conforms, and get the new TAT
 * @g: the rate
 * @tat: TAT of the meter, 0 for a new meter
 * @now_ns: any clock that does not stop
 * @len: L3 bytes of the packet, at most %ERC_GCRA_LEN_MAX
 * @next: the new TAT if the packet conforms; unchanged if not
 *
 * A packet of any size conforms if the TAT is at most a burst ahead of the clock.
 * So with a burst smaller than a packet, or of 0, packets still pass one at a time,
 * and one packet at most exceeds the burst.
 *
 * A TAT is never further ahead of the clock than @ahead. If it seems to be, it is
 * in the past: the numbers have wrapped around. A meter that has been idle for a
 * multiple of 52 days, to the millisecond, is mistaken for a meter in use.
 *
 * Return: true if it conforms.
 */
bool erc_gcra_step(const struct erc_gcra *g, u64 tat, u64 now_ns, u32 len,
		   u64 *next);

#endif /* _ERC_CORE_GCRA_H */
