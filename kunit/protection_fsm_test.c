// SPDX-License-Identifier: GPL-2.0
/*
 * Protection switching: scripts of events with a simulated clock, with the
 * expected result of each step, and every event in every state.
 */
#include <kunit/test.h>

#include "protection_words.h"

#define MS(n)	((u64)(n) * 1000000)
#define WTR	MS(300000)

/**
 * struct protect_step - an event and its expected result
 * @at: time of the event
 * @in: the event
 * @active: active legs after it
 * @request: request in force after it
 * @reason: reason of the switch, NONE = no switch
 * @deadline: next deadline, 0 = never
 */
struct protect_step {
	u64 at;
	struct erc_protection_input in;
	u8 active;
	u8 request;
	u8 reason;
	u64 deadline;
};

#define FAIL(s, r) { .event = ERC_PROTECTION_DEFECT, .slot = (s), .reason = (r) }
#define GONE(s) { .event = ERC_PROTECTION_DEFECT, .slot = (s), \
		  .reason = R_LINK, .at_once = true }
#define OK(s) { .event = ERC_PROTECTION_CLEAR, .slot = (s) }
#define DRAIN(s) { .event = ERC_PROTECTION_DEGRADE, .slot = (s), \
		   .reason = R_DRAIN }
#define UNDRAIN(s) { .event = ERC_PROTECTION_DEGRADE, .slot = (s) }
#define CMD(c) { .event = ERC_PROTECTION_COMMAND, \
		 .command = ERCIRCUIT_SWITCH_##c }
#define TIMER { .event = ERC_PROTECTION_TIMER }
#define SET(m, r, w, h) { .event = ERC_PROTECTION_CONFIG, \
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
	{ "a failure restarts wait to restore", {
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
	{ "both fail and return, in either order", {
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
	{ "wait to restore of 0: immediate return", {
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
	{ "a change of the revertive setting turns WTR into DNR and back", {
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
	{ "a clear does not stop the hold-off, and any defect counts (11.12)", {
		{ 1, SET(AB, true, WTR, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_LINK), P, NR, R_NONE, 110 },
		{ 20, FAIL(0, R_NEIGH), P, NR, R_NONE, 110 },
		{ 30, OK(0), P, NR, R_NONE, 110 },
		{ 105, FAIL(0, R_NEIGH), P, NR, R_NONE, 110 },
		{ 109, TIMER, P, NR, R_NONE, 110 },
		{ 110, TIMER, S, SF, R_NEIGH },
	} },
	{ "a leg that works at the end of hold-off starts anew (11.12)", {
		{ 1, SET(AB, true, WTR, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_LINK), P, NR, R_NONE, 110 },
		{ 30, OK(0), P, NR, R_NONE, 110 },
		{ 110, TIMER, P, NR, R_NONE },
		{ 130, FAIL(0, R_LINK), P, NR, R_NONE, 230 },
		{ 150, OK(0), P, NR, R_NONE, 230 },
		/* The hold-off ended before this; the timer is late. */
		{ 260, FAIL(0, R_LINK), P, NR, R_NONE, 360 },
		{ 360, TIMER, S, SF, R_LINK },
	} },
	{ "a change of the hold-off while it runs", {
		{ 1, SET(AB, true, WTR, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 40, FAIL(0, R_NEIGH), P, NR, R_NONE, 140 },
		{ 50, SET(AB, true, WTR, 200), P, NR, R_NONE, 240 },
		{ 60, OK(0), P, NR, R_NONE, 240 },
		{ 70, SET(AB, true, WTR, 20), P, NR, R_NONE },
		{ 80, FAIL(0, R_NEIGH), P, NR, R_NONE, 100 },
		{ 90, SET(AB, true, WTR, 5), S, SF, R_NEIGH },
	} },
	{ "each leg has a hold-off of its own", {
		{ 1, SET(AB, true, WTR, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(1, R_LINK), P, NR, R_NONE, 110 },
		{ 50, FAIL(0, R_LINK), P, NR, R_NONE, 110 },
		{ 60, OK(1), P, NR, R_NONE, 110 },
		{ 110, TIMER, P, NR, R_NONE, 150 },
		{ 150, TIMER, S, SF, R_LINK },
	} },
	{ "wait to restore ends while a defect is held: no return", {
		{ 1, SET(AB, true, 50, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, GONE(0), S, SF, R_LINK },
		{ 20, OK(0), S, WTR_, R_NONE, 70 },
		{ 40, FAIL(0, R_NEIGH), S, WTR_, R_NONE, 140 },
		{ 70, TIMER, S, WTR_, R_NONE, 140 },
		{ 140, TIMER, S, SF, R_NONE },
		{ 150, OK(0), S, WTR_, R_NONE, 200 },
		{ 200, TIMER, P, NR, R_REVERT },
	} },
	{ "wait to restore ends while a cleared defect is held: no return", {
		{ 1, SET(AA, true, 50, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), BOTH, NR, R_REVERT },
		{ 10, GONE(0), S, SF, R_LINK },
		{ 20, OK(0), S, WTR_, R_NONE, 70 },
		{ 40, FAIL(0, R_NEIGH), S, WTR_, R_NONE, 140 },
		{ 60, OK(0), S, WTR_, R_NONE, 140 },
		{ 70, TIMER, S, WTR_, R_NONE, 140 },
		{ 80, FAIL(0, R_LINK), S, WTR_, R_NONE, 140 },
		{ 90, OK(0), S, WTR_, R_NONE, 140 },
		{ 140, TIMER, BOTH, NR, R_REVERT },
	} },
	{ "a hold-off that is over before wait to restore changes nothing", {
		{ 1, SET(AB, true, 200, 30), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, GONE(0), S, SF, R_LINK },
		{ 20, OK(0), S, WTR_, R_NONE, 220 },
		{ 40, FAIL(0, R_NEIGH), S, WTR_, R_NONE, 70 },
		{ 60, OK(0), S, WTR_, R_NONE, 70 },
		{ 70, TIMER, S, WTR_, R_NONE, 220 },
		/* The hold-off of the other leg does not matter. */
		{ 210, FAIL(1, R_LINK), S, WTR_, R_NONE, 220 },
		{ 220, TIMER, P, NR, R_REVERT, 240 },
		{ 240, TIMER, P, SF_P, R_NONE },
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
		{ 500, OK(0), S, WTR_, R_LINK, 500 + WTR },
	} },
	{ "two switches in a late step: the reason is that of the second", {
		{ 1, SET(AB, true, WTR, 100), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_LINK), P, NR, R_NONE, 110 },
		{ 20, SET(AB, true, 0, 100), P, NR, R_NONE, 110 },
		{ 500, CMD(LOCKOUT), NONE, LO, R_COMMAND },
		{ 510, CMD(CLEAR), S, SF, R_COMMAND },
		{ 520, OK(0), P, NR, R_REVERT },
		{ 530, FAIL(0, R_NEIGH), P, NR, R_NONE, 630 },
		/* Two switches cancel out: no switch, no reason */
		{ 700, OK(0), P, NR, R_NONE },
	} },
	{ "a late wait to restore, before the drain of the other leg", {
		{ 1, SET(AB, true, 50, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 10, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 20, OK(0), S, WTR_, R_NONE, 70 },
		{ 100, DRAIN(1), P, SD, R_REVERT },
		{ 110, UNDRAIN(1), P, NR, R_NONE },
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
	{ "an overridden command is forgotten (11.11)", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, CMD(FORCED), S, FS_, R_COMMAND },
		{ 5, FAIL(1, R_LINK), P, SF_P, R_LINK },
		{ 6, OK(1), P, NR, R_NONE },
		{ 7, CMD(MANUAL_SECONDARY), S, MS_, R_COMMAND },
		{ 8, DRAIN(1), P, SD, R_DRAIN },
		{ 9, UNDRAIN(1), P, NR, R_NONE },
		{ 10, CMD(MANUAL_SECONDARY), S, MS_, R_COMMAND },
		{ 11, CMD(LOCKOUT), P, LO, R_COMMAND },
		{ 12, CMD(CLEAR), P, NR, R_NONE },
	} },
	{ "a lockout leaves nothing when the primary fails (9)", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, CMD(LOCKOUT), P, LO, R_NONE },
		{ 5, FAIL(0, R_LINK), NONE, LO, R_LINK },
		{ 6, OK(0), P, LO, R_RESTORED },
		{ 7, FAIL(0, R_NEIGH), NONE, LO, R_NEIGH },
		{ 8, CMD(CLEAR), S, SF, R_COMMAND },
		{ 9, OK(0), S, WTR_, R_NONE, 9 + WTR },
	} },
	{ "leaving signal degrade waits to restore (11.13)", {
		{ 1, SET(AB, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, DRAIN(0), S, SD, R_DRAIN },
		{ 5, UNDRAIN(0), S, WTR_, R_NONE, 5 + WTR },
		{ 6, DRAIN(1), P, SD, R_DRAIN },
		{ 7, UNDRAIN(1), P, NR, R_NONE },
		{ 8, DRAIN(0), S, SD, R_DRAIN },
		{ 9, SET(AB, false, WTR, 0), S, SD, R_NONE },
		{ 10, UNDRAIN(0), S, DNR, R_NONE },
		{ 11, CMD(CLEAR), P, NR, R_COMMAND },
	} },
	{ "two degraded legs: the first stays inactive", {
		{ 1, SET(AB, true, 0, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, DRAIN(0), S, SD, R_DRAIN },
		{ 5, DRAIN(1), S, SD, R_NONE },
		{ 6, UNDRAIN(0), P, SD, R_DRAIN },
		{ 7, DRAIN(0), P, SD, R_NONE },
		{ 8, UNDRAIN(1), S, SD, R_DRAIN },
		{ 9, FAIL(1, R_LINK), P, SF_P, R_LINK },
		{ 10, OK(1), S, SD, R_DRAIN },
		{ 11, UNDRAIN(0), P, NR, R_REVERT },
	} },
	{ "a degraded leg fails and comes back degraded", {
		{ 1, SET(AA, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), BOTH, NR, R_REVERT },
		{ 4, DRAIN(1), P, SD, R_DRAIN },
		{ 5, FAIL(1, R_LINK), P, SF_P, R_NONE },
		{ 6, OK(1), P, SD, R_NONE },
		{ 7, FAIL(0, R_NEIGH), S, SF, R_NEIGH },
		{ 8, OK(0), P, SD, R_DRAIN },
		{ 9, UNDRAIN(1), P, WTR_, R_NONE, 9 + WTR },
		{ 9 + WTR, TIMER, BOTH, NR, R_REVERT },
	} },
	{ "a forced switch holds through the primary's failure", {
		{ 1, SET(AA, true, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), BOTH, NR, R_REVERT },
		{ 4, CMD(FORCED), S, FS_, R_COMMAND },
		{ 5, FAIL(0, R_LINK), S, FS_, R_NONE },
		{ 6, OK(0), S, FS_, R_NONE },
		{ 7, CMD(CLEAR), BOTH, NR, R_COMMAND },
	} },
	{ "exercise over do-not-revert, and its end, move nothing (11.14)", {
		{ 1, SET(AB, false, WTR, 0), NONE, SF_P, R_NONE },
		{ 2, OK(0), P, SF_P, R_RESTORED },
		{ 3, OK(1), P, NR, R_NONE },
		{ 4, FAIL(0, R_LINK), S, SF, R_LINK },
		{ 5, OK(0), S, DNR, R_NONE },
		{ 6, CMD(EXERCISE), S, EXER_, R_NONE },
		{ 7, CMD(CLEAR), S, DNR, R_NONE },
		{ 8, CMD(EXERCISE), S, EXER_, R_NONE },
		{ 9, SET(AB, true, WTR, 0), S, WTR_, R_NONE, 9 + WTR },
		{ 10, SET(AB, false, WTR, 0), S, DNR, R_NONE },
		/* The end of DNR does move the traffic */
		{ 11, CMD(CLEAR), P, NR, R_COMMAND },
	} },
};

KUNIT_ARRAY_PARAM_DESC(protect, protect_cases, desc);

static const struct erc_protection_config protect_default = {
	.mode = AB,
	.revertive = true,
	.wtr_ns = WTR,
};

static void protect_test(struct kunit *test)
{
	const struct protect_case *c = test->param_value;
	const struct protect_step *s = c->steps;
	struct erc_protection_out out;
	struct erc_protection_fsm p;

	erc_protection_fsm_init(&p, &protect_default);
	KUNIT_EXPECT_EQ(test, p.active, NONE);
	KUNIT_EXPECT_EQ(test, p.request, SF_P);
	for (; s < c->steps + ARRAY_SIZE(c->steps) && s->at; s++) {
		u64 deadline = s->deadline ? s->deadline : ERC_NEVER;
		int n = s - c->steps;

		erc_protection_fsm_step(&p, &s->in, s->at, &out);
		KUNIT_EXPECT_EQ_MSG(test, out.active, s->active, "step %d", n);
		KUNIT_EXPECT_EQ_MSG(test, out.request, s->request, "step %d", n);
		KUNIT_EXPECT_EQ_MSG(test, out.reason, s->reason, "step %d", n);
		KUNIT_EXPECT_EQ_MSG(test, out.deadline_ns, deadline,
				    "step %d", n);
	}
}

/* --- every state, every event -------------------------------------------- */

/* Columns of the table: events that may happen in a state. */
static const struct erc_protection_input protect_events[] = {
	CMD(LOCKOUT),			/* 9 */
	CMD(FORCED),			/* 9 */
	CMD(MANUAL_SECONDARY),		/* 9 */
	CMD(MANUAL_PRIMARY),		/* 9 */
	CMD(EXERCISE),			/* 9, 11.14 */
	CMD(CLEAR),			/* 9 */
	FAIL(0, R_LINK), OK(0),		/* 10.5.1: SF of the working entity */
	FAIL(1, R_LINK), OK(1),		/* 11.9: SF of the protection entity */
	DRAIN(0), UNDRAIN(0),		/* 10.5.2: SD of the working entity */
	DRAIN(1), UNDRAIN(1),		/* 11.16: SD of the protection entity */
	TIMER,				/* 11.13: WTR is over */
	SET(AB, false, WTR, 0),		/* 10.3: the other setting */
};

#define PROTECT_EVENTS ARRAY_SIZE(protect_events)
#define PROTECT_REVERTIVE (PROTECT_EVENTS - 1)

/**
 * struct protect_cell - the effect of an event in a state
 * @kind: the state stays, a command is refused, or the state changes
 * @by: for REFUSED: the request that overrides the command
 * @request: after the event, by mode
 * @active: after the event, by mode
 */
struct protect_cell {
	enum { SAME, REFUSED, CHANGE } kind;
	u8 by;
	u8 request[ERCIRCUIT_MODES];
	u8 active[ERCIRCUIT_MODES];
};

#define SM { SAME }
#define NO(r) { REFUSED, .by = (r) }
#define TO(r, ab, aa) { CHANGE, .request = { r, r }, .active = { ab, aa } }
#define TO2(r1, ab, r2, aa) \
	{ CHANGE, .request = { r1, r2 }, .active = { ab, aa } }

/**
 * struct protect_row - a state
 * @desc: its name
 * @nonrevertive: the setting in this state
 * @how: events that lead to it from NR
 * @steps: number of them
 * @here: request and active legs in this state
 * @cell: by column
 */
struct protect_row {
	const char *desc;
	bool nonrevertive;
	struct erc_protection_input how[3];
	int steps;
	struct protect_cell here;
	struct protect_cell cell[PROTECT_EVENTS];
};

/* Table 11-1 gives the priorities; by 11.11 a command is not restored. */
static const struct protect_row protect_rows[] = {
	{ "NR", false, { TIMER }, 0, TO(NR, P, BOTH), {
		TO(LO, P, P), TO(FS_, S, S), TO(MS_, S, S), TO(MS_, P, P),
		TO(EXER_, P, BOTH), SM,
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		TO(SD, S, S), SM, TO(SD, P, P), SM, SM, SM } },
	{ "DNR", true, { FAIL(0, R_LINK), OK(0) }, 2, TO(DNR, S, S), {
		TO(LO, P, P), TO(FS_, S, S), TO(MS_, S, S), TO(MS_, P, P),
		TO(EXER_, S, S), TO(NR, P, BOTH),
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		TO(SD, S, S), SM, TO(SD, P, P), SM, SM, TO(WTR_, S, S) } },
	{ "WTR", false, { FAIL(0, R_LINK), OK(0) }, 2, TO(WTR_, S, S), {
		TO(LO, P, P), TO(FS_, S, S), TO(MS_, S, S), TO(MS_, P, P),
		NO(WTR_), TO(NR, P, BOTH),
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		TO(SD, S, S), SM, TO(SD, P, P), SM,
		TO(NR, P, BOTH), TO(DNR, S, S) } },
	{ "WTR after SD", false, { DRAIN(0), UNDRAIN(0) }, 2, TO(WTR_, S, S), {
		TO(LO, P, P), TO(FS_, S, S), TO(MS_, S, S), TO(MS_, P, P),
		NO(WTR_), TO(NR, P, BOTH),
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		TO(SD, S, S), SM, TO(SD, P, P), SM,
		TO(NR, P, BOTH), TO(DNR, S, S) } },
	{ "EXER", false, { CMD(EXERCISE) }, 1, TO(EXER_, P, BOTH), {
		TO(LO, P, P), TO(FS_, S, S), TO(MS_, S, S), TO(MS_, P, P),
		SM, TO(NR, P, BOTH),
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		TO(SD, S, S), SM, TO(SD, P, P), SM, SM, SM } },
	{ "EXER over DNR", true,
	  { FAIL(0, R_LINK), OK(0), CMD(EXERCISE) }, 3, TO(EXER_, S, S), {
		TO(LO, P, P), TO(FS_, S, S), TO(MS_, S, S), TO(MS_, P, P),
		SM, TO(DNR, S, S),
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		TO(SD, S, S), SM, TO(SD, P, P), SM, SM, TO(WTR_, S, S) } },
	{ "MS to secondary", false, { CMD(MANUAL_SECONDARY) }, 1,
	  TO(MS_, S, S), {
		TO(LO, P, P), TO(FS_, S, S), SM, NO(MS_),
		NO(MS_), TO(NR, P, BOTH),
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		TO(SD, S, S), SM, TO(SD, P, P), SM, SM, SM } },
	{ "MS to primary", false, { CMD(MANUAL_PRIMARY) }, 1, TO(MS_, P, P), {
		TO(LO, P, P), TO(FS_, S, S), NO(MS_), SM,
		NO(MS_), TO(NR, P, BOTH),
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		TO(SD, S, S), SM, TO(SD, P, P), SM, SM, SM } },
	{ "SD of primary", false, { DRAIN(0) }, 1, TO(SD, S, S), {
		TO(LO, P, P), TO(FS_, S, S), NO(SD), NO(SD), NO(SD), SM,
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		SM, TO(WTR_, S, S), SM, SM, SM, SM } },
	{ "SD of secondary", false, { DRAIN(1) }, 1, TO(SD, P, P), {
		TO(LO, P, P), TO(FS_, S, S), NO(SD), NO(SD), NO(SD), SM,
		TO(SF, S, S), SM, TO(SF_P, P, P), SM,
		SM, SM, SM, TO2(NR, P, WTR_, P), SM, SM } },
	{ "SF", false, { FAIL(0, R_LINK) }, 1, TO(SF, S, S), {
		TO(LO, NONE, NONE), TO(FS_, S, S), NO(SF), NO(SF), NO(SF), SM,
		SM, TO(WTR_, S, S), TO(SF_P, NONE, NONE), SM,
		SM, SM, SM, SM, SM, SM } },
	{ "FS", false, { CMD(FORCED) }, 1, TO(FS_, S, S), {
		TO(LO, P, P), SM, NO(FS_), NO(FS_), NO(FS_), TO(NR, P, BOTH),
		SM, SM, TO(SF_P, P, P), SM,
		SM, SM, SM, SM, SM, SM } },
	{ "SF-P", false, { FAIL(1, R_LINK) }, 1, TO(SF_P, P, P), {
		TO(LO, P, P), NO(SF_P), NO(SF_P), NO(SF_P), NO(SF_P), SM,
		TO(SF_P, NONE, NONE), SM, SM, TO2(NR, P, WTR_, P),
		SM, SM, SM, SM, SM, SM } },
	{ "LO", false, { CMD(LOCKOUT) }, 1, TO(LO, P, P), {
		SM, NO(LO), NO(LO), NO(LO), NO(LO), TO(NR, P, BOTH),
		TO(LO, NONE, NONE), SM, SM, SM,
		SM, SM, SM, SM, SM, SM } },
};

KUNIT_ARRAY_PARAM_DESC(protect_row, protect_rows, desc);

static void protect_set(struct erc_protection_fsm *p, u8 mode, bool revertive,
			u64 now)
{
	struct erc_protection_input in = SET(mode, revertive, WTR, 0);
	struct erc_protection_out out;

	erc_protection_fsm_step(p, &in, now, &out);
}

/* Bring the machine into the state of a row */
static void protect_enter(struct erc_protection_fsm *p,
			  const struct protect_row *row, u8 mode)
{
	static const struct erc_protection_input up[] = { OK(0), OK(1) };
	struct erc_protection_out out;
	int i;

	erc_protection_fsm_init(p, &protect_default);
	protect_set(p, mode, !row->nonrevertive, 1);
	for (i = 0; i < ARRAY_SIZE(up); i++)
		erc_protection_fsm_step(p, &up[i], 2, &out);
	for (i = 0; i < row->steps; i++)
		erc_protection_fsm_step(p, &row->how[i], 3, &out);
}

static void protect_cell_test(struct kunit *test, const struct protect_row *row,
			      u8 mode, int n)
{
	const struct protect_cell *cell = &row->cell[n];
	const struct protect_cell *want = cell->kind == CHANGE ? cell :
								 &row->here;
	struct erc_protection_input in = protect_events[n];
	struct erc_protection_out out;
	struct erc_protection_fsm p;

	protect_enter(&p, row, mode);
	KUNIT_EXPECT_EQ(test, p.request, row->here.request[mode]);
	KUNIT_EXPECT_EQ(test, p.active, row->here.active[mode]);
	if (n == PROTECT_REVERTIVE)
		in.config = (struct erc_protection_config) {
			.mode = mode,
			.revertive = row->nonrevertive,
			.wtr_ns = WTR,
		};
	erc_protection_fsm_step(&p, &in, 3 + WTR, &out);
	/* Only the timer ends WTR. */
	if (in.event != ERC_PROTECTION_TIMER) {
		protect_enter(&p, row, mode);
		erc_protection_fsm_step(&p, &in, 4, &out);
	}
	KUNIT_EXPECT_EQ_MSG(test, out.request, want->request[mode],
			    "mode %d event %d", mode, n);
	KUNIT_EXPECT_EQ_MSG(test, out.active, want->active[mode],
			    "mode %d event %d", mode, n);
	KUNIT_EXPECT_EQ_MSG(test, out.refused_by,
			    cell->kind == REFUSED ? cell->by : NR,
			    "mode %d event %d", mode, n);
}

static void protect_row_test(struct kunit *test)
{
	const struct protect_row *row = test->param_value;
	int mode, n;

	for (mode = 0; mode < ERCIRCUIT_MODES; mode++)
		for (n = 0; n < PROTECT_EVENTS; n++)
			protect_cell_test(test, row, mode, n);
}

static struct kunit_case protect_tests[] = {
	KUNIT_CASE_PARAM(protect_test, protect_gen_params),
	KUNIT_CASE_PARAM(protect_row_test, protect_row_gen_params),
	{}
};

static struct kunit_suite protect_suite = {
	.name = "erc_protect",
	.test_cases = protect_tests,
};

kunit_test_suite(protect_suite);
