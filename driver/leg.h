/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_LEG_H
#define _ERC_LEG_H

#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>
#include <net/neighbour.h>
#include <net/sch_generic.h>

#include "arrival.h"
#include "basics.h"
#include "config.h"
#include "core/uptime.h"
#include "queue.h"
#include "session.h"

struct erc_circuit;

/**
 * struct erc_leg - a slot
 * @arrival: data for the fast receive path
 * @circuit: the circuit of the slot
 * @dev: the lower device, NULL = empty
 * @hop: next hops, one reference each; NULL without via or until looked up
 * @peer: unnumbered Ethernet: last source MAC, in the low 48 bits, 0 = none
 * @config: settings; they stay when the device leaves
 * @asked: families whose next hop has been asked and has not answered yet
 * @unanswered: families whose next hop failed and has not answered since
 * @wire: result of erc_leg_is_wire()
 * @told: &enum ercircuit_reason last written to the log
 * @uptime: time up and down
 * @session: BFD with the next hop
 * @queue: by the family of the next hop
 */
struct erc_leg {
	struct erc_arrival arrival;		/* written under lock */
	struct erc_circuit *circuit;		/* constant */
	struct net_device __rcu *dev;		/* written under lock + RTNL */
	struct neighbour __rcu *hop[ERC_FAMILIES]; /* written under lock */
	u64 peer;
	struct erc_leg_config config;		/* written under lock + RTNL */
	u8 asked;				/* lock */
	u8 unanswered;				/* lock */
	bool wire;				/* written under lock + RTNL */
	u8 told;				/* lock */
	struct erc_uptime uptime;		/* lock */
	struct erc_session session;		/* lock */
	struct erc_queue queue[ERC_FAMILIES];
};

/**
 * erc_leg_dev_rtnl - the device in a slot
 * @leg: the slot
 *
 * Return: the device or NULL; valid under RTNL.
 */
static inline struct net_device *erc_leg_dev_rtnl(const struct erc_leg *leg)
{
	return rtnl_dereference(leg->dev);
}

/**
 * erc_leg_slot - slot of a device that is a leg
 * @c: its circuit
 * @dev: the device
 *
 * Return: &enum ercircuit_slot.
 */
int erc_leg_slot(const struct erc_circuit *c, const struct net_device *dev);

/**
 * erc_leg_is - is this device in one of the slots?
 * @c: the circuit; RTNL
 * @dev: a device or NULL
 *
 * Return: true if it is.
 */
bool erc_leg_is(const struct erc_circuit *c, const struct net_device *dev);

/**
 * erc_leg_port - the device that a leg's frames leave by
 * @dev: the leg's device; under RCU or RTNL
 *
 * The kernel tells a VLAN up to a second late that its port has lost the
 * carrier.
 *
 * Return: the port of a VLAN or QinQ device, or @dev itself; as long-lived as
 * @dev.
 */
static inline struct net_device *erc_leg_port(struct net_device *dev)
{
	return is_vlan_dev(dev) ? vlan_dev_real_dev(dev) : dev;
}

/**
 * erc_leg_carries - netif_running() and netif_carrier_ok() of both in one look
 * @dev: the leg's device
 * @port: its erc_leg_port()
 *
 * Return: true if a packet may be sent into it.
 */
static inline bool erc_leg_carries(const struct net_device *dev,
				   const struct net_device *port)
{
	const unsigned long mask = BIT(__LINK_STATE_START) |
				   BIT(__LINK_STATE_NOCARRIER);
	const unsigned long good = BIT(__LINK_STATE_START);

	return !(((READ_ONCE(dev->state) ^ good) |
		  (READ_ONCE(port->state) ^ good)) & mask);
}

/**
 * erc_leg_starts - is a leg whose carrier is back still without its queues?
 * @dev: the leg's device; under RCU or RTNL
 *
 * The carrier bit comes first, a VLAN's even before the kernel has looked at
 * the VLAN. Until dev_activate(), which NETDEV_CHANGE follows, a qdisc is there
 * that drops what is sent, and tells it to nobody.
 *
 * Return: true if so.
 */
static inline bool erc_leg_starts(struct net_device *dev)
{
	const struct net_device *port = erc_leg_port(dev);

	return erc_leg_carries(dev, port) &&
	       (qdisc_tx_is_noop(dev) || qdisc_tx_is_noop(port));
}

/* What a fault discards. */
#define ERC_LEG_TX	BIT(0)
#define ERC_LEG_RX	BIT(1)

/**
 * erc_leg_discards - is this direction broken on purpose?
 * @leg: the slot
 * @way: ERC_LEG_TX or ERC_LEG_RX
 *
 * For the long ways of the payload path: while it is, the short ones, which
 * ask nothing, are closed.
 *
 * Return: true if it is.
 */
static inline bool erc_leg_discards(const struct erc_leg *leg, u8 way)
{
	static const u8 ways[ERCIRCUIT_FAULTS] = {
		[ERCIRCUIT_FAULT_BLACKHOLE] = ERC_LEG_TX | ERC_LEG_RX,
		[ERCIRCUIT_FAULT_TX] = ERC_LEG_TX,
		[ERCIRCUIT_FAULT_RX] = ERC_LEG_RX,
		[ERCIRCUIT_FAULT_DOWN] = ERC_LEG_RX,
	};

	return ways[READ_ONCE(leg->config.fault)] & way;
}

/**
 * erc_leg_condemned - has the user declared the leg failed?
 * @leg: the slot
 *
 * It is to be taken as if it had no carrier. What is sent is not discarded: a
 * sender that chose the leg a moment ago, before the switch was published, has
 * a packet under way, which is not to be lost.
 *
 * Return: true if so.
 */
static inline bool erc_leg_condemned(const struct erc_leg *leg)
{
	return READ_ONCE(leg->config.fault) == ERCIRCUIT_FAULT_DOWN;
}

/**
 * erc_leg_is_wire - is it certain that a device leads to a wire?
 * @dev: the leg's device; RTNL
 *
 * It is for network cards, for a few kinds of virtual devices that hand a
 * packet over and return, and for what is made of these. Any other device, a
 * tunnel for one, may send its packets into a circuit again.
 *
 * Return: true if it is.
 */
bool erc_leg_is_wire(struct net_device *dev);

/**
 * erc_leg_kind_is - is a device of this kind?
 * @dev: the device
 * @kind: as "ip -d link" has it
 *
 * Return: true if it is.
 */
bool erc_leg_kind_is(const struct net_device *dev, const char *kind);

/**
 * erc_leg_has_policy - does IPsec have a policy for what the device hands up?
 * @dev: the leg's device
 *
 * An xfrm interface hands packets up that have yet to be compared with the policy
 * of the interface. A VTI compares them itself.
 *
 * Return: true if it does.
 */
static inline bool erc_leg_has_policy(const struct net_device *dev)
{
	return erc_leg_kind_is(dev, "xfrm");
}

/**
 * erc_leg_numbered - does a slot have a next hop?
 * @config: its settings
 *
 * Return: true if it has one of either family.
 */
static inline bool erc_leg_numbered(const struct erc_leg_config *config)
{
	return config->via4 || !ipv6_addr_any(&config->via6);
}

/**
 * erc_leg_keeps_hops - does what is known of a slot's next hops stay true?
 * @leg: the slot
 * @dev: the device it is going to have
 * @config: the settings
 *
 * Return: true if it does.
 */
bool erc_leg_keeps_hops(const struct erc_leg *leg, const struct net_device *dev,
			const struct erc_leg_config *config);

#endif /* _ERC_LEG_H */
