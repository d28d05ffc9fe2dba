// SPDX-License-Identifier: GPL-2.0
/*
 * What belongs to a leg's own address stays with the leg. A leg normally has
 * one address of each family, and the payload path finds a copy of it, kept up
 * to date by notifiers, in struct erc_arrival. With more addresses, or if
 * anything else is out of the ordinary, there is no copy, and each packet is
 * compared with what the device has at that moment.
 */
#include <linux/inetdevice.h>
#include <net/addrconf.h>

#include "core/packet.h"
#include "leg.h"
#include "underlay.h"

bool erc_underlay_owns4(const struct net_device *dev, __be32 daddr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (unlikely(!in_dev))
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (ifa->ifa_local == daddr || ifa->ifa_broadcast == daddr)
			return true;
	return false;
}

/* Not ipv6_chk_addr(): it looks in a table that does not exist after a boot with
 * ipv6.disable=1. A device has no inet6_dev then, and no addresses.
 */
bool erc_underlay_owns6(const struct net_device *dev,
			const struct in6_addr *daddr)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (!idev)
		return false;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list,
				lockdep_rtnl_is_held())
		if (ipv6_addr_equal(&ifa->addr, daddr))
			return true;
	return false;
}

/* Return: false if the device has more addresses than fit. */
static bool erc_underlay_copy4(struct erc_arrival *a,
			       const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;
	int n = 0;

	/* No address has a bit outside the mask: none is ours. */
	WRITE_ONCE(a->mask4, 0);
	WRITE_ONCE(a->own4, htonl(INADDR_NONE));
	if (!in_dev)
		return true;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (n++)
			return false;
		WRITE_ONCE(a->mask4, ifa->ifa_mask);
		WRITE_ONCE(a->own4, ifa->ifa_local & ifa->ifa_mask);
		if (ifa->ifa_broadcast && !erc_packet_local4(ifa->ifa_broadcast) &&
		    !inet_ifa_match(ifa->ifa_broadcast, ifa))
			return false;
	}
	return true;
}

static bool erc_underlay_copy6(struct erc_arrival *a,
			       const struct net_device *dev)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;
	int n = 0;

	WRITE_ONCE(a->own6, 0);
	if (!idev)
		return true;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list)
		if (!erc_packet_local6(&ifa->addr) && !n++)
			WRITE_ONCE(a->own6, *(const u64 *)&ifa->addr);
	return n <= 1;
}

static bool erc_underlay_simple_locked(struct erc_circuit *c,
				       struct erc_leg *leg)
{
	struct net_device *dev = erc_locked(c, leg->dev);

	if (!dev || !netif_running(c->dev) || erc_leg_discards(leg, ERC_LEG_RX) ||
	    c->select & ERC_SELECT_CONTRACT ||
	    !net_eq(dev_net(dev), dev_net(c->dev)) ||
	    !erc_leg_numbered(&leg->config))
		return false;
	return erc_underlay_copy4(&leg->arrival, dev) &&
	       erc_underlay_copy6(&leg->arrival, dev);
}

void erc_underlay_update_locked(struct erc_circuit *c)
{
	int slot;

	lockdep_assert_held(&c->lock);
	rcu_read_lock();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_leg *leg = &c->leg[slot];

		/* Closed while the copy is not whole. */
		WRITE_ONCE(leg->arrival.users, ERC_ARRIVAL_CLOSED);
		if (erc_underlay_simple_locked(c, leg))
			WRITE_ONCE(leg->arrival.users, ERC_ARRIVAL_OPEN);
	}
	rcu_read_unlock();
}

void erc_underlay_init(struct erc_circuit *c, int slot)
{
	struct erc_arrival *a = &c->leg[slot].arrival;

	a->users = ERC_ARRIVAL_CLOSED;
	a->dev = c->dev;
	a->count = c->stats->leg[slot];
}

void erc_underlay_update(struct erc_circuit *c)
{
	spin_lock_bh(&c->lock);
	erc_underlay_update_locked(c);
	spin_unlock_bh(&c->lock);
}

static void erc_underlay_changed(const struct net_device *dev)
{
	struct erc_circuit *c;

	rcu_read_lock();
	c = erc_leg_circuit_rcu(dev);
	if (c)
		erc_underlay_update(c);
	rcu_read_unlock();
}

static int erc_underlay_event4(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	const struct in_ifaddr *ifa = ptr;

	erc_underlay_changed(ifa->ifa_dev->dev);
	return NOTIFY_DONE;
}

static int erc_underlay_event6(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;

	erc_underlay_changed(ifa->idev->dev);
	return NOTIFY_DONE;
}

struct notifier_block erc_underlay_notifier4 = {
	.notifier_call = erc_underlay_event4,
};

struct notifier_block erc_underlay_notifier6 = {
	.notifier_call = erc_underlay_event6,
};
