// SPDX-License-Identifier: GPL-2.0
/* Poll Sequences of BFD (RFC 5880 sections 6.5 and 6.8.3), on invented time. */
#include <kunit/test.h>

#include "bfd_at.h"

/* Section 6.5: after Up, and until it is answered */
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

	/* Its own question is answered at once, outside of the pace. */
	b.now += MS(1);
	bfd_hear(&b, UP, P);
	KUNIT_EXPECT_TRUE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | F);
	KUNIT_EXPECT_EQ(test, b.s.sent_ns, b.now - MS(1));
	/* Also when we are asking, and news go with it */
	bfd_start(&b, &bfd_service);
	bfd_hear(&b, INIT, P);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | F);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, UP);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	/* A Final before the first Poll is no answer. */
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	/* It fails while asking. */
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
}

/* Section 6.8.3: what waits for the answer, and what does not */
static void bfd_retime_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	/* Slower sending and faster receiving wait. */
	bfd_configure(&b, 600000, 100000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 600000);
	KUNIT_EXPECT_EQ(test, b.out.packet.rx_us, 100000);
	KUNIT_EXPECT_EQ(test, erc_bfd_interval_us(&b.s), 300000);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 300000);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_EQ(test, erc_bfd_interval_us(&b.s), 600000);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 100000);

	/* Faster sending and slower receiving do not. */
	bfd_configure(&b, 300000, 500000, 3);
	KUNIT_EXPECT_EQ(test, erc_bfd_interval_us(&b.s), 300000);
	KUNIT_EXPECT_EQ(test, erc_bfd_detection_us(&b.s), 1500000);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);

	/* The peer is told the multiplier, and does not have to agree. */
	bfd_configure(&b, 300000, 500000, 7);
	KUNIT_EXPECT_EQ(test, b.out.packet.mult, 7);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
	/* Nothing has changed: nothing to tell */
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
	/* The answer to the first */
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, erc_bfd_interval_us(&b.s), 300000);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 300000);
	/* Asked again, at the pace of before */
	b.now = b.s.tx_at;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	/* The answer to the second */
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, erc_bfd_interval_us(&b.s), 900000);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 200000);
	/* The third has no news. */
	bfd_hear(&b, UP, F);
	b.now = b.s.tx_at;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
}

/* Two Polls were under way, and the answer to the second comes after a change:
 * also when the first answer had ended the Poll Sequence.
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
	KUNIT_EXPECT_EQ(test, erc_bfd_interval_us(&b.s), 300000);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, erc_bfd_interval_us(&b.s), 600000);
}

/* An answer that got lost costs one more question, and none once it cannot
 * come any more.
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
	KUNIT_EXPECT_EQ(test, erc_bfd_interval_us(&b.s), 500000);

	/* A peer that does not answer is asked, and asked. */
	bfd_configure(&b, 600000, 300000, 3);
	for (i = 0; i < 100; i++) {
		b.now = b.s.tx_at;
		bfd_hear(&b, UP, 0);
		KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	}
	/* That many answers cannot be under way. */
	bfd_configure(&b, 700000, 300000, 3);
	KUNIT_EXPECT_LE(test, b.s.stale, 3);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	/* No answer comes after the detection time either. */
	for (i = 0; i < 4; i++) {
		b.now += MS(500);
		bfd_hear(&b, UP, 0);
	}
	b.s.asked_ns = b.now - MS(900) - 1;
	bfd_configure(&b, 800000, 300000, 3);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	/* Without packets there is nothing to answer. */
	bfd_settled(&b, &bfd_service);
	b.s.remote.rx_us = 0;
	bfd_configure(&b, 400000, 300000, 3);
	KUNIT_EXPECT_EQ(test, b.s.stale, 0);
}

/* Section 6.8.3: a change while the session is not Up is told with a Poll, too,
 * and is in effect before the answer.
 */
static void bfd_not_up_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_start(&b, &bfd_service);
	/* The packets still say once a second. */
	bfd_configure(&b, 200000, 300000, 3);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	bfd_configure(&b, 200000, 100000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	KUNIT_EXPECT_EQ(test, b.s.rx_us, 100000);
	/* Until it is answered */
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, INIT);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	bfd_hear(&b, DOWN, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	KUNIT_EXPECT_EQ(test, b.s.tx_us, 1000000);
	/* There were two. */
	bfd_hear(&b, DOWN, F);
	/* The change that Up brings is another one. */
	bfd_configure(&b, 200000, 400000, 3);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	bfd_hear(&b, INIT, 0);
	KUNIT_EXPECT_EQ(test, b.s.state, UP);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C | P);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_TRUE(test, b.s.polling);
	bfd_hear(&b, UP, F);
	KUNIT_EXPECT_FALSE(test, b.s.polling);
	/* A session that fails asks no more. */
	bfd_configure(&b, 300000, 300000, 3);
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.packet.flags, C);
	KUNIT_EXPECT_EQ(test, b.s.asked, 0);
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
