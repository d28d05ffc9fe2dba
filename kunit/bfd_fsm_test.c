// SPDX-License-Identifier: GPL-2.0
/*
 * BFD, rule by rule: the content of packets, each check of RFC 5880 section
 * 6.8.6, the table of states, and timers with a simulated clock.
 */
#include <kunit/test.h>

#include "bfd_at.h"

/* Sections 6.8.6 and 6.8.2: each state with each received state */
static void bfd_state_test(struct kunit *test)
{
	static const u8 want[4][4] = {
		/* received: ADMIN DOWN   INIT   UP */
		[ADMIN] = { ADMIN, ADMIN, ADMIN, ADMIN },
		[DOWN]  = { DOWN,  INIT,  UP,    DOWN },
		[INIT]  = { DOWN,  INIT,  UP,    UP },
		[UP]    = { DOWN,  DOWN,  UP,    UP },
	};
	struct bfd_at b;
	u8 from, heard;

	for (from = ADMIN; from <= UP; from++) {
		for (heard = ADMIN; heard <= UP; heard++) {
			bfd_start(&b, &bfd_service);
			if (from == ADMIN)
				bfd_admin(&b, true, false);
			if (from == INIT)
				bfd_hear(&b, DOWN, 0);
			if (from == UP)
				bfd_hear(&b, INIT, 0);
			KUNIT_ASSERT_EQ(test, b.s.state, from);
			bfd_hear(&b, heard, 0);
			KUNIT_EXPECT_EQ(test, b.out.was, from);
			KUNIT_EXPECT_EQ(test, b.s.state, want[from][heard]);
			if (from > DOWN && b.s.state == DOWN)
				KUNIT_EXPECT_EQ(test, b.s.diag,
						ERCIRCUIT_BFD_DIAG_NEIGHBOUR);
			/* A change is sent immediately. */
			if (b.s.state != from)
				KUNIT_EXPECT_TRUE(test, b.out.send);
		}
	}
}

/* No packet is sent before the start; later ones have the peer's discriminator
 */
static void bfd_start_test(struct kunit *test)
{
	struct bfd_at b = { .now = MS(5) };

	erc_bfd_fsm_init(&b.s, 1, &bfd_service);
	bfd_timer(&b);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, ERC_NEVER);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	bfd_configure(&b, 20000, 20000, 4);
	KUNIT_EXPECT_FALSE(test, b.out.send);

	bfd_admin(&b, false, false);
	KUNIT_EXPECT_TRUE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.packet.your_discr, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.my_discr, 1);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
	/* Section 6.8.3: at most one packet a second */
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 1000000);
	KUNIT_EXPECT_EQ(test, b.out.packet.rx_us, 20000);
	KUNIT_EXPECT_EQ(test, b.out.packet.mult, 4);
	KUNIT_EXPECT_EQ(test, b.out.packet.echo_us, 0);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(875));
	/* A second start does nothing. */
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_FALSE(test, b.out.send);

	/* The timer fires too early, and then in time */
	b.now += MS(874);
	bfd_timer(&b);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	b.now += MS(1);
	bfd_timer(&b);
	KUNIT_EXPECT_TRUE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(875));

	b.now += MS(1);
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, INIT);
	KUNIT_EXPECT_EQ(test, b.out.packet.your_discr, 77);
}

/* A requested interval above one second applies from the start. */
static void bfd_slow_test(struct kunit *test)
{
	static const struct erc_bfd_config slow = {
		.tx_us = 60000000, .rx_us = 60000000, .mult = 3,
	};
	struct bfd_at b;

	bfd_start(&b, &slow);
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 60000000);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(52500));
	bfd_configure(&b, 2000000, 60000000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 2000000);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(1750));
}

/* Sections 6.8.2 and 6.8.4: negotiated intervals */
static void bfd_negotiation_test(struct kunit *test)
{
	struct erc_bfd_packet p = bfd_peer;
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 300000);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_detection_us(&b.s), 900000);

	/* The peer receives more slowly than we want to send. */
	p.rx_us = 400000;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 400000);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.s.sent_ns + MS(350));
	/* A shorter interval applies immediately, from the last packet on. */
	p.rx_us = 10000;
	b.now += MS(290);
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 300000);
	KUNIT_EXPECT_TRUE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.s.sent_ns, b.now);

	/* The peer sends more slowly than we can receive, with a larger
	 * multiplier.
	 */
	p.tx_us = 500000;
	p.mult = 5;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_detection_us(&b.s), 2500000);
	p.tx_us = 1000;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_detection_us(&b.s), 1500000);

	/* Section 6.8.7: the peer wants no packets. */
	p.rx_us = 0;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 0);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(1500));
	p.rx_us = 300000;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.s.sent_ns + US(262500));
}

/* Section 6.8.4: detection of a silent peer, and its return */
static void bfd_detection_test(struct kunit *test)
{
	struct bfd_at b;
	u64 heard;

	bfd_settled(&b, &bfd_service);
	heard = b.now;
	b.now = heard + MS(900) - 1;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.state, UP);
	/* The timer fires in time: the first check, and the last */
	b.now++;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.state, UP);
	KUNIT_EXPECT_LE(test, b.out.deadline_ns, b.now);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	KUNIT_EXPECT_TRUE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.packet.diag, ERCIRCUIT_BFD_DIAG_EXPIRED);
	KUNIT_EXPECT_EQ(test, b.out.packet.your_discr, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 1000000);
	KUNIT_EXPECT_EQ(test, b.s.remote.rx_us, 1);
	KUNIT_EXPECT_EQ(test, b.s.remote.state, DOWN);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_detection_us(&b.s), 0);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(875));

	/* The peer has restarted with another discriminator */
	b.now += MS(5);
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.s.state, INIT);
	KUNIT_EXPECT_EQ(test, b.out.packet.diag, ERCIRCUIT_BFD_DIAG_EXPIRED);
	/* Init expires, too, without a second check. */
	b.now += MS(900);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.s.diag, ERCIRCUIT_BFD_DIAG_EXPIRED);
	KUNIT_EXPECT_EQ(test, b.s.remote.discr, 0);
}

/* A packet between the two checks saves the session. */
static void bfd_doubt_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	b.now += MS(900);
	bfd_timer(&b);
	bfd_hear(&b, UP, 0);
	KUNIT_EXPECT_TRUE(test, b.out.near_miss);
	KUNIT_EXPECT_EQ(test, b.s.state, UP);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.state, UP);
	/* The next time begins with a first check again. */
	b.now += MS(900);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.state, UP);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.state, DOWN);
}

/* The peer restarts while our session is still Up */
static void bfd_restart_test(struct kunit *test)
{
	struct erc_bfd_packet p = bfd_peer;
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	p.my_discr = 78;
	p.your_discr = 0;
	p.state = DOWN;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, b.s.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.packet.your_discr, 78);
	KUNIT_EXPECT_EQ(test, b.out.packet.diag, ERCIRCUIT_BFD_DIAG_NEIGHBOUR);
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, INIT);
	KUNIT_EXPECT_EQ(test, b.out.packet.diag, ERCIRCUIT_BFD_DIAG_NEIGHBOUR);
	p.your_discr = 1;
	p.state = INIT;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, UP);
	KUNIT_EXPECT_EQ(test, b.out.packet.diag, ERCIRCUIT_BFD_DIAG_NONE);
}

/* A peer in demand mode: it may be silent, but must answer a Poll. */
static void bfd_demand_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_hear(&b, UP, ERC_BFD_DEMAND);
	KUNIT_EXPECT_EQ(test, b.s.tx_at, ERC_NEVER);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(900));
	bfd_configure(&b, 200000, 300000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	KUNIT_EXPECT_NE(test, b.s.tx_at, ERC_NEVER);
	bfd_hear(&b, UP, ERC_BFD_DEMAND | F);
	KUNIT_EXPECT_EQ(test, b.s.tx_at, ERC_NEVER);
	bfd_hear(&b, DOWN, ERC_BFD_DEMAND);
	KUNIT_EXPECT_NE(test, b.s.tx_at, ERC_NEVER);
}

static void bfd_jitter_check(struct kunit *test, u8 mult, u64 least, u64 most)
{
	struct erc_bfd_config config = bfd_service;
	struct erc_bfd_input in = { .event = ERC_BFD_TIMER };
	u64 low = ERC_NEVER, high = 0, seed = 20261124;
	struct bfd_at b;
	int i;

	config.mult = mult;
	bfd_settled(&b, &config);
	for (i = 0; i < 100000; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		b.now = b.s.tx_at;
		b.s.received_ns = b.now;
		erc_bfd_fsm_step(&b.s, &in, b.now, seed >> 32, &b.out);
		KUNIT_ASSERT_TRUE(test, b.out.send);
		low = min(low, b.s.tx_at - b.now);
		high = max(high, b.s.tx_at - b.now);
	}
	KUNIT_EXPECT_GE(test, low, least);
	KUNIT_EXPECT_LE(test, high, most);
	/* All of the range is used. */
	KUNIT_EXPECT_LT(test, low, least + MS(1) / 10);
	KUNIT_EXPECT_GT(test, high, most - MS(1) / 10);
}

/* Section 6.8.7: range of the jitter */
static void bfd_jitter_test(struct kunit *test)
{
	bfd_jitter_check(test, 3, MS(225), MS(300));
	bfd_jitter_check(test, 1, MS(225), MS(270));
}

/* Only the timer of periodic packets has slack, within its range. */
static void bfd_slack_test(struct kunit *test)
{
	struct erc_bfd_input in = { .event = ERC_BFD_TIMER };
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	b.now = b.s.tx_at;
	b.s.received_ns = b.now;
	erc_bfd_fsm_step(&b.s, &in, b.now, 0, &b.out);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(225));
	KUNIT_EXPECT_EQ(test, b.out.latest_ns, b.now + MS(225) + US(9375));
	b.now = b.s.tx_at;
	b.s.received_ns = b.now - MS(700);
	erc_bfd_fsm_step(&b.s, &in, b.now, U32_MAX, &b.out);
	KUNIT_EXPECT_LT(test, b.s.tx_at, b.s.tx_by);
	KUNIT_EXPECT_EQ(test, b.s.tx_by, b.now + MS(300));
	/* The detection timer has none. */
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + MS(200));
	KUNIT_EXPECT_EQ(test, b.out.latest_ns, b.out.deadline_ns);
}

/* Near misses: a packet arrives within the last interval of the detection time
 */
static void bfd_missed_test(struct kunit *test)
{
	struct erc_bfd_packet p = bfd_peer;
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	b.now += MS(600);
	bfd_hear(&b, UP, 0);
	KUNIT_EXPECT_FALSE(test, b.out.near_miss);
	b.now += MS(600) + 1;
	bfd_hear(&b, UP, 0);
	KUNIT_EXPECT_TRUE(test, b.out.near_miss);
	/* For a packet that changes the interval, the old interval counts. */
	p.tx_us = 2000000;
	b.now += MS(600) + 1;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_TRUE(test, b.out.near_miss);
	b.now += MS(601);
	bfd_packet(&b, &p);
	KUNIT_EXPECT_FALSE(test, b.out.near_miss);
	/* With a multiplier of 1, the first interval is the last. */
	p.mult = 1;
	bfd_packet(&b, &p);
	b.now += MS(1999);
	bfd_packet(&b, &p);
	KUNIT_EXPECT_FALSE(test, b.out.near_miss);
	/* In another state than Up, nothing is missed. */
	bfd_start(&b, &bfd_service);
	bfd_hear(&b, DOWN, 0);
	b.now += MS(700);
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_FALSE(test, b.out.near_miss);
}

static struct kunit_case bfd_tests[] = {
	KUNIT_CASE(bfd_state_test),
	KUNIT_CASE(bfd_start_test),
	KUNIT_CASE(bfd_slow_test),
	KUNIT_CASE(bfd_negotiation_test),
	KUNIT_CASE(bfd_detection_test),
	KUNIT_CASE(bfd_doubt_test),
	KUNIT_CASE(bfd_restart_test),
	KUNIT_CASE(bfd_demand_test),
	KUNIT_CASE(bfd_jitter_test),
	KUNIT_CASE(bfd_slack_test),
	KUNIT_CASE(bfd_missed_test),
	{}
};

static struct kunit_suite bfd_suite = {
	.name = "erc_bfd",
	.test_cases = bfd_tests,
};

kunit_test_suite(bfd_suite);
