// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/string.h>

#include "core/model_rules.h"

#define MBIT	1000000ULL
#define GBIT	(1000 * MBIT)

static const int model_ports[2];

/* Properties of a leg, by slot */
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
	const char *why;	/* the whole sentence, NULL if all is well */
} model_cases[] = {
	/* Without a model nothing is checked. */
	{ ERCIRCUIT_MODEL_NONE, 3 * MBIT, { TUNNEL(0), VLAN(1, 1) } },

	{ ERCIRCUIT_MODEL_P2P, GBIT, { EMPTY, EMPTY } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { BARE(0), BARE(1) } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { BARE(0), EMPTY } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { UNNUMBERED(0), UNNUMBERED(1) } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { VLAN(0, 7), VLAN(1, 7) } },
	/* Two virtual connections over one line: the provider's tags differ */
	{ ERCIRCUIT_MODEL_P2P, GBIT,
	  { QINQ(0, 7, 100, 0x8100), QINQ(0, 7, 200, 0x8100) } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { TUNNEL(0), BARE(1) },
	  "the primary leg must be an Ethernet device, not a tunnel" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { BARE(0), TUNNEL(1) },
	  "the secondary leg must be an Ethernet device, not a tunnel" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { VLAN(0, 100), VLAN(1, 101) },
	  "both legs must have the same VLAN ID (100 and 101)" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { VLAN(0, 7), BARE(1) },
	  "both legs must be VLANs, or neither (only the primary is)" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { BARE(0), VLAN(1, 7) },
	  "both legs must be VLANs, or neither (only the secondary is)" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { PORT(0, 1000), PORT(1, 10000) },
	  "both ports must have the same speed (1000 and 10000 Mbit/s)" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { PORT(0, 400000), PORT(1, 800000) },
	  "both ports must have the same speed (400000 and 800000 Mbit/s)" },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { PORT(0, 0), PORT(1, 10000) } },
	{ ERCIRCUIT_MODEL_P2P, GBIT, { DEEP(0), VLAN(1, 7) },
	  "the primary leg must have at most 2 tags (it has 3)" },

	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT, { VLAN(0, 7), VLAN(0, 7) } },
	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT,
	  { QINQ(0, 7, 100, 0x88a8), QINQ(1, 7, 200, 0x88a8) } },
	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT, { VLAN(0, 7), BARE(1) },
	  "the secondary leg must be a VLAN of its port (it has no tag)" },
	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT, { TUNNEL(0), EMPTY },
	  "the primary leg must be an Ethernet device, not a tunnel" },
	{ ERCIRCUIT_MODEL_EXCHANGE, GBIT, { VLAN(0, 7), VLAN(1, 4094) },
	  "both legs must have the same VLAN ID (7 and 4094)" },

	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { TUNNEL(0), TUNNEL(1) } },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { TUNNEL(0), BARE(1) } },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { VLAN(0, 7), VLAN(1, 8) } },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { VLAN(0, 7), BARE(1) } },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { BARE(0), UNNUMBERED(1) },
	  "the secondary leg is Ethernet and needs a next hop: set via" },
	{ ERCIRCUIT_MODEL_IPVPN, GBIT, { PORT(0, 1000), PORT(1, 10000) },
	  "both ports must have the same speed (1000 and 10000 Mbit/s)" },

	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { VLAN(0, 7), VLAN(1, 7) } },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x8100), QINQ(1, 7, 100, 0x8100) } },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x88a8), QINQ(1, 7, 100, 0x88a8) } },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x88a8), QINQ(1, 7, 100, 0x8100) },
	  "both outer tags must be of one type (0x88a8 and 0x8100)" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x8100), QINQ(1, 7, 200, 0x8100) },
	  "both legs must have the same outer tag (100 and 200)" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x8100), VLAN(1, 7) },
	  "both must have an outer tag, or neither (only primary has)" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT,
	  { QINQ(0, 7, 100, 0x8100), QINQ(1, 8, 100, 0x8100) },
	  "both legs must have the same VLAN ID (7 and 8)" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { EMPTY, SVLAN(1, 7) },
	  "the secondary inner tag must be 802.1Q (it is 0x88a8)" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { BARE(0), BARE(1) },
	  "the primary leg must be a VLAN of its port (it has no tag)" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { VLAN(0, 7), VLAN(0, 7) },
	  "the legs must be on different ports (both are on one)" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { EMPTY, PORT(1, 400000) },
	  "the secondary port must have 10 or 100 Gbit/s (400000 Mbit/s)" },
	{ ERCIRCUIT_MODEL_DIRECT, GBIT, { EMPTY, PORT(1, 0) },
	  "the secondary port must tell its speed (10 or 100 Gbit/s)" },
	{ ERCIRCUIT_MODEL_DIRECT, 10 * GBIT, { PORT(0, 10000), PORT(1, 100000) },
	  "both ports must have the same speed (10000 and 100000 Mbit/s)" },

	/* The service does not sell this bandwidth */
	{ ERCIRCUIT_MODEL_EXCHANGE, 0, { EMPTY, EMPTY },
	  "bandwidth 0 mbit: use 50/100/200/500/1000/2000/5000/10000" },
	{ ERCIRCUIT_MODEL_DIRECT, 0, { EMPTY, EMPTY },
	  "bandwidth 0 mbit: use 1000/2000/5000/10000/40000/100000" },
	{ ERCIRCUIT_MODEL_DIRECT, 0, { EMPTY, PORT(1, 10000) },
	  "bandwidth 0 mbit: use 1000/2000/5000/10000 on 10G" },
	{ ERCIRCUIT_MODEL_DIRECT, 0, { EMPTY, PORT(1, 100000) },
	  "bandwidth 0 mbit: use 5000/10000/40000/100000 on 100G" },
};

static void model_legs_test(struct kunit *test)
{
	struct erc_terms was, terms;
	char why[ERC_MODEL_WHY];
	int i, err;

	erc_terms_init(&was);
	for (i = 0; i < ARRAY_SIZE(model_cases); i++) {
		const struct model_case *m = &model_cases[i];

		terms = was;
		terms.model = m->model;
		terms.bandwidth = m->bandwidth;
		why[0] = '\0';
		err = erc_model_rules_verify(&was, &terms, m->leg, why);
		KUNIT_EXPECT_EQ_MSG(test, err, m->why ? -EINVAL : 0,
				    "case %d: %s", i, why);
		if (m->why)
			KUNIT_EXPECT_STREQ_MSG(test, why, m->why, "case %d", i);
	}
}

/* Bandwidths that the service sells, by model and speed of the ports (0: no
 * ports yet)
 */
static const struct {
	u8 model;
	u32 speed;
	u32 mbit[10];	/* all of them, in ascending order */
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

/* Every multiple of 50 Mbit/s up to 120 Gbit/s, and 1 bit/s above each */
static void model_bandwidth_test(struct kunit *test)
{
	struct erc_model_leg legs[2][ERCIRCUIT_SLOTS] = {
		{ EMPTY, EMPTY }, { PORT(0, 0), PORT(1, 0) },
	};
	struct erc_terms was, terms;
	char why[ERC_MODEL_WHY];
	int i, n;
	u32 mbit;

	erc_terms_init(&was);
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
					    !erc_model_rules_verify(&was,
								    &terms,
								    legs[speed >
									 0],
								    why),
					    "case %d: %u", i, mbit);
			terms.bandwidth++;
			KUNIT_EXPECT_NE(test, 0,
					erc_model_rules_verify(&was, &terms,
							       legs[speed > 0],
							       why));
		}
		KUNIT_EXPECT_EQ(test, model_sold[i].mbit[n], 0);
	}
}

static void model_shrink_test(struct kunit *test)
{
	static const struct erc_model_leg none[ERCIRCUIT_SLOTS];
	struct erc_terms was, terms;
	char why[ERC_MODEL_WHY];

	erc_terms_init(&was);
	was.model = ERCIRCUIT_MODEL_P2P;
	was.bandwidth = GBIT;
	terms = was;
	KUNIT_EXPECT_EQ(test, 0,
			erc_model_rules_verify(&was, &terms, none, why));
	terms.bandwidth = 2 * GBIT;
	KUNIT_EXPECT_EQ(test, 0,
			erc_model_rules_verify(&was, &terms, none, why));
	terms.bandwidth = 500 * MBIT;
	KUNIT_EXPECT_EQ(test, -EINVAL,
			erc_model_rules_verify(&was, &terms, none, why));
	KUNIT_EXPECT_STREQ(test, why,
			   "bandwidth can only be raised (1000 to 500 mbit)");
	/* Another model or another contract makes another circuit. */
	terms.model = ERCIRCUIT_MODEL_IPVPN;
	KUNIT_EXPECT_EQ(test, 0,
			erc_model_rules_verify(&was, &terms, none, why));
	terms.model = ERCIRCUIT_MODEL_P2P;
	terms.key[0] = 1;
	KUNIT_EXPECT_EQ(test, 0,
			erc_model_rules_verify(&was, &terms, none, why));
}

static void model_ports_test(struct kunit *test)
{
	static const struct erc_model_leg legs[] = {
		QINQ(0, 7, 100, 0x8100), QINQ(0, 8, 100, 0x8100),
		QINQ(0, 7, 200, 0x8100), VLAN(0, 7), EMPTY,
		QINQ(1, 7, 100, 0x8100),
	};

	KUNIT_EXPECT_TRUE(test, erc_model_rules_same_place(&legs[0], &legs[1]));
	KUNIT_EXPECT_FALSE(test,
			   erc_model_rules_same_place(&legs[0], &legs[2]));
	KUNIT_EXPECT_FALSE(test,
			   erc_model_rules_same_place(&legs[0], &legs[3]));
	KUNIT_EXPECT_TRUE(test, erc_model_rules_same_place(&legs[0], &legs[4]));
	KUNIT_EXPECT_TRUE(test, erc_model_rules_same_place(&legs[4], &legs[0]));
	KUNIT_EXPECT_FALSE(test,
			   erc_model_rules_same_place(&legs[0], &legs[5]));

	KUNIT_EXPECT_TRUE(test, erc_model_rules_same_stag(&legs[0], &legs[1]));
	KUNIT_EXPECT_FALSE(test, erc_model_rules_same_stag(&legs[0], &legs[2]));
	KUNIT_EXPECT_FALSE(test, erc_model_rules_same_stag(&legs[0], &legs[3]));
	KUNIT_EXPECT_FALSE(test, erc_model_rules_same_stag(&legs[3], &legs[0]));

	KUNIT_EXPECT_FALSE(test,
			   erc_model_rules_is_oversubscribed(10000, 20 * GBIT));
	KUNIT_EXPECT_TRUE(test,
			  erc_model_rules_is_oversubscribed(10000, 21 * GBIT));
	KUNIT_EXPECT_FALSE(test, erc_model_rules_is_oversubscribed(100000,
								   200 * GBIT));
	KUNIT_EXPECT_TRUE(test, erc_model_rules_is_oversubscribed(100000,
								  205 * GBIT));

	KUNIT_EXPECT_TRUE(test, erc_model_rules_polices(ERCIRCUIT_MODEL_NONE));
	KUNIT_EXPECT_TRUE(test, erc_model_rules_polices(ERCIRCUIT_MODEL_P2P));
	KUNIT_EXPECT_TRUE(test,
			  erc_model_rules_polices(ERCIRCUIT_MODEL_EXCHANGE));
	KUNIT_EXPECT_TRUE(test, erc_model_rules_polices(ERCIRCUIT_MODEL_IPVPN));
	KUNIT_EXPECT_FALSE(test,
			   erc_model_rules_polices(ERCIRCUIT_MODEL_DIRECT));
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
