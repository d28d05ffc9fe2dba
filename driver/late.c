// SPDX-License-Identifier: GPL-2.0
/*
 * With late on, an empty slot waits for a device by its name. A work takes the device
 * in after it has appeared: during its registration, other parts of the kernel do not
 * know it yet.
 */
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "ercircuit.h"
#include "late.h"
#include "leg.h"
#include "schedule.h"

/* Circuits with a slot that waits; RTNL */
static LIST_HEAD(erc_late_circuits);

bool erc_late_waits(const struct erc_circuit *c, int slot)
{
	ASSERT_RTNL();
	return !erc_leg_dev_rtnl(&c->leg[slot]) && *c->leg[slot].config.name;
}

struct net *erc_late_net_rcu(const struct erc_leg_config *config)
{
	struct net *net;

	for_each_net_rcu(net)
		if (net->net_cookie == config->net_cookie)
			return net;
	return NULL;
}

struct net_device *erc_late_find_dev(const struct erc_leg_config *config)
{
	struct net_device *dev;
	struct net *net;

	ASSERT_RTNL();
	rcu_read_lock();
	net = erc_late_net_rcu(config);
	dev = net ? dev_get_by_name_rcu(net, config->name) : NULL;
	rcu_read_unlock();
	return dev;
}

/* Return: true if the name of a slot is a name of the device. */
static bool erc_late_is_name(const struct erc_leg_config *config,
			     const struct net_device *dev)
{
	return dev_net(dev)->net_cookie == config->net_cookie &&
	       __dev_get_by_name(dev_net(dev), config->name) == dev;
}

int erc_late_find_slot(const struct erc_circuit *c, const struct net_device *dev)
{
	int slot, free = ERCIRCUIT_SLOTS;

	for (slot = ERCIRCUIT_SLOTS - 1; slot >= 0; slot--) {
		if (erc_late_waits(c, slot)) {
			if (erc_late_is_name(&c->leg[slot].config, dev))
				return slot;
		} else if (!erc_leg_dev_rtnl(&c->leg[slot])) {
			free = slot;
		}
	}
	return free;
}

void erc_late_set_name(struct erc_circuit *c, int slot,
		       const struct net_device *dev)
{
	struct erc_leg_config *config = &c->leg[slot].config;

	ASSERT_RTNL();
	lockdep_assert_held(&c->lock);
	if (!dev && !c->late)
		config->name[0] = '\0';
	if (!dev || erc_late_is_name(config, dev))
		return;
	strscpy(config->name, netdev_name(dev), sizeof(config->name));
	config->net_cookie = dev_net(dev)->net_cookie;
}

void erc_late_update(struct erc_circuit *c)
{
	bool waits = false;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		waits |= erc_late_waits(c, slot);
	if (!waits)
		list_del_init(&c->late_node);
	else if (list_empty(&c->late_node))
		list_add(&c->late_node, &erc_late_circuits);
}

void erc_late_follow_dev(const struct net_device *dev)
{
	struct erc_circuit *c;
	int slot;

	ASSERT_RTNL();
	list_for_each_entry(c, &erc_late_circuits, late_node)
		for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
			if (erc_late_waits(c, slot) &&
			    erc_late_is_name(&c->leg[slot].config, dev))
				erc_schedule_take_in(c);
}
