// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/string.h>

#include "core/model.h"

#define MBIT	1000000ULL
#define GBIT	(1000 * MBIT)

static const int model_ports[2];

/* A leg of a slot by what it is */
#define LEG(slot, mbit, via, ...) {					\
	.port = &model_ports[slot], .speed = (mbit), .ethernet = true,	\
	.numbered = (via), __VA_ARGS__					\
}

#define TAG(vid, type)	.tags = 1, .id = { vid }, .ethertype = { type }
#define PORT(slot, mbit) LEG(slot, mbit, true, TAG(7, 0x8100))
#define VLAN(slot, vid)	LEG(slot, 10000, true, TAG(vid, 0x8100))
#define SVLAN(slot, vid) LEG(slot, 10000, true, TAG(vid, 0x88a8))
#define QINQ(slot, vid, outer, type)					\
	LEG(slot, 10000, true, .tags = 2, .id = { vid, outer },		\
	    .ethertype = { 0x8100, type })
#define DEEP(slot)	LEG(slot, 10000, true, .tags = 3, .id = { 7, 8 })
#define BARE(slot)	LEG(slot, 10000, true)
#define UNNUMBERED(slot) LEG(slot, 10000, false)
#define TUNNEL(slot)	{ .port = &model_ports[slot] }
#define EMPTY		{}

static const struct model_case {
	u8 model;
	u64 bandwidth;
	struct erc_model_leg leg[ERCIRCUIT_SLOTS];
	const char *why;	/* part of the sentence */
} model_cases[] = {
	/* No model, no questions */
	{ ERCIRCUIT_MODEL_NONE, 3 * MBIT, { TUNNEL(0), VLAN(1, 1) } },

	{ ERCIRCUIT_MODEL_P2P, GBIT, { EMPTY, EMPTY } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { BARE(0), BARE(1) } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { BARE(0), EMPTY } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { UNNUMBERED(0), UNNUMBERED(1) } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { VLAN(0, 7), VLAN(1, 7) } },
	/* Two virtual connections over one line: the provider's tag differs */
	{ ERCIRCUIT_MODEL_P2P, GBIT,
	  { QINQ(0, 7, 100, 0x8100), QINQ(0, 7, 200, 0x8100) } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { TUNNEL(0), BARE(1) }, "not a tunnel" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { BARE(0), TUNNEL(1) }, "not a tunnel" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { VLAN(0, 7), VLAN(1, 8) },
	  "same VLAN ID" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { VLAN(0, 7), BARE(1) }, "or neither" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { PORT(0, 1000), PORT(1, 10000) },
	  "same speed" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { PORT(0, 0), PORT(1, 10000) } },
	{ ERCIRCUIT_MODEL_P2P, GBIT,
	  { DEEP(0), VLAN(1, 7) }, "two tags" },

	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT, { VLAN(0, 7), VLAN(0, 7) } },
	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT,
	  { QINQ(0, 7, 100, 0x88a8), QINQ(1, 7, 200, 0x88a8) } },
	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT, { BARE(0), BARE(1) }, "is a VLAN" },
	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT, { TUNNEL(0), EMPTY }, "not a tunnel" },
	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT, { VLAN(0, 7), VLAN(1, 8) },
	  "same VLAN ID" },

	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { TUNNEL(0), TUNNEL(1) } },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { TUNNEL(0), BARE(1) } },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { VLAN(0, 7), VLAN(1, 8) } },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { VLAN(0, 7), BARE(1) } },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { UNNUMBERED(0), BARE(1) }, "needs via" },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { PORT(0, 1000), PORT(1, 10000) },
	  "same speed" },

	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { VLAN(0, 7), VLAN(1, 7) } },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x8100), QINQ(1, 7, 100, 0x8100) } },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x88a8), QINQ(1, 7, 100, 0x88a8) } },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x88a8), QINQ(1, 7, 100, 0x8100) }, "outer tag" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x8100), QINQ(1, 7, 200, 0x8100) }, "outer tag" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x8100), VLAN(1, 7) }, "outer tag" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x8100), QINQ(1, 8, 100, 0x8100) },
	  "same VLAN ID" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { SVLAN(0, 7), EMPTY },
	  "inner tag" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { BARE(0), BARE(1) }, "is a VLAN" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { VLAN(0, 7), VLAN(0, 7) },
	  "on two ports" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { PORT(0, 1000), EMPTY },
	  "10 or 100 Gbit/s" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { EMPTY, PORT(1, 0) },
	  "10 or 100 Gbit/s" },
	{ ERCIRCUIT_MODEL_DIRECT, 10 * GBIT, { PORT(0, 10000), PORT(1, 100000) },
	  "same speed" },
};

static void model_legs_test(struct kunit *test)
{
	struct erc_terms was, terms;
	const char *why;
	int i;

	erc_contract_init(&was);
	for (i = 0; i < ARRAY_SIZE(model_cases); i++) {
		const struct model_case *m = &model_cases[i];

		terms = was;
		terms.model = m->model;
		terms.bandwidth = m->bandwidth;
		why = erc_model_refuses(&was, &terms, m->leg);
		if (!m->why) {
			KUNIT_EXPECT_NULL_MSG(test, why, "case %d: %s", i, why);
			continue;
		}
		KUNIT_ASSERT_NOT_NULL_MSG(test, why, "case %d", i);
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(why, m->why),
					  "case %d: %s", i, why);
	}
}

/* What is sold, by model and speed of the ports (0: there are none yet) */
static const struct {
	u8 model;
	u32 speed;
	u32 mbit[10];	/* all there are */
} model_sold[] = {
	{ ERCIRCUIT_MODEL_P2P, 0, { 50, 100, 200, 500, 1000, 2000, 5000, 10000 } },
	{ ERCIRCUIT_MODEL_EXCHANGE, 10000,
	  { 50, 100, 200, 500, 1000, 2000, 5000, 10000 } },
	{ ERCIRCUIT_MODEL_IPVPN, 100000,
	  { 50, 100, 200, 500, 1000, 2000, 5000, 10000 } },
	{ ERCIRCUIT_MODEL_DIRECT, 10000, { 1000, 2000, 5000, 10000 } },
	{ ERCIRCUIT_MODEL_DIRECT, 100000, { 5000, 10000, 40000, 100000 } },
	{ ERCIRCUIT_MODEL_DIRECT, 0, { 1000, 2000, 5000, 10000, 40000, 100000 } },
};

/* Every multiple of 50 Mbit/s to 120 Gbit/s, and what is beside it */
static void model_bandwidth_test(struct kunit *test)
{
	struct erc_model_leg legs[2][ERCIRCUIT_SLOTS] = {
		{ EMPTY, EMPTY }, { PORT(0, 0), PORT(1, 0) },
	};
	struct erc_terms was, terms;
	int i, n;
	u32 mbit;

	erc_contract_init(&was);
	for (i = 0; i < ARRAY_SIZE(model_sold); i++) {
		u32 speed = model_sold[i].speed;

		legs[1][0].speed = speed;
		legs[1][1].speed = speed;
		terms = was;
		terms.model = model_sold[i].model;
		for (mbit = 0, n = 0; mbit <= 120000; mbit += 50) {
			bool sold = mbit && mbit == model_sold[i].mbit[n];

			n += sold;
			terms.bandwidth = mbit * MBIT;
			KUNIT_EXPECT_EQ_MSG(test, sold,
					    !erc_model_refuses(&was, &terms,
							       legs[speed > 0]),
					    "case %d: %u", i, mbit);
			terms.bandwidth++;
			KUNIT_EXPECT_NOT_NULL(test,
					      erc_model_refuses(&was, &terms,
								legs[speed > 0]));
		}
		KUNIT_EXPECT_EQ(test, model_sold[i].mbit[n], 0);
	}
}

static void model_shrink_test(struct kunit *test)
{
	static const struct erc_model_leg none[ERCIRCUIT_SLOTS];
	struct erc_terms was, terms;

	erc_contract_init(&was);
	was.model = ERCIRCUIT_MODEL_P2P;
	was.bandwidth = GBIT;
	terms = was;
	KUNIT_EXPECT_NULL(test, erc_model_refuses(&was, &terms, none));
	terms.bandwidth = 2 * GBIT;
	KUNIT_EXPECT_NULL(test, erc_model_refuses(&was, &terms, none));
	terms.bandwidth = 500 * MBIT;
	KUNIT_EXPECT_NOT_NULL(test, erc_model_refuses(&was, &terms, none));
	/* Another model or another contract is another circuit. */
	terms.model = ERCIRCUIT_MODEL_IPVPN;
	KUNIT_EXPECT_NULL(test, erc_model_refuses(&was, &terms, none));
	terms.model = ERCIRCUIT_MODEL_P2P;
	terms.key[0] = 1;
	KUNIT_EXPECT_NULL(test, erc_model_refuses(&was, &terms, none));
}

static void model_ports_test(struct kunit *test)
{
	static const struct erc_model_leg legs[] = {
		QINQ(0, 7, 100, 0x8100), QINQ(0, 8, 100, 0x8100),
		QINQ(0, 7, 200, 0x8100), VLAN(0, 7), EMPTY,
		QINQ(1, 7, 100, 0x8100),
	};

	KUNIT_EXPECT_TRUE(test, erc_model_same_place(&legs[0], &legs[1]));
	KUNIT_EXPECT_FALSE(test, erc_model_same_place(&legs[0], &legs[2]));
	KUNIT_EXPECT_FALSE(test, erc_model_same_place(&legs[0], &legs[3]));
	KUNIT_EXPECT_TRUE(test, erc_model_same_place(&legs[0], &legs[4]));
	KUNIT_EXPECT_TRUE(test, erc_model_same_place(&legs[4], &legs[0]));
	KUNIT_EXPECT_FALSE(test, erc_model_same_place(&legs[0], &legs[5]));

	KUNIT_EXPECT_TRUE(test, erc_model_same_stag(&legs[0], &legs[1]));
	KUNIT_EXPECT_FALSE(test, erc_model_same_stag(&legs[0], &legs[2]));
	KUNIT_EXPECT_FALSE(test, erc_model_same_stag(&legs[0], &legs[3]));
	KUNIT_EXPECT_FALSE(test, erc_model_same_stag(&legs[3], &legs[0]));

	KUNIT_EXPECT_FALSE(test, erc_model_oversubscribed(10000, 20 * GBIT));
	KUNIT_EXPECT_TRUE(test, erc_model_oversubscribed(10000, 21 * GBIT));
	KUNIT_EXPECT_FALSE(test, erc_model_oversubscribed(100000, 200 * GBIT));
	KUNIT_EXPECT_TRUE(test, erc_model_oversubscribed(100000, 205 * GBIT));

	KUNIT_EXPECT_TRUE(test, erc_model_polices(ERCIRCUIT_MODEL_NONE));
	KUNIT_EXPECT_TRUE(test, erc_model_polices(ERCIRCUIT_MODEL_P2P));
	KUNIT_EXPECT_TRUE(test, erc_model_polices(ERCIRCUIT_MODEL_EXCHANGE));
	KUNIT_EXPECT_TRUE(test, erc_model_polices(ERCIRCUIT_MODEL_IPVPN));
	KUNIT_EXPECT_FALSE(test, erc_model_polices(ERCIRCUIT_MODEL_DIRECT));
}

static struct kunit_case model_tests[] = {
	KUNIT_CASE(model_legs_test),
	KUNIT_CASE(model_bandwidth_test),
	KUNIT_CASE(model_shrink_test),
	KUNIT_CASE(model_ports_test),
	{}
};

static struct kunit_suite model_suite = {
	.name = "erc_model",
	.test_cases = model_tests,
};

kunit_test_suite(model_suite);
