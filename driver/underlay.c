// SPDX-License-Identifier: GPL-2.0
/*
 * Packets for a leg's own address stay with the leg. A leg normally has one
 * address of each family. The payload path uses a copy of it in struct
 * erc_arrival, which notifiers keep up to date. If the device has more
 * addresses, or in other special cases, there is no copy, and each packet is
 * compared with the present addresses of the device.
 */
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/addrconf.h>

#include "core/packet.h"
#include "ercircuit.h"
#include "leg.h"
#include "underlay.h"

bool erc_underlay_has_address4(const struct net_device *dev, __be32 daddr)
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

/* Do not use ipv6_chk_addr(): it uses a table that does not exist after a boot
 * with ipv6.disable=1. Then a device has no inet6_dev and no addresses.
 */
bool erc_underlay_has_address6(const struct net_device *dev,
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

static bool erc_underlay_is_on_link4(const struct net_device *dev, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (inet_ifa_match(addr, ifa))
			return true;
	return false;
}

/* An address is announced as deleted before it leaves the list. */
static bool erc_underlay_has_prefix6(const struct inet6_dev *idev,
				     const struct in6_addr *addr)
{
	const struct inet6_ifaddr *ifa;

	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list)
		if (ipv6_prefix_equal(&ifa->addr, addr, ifa->prefix_len) &&
		    READ_ONCE(ifa->state) != INET6_IFADDR_STATE_DEAD)
			return true;
	return false;
}

static bool erc_underlay_is_on_link6(const struct net_device *dev,
				     const struct in6_addr *addr)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);

	return idev && (erc_packet_is_link_local6(addr) ||
			erc_underlay_has_prefix6(idev, addr));
}

static bool erc_underlay_lacks_source6(const struct net_device *dev,
				       const struct erc_leg_config *config)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);

	if (ipv6_addr_any(&config->via6))
		return false;
	if (!idev || READ_ONCE(idev->cnf.disable_ipv6))
		return !config->via4;
	return !erc_underlay_has_prefix6(idev, &config->via6);
}

bool erc_underlay_lacks_source(const struct net_device *dev,
			       const struct erc_leg_config *config)
{
	bool lacks;

	rcu_read_lock();
	lacks = (config->via4 && !erc_underlay_is_on_link4(dev, config->via4)) ||
		erc_underlay_lacks_source6(dev, config);
	rcu_read_unlock();
	return lacks;
}

/* Does the circuit drop packets that it would not answer itself? */
static bool erc_underlay_is_strict4(const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);

	return in_dev && IN_DEV_RPFILTER(in_dev) == 1;
}

bool erc_underlay_keeps(const struct erc_circuit *c, const struct sk_buff *skb)
{
	if (!net_eq(dev_net(skb->dev), dev_net(c->dev)) ||
	    netif_is_l3_slave(c->dev))
		return false;
	if (skb->protocol == htons(ETH_P_IP))
		return erc_underlay_is_on_link4(skb->dev, ip_hdr(skb)->saddr) &&
		       erc_underlay_is_strict4(c->dev);
	/* The payload path checks the source of ICMPv6 only. */
	return ipv6_hdr(skb)->nexthdr == IPPROTO_ICMPV6 &&
	       erc_underlay_is_on_link6(skb->dev, &ipv6_hdr(skb)->saddr);
}

bool erc_underlay_lacks_address4(const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);

	return !in_dev || !rcu_access_pointer(in_dev->ifa_list);
}

/* Return: false if the device has more addresses than the copy holds. */
static bool erc_underlay_copy4(struct erc_rx_cache *a,
			       const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;
	int n = 0;

	/* A device without an address may wait for one: check all packets
	 * closely.
	 */
	WRITE_ONCE(a->mask4, 0);
	WRITE_ONCE(a->own4, 0);
	WRITE_ONCE(a->far4, 0);
	if (erc_underlay_lacks_address4(dev)) {
		erc_packet_add_octets(a->octets4, 0, 0);
		return true;
	}
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		__be32 mask = ifa->ifa_mask;

		if (n++)
			return false;
		WRITE_ONCE(a->mask4, mask);
		WRITE_ONCE(a->own4, ifa->ifa_local & mask);
		WRITE_ONCE(a->far4, ifa->ifa_address & mask);
		erc_packet_add_octets(a->octets4, *(u8 *)&ifa->ifa_local,
				      *(u8 *)&mask);
		erc_packet_add_octets(a->octets4, *(u8 *)&ifa->ifa_address,
				      *(u8 *)&mask);
		if (ifa->ifa_broadcast &&
		    !erc_packet_is_local4(ifa->ifa_broadcast) &&
		    !inet_ifa_match(ifa->ifa_broadcast, ifa))
			return false;
	}
	return true;
}

static bool erc_underlay_copy6(struct erc_rx_cache *a,
			       const struct net_device *dev)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;
	int n = 0;

	WRITE_ONCE(a->own6, 0);
	if (!idev)
		return true;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list)
		if (!erc_packet_is_local6(&ifa->addr) && !n++)
			WRITE_ONCE(a->own6, *(const u64 *)&ifa->addr);
	return n <= 1;
}

static bool erc_underlay_fill_cache(struct erc_circuit *c,
				    struct erc_leg *leg)
{
	struct net_device *dev = erc_locked(c, leg->dev);

	lockdep_assert_held(&c->lock);
	if (!dev || !netif_running(c->dev) ||
	    erc_leg_has_fault(leg, ERC_LEG_RX) ||
	    c->tx_flags & ERC_TX_FLAG_CONTRACT ||
	    !net_eq(dev_net(dev), dev_net(c->dev)) ||
	    !erc_leg_has_nexthop(&leg->config) || erc_leg_has_policy(dev))
		return false;
	memcpy(leg->rx_cache.octets4, erc_packet_octets.v4,
	       sizeof(leg->rx_cache.octets4));
	return erc_underlay_copy4(&leg->rx_cache, dev) &&
	       erc_underlay_copy6(&leg->rx_cache, dev);
}

void erc_underlay_update_locked(struct erc_circuit *c)
{
	int slot;

	lockdep_assert_held(&c->lock);
	rcu_read_lock();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_leg *leg = &c->leg[slot];

		/* Close the copy while it is being written. */
		WRITE_ONCE(leg->rx_cache.users, ERC_RX_CACHE_CLOSED);
		if (erc_underlay_fill_cache(c, leg))
			WRITE_ONCE(leg->rx_cache.users, ERC_RX_CACHE_OPEN);
	}
	rcu_read_unlock();
}

void erc_underlay_init(struct erc_circuit *c, int slot)
{
	struct erc_rx_cache *a = &c->leg[slot].rx_cache;

	a->users = ERC_RX_CACHE_CLOSED;
	a->dev = c->dev;
	a->count = c->stats->leg[slot];
}

void erc_underlay_update(struct erc_circuit *c)
{
	spin_lock_bh(&c->lock);
	erc_underlay_update_locked(c);
	spin_unlock_bh(&c->lock);
}
