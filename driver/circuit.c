// SPDX-License-Identifier: GPL-2.0
/* The netdevice: its operations, and its configuration as a whole. */
#include <linux/if_arp.h>
#include <linux/net.h>
#include <net/ip_tunnels.h>

#include "attach.h"
#include "avail.h"
#include "bfd.h"
#include "circuit.h"
#include "config.h"
#include "contract.h"
#include "counter.h"
#include "ercircuit.h"
#include "ethtool.h"
#include "late.h"
#include "leg.h"
#include "limit.h"
#include "lookup.h"
#include "model.h"
#include "neighbour.h"
#include "nexthop.h"
#include "protection.h"
#include "queue.h"
#include "reach.h"
#include "schedule.h"
#include "sysfs.h"
#include "tenant.h"
#include "underlay.h"
#include "xmit.h"

static int erc_circuit_init(struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);
	int slot, err;

	c->stats = alloc_percpu(struct erc_counters);
	if (!c->stats)
		return -ENOMEM;
	err = erc_reach_init(c);
	if (err)
		goto err_stats;
	err = erc_contract_add(c);
	if (err)
		goto err_reach;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_underlay_init(c, slot);
	netdev_lockdep_set_classes(dev);
	return 0;

err_reach:
	erc_reach_exit(c);
err_stats:
	free_percpu(c->stats);
	c->stats = NULL;
	return err;
}

static void erc_circuit_uninit(struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_config config;
	int slot;

	erc_sysfs_del(c);
	erc_circuit_get_config(c, &config);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		config.devs[slot] = NULL;
	config.late = false;
	/* Only attaching a new device can fail. */
	erc_circuit_configure(c, &config, NULL);
	erc_contract_leave(c);
	erc_reach_exit(c);
	erc_schedule_stop(c);
	erc_bfd_stop(c);
}

/* Called without RTNL, after the last reference: see erc_schedule_stop(). */
static void erc_circuit_destroy(struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);
	int slot;

	/* Missing if ndo_init never ran or failed. */
	if (!c->stats)
		return;
	erc_schedule_destroy(c);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_queue_purge(&c->leg[slot]);
	erc_contract_free(c);
	free_percpu(c->stats);
}

void erc_circuit_get_config(const struct erc_circuit *c,
			    struct erc_config *config)
{
	int slot;

	memset(config, 0, sizeof(*config));
	config->protect = c->protect.config;
	config->hash = c->hash;
	config->peering = c->peering;
	config->fail = c->fail;
	config->late = c->late;
	erc_reach_get(c, config->reach);
	erc_contract_get_terms(c, &config->terms);
	config->command = ERCIRCUIT_SWITCHES;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		config->leg[slot] = c->leg[slot].config;
		config->devs[slot] = erc_leg_dev_rtnl(&c->leg[slot]);
	}
}

/* Undo erc_circuit_attach() of the slots below @slot. */
static void erc_circuit_undo_attach(struct erc_circuit *c,
				    const struct erc_config *config, int slot)
{
	struct net_device *const *devs = config->devs;

	while (slot--)
		if (devs[slot] && !erc_leg_is_attached(c, devs[slot]))
			erc_attach_remove(c, devs[slot]);
}

/* Attach all devices of the configuration that are not legs yet, or none. */
static int erc_circuit_attach(struct erc_circuit *c,
			      const struct erc_config *config,
			      struct netlink_ext_ack *extack)
{
	struct net_device *const *devs = config->devs;
	int slot, err;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		if (!devs[slot] || erc_leg_is_attached(c, devs[slot]))
			continue;
		err = erc_attach_add(c, slot, devs[slot], extack);
		if (err) {
			erc_circuit_undo_attach(c, config, slot);
			return err;
		}
	}
	return 0;
}

/* Apply the terms of the contract, which have changed, to a circuit. */
static void erc_circuit_follow_terms(struct erc_circuit *c)
{
	spin_lock_bh(&c->lock);
	erc_schedule_add_news(c);
	erc_protection_update_locked(c);
	erc_underlay_update_locked(c);
	spin_unlock_bh(&c->lock);
}

/* Apply the terms to the other circuits that share the contract. */
static void erc_circuit_follow_terms_others(struct erc_circuit *c)
{
	const struct erc_contract *k = rtnl_dereference(c->contract);
	struct erc_circuit *other;

	list_for_each_entry(other, &k->circuits, contract_node)
		if (other != c)
			erc_circuit_follow_terms(other);
}

void erc_circuit_follow_net(struct erc_circuit *c)
{
	if (!erc_contract_move(c, erc_tenant_can_bring_terms(c)))
		return;
	erc_circuit_follow_terms(c);
	erc_circuit_follow_terms_others(c);
}

/* Set a checked configuration at once. Nothing fails here.
 *
 * Return: true if the terms of the contract have changed.
 */
static bool erc_circuit_set(struct erc_circuit *c,
			    const struct erc_config *config)
{
	bool changed;
	int slot;

	lockdep_assert_held(&c->lock);
	/* First: the next two steps publish values that depend on these two. */
	WRITE_ONCE(c->peering, config->peering);
	c->fail = config->fail;
	/* Before the devices: it decides whether an empty slot keeps its name. */
	c->late = config->late;
	/* Before the machine, which publishes whether the contract checks packets,
	 * and clears the carrier if the contract is closed.
	 */
	changed = erc_contract_set(c, &config->terms);
	/* Before the devices: the machine handles their events by its settings. */
	erc_protection_configure(c, &config->protect, config->hash);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_attach_set(c, slot, config->devs[slot],
			       &config->leg[slot]);
	/* After the contract and the devices: they decide whether the receive path
	 * of a leg is simple.
	 */
	erc_underlay_update_locked(c);
	/* After the devices and before the check, which reads the verdicts of the
	 * sessions.
	 */
	erc_bfd_update(c);
	/* After everything that the state of a leg depends on. */
	erc_protection_update_locked(c);
	/* After the check, in the order of erc_protection_check_command(). */
	erc_protection_command(c, config->command);
	/* Last: the work resolves the next hops of the new devices. */
	erc_schedule_refresh_locked(c);
	return changed;
}

/* Detach the devices that are in no slot any more. */
static void erc_circuit_detach(struct erc_circuit *c,
			       struct net_device *const *old)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (old[slot] && !erc_leg_is_attached(c, old[slot]))
			erc_attach_remove(c, old[slot]);
}

int erc_circuit_configure(struct erc_circuit *c,
			  const struct erc_config *config,
			  struct netlink_ext_ack *extack)
{
	struct erc_reach *made[ERCIRCUIT_REACH_MAX];
	struct net_device *old[ERCIRCUIT_SLOTS];
	bool changed;
	int slot, err;

	ASSERT_RTNL();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		old[slot] = erc_leg_dev_rtnl(&c->leg[slot]);
	/* The first three steps can fail, and no packet or user sees them yet.
	 * This one comes first, as it is the cheapest to undo.
	 */
	err = erc_reach_alloc_pairs(c, config->reach, made);
	if (err)
		return err;
	/* Without the lock: the kernel notifies other drivers of a new leg. */
	err = erc_circuit_attach(c, config, extack);
	if (err)
		goto err_reach;
	spin_lock_bh(&c->lock);
	/* Under the lock, so that the legs do not change between this and the
	 * command itself.
	 */
	err = erc_protection_check_command(c, config, extack);
	if (err)
		goto err_attach;
	changed = erc_circuit_set(c, config);
	spin_unlock_bh(&c->lock);
	/* Without the lock: both circuits of a pair are notified, each under its
	 * own lock.
	 */
	erc_reach_set_pairs(c, config->reach, made);
	/* Without the lock, and before the devices leave: a session that has ended
	 * sends its last packet by a device that leaves.
	 */
	erc_bfd_flush(c);
	/* Without the lock: each of the other circuits takes its own. */
	if (changed)
		erc_circuit_follow_terms_others(c);
	/* After the slots are set. */
	erc_late_update(c);
	/* After the lock: this waits until no CPU uses the devices any more. */
	erc_circuit_detach(c, old);
	/* Last, as the limits are those of the remaining legs. The kernel sends
	 * notifications of a new MTU, so this is without the lock, too.
	 */
	if (erc_limit_follow_legs(c))
		erc_protection_update(c);
	return 0;

err_attach:
	spin_unlock_bh(&c->lock);
	erc_circuit_undo_attach(c, config, ERCIRCUIT_SLOTS);
err_reach:
	erc_reach_free_pairs(made);
	return err;
}

/* Check a device for an empty slot, and configure the circuit with it. */
static int erc_circuit_set_leg(struct erc_circuit *c, int slot,
			       struct net_device *lower,
			       struct netlink_ext_ack *extack)
{
	struct erc_config config;

	erc_circuit_get_config(c, &config);
	config.devs[slot] = lower;
	config.leg[slot].taken = false;
	return erc_attach_check(c, lower, extack) ?:
	       erc_attach_check_via(lower, &config, slot, extack) ?:
	       erc_model_check(c, &config, extack) ?:
	       erc_circuit_configure(c, &config, extack);
}

static void erc_circuit_refuse_third(const struct erc_circuit *c,
				     struct netlink_ext_ack *extack)
{
	static const char * const names[] = ERCIRCUIT_SLOT_NAMES;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		if (!erc_late_waits(c, slot))
			continue;
		NL_SET_ERR_MSG_FMT(extack, "%.9s waits for %.15s: ercircuit set %.15s no%.9s",
				   names[slot], c->leg[slot].config.name,
				   netdev_name(c->dev), names[slot]);
		return;
	}
	NL_SET_ERR_MSG_FMT(extack,
			   "%s has two legs: ercircuit set %s nosecondary",
			   netdev_name(c->dev), netdev_name(c->dev));
}

static int erc_circuit_add_leg(struct net_device *dev,
			       struct net_device *lower,
			       struct netlink_ext_ack *extack)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_config config;
	int slot, err;

	erc_circuit_get_config(c, &config);
	err = erc_tenant_check(c, &config, extack);
	if (err)
		return err;
	slot = erc_late_find_slot(c, lower);
	if (slot < ERCIRCUIT_SLOTS)
		return erc_circuit_set_leg(c, slot, lower, extack);
	erc_circuit_refuse_third(c, extack);
	return -EBUSY;
}

/* Empty the slot of a device. @keep: its name stays, so that the slot can wait */
static int erc_circuit_empty_slot(struct erc_circuit *c, struct net_device *lower,
				  bool keep)
{
	struct erc_config config;
	int slot;

	if (!erc_leg_is_attached(c, lower))
		return -ENODEV;
	erc_circuit_get_config(c, &config);
	slot = erc_leg_slot(c, lower);
	config.devs[slot] = NULL;
	config.leg[slot].taken = !keep;
	if (!keep)
		config.leg[slot].name[0] = '\0';
	return erc_circuit_configure(c, &config, NULL);
}

static int erc_circuit_del_leg(struct net_device *dev, struct net_device *lower)
{
	return erc_circuit_empty_slot(netdev_priv(dev), lower, false);
}

void erc_circuit_lose_leg(struct erc_circuit *c, struct net_device *lower)
{
	erc_circuit_empty_slot(c, lower, true);
}

void erc_circuit_rename_leg(struct erc_circuit *c, const struct net_device *lower)
{
	ASSERT_RTNL();
	spin_lock_bh(&c->lock);
	erc_late_set_name(c, erc_leg_slot(c, lower), lower);
	spin_unlock_bh(&c->lock);
	erc_schedule_notify(c);
}

void erc_circuit_take_in(struct erc_circuit *c)
{
	struct net_device *dev;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		struct netlink_ext_ack extack = {};

		dev = erc_late_waits(c, slot) ?
		      erc_late_find_dev(&c->leg[slot].config) : NULL;
		/* Events of a device that is in a bridge come here, too. */
		if (!dev || !erc_circuit_set_leg(c, slot, dev, &extack) ||
		    !net_ratelimit())
			continue;
		netdev_notice(c->dev, "cannot take in %s: %s\n", netdev_name(dev),
			      extack._msg ?: "");
	}
}

static int erc_circuit_open(struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);

	erc_avail_update(c);
	erc_underlay_update(c);
	erc_schedule_refresh(c);
	return 0;
}

static void erc_circuit_follow_bfd(struct erc_circuit *c)
{
	spin_lock_bh(&c->lock);
	erc_bfd_update(c);
	erc_protection_update_locked(c);
	spin_unlock_bh(&c->lock);
	erc_bfd_flush(c);
}

static int erc_circuit_stop(struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);

	erc_avail_update(c);
	erc_underlay_update(c);
	erc_nexthop_follow_circuit(c);
	erc_circuit_follow_bfd(c);
	return 0;
}

static int erc_circuit_change_mtu(struct net_device *dev, int mtu)
{
	struct erc_circuit *c = netdev_priv(dev);

	c->limits.mtu_wanted = mtu;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static int erc_circuit_get_iflink(const struct net_device *dev)
{
	return READ_ONCE(dev->ifindex);
}

const struct net_device_ops erc_circuit_ops = {
	.ndo_init		= erc_circuit_init,
	.ndo_uninit		= erc_circuit_uninit,
	.ndo_open		= erc_circuit_open,
	.ndo_stop		= erc_circuit_stop,
	.ndo_start_xmit		= erc_xmit,
	.ndo_change_mtu		= erc_circuit_change_mtu,
	.ndo_get_stats64	= erc_counter_stats64,
	.ndo_get_iflink		= erc_circuit_get_iflink,
	.ndo_neigh_construct	= erc_neighbour_construct,
	.ndo_neigh_destroy	= erc_neighbour_destroy,
	.ndo_add_slave		= erc_circuit_add_leg,
	.ndo_del_slave		= erc_circuit_del_leg,
};

void erc_circuit_setup(struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);
	int slot;

	c->dev = dev;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		c->leg[slot].circuit = c;
		erc_queue_init(&c->leg[slot]);
		c->leg[slot].config.neigh = true;
		c->leg[slot].config.session = (struct erc_bfd_config) {
			.tx_us = ERCIRCUIT_BFD_DEFAULT_US,
			.rx_us = ERCIRCUIT_BFD_DEFAULT_US,
			.mult = ERCIRCUIT_BFD_DEFAULT_MULT,
		};
	}
	spin_lock_init(&c->lock);
	INIT_LIST_HEAD(&c->late_node);
	erc_protection_init(c);
	erc_avail_account_init(&c->avail);
	erc_bfd_init_sessions(c);

	dev->netdev_ops = &erc_circuit_ops;
	dev->ethtool_ops = &erc_ethtool_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->priv_destructor = erc_circuit_destroy;
	dev->needs_free_netdev = true;

	/* Layer 3 only: no setting can name a MAC address. */
	dev->type = ARPHRD_NONE;
	dev->addr_len = 0;
	dev->hard_header_len = 0;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	/* netconsole would send Ethernet frames. */
	dev->priv_flags |= IFF_NO_QUEUE | IFF_DISABLE_NETPOLL;
	erc_compat_set_lltx(dev);
	/* A tunnel stores its MTU in the packet's route. */
	netif_keep_dst(dev);

	/* A tag belongs below a circuit, on a leg. */
	dev->features |= ERC_CIRCUIT_FEATURES | NETIF_F_VLAN_CHALLENGED;
	dev->hw_features |= ERC_CIRCUIT_FEATURES;
	dev->hw_enc_features |= ERC_CIRCUIT_FEATURES;

	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
}
