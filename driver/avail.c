// SPDX-License-Identifier: GPL-2.0
/* Glue of core/avail_account: the circuit's present state, and the counters. */
#include <linux/ktime.h>

#include "avail.h"
#include "contract.h"
#include "ercircuit.h"
#include "leg.h"

/* Does erc_xmit() give a packet to this leg? It makes a detour around the defects
 * that are listed here. With any other defect the leg loses the packet.
 */
static bool erc_avail_leg_accepts(const struct erc_circuit *c, int slot)
{
	u8 defect = c->protect.leg[slot].reason;

	lockdep_assert_held(&c->lock);
	return rcu_access_pointer(c->leg[slot].dev) &&
	       defect != ERCIRCUIT_REASON_LINK &&
	       defect != ERCIRCUIT_REASON_ADMIN &&
	       defect != ERCIRCUIT_REASON_FAULT;
}

/* Would this leg carry a packet? A defect counts while it is held, too. */
static bool erc_avail_leg_works(const struct erc_circuit *c, int slot)
{
	lockdep_assert_held(&c->lock);
	return c->tx_flags & BIT(slot + ERC_TX_FLAG_USABLE_SHIFT) &&
	       c->protect.leg[slot].reason == ERCIRCUIT_REASON_NONE &&
	       !erc_leg_has_fault(&c->leg[slot], ERC_LEG_TX);
}

/* Follow erc_xmit(): a packet goes to an active leg, or makes a detour. */
static u8 erc_avail_state(const struct erc_circuit *c)
{
	u8 takes = 0, works = 0;
	int slot;

	lockdep_assert_held(&c->lock);
	if (!netif_running(c->dev))
		return ERC_AVAIL_OFF;
	if (erc_locked(c, c->contract)->checks & ERC_CONTRACT_CLOSED)
		return ERC_AVAIL_DOWN;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		takes |= erc_avail_leg_accepts(c, slot) << slot;
		works |= erc_avail_leg_works(c, slot) << slot;
	}
	return erc_avail_account_state(c->tx_flags & ERC_TX_FLAG_ACTIVE, takes,
				       works);
}

void erc_avail_update_locked(struct erc_circuit *c)
{
	u8 state = erc_avail_state(c);

	lockdep_assert_held(&c->lock);
	if (state != c->avail.state)
		erc_avail_account_enter(&c->avail, state,
					ktime_get_boottime_ns());
}

void erc_avail_update(struct erc_circuit *c)
{
	spin_lock_bh(&c->lock);
	erc_avail_update_locked(c);
	spin_unlock_bh(&c->lock);
}

void erc_avail_read(struct erc_circuit *c, u64 *counters)
{
	const struct erc_contract *k = erc_locked(c, c->contract);
	struct erc_avail_account *a = &c->avail;

	lockdep_assert_held(&c->lock);
	erc_avail_account_update(a, ktime_get_boottime_ns());
	counters[ERCIRCUIT_up_ns] = a->ns[ERC_AVAIL_UP];
	counters[ERCIRCUIT_degraded_ns] = a->ns[ERC_AVAIL_DEGRADED];
	counters[ERCIRCUIT_down_ns] = a->ns[ERC_AVAIL_DOWN];
	counters[ERCIRCUIT_outages] = a->outages;
	counters[ERCIRCUIT_longest_outage_ns] = a->longest_ns;
	counters[ERCIRCUIT_availability_ppm] = erc_avail_account_ppm(a);
	counters[ERCIRCUIT_budget_ns] =
		erc_avail_account_budget(a, READ_ONCE(k->terms.sla_ppm));
}
