// SPDX-License-Identifier: GPL-2.0
/*
 * All that wakes the driver, apart from packets and requests of the user: timers,
 * works and the kernel's notifiers. The files below return the change; the functions
 * here act on it.
 */
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/netevent.h>

#include "attach.h"
#include "bfd.h"
#include "circuit.h"
#include "ercircuit.h"
#include "event.h"
#include "farewell.h"
#include "late.h"
#include "leg.h"
#include "limit.h"
#include "lookup.h"
#include "nexthop.h"
#include "protection.h"
#include "reach.h"
#include "schedule.h"
#include "underlay.h"
#include "xmit.h"

/* --- ports ---------------------------------------------------------------- */

static int erc_event_check_upper(struct net_device *upper,
				 struct netdev_nested_priv *port)
{
	struct erc_circuit *c;

	if (erc_leg_port(upper) != port->data)
		return 0;
	c = erc_lookup_upper_rcu(upper);
	if (!c)
		return 0;
	erc_protection_update(c);
	/* The next hops of the leg have to be asked again. */
	if (netif_carrier_ok(port->data))
		erc_schedule_refresh(c);
	return 0;
}

/* Check the legs of all circuits on VLANs of a port. */
static void erc_event_check_port_rcu(struct net_device *port)
{
	struct netdev_nested_priv priv = { .data = port };

	netdev_walk_all_upper_dev_rcu(port, erc_event_check_upper, &priv);
}

/* Return: the defect of a leg that is known, &enum ercircuit_reason. */
static u8 erc_event_get_defect(struct erc_circuit *c, int slot)
{
	u8 reason;

	spin_lock_bh(&c->lock);
	reason = c->protect.leg[slot].reason;
	spin_unlock_bh(&c->lock);
	return reason;
}

/* A packet found a port without carrier before the kernel reported it. Check the
 * other circuits on that port now, not when they send a packet.
 */
static void erc_event_check_ports(struct erc_circuit *c)
{
	struct net_device *dev, *port;
	int slot;

	rcu_read_lock();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		dev = rcu_dereference(c->leg[slot].dev);
		port = dev ? erc_leg_port(dev) : NULL;
		if (port != dev && !netif_carrier_ok(port) &&
		    !erc_event_get_defect(c, slot))
			erc_event_check_port_rcu(port);
	}
	rcu_read_unlock();
}

/* --- timers and works ----------------------------------------------------- */

static enum hrtimer_restart erc_event_timer(struct hrtimer *timer)
{
	struct erc_circuit *c = container_of(timer, struct erc_circuit,
					     schedule.timer);

	erc_protection_update(c);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart erc_event_bfd_timer(struct hrtimer *timer)
{
	struct erc_leg *leg = container_of(timer, struct erc_leg,
					   session.timer);
	struct erc_circuit *c = leg->circuit;

	spin_lock_bh(&c->lock);
	if (erc_bfd_expire(c, leg))
		erc_protection_update_locked(c);
	spin_unlock_bh(&c->lock);
	erc_bfd_flush(c);
	return HRTIMER_NORESTART;
}

static void erc_event_refresh(struct work_struct *work)
{
	struct erc_circuit *c = container_of(to_delayed_work(work),
					     struct erc_circuit,
					     schedule.refresh);
	bool again;

	erc_event_check_ports(c);
	again = erc_nexthop_refresh(c);
	/* A session starts once its next hop has been looked up. */
	erc_bfd_start(c);
	spin_lock_bh(&c->lock);
	erc_protection_update_locked(c);
	if (again)
		erc_schedule_retry(c);
	spin_unlock_bh(&c->lock);
}

static void erc_event_send(struct work_struct *work)
{
	erc_xmit_send(container_of(work, struct erc_circuit, schedule.send));
}

static void erc_event_take_in(struct work_struct *work)
{
	struct erc_circuit *c = container_of(work, struct erc_circuit,
					     schedule.take_in);

	rtnl_lock();
	if (c->dev->reg_state == NETREG_REGISTERED)
		erc_circuit_take_in(c);
	rtnl_unlock();
}

static void erc_event_notify(struct work_struct *work)
{
	struct erc_circuit *c = container_of(to_delayed_work(work),
					     struct erc_circuit,
					     schedule.notify);

	rtnl_lock();
	if (erc_schedule_take_news(c) &&
	    c->dev->reg_state == NETREG_REGISTERED)
		call_netdevice_notifiers(NETDEV_CHANGEINFODATA, c->dev);
	rtnl_unlock();
}

static void erc_event_set_timer(struct hrtimer *timer,
				enum hrtimer_restart (*ring)(struct hrtimer *))
{
	hrtimer_setup(timer, ring, CLOCK_BOOTTIME,
		      HRTIMER_MODE_ABS_SOFT);
}

void erc_event_setup(struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);
	int slot;

	erc_circuit_setup(dev);
	erc_event_set_timer(&c->schedule.timer, erc_event_timer);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_event_set_timer(&c->leg[slot].session.timer,
				    erc_event_bfd_timer);
	INIT_DELAYED_WORK(&c->schedule.refresh, erc_event_refresh);
	INIT_WORK(&c->schedule.send, erc_event_send);
	INIT_WORK(&c->schedule.take_in, erc_event_take_in);
	INIT_DELAYED_WORK(&c->schedule.notify, erc_event_notify);
	c->schedule.notify_after = jiffies;
}

/* --- devices -------------------------------------------------------------- */

static void erc_event_limits(struct erc_circuit *c)
{
	if (erc_limit_follow_legs(c))
		erc_protection_update(c);
}

static int erc_event_leg(struct erc_circuit *c, struct net_device *dev,
			 unsigned long event)
{
	switch (event) {
	case NETDEV_UP:
	case NETDEV_CHANGE:
	case NETDEV_GOING_DOWN:
	case NETDEV_DOWN:
		erc_protection_update(c);
		erc_schedule_refresh(c);
		break;
	case NETDEV_CHANGEADDR:
		erc_schedule_refresh(c);
		break;
	case NETDEV_CHANGEMTU:
	case NETDEV_FEAT_CHANGE:
		erc_event_limits(c);
		break;
	case NETDEV_CHANGENAME:
		erc_circuit_rename_leg(c, dev);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		/* Packets in transit have the old link header. */
		return NOTIFY_BAD;
	case NETDEV_UNREGISTER:
		/* Sent for a move to another netns, too: the leg is detached. */
		erc_circuit_lose_leg(c, dev);
		break;
	}
	return NOTIFY_DONE;
}

/* An event of a circuit itself */
static void erc_event_circuit(struct erc_circuit *c, unsigned long event)
{
	switch (event) {
	case NETDEV_UNREGISTER:
		/* Sent for a move to another netns, too */
		erc_reach_leave(c);
		break;
	case NETDEV_REGISTER:
		erc_circuit_follow_net(c);
		erc_reach_join(c);
		break;
	case NETDEV_CHANGEMTU:
		erc_event_limits(c);
		break;
	case NETDEV_FEAT_CHANGE:
		erc_nexthop_follow_circuit(c);
		break;
	}
}

/* An event of a device that is no leg, and for which a slot may wait */
static void erc_event_newcomer(const struct net_device *dev, unsigned long event)
{
	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEUPPER:
	/* The kernel reports an alternative name so, and only of a device that is up. */
	case NETDEV_CHANGE:
	case NETDEV_UP:
		erc_late_follow_dev(dev);
		break;
	}
}

static int erc_event_netdevice(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct erc_circuit *c = erc_lookup_upper_rtnl(dev);

	if (erc_lookup_circuit(dev))
		erc_event_circuit(netdev_priv(dev), event);
	if (event == NETDEV_CHANGEUPPER) {
		struct netdev_notifier_changeupper_info *info = ptr;

		erc_attach_update_wires(info->upper_dev);
	}
	/* Check the port's carrier before its VLANs are notified: if the carrier
	 * is back by then, they get no notification at all.
	 */
	if (event == NETDEV_CHANGE) {
		rcu_read_lock();
		erc_event_check_port_rcu(dev);
		rcu_read_unlock();
	}
	/* After it was a leg, also when it moves to another netns */
	if (event == NETDEV_UNREGISTER) {
		if (c)
			erc_event_leg(c, dev, event);
		erc_farewell_forget(dev);
		return NOTIFY_DONE;
	}
	if (c)
		return erc_event_leg(c, dev, event);
	erc_event_newcomer(dev, event);
	return NOTIFY_DONE;
}

static struct notifier_block erc_event_netdevice_notifier = {
	.notifier_call = erc_event_netdevice,
};

/* --- neighbour entries and addresses of the legs -------------------------- */

/* The caller may hold neigh_table.lock, so works ask and send. */
static int erc_event_neighbour(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	const struct neighbour *n = ptr;
	struct erc_circuit *c;
	struct erc_leg *leg;

	if (event != NETEVENT_NEIGH_UPDATE)
		return NOTIFY_DONE;
	rcu_read_lock();
	c = erc_lookup_upper_rcu(n->dev);
	if (c) {
		spin_lock_bh(&c->lock);
		leg = erc_nexthop_update(c, n);
		if (leg) {
			erc_protection_update_locked(c);
			erc_nexthop_follow_up(c, leg, n);
		}
		spin_unlock_bh(&c->lock);
	}
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block erc_event_neighbour_notifier = {
	.notifier_call = erc_event_neighbour,
};

static void erc_event_address(const struct net_device *dev)
{
	struct erc_circuit *c;

	rcu_read_lock();
	c = erc_lookup_upper_rcu(dev);
	if (c) {
		erc_underlay_update(c);
		erc_protection_update(c);
		/* The leg may have an address now from which to ask a next hop. */
		erc_schedule_refresh(c);
	}
	rcu_read_unlock();
}

static int erc_event_address4(struct notifier_block *nb, unsigned long event,
			      void *ptr)
{
	const struct in_ifaddr *ifa = ptr;

	erc_event_address(ifa->ifa_dev->dev);
	return NOTIFY_DONE;
}

static int erc_event_address6(struct notifier_block *nb, unsigned long event,
			      void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;

	erc_event_address(ifa->idev->dev);
	return NOTIFY_DONE;
}

static struct notifier_block erc_event_address4_notifier = {
	.notifier_call = erc_event_address4,
};

static struct notifier_block erc_event_address6_notifier = {
	.notifier_call = erc_event_address6,
};

int erc_event_register(void)
{
	int err;

	err = register_netevent_notifier(&erc_event_neighbour_notifier);
	if (err)
		return err;
	err = register_netdevice_notifier(&erc_event_netdevice_notifier);
	if (err)
		goto err_netevent;
	err = register_inetaddr_notifier(&erc_event_address4_notifier);
	if (err)
		goto err_netdevice;
	err = register_inet6addr_notifier(&erc_event_address6_notifier);
	if (err)
		goto err_inetaddr;
	return 0;

err_inetaddr:
	unregister_inetaddr_notifier(&erc_event_address4_notifier);
err_netdevice:
	unregister_netdevice_notifier(&erc_event_netdevice_notifier);
err_netevent:
	unregister_netevent_notifier(&erc_event_neighbour_notifier);
	return err;
}

void erc_event_unregister(void)
{
	unregister_inet6addr_notifier(&erc_event_address6_notifier);
	unregister_inetaddr_notifier(&erc_event_address4_notifier);
	/* This notifier releases the device of a farewell. */
	erc_farewell_forget(NULL);
	unregister_netdevice_notifier(&erc_event_netdevice_notifier);
	unregister_netevent_notifier(&erc_event_neighbour_notifier);
}
