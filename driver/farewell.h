/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_FAREWELL_H
#define _ERC_FAREWELL_H

#include "session.h"

struct net_device;

/**
 * struct erc_farewell_terms - the session that has ended
 * @discr: discriminator of the session
 * @ends: its addresses and port
 * @interval_us: time between its packets
 * @until_ns: end of its detection time at the peer, CLOCK_BOOTTIME
 */
struct erc_farewell_terms {
	u32 discr;
	struct erc_session_ends ends;
	u32 interval_us;
	u64 until_ns;
};

/**
 * erc_farewell_begin - go on to announce the end of a session
 * @skb: its last packet, with link header, for the session's device; consumed
 * @terms: the rest
 *
 * Any context but hard interrupts. The packet is sent again, for the first time
 * after about an interval.
 *
 * Return: true if the farewell has taken over the discriminator, and releases
 * it; false without memory.
 */
bool erc_farewell_begin(struct sk_buff *skb,
			const struct erc_farewell_terms *terms);

/**
 * erc_farewell_end - a new session begins: say nothing more of an old one
 * @dev: its device
 * @family: of the next hop
 * @via: the next hop of both
 */
void erc_farewell_end(const struct net_device *dev, enum erc_family family,
		      const union erc_address *via);

/**
 * erc_farewell_forget - a device goes away
 * @dev: the device, which is not held any more afterwards; NULL = all devices;
 *	process context
 */
void erc_farewell_forget(const struct net_device *dev);

#endif /* _ERC_FAREWELL_H */
