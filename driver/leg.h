/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_LEG_H
#define _ERC_LEG_H

#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>
#include <net/neighbour.h>
#include <net/sch_generic.h>

#include "basics.h"
#include "config.h"
#include "core/uptime.h"
#include "queue.h"
#include "rx_cache.h"
#include "session.h"

struct erc_circuit;

/**
 * struct erc_leg - a slot
 * @rx_cache: data for the fast receive path
 * @circuit: the circuit of the slot
 * @dev: the lower device, NULL = empty
 * @nexthop: next hops, one reference each; NULL without via or until looked up
 * @peer_mac: unnumbered Ethernet: last source MAC, in the low 48 bits, 0 = none
 * @config: settings; they stay when the device leaves
 * @neigh_probing: families whose next hop is being probed and has not answered yet
 * @neigh_failed: families whose next hop failed and has not answered since
 * @short_mtu: the MTU of the device is smaller than the circuit's
 * @wire: result of erc_leg_is_wire()
 * @logged_reason: &enum ercircuit_reason that was last written to the log
 * @uptime: up time and down time
 * @session: BFD session with the next hop
 * @queue: waiting packets, by the family of the next hop
 */
struct erc_leg {
	struct erc_rx_cache rx_cache;		/* written under lock */
	struct erc_circuit *circuit;		/* constant */
	struct net_device __rcu *dev;		/* written under lock + RTNL */
	struct neighbour __rcu *nexthop[ERC_FAMILIES]; /* written under lock */
	u64 peer_mac;
	struct erc_leg_config config;		/* written under lock + RTNL */
	u8 neigh_probing;				/* lock */
	u8 neigh_failed;				/* lock */
	bool short_mtu;				/* lock */
	bool wire;				/* written under lock + RTNL */
	u8 logged_reason;				/* lock */
	struct erc_uptime uptime;		/* lock */
	struct erc_session session;		/* lock */
	struct erc_queue queue[ERC_FAMILIES];
};

/**
 * erc_leg_dev_rtnl - get the device in a slot
 * @leg: the leg
 *
 * Return: the device or NULL; valid under RTNL.
 */
static inline struct net_device *erc_leg_dev_rtnl(const struct erc_leg *leg)
{
	return rtnl_dereference(leg->dev);
}

/**
 * erc_leg_slot - get the slot of a leg's device
 * @c: its circuit
 * @dev: the device
 *
 * Return: &enum ercircuit_slot.
 */
int erc_leg_slot(const struct erc_circuit *c, const struct net_device *dev);

/**
 * erc_leg_is_attached - is a device in one of the slots?
 * @c: the circuit; RTNL
 * @dev: a device or NULL
 *
 * Return: true if it is.
 */
bool erc_leg_is_attached(const struct erc_circuit *c,
			 const struct net_device *dev);

/**
 * erc_leg_port - get the device that sends the frames of a leg
 * @dev: the leg's device; under RCU or RTNL
 *
 * A VLAN loses its carrier up to a second later than its port.
 *
 * Return: the port of a VLAN or QinQ device, or @dev itself; it lives as long as
 * @dev.
 */
static inline struct net_device *erc_leg_port(struct net_device *dev)
{
	return is_vlan_dev(dev) ? vlan_dev_real_dev(dev) : dev;
}

/**
 * erc_leg_is_running - do a leg and its port run, and do they have a carrier?
 * @dev: the leg's device
 * @port: its erc_leg_port()
 *
 * netif_running() and netif_carrier_ok() of both devices in one comparison
 *
 * Return: true if a packet can be sent into the leg.
 */
static inline bool erc_leg_is_running(const struct net_device *dev,
				      const struct net_device *port)
{
	const unsigned long mask = BIT(__LINK_STATE_START) |
				   BIT(__LINK_STATE_NOCARRIER);
	const unsigned long good = BIT(__LINK_STATE_START);

	return !(((READ_ONCE(dev->state) ^ good) |
		  (READ_ONCE(port->state) ^ good)) & mask);
}

/**
 * erc_leg_is_activating - does a leg with a carrier still lack its queues?
 * @dev: the leg's device; under RCU or RTNL
 *
 * The carrier bit is set first, and that of a port before its VLANs are notified.
 * Until dev_activate(), which precedes NETDEV_CHANGE, a qdisc drops all packets
 * without an error.
 *
 * Return: true if so.
 */
static inline bool erc_leg_is_activating(struct net_device *dev)
{
	const struct net_device *port = erc_leg_port(dev);

	return erc_leg_is_running(dev, port) &&
	       (qdisc_tx_is_noop(dev) || qdisc_tx_is_noop(port));
}

/* Directions in which a fault discards packets */
#define ERC_LEG_TX	BIT(0)
#define ERC_LEG_RX	BIT(1)

/**
 * erc_leg_has_fault - does an injected fault discard packets in a direction?
 * @leg: the leg
 * @dir: ERC_LEG_TX or ERC_LEG_RX
 *
 * The slow paths call this. The fast paths are closed while there is a fault.
 *
 * Return: true if it is.
 */
static inline bool erc_leg_has_fault(const struct erc_leg *leg, u8 dir)
{
	static const u8 dirs[ERCIRCUIT_FAULTS] = {
		[ERCIRCUIT_FAULT_BLACKHOLE] = ERC_LEG_TX | ERC_LEG_RX,
		[ERCIRCUIT_FAULT_TX] = ERC_LEG_TX,
		[ERCIRCUIT_FAULT_RX] = ERC_LEG_RX,
		[ERCIRCUIT_FAULT_DOWN] = ERC_LEG_RX,
	};

	return dirs[READ_ONCE(leg->config.fault)] & dir;
}

/**
 * erc_leg_is_forced_down - has the user declared a leg failed (fault down)?
 * @leg: the leg
 *
 * Such a leg counts as one without a carrier. Its packets are not discarded: a CPU
 * may have chosen the leg just before the switch was published, and that packet must
 * not be lost.
 *
 * Return: true if so.
 */
static inline bool erc_leg_is_forced_down(const struct erc_leg *leg)
{
	return READ_ONCE(leg->config.fault) == ERCIRCUIT_FAULT_DOWN;
}

/**
 * erc_leg_is_wire - is a device known to lead to a wire?
 * @dev: the leg's device; RTNL
 *
 * Network cards do, and so do a few kinds of virtual devices that hand a packet over
 * and return, and devices made of these. Any other device, such as a tunnel, may send
 * its packets into a circuit again.
 *
 * Return: true if it is.
 */
bool erc_leg_is_wire(struct net_device *dev);

/**
 * erc_leg_is_kind - is a device of this kind?
 * @dev: the device
 * @kind: kind, as "ip -d link" prints it
 *
 * Return: true if it is.
 */
bool erc_leg_is_kind(const struct net_device *dev, const char *kind);

/**
 * erc_leg_has_policy - does IPsec have a policy for the packets of a device?
 * @dev: the leg's device
 *
 * An xfrm interface hands packets up before they are compared with the policy of the
 * interface. A VTI compares them itself.
 *
 * Return: true if it does.
 */
static inline bool erc_leg_has_policy(const struct net_device *dev)
{
	return erc_leg_is_kind(dev, "xfrm");
}

/**
 * erc_leg_has_nexthop - does a slot have a next hop?
 * @config: its settings
 *
 * Return: true if it has one of either family.
 */
static inline bool erc_leg_has_nexthop(const struct erc_leg_config *config)
{
	return config->via4 || !ipv6_addr_any(&config->via6);
}

/**
 * erc_leg_keeps_nexthops - does a slot keep its next hops?
 * @leg: the leg
 * @dev: the device that it will have
 * @config: the settings that it will have
 *
 * Return: true if it does.
 */
bool erc_leg_keeps_nexthops(const struct erc_leg *leg,
			    const struct net_device *dev,
			    const struct erc_leg_config *config);

#endif /* _ERC_LEG_H */
