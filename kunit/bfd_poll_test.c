// SPDX-License-Identifier: GPL-2.0
/* Poll Sequences of BFD (RFC 5880 sections 6.5 and 6.8.3), with a simulated
 * clock.
 */
#include <kunit/test.h>

#include "bfd_at.h"

/* Section 6.5: a Poll Sequence follows Up and lasts until it is answered */
static void bfd_poll_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_up(&b, &bfd_service);
	KUNIT_EXPECT_TRUE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 300000);
	b.now = b.out.deadline_ns;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	b.now = b.s.tx_at;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);

	/* A Poll of the peer is answered immediately, in addition to periodic
	 * packets.
	 */
	b.now += MS(1);
	bfd_hear(&b, UP, P);
	KUNIT_EXPECT_TRUE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | F);
	KUNIT_EXPECT_EQ(test, b.s.sent_ns, b.now - MS(1));
	/* The same while our own Poll Sequence runs and a change is pending */
	bfd_start(&b, &bfd_service);
	bfd_hear(&b, INIT, P);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | F);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, UP);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	/* A Final before the first Poll does not answer it. */
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	/* The session fails during the Poll Sequence. */
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
}

/* Section 6.8.3: some changes wait for the answer, others do not */
static void bfd_retime_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	/* Slower transmission and faster reception wait. */
	bfd_configure(&b, 600000, 100000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 600000);
	KUNIT_EXPECT_EQ(test, b.out.packet.rx_us, 100000);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 300000);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 300000);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 600000);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 100000);

	/* Faster transmission and slower reception take effect immediately. */
	bfd_configure(&b, 300000, 500000, 3);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 300000);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_detection_us(&b.s), 1500000);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);

	/* The multiplier is announced without a Poll Sequence. */
	bfd_configure(&b, 300000, 500000, 7);
	KUNIT_EXPECT_EQ(test, b.out.packet.mult, 7);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
	/* Nothing has changed: no packet is sent */
	bfd_configure(&b, 300000, 500000, 7);
	KUNIT_EXPECT_FALSE(test, b.out.send);
}

/* Section 6.8.3: a change during a Poll Sequence is not confirmed by the answer
 * to an earlier Poll.
 */
static void bfd_overtaken_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_configure(&b, 600000, 100000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	b.now += MS(1);
	bfd_configure(&b, 900000, 200000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 900000);
	/* The answer to the first Poll */
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 300000);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 300000);
	/* The second Poll, at the old rate */
	b.now = b.s.tx_at;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	/* The answer to the second Poll */
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 900000);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 200000);
	/* The third Poll has no changes. */
	bfd_hear(&b, UP, F);
	b.now = b.s.tx_at;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
}

/* Two Polls are unanswered, and the answer to the second arrives after a
 * change. The same if the first answer has ended the Poll Sequence.
 */
static void bfd_late_final_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_configure(&b, 300000, 400000, 3);
	b.now = b.s.tx_at;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	bfd_configure(&b, 600000, 400000, 3);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 300000);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 600000);
}

/* A lost answer costs one more Poll; once the answer can no longer arrive, it
 * costs none.
 */
static void bfd_lost_final_test(struct kunit *test)
{
	struct bfd_at b;
	int i;

	bfd_settled(&b, &bfd_service);
	bfd_configure(&b, 400000, 300000, 3);
	bfd_configure(&b, 500000, 300000, 3);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_interval_us(&b.s), 500000);

	/* A peer that does not answer gets a Poll in each packet. */
	bfd_configure(&b, 600000, 300000, 3);
	for (i = 0; i < 100; i++) {
		b.now = b.s.tx_at;
		bfd_hear(&b, UP, 0);
		KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	}
	/* At most this number of answers can be on the way. */
	bfd_configure(&b, 700000, 300000, 3);
	KUNIT_EXPECT_LE(test, b.s.old_polls, 3);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	/* No answer comes after the detection time either. */
	for (i = 0; i < 4; i++) {
		b.now += MS(500);
		bfd_hear(&b, UP, 0);
	}
	b.s.poll_ns = b.now - MS(900) - 1;
	bfd_configure(&b, 800000, 300000, 3);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	/* A peer that wants no packets has nothing to answer. */
	bfd_settled(&b, &bfd_service);
	b.s.remote.rx_us = 0;
	bfd_configure(&b, 400000, 300000, 3);
	KUNIT_EXPECT_EQ(test, b.s.old_polls, 0);
}

/* Section 6.8.3: a change while the session is not Up is announced with a Poll,
 * too, but takes effect before the answer.
 */
static void bfd_not_up_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_start(&b, &bfd_service);
	/* The packets still announce one second. */
	bfd_configure(&b, 200000, 300000, 3);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	bfd_configure(&b, 200000, 100000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 100000);
	/* The Poll is repeated until it is answered */
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, INIT);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	bfd_hear(&b, DOWN, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, b.s.tx_us, 1000000);
	/* Two Polls were sent. */
	bfd_hear(&b, DOWN, F);
	/* The change of the interval at Up is a new one. */
	bfd_configure(&b, 200000, 400000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	bfd_hear(&b, INIT, 0);
	KUNIT_EXPECT_EQ(test, b.s.state, UP);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	/* A session that fails ends its Poll Sequence. */
	bfd_configure(&b, 300000, 300000, 3);
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
	KUNIT_EXPECT_EQ(test, b.s.polls, 0);
}

static struct kunit_case bfd_poll_tests[] = {
	KUNIT_CASE(bfd_poll_test),
	KUNIT_CASE(bfd_retime_test),
	KUNIT_CASE(bfd_overtaken_test),
	KUNIT_CASE(bfd_late_final_test),
	KUNIT_CASE(bfd_lost_final_test),
	KUNIT_CASE(bfd_not_up_test),
	{}
};

static struct kunit_suite bfd_poll_suite = {
	.name = "erc_bfd_poll",
	.test_cases = bfd_poll_tests,
};

kunit_test_suite(bfd_poll_suite);
