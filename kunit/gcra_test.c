// SPDX-License-Identifier: GPL-2.0
/* Policing: single packets from a table, rates over seconds, and idle years. */
#include <kunit/test.h>
#include <linux/math64.h>

#include "core/gcra.h"

#define MS	1000000ULL
#define SECOND	1000000000ULL
#define DAY	(86400 * SECOND)
#define MBIT	1000000ULL
#define GBIT	1000000000ULL

/* A packet and whether it conforms */
struct gcra_packet {
	u64 now_ns;
	u32 len;
	bool conforms;
};

struct gcra_case {
	const char *desc;
	u64 rate;
	u64 burst_ns;
	struct gcra_packet packets[8];
};

/* At 8 Mbit/s a byte takes 1 us, at 8 kbit/s 1 ms. */
static const struct gcra_case gcra_cases[] = {
	{ "no burst: one by one", 8 * MBIT, 0, {
		{ 5 * MS, 1000, true },
		{ 5 * MS, 1000, false },
		{ 6 * MS - 1, 1000, false },
		{ 6 * MS, 1000, true },
		{ 6 * MS, 20, false },
		{ 7 * MS, 20, true },
	} },
	{ "a burst, and one packet over it", 8 * MBIT, 2 * MS, {
		{ 5 * MS, 1000, true },
		{ 5 * MS, 1000, true },
		{ 5 * MS, 1000, true },
		{ 5 * MS, 1, false },
		{ 5 * MS + 999999, 1, false },
		{ 6 * MS, 1000, true },
	} },
	{ "a burst smaller than a packet", 8 * 1000, MS, {
		{ 1, 1500, true },
		{ 1000 * MS, 1500, false },
		{ 1499 * MS, 1500, false },
		{ 1499 * MS + 1, 1500, true },
		{ 1499 * MS + 1, 1500, false },
	} },
	{ "unused bandwidth is not kept", 8 * MBIT, MS, {
		{ 5 * MS, 1000, true },
		{ 90 * MS, 1000, true },
		{ 90 * MS, 1000, true },
		{ 90 * MS, 1000, false },
	} },
	{ "a clock that was read a moment ago", 8 * MBIT, MS, {
		{ 5 * MS, 1000, true },
		{ 5 * MS - 10, 1000, false },
		{ 5 * MS, 1000, true },
	} },
	{ "no limit", 0, 0, {
		{ 5 * MS, 60000, true },
		{ 5 * MS, 60000, true },
		{ 5 * MS, 60000, true },
	} },
};

KUNIT_ARRAY_PARAM_DESC(gcra, gcra_cases, desc);

static void gcra_test(struct kunit *test)
{
	const struct gcra_case *c = test->param_value;
	const struct gcra_packet *p;
	struct erc_gcra g;
	u64 tat = 0, next;

	erc_gcra_init(&g, c->rate, c->burst_ns);
	for (p = c->packets; p->len; p++) {
		next = tat;
		KUNIT_EXPECT_EQ_MSG(test, erc_gcra_step(&g, tat, p->now_ns,
							p->len, &next),
				    p->conforms, "packet %ld",
				    (long)(p - c->packets));
		if (!p->conforms)
			KUNIT_EXPECT_EQ(test, next, tat);
		tat = next;
	}
}

struct gcra_rate_case {
	const char *desc;
	u64 rate;
	u32 len;
	u64 time_ns;
};

static const struct gcra_rate_case gcra_rate_cases[] = {
	{ "50 Mbit/s, small packets", 50 * MBIT, 64, 10 * SECOND },
	{ "50 Mbit/s", 50 * MBIT, 1500, 10 * SECOND },
	{ "1 Gbit/s", GBIT, 1500, 10 * SECOND },
	{ "100 Gbit/s, packets of GSO", 100 * GBIT, 65535, 10 * SECOND },
	{ "100 Gbit/s, small packets", 100 * GBIT, 64, 10 * MS },
	{ "1 Tbit/s, small packets", 1000 * GBIT, 64, MS },
};

KUNIT_ARRAY_PARAM_DESC(gcra_rate, gcra_rate_cases, desc);

/* Offer twice the bandwidth: the contract accepts the bandwidth and one burst,
 * within a thousandth. The burst is used up first, as it would be half of the
 * bytes of a short run.
 */
static void gcra_rate_test(struct kunit *test)
{
	const struct gcra_rate_case *c = test->param_value;
	u64 begin = 10000 * DAY, burst = 10 * MS, now = begin;
	u64 tat = 0, bytes = 0, due, i;
	struct erc_gcra g;

	erc_gcra_init(&g, c->rate, burst);
	/* Use up the burst: only the rate remains. */
	while (erc_gcra_step(&g, tat, now, c->len, &tat))
		;
	for (i = 1; now < begin + c->time_ns; i++) {
		now = begin + mul_u64_u64_div_u64(i * c->len, 4 * SECOND,
						  c->rate);
		if (erc_gcra_step(&g, tat, now, c->len, &tat))
			bytes += c->len;
	}
	due = mul_u64_u64_div_u64(c->rate / 8, now - begin, SECOND);
	KUNIT_EXPECT_LE(test, bytes, due + due / 1000 + c->len);
	KUNIT_EXPECT_GE(test, bytes, due - due / 1000 - c->len);
}

/* A pause of any length, even years, gives one burst and no more. */
static void gcra_idle_test(struct kunit *test)
{
	u64 now = 3, tat = 0, bytes, day;
	struct erc_gcra g;

	erc_gcra_init(&g, GBIT, 10 * MS);
	for (day = 1; day < 4000; day += 13) {
		now += day * DAY;
		bytes = 0;
		while (erc_gcra_step(&g, tat, now, 1250, &tat))
			bytes += 1250;
		/* 10 ms at 1 Gbit/s, and one packet */
		KUNIT_ASSERT_EQ(test, bytes, 1250000 + 1250);
	}
}

static u64 gcra_random(u64 *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed >> 33;
}

/*
 * From each packet on that met an idle meter, rate and burst are not exceeded
 * by a single byte. A packet is refused only if the earlier packets have used
 * up both. The time of a packet is rounded up, and the sum is in whole bytes,
 * so this direction may be off by a byte for each packet.
 */
static void gcra_walk(struct kunit *test, u64 seed)
{
	u64 rate = 1000 * (1 + gcra_random(&seed) % 100000000);
	u64 burst = gcra_random(&seed) % (20 * MS);
	u64 begin = 0, now = DAY, tat = 0, bytes = 0, allowed;
	struct erc_gcra g;
	u32 len, n = 0;
	int i;

	erc_gcra_init(&g, rate, burst);
	for (i = 0; i < 20000; i++) {
		len = 20 + gcra_random(&seed) % 9000;
		now += div64_u64(gcra_random(&seed) % (2 * len) * 8 * SECOND,
				 rate);
		if (!n || now << ERC_GCRA_SHIFT >= tat) {
			begin = now;
			bytes = 0;
			n = 0;
		}
		allowed = mul_u64_u64_div_u64(rate, now - begin + burst,
					      8 * SECOND);
		if (erc_gcra_step(&g, tat, now, len, &tat)) {
			KUNIT_ASSERT_LE(test, bytes, allowed);
			bytes += len;
		} else {
			KUNIT_ASSERT_GE(test, bytes + n + 1, allowed);
		}
		n++;
	}
}

static void gcra_walk_test(struct kunit *test)
{
	u64 seed;

	for (seed = 20261124; seed < 20261124 + 50; seed++)
		gcra_walk(test, seed);
}

/* The time of a packet is rounded up, by less than two units. */
static void gcra_round_test(struct kunit *test)
{
	u64 seed = 20261128, rate, time, due, next;
	struct erc_gcra g;
	u32 len, rest;
	int i;

	for (i = 0; i < 100000; i++) {
		/* Up to 1 Tbit/s, in most cases no multiple of 8 bit */
		rate = 1000 + gcra_random(&seed) * gcra_random(&seed) %
		       (1000 * GBIT - 1000);
		len = 1 + gcra_random(&seed) % 65535;
		erc_gcra_init(&g, rate, 0);
		KUNIT_ASSERT_TRUE(test, erc_gcra_step(&g, 0, DAY, len, &next));
		time = next - (DAY << ERC_GCRA_SHIFT);
		due = mul_u64_u64_div_u64(8ULL * len << ERC_GCRA_SHIFT, SECOND,
					  rate);
		/* 1 if the division above had a remainder */
		rest = due * rate != (8ULL * len << ERC_GCRA_SHIFT) * SECOND;
		KUNIT_ASSERT_GE(test, time, due + rest);
		KUNIT_ASSERT_LE(test, time, due + rest + 1);
	}
}

static struct kunit_case gcra_tests[] = {
	KUNIT_CASE(gcra_round_test),
	KUNIT_CASE_PARAM(gcra_test, gcra_gen_params),
	KUNIT_CASE_PARAM(gcra_rate_test, gcra_rate_gen_params),
	KUNIT_CASE(gcra_idle_test),
	KUNIT_CASE(gcra_walk_test),
	{}
};

static struct kunit_suite gcra_suite = {
	.name = "erc_gcra",
	.test_cases = gcra_tests,
};

kunit_test_suite(gcra_suite);
