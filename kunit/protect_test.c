// SPDX-License-Identifier: GPL-2.0
/*
 * Protection switching: scripts of events on invented time, each step with
 * what must follow, and a long random walk that holds the invariants.
 */
#include <kunit/test.h>

#include "core/protect.h"

#define MS(n)	((u64)(n) * 1000000)
#define WTR	MS(300000)

enum {
	AB = ERCIRCUIT_MODE_ACTIVE_BACKUP,
	AA = ERCIRCUIT_MODE_ACTIVE_ACTIVE,
	NONE = ERCIRCUIT_ACTIVE_NONE,
	P = ERCIRCUIT_ACTIVE_PRIMARY,
	S = ERCIRCUIT_ACTIVE_SECONDARY,
	BOTH = ERCIRCUIT_ACTIVE_BOTH,
	NR = ERCIRCUIT_REQUEST_NR,
	DNR = ERCIRCUIT_REQUEST_DNR,
	WTR_ = ERCIRCUIT_REQUEST_WTR,
	SF = ERCIRCUIT_REQUEST_SF,
	SF_P = ERCIRCUIT_REQUEST_SF_P,
	R_NONE = ERCIRCUIT_REASON_NONE,
	R_LINK = ERCIRCUIT_REASON_LINK,
	R_NEIGH = ERCIRCUIT_REASON_NEIGH,
	R_REVERT = ERCIRCUIT_REASON_REVERT,
	R_CONFIG = ERCIRCUIT_REASON_CONFIG,
	R_RESTORED = ERCIRCUIT_REASON_RESTORED,
};

/**
 * struct protect_step - an event and what must follow
 * @at: when
 * @in: the event
 * @active: set that carries after it
 * @request: request in force after it
 * @reason: of the switch, NONE = no switch
 * @deadline: next deadline, 0 = never
 */
struct protect_step {
	u64 at;
	struct erc_protect_input in;
	u8 active;
	u8 request;
	u8 reason;
	u64 deadline;
};

#define FAIL(s, r) { .event = ERC_PROTECT_DEFECT, .slot = (s), .reason = (r) }
#define GONE(s) { .event = ERC_PROTECT_DEFECT, .slot = (s), \
		  .reason = R_LINK, .at_once = true }
#define OK(s) { .event = ERC_PROTECT_CLEAR, .slot = (s) }
#define TIMER { .event = ERC_PROTECT_TIMER }
#define SET(m, r, w, h) { .event = ERC_PROTECT_CONFIG, \
	.config = { .mode = (m), .revertive = (r), .wtr_ns = (w), \
		    .hold_off_ns = (h) } }

struct protect_case {
	const char *desc;
	struct protect_step steps[12];
};

/* Every case starts with both legs failed, as a circuit without legs. */
static const struct protect_case protect_cases[] = {
	{ "start does not wait to restore", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(1), S, SF, R_RESTORED },
		{ 3, OK(0), P, NR, R_REVERT },
	} },
	{ "fail, wait to restore, revert", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 20, OK(0), S, WTR_, R_NONE, 20 + WTR },
		{ 19 + WTR, TIMER, S, WTR_, R_NONE, 20 + WTR },
		{ 20 + WTR, TIMER, P, NR, R_REVERT },
		{ 30 + WTR, TIMER, P, NR, R_NONE },
	} },
	{ "failure in wait to restore starts it anew", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_NEIGH), S, SF, R_NEIGH },
		{ 20, OK(0), S, WTR_, R_NONE, 20 + WTR },
		{ 30, FAIL(0, R_LINK), S, SF, R_NONE },
		{ 40, OK(0), S, WTR_, R_NONE, 40 + WTR },
	} },
	{ "the protection leg fails in wait to restore", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 20, OK(0), S, WTR_, R_NONE, 20 + WTR },
		{ 30, FAIL(1, R_LINK), P, SF_P, R_LINK },
		{ 40, OK(1), P, NR, R_NONE },
	} },
	{ "both fail, each order back", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 5, FAIL(1, R_NEIGH), NONE, SF_P, R_NEIGH },
		{ 6, OK(0), P, SF_P, R_RESTORED },
		{ 7, FAIL(0, R_LINK), NONE, SF_P, R_LINK },
		{ 8, OK(1), S, SF, R_RESTORED },
		{ 9, OK(0), S, WTR_, R_NONE, 9 + WTR },
	} },
	{ "no time to wait: back at once", {
		{ 1, SET(AB, true, 0, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 5, OK(0), P, NR, R_REVERT },
	} },
	{ "non-revertive stays", {
		{ 1, SET(AB, false, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 5, OK(0), S, DNR, R_NONE },
		{ 5 + 2 * WTR, TIMER, S, DNR, R_NONE },
		{ 6 + 2 * WTR, FAIL(1, R_LINK), P, SF_P, R_LINK },
	} },
	{ "a change of the revertive setting turns one into the other", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 5, OK(0), S, WTR_, R_NONE, 5 + WTR },
		{ 6, SET(AB, false, WTR, 0), S, DNR, R_NONE },
		{ 9, SET(AB, true, WTR, 0), S, WTR_, R_NONE, 9 + WTR },
		{ 10, SET(AB, true, 50, 0), S, WTR_, R_NONE, 59 },
		{ 59, TIMER, P, NR, R_REVERT },
	} },
	{ "hold-off", {
		{ 1, SET(AB, true, WTR, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_LINK), P, NR, R_NONE, 110 },
		{ 20, FAIL(0, R_NEIGH), P, NR, R_NONE, 110 },
		{ 30, OK(0), P, NR, R_NONE },
		{ 40, FAIL(0, R_NEIGH), P, NR, R_NONE, 140 },
		{ 50, SET(AB, true, WTR, 200), P, NR, R_NONE, 240 },
		{ 239, TIMER, P, NR, R_NONE, 240 },
		{ 240, TIMER, S, SF, R_NEIGH },
	} },
	{ "no hold-off for a device that has gone", {
		{ 1, SET(AB, true, WTR, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, GONE(0), S, SF, R_LINK },
		{ 20, GONE(0), S, SF, R_NONE },
	} },
	{ "an overdue timer comes before the event", {
		{ 1, SET(AB, true, WTR, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_LINK), P, NR, R_NONE, 110 },
		{ 500, OK(0), S, WTR_, R_REVERT, 500 + WTR },
	} },
	{ "active-active", {
		{ 1, SET(AA, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), BOTH, NR, R_REVERT },
		{ 10, FAIL(1, R_LINK), P, SF_P, R_LINK },
		{ 20, OK(1), P, WTR_, R_NONE, 20 + WTR },
		{ 30, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 40, OK(0), S, WTR_, R_NONE, 40 + WTR },
		{ 40 + WTR, TIMER, BOTH, NR, R_REVERT },
		{ 50 + WTR, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 60 + WTR, OK(0), S, WTR_, R_NONE, 60 + 2 * WTR },
	} },
	{ "a change of mode", {
		{ 1, SET(AA, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), BOTH, NR, R_REVERT },
		{ 4, SET(AB, true, WTR, 0), P, NR, R_CONFIG },
		{ 5, SET(AA, true, WTR, 0), BOTH, NR, R_CONFIG },
		{ 6, FAIL(1, R_LINK), P, SF_P, R_LINK },
		{ 7, OK(1), P, WTR_, R_NONE, 7 + WTR },
		{ 8, SET(AB, true, WTR, 0), P, NR, R_NONE },
	} },
};

KUNIT_ARRAY_PARAM_DESC(protect, protect_cases, desc);

static const struct erc_protect_config protect_default = {
	.mode = AB,
	.revertive = true,
	.wtr_ns = WTR,
};

static void protect_test(struct kunit *test)
{
	const struct protect_case *c = test->param_value;
	const struct protect_step *s = c->steps;
	struct erc_protect_out out;
	struct erc_protect p;

	erc_protect_init(&p, &protect_default);
	KUNIT_EXPECT_EQ(test, p.active, NONE);
	KUNIT_EXPECT_EQ(test, p.request, SF_P);
	for (; s < c->steps + ARRAY_SIZE(c->steps) && s->at; s++) {
		u64 deadline = s->deadline ? s->deadline : ERC_NEVER;
		int n = s - c->steps;

		erc_protect_step(&p, &s->in, s->at, &out);
		KUNIT_EXPECT_EQ_MSG(test, out.active, s->active, "step %d", n);
		KUNIT_EXPECT_EQ_MSG(test, out.request, s->request, "step %d", n);
		KUNIT_EXPECT_EQ_MSG(test, out.reason, s->reason, "step %d", n);
		KUNIT_EXPECT_EQ_MSG(test, out.deadline_ns, deadline,
				    "step %d", n);
	}
}

/* A generator with a fixed seed: every run walks the same way. */
static u32 protect_random(u64 *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

static void protect_random_event(u64 *state, struct erc_protect_input *in)
{
	memset(in, 0, sizeof(*in));
	in->event = protect_random(state) % ERC_PROTECT_EVENTS;
	in->slot = protect_random(state) % ERCIRCUIT_SLOTS;
	in->reason = protect_random(state) % 2 ? R_LINK : R_NEIGH;
	in->at_once = protect_random(state) % 8 == 0;
	in->config.mode = protect_random(state) % ERCIRCUIT_MODES;
	in->config.revertive = protect_random(state) % 4 != 0;
	in->config.wtr_ns = protect_random(state) % 1000;
	in->config.hold_off_ns = protect_random(state) % 100;
}

static void protect_walk_test(struct kunit *test)
{
	u64 state = 20261123, now = 1;
	struct erc_protect_input in;
	struct erc_protect_out out;
	struct erc_protect p;
	int i;

	erc_protect_init(&p, &protect_default);
	for (i = 0; i < 200000; i++) {
		u8 was = p.active;

		protect_random_event(&state, &in);
		now += protect_random(&state) % 200;
		erc_protect_step(&p, &in, now, &out);

		/* Only legs that work carry, and one does if there is one. */
		KUNIT_ASSERT_EQ(test, out.active & out.sf, 0);
		KUNIT_ASSERT_EQ(test, !out.active, out.sf == BOTH);
		/* Active-backup carries on one leg. */
		if (p.config.mode == AB)
			KUNIT_ASSERT_NE(test, out.active, BOTH);
		KUNIT_ASSERT_EQ(test, out.was, was);
		/* A switch has a reason, and nothing else has. */
		KUNIT_ASSERT_EQ(test, out.active != out.was,
				out.reason != R_NONE);
		/* What is due has been done. */
		KUNIT_ASSERT_GT(test, out.deadline_ns, now);
	}
}

static struct kunit_case protect_tests[] = {
	KUNIT_CASE_PARAM(protect_test, protect_gen_params),
	KUNIT_CASE(protect_walk_test),
	{}
};

static struct kunit_suite protect_suite = {
	.name = "erc_protect",
	.test_cases = protect_tests,
};

kunit_test_suite(protect_suite);
