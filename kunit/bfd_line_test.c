// SPDX-License-Identifier: GPL-2.0
/*
 * Two BFD sessions on a simulated line that loses, delays and reorders packets.
 * In every case, both sessions come up after the line has been repaired;
 * neither stays Up beyond its detection time when the line is dead; and no end
 * sends faster than negotiated.
 */
#include <kunit/test.h>

#include "core/bfd_fsm.h"

#define US(n)	((u64)(n) * 1000)
#define LINE_FLIGHT 32

/**
 * struct line_end - a session and its observed packets
 * @s: the session
 * @deadline: expiry of its timer
 * @heard: time of the last received packet
 * @sent: time of the last sent packet, without answers to a Poll
 * @said: last sent packet
 */
struct line_end {
	struct erc_bfd_fsm s;
	u64 deadline;
	u64 heard;
	u64 sent;
	struct erc_bfd_packet said;
};

/**
 * struct line_flight - a packet on the line
 * @at: time of arrival, ERC_NEVER = unused entry
 * @to: receiving end
 * @p: the packet
 */
struct line_flight {
	u64 at;
	int to;
	struct erc_bfd_packet p;
};

/**
 * struct line - both ends and the line between them
 * @test: the test
 * @end: the sessions
 * @flight: packets on the line
 * @now: time
 * @seed: state of the random numbers
 * @loss: number of packets lost of 256
 * @delay: maximum delay of a packet
 * @whole: maximum delay on a repaired line: less than the tenth of an interval
 *	that a peer with a multiplier of 1 leaves
 * @steps: number of steps so far
 */
struct line {
	struct kunit *test;
	struct line_end end[2];
	struct line_flight flight[LINE_FLIGHT];
	u64 now;
	u64 seed;
	u32 loss;
	u64 delay;
	u64 whole;
	u64 steps;
};

static u32 line_random(struct line *l)
{
	l->seed = l->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return l->seed >> 32;
}

static void line_config(struct line *l, u32 fastest, u32 slowest,
			struct erc_bfd_config *config)
{
	config->tx_us = fastest + line_random(l) % (slowest - fastest + 1);
	config->rx_us = fastest + line_random(l) % (slowest - fastest + 1);
	config->mult = 1 + line_random(l) % 5;
}

static void line_send(struct line *l, int from, const struct erc_bfd_packet *p)
{
	int i;

	if (line_random(l) % 256 < l->loss)
		return;
	for (i = 0; i < LINE_FLIGHT; i++) {
		if (l->flight[i].at != ERC_NEVER)
			continue;
		l->flight[i].at = l->now + 1 + line_random(l) % l->delay;
		l->flight[i].to = !from;
		l->flight[i].p = *p;
		return;
	}
}

/* Changed packets and answers may be sent at any time, other packets not before
 * three quarters of the interval.
 */
static void line_check_pace(struct line *l, struct line_end *e, u32 pace,
			    const struct erc_bfd_packet *sent)
{
	struct erc_bfd_packet p = *sent;
	bool news;

	p.flags &= ~(ERC_BFD_POLL | ERC_BFD_FINAL);
	news = memcmp(&p, &e->said, sizeof(p));
	if (!news && sent->flags & ERC_BFD_FINAL && e->s.sent_ns != l->now)
		return;
	if (!news)
		KUNIT_ASSERT_GE(l->test, l->now - e->sent, US(pace) / 4 * 3);
	e->said = p;
	e->sent = l->now;
}

static void line_step(struct line *l, int i, const struct erc_bfd_input *in)
{
	struct line_end *e = &l->end[i];
	u32 pace = erc_bfd_fsm_interval_us(&e->s);
	struct erc_bfd_out out;

	l->steps++;
	erc_bfd_fsm_step(&e->s, in, l->now, line_random(l), &out);
	if (in->event == ERC_BFD_PACKET)
		e->heard = l->now;
	if (out.send) {
		line_check_pace(l, e, min(pace, erc_bfd_fsm_interval_us(&e->s)),
				&out.packet);
		line_send(l, i, &out.packet);
	}
	/* In Up, a packet was received within the detection time. */
	if (e->s.state == ERCIRCUIT_BFD_UP && !e->s.expired_once)
		KUNIT_ASSERT_LT(l->test, l->now - e->heard,
				US(erc_bfd_fsm_detection_us(&e->s)) + 1);
	if (e->s.state == ERCIRCUIT_BFD_INIT ||
	    e->s.state == ERCIRCUIT_BFD_UP)
		KUNIT_ASSERT_NE(l->test, e->s.remote.discr, 0);
	e->deadline = out.deadline_ns + line_random(l) %
		      (out.latest_ns - out.deadline_ns + 1);
}

static void line_admin(struct line *l, int i, bool down)
{
	struct erc_bfd_input in = { .event = ERC_BFD_ADMIN, .down = down };

	line_step(l, i, &in);
}

static void line_deliver(struct line *l, struct line_flight *f)
{
	struct erc_bfd_input in = { .event = ERC_BFD_PACKET, .packet = f->p };

	f->at = ERC_NEVER;
	/* A session that has restarted ignores packets for its old
	 * discriminator.
	 */
	if (f->p.your_discr && f->p.your_discr != l->end[f->to].s.discr)
		return;
	line_step(l, f->to, &in);
}

/* Run the next event if it happens before @until */
static bool line_next(struct line *l, u64 until)
{
	struct erc_bfd_input timer = { .event = ERC_BFD_TIMER };
	struct line_flight *first = &l->flight[0];
	int i, end = l->end[1].deadline < l->end[0].deadline;
	u64 at = l->end[end].deadline;

	for (i = 1; i < LINE_FLIGHT; i++)
		if (l->flight[i].at < first->at)
			first = &l->flight[i];
	if (min(at, first->at) >= until) {
		l->now = until;
		return false;
	}
	l->now = max(l->now, min(at, first->at));
	if (first->at <= at)
		line_deliver(l, first);
	else
		line_step(l, end, &timer);
	return true;
}

static void line_run(struct line *l, u64 ns)
{
	u64 until = l->now + ns;

	while (line_next(l, until))
		;
}

static bool line_is_up(const struct line *l)
{
	return l->end[0].s.state == ERCIRCUIT_BFD_UP &&
	       l->end[1].s.state == ERCIRCUIT_BFD_UP;
}

/* Return: the longest interval that either end may still use, in ns. */
static u64 line_slowest(const struct line *l)
{
	u64 us = ERC_BFD_SLOW_US;
	int i;

	for (i = 0; i < 2; i++) {
		const struct erc_bfd_fsm *s = &l->end[i].s;

		us = max3(us, (u64)s->config.tx_us, (u64)s->config.rx_us);
		us = max3(us, (u64)s->remote.tx_us, (u64)s->remote.rx_us);
		us = max3(us, (u64)s->tx_us, (u64)s->rx_us);
	}
	return US(us);
}

static void line_restart(struct line *l, int i)
{
	struct line_end *e = &l->end[i];
	struct erc_bfd_config config = e->s.config;

	erc_bfd_fsm_init(&e->s, e->s.discr + 2, &config);
	line_admin(l, i, false);
}

static void line_trouble(struct line *l, u32 fastest, u32 slowest)
{
	struct erc_bfd_input in = { .event = ERC_BFD_CONFIG };
	int i = line_random(l) % 2;

	switch (line_random(l) % 5) {
	case 0:
		line_config(l, fastest, slowest, &in.config);
		line_step(l, i, &in);
		break;
	case 1:
		line_admin(l, i, true);
		break;
	case 2:
		line_restart(l, i);
		break;
	case 3:
		l->loss = line_random(l) % 257;
		break;
	case 4:
		l->delay = US(1 + line_random(l) % 200000);
		break;
	}
}

static void line_heal(struct line *l)
{
	l->loss = 0;
	l->delay = l->whole;
	line_admin(l, 0, false);
	line_admin(l, 1, false);
	/* Time for packets that are still on the line, and for a handshake */
	line_run(l, US(200000) + 4 * line_slowest(l));
	KUNIT_ASSERT_TRUE(l->test, line_is_up(l));
}

static void line_die(struct line *l)
{
	u64 detection = max(erc_bfd_fsm_detection_us(&l->end[0].s),
			    erc_bfd_fsm_detection_us(&l->end[1].s));

	l->loss = 256;
	line_run(l, l->delay + US(detection) + 1);
	KUNIT_ASSERT_NE(l->test, l->end[0].s.state, ERCIRCUIT_BFD_UP);
	KUNIT_ASSERT_NE(l->test, l->end[1].s.state, ERCIRCUIT_BFD_UP);
}

/* Repeat phases of trouble, of a good line and of a dead line */
static void line_walk(struct kunit *test, u64 seed, u32 fastest, u32 slowest,
		      u64 seconds)
{
	struct line *l = kunit_kzalloc(test, sizeof(*l), GFP_KERNEL);
	struct erc_bfd_config config;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, l);
	l->test = test;
	l->seed = seed;
	l->whole = US(fastest) / 10;
	l->delay = l->whole;
	l->now = 1;
	for (i = 0; i < LINE_FLIGHT; i++)
		l->flight[i].at = ERC_NEVER;
	for (i = 0; i < 2; i++) {
		line_config(l, fastest, slowest, &config);
		erc_bfd_fsm_init(&l->end[i].s, 1 + i, &config);
		l->end[i].deadline = ERC_NEVER;
	}
	while (l->now < seconds * NSEC_PER_SEC) {
		line_heal(l);
		if (line_random(l) % 2)
			line_die(l);
		for (i = line_random(l) % 8; i >= 0; i--) {
			line_trouble(l, fastest, slowest);
			line_run(l, US(line_random(l) % (2 * slowest)));
		}
	}
	kunit_info(test, "%llu s in %llu steps", l->now / NSEC_PER_SEC,
		   l->steps);
}

static void line_fast_test(struct kunit *test)
{
	line_walk(test, 20261124, 1000, 50000, 2000);
}

static void line_service_test(struct kunit *test)
{
	line_walk(test, 20261125, 10000, 1000000, 20000);
}

static void line_slow_test(struct kunit *test)
{
	line_walk(test, 20261126, 1000000, 60000000, 1000000);
}

static struct kunit_case line_tests[] = {
	KUNIT_CASE(line_fast_test),
	KUNIT_CASE(line_service_test),
	KUNIT_CASE(line_slow_test),
	{}
};

static struct kunit_suite line_suite = {
	.name = "erc_bfd_line",
	.test_cases = line_tests,
};

kunit_test_suite(line_suite);
