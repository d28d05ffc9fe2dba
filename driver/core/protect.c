// SPDX-License-Identifier: GPL-2.0
/*
 * Linear protection switching (G.8031), local requests only: the far end is
 * any router, so there is no APS channel and no far-end request.
 *
 * Each step updates the conditions (signal fail of either leg), names the
 * highest request present (table 11-1), and derives the set of legs that carry
 * from both.
 */
#include <linux/string.h>

#include "protect.h"

#define ERC_PROTECT_LEGS 0x3

static u8 erc_protect_sf_mask(const struct erc_protect *p)
{
	return (p->leg[ERCIRCUIT_PRIMARY].sf ? 1 << ERCIRCUIT_PRIMARY : 0) |
	       (p->leg[ERCIRCUIT_SECONDARY].sf ? 1 << ERCIRCUIT_SECONDARY : 0);
}

static u64 erc_protect_wtr_until(const struct erc_protect *p)
{
	return p->wtr_since + p->config.wtr_ns;
}

/* Table 11-1, high to low: SF-P, SF, WTR, DNR, NR. */
static u8 erc_protect_top(const struct erc_protect *p)
{
	if (p->leg[ERCIRCUIT_SECONDARY].sf)
		return ERCIRCUIT_REQUEST_SF_P;
	if (p->leg[ERCIRCUIT_PRIMARY].sf)
		return ERCIRCUIT_REQUEST_SF;
	if (p->waiting)
		return p->config.revertive ? ERCIRCUIT_REQUEST_WTR :
					     ERCIRCUIT_REQUEST_DNR;
	return ERCIRCUIT_REQUEST_NR;
}

/* Which legs carry: those that work, less the one that waits, and in
 * active-backup the first of them.
 */
static u8 erc_protect_selection(const struct erc_protect *p)
{
	u8 legs = ERC_PROTECT_LEGS & ~erc_protect_sf_mask(p) & ~p->waiting;

	if (p->config.mode == ERCIRCUIT_MODE_ACTIVE_BACKUP &&
	    legs & ERCIRCUIT_ACTIVE_PRIMARY)
		return ERCIRCUIT_ACTIVE_PRIMARY;
	return legs;
}

/* Clause 11.12: a defect is a signal fail once it lasted for the hold-off. */
static void erc_protect_hold(struct erc_protect *p, u64 now_ns)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_protect_leg *leg = &p->leg[slot];

		if (leg->defect && !leg->sf && now_ns >= leg->hold_until) {
			leg->sf = true;
			leg->hold_until = ERC_NEVER;
		}
	}
}

/* A leg waits only while it works and the other one carries for it. */
static void erc_protect_stop_waiting(struct erc_protect *p)
{
	u8 sf = erc_protect_sf_mask(p);

	if (p->waiting & sf || ERC_PROTECT_LEGS & ~p->waiting & sf)
		p->waiting = 0;
}

/* Clause 11.8: back to normal when wait to restore is over. */
static void erc_protect_restore(struct erc_protect *p, u64 now_ns)
{
	if (!p->waiting || !p->config.revertive ||
	    now_ns < erc_protect_wtr_until(p))
		return;
	p->waiting = 0;
}

static void erc_protect_defect(struct erc_protect *p,
			       const struct erc_protect_input *in, u64 now_ns)
{
	struct erc_protect_leg *leg = &p->leg[in->slot];

	leg->reason = in->reason;
	if (!leg->defect) {
		leg->defect = true;
		leg->since = now_ns;
		leg->hold_until = now_ns + p->config.hold_off_ns;
	}
	if (in->at_once && !leg->sf)
		leg->hold_until = now_ns;
}

/* Is there traffic that a recovered leg would take back? */
static bool erc_protect_must_wait(const struct erc_protect *p, int slot)
{
	u8 carried = p->active & ~(1 << slot);

	if (!p->leg[slot].served || !carried)
		return false;
	/* Active-backup returns to the primary only. */
	return p->config.mode == ERCIRCUIT_MODE_ACTIVE_ACTIVE ||
	       slot == ERCIRCUIT_PRIMARY;
}

static void erc_protect_clear(struct erc_protect *p, int slot, u64 now_ns)
{
	struct erc_protect_leg *leg = &p->leg[slot];

	if (leg->sf && erc_protect_must_wait(p, slot)) {
		p->waiting = 1 << slot;
		p->wtr_since = now_ns;
	}
	leg->defect = false;
	leg->sf = false;
	leg->served = true;
	leg->reason = ERCIRCUIT_REASON_NONE;
	leg->hold_until = ERC_NEVER;
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
			leg->hold_until = leg->since + config->hold_off_ns;
	}
	/* Only the primary waits in active-backup. */
	if (config->mode == ERCIRCUIT_MODE_ACTIVE_BACKUP)
		p->waiting &= ERCIRCUIT_ACTIVE_PRIMARY;
}

static void erc_protect_apply(struct erc_protect *p,
			      const struct erc_protect_input *in, u64 now_ns)
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
	}
}

/* What moved the traffic: a leg that got lost, a setting, or a return. */
static u8 erc_protect_cause(const struct erc_protect *p,
			    const struct erc_protect_input *in, u8 was)
{
	u8 lost = was & erc_protect_sf_mask(p);

	if (lost)
		return p->leg[lost >> 1 ? ERCIRCUIT_SECONDARY :
					  ERCIRCUIT_PRIMARY].reason;
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
	if (p->waiting && p->config.revertive && erc_protect_wtr_until(p) < at)
		at = erc_protect_wtr_until(p);
	return at;
}

/* Bring the conditions up to the time. */
static void erc_protect_settle(struct erc_protect *p, u64 now_ns)
{
	erc_protect_hold(p, now_ns);
	erc_protect_stop_waiting(p);
	erc_protect_restore(p, now_ns);
}

void erc_protect_init(struct erc_protect *p,
		      const struct erc_protect_config *config)
{
	int slot;

	memset(p, 0, sizeof(*p));
	p->config = *config;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		p->leg[slot].defect = true;
		p->leg[slot].sf = true;
		p->leg[slot].reason = ERCIRCUIT_REASON_LINK;
		p->leg[slot].hold_until = ERC_NEVER;
	}
	p->request = erc_protect_top(p);
}

void erc_protect_step(struct erc_protect *p,
		      const struct erc_protect_input *in, u64 now_ns,
		      struct erc_protect_out *out)
{
	memset(out, 0, sizeof(*out));
	out->was = p->active;
	out->request_was = p->request;
	out->sf_was = erc_protect_sf_mask(p);

	/* Timers that are due come before the event, however late they are. */
	erc_protect_settle(p, now_ns);
	p->active = erc_protect_selection(p);
	erc_protect_apply(p, in, now_ns);
	erc_protect_settle(p, now_ns);
	p->active = erc_protect_selection(p);
	p->request = erc_protect_top(p);

	out->active = p->active;
	out->request = p->request;
	out->sf = erc_protect_sf_mask(p);
	if (out->active != out->was)
		out->reason = erc_protect_cause(p, in, out->was);
	out->deadline_ns = erc_protect_deadline(p);
}
