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
	LO = ERCIRCUIT_REQUEST_LO,
	FS_ = ERCIRCUIT_REQUEST_FS,
	SD = ERCIRCUIT_REQUEST_SD,
	MS_ = ERCIRCUIT_REQUEST_MS,
	EXER_ = ERCIRCUIT_REQUEST_EXER,
	R_NONE = ERCIRCUIT_REASON_NONE,
	R_LINK = ERCIRCUIT_REASON_LINK,
	R_NEIGH = ERCIRCUIT_REASON_NEIGH,
	R_REVERT = ERCIRCUIT_REASON_REVERT,
	R_CONFIG = ERCIRCUIT_REASON_CONFIG,
	R_RESTORED = ERCIRCUIT_REASON_RESTORED,
	R_DRAIN = ERCIRCUIT_REASON_DRAIN,
	R_COMMAND = ERCIRCUIT_REASON_COMMAND,
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
#define DRAIN(s) { .event = ERC_PROTECT_DEGRADE, .slot = (s), \
		   .reason = R_DRAIN }
#define UNDRAIN(s) { .event = ERC_PROTECT_DEGRADE, .slot = (s) }
#define CMD(c) { .event = ERC_PROTECT_COMMAND, \
		 .command = ERCIRCUIT_SWITCH_##c }
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
	{ "a lockout leaves nothing when the primary fails (11.1)", {
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
	{ "leaving signal degrade waits to restore (11.8)", {
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
	{ "of two degraded legs the first stays avoided", {
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
	{ "exercise over do-not-revert, and its end, move nothing", {
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
		/* The end of DNR itself, which does move it */
		{ 11, CMD(CLEAR), P, NR, R_COMMAND },
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

/* --- every state, every event -------------------------------------------- */

/* Columns of the table: what may happen in a state. */
static const struct erc_protect_input protect_events[] = {
	CMD(LOCKOUT),			/* 11.1 */
	CMD(FORCED),			/* 11.1 */
	CMD(MANUAL_SECONDARY),		/* 11.1 */
	CMD(MANUAL_PRIMARY),		/* 11.1 */
	CMD(EXERCISE),			/* 11.1 */
	CMD(CLEAR),			/* 11.1 */
	FAIL(0, R_LINK), OK(0),		/* 11.4: SF of the working entity */
	FAIL(1, R_LINK), OK(1),		/* 11.4: SF of the protection entity */
	DRAIN(0), UNDRAIN(0),		/* 11.5: SD of the working entity */
	DRAIN(1), UNDRAIN(1),		/* 11.5: SD of the protection entity */
	TIMER,				/* 11.8: WTR is over */
	SET(AB, false, WTR, 0),		/* 11.8, 11.9: the other setting */
};

#define PROTECT_EVENTS ARRAY_SIZE(protect_events)
#define PROTECT_REVERTIVE (PROTECT_EVENTS - 1)

/**
 * struct protect_cell - what an event does in a state
 * @kind: whether the state stays, with a command refused or not
 * @by: of REFUSED: the request that stands in the way
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
 * @nonrevertive: the setting in it
 * @how: events that lead to it from NR
 * @steps: number of them
 * @here: request and legs in it
 * @cell: by column
 */
struct protect_row {
	const char *desc;
	bool nonrevertive;
	struct erc_protect_input how[3];
	int steps;
	struct protect_cell here;
	struct protect_cell cell[PROTECT_EVENTS];
};

/* Table 11-1 gives the priorities, 11.11 that a command does not come back. */
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

static void protect_set(struct erc_protect *p, u8 mode, bool revertive, u64 now)
{
	struct erc_protect_input in = SET(mode, revertive, WTR, 0);
	struct erc_protect_out out;

	erc_protect_step(p, &in, now, &out);
}

/* Into the state of a row */
static void protect_enter(struct erc_protect *p, const struct protect_row *row,
			  u8 mode)
{
	static const struct erc_protect_input up[] = { OK(0), OK(1) };
	struct erc_protect_out out;
	int i;

	erc_protect_init(p, &protect_default);
	protect_set(p, mode, !row->nonrevertive, 1);
	for (i = 0; i < ARRAY_SIZE(up); i++)
		erc_protect_step(p, &up[i], 2, &out);
	for (i = 0; i < row->steps; i++)
		erc_protect_step(p, &row->how[i], 3, &out);
}

static void protect_cell_test(struct kunit *test, const struct protect_row *row,
			      u8 mode, int n)
{
	const struct protect_cell *cell = &row->cell[n];
	const struct protect_cell *want = cell->kind == CHANGE ? cell :
								 &row->here;
	struct erc_protect_input in = protect_events[n];
	struct erc_protect_out out;
	struct erc_protect p;

	protect_enter(&p, row, mode);
	KUNIT_EXPECT_EQ(test, p.request, row->here.request[mode]);
	KUNIT_EXPECT_EQ(test, p.active, row->here.active[mode]);
	if (n == PROTECT_REVERTIVE)
		in.config = (struct erc_protect_config) {
			.mode = mode,
			.revertive = row->nonrevertive,
			.wtr_ns = WTR,
		};
	erc_protect_step(&p, &in, 3 + WTR, &out);
	/* Only to the timer is WTR over. */
	if (in.event != ERC_PROTECT_TIMER) {
		protect_enter(&p, row, mode);
		erc_protect_step(&p, &in, 4, &out);
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

/* --- a random walk ------------------------------------------------------- */

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
	in->command = protect_random(state) % ERCIRCUIT_SWITCHES;
	in->config.mode = protect_random(state) % ERCIRCUIT_MODES;
	in->config.revertive = protect_random(state) % 4 != 0;
	in->config.wtr_ns = protect_random(state) % 1000;
	in->config.hold_off_ns = protect_random(state) % 100;
	if (in->event == ERC_PROTECT_DEGRADE && protect_random(state) % 2)
		in->reason = R_NONE;
}

/**
 * struct protect_model - what the walk itself knows of the machine's past
 * @now: the time
 * @defect_at: since when a leg has had its defect
 * @wtr_at: when WTR began
 * @was: the machine before the step
 */
struct protect_model {
	u64 now;
	u64 defect_at[ERCIRCUIT_SLOTS];
	u64 wtr_at;
	struct erc_protect was;
};

/* Table 11-1, told in another way than in the machine */
static u8 protect_model_highest(const struct erc_protect *p)
{
	bool sd = p->leg[0].degraded || p->leg[1].degraded;

	if (p->command == ERCIRCUIT_SWITCH_LOCKOUT)
		return LO;
	if (p->leg[1].sf)
		return SF_P;
	if (p->command == ERCIRCUIT_SWITCH_FORCED)
		return FS_;
	if (p->leg[0].sf)
		return SF;
	if (sd)
		return SD;
	if (p->command == ERCIRCUIT_SWITCH_MANUAL_PRIMARY ||
	    p->command == ERCIRCUIT_SWITCH_MANUAL_SECONDARY)
		return MS_;
	if (p->waiting && p->config.revertive)
		return WTR_;
	if (p->command == ERCIRCUIT_SWITCH_EXERCISE)
		return EXER_;
	return p->waiting ? DNR : NR;
}

static void protect_check_set(struct kunit *test, const struct erc_protect *p,
			      const struct erc_protect_out *out)
{
	u8 sf = (p->leg[0].sf ? P : 0) | (p->leg[1].sf ? S : 0);
	u8 usable = BOTH & ~sf & ~(out->request == LO ? S : 0);

	/* Only legs that work carry, and one does unless none may. */
	KUNIT_ASSERT_EQ(test, out->usable, usable);
	KUNIT_ASSERT_EQ(test, out->active & ~usable, 0);
	KUNIT_ASSERT_EQ(test, !out->active, !usable);
	/* Active-backup carries on one leg. */
	if (p->config.mode == AB)
		KUNIT_ASSERT_NE(test, out->active, BOTH);
	KUNIT_ASSERT_EQ(test, out->request, protect_model_highest(p));
	/* A switch has a reason, and nothing else has. */
	KUNIT_ASSERT_EQ(test, out->active != out->was, out->reason != R_NONE);
}

static void protect_check_times(struct kunit *test, struct protect_model *m,
				const struct erc_protect *p,
				const struct erc_protect_input *in)
{
	u64 hold = min(m->was.config.hold_off_ns, p->config.hold_off_ns);
	u64 wtr = min(m->was.config.wtr_ns, p->config.wtr_ns);
	bool cleared = in->event == ERC_PROTECT_CLEAR, at_once;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		at_once = in->event == ERC_PROTECT_DEFECT && in->at_once &&
			  in->slot == slot;
		if (p->leg[slot].sf && !m->was.leg[slot].sf && !at_once)
			KUNIT_ASSERT_GE(test, m->now - m->defect_at[slot], hold);
		if (p->leg[slot].defect &&
		    (!m->was.leg[slot].defect || (cleared && in->slot == slot)))
			m->defect_at[slot] = m->now;
	}
	/* Back to both, or to the primary, by the clock; a defect that is
	 * held may become SF before the event and end WTR, too.
	 */
	if (m->was.request == WTR_ && p->request == NR &&
	    in->event != ERC_PROTECT_COMMAND &&
	    in->event != ERC_PROTECT_CONFIG &&
	    m->was.leg[0].hold_until == ERC_NEVER &&
	    m->was.leg[1].hold_until == ERC_NEVER)
		KUNIT_ASSERT_GE(test, m->now - m->wtr_at, wtr);
	if (p->request == WTR_ &&
	    (m->was.request != WTR_ || p->waiting != m->was.waiting ||
	     p->wtr_since != m->was.wtr_since))
		m->wtr_at = m->now;
}

/* Flows leave a leg only if it goes, and return only when that is due. */
static void protect_check_flows(struct kunit *test,
				const struct protect_model *m,
				const struct erc_protect *p,
				const struct erc_protect_input *in)
{
	u8 gone = m->was.active & ~p->active, new = p->active & ~m->was.active;
	u8 sf = (p->leg[0].sf ? P : 0) | (p->leg[1].sf ? S : 0);
	u8 sd = (p->leg[0].degraded ? P : 0) | (p->leg[1].degraded ? S : 0);

	if (p->config.mode == AB || in->event == ERC_PROTECT_COMMAND ||
	    in->event == ERC_PROTECT_CONFIG)
		return;
	/* It waits if it had failed by a timer that was late. */
	KUNIT_ASSERT_EQ(test, gone & ~(sf | sd | p->waiting), 0);
	/* Beside one that goes on carrying: after WTR, or for the first time */
	if (new && m->was.active & p->active &&
	    m->was.leg[new >> 1].served && p->config.wtr_ns)
		KUNIT_ASSERT_TRUE(test, m->was.request == WTR_);
}

static void protect_check_command(struct kunit *test,
				  const struct protect_model *m,
				  const struct erc_protect *p,
				  const struct erc_protect_input *in,
				  const struct erc_protect_out *out)
{
	if (in->event != ERC_PROTECT_COMMAND) {
		KUNIT_ASSERT_EQ(test, out->refused_by, NR);
		/* Nothing brings a forgotten command back. */
		if (p->command != ERCIRCUIT_SWITCH_CLEAR)
			KUNIT_ASSERT_EQ(test, p->command, m->was.command);
	} else if (in->command == ERCIRCUIT_SWITCH_CLEAR) {
		KUNIT_ASSERT_EQ(test, p->command, ERCIRCUIT_SWITCH_CLEAR);
		/* What an exercise found waiting goes on waiting. */
		if (m->was.command != ERCIRCUIT_SWITCH_EXERCISE)
			KUNIT_ASSERT_EQ(test, p->waiting, 0);
		KUNIT_ASSERT_TRUE(test, out->request == NR ||
				  out->request == DNR ||
				  out->request == SF || out->request == SF_P ||
				  out->request == SD);
	} else if (out->refused_by == NR) {
		KUNIT_ASSERT_EQ(test, p->command, in->command);
	} else {
		KUNIT_ASSERT_EQ(test, out->refused_by, out->request);
	}
}

static void protect_walk(struct kunit *test, u64 seed, int steps)
{
	struct protect_model m = { .now = 1 };
	struct erc_protect_input in;
	struct erc_protect_out out;
	struct erc_protect p;
	int i;

	erc_protect_init(&p, &protect_default);
	for (i = 0; i < steps; i++) {
		m.was = p;
		protect_random_event(&seed, &in);
		m.now += protect_random(&seed) % 200;
		erc_protect_step(&p, &in, m.now, &out);

		KUNIT_ASSERT_EQ(test, out.was, m.was.active);
		protect_check_set(test, &p, &out);
		protect_check_times(test, &m, &p, &in);
		protect_check_flows(test, &m, &p, &in);
		protect_check_command(test, &m, &p, &in, &out);
		/* What is due has been done. */
		KUNIT_ASSERT_GT(test, out.deadline_ns, m.now);
	}
}

static void protect_walk_test(struct kunit *test)
{
	u64 seed;

	for (seed = 20261123; seed < 20261123 + 10; seed++)
		protect_walk(test, seed, 100000);
}

static struct kunit_case protect_tests[] = {
	KUNIT_CASE_PARAM(protect_test, protect_gen_params),
	KUNIT_CASE_PARAM(protect_row_test, protect_row_gen_params),
	KUNIT_CASE(protect_walk_test),
	{}
};

static struct kunit_suite protect_suite = {
	.name = "erc_protect",
	.test_cases = protect_tests,
};

kunit_test_suite(protect_suite);
