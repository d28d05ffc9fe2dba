/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_CONTROL_H
#define _ERC_CONTROL_H

#include "basics.h"
#include "core/bfd.h"

struct erc_session_ends;
struct net_device;
struct sk_buff;

/**
 * struct erc_control - a BFD control packet from a leg, without its headers
 * @family: &enum erc_family
 * @saddr: source address
 * @daddr: destination address
 * @ttl: TTL or hop limit
 * @sound: length and checksum of UDP are right
 * @len: length of the payload
 * @data: its first bytes
 */
struct erc_control {
	u8 family;
	union erc_address saddr;
	union erc_address daddr;
	u8 ttl;
	bool sound;
	unsigned int len;
	u8 data[ERC_BFD_LENGTH];
};

/**
 * erc_control_source - choose our address towards a next hop
 * @dev: a leg's device; under RCU
 * @family: of the next hop
 * @via: the next hop
 * @source: result; before, the address in use, which is kept unless another one
 *	is better
 *
 * As RFC 6724 prefers them, but a stable address before a temporary one.
 *
 * Return: true if there is an address on the next hop's subnet.
 */
bool erc_control_source(const struct net_device *dev, enum erc_family family,
			const union erc_address *via,
			union erc_address *source);

/**
 * erc_control_owns - is an address a usable one of a device?
 * @dev: a leg's device; under RCU
 * @family: of the address
 * @address: the address
 *
 * Return: true if the device has it, and duplicate address detection has
 * passed.
 */
bool erc_control_owns(const struct net_device *dev, enum erc_family family,
		      const union erc_address *address);

/**
 * erc_control_make - a control packet with its headers, but for that of the link
 * @dev: device to send it by; under RCU
 * @ends: its addresses and port
 * @data: the packet
 *
 * Return: the packet, NULL without memory.
 */
struct sk_buff *erc_control_make(struct net_device *dev,
				 const struct erc_session_ends *ends,
				 const u8 data[ERC_BFD_LENGTH]);

/**
 * erc_control_send - send a packet past the queueing disciplines
 * @skb: packet for a leg, with its link header; consumed; under RCU
 *
 * Those of a VLAN's port are bypassed, too. Packet sockets on any of these
 * devices see it.
 *
 * Return: 0, or an error or NET_XMIT code if it was not sent.
 */
int erc_control_send(struct sk_buff *skb);

/**
 * erc_control_parse - is this a control packet of a single hop?
 * @skb: packet from a leg, from the IP header on; not changed
 * @p: result
 *
 * Return: true if it is. What is no sound IP packet, or part of one, is none.
 */
bool erc_control_parse(const struct sk_buff *skb, struct erc_control *p);

#endif /* _ERC_CONTROL_H */
