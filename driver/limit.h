/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_LIMIT_H
#define _ERC_LIMIT_H

#include <linux/types.h>

struct erc_circuit;

/**
 * struct erc_limit - a limit of the device that the legs may lower
 * @wanted: the user's limit, or the kernel's default
 * @given: the limit that the driver set last; if the device has another one now,
 *	the user has set it
 */
struct erc_limit {
	unsigned int wanted;
	unsigned int given;
};

/**
 * struct erc_limits - all limits of a circuit
 * @mtu_wanted: MTU that the user asked for, 0 = as large as the legs allow
 * @gso_size: gso_max_size
 * @gso_ipv4_size: gso_ipv4_max_size
 * @gso_segs: gso_max_segs
 */
struct erc_limits {
	unsigned int mtu_wanted;
	struct erc_limit gso_size;
	struct erc_limit gso_ipv4_size;
	struct erc_limit gso_segs;
};

/**
 * erc_limit_follow_legs - set MTU, headroom and segmentation limits
 * @c: the circuit; RTNL
 *
 * While the circuit has an IPv6 address its MTU stays at least 1280, unless the user
 * wants less.
 *
 * Return: true if the MTU of a leg has become smaller than the circuit's, or no longer
 * is; the caller then calls erc_protection_update().
 */
bool erc_limit_follow_legs(struct erc_circuit *c);

#endif /* _ERC_LIMIT_H */
