// SPDX-License-Identifier: GPL-2.0
/* The state of a slot, and the kind of its device. */
#include "ercircuit.h"
#include "leg.h"

int erc_leg_slot(const struct erc_circuit *c, const struct net_device *dev)
{
	return rcu_access_pointer(c->leg[ERCIRCUIT_SECONDARY].dev) == dev;
}

bool erc_leg_is_attached(const struct erc_circuit *c,
			 const struct net_device *dev)
{
	ASSERT_RTNL();
	return dev &&
	       (erc_leg_dev_rtnl(&c->leg[ERCIRCUIT_PRIMARY]) == dev ||
		erc_leg_dev_rtnl(&c->leg[ERCIRCUIT_SECONDARY]) == dev);
}

bool erc_leg_is_kind(const struct net_device *dev, const char *kind)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, kind);
}

static int erc_leg_check_wire(struct net_device *dev,
			      struct netdev_nested_priv *unused)
{
	/* Some of these send only what their lower devices send. */
	static const char * const kinds[] = {
		"veth", "dummy", "tun", "netkit", "netdevsim",
		"vlan", "bond", "team", "bridge", "macvlan", "macvtap",
		"macsec", "hsr", "dsa",
	};

	/* The driver of a network card has no link operations. */
	return dev->rtnl_link_ops &&
	       match_string(kinds, ARRAY_SIZE(kinds),
			    dev->rtnl_link_ops->kind) < 0;
}

bool erc_leg_is_wire(struct net_device *dev)
{
	struct netdev_nested_priv unused = {};

	ASSERT_RTNL();
	return !erc_leg_check_wire(dev, &unused) &&
	       !netdev_walk_all_lower_dev(dev, erc_leg_check_wire, &unused);
}

static bool erc_leg_has_same_nexthops(const struct erc_leg_config *a,
				      const struct erc_leg_config *b)
{
	return a->via4 == b->via4 && ipv6_addr_equal(&a->via6, &b->via6);
}

bool erc_leg_keeps_nexthops(const struct erc_leg *leg,
			    const struct net_device *dev,
			    const struct erc_leg_config *config)
{
	return rcu_access_pointer(leg->dev) == dev &&
	       erc_leg_has_same_nexthops(&leg->config, config);
}
