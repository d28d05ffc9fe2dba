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

#define ERC_PROTECTION_LEGS (BIT(ERCIRCUIT_PRIMARY) | BIT(ERCIRCUIT_SECONDARY))

/* Table 11-1, highest priority first */
static const u8 erc_protection_fsm_priorities[ERCIRCUIT_REQUESTS] = {
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
static const u8 erc_protection_fsm_requests[ERCIRCUIT_SWITCHES] = {
	[ERCIRCUIT_SWITCH_LOCKOUT] = ERCIRCUIT_REQUEST_LO,
	[ERCIRCUIT_SWITCH_FORCED] = ERCIRCUIT_REQUEST_FS,
	[ERCIRCUIT_SWITCH_MANUAL_PRIMARY] = ERCIRCUIT_REQUEST_MS,
	[ERCIRCUIT_SWITCH_MANUAL_SECONDARY] = ERCIRCUIT_REQUEST_MS,
	[ERCIRCUIT_SWITCH_EXERCISE] = ERCIRCUIT_REQUEST_EXER,
	[ERCIRCUIT_SWITCH_CLEAR] = ERCIRCUIT_REQUEST_NR,
};

static u8 erc_protection_fsm_sf_mask(const struct erc_protection_fsm *p)
{
	return (p->leg[ERCIRCUIT_PRIMARY].sf ? BIT(ERCIRCUIT_PRIMARY) : 0) |
	       (p->leg[ERCIRCUIT_SECONDARY].sf ? BIT(ERCIRCUIT_SECONDARY) : 0);
}

/* Return: all requests that are present, bit n = request n. */
static u32 erc_protection_fsm_present(const struct erc_protection_fsm *p)
{
	u32 present = BIT(ERCIRCUIT_REQUEST_NR) |
		      BIT(erc_protection_fsm_requests[p->command]);

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

static u8 erc_protection_fsm_highest(u32 present)
{
	const u8 *request = erc_protection_fsm_priorities;

	while (!(present & BIT(*request)))
		request++;
	return *request;
}

/* Clause 11.11: a command that a higher request overrides is dropped. */
static void erc_protection_fsm_set_request(struct erc_protection_fsm *p)
{
	p->request = erc_protection_fsm_highest(erc_protection_fsm_present(p));
	if (p->request != erc_protection_fsm_requests[p->command])
		p->command = ERCIRCUIT_SWITCH_CLEAR;
}

/* Return: the legs on which the request in force permits traffic. */
static u8 erc_protection_fsm_allowed(const struct erc_protection_fsm *p)
{
	u8 legs = ERC_PROTECTION_LEGS & ~erc_protection_fsm_sf_mask(p);

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

static u8 erc_protection_fsm_selection(const struct erc_protection_fsm *p)
{
	u8 legs = erc_protection_fsm_allowed(p);

	if (p->config.mode == ERCIRCUIT_MODE_ACTIVE_BACKUP &&
	    legs & BIT(ERCIRCUIT_PRIMARY))
		return ERCIRCUIT_ACTIVE_PRIMARY;
	return legs;
}

/* Clause 11.12: when the hold-off ends, a leg that has a defect enters signal fail,
 * even if another defect started the timer. If the leg has no defect then, its next
 * defect starts the timer again.
 */
static void erc_protection_fsm_end_hold_off(struct erc_protection_fsm *p,
					    u64 now_ns)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_protection_leg *leg = &p->leg[slot];

		if (now_ns < leg->hold_off_until)
			continue;
		leg->sf = leg->defect;
		leg->hold_off_until = ERC_NEVER;
	}
}

/* A leg waits only while both legs are free of SF and SD, which have a higher
 * priority than WTR and DNR.
 */
static void erc_protection_fsm_stop_waiting(struct erc_protection_fsm *p)
{
	if (erc_protection_fsm_sf_mask(p) | p->avoided)
		p->waiting = 0;
}

/* Clause 11.13: the end of wait to restore. It does not end while the hold-off of
 * the leg runs, so that a leg which may be about to fail again does not get its
 * traffic back.
 */
static u64 erc_protection_fsm_restore_at(const struct erc_protection_fsm *p)
{
	if (!p->waiting || !p->config.revertive ||
	    p->leg[p->waiting >> 1].hold_off_until != ERC_NEVER)
		return ERC_NEVER;
	return p->wtr_since + p->config.wtr_ns;
}

static void erc_protection_fsm_restore(struct erc_protection_fsm *p, u64 now_ns)
{
	if (now_ns >= erc_protection_fsm_restore_at(p))
		p->waiting = 0;
}

static void erc_protection_fsm_defect(struct erc_protection_fsm *p,
				      const struct erc_protection_input *in,
				      u64 now_ns)
{
	struct erc_protection_leg *leg = &p->leg[in->slot];

	leg->reason = in->reason;
	leg->defect = true;
	if (!leg->sf && leg->hold_off_until == ERC_NEVER) {
		leg->hold_off_since = now_ns;
		leg->hold_off_until = now_ns + p->config.hold_off_ns;
	}
	if (in->at_once && !leg->sf)
		leg->hold_off_until = now_ns;
}

/* Would a leg that has recovered take traffic back from the other one? */
static bool erc_protection_fsm_must_wait(const struct erc_protection_fsm *p,
					 int slot)
{
	/* Not while LO or FS is in force: they have priority over WTR. */
	if (!p->leg[slot].was_up || !p->active || p->active & BIT(slot) ||
	    p->command != ERCIRCUIT_SWITCH_CLEAR)
		return false;
	/* Active-backup returns to the primary only. */
	return p->config.mode == ERCIRCUIT_MODE_ACTIVE_ACTIVE ||
	       slot == ERCIRCUIT_PRIMARY;
}

/* Clause 11.13: leaving SF or SD. */
static void erc_protection_fsm_wait(struct erc_protection_fsm *p, int slot,
				    u64 now_ns)
{
	if (!erc_protection_fsm_must_wait(p, slot))
		return;
	p->waiting = BIT(slot);
	p->wtr_since = now_ns;
}

static void erc_protection_fsm_clear(struct erc_protection_fsm *p, int slot,
				     u64 now_ns)
{
	struct erc_protection_leg *leg = &p->leg[slot];

	if (leg->sf)
		erc_protection_fsm_wait(p, slot, now_ns);
	/* The end of a defect does not stop the hold-off. */
	leg->defect = false;
	leg->sf = false;
	leg->was_up = true;
	leg->reason = ERCIRCUIT_REASON_NONE;
}

/* If both legs are degraded, the first one stays avoided, since a switch would gain
 * nothing.
 */
static void erc_protection_fsm_degrade(struct erc_protection_fsm *p,
				       const struct erc_protection_input *in,
				       u64 now_ns)
{
	u8 this = BIT(in->slot);

	p->leg[in->slot].degraded = in->reason;
	if (in->reason != ERCIRCUIT_REASON_NONE) {
		p->avoided = p->avoided ?: this;
	} else if (p->avoided == this) {
		p->avoided = p->leg[!in->slot].degraded ?
			     BIT(!in->slot) : 0;
		erc_protection_fsm_wait(p, in->slot, now_ns);
	}
}

/* Return: the request that overrides a command, NR = none. */
static u8 erc_protection_fsm_overriding(const struct erc_protection_fsm *p,
					u8 command)
{
	u32 both = BIT(erc_protection_fsm_requests[command]) | BIT(p->request);
	u8 highest;

	if (command == ERCIRCUIT_SWITCH_CLEAR || command == p->command)
		return ERCIRCUIT_REQUEST_NR;
	highest = erc_protection_fsm_highest(both);
	/* So does an equal one: the first of two manual switches stays. */
	return highest == p->request ? highest : ERCIRCUIT_REQUEST_NR;
}

/* Clause 11.14: neither an exercise nor its end switches the traffic. */
static bool erc_protection_fsm_ends_waiting(const struct erc_protection_fsm *p,
					    u8 command)
{
	return command != ERCIRCUIT_SWITCH_EXERCISE &&
	       (command != ERCIRCUIT_SWITCH_CLEAR ||
		p->command != ERCIRCUIT_SWITCH_EXERCISE);
}

/* Clauses 9 and 11.11 */
static void erc_protection_fsm_command(struct erc_protection_fsm *p, u8 command,
				       struct erc_protection_out *out)
{
	out->refused_by = erc_protection_fsm_overriding(p, command);
	if (out->refused_by != ERCIRCUIT_REQUEST_NR)
		return;
	if (erc_protection_fsm_ends_waiting(p, command))
		p->waiting = 0;
	p->command = command;
}

static void erc_protection_fsm_configure(struct erc_protection_fsm *p,
					 const struct erc_protection_config *config,
					 u64 now_ns)
{
	int slot;

	/* DNR becomes WTR, which starts now; WTR becomes DNR by itself. */
	if (config->revertive && !p->config.revertive)
		p->wtr_since = now_ns;
	p->config = *config;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_protection_leg *leg = &p->leg[slot];

		if (leg->hold_off_until != ERC_NEVER)
			leg->hold_off_until =
				leg->hold_off_since + config->hold_off_ns;
	}
	/* Only the primary waits in active-backup. */
	if (config->mode == ERCIRCUIT_MODE_ACTIVE_BACKUP)
		p->waiting &= ERCIRCUIT_ACTIVE_PRIMARY;
}

static void erc_protection_fsm_apply(struct erc_protection_fsm *p,
				     const struct erc_protection_input *in,
				     u64 now_ns, struct erc_protection_out *out)
{
	switch (in->event) {
	case ERC_PROTECTION_DEFECT:
		erc_protection_fsm_defect(p, in, now_ns);
		break;
	case ERC_PROTECTION_CLEAR:
		erc_protection_fsm_clear(p, in->slot, now_ns);
		break;
	case ERC_PROTECTION_CONFIG:
		erc_protection_fsm_configure(p, &in->config, now_ns);
		break;
	case ERC_PROTECTION_DEGRADE:
		erc_protection_fsm_degrade(p, in, now_ns);
		break;
	case ERC_PROTECTION_COMMAND:
		erc_protection_fsm_command(p, in->command, out);
		break;
	}
}

/* Return: the defect or degrade of a leg that is no longer active, NONE = none. */
static u8 erc_protection_fsm_lost_reason(const struct erc_protection_fsm *p,
					 u8 gone)
{
	u8 lost = gone & erc_protection_fsm_sf_mask(p);
	int slot;

	if (lost)
		return p->leg[lost >> 1].reason;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (gone & p->avoided & BIT(slot))
			return p->leg[slot].degraded;
	return ERCIRCUIT_REASON_NONE;
}

/* Return: the reason of a switch: a lost leg, the user, or a return. */
static u8 erc_protection_fsm_switch_reason(const struct erc_protection_fsm *p,
					   const struct erc_protection_input *in,
					   u8 was)
{
	u8 lost = erc_protection_fsm_lost_reason(p, was & ~p->active);

	if (lost)
		return lost;
	if (in->event == ERC_PROTECTION_COMMAND)
		return ERCIRCUIT_REASON_COMMAND;
	if (!was)
		return ERCIRCUIT_REASON_RESTORED;
	if (in->event == ERC_PROTECTION_CONFIG)
		return ERCIRCUIT_REASON_CONFIG;
	return ERCIRCUIT_REASON_REVERT;
}

static u64 erc_protection_fsm_deadline(const struct erc_protection_fsm *p)
{
	u64 at = ERC_NEVER;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (p->leg[slot].hold_off_until < at)
			at = p->leg[slot].hold_off_until;
	if (erc_protection_fsm_restore_at(p) < at)
		at = erc_protection_fsm_restore_at(p);
	return at;
}

/* Handle expired timers, then determine the request and the active legs. Return:
 * the reason of a switch, NONE without one.
 */
static u8 erc_protection_fsm_update(struct erc_protection_fsm *p,
				    const struct erc_protection_input *in,
				    u64 now_ns)
{
	u8 was = p->active;

	erc_protection_fsm_end_hold_off(p, now_ns);
	erc_protection_fsm_stop_waiting(p);
	erc_protection_fsm_restore(p, now_ns);
	erc_protection_fsm_set_request(p);
	p->active = erc_protection_fsm_selection(p);
	return p->active != was ? erc_protection_fsm_switch_reason(p, in, was) :
				  ERCIRCUIT_REASON_NONE;
}

/* Under a lockout the secondary leg does not carry even a packet that finds the
 * primary leg without carrier.
 */
static u8 erc_protection_fsm_usable(const struct erc_protection_fsm *p)
{
	u8 legs = ERC_PROTECTION_LEGS & ~erc_protection_fsm_sf_mask(p);

	if (p->request == ERCIRCUIT_REQUEST_LO)
		legs &= BIT(ERCIRCUIT_PRIMARY);
	return legs;
}

void erc_protection_fsm_init(struct erc_protection_fsm *p,
			     const struct erc_protection_config *config)
{
	int slot;

	memset(p, 0, sizeof(*p));
	p->config = *config;
	p->command = ERCIRCUIT_SWITCH_CLEAR;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		p->leg[slot].defect = true;
		p->leg[slot].sf = true;
		p->leg[slot].reason = ERCIRCUIT_REASON_LINK;
		p->leg[slot].hold_off_until = ERC_NEVER;
	}
	erc_protection_fsm_set_request(p);
}

void erc_protection_fsm_step(struct erc_protection_fsm *p,
			     const struct erc_protection_input *in, u64 now_ns,
			     struct erc_protection_out *out)
{
	static const struct erc_protection_input timer = {
		.event = ERC_PROTECTION_TIMER,
	};
	u8 due, reason;

	memset(out, 0, sizeof(*out));
	out->was = p->active;
	out->request_was = p->request;

	/* Expired timers come before the event, even if they are late. */
	due = erc_protection_fsm_update(p, &timer, now_ns);
	erc_protection_fsm_apply(p, in, now_ns, out);
	reason = erc_protection_fsm_update(p, in, now_ns);

	out->active = p->active;
	out->request = p->request;
	out->usable = erc_protection_fsm_usable(p);
	/* If the step switched twice, report the second reason. */
	if (out->active != out->was)
		out->reason = reason ?: due;
	out->deadline_ns = erc_protection_fsm_deadline(p);
}
