// SPDX-License-Identifier: GPL-2.0
/* Availability over simulated years; each value must be exact to the
 * nanosecond.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/math64.h>

#include "core/avail_account.h"

#define SECOND	1000000000ULL
#define MINUTE	(60 * SECOND)
#define HOUR	(3600 * SECOND)
#define DAY	(24 * HOUR)

#define UP	ERC_AVAIL_UP
#define DEG	ERC_AVAIL_DEGRADED
#define DOWN	ERC_AVAIL_DOWN
#define OFF	ERC_AVAIL_OFF

struct avail_step {
	u64 at_ns;
	u8 state;
};

/* Totals, computed by hand, after the last step. */
struct avail_case {
	const char *desc;
	struct avail_step steps[10];
	int n;
	u64 up, degraded, down;
	u64 outages, longest;
	u64 ppm;
	u64 budget;
};

/* 99.95 % of 30 days */
#define BUDGET	(1296 * SECOND)

static const struct avail_case avail_cases[] = {
	{ "never up", {
		{ 5 * DAY, OFF },
	}, 1, .ppm = 1000000, .budget = BUDGET },
	{ "up for a second", {
		{ 100, UP }, { 100 + SECOND, UP },
	}, 2, .up = SECOND, .ppm = 1000000, .budget = BUDGET },
	{ "one leg is enough", {
		{ HOUR - 7, DEG }, { HOUR + 4, UP }, { HOUR + 5, UP },
	}, 3, .up = 1, .degraded = 11, .ppm = 1000000, .budget = BUDGET },
	{ "an outage that goes on", {
		{ DAY, UP }, { DAY + 3 * MINUTE, DOWN }, { DAY + 4 * MINUTE, DOWN },
	}, 3, .up = 3 * MINUTE, .down = MINUTE, .outages = 1,
	  .longest = MINUTE, .ppm = 750000, .budget = BUDGET - MINUTE },
	{ "the longest of three, and a rest that is not rounded up", {
		{ DAY, UP }, { DAY + HOUR, DOWN }, { DAY + HOUR + 1, DEG },
		{ DAY + 2 * HOUR, DOWN }, { DAY + 2 * HOUR + 9, UP },
		{ DAY + 3 * HOUR, DOWN }, { DAY + 3 * HOUR + 5, UP },
		{ DAY + 4 * HOUR, UP },
	}, 8, .up = 3 * HOUR - 14, .degraded = HOUR - 1, .down = 15,
	  .outages = 3, .longest = 9, .ppm = 999999, .budget = BUDGET - 15 },
	{ "not measured while administratively down", {
		{ DAY, DOWN }, { DAY + MINUTE, OFF }, { 9 * DAY, DOWN },
		{ 9 * DAY + 2 * MINUTE, UP }, { 9 * DAY + 3 * MINUTE, UP },
	}, 5, .up = MINUTE, .down = 3 * MINUTE, .outages = 2,
	  .longest = 2 * MINUTE, .ppm = 250000, .budget = BUDGET - 3 * MINUTE },
	{ "more than the budget", {
		{ DAY, DOWN }, { 2 * DAY, UP }, { 3 * DAY, UP },
	}, 3, .up = DAY, .down = DAY, .outages = 1, .longest = DAY,
	  .ppm = 500000, .budget = 0 },
	{ "downtime 30 days ago costs no budget, but still counts", {
		{ 0, UP }, { HOUR, DOWN }, { HOUR + MINUTE, UP },
		{ 721 * HOUR, UP },
	}, 4, .up = 721 * HOUR - MINUTE, .down = MINUTE, .outages = 1,
	  .longest = MINUTE, .ppm = 999976, .budget = BUDGET },
	{ "downtime almost 30 days ago still costs budget", {
		{ 0, UP }, { HOUR, DOWN }, { HOUR + MINUTE, UP },
		{ 721 * HOUR - 1, UP },
	}, 4, .up = 721 * HOUR - 1 - MINUTE, .down = MINUTE, .outages = 1,
	  .longest = MINUTE, .ppm = 999976, .budget = BUDGET - MINUTE },
	{ "an outage of years", {
		{ DAY, DOWN }, { 5000 * DAY, DOWN },
	}, 2, .down = 4999 * DAY, .outages = 1, .longest = 4999 * DAY,
	  .ppm = 0, .budget = 0 },
	{ "a clock that is behind", {
		{ DAY, UP }, { DAY + 5, DOWN }, { DAY + 3, UP }, { DAY + 9, UP },
	}, 4, .up = 9, .outages = 1, .ppm = 1000000, .budget = BUDGET },
};

KUNIT_ARRAY_PARAM_DESC(avail, avail_cases, desc);

static struct erc_avail_account *avail_new(struct kunit *test)
{
	struct erc_avail_account *a =
		kunit_kzalloc(test, sizeof(*a), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, a);
	erc_avail_account_init(a);
	return a;
}

static void avail_test(struct kunit *test)
{
	const struct avail_case *c = test->param_value;
	struct erc_avail_account *a = avail_new(test);
	int i;

	for (i = 0; i < c->n; i++)
		erc_avail_account_enter(a, c->steps[i].state,
					c->steps[i].at_ns);
	KUNIT_EXPECT_EQ(test, a->ns[UP], c->up);
	KUNIT_EXPECT_EQ(test, a->ns[DEG], c->degraded);
	KUNIT_EXPECT_EQ(test, a->ns[DOWN], c->down);
	KUNIT_EXPECT_EQ(test, a->outages, c->outages);
	KUNIT_EXPECT_EQ(test, a->longest_ns, c->longest);
	KUNIT_EXPECT_EQ(test, erc_avail_account_ppm(a), c->ppm);
	KUNIT_EXPECT_EQ(test, erc_avail_account_budget(a, 999500), c->budget);
}

/* The whole window by days: each day has the times of its own events. */
static void avail_days_test(struct kunit *test)
{
	struct ercircuit_day *days = kunit_kzalloc(test, ERCIRCUIT_DAYS *
						   sizeof(*days), GFP_KERNEL);
	struct erc_avail_account *a = avail_new(test);
	u64 begin = 400 * DAY, day;

	KUNIT_ASSERT_NOT_NULL(test, days);
	/* Day n has n seconds of outage, and n minutes on one leg. */
	for (day = 0; day < 40; day++) {
		erc_avail_account_enter(a, DOWN, begin + day * DAY);
		erc_avail_account_enter(a, DEG,
					begin + day * DAY + day * SECOND);
		erc_avail_account_enter(a, UP,
					begin + day * DAY + day * SECOND +
						day * MINUTE);
	}
	erc_avail_account_update(a, begin + 40 * DAY - 1);
	erc_avail_account_days(a, days);
	for (day = 10; day < 40; day++) {
		const struct ercircuit_day *d = &days[day - 10];

		KUNIT_EXPECT_EQ(test, d->down_ns, day * SECOND);
		KUNIT_EXPECT_EQ(test, d->degraded_ns, day * MINUTE);
		KUNIT_EXPECT_EQ(test, d->up_ns, DAY - day * SECOND -
				day * MINUTE - (day == 39));
	}
	KUNIT_EXPECT_EQ(test, a->window_ns[DOWN], (10 + 39) * 15 * SECOND);
	/* The window moves by an hour: the hour with the outage of day 10
	 * leaves it, and the outage of day 11 enters the first 24 hours.
	 */
	erc_avail_account_update(a, begin + 40 * DAY);
	erc_avail_account_days(a, days);
	KUNIT_EXPECT_EQ(test, days[0].down_ns, 11 * SECOND);
	KUNIT_EXPECT_EQ(test, days[0].degraded_ns, 11 * MINUTE);
	KUNIT_EXPECT_EQ(test, days[0].up_ns, DAY - 11 * SECOND - 11 * MINUTE);
	KUNIT_EXPECT_EQ(test, days[29].up_ns, 23 * HOUR);
}

static u64 avail_random(u64 *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed >> 33;
}

/* Years of states, in steps from a second to months: no time is lost, and the
 * window equals the sum over all steps inside it.
 */
static void avail_walk_test(struct kunit *test)
{
	const int steps = 2000;
	struct avail_step *all = kunit_kzalloc(test, steps * sizeof(*all),
					       GFP_KERNEL);
	u64 seed = 20261124, now = DAY, first, down, sum;
	struct erc_avail_account *a = avail_new(test);
	int i, j;

	KUNIT_ASSERT_NOT_NULL(test, all);
	for (i = 0; i < steps; i++) {
		now += avail_random(&seed) * (avail_random(&seed) % 8 ?
					      100 : 1000000);
		all[i].at_ns = now;
		all[i].state = avail_random(&seed) % (OFF + 1);
		erc_avail_account_enter(a, all[i].state, now);
		first = div64_u64(now, HOUR) * HOUR;
		first = first > 719 * HOUR ? first - 719 * HOUR : 0;
		down = 0;
		for (j = i; j && all[j].at_ns > first; j--)
			if (all[j - 1].state == DOWN)
				down += all[j].at_ns -
					max(all[j - 1].at_ns, first);
		KUNIT_ASSERT_EQ(test, a->window_ns[DOWN], down);
	}
	sum = 0;
	for (i = 1; i < steps; i++)
		if (all[i - 1].state != OFF)
			sum += all[i].at_ns - all[i - 1].at_ns;
	KUNIT_EXPECT_EQ(test, a->ns[UP] + a->ns[DEG] + a->ns[DOWN], sum);
	KUNIT_EXPECT_GT(test, now, 5 * 365 * DAY);
}

/* Return: true if this leg or the other one carries a packet for this leg. */
static bool avail_carried(int slot, u8 takes, u8 works)
{
	if (!(takes & BIT(slot)))
		slot = !slot;
	return works & BIT(slot);
}

/* Compare every combination with the result for a packet. */
static void avail_judge_test(struct kunit *test)
{
	u8 active, takes, works, want;
	int moment, slot, carried;

	for (moment = 0; moment < 64; moment++) {
		active = moment & 3;
		takes = moment >> 2 & 3;
		works = moment >> 4 & takes;
		carried = 0;
		for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
			if (active & BIT(slot))
				carried += avail_carried(slot, takes, works);
		want = !carried ? DOWN : works == 3 ? UP : DEG;
		KUNIT_EXPECT_EQ_MSG(test,
				    erc_avail_account_state(active, takes,
							    works),
				    want, "active %u takes %u works %u", active,
				    takes, works);
	}
}

static struct kunit_case avail_tests[] = {
	KUNIT_CASE(avail_judge_test),
	KUNIT_CASE_PARAM(avail_test, avail_gen_params),
	KUNIT_CASE(avail_days_test),
	KUNIT_CASE(avail_walk_test),
	{}
};

static struct kunit_suite avail_suite = {
	.name = "erc_avail",
	.test_cases = avail_tests,
};

kunit_test_suite(avail_suite);
