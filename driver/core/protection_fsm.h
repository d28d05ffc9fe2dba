/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Linear protection switching (G.8031), local requests only.
 */
#ifndef _ERC_CORE_PROTECTION_FSM_H
#define _ERC_CORE_PROTECTION_FSM_H

#include "types.h"

/**
 * struct erc_protection_config - settings of the user
 * @mode: &enum ercircuit_mode
 * @revertive: return to the normal selection after a failure is over
 * @wtr_ns: wait to restore, 0 = return at once
 * @hold_off_ns: time from the first defect to the decision on signal fail
 */
struct erc_protection_config {
	u8 mode;
	bool revertive;
	u64 wtr_ns;
	u64 hold_off_ns;
};

/**
 * struct erc_protection_leg - state of a leg in the machine
 * @defect: a defect is present now
 * @sf: signal fail: there was a defect when the hold-off ended
 * @was_up: the leg has been free of signal fail once; only such a leg can be
 *	"restored", so a circuit that starts does not wait to restore
 * @reason: &enum ercircuit_reason of the latest defect, NONE without one
 * @degraded: &enum ercircuit_reason of the signal degrade, NONE without one
 * @hold_off_since: start of the hold-off
 * @hold_off_until: end of the hold-off, even if the defect clears before; ERC_NEVER
 *	if it does not run
 */
struct erc_protection_leg {
	bool defect;
	bool sf;
	bool was_up;
	u8 reason;
	u8 degraded;
	u64 hold_off_since;
	u64 hold_off_until;
};

/**
 * struct erc_protection_fsm - the machine
 * @config: as set
 * @leg: by &enum ercircuit_slot
 * @request: &enum ercircuit_request in force
 * @active: &enum ercircuit_active, the set of legs that carry traffic
 * @command: &enum ercircuit_switch in force, CLEAR = none
 * @avoided: the leg whose signal degrade is in effect: if both are degraded, the
 *	leg that was degraded first (a mask, at most one bit)
 * @waiting: the leg that recovered and is kept out of @active by WTR or DNR
 *	(a mask, bit n = slot n; at most one bit)
 * @wtr_since: start of WTR; valid only while @request is WTR
 */
struct erc_protection_fsm {
	struct erc_protection_config config;
	struct erc_protection_leg leg[ERCIRCUIT_SLOTS];
	u8 request;
	u8 active;
	u8 command;
	u8 avoided;
	u8 waiting;
	u64 wtr_since;
};

/**
 * enum erc_protection_event - events of the machine
 * @ERC_PROTECTION_DEFECT: a leg got a defect, or a defect's reason changed
 * @ERC_PROTECTION_CLEAR: a leg lost its last defect
 * @ERC_PROTECTION_TIMER: the deadline is over; an early call changes nothing
 * @ERC_PROTECTION_CONFIG: the configuration changed
 * @ERC_PROTECTION_DEGRADE: a leg's signal degrade began, ended or has another
 *	reason
 * @ERC_PROTECTION_COMMAND: the user gives a command
 * @ERC_PROTECTION_EVENTS: number of events
 */
enum erc_protection_event {
	ERC_PROTECTION_DEFECT,
	ERC_PROTECTION_CLEAR,
	ERC_PROTECTION_TIMER,
	ERC_PROTECTION_CONFIG,
	ERC_PROTECTION_DEGRADE,
	ERC_PROTECTION_COMMAND,
	ERC_PROTECTION_EVENTS,
};

/**
 * struct erc_protection_input - an event with its argument
 * @event: &enum erc_protection_event
 * @slot: of DEFECT, CLEAR and DEGRADE
 * @reason: of DEFECT: &enum ercircuit_reason, not NONE; of DEGRADE: likewise,
 *	NONE if the signal degrade ended
 * @at_once: of DEFECT: no hold-off, for a leg whose device has gone
 * @command: of COMMAND: &enum ercircuit_switch
 * @config: of CONFIG
 */
struct erc_protection_input {
	u8 event;
	u8 slot;
	u8 reason;
	bool at_once;
	u8 command;
	struct erc_protection_config config;
};

/**
 * struct erc_protection_out - result of a step, for the caller to act on
 * @was: @active before the step
 * @active: @active after it; a switch when different
 * @request_was: @request before the step
 * @request: @request after it
 * @usable: legs that may carry traffic if an active leg cannot: those without
 *	signal fail that are not locked out, bit n = slot n
 * @refused_by: of COMMAND: the &enum ercircuit_request that overrides it; NR if the
 *	command is accepted
 * @reason: &enum ercircuit_reason of the switch; NONE without a switch
 * @deadline_ns: time of the next ERC_PROTECTION_TIMER, ERC_NEVER = none
 */
struct erc_protection_out {
	u8 was;
	u8 active;
	u8 request_was;
	u8 request;
	u8 usable;
	u8 refused_by;
	u8 reason;
	u64 deadline_ns;
};

/**
 * erc_protection_fsm_init - make a machine whose legs are both empty
 * @p: the machine
 * @config: settings of the user
 *
 * Both legs start in signal fail with reason LINK, so nothing is active.
 */
void erc_protection_fsm_init(struct erc_protection_fsm *p,
			     const struct erc_protection_config *config);

/**
 * erc_protection_fsm_step - apply an event
 * @p: the machine
 * @in: the event
 * @now_ns: CLOCK_BOOTTIME
 * @out: the result; every member is written
 *
 * Every event is defined in every state. Every step handles the timers that have
 * expired first, so a late timer cannot delay a switch past another event.
 */
void erc_protection_fsm_step(struct erc_protection_fsm *p,
			     const struct erc_protection_input *in, u64 now_ns,
			     struct erc_protection_out *out);

#endif /* _ERC_CORE_PROTECTION_FSM_H */
