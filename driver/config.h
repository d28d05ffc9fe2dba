/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_CONFIG_H
#define _ERC_CONFIG_H

#include <linux/if.h>
#include <linux/in6.h>

#include "core/bfd_fsm.h"
#include "core/terms.h"
#include "core/protection_fsm.h"

struct net_device;

/**
 * struct erc_leg_config - settings of a slot
 * @name: name or alternative name of the device in the slot; of an empty slot, the
 *	name for which it waits, "" = none
 * @net_cookie: network namespace of that name
 * @taken: the user has taken the device away
 * @via4: IPv4 next hop, 0 = none
 * @via6: IPv6 next hop, :: = none
 * @neigh: an unanswered next hop fails the leg
 * @drain: no new traffic while the other leg works
 * @fault: &enum ercircuit_fault
 * @bfd: a leg whose BFD session is not Up fails
 * @session: timers of the BFD session
 */
struct erc_leg_config {
	char name[ALTIFNAMSIZ];
	u64 net_cookie;
	bool taken;
	__be32 via4;
	struct in6_addr via6;
	bool neigh;
	bool drain;
	u8 fault;
	bool bfd;
	struct erc_bfd_config session;
};

/**
 * struct erc_config - all settings of a circuit
 * @protect: protection switching
 * @hash: &enum ercircuit_hash
 * @peering: &enum ercircuit_peering
 * @fail: &enum ercircuit_fail
 * @late: a slot waits for a device that is missing, and a leg for its addresses
 * @reach: circuits that it is paired with, NULL after the last
 * @terms: terms of the contract
 * @leg: by slot
 * @devs: device by slot, NULL = empty
 * @command: &enum ercircuit_switch, given after all else is set;
 *	ERCIRCUIT_SWITCHES = none
 */
struct erc_config {
	struct erc_protection_config protect;
	u8 hash;
	u8 peering;
	u8 fail;
	u8 late;
	struct net_device *reach[ERCIRCUIT_REACH_MAX];
	struct erc_terms terms;
	struct erc_leg_config leg[ERCIRCUIT_SLOTS];
	struct net_device *devs[ERCIRCUIT_SLOTS];
	u8 command;
};

#endif /* _ERC_CONFIG_H */
