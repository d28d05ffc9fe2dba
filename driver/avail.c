// SPDX-License-Identifier: GPL-2.0
/* Glue of core/avail: the circuit's present state, and the counters. */
#include <linux/ktime.h>

#include "avail.h"

static bool erc_avail_leg_works(const struct erc_leg *leg)
{
	return leg->uptime.state == ERCIRCUIT_STATE_UP ||
	       leg->uptime.state == ERCIRCUIT_STATE_DEGRADED;
}

static u8 erc_avail_state_locked(const struct erc_circuit *c)
{
	int slot, usable = 0;

	if (!netif_running(c->dev))
		return ERC_AVAIL_OFF;
	if (erc_locked(c, c->contract)->checks & ERC_CONTRACT_CLOSED)
		return ERC_AVAIL_DOWN;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		usable += erc_avail_leg_works(&c->leg[slot]);
	if (usable == ERCIRCUIT_SLOTS)
		return ERC_AVAIL_UP;
	return usable ? ERC_AVAIL_DEGRADED : ERC_AVAIL_DOWN;
}

void erc_avail_follow_locked(struct erc_circuit *c)
{
	u8 state = erc_avail_state_locked(c);

	lockdep_assert_held(&c->lock);
	if (state != c->avail.state)
		erc_avail_set(&c->avail, state, ktime_get_boottime_ns());
}

void erc_avail_follow(struct erc_circuit *c)
{
	spin_lock_bh(&c->lock);
	erc_avail_follow_locked(c);
	spin_unlock_bh(&c->lock);
}

void erc_avail_read_locked(struct erc_circuit *c, u64 *counters)
{
	const struct erc_contract *k = erc_locked(c, c->contract);
	struct erc_avail *a = &c->avail;

	lockdep_assert_held(&c->lock);
	erc_avail_account(a, ktime_get_boottime_ns());
	counters[ERCIRCUIT_up_ns] = a->ns[ERC_AVAIL_UP];
	counters[ERCIRCUIT_degraded_ns] = a->ns[ERC_AVAIL_DEGRADED];
	counters[ERCIRCUIT_down_ns] = a->ns[ERC_AVAIL_DOWN];
	counters[ERCIRCUIT_outages] = a->outages;
	counters[ERCIRCUIT_longest_outage_ns] = a->longest_ns;
	counters[ERCIRCUIT_availability_ppm] = erc_avail_ppm(a);
	counters[ERCIRCUIT_budget_ns] =
		erc_avail_budget(a, READ_ONCE(k->terms.sla_ppm));
}
