// SPDX-License-Identifier: GPL-2.0
/*
 * Linear protection switching (G.8031), local requests only: the far end is
 * any router, so there is no APS channel and no far-end request. Clauses are
 * numbered as in the edition of 2018 with amendment 1.
 *
 * Each step updates the conditions (signal fail and degrade of either leg) and the
 * command, determines the highest request present (table 11-1), drops a command
 * that is not the highest, and derives the set of active legs.
 */
#include <linux/bits.h>
#include <linux/string.h>

#include "protection_fsm.h"

#define ERC_PROTECT_LEGS (BIT(ERCIRCUIT_PRIMARY) | BIT(ERCIRCUIT_SECONDARY))

/* Table 11-1, highest priority first */
static const u8 erc_protect_order[ERCIRCUIT_REQUESTS] = {
	ERCIRCUIT_REQUEST_LO,
	ERCIRCUIT_REQUEST_SF_P,
	ERCIRCUIT_REQUEST_FS,
	ERCIRCUIT_REQUEST_SF,
	ERCIRCUIT_REQUEST_SD,
	ERCIRCUIT_REQUEST_MS,
	ERCIRCUIT_REQUEST_WTR,
	ERCIRCUIT_REQUEST_EXER,
	ERCIRCUIT_REQUEST_DNR,
	ERCIRCUIT_REQUEST_NR,
};

/* Clause 9: the request of each command */
static const u8 erc_protect_requests[ERCIRCUIT_SWITCHES] = {
	[ERCIRCUIT_SWITCH_LOCKOUT] = ERCIRCUIT_REQUEST_LO,
	[ERCIRCUIT_SWITCH_FORCED] = ERCIRCUIT_REQUEST_FS,
	[ERCIRCUIT_SWITCH_MANUAL_PRIMARY] = ERCIRCUIT_REQUEST_MS,
	[ERCIRCUIT_SWITCH_MANUAL_SECONDARY] = ERCIRCUIT_REQUEST_MS,
	[ERCIRCUIT_SWITCH_EXERCISE] = ERCIRCUIT_REQUEST_EXER,
	[ERCIRCUIT_SWITCH_CLEAR] = ERCIRCUIT_REQUEST_NR,
};

static u8 erc_protect_sf_mask(const struct erc_protect *p)
{
	return (p->leg[ERCIRCUIT_PRIMARY].sf ? BIT(ERCIRCUIT_PRIMARY) : 0) |
	       (p->leg[ERCIRCUIT_SECONDARY].sf ? BIT(ERCIRCUIT_SECONDARY) : 0);
}

/* Return: all requests that are present, bit n = request n. */
static u32 erc_protect_present(const struct erc_protect *p)
{
	u32 present = BIT(ERCIRCUIT_REQUEST_NR) |
		      BIT(erc_protect_requests[p->command]);

	if (p->leg[ERCIRCUIT_SECONDARY].sf)
		present |= BIT(ERCIRCUIT_REQUEST_SF_P);
	if (p->leg[ERCIRCUIT_PRIMARY].sf)
		present |= BIT(ERCIRCUIT_REQUEST_SF);
	if (p->avoided)
		present |= BIT(ERCIRCUIT_REQUEST_SD);
	if (p->waiting)
		present |= p->config.revertive ? BIT(ERCIRCUIT_REQUEST_WTR) :
						 BIT(ERCIRCUIT_REQUEST_DNR);
	return present;
}

static u8 erc_protect_highest(u32 present)
{
	const u8 *request = erc_protect_order;

	while (!(present & BIT(*request)))
		request++;
	return *request;
}

/* Clause 11.11: a command that a higher request overrides is dropped. */
static void erc_protect_decide(struct erc_protect *p)
{
	p->request = erc_protect_highest(erc_protect_present(p));
	if (p->request != erc_protect_requests[p->command])
		p->command = ERCIRCUIT_SWITCH_CLEAR;
}

/* Return: the legs on which the request in force permits traffic. */
static u8 erc_protect_allowed(const struct erc_protect *p)
{
	u8 legs = ERC_PROTECT_LEGS & ~erc_protect_sf_mask(p);

	switch (p->request) {
	case ERCIRCUIT_REQUEST_LO:
		return legs & BIT(ERCIRCUIT_PRIMARY);
	case ERCIRCUIT_REQUEST_FS:
		return legs & BIT(ERCIRCUIT_SECONDARY);
	case ERCIRCUIT_REQUEST_MS:
		return p->command == ERCIRCUIT_SWITCH_MANUAL_PRIMARY ?
		       BIT(ERCIRCUIT_PRIMARY) : BIT(ERCIRCUIT_SECONDARY);
	default:
		legs &= ~p->waiting;
		/* Use a degraded leg if there is no other. */
		return legs & ~p->avoided ? legs & ~p->avoided : legs;
	}
}

static u8 erc_protect_selection(const struct erc_protect *p)
{
	u8 legs = erc_protect_allowed(p);

	if (p->config.mode == ERCIRCUIT_MODE_ACTIVE_BACKUP &&
	    legs & BIT(ERCIRCUIT_PRIMARY))
		return ERCIRCUIT_ACTIVE_PRIMARY;
	return legs;
}

/* Clause 11.12: when the hold-off ends, a leg that has a defect enters signal fail,
 * even if another defect started the timer. If the leg has no defect then, its next
 * defect starts the timer again.
 */
static void erc_protect_hold(struct erc_protect *p, u64 now_ns)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_protect_leg *leg = &p->leg[slot];

		if (now_ns < leg->hold_until)
			continue;
		leg->sf = leg->defect;
		leg->hold_until = ERC_NEVER;
	}
}

/* A leg waits only while both legs are free of SF and SD, which have a higher
 * priority than WTR and DNR.
 */
static void erc_protect_stop_waiting(struct erc_protect *p)
{
	if (erc_protect_sf_mask(p) | p->avoided)
		p->waiting = 0;
}

/* Clause 11.13: the end of wait to restore. It does not end while the hold-off of
 * the leg runs, so that a leg which may be about to fail again does not get its
 * traffic back.
 */
static u64 erc_protect_restore_at(const struct erc_protect *p)
{
	if (!p->waiting || !p->config.revertive ||
	    p->leg[p->waiting >> 1].hold_until != ERC_NEVER)
		return ERC_NEVER;
	return p->wtr_since + p->config.wtr_ns;
}

static void erc_protect_restore(struct erc_protect *p, u64 now_ns)
{
	if (now_ns >= erc_protect_restore_at(p))
		p->waiting = 0;
}

static void erc_protect_defect(struct erc_protect *p,
			       const struct erc_protect_input *in, u64 now_ns)
{
	struct erc_protect_leg *leg = &p->leg[in->slot];

	leg->reason = in->reason;
	leg->defect = true;
	if (!leg->sf && leg->hold_until == ERC_NEVER) {
		leg->held_since = now_ns;
		leg->hold_until = now_ns + p->config.hold_off_ns;
	}
	if (in->at_once && !leg->sf)
		leg->hold_until = now_ns;
}

/* Would a leg that has recovered take traffic back from the other one? */
static bool erc_protect_must_wait(const struct erc_protect *p, int slot)
{
	/* Not while LO or FS is in force: they have priority over WTR. */
	if (!p->leg[slot].served || !p->active || p->active & BIT(slot) ||
	    p->command != ERCIRCUIT_SWITCH_CLEAR)
		return false;
	/* Active-backup returns to the primary only. */
	return p->config.mode == ERCIRCUIT_MODE_ACTIVE_ACTIVE ||
	       slot == ERCIRCUIT_PRIMARY;
}

/* Clause 11.13: leaving SF or SD. */
static void erc_protect_wait(struct erc_protect *p, int slot, u64 now_ns)
{
	if (!erc_protect_must_wait(p, slot))
		return;
	p->waiting = BIT(slot);
	p->wtr_since = now_ns;
}

static void erc_protect_clear(struct erc_protect *p, int slot, u64 now_ns)
{
	struct erc_protect_leg *leg = &p->leg[slot];

	if (leg->sf)
		erc_protect_wait(p, slot, now_ns);
	/* The end of a defect does not stop the hold-off. */
	leg->defect = false;
	leg->sf = false;
	leg->served = true;
	leg->reason = ERCIRCUIT_REASON_NONE;
}

/* If both legs are degraded, the first one stays avoided, since a switch would gain
 * nothing.
 */
static void erc_protect_degrade(struct erc_protect *p,
				const struct erc_protect_input *in, u64 now_ns)
{
	u8 this = BIT(in->slot);

	p->leg[in->slot].degraded = in->reason;
	if (in->reason != ERCIRCUIT_REASON_NONE) {
		p->avoided = p->avoided ?: this;
	} else if (p->avoided == this) {
		p->avoided = p->leg[!in->slot].degraded ?
			     BIT(!in->slot) : 0;
		erc_protect_wait(p, in->slot, now_ns);
	}
}

/* Return: the request that overrides a command, NR = none. */
static u8 erc_protect_obstacle(const struct erc_protect *p, u8 command)
{
	u8 highest;

	if (command == ERCIRCUIT_SWITCH_CLEAR || command == p->command)
		return ERCIRCUIT_REQUEST_NR;
	highest = erc_protect_highest(BIT(erc_protect_requests[command]) |
				      BIT(p->request));
	/* So does an equal one: the first of two manual switches stays. */
	return highest == p->request ? highest : ERCIRCUIT_REQUEST_NR;
}

/* Clause 11.14: neither an exercise nor its end switches the traffic. */
static bool erc_protect_ends_waiting(const struct erc_protect *p, u8 command)
{
	return command != ERCIRCUIT_SWITCH_EXERCISE &&
	       (command != ERCIRCUIT_SWITCH_CLEAR ||
		p->command != ERCIRCUIT_SWITCH_EXERCISE);
}

/* Clauses 9 and 11.11 */
static void erc_protect_command(struct erc_protect *p, u8 command,
				struct erc_protect_out *out)
{
	out->refused_by = erc_protect_obstacle(p, command);
	if (out->refused_by != ERCIRCUIT_REQUEST_NR)
		return;
	if (erc_protect_ends_waiting(p, command))
		p->waiting = 0;
	p->command = command;
}

static void erc_protect_configure(struct erc_protect *p,
				  const struct erc_protect_config *config,
				  u64 now_ns)
{
	int slot;

	/* DNR becomes WTR, which starts now; WTR becomes DNR by itself. */
	if (config->revertive && !p->config.revertive)
		p->wtr_since = now_ns;
	p->config = *config;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_protect_leg *leg = &p->leg[slot];

		if (leg->hold_until != ERC_NEVER)
			leg->hold_until = leg->held_since + config->hold_off_ns;
	}
	/* Only the primary waits in active-backup. */
	if (config->mode == ERCIRCUIT_MODE_ACTIVE_BACKUP)
		p->waiting &= ERCIRCUIT_ACTIVE_PRIMARY;
}

static void erc_protect_apply(struct erc_protect *p,
			      const struct erc_protect_input *in, u64 now_ns,
			      struct erc_protect_out *out)
{
	switch (in->event) {
	case ERC_PROTECT_DEFECT:
		erc_protect_defect(p, in, now_ns);
		break;
	case ERC_PROTECT_CLEAR:
		erc_protect_clear(p, in->slot, now_ns);
		break;
	case ERC_PROTECT_CONFIG:
		erc_protect_configure(p, &in->config, now_ns);
		break;
	case ERC_PROTECT_DEGRADE:
		erc_protect_degrade(p, in, now_ns);
		break;
	case ERC_PROTECT_COMMAND:
		erc_protect_command(p, in->command, out);
		break;
	}
}

/* Return: the defect or degrade of a leg that is no longer active, NONE = none. */
static u8 erc_protect_lost(const struct erc_protect *p, u8 gone)
{
	u8 lost = gone & erc_protect_sf_mask(p);
	int slot;

	if (lost)
		return p->leg[lost >> 1].reason;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (gone & p->avoided & BIT(slot))
			return p->leg[slot].degraded;
	return ERCIRCUIT_REASON_NONE;
}

/* Return: the reason of a switch: a lost leg, the user, or a return. */
static u8 erc_protect_cause(const struct erc_protect *p,
			    const struct erc_protect_input *in, u8 was)
{
	u8 lost = erc_protect_lost(p, was & ~p->active);

	if (lost)
		return lost;
	if (in->event == ERC_PROTECT_COMMAND)
		return ERCIRCUIT_REASON_COMMAND;
	if (!was)
		return ERCIRCUIT_REASON_RESTORED;
	if (in->event == ERC_PROTECT_CONFIG)
		return ERCIRCUIT_REASON_CONFIG;
	return ERCIRCUIT_REASON_REVERT;
}

static u64 erc_protect_deadline(const struct erc_protect *p)
{
	u64 at = ERC_NEVER;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (p->leg[slot].hold_until < at)
			at = p->leg[slot].hold_until;
	if (erc_protect_restore_at(p) < at)
		at = erc_protect_restore_at(p);
	return at;
}

/* Handle expired timers, then determine the request and the active legs. Return:
 * the reason of a switch, NONE without one.
 */
static u8 erc_protect_settle(struct erc_protect *p,
			     const struct erc_protect_input *in, u64 now_ns)
{
	u8 was = p->active;

	erc_protect_hold(p, now_ns);
	erc_protect_stop_waiting(p);
	erc_protect_restore(p, now_ns);
	erc_protect_decide(p);
	p->active = erc_protect_selection(p);
	return p->active != was ? erc_protect_cause(p, in, was) :
				  ERCIRCUIT_REASON_NONE;
}

/* Under a lockout the secondary leg does not carry even a packet that finds the
 * primary leg without carrier.
 */
static u8 erc_protect_usable(const struct erc_protect *p)
{
	u8 legs = ERC_PROTECT_LEGS & ~erc_protect_sf_mask(p);

	if (p->request == ERCIRCUIT_REQUEST_LO)
		legs &= BIT(ERCIRCUIT_PRIMARY);
	return legs;
}

void erc_protect_init(struct erc_protect *p,
		      const struct erc_protect_config *config)
{
	int slot;

	memset(p, 0, sizeof(*p));
	p->config = *config;
	p->command = ERCIRCUIT_SWITCH_CLEAR;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		p->leg[slot].defect = true;
		p->leg[slot].sf = true;
		p->leg[slot].reason = ERCIRCUIT_REASON_LINK;
		p->leg[slot].hold_until = ERC_NEVER;
	}
	erc_protect_decide(p);
}

void erc_protect_step(struct erc_protect *p,
		      const struct erc_protect_input *in, u64 now_ns,
		      struct erc_protect_out *out)
{
	static const struct erc_protect_input timer = {
		.event = ERC_PROTECT_TIMER,
	};
	u8 due, reason;

	memset(out, 0, sizeof(*out));
	out->was = p->active;
	out->request_was = p->request;

	/* Expired timers come before the event, even if they are late. */
	due = erc_protect_settle(p, &timer, now_ns);
	erc_protect_apply(p, in, now_ns, out);
	reason = erc_protect_settle(p, in, now_ns);

	out->active = p->active;
	out->request = p->request;
	out->usable = erc_protect_usable(p);
	/* If the step switched twice, report the second reason. */
	if (out->active != out->was)
		out->reason = reason ?: due;
	out->deadline_ns = erc_protect_deadline(p);
}
