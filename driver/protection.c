// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of the machine in core/: turns the state of the legs into events of the
 * machine, and publishes the decisions of the machine: the selection, the log,
 * counters, a timer and a notification.
 */
#include <linux/ktime.h>

#include "avail.h"
#include "bfd.h"
#include "contract.h"
#include "ercircuit.h"
#include "leg.h"
#include "nexthop.h"
#include "protection.h"
#include "schedule.h"
#include "transition.h"
#include "underlay.h"

/* Requests that override a command, and how to end them; others override none. */
static const char * const erc_protection_obstacles[ERCIRCUIT_REQUESTS] = {
	[ERCIRCUIT_REQUEST_LO] = "lockout (LO): use switch clear",
	[ERCIRCUIT_REQUEST_SF_P] = "signal fail on secondary (SF-P): mend it",
	[ERCIRCUIT_REQUEST_FS] = "forced switch (FS): use switch clear",
	[ERCIRCUIT_REQUEST_SF] = "signal fail on primary (SF): mend it",
	[ERCIRCUIT_REQUEST_SD] = "signal degrade (SD): mend the leg",
	[ERCIRCUIT_REQUEST_MS] = "manual switch (MS): use switch clear",
	[ERCIRCUIT_REQUEST_WTR] = "wait to restore (WTR): use switch clear",
};

/* Return: true if a slot with this device and these settings has a defect because of
 * its next hops. While the other leg is active, a leg that returns stays failed until
 * its next hop has answered: packets would only wait there.
 */
static bool erc_protection_is_neigh_failed(const struct erc_circuit *c,
					   const struct erc_protection_fsm *p,
					   int slot,
					   const struct net_device *dev,
					   const struct erc_leg_config *config)
{
	const struct erc_leg *leg = &c->leg[slot];
	bool known = erc_leg_keeps_nexthops(leg, dev, config);

	lockdep_assert_held(&c->lock);
	if (known && leg->neigh_failed)
		return true;
	if (!config->neigh || !p->leg[slot].sf || !(p->active & ~BIT(slot)) ||
	    !netif_running(c->dev))
		return false;
	return known ? !erc_nexthop_is_resolved(c, leg) :
		       erc_leg_has_nexthop(config);
}

static u8 erc_protection_defect(struct net_device *dev,
				const struct erc_leg_config *config, u8 bfd,
				bool neigh_failed)
{
	if (!dev)
		return config->taken ? ERCIRCUIT_REASON_CONFIG :
				       ERCIRCUIT_REASON_LINK;
	if (config->fault == ERCIRCUIT_FAULT_DOWN)
		return ERCIRCUIT_REASON_FAULT;
	/* A device that goes down stops running before it loses IFF_UP. */
	if (!(READ_ONCE(dev->flags) & IFF_UP) || !netif_running(dev))
		return ERCIRCUIT_REASON_ADMIN;
	if (!erc_leg_is_running(dev, erc_leg_port(dev)))
		return ERCIRCUIT_REASON_LINK;
	/* Before the next hop and its session, which will fail for this reason. */
	if (erc_underlay_lacks_source(dev, config))
		return ERCIRCUIT_REASON_ADDRESS;
	/* Before the next hop: BFD detects a failure first. */
	if (bfd == ERC_BFD_FAILED)
		return ERCIRCUIT_REASON_BFD;
	if (neigh_failed)
		return ERCIRCUIT_REASON_NEIGH;
	return ERCIRCUIT_REASON_NONE;
}

static u8 erc_protection_degraded(const struct erc_leg *leg,
				  const struct erc_leg_config *config, u8 bfd)
{
	/* After a drain the leg stays degraded until the session is Up or its grace
	 * period ends.
	 */
	if (config->drain ||
	    (bfd == ERC_BFD_NO_VERDICT && leg->session.drained))
		return ERCIRCUIT_REASON_DRAIN;
	if (bfd == ERC_BFD_PEER_ADMIN)
		return ERCIRCUIT_REASON_PEER_ADMIN_DOWN;
	/* Not a defect: smaller packets pass. */
	if (leg->short_mtu)
		return ERCIRCUIT_REASON_MTU;
	return ERCIRCUIT_REASON_NONE;
}

/* Return: true with an event for the machine, if the machine does not know the state
 * of a slot with this device and these settings.
 */
static bool erc_protection_next_event(struct erc_circuit *c,
				      const struct erc_protection_fsm *p,
				      int slot, struct net_device *dev,
				      const struct erc_leg_config *config,
				      struct erc_protection_input *in)
{
	u8 bfd = erc_bfd_verdict(c, slot, dev, config);
	u8 degraded = erc_protection_degraded(&c->leg[slot], config, bfd);
	u8 defect =
		erc_protection_defect(dev, config, bfd,
				      erc_protection_is_neigh_failed(c, p, slot,
								     dev,
								     config));

	lockdep_assert_held(&c->lock);
	/* Before the defect: otherwise a drained leg that returns would be active for
	 * a moment.
	 */
	if (degraded != p->leg[slot].degraded) {
		*in = (struct erc_protection_input) {
			.event = ERC_PROTECTION_DEGRADE,
			.slot = slot,
			.reason = degraded,
		};
		return true;
	}
	if (defect == p->leg[slot].reason ||
	    (!defect && erc_leg_is_activating(dev)))
		return false;
	*in = (struct erc_protection_input) {
		.event = defect ? ERC_PROTECTION_DEFECT : ERC_PROTECTION_CLEAR,
		.slot = slot,
		.reason = defect,
		.at_once = !dev || defect == ERCIRCUIT_REASON_FAULT,
	};
	return true;
}

static u8 erc_protection_state(struct erc_circuit *c, int slot)
{
	const struct erc_protection_leg *leg = &c->protect.leg[slot];

	lockdep_assert_held(&c->lock);
	if (!rcu_access_pointer(c->leg[slot].dev))
		return ERCIRCUIT_STATE_EMPTY;
	if (leg->sf)
		return ERCIRCUIT_STATE_DOWN;
	return leg->degraded ? ERCIRCUIT_STATE_DEGRADED : ERCIRCUIT_STATE_UP;
}

/* Return: the reason of a leg's state; a defect in its hold-off is no reason yet. */
static u8 erc_protection_reason(struct erc_circuit *c, int slot)
{
	const struct erc_protection_leg *leg = &c->protect.leg[slot];

	lockdep_assert_held(&c->lock);
	if (leg->sf || leg->degraded)
		return leg->sf ? leg->reason : leg->degraded;
	/* The leg seems to work, apart from an injected fault. */
	return c->leg[slot].config.fault ? ERCIRCUIT_REASON_FAULT :
					   ERCIRCUIT_REASON_NONE;
}

static void erc_protection_log(struct erc_circuit *c, u64 now, u8 kind,
			       u8 slot, u8 from, u8 to, u8 reason)
{
	struct ercircuit_log_entry entry = {
		.when_ns = now,
		.kind = kind,
		.slot = slot,
		.from = from,
		.to = to,
		.reason = reason,
	};

	lockdep_assert_held(&c->lock);
	erc_transition_add(c, &entry);
}

/* Not in the machine, as EMPTY is no state of G.8031. */
static void erc_protection_log_leg(struct erc_circuit *c, int slot,
				   u64 now)
{
	struct erc_leg *leg = &c->leg[slot];
	u8 state = erc_protection_state(c, slot);
	u8 reason = erc_protection_reason(c, slot);
	u8 was = leg->uptime.state;

	lockdep_assert_held(&c->lock);
	if (state == was && reason == leg->logged_reason)
		return;
	/* A leg that the user takes away has not failed. */
	if (erc_transition_is_usable(was) && !erc_transition_is_usable(state) &&
	    reason != ERCIRCUIT_REASON_CONFIG)
		erc_count_leg(c, slot, sf_events);
	if (state == ERCIRCUIT_STATE_DEGRADED && state != was)
		erc_count_leg(c, slot, sd_events);
	erc_protection_log(c, now, ERCIRCUIT_LOG_LEG, slot, was, state,
			   reason);
	erc_uptime_set(&leg->uptime, state, now);
	leg->logged_reason = reason;
}

/* A circuit that fails open shows routing by its carrier that it passes no packet. */
static void erc_protection_carrier(struct erc_circuit *c, u8 active)
{
	lockdep_assert_held(&c->lock);
	if (c->fail == ERCIRCUIT_FAIL_CLOSED ||
	    (active && erc_contract_is_open(c)))
		netif_carrier_on(c->dev);
	else
		netif_carrier_off(c->dev);
}

static u32 erc_protection_defects(const struct erc_circuit *c)
{
	u32 defects = 0;
	int slot;

	lockdep_assert_held(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (c->protect.leg[slot].reason)
			defects |= BIT(slot + ERC_TX_FLAG_DEFECT_SHIFT);
	return defects;
}

static void erc_protection_publish(struct erc_circuit *c, u8 active,
				   u8 usable)
{
	lockdep_assert_held(&c->lock);
	WRITE_ONCE(c->tx_flags, active | usable << ERC_TX_FLAG_USABLE_SHIFT |
		   erc_protection_defects(c) |
		   (c->hash == ERCIRCUIT_HASH_L3L4 ? ERC_TX_FLAG_L3L4 : 0) |
		   erc_contract_tx_flags(c));
	erc_nexthop_publish_active(c);
	erc_protection_carrier(c, active);
}

static void erc_protection_count(struct erc_circuit *c, u8 reason)
{
	lockdep_assert_held(&c->lock);
	erc_count(c, switches);
	if (reason == ERCIRCUIT_REASON_COMMAND)
		erc_count(c, switches_command);
	else if (reason != ERCIRCUIT_REASON_CONFIG)
		erc_count(c, switches_auto);
}

static void erc_protection_apply(struct erc_circuit *c, u64 now,
				 const struct erc_protection_input *in,
				 const struct erc_protection_out *out)
{
	lockdep_assert_held(&c->lock);
	erc_protection_publish(c, out->active, out->usable);
	if (out->request != out->request_was)
		erc_protection_log(c, now, ERCIRCUIT_LOG_REQUEST, 0,
				   out->request_was, out->request,
				   in->event == ERC_PROTECTION_COMMAND ?
				   ERCIRCUIT_REASON_COMMAND :
				   ERCIRCUIT_REASON_NONE);
	if (out->active != out->was) {
		erc_protection_log(c, now, ERCIRCUIT_LOG_SWITCH, 0,
				   out->was, out->active, out->reason);
		c->last_switch_ns = now;
		c->last_switch_time = erc_transition_time(now);
		c->last_switch_reason = out->reason;
		erc_protection_count(c, out->reason);
	}
	if (out->deadline_ns != ERC_NEVER)
		erc_schedule_timer(c, out->deadline_ns);
}

static void erc_protection_step(struct erc_circuit *c,
				const struct erc_protection_input *in)
{
	u64 now = ktime_get_boottime_ns();
	struct erc_protection_out out;

	lockdep_assert_held(&c->lock);
	erc_protection_fsm_step(&c->protect, in, now, &out);
	erc_protection_apply(c, now, in, &out);
}

static void erc_protection_update_leg(struct erc_circuit *c, int slot)
{
	const struct erc_leg *leg = &c->leg[slot];
	struct net_device *dev = erc_locked(c, leg->dev);
	struct erc_protection_input in;

	lockdep_assert_held(&c->lock);
	while (erc_protection_next_event(c, &c->protect, slot, dev,
					 &leg->config, &in))
		erc_protection_step(c, &in);
	/* The kernel notifies when the device has started, but not when it has got a
	 * qdisc that queues.
	 */
	if (dev && c->protect.leg[slot].reason && erc_leg_is_activating(dev))
		erc_schedule_retry(c);
}

/* A timer that is due is a separate step, even if it is late. Its consequences are
 * logged and counted before the newer events.
 */
static void erc_protection_expire(struct erc_circuit *c)
{
	struct erc_protection_input in = { .event = ERC_PROTECTION_TIMER };
	bool sf[ERCIRCUIT_SLOTS];
	int slot;

	lockdep_assert_held(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		sf[slot] = c->protect.leg[slot].sf;
	erc_protection_step(c, &in);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (c->protect.leg[slot].sf != sf[slot])
			erc_protection_log_leg(c, slot,
					       ktime_get_boottime_ns());
}

void erc_protection_update_locked(struct erc_circuit *c)
{
	int slot;

	lockdep_assert_held(&c->lock);
	erc_protection_expire(c);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_protection_update_leg(c, slot);
	/* Again: whether a leg waits for its next hop depends on the other leg. */
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_protection_update_leg(c, slot);
	/* After both: otherwise the log would show a leg that returns as down. */
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_protection_log_leg(c, slot,
				       ktime_get_boottime_ns());
	erc_avail_update_locked(c);
	erc_schedule_announce(c);
}

void erc_protection_update(struct erc_circuit *c)
{
	spin_lock_bh(&c->lock);
	erc_protection_update_locked(c);
	spin_unlock_bh(&c->lock);
}

void erc_protection_configure(struct erc_circuit *c,
			      const struct erc_protection_config *config,
			      u8 hash)
{
	struct erc_protection_input in = {
		.event = ERC_PROTECTION_CONFIG,
		.config = *config,
	};

	ASSERT_RTNL();
	lockdep_assert_held(&c->lock);
	c->hash = hash;
	erc_protection_step(c, &in);
}

/* Twice: whether a leg waits for its next hop depends on the other leg. */
static void erc_protection_simulate_legs(struct erc_circuit *c,
					 struct erc_protection_fsm *p,
					 const struct erc_config *config,
					 u64 now)
{
	struct erc_protection_input in;
	struct erc_protection_out out;
	int i, slot;

	lockdep_assert_held(&c->lock);
	for (i = 0; i < 2 * ERCIRCUIT_SLOTS; i++) {
		slot = i % ERCIRCUIT_SLOTS;
		while (erc_protection_next_event(c, p, slot,
						 config->devs[slot],
						 &config->leg[slot], &in))
			erc_protection_fsm_step(p, &in, now, &out);
	}
}

/* Run the command on a copy of the machine. The caller holds the lock until the
 * command itself.
 */
int erc_protection_check_command(struct erc_circuit *c,
				 const struct erc_config *config,
				 struct netlink_ext_ack *extack)
{
	static const char * const commands[] = ERCIRCUIT_SWITCH_NAMES;
	struct erc_protection_input in = {
		.event = ERC_PROTECTION_CONFIG,
		.config = config->protect,
	};
	u64 now = ktime_get_boottime_ns();
	struct erc_protection_fsm p = c->protect;
	struct erc_protection_out out;

	ASSERT_RTNL();
	lockdep_assert_held(&c->lock);
	if (config->command >= ERCIRCUIT_SWITCHES)
		return 0;
	erc_protection_fsm_step(&p, &in, now, &out);
	erc_protection_simulate_legs(c, &p, config, now);
	in = (struct erc_protection_input) {
		.event = ERC_PROTECTION_COMMAND,
		.command = config->command,
	};
	erc_protection_fsm_step(&p, &in, now, &out);
	if (out.refused_by == ERCIRCUIT_REQUEST_NR)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "switch %s: overridden by %s",
			   commands[config->command],
			   erc_protection_obstacles[out.refused_by]);
	return -EBUSY;
}

void erc_protection_command(struct erc_circuit *c, u8 command)
{
	struct erc_protection_input in = {
		.event = ERC_PROTECTION_COMMAND,
		.command = command,
	};

	ASSERT_RTNL();
	lockdep_assert_held(&c->lock);
	if (command < ERCIRCUIT_SWITCHES)
		erc_protection_step(c, &in);
}

u8 erc_protection_leg_state(struct erc_circuit *c, int slot, u8 *reason)
{
	u8 state;

	spin_lock_bh(&c->lock);
	state = erc_protection_state(c, slot);
	/* User space sees a defect in its hold-off, too. */
	*reason = c->protect.leg[slot].reason ?:
		  erc_protection_reason(c, slot);
	spin_unlock_bh(&c->lock);
	return state;
}

void erc_protection_init(struct erc_circuit *c)
{
	static const struct erc_protection_config config = {
		.mode = ERCIRCUIT_MODE_ACTIVE_BACKUP,
		.revertive = true,
		.wtr_ns = ERCIRCUIT_WTR_DEFAULT_MS * (u64)NSEC_PER_MSEC,
		.hold_off_ns = ERCIRCUIT_HOLD_OFF_DEFAULT_MS *
			       (u64)NSEC_PER_MSEC,
	};
	int slot;

	erc_protection_fsm_init(&c->protect, &config);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		c->leg[slot].logged_reason = c->protect.leg[slot].reason;
}
