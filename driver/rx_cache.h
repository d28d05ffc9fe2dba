/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_RX_CACHE_H
#define _ERC_RX_CACHE_H

#include <linux/types.h>

struct net_device;

/* Values of erc_rx_cache.users: the number of users of a packet that is not shared,
 * and a number that no packet has
 */
#define ERC_RX_CACHE_OPEN	1
#define ERC_RX_CACHE_CLOSED	0

/**
 * struct erc_rx_cache - data of a leg for the fast receive path
 * @users: %ERC_RX_CACHE_OPEN, or %ERC_RX_CACHE_CLOSED while all packets of the leg
 *	take the slow path
 * @mask4: mask of the leg's IPv4 subnet
 * @own4: the leg's IPv4 subnet; without one this and @mask4 are 0
 * @far4: subnet of the leg's peer address; without one @own4
 * @own6: prefix (64 bits) of its IPv6 address other than link-local, 0 = none
 * @number: erc_reach_pairs.number, 0 while there is no other circuit
 * @dev: the circuit's device
 * @count: counters of the slot
 * @octets4: by the first octet of an IPv4 source or destination: not 0 if the
 *	address may be special, or on the leg's subnet
 */
struct erc_rx_cache {
	unsigned int users;
	__be32 mask4;
	__be32 own4;
	__be32 far4;
	u64 own6;
	u16 number;				/* written under RTNL */
	struct net_device *dev;			/* constant */
	u64 __percpu *count;			/* constant */
	u8 octets4[256];
};

#endif /* _ERC_RX_CACHE_H */
