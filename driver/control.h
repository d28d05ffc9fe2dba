/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_CONTROL_H
#define _ERC_CONTROL_H

#include "basics.h"
#include "core/bfd_fsm.h"

struct erc_session_ends;
struct net_device;
struct sk_buff;

/**
 * struct erc_control - a BFD control packet from a leg, without its headers
 * @family: &enum erc_family
 * @saddr: source address
 * @daddr: destination address
 * @ttl: TTL or hop limit
 * @valid: length and checksum of UDP are valid
 * @len: length of the payload
 * @data: first bytes of the payload
 */
struct erc_control {
	u8 family;
	union erc_address saddr;
	union erc_address daddr;
	u8 ttl;
	bool valid;
	unsigned int len;
	u8 data[ERC_BFD_LENGTH];
};

/**
 * erc_control_choose_source - choose our address for a next hop
 * @dev: a leg's device; under RCU
 * @family: family of the next hop
 * @via: the next hop
 * @source: in: the address in use, which is kept unless another one is better; out:
 *	the address
 *
 * The order is that of RFC 6724, except that a stable address precedes a temporary
 * one.
 *
 * Return: true if there is an address on the next hop's subnet.
 */
bool erc_control_choose_source(const struct net_device *dev,
			       enum erc_family family,
			       const union erc_address *via,
			       union erc_address *source);

/**
 * erc_control_has_address - can a device use an address?
 * @dev: a leg's device; under RCU
 * @family: family of the address
 * @address: the address
 *
 * Return: true if the address is one of the device, and has passed duplicate
 * address detection.
 */
bool erc_control_has_address(const struct net_device *dev,
			     enum erc_family family,
			     const union erc_address *address);

/**
 * erc_control_make - make a control packet with its headers except the link header
 * @dev: device that will send it; under RCU
 * @ends: its addresses and port
 * @data: the packet
 *
 * Return: the packet, NULL if there is no memory.
 */
struct sk_buff *erc_control_make(struct net_device *dev,
				 const struct erc_session_ends *ends,
				 const u8 data[ERC_BFD_LENGTH]);

/**
 * erc_control_send - send a packet that bypasses the queueing disciplines
 * @skb: packet for a leg, with its link header; consumed; under RCU
 *
 * It also bypasses those of a VLAN's port. Packet sockets on any of these devices
 * see it.
 *
 * Return: 0, or an error or NET_XMIT code if it was not sent.
 */
int erc_control_send(struct sk_buff *skb);

/**
 * erc_control_parse - parse a control packet of single-hop BFD
 * @skb: packet from a leg, from the IP header on; not changed
 * @p: result
 *
 * Return: false if the packet is not one, is a fragment, or has no valid IP header.
 */
bool erc_control_parse(const struct sk_buff *skb, struct erc_control *p);

#endif /* _ERC_CONTROL_H */
