/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_SESSION_H
#define _ERC_SESSION_H

#include <linux/hrtimer.h>
#include <linux/prandom.h>
#include <linux/skbuff.h>

#include "basics.h"
#include "core/bfd_fsm.h"

/**
 * struct erc_session_ends - addresses and port of a session
 * @family: &enum erc_family of both addresses
 * @udp_port: our source port
 * @source: our address
 * @via: the next hop
 */
struct erc_session_ends {
	u8 family;
	u16 udp_port;
	union erc_address source;
	union erc_address via;
};

/**
 * struct erc_session - the BFD session of a slot
 * @s: the state machine
 * @running: the session exists: it has the slot's device, one of its next hops
 *	and a discriminator
 * @drained: the slot is drained, or the session has not been Up since the drain
 * @verdict: &enum erc_bfd_verdict of the last step
 * @ends: our address, 0 = none, the next hop, and our source port
 * @up_source: our address when the session was Up last, 0 = it has not been Up
 * @random: random numbers for the jitter, which are cheap and not secret
 * @timer: deadline of @s; it may expire too early
 * @armed_ns: latest time at which @timer expires, ERC_NEVER = it is not started
 */
struct erc_session {
	struct erc_bfd_fsm s;
	bool running;
	bool drained;
	u8 verdict;
	struct erc_session_ends ends;
	union erc_address up_source;
	struct rnd_state random;
	struct hrtimer timer;
	u64 armed_ns;
};

/**
 * struct erc_session_output - BFD packets of a circuit that are ready
 * @packets: the packets, the oldest first
 * @sending: a CPU sends packets, and continues until there are none
 */
struct erc_session_output {
	struct sk_buff_head packets;
	bool sending;
};

#endif /* _ERC_SESSION_H */
