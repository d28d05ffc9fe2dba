// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <time.h>

#include "clock.h"

static int64_t erc_clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

char *erc_clock_text(uint64_t boottime_ns, char *text)
{
	int64_t ns = erc_clock_ns(CLOCK_REALTIME) -
		     erc_clock_ns(CLOCK_BOOTTIME) + boottime_ns;
	time_t seconds = ns / 1000000000;
	char date[24], zone[8];
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%FT%T", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(text, ERC_CLOCK_SIZE, "%s.%06u%.3s:%.2s", date,
		 (unsigned int)(ns % 1000000000 / 1000), zone, zone + 3);
	return text;
}

uint64_t erc_clock_now(void)
{
	return erc_clock_ns(CLOCK_BOOTTIME);
}
