// SPDX-License-Identifier: GPL-2.0
/* BFD in maintenance of either end, and its verdict on the leg, on invented time. */
#include <kunit/test.h>

#include "bfd_at.h"

/* Section 6.8.16: said for a detection time, then no more */
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
	/* Nothing is heard meanwhile, and a question not answered. */
	bfd_hear(&b, UP, P);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	b.now += MS(5000);
	bfd_configure(&b, 20000, 20000, 3);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);

	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.packet.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.packet.diag, ERCIRCUIT_BFD_DIAG_NONE);
	KUNIT_EXPECT_EQ(test, b.out.packet.your_discr, 0);
}

/* After our maintenance there is a grace, and no longer than it lasts. */
static void bfd_grace_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_admin(&b, true, true);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);
	bfd_hear(&b, INIT, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_USABLE);
	/* It was for the first time only. */
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);

	bfd_admin(&b, true, true);
	bfd_admin(&b, false, false);
	b.now += ERC_BFD_GRACE_NS - 1;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);
	KUNIT_EXPECT_EQ(test, b.out.deadline_ns, b.now + 1);
	b.now++;
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);

	/* None for a leg that is to blame */
	bfd_admin(&b, true, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	/* An excuse may come later, and stays. */
	bfd_admin(&b, true, false);
	bfd_admin(&b, true, true);
	bfd_admin(&b, true, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);
}

/* The maintenance of the peer, until something else is heard of it */
static void bfd_peer_admin_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_hear(&b, ADMIN, 0);
	KUNIT_EXPECT_EQ(test, b.s.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	/* It has fallen silent. */
	b.now += MS(60000);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.s.remote.discr, 0);
	KUNIT_EXPECT_EQ(test, b.s.diag, ERCIRCUIT_BFD_DIAG_NEIGHBOUR);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	/* It is back, and has a moment for the handshake. */
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

/* Our maintenance, told until there is nothing more to tell */
static void bfd_tell(struct bfd_at *b)
{
	bfd_admin(b, true, true);
	while (b->out.deadline_ns != ERC_NEVER) {
		b->now = b->out.deadline_ns;
		bfd_timer(b);
	}
}

/* Section 6.8.6: what the peer says during our maintenance is learned, and
 * changes neither our state nor what we say.
 */
static void bfd_overlap_test(struct kunit *test)
{
	struct bfd_at b;

	/* Its maintenance begins during ours, and ours ends first. */
	bfd_settled(&b, &bfd_service);
	bfd_tell(&b);
	b.now += MS(5000);
	bfd_hear(&b, ADMIN, 0);
	KUNIT_EXPECT_FALSE(test, b.out.send);
	KUNIT_EXPECT_EQ(test, b.s.state, ADMIN);
	KUNIT_EXPECT_EQ(test, b.s.remote.state, ADMIN);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);
	/* It was not received for the purposes of the detection time. */
	KUNIT_EXPECT_EQ(test, erc_bfd_detection_us(&b.s), 0);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.s.state, DOWN);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	b.now += MS(60000);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);

	/* Its maintenance ends during ours: a moment for the handshake */
	bfd_settled(&b, &bfd_service);
	bfd_hear(&b, ADMIN, 0);
	bfd_tell(&b);
	b.now += MS(60000);
	bfd_hear(&b, DOWN, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);
	b.now += MS(1000);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_PEER_ADMIN);
	b.now += MS(2000);
	bfd_timer(&b);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);

	/* That ours began before the leg worked is no excuse. */
	bfd_start(&b, &bfd_service);
	bfd_admin(&b, true, false);
	bfd_hear(&b, ADMIN, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	/* A question is not answered. */
	bfd_hear(&b, UP, P);
	KUNIT_EXPECT_FALSE(test, b.out.send && b.out.packet.flags & F);
}

/* A peer that wants fewer packets once it has heard of our maintenance is told
 * for its detection time, not for that of before; one that wants none, not.
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
	/* Another wish does not begin it again. */
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

/* The grace is for a session that was Up a moment ago, or that is said to
 * deserve it.
 */
static void bfd_lately_test(struct kunit *test)
{
	struct bfd_at b;

	bfd_settled(&b, &bfd_service);
	bfd_admin(&b, true, true);
	b.now += ERC_BFD_GRACE_NS;
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);
	/* Once more: it has not been Up since. */
	b.now += MS(1);
	bfd_admin(&b, true, true);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);

	bfd_settled(&b, &bfd_service);
	bfd_admin(&b, true, true);
	b.now += 3600 * MS(1000);
	KUNIT_EXPECT_EQ(test, erc_bfd_verdict(&b.s, b.now), ERC_BFD_EXCUSED);
	bfd_admin(&b, false, false);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_FAILED);
	bfd_hear(&b, INIT, 0);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_USABLE);

	bfd_admin(&b, true, true);
	b.now += 3600 * MS(1000);
	bfd_admin(&b, false, true);
	KUNIT_EXPECT_EQ(test, b.out.verdict, ERC_BFD_EXCUSED);
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
