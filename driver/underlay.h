/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_UNDERLAY_H
#define _ERC_UNDERLAY_H

#include <linux/types.h>

struct erc_circuit;
struct erc_leg_config;
struct net_device;
struct sk_buff;

/**
 * erc_underlay_has_address4 - is this an address of the device?
 * @dev: a leg's device; under RCU
 * @daddr: destination
 *
 * Return: true also for the broadcast addresses of its subnets.
 */
bool erc_underlay_has_address4(const struct net_device *dev, __be32 daddr);

/**
 * erc_underlay_lacks_address4 - does the device have no IPv4 address?
 * @dev: a leg's device; under RCU
 *
 * Return: true if it is.
 */
bool erc_underlay_lacks_address4(const struct net_device *dev);

/**
 * erc_underlay_has_address6 - is this an address of the device?
 * @dev: a leg's device; under RCU or RTNL
 * @daddr: destination
 *
 * Return: true if it is.
 */
bool erc_underlay_has_address6(const struct net_device *dev,
			       const struct in6_addr *daddr);

/**
 * erc_underlay_lacks_source - does the device have no address on a next hop's subnet?
 * @dev: a leg's device
 * @config: its settings
 *
 * The far router does not answer ARP or ND from another address, and does not send
 * packets for the leg's own address. The IPv6 next hop does not matter while IPv6 is
 * off on the device and there is an IPv4 next hop, which then carries both families.
 *
 * Return: true if so; false for a leg without a next hop.
 */
bool erc_underlay_lacks_source(const struct net_device *dev,
			       const struct erc_leg_config *config);

/**
 * erc_underlay_keeps - must a packet for the circuit arrive on the leg?
 * @c: the circuit
 * @skb: packet from a leg, with a linear IP header; under RCU
 *
 * The reply to an address on the leg's subnet leaves by the leg and not by the
 * circuit. A reverse path filter on the circuit would therefore drop packets
 * from there, such as an ICMP error of the far router; on the leg they pass.
 * For IPv4, rp_filter says whether there is such a filter. For IPv6, the filter
 * is a rule of a firewall, which the driver cannot see: all ICMPv6 packets from
 * there arrive on the leg.
 *
 * Return: true if so; the packet is counted and policed like any other.
 */
bool erc_underlay_keeps(const struct erc_circuit *c, const struct sk_buff *skb);

/**
 * erc_underlay_init - prepare a new slot for packets
 * @c: the circuit
 * @slot: &enum ercircuit_slot
 */
void erc_underlay_init(struct erc_circuit *c, int slot);

/**
 * erc_underlay_update - update the rules for received packets
 * @c: the circuit
 */
void erc_underlay_update(struct erc_circuit *c);

/**
 * erc_underlay_update_locked - the same under erc_circuit.lock
 * @c: the circuit
 */
void erc_underlay_update_locked(struct erc_circuit *c);

#endif /* _ERC_UNDERLAY_H */
