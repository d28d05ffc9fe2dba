/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_BASICS_H
#define _ERC_BASICS_H

#include <linux/in6.h>
#include <linux/types.h>

#define ERC_NAME "ercircuit"

/**
 * enum erc_family - payload and next hop families
 * @ERC_IPV4: IPv4
 * @ERC_IPV6: IPv6
 * @ERC_FAMILIES: number of families
 */
enum erc_family {
	ERC_IPV4,
	ERC_IPV6,
	ERC_FAMILIES,
};

/**
 * union erc_address - an address of either family
 * @v4: for %ERC_IPV4; the rest is zero
 * @v6: for %ERC_IPV6
 */
union erc_address {
	__be32 v4;
	struct in6_addr v6;
};

/**
 * enum erc_direction - direction of a packet
 * @ERC_TX: from the circuit into a leg
 * @ERC_RX: from a leg into the circuit
 * @ERC_DIRECTIONS: number of directions
 */
enum erc_direction {
	ERC_TX,
	ERC_RX,
	ERC_DIRECTIONS,
};

#endif /* _ERC_BASICS_H */
