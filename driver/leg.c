// SPDX-License-Identifier: GPL-2.0
/* Devices come into the slots, change there, and go. */
#include <linux/inetdevice.h>
#include <net/addrconf.h>

#include "circuit.h"
#include "leg.h"
#include "nexthop.h"
#include "protection.h"
#include "receive.h"

struct erc_circuit *erc_leg_circuit_rcu(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != erc_receive)
		return NULL;
	return rcu_dereference(dev->rx_handler_data);
}

static struct erc_circuit *erc_leg_circuit_rtnl(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != erc_receive)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

int erc_leg_admit(struct erc_circuit *c, struct net_device *dev,
		  struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (dev == c->dev) {
		NL_SET_ERR_MSG(extack, "A circuit cannot be its own leg");
		return -EINVAL;
	}
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "A loopback device cannot be a leg");
		return -EINVAL;
	}
	if (erc_leg_circuit_rtnl(dev) == c)
		return 0;
	if (netdev_master_upper_dev_get(dev)) {
		NL_SET_ERR_MSG(extack, "The leg already has a master");
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG(extack,
			       "The leg's packets already go to another driver (bridge, macvlan, ...)");
		return -EBUSY;
	}
	if (netdev_has_upper_dev(c->dev, dev)) {
		NL_SET_ERR_MSG(extack, "The leg runs over this circuit: a loop");
		return -ELOOP;
	}
	if (dev->lower_level + c->dev->upper_level > MAX_NEST_DEV) {
		NL_SET_ERR_MSG(extack,
			       "The stack of devices would be deeper than the kernel allows");
		return -EMLINK;
	}
	return 0;
}

static int erc_leg_check_via4(struct net_device *dev, __be32 via,
			      struct netlink_ext_ack *extack)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa, *first = NULL;

	if (!via)
		return 0;
	if (ipv4_is_multicast(via) || ipv4_is_lbcast(via) ||
	    ipv4_is_loopback(via) || ipv4_is_zeronet(via)) {
		NL_SET_ERR_MSG(extack, "via is not a unicast IPv4 address");
		return -EINVAL;
	}
	if (in_dev) {
		in_dev_for_each_ifa_rtnl(ifa, in_dev)
			if (ifa->ifa_local == via) {
				NL_SET_ERR_MSG(extack,
					       "via is the leg's own address");
				return -EINVAL;
			}
		in_dev_for_each_ifa_rtnl(ifa, in_dev) {
			first = first ?: ifa;
			if (inet_ifa_match(via, ifa))
				return 0;
		}
	}
	if (first)
		erc_compat_extack_fmt(extack,
				      "via is not on the leg's subnet %pI4/%u",
				      &first->ifa_local, first->ifa_prefixlen);
	else
		NL_SET_ERR_MSG(extack,
			       "via is not on the leg's subnet: the leg has no IPv4 address");
	return -EINVAL;
}

static int erc_leg_check_via6(struct net_device *dev,
			      const struct in6_addr *via,
			      struct netlink_ext_ack *extack)
{
	if (ipv6_addr_any(via))
		return 0;
	if (ipv6_addr_is_multicast(via) || ipv6_addr_loopback(via) ||
	    ipv6_addr_v4mapped(via)) {
		NL_SET_ERR_MSG(extack, "via is not a unicast IPv6 address");
		return -EINVAL;
	}
	if (ipv6_chk_addr(dev_net(dev), via, dev, 1)) {
		NL_SET_ERR_MSG(extack, "via is the leg's own address");
		return -EINVAL;
	}
	if (ipv6_addr_type(via) & IPV6_ADDR_LINKLOCAL ||
	    ipv6_chk_prefix(via, dev))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "via is not on an IPv6 subnet of the leg");
	return -EINVAL;
}

int erc_leg_check_via(struct net_device *dev,
		      const struct erc_leg_config *config,
		      struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	return erc_leg_check_via4(dev, config->via4, extack) ?:
	       erc_leg_check_via6(dev, &config->via6, extack);
}

static int erc_leg_join(struct erc_circuit *c, struct net_device *dev,
			struct netlink_ext_ack *extack)
{
	int err;

	err = netdev_master_upper_dev_link(dev, c->dev, NULL, NULL, extack);
	if (err)
		return err;
	err = netdev_rx_handler_register(dev, erc_receive, c);
	if (err) {
		NL_SET_ERR_MSG(extack, "The leg does not take a receive handler");
		netdev_upper_dev_unlink(dev, c->dev);
		return err;
	}
	/* A packet merged by LRO cannot be forwarded. */
	dev_disable_lro(dev);
	return 0;
}

/* Ends with a grace period: after it nobody delivers from this device. */
static void erc_leg_leave(struct erc_circuit *c, struct net_device *dev)
{
	netdev_rx_handler_unregister(dev);
	netdev_upper_dev_unlink(dev, c->dev);
}

static bool erc_leg_is(struct erc_circuit *c, struct net_device *dev)
{
	return dev && (erc_leg_dev_rtnl(&c->leg[0]) == dev ||
		       erc_leg_dev_rtnl(&c->leg[1]) == dev);
}

static void erc_leg_set(struct erc_circuit *c, struct net_device **devs,
			const struct erc_leg_config *config)
{
	int slot;

	spin_lock_bh(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct erc_leg *leg = &c->leg[slot];

		if (erc_leg_dev_rtnl(leg) != devs[slot])
			leg->peer = 0;
		erc_nexthop_forget_locked(c, leg);
		rcu_assign_pointer(leg->dev, devs[slot]);
		leg->config = config[slot];
	}
	erc_protection_check_locked(c);
	erc_protection_kick_locked(c);
	spin_unlock_bh(&c->lock);
}

int erc_leg_assign(struct erc_circuit *c, struct net_device **devs,
		   const struct erc_leg_config *config,
		   struct netlink_ext_ack *extack)
{
	struct net_device *old[ERCIRCUIT_SLOTS];
	int slot, err;

	ASSERT_RTNL();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		old[slot] = erc_leg_dev_rtnl(&c->leg[slot]);
		if (!devs[slot] || erc_leg_is(c, devs[slot]))
			continue;
		err = erc_leg_join(c, devs[slot], extack);
		if (err)
			goto undo;
	}
	erc_leg_set(c, devs, config);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (old[slot] && !erc_leg_is(c, old[slot]))
			erc_leg_leave(c, old[slot]);
	erc_circuit_follow_legs(c);
	return 0;

undo:
	while (slot--)
		if (devs[slot] && !erc_leg_is(c, devs[slot]))
			erc_leg_leave(c, devs[slot]);
	return err;
}

static int erc_leg_fill(struct erc_circuit *c, int slot,
			struct net_device *lower,
			struct netlink_ext_ack *extack)
{
	struct erc_leg_config config[ERCIRCUIT_SLOTS];
	struct net_device *devs[ERCIRCUIT_SLOTS];
	int i, err;

	for (i = 0; i < ERCIRCUIT_SLOTS; i++) {
		devs[i] = erc_leg_dev_rtnl(&c->leg[i]);
		config[i] = c->leg[i].config;
	}
	devs[slot] = lower;
	if (lower) {
		err = erc_leg_admit(c, lower, extack) ?:
		      erc_leg_check_via(lower, &config[slot], extack);
		if (err)
			return err;
	}
	return erc_leg_assign(c, devs, config, extack);
}

int erc_leg_add(struct net_device *dev, struct net_device *lower,
		struct netlink_ext_ack *extack)
{
	struct erc_circuit *c = netdev_priv(dev);
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (!erc_leg_dev_rtnl(&c->leg[slot]))
			return erc_leg_fill(c, slot, lower, extack);
	NL_SET_ERR_MSG(extack, "Both slots of the circuit are taken");
	return -EBUSY;
}

int erc_leg_del(struct net_device *dev, struct net_device *lower)
{
	struct erc_circuit *c = netdev_priv(dev);

	if (!erc_leg_is(c, lower))
		return -ENODEV;
	return erc_leg_fill(c, erc_leg_slot(c, lower), NULL, NULL);
}

static int erc_leg_event(struct notifier_block *nb, unsigned long event,
			 void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct erc_circuit *c = erc_leg_circuit_rtnl(dev);

	if (!c)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UP:
	case NETDEV_CHANGE:
	case NETDEV_GOING_DOWN:
	case NETDEV_DOWN:
		erc_protection_check(c);
		erc_protection_kick(c);
		break;
	case NETDEV_CHANGEADDR:
		erc_protection_kick(c);
		break;
	case NETDEV_CHANGEMTU:
	case NETDEV_FEAT_CHANGE:
		erc_circuit_follow_legs(c);
		break;
	case NETDEV_CHANGENAME:
		erc_protection_notify(c);
		break;
	case NETDEV_UNREGISTER:
		/* Also when the device moves to another netns: it leaves. */
		erc_leg_del(c->dev, dev);
		break;
	}
	return NOTIFY_DONE;
}

struct notifier_block erc_leg_notifier = {
	.notifier_call = erc_leg_event,
};
