// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>

#include "core/uptime.h"

static void uptime_test(struct kunit *test)
{
	struct erc_uptime u = {};
	u64 up, down;

	/* An empty slot adds neither up nor down time. */
	erc_uptime_read(&u, 100, &up, &down);
	KUNIT_EXPECT_EQ(test, up, 0);
	KUNIT_EXPECT_EQ(test, down, 0);

	erc_uptime_set(&u, ERCIRCUIT_STATE_DOWN, 100);
	erc_uptime_set(&u, ERCIRCUIT_STATE_UP, 130);
	erc_uptime_read(&u, 135, &up, &down);
	KUNIT_EXPECT_EQ(test, up, 5);
	KUNIT_EXPECT_EQ(test, down, 30);

	/* A degraded leg works. */
	erc_uptime_set(&u, ERCIRCUIT_STATE_DEGRADED, 132);
	erc_uptime_read(&u, 135, &up, &down);
	KUNIT_EXPECT_EQ(test, up, 5);

	/* Reading changes nothing. */
	erc_uptime_read(&u, 140, &up, &down);
	KUNIT_EXPECT_EQ(test, up, 10);

	/* A clock that is older than the account adds no time. */
	erc_uptime_read(&u, 1, &up, &down);
	KUNIT_EXPECT_EQ(test, up, 2);
	KUNIT_EXPECT_EQ(test, down, 30);

	/* The account is kept when the device leaves. */
	erc_uptime_set(&u, ERCIRCUIT_STATE_EMPTY, 150);
	erc_uptime_read(&u, 1000, &up, &down);
	KUNIT_EXPECT_EQ(test, up, 20);
	KUNIT_EXPECT_EQ(test, down, 30);
}

static struct kunit_case uptime_tests[] = {
	KUNIT_CASE(uptime_test),
	{}
};

static struct kunit_suite uptime_suite = {
	.name = "erc_uptime",
	.test_cases = uptime_tests,
};

kunit_test_suite(uptime_suite);
