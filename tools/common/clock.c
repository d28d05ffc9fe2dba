// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"

#define ERC_NS_PER_MS	1000000
#define ERC_NS_PER_S	1000000000LL

static int64_t erc_clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * ERC_NS_PER_S + t.tv_nsec;
}

/*
 * The two clocks cannot be read at the same moment, so the offset jitters. Keep
 * the first offset until the wall clock is set.
 */
static int64_t erc_clock_offset(void)
{
	static int64_t offset;
	int64_t now = erc_clock_ns(CLOCK_REALTIME) -
		      erc_clock_ns(CLOCK_BOOTTIME);

	if (!offset || llabs(now - offset) > 50 * ERC_NS_PER_MS)
		offset = now;
	return offset;
}

uint64_t erc_clock_time(uint64_t boottime_ns)
{
	return erc_clock_offset() + boottime_ns;
}

char *erc_clock_text(uint64_t time_ns, char *text)
{
	time_t seconds = time_ns / ERC_NS_PER_S;
	char date[24], zone[8];
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%FT%T", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(text, ERC_CLOCK_SIZE, "%s.%06u%.3s:%.2s", date,
		 (unsigned int)(time_ns % ERC_NS_PER_S / 1000), zone, zone + 3);
	return text;
}

uint64_t erc_clock_now(void)
{
	return erc_clock_ns(CLOCK_BOOTTIME);
}
