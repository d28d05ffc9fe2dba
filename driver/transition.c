// SPDX-License-Identifier: GPL-2.0
/* Reports transitions to the log, to tracers and to listeners of RTM_NEWLINK. */
#include <linux/ktime.h>
#include <linux/net.h>

#include "ercircuit.h"
#include "transition.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

const char * const erc_transition_slots[] = ERCIRCUIT_SLOT_NAMES;
static const char * const erc_transition_states[] = ERCIRCUIT_STATE_NAMES;
static const char * const erc_transition_actives[] = ERCIRCUIT_ACTIVE_NAMES;
static const char * const erc_transition_requests[] = ERCIRCUIT_REQUEST_NAMES;
static const char * const erc_transition_reasons[] = ERCIRCUIT_REASON_NAMES;
static const char * const erc_transition_bfd_states[] = ERCIRCUIT_BFD_STATE_NAMES;
static const char * const erc_transition_bfd_diags[] = ERCIRCUIT_BFD_DIAG_NAMES;

static void erc_transition_trace(const struct net_device *dev,
				 const struct ercircuit_log_entry *e)
{
	const char *reason = erc_transition_reasons[e->reason];

	switch (e->kind) {
	case ERCIRCUIT_LOG_LEG:
		trace_ercircuit_leg_state(dev, erc_transition_slots[e->slot],
					  erc_transition_states[e->from],
					  erc_transition_states[e->to], reason);
		break;
	case ERCIRCUIT_LOG_SWITCH:
		trace_ercircuit_switch(dev, erc_transition_actives[e->from],
				       erc_transition_actives[e->to], reason);
		break;
	case ERCIRCUIT_LOG_REQUEST:
		trace_ercircuit_request(dev, erc_transition_requests[e->from],
					erc_transition_requests[e->to], reason);
		break;
	}
}

bool erc_transition_is_usable(u8 state)
{
	return state == ERCIRCUIT_STATE_UP || state == ERCIRCUIT_STATE_DEGRADED;
}

/* Return: true for a switch, and for a leg that fails or works again. */
static bool erc_transition_is_remarkable(const struct ercircuit_log_entry *e)
{
	if (e->kind == ERCIRCUIT_LOG_LEG)
		return erc_transition_is_usable(e->from) !=
		       erc_transition_is_usable(e->to);
	return e->kind == ERCIRCUIT_LOG_SWITCH;
}

static void erc_transition_print(const struct net_device *dev,
				 const struct ercircuit_log_entry *e)
{
	const char *reason = erc_transition_reasons[e->reason];

	if (!erc_transition_is_remarkable(e) || !net_ratelimit())
		return;
	if (e->kind == ERCIRCUIT_LOG_LEG)
		netdev_info(dev, "%s leg: %s -> %s (%s)\n",
			    erc_transition_slots[e->slot],
			    erc_transition_states[e->from],
			    erc_transition_states[e->to], reason);
	else
		netdev_info(dev, "active: %s -> %s (%s)\n",
			    erc_transition_actives[e->from],
			    erc_transition_actives[e->to], reason);
}

/* The wall clock may be set later, which must not change the past. */
u64 erc_transition_time(u64 boottime_ns)
{
	ktime_t mono = ktime_sub(ns_to_ktime(boottime_ns),
				 ktime_mono_to_any(0, TK_OFFS_BOOT));

	return ktime_to_ns(ktime_mono_to_any(mono, TK_OFFS_REAL));
}

void erc_transition_add(struct erc_circuit *c,
			const struct ercircuit_log_entry *entry)
{
	lockdep_assert_held(&c->lock);
	erc_transition_log_add(&c->log, entry, erc_transition_time(entry->when_ns));
	erc_schedule_add_news(c);
	erc_transition_trace(c->dev, entry);
	erc_transition_print(c->dev, entry);
}

void erc_transition_bfd(const struct erc_circuit *c, int slot, u8 from, u8 to,
			u8 diag)
{
	trace_ercircuit_bfd(c->dev, erc_transition_slots[slot],
			    erc_transition_bfd_states[from],
			    erc_transition_bfd_states[to],
			    erc_transition_bfd_diags[diag]);
}
