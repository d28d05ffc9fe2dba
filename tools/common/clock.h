/* SPDX-License-Identifier: GPL-2.0 */
/* Reads the clocks, and formats times. */
#ifndef _ERC_CLOCK_H
#define _ERC_CLOCK_H

#include <stdint.h>

/* Room for "2026-11-24T06:10:11.123456+00:00" */
#define ERC_CLOCK_SIZE 48

/**
 * erc_clock_time - convert a time stamp to the wall clock, as it is set now
 * @boottime_ns: CLOCK_BOOTTIME
 *
 * Return: CLOCK_REALTIME, ns.
 */
uint64_t erc_clock_time(uint64_t boottime_ns);

/**
 * erc_clock_text - format a time as local time, in ISO 8601
 * @time_ns: CLOCK_REALTIME
 * @text: %ERC_CLOCK_SIZE
 *
 * Return: @text.
 */
char *erc_clock_text(uint64_t boottime_ns, char *text);

/**
 * erc_clock_now - read the boot-time clock
 *
 * Return: ns.
 */
uint64_t erc_clock_now(void);

#endif /* _ERC_CLOCK_H */
