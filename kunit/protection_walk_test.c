// SPDX-License-Identifier: GPL-2.0
/*
 * Protection switching: a long random walk. A model of the hold-off must agree
 * with the machine in each step, and the invariants must hold.
 */
#include <kunit/test.h>

#include "protection_words.h"

/* A generator with a fixed seed: every run is the same. */
static u32 protect_random(u64 *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

static void protect_random_event(u64 *state, struct erc_protection_input *in)
{
	memset(in, 0, sizeof(*in));
	in->event = protect_random(state) % ERC_PROTECTION_EVENTS;
	in->slot = protect_random(state) % ERCIRCUIT_SLOTS;
	in->reason = protect_random(state) % 2 ? R_LINK : R_NEIGH;
	in->at_once = protect_random(state) % 8 == 0;
	in->command = protect_random(state) % ERCIRCUIT_SWITCHES;
	in->config.mode = protect_random(state) % ERCIRCUIT_MODES;
	in->config.revertive = protect_random(state) % 4 != 0;
	in->config.wtr_ns = protect_random(state) % 1000;
	in->config.hold_off_ns = protect_random(state) % 2 *
				 (protect_random(state) % 1000);
	if (in->event == ERC_PROTECTION_DEGRADE && protect_random(state) % 2)
		in->reason = R_NONE;
}

/**
 * struct protect_model_leg - model of the hold-off of a leg
 * @defect: a defect is present
 * @sf: signal fail
 * @held: the hold-off runs
 * @held_at: start of the hold-off
 */
struct protect_model_leg {
	bool defect;
	bool sf;
	bool held;
	u64 held_at;
};

/**
 * struct protect_model - earlier states of the machine that the checks need
 * @now: the time
 * @hold_off: the setting
 * @leg: by slot
 * @wtr_at: start of WTR
 * @was: the machine before the step
 */
struct protect_model {
	u64 now;
	u64 hold_off;
	struct protect_model_leg leg[ERCIRCUIT_SLOTS];
	u64 wtr_at;
	struct erc_protection_fsm was;
};

static void protect_model_due(struct protect_model *m)
{
	struct protect_model_leg *leg = m->leg;

	for (; leg < m->leg + ERCIRCUIT_SLOTS; leg++) {
		if (!leg->held || m->now - leg->held_at < m->hold_off)
			continue;
		leg->held = false;
		leg->sf = leg->defect;
	}
}

/* Clause 11.12: the first defect of a leg starts the timer. The end of the
 * defect does not stop it. A leg with a defect at the end of the timer is in
 * signal fail; without hold-off, a leg with a defect is in signal fail
 * immediately.
 */
static void protect_model_step(struct protect_model *m,
			       const struct erc_protection_input *in)
{
	struct protect_model_leg *leg = &m->leg[in->slot];

	protect_model_due(m);
	if (in->event == ERC_PROTECTION_CONFIG) {
		m->hold_off = in->config.hold_off_ns;
	} else if (in->event == ERC_PROTECTION_CLEAR) {
		leg->defect = false;
		leg->sf = false;
	} else if (in->event == ERC_PROTECTION_DEFECT) {
		if (!leg->defect && !leg->held)
			leg->held_at = m->now;
		leg->held |= !leg->defect;
		leg->defect = true;
		if (in->at_once) {
			leg->sf = true;
			leg->held = false;
		}
	}
	protect_model_due(m);
}

/* Table 11-1, written differently from the machine */
static u8 protect_model_highest(const struct erc_protection_fsm *p)
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

static void protect_check_set(struct kunit *test,
			      const struct erc_protection_fsm *p,
			      const struct erc_protection_out *out)
{
	u8 sf = (p->leg[0].sf ? P : 0) | (p->leg[1].sf ? S : 0);
	u8 usable = BOTH & ~sf & ~(out->request == LO ? S : 0);

	/* Only working legs are active, and one is active if any may be. */
	KUNIT_ASSERT_EQ(test, out->usable, usable);
	KUNIT_ASSERT_EQ(test, out->active & ~usable, 0);
	KUNIT_ASSERT_EQ(test, !out->active, !usable);
	/* Active-backup has one active leg. */
	if (p->config.mode == AB)
		KUNIT_ASSERT_NE(test, out->active, BOTH);
	KUNIT_ASSERT_EQ(test, out->request, protect_model_highest(p));
	/* A switch has a reason, and other steps have none. */
	KUNIT_ASSERT_EQ(test, out->active != out->was, out->reason != R_NONE);
	/* A revert never makes only the secondary active. */
	KUNIT_ASSERT_FALSE(test, out->reason == R_REVERT && out->active == S);
}

static void protect_check_hold(struct kunit *test,
			       const struct protect_model *m,
			       const struct erc_protection_fsm *p)
{
	const struct protect_model_leg *leg;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		leg = &m->leg[slot];
		KUNIT_ASSERT_EQ(test, p->leg[slot].sf, leg->sf);
		KUNIT_ASSERT_EQ(test, p->leg[slot].hold_off_until, leg->held ?
				leg->held_at + m->hold_off : ERC_NEVER);
	}
}

/* Traffic returns to both legs, or to the primary, by the timer, and not while
 * hold-off holds the leg; it returns as soon as both permit it.
 */
static void protect_check_wtr(struct kunit *test, struct protect_model *m,
			      const struct erc_protection_fsm *p,
			      const struct erc_protection_input *in)
{
	u64 wtr = min(m->was.config.wtr_ns, p->config.wtr_ns);

	if (m->was.request == WTR_ && p->request == NR &&
	    in->event != ERC_PROTECTION_COMMAND &&
	    in->event != ERC_PROTECTION_CONFIG) {
		/* The leg was held before: it may have failed and recovered. */
		if (m->was.leg[0].hold_off_until == ERC_NEVER &&
		    m->was.leg[1].hold_off_until == ERC_NEVER)
			KUNIT_ASSERT_GE(test, m->now - m->wtr_at, wtr);
		if (in->event == ERC_PROTECTION_TIMER && p->config.wtr_ns)
			KUNIT_ASSERT_FALSE(test,
					   m->leg[m->was.waiting >> 1].held);
	}
	if (p->request == WTR_ && m->now - p->wtr_since >= p->config.wtr_ns)
		KUNIT_ASSERT_TRUE(test, m->leg[p->waiting >> 1].held);
	if (p->request == WTR_ &&
	    (m->was.request != WTR_ || p->waiting != m->was.waiting ||
	     p->wtr_since != m->was.wtr_since))
		m->wtr_at = m->now;
}

/* A leg becomes inactive only if it fails, and active again only when that is
 * due.
 */
static void protect_check_flows(struct kunit *test,
				const struct protect_model *m,
				const struct erc_protection_fsm *p,
				const struct erc_protection_input *in)
{
	u8 gone = m->was.active & ~p->active, new = p->active & ~m->was.active;
	u8 sf = (p->leg[0].sf ? P : 0) | (p->leg[1].sf ? S : 0);
	u8 sd = (p->leg[0].degraded ? P : 0) | (p->leg[1].degraded ? S : 0);

	if (p->config.mode == AB || in->event == ERC_PROTECTION_COMMAND ||
	    in->event == ERC_PROTECTION_CONFIG)
		return;
	/* The leg waits if a late timer had failed it. */
	KUNIT_ASSERT_EQ(test, gone & ~(sf | sd | p->waiting), 0);
	/* A second leg becomes active after WTR, or for the first time */
	if (new && m->was.active & p->active &&
	    m->was.leg[new >> 1].was_up && p->config.wtr_ns)
		KUNIT_ASSERT_TRUE(test, m->was.request == WTR_);
}

static void protect_check_command(struct kunit *test,
				  const struct protect_model *m,
				  const struct erc_protection_fsm *p,
				  const struct erc_protection_input *in,
				  const struct erc_protection_out *out)
{
	if (in->event != ERC_PROTECTION_COMMAND) {
		KUNIT_ASSERT_EQ(test, out->refused_by, NR);
		/* A forgotten command never returns. */
		if (p->command != ERCIRCUIT_SWITCH_CLEAR)
			KUNIT_ASSERT_EQ(test, p->command, m->was.command);
	} else if (in->command == ERCIRCUIT_SWITCH_CLEAR) {
		KUNIT_ASSERT_EQ(test, p->command, ERCIRCUIT_SWITCH_CLEAR);
		/* A leg that waited before an exercise continues to wait. */
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

static const struct erc_protection_config protect_start = {
	.mode = AB,
	.revertive = true,
	.wtr_ns = 300,
};

static void protect_walk(struct kunit *test, u64 seed, int steps)
{
	struct protect_model m = {
		.now = 1,
		.leg = {
			{ .defect = true, .sf = true },
			{ .defect = true, .sf = true },
		},
	};
	struct erc_protection_input in;
	struct erc_protection_out out;
	struct erc_protection_fsm p;
	int i;

	erc_protection_fsm_init(&p, &protect_start);
	for (i = 0; i < steps; i++) {
		m.was = p;
		protect_random_event(&seed, &in);
		m.now += protect_random(&seed) % 200;
		erc_protection_fsm_step(&p, &in, m.now, &out);
		protect_model_step(&m, &in);

		KUNIT_ASSERT_EQ(test, out.was, m.was.active);
		protect_check_set(test, &p, &out);
		protect_check_hold(test, &m, &p);
		protect_check_wtr(test, &m, &p, &in);
		protect_check_flows(test, &m, &p, &in);
		protect_check_command(test, &m, &p, &in, &out);
		/* No timer is overdue. */
		KUNIT_ASSERT_GT(test, out.deadline_ns, m.now);
	}
}

static void protect_walk_test(struct kunit *test)
{
	u64 seed;

	for (seed = 20261123; seed < 20261123 + 10; seed++)
		protect_walk(test, seed, 100000);
}

static struct kunit_case protect_walk_tests[] = {
	KUNIT_CASE(protect_walk_test),
	{}
};

static struct kunit_suite protect_walk_suite = {
	.name = "erc_protect_walk",
	.test_cases = protect_walk_tests,
};

kunit_test_suite(protect_walk_suite);
