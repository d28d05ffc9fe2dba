// SPDX-License-Identifier: GPL-2.0
/* BFD in maintenance of either end, and its verdict on the leg, with a
 * simulated clock.
 */
#include <kunit/test.h>

#include "bfd_at.h"

/* Section 6.8.16: AdminDown is sent for a detection time, then nothing */
static void bfd_admin_test(struct kunit *test)
{
	struct bfd_at b;
	int said = 0;
	u64 start;

	bfd_settled(&b, &bfd_service);
	b.now += MS(100);
	bfd_admin(&b, true, true);
	KUNIT_EXPECT_TRUE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, ADMIN);
	KUNIT_EXPECT_EQ(test, b.out.packet.diag, ERCIRCUIT_BFD_DIAG_ADMIN);
	KUNIT_EXPECT_EQ(test, b.out.packet.your_discr, 77);
	KUNIT_EXPECT_EQ(test, b.out.packet.tx_us, 1000000);
	start = b.now;
	while (b.out.deadline_ns != ERC_NEVER) {
		b.now = b.out.deadline_ns;
		bfd_timer(&b);
		KUNIT_ASSERT_TRUE(test, b.out.send);
		KUNIT_ASSERT_EQ(test, b.out.packet.state, ADMIN);
		said++;
	}
	KUNIT_EXPECT_EQ(test, said, 3);
	KUNIT_EXPECT_LE(test, b.now, start + MS(900));
	/* Received packets change nothing, and a Poll is not answered. */
	bfd_hear(&b, UP, P);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	b.now += MS(5000);
	bfd_configure(&b, 20000, 20000, 3);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);

	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.packet.diag, ERCIRCUIT_BFD_DIAG_NONE);
	KUNIT_EXPECT_EQ(test, b.out.packet.your_discr, 0);
}

/* After our maintenance there is a grace of limited length. */
static void bfd_grace_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_admin(&b, true, true);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);
	bfd_hear(&b, INIT, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_USABLE);
	/* The grace ends when the session comes up. */
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);

	bfd_admin(&b, true, true);
	bfd_admin(&b, false, false);
	b.now += ERC_BFD_GRACE_NS - 1;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + 1);
	b.now++;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);

	/* A leg that had failed before gets no grace. */
	bfd_admin(&b, true, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	/* The leg can be grace later, and stays excused. */
	bfd_admin(&b, true, false);
	bfd_admin(&b, true, true);
	bfd_admin(&b, true, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);
}

/* The peer's maintenance lasts until it sends another state. */
static void bfd_peer_admin_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_hear(&b, ADMIN, 0);
	KUNIT_EXPECT_EQ(test, b.s.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	/* The peer has stopped sending. */
	b.now += MS(60000);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.remote.discr, 0);
	KUNIT_EXPECT_EQ(test, b.s.diag, ERCIRCUIT_BFD_DIAG_NEIGHBOUR);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	/* The peer sends again, and gets the grace for the handshake. */
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	b.now += ERC_BFD_GRACE_NS - 1;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	b.now++;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	bfd_hear(&b, INIT, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_USABLE);
}

/* Begin our maintenance and send its packets until the last. */
static void bfd_tell(struct bfd_at *b)
{
	bfd_admin(b, true, true);
	while (b->out.deadline_ns != ERC_NEVER) {
		b->now = b->out.deadline_ns;
		bfd_timer(b);
	}
}

/* Section 6.8.6: during our maintenance, the state of the peer is stored, and
 * changes neither our state nor our packets.
 */
static void bfd_overlap_test(struct kunit *test)
{
	struct bfd_at b;

	/* The peer's maintenance begins during ours, and ours ends first. */
	bfd_settled(&b, &bfd_service);
	bfd_tell(&b);
	b.now += MS(5000);
	bfd_hear(&b, ADMIN, 0);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.s.state, ADMIN);
	KUNIT_EXPECT_EQ(test, b.s.remote.state, ADMIN);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);
	/* The packet does not start a detection time. */
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_detection_us(&b.s), 0);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.s.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	b.now += MS(60000);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);

	/* The peer's maintenance ends during ours: it gets the grace for the
	 * handshake
	 */
	bfd_settled(&b, &bfd_service);
	bfd_hear(&b, ADMIN, 0);
	bfd_tell(&b);
	b.now += MS(60000);
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);
	b.now += MS(1000);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	b.now += MS(2000);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);

	/* Our maintenance does not excuse a leg that did not work before it. */
	bfd_start(&b, &bfd_service);
	bfd_admin(&b, true, false);
	bfd_hear(&b, ADMIN, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	/* A Poll is not answered. */
	bfd_hear(&b, UP, P);
	KUNIT_EXPECT_FALSE(test, b.out.send && b.out.packet.flags & F);
}

/* If the peer asks for fewer packets during our maintenance, AdminDown is sent
 * for the new, longer detection time. If it asks for no packets, none are sent.
 */
static void bfd_slower_test(struct kunit *test)
{
	struct erc_bfd_packet p = bfd_peer;
	struct bfd_at b;
	u64 start;

	bfd_settled(&b, &bfd_service);
	bfd_admin(&b, true, true);
	start = b.now;
	p.state = DOWN;
	p.rx_us = 1000000;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, start + MS(875));
	bfd_tell(&b);
	KUNIT_EXPECT_GE(test, b.now, start + MS(2000));
	KUNIT_EXPECT_LE(test, b.now, start + MS(3000));
	/* A further change of the interval does not start AdminDown again. */
	b.now = start + MS(3001);
	p.rx_us = 10000;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.s.tx_at, ERC_NEVER);

	bfd_settled(&b, &bfd_service);
	bfd_admin(&b, true, true);
	p.rx_us = 0;
	bfd_packet(&b, &p);
	KUNIT_EXPECT_EQ(test, b.s.tx_at, ERC_NEVER);
}

/* The grace is given if the session was Up a moment ago, or if the caller
 * excuses the leg.
 */
static void bfd_lately_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_admin(&b, true, true);
	b.now += ERC_BFD_GRACE_NS;
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);
	/* Repeat: the session has not been Up since. */
	b.now += MS(1);
	bfd_admin(&b, true, true);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);

	bfd_settled(&b, &bfd_service);
	bfd_admin(&b, true, true);
	b.now += 3600 * MS(1000);
	KUNIT_EXPECT_EQ(test, erc_bfd_fsm_verdict(&b.s, b.now),
			ERC_BFD_NO_VERDICT);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	bfd_hear(&b, INIT, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_USABLE);

	bfd_admin(&b, true, true);
	b.now += 3600 * MS(1000);
	bfd_admin(&b, false, true);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_NO_VERDICT);
}

static struct kunit_case bfd_admin_tests[] = {
	KUNIT_CASE(bfd_admin_test),
	KUNIT_CASE(bfd_grace_test),
	KUNIT_CASE(bfd_peer_admin_test),
	KUNIT_CASE(bfd_overlap_test),
	KUNIT_CASE(bfd_slower_test),
	KUNIT_CASE(bfd_lately_test),
	{}
};

static struct kunit_suite bfd_admin_suite = {
	.name = "erc_bfd_admin",
	.test_cases = bfd_admin_tests,
};

kunit_test_suite(bfd_admin_suite);
