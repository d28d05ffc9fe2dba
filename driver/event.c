// SPDX-License-Identifier: GPL-2.0
/* Handles the kernel's notifications about legs, ports and circuits. */
#include "circuit.h"
#include "contract.h"
#include "event.h"
#include "farewell.h"
#include "leg.h"
#include "nexthop.h"
#include "protection.h"
#include "reach.h"
#include "tenant.h"

static int erc_event_leg(struct erc_circuit *c, struct net_device *dev,
			 unsigned long event)
{
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
	case NETDEV_PRE_TYPE_CHANGE:
		/* Packets in transit have the old link header. */
		return NOTIFY_BAD;
	case NETDEV_UNREGISTER:
		/* Sent for a move to another netns, too: the leg is detached. */
		erc_circuit_del_leg(c->dev, dev);
		break;
	}
	return NOTIFY_DONE;
}

static int erc_event_netdevice(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct erc_circuit *c = erc_leg_circuit_rtnl(dev);

	/* Sent for a move to another netns, too */
	if (event == NETDEV_UNREGISTER && erc_circuit_of(dev))
		erc_reach_leave(netdev_priv(dev));
	if (event == NETDEV_REGISTER && erc_circuit_of(dev)) {
		erc_contract_move(netdev_priv(dev),
				  erc_tenant_brings(netdev_priv(dev)));
		erc_reach_join(netdev_priv(dev));
	}
	if (event == NETDEV_FEAT_CHANGE && erc_circuit_of(dev))
		erc_nexthop_follow_circuit(netdev_priv(dev));
	if (event == NETDEV_CHANGEUPPER) {
		struct netdev_notifier_changeupper_info *info = ptr;

		erc_leg_follow_lowers(info->upper_dev);
	}
	/* Check the port's carrier before its VLANs are notified: if the carrier
	 * is back by then, they get no notification at all.
	 */
	if (event == NETDEV_CHANGE) {
		rcu_read_lock();
		erc_protection_check_port_rcu(dev);
		rcu_read_unlock();
	}
	/* After it was a leg, also when it moves to another netns */
	if (event == NETDEV_UNREGISTER) {
		if (c)
			erc_event_leg(c, dev, event);
		erc_farewell_forget(dev);
		return NOTIFY_DONE;
	}
	return c ? erc_event_leg(c, dev, event) : NOTIFY_DONE;
}

struct notifier_block erc_event_notifier = {
	.notifier_call = erc_event_netdevice,
};
