/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_UNDERLAY_H
#define _ERC_UNDERLAY_H

#include <linux/types.h>

struct erc_circuit;
struct net_device;
struct sk_buff;

/**
 * erc_underlay_owns4 - is this an address of the device itself?
 * @dev: a leg's device; under RCU
 * @daddr: destination
 *
 * Return: true also for the broadcast addresses of its subnets.
 */
bool erc_underlay_owns4(const struct net_device *dev, __be32 daddr);

/**
 * erc_underlay_lacks4 - is the device without an IPv4 address?
 * @dev: a leg's device; under RCU
 *
 * Return: true if it is.
 */
bool erc_underlay_lacks4(const struct net_device *dev);

/**
 * erc_underlay_owns6 - is this an address of the device itself?
 * @dev: a leg's device; under RCU or RTNL
 * @daddr: destination
 *
 * Return: true if it is.
 */
bool erc_underlay_owns6(const struct net_device *dev,
			const struct in6_addr *daddr);

/**
 * erc_underlay_keeps - does a packet of the circuit arrive on the leg itself?
 * @c: the circuit
 * @skb: from a leg, with its IP header at hand; under RCU
 *
 * The answer to an address on the leg's subnet leaves by the leg and not by the
 * circuit. A reverse path filter on the circuit drops a packet from there, such as
 * an ICMP error of the far router; on the leg it passes. For IPv4 rp_filter tells
 * whether there is such a filter. For IPv6 the filter is a rule of a firewall, which
 * the driver cannot see: all ICMPv6 from there arrives on the leg.
 *
 * Return: true if it does; it is counted and policed like any other.
 */
bool erc_underlay_keeps(const struct erc_circuit *c, const struct sk_buff *skb);

/**
 * erc_underlay_init - make a fresh slot ready for packets
 * @c: the circuit
 * @slot: &enum ercircuit_slot
 */
void erc_underlay_init(struct erc_circuit *c, int slot);

/**
 * erc_underlay_update - what arrives can be judged otherwise from now on
 * @c: the circuit
 */
void erc_underlay_update(struct erc_circuit *c);

/**
 * erc_underlay_update_locked - the same under erc_circuit.lock
 * @c: the circuit
 */
void erc_underlay_update_locked(struct erc_circuit *c);

#endif /* _ERC_UNDERLAY_H */
