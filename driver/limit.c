// SPDX-License-Identifier: GPL-2.0
/* The limits of a circuit follow those of its legs: MTU, headroom, segmentation. */
#include <net/addrconf.h>

#include "ercircuit.h"
#include "leg.h"
#include "limit.h"

static bool erc_limit_has_global6(const struct net_device *dev)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;
	bool found = false;

	if (!idev)
		return false;
	rcu_read_lock();
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list)
		found |= !(ipv6_addr_type(&ifa->addr) & IPV6_ADDR_LINKLOCAL);
	rcu_read_unlock();
	return found;
}

/* A device whose MTU is below 1280 (RFC 8200 section 5) loses its IPv6 addresses and
 * routes, and they do not come back with the MTU. Only the user may do that.
 */
static unsigned int erc_limit_mtu_floor(const struct erc_circuit *c)
{
	unsigned int wanted = c->limits.mtu_wanted;

	if ((wanted && wanted < IPV6_MIN_MTU) || !erc_limit_has_global6(c->dev))
		return 0;
	return IPV6_MIN_MTU;
}

static void erc_limit_follow_mtu(struct erc_circuit *c, unsigned int max)
{
	struct net_device *dev = c->dev;
	unsigned int wanted = c->limits.mtu_wanted, mtu;

	max = max(max, erc_limit_mtu_floor(c));
	mtu = wanted ? min(wanted, max) : max;
	dev->max_mtu = max;
	if (mtu == dev->mtu)
		return;
	dev_set_mtu(dev, mtu);
	c->limits.mtu_wanted = wanted;
}

/* Return: the user's limit, as far as the legs allow it. */
static unsigned int erc_limit_apply(struct erc_limit *limit, unsigned int now,
				    unsigned int max)
{
	if (now != limit->given)
		limit->wanted = now;
	limit->given = min(limit->wanted, max);
	return limit->given;
}

/* The kernel lowers gso_max_* with tso_max_*, but does not raise them again. */
static void erc_limit_follow_tso(struct erc_circuit *c, unsigned int size,
				 u16 segs)
{
	struct net_device *dev = c->dev;
	unsigned int gso = erc_limit_apply(&c->limits.gso_size, dev->gso_max_size,
					   size);
	u16 gso_segs = erc_limit_apply(&c->limits.gso_segs, dev->gso_max_segs,
				       segs);
#ifdef ERC_HAVE_GSO_IPV4
	unsigned int gso4 = erc_limit_apply(&c->limits.gso_ipv4_size,
					    dev->gso_ipv4_max_size, size);
#endif

	netif_set_tso_max_size(dev, size);
	netif_set_tso_max_segs(dev, segs);
	WRITE_ONCE(dev->gso_max_size, gso);
	WRITE_ONCE(dev->gso_max_segs, gso_segs);
#ifdef ERC_HAVE_GSO_IPV4
	WRITE_ONCE(dev->gso_ipv4_max_size, gso4);
#endif
}

/* Return: true if a leg has become too small for the circuit's packets, or large
 * enough again.
 */
static bool erc_limit_mark_short(struct erc_circuit *c)
{
	bool changed = false;
	int slot;

	spin_lock_bh(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_leg *leg = &c->leg[slot];
		const struct net_device *dev = erc_leg_dev_rtnl(leg);
		bool short_mtu = dev && dev->mtu < c->dev->mtu;

		changed |= short_mtu != leg->short_mtu;
		leg->short_mtu = short_mtu;
	}
	spin_unlock_bh(&c->lock);
	return changed;
}

bool erc_limit_follow_legs(struct erc_circuit *c)
{
	unsigned int mtu = ETH_MAX_MTU, tso = TSO_MAX_SIZE;
	u16 segs = TSO_MAX_SEGS, headroom = 0, tailroom = 0;
	bool any = false;
	int slot;

	ASSERT_RTNL();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		const struct net_device *dev = erc_leg_dev_rtnl(&c->leg[slot]);

		if (!dev)
			continue;
		any = true;
		mtu = min(mtu, dev->mtu);
		tso = min(tso, dev->tso_max_size);
		segs = min(segs, dev->tso_max_segs);
		headroom = max_t(u16, headroom, LL_RESERVED_SPACE(dev));
		tailroom = max(tailroom, dev->needed_tailroom);
	}
	/* A circuit without legs keeps the limits of its last legs. */
	if (!any || c->dev->reg_state > NETREG_REGISTERED)
		return erc_limit_mark_short(c);
	c->dev->needed_headroom = headroom;
	c->dev->needed_tailroom = tailroom;
	erc_limit_follow_tso(c, tso, segs);
	erc_limit_follow_mtu(c, mtu);
	return erc_limit_mark_short(c);
}
