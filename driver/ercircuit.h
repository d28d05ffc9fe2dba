/* SPDX-License-Identifier: GPL-2.0 */
/*
 * struct erc_circuit and the locks of the driver. The structures that it consists of
 * are in the headers of their files.
 *
 * Locks, in order of nesting:
 *
 *   lock                    | protects
 *   ------------------------+------------------------------------------------
 *   RTNL                    | all configuration: the set of legs, erc_leg.config,
 *                           | erc_circuit.hash, .limits, .contract_node, .late,
 *                           | .late_node, .reach, .sysfs, erc_contract except its
 *                           | meters,
 *                           | erc_rx_cache.number
 *   neigh_table.lock        | a kernel lock; some callers of the netevent notifier
 *                           | hold it, so a function that takes it must not be
 *                           | called under erc_circuit.lock
 *   erc_circuit.lock        | .protect, .log, .uptime, .avail, .nexthop,
 *    (spinlock, BH)         | .neigh_probing, .neigh_failed, .session, .control,
 *                           | .schedule; writes of .tx_flags, .hash, .peering,
 *                           | .fail, .path, .active_path, .contract, erc_leg.dev,
 *                           | .config, .rx_cache. Only one circuit of a contract
 *                           | is locked at a time.
 *   device's transmit lock  | a kernel lock; a packet that is made under
 *                           | erc_circuit.lock is sent after that is released,
 *                           | as the leg may be another circuit
 *   neighbour.lock          | a kernel lock; read to make a link header
 *   erc_queue.wait.lock     | erc_queue; no other lock is taken under it, and no
 *    (spinlock, BH)         | packet is sent
 *
 *   read without a lock     | how
 *   ------------------------+------------------------------------------------
 *   erc_leg.dev, .nexthop   | RCU
 *   erc_circuit.path,       | RCU
 *    .active_path           |
 *   erc_leg.rx_cache        | plainly; a torn read misjudges one packet
 *   erc_circuit.tx_flags,   | READ_ONCE
 *    .peering               |
 *   erc_rx_cache.number,    | READ_ONCE
 *    erc_reach_pairs.number |
 *   erc_circuit.contract,   | RCU
 *    erc_reach_pairs.pair   |
 *   erc_contract.checks     | READ_ONCE
 *   erc_contract.rate       | plainly; a torn read misjudges one packet
 *   erc_contract.meter,     | compare and swap by the CPU that sends or receives
 *    erc_reach.meter        |
 *   erc_leg.peer_mac,       | READ_ONCE
 *    erc_queue.busy         |
 *   erc_leg.config          | the next hops are read under RCU together with a
 *                           | missing .nexthop; a torn read costs one packet
 *
 * The payload path takes no lock. It writes per-CPU counters, and meters if the
 * contract has a bandwidth.
 */
#ifndef _ERC_ERCIRCUIT_H
#define _ERC_ERCIRCUIT_H

#include <linux/netdevice.h>
#include <linux/spinlock.h>

#include "basics.h"
#include "compat.h"
#include "core/avail_account.h"
#include "core/protection_fsm.h"
#include "core/transition_log.h"
#include "core/types.h"
#include "count.h"
#include "leg.h"
#include "limit.h"
#include "reach.h"
#include "schedule.h"
#include "session.h"
#include "sysfs.h"

struct erc_contract;
struct erc_path;

/*
 * erc_circuit.tx_flags: all that the payload path needs to choose a leg, in one
 * word that is written at once.
 */
#define ERC_TX_FLAG_ACTIVE	0x03	/* bit n: slot n is active */
#define ERC_TX_FLAG_USABLE	0x0c	/* bit n + 2: slot n can be used */
#define ERC_TX_FLAG_USABLE_SHIFT	2
#define ERC_TX_FLAG_L3L4		0x10	/* hash ports, too */
#define ERC_TX_FLAG_CONTRACT	0x20	/* the contract checks packets */
#define ERC_TX_FLAG_DEFECT	0xc0	/* bit n + 6: slot n has a defect */
#define ERC_TX_FLAG_DEFECT_SHIFT	6

/**
 * struct erc_circuit - private data of the netdevice
 * @dev: the netdevice
 * @tx_flags: ERC_TX_FLAG_*
 * @stats: counters
 * @path: by family of the payload and slot, NULL = packets take the slow path
 * @active_path: by family, the path of the one active slot; NULL if it has no
 *	path, both slots are active, or the contract checks packets
 * @leg: by slot
 * @lock: see the table above
 * @protect: protection switching
 * @log: transitions
 * @last_switch_ns: CLOCK_BOOTTIME of the last switch, 0 = never
 * @last_switch_time: the same in CLOCK_REALTIME, as that clock was then
 * @last_switch_reason: &enum ercircuit_reason
 * @control: BFD packets that are sent after the lock is released
 * @schedule: timer and works
 * @sysfs: folders
 * @hash: &enum ercircuit_hash
 * @peering: &enum ercircuit_peering
 * @fail: &enum ercircuit_fail
 * @late: slots wait for devices that are missing
 * @late_node: entry in the list of circuits that wait, see late.c
 * @limits: limits of the device
 * @contract: contract, never NULL while the circuit is registered
 * @contract_node: entry in erc_contract.circuits
 * @avail: availability
 * @reach: pairs
 */
struct erc_circuit {
	struct net_device *dev;
	u32 tx_flags;
	struct erc_counters __percpu *stats;
	struct erc_path __rcu *path[ERC_FAMILIES][ERCIRCUIT_SLOTS]; /* written under lock */
	struct erc_path __rcu *active_path[ERC_FAMILIES]; /* written under lock */
	struct erc_leg leg[ERCIRCUIT_SLOTS];

	spinlock_t lock;	/* see the table above */
	struct erc_protection_fsm protect;
	struct erc_transition_log log;
	u64 last_switch_ns;
	u64 last_switch_time;
	u8 last_switch_reason;
	struct erc_session_output control; /* lock */
	struct erc_schedule schedule;
	struct erc_sysfs sysfs;		/* RTNL */
	u8 hash;		/* written under lock + RTNL */
	u8 peering;		/* written under lock + RTNL */
	u8 fail;		/* written under lock + RTNL */
	u8 late;		/* RTNL */
	struct list_head late_node;		/* RTNL */
	struct erc_limits limits;	/* RTNL */
	struct erc_contract __rcu *contract; /* written under lock + RTNL */
	struct list_head contract_node;		/* RTNL */
	struct erc_avail_account avail;		/* lock */
	struct erc_reach_pairs reach;	/* written under RTNL */
};

/* Work on a packet that the leg, or the stack before the leg, does as late as
 * possible
 */
#define ERC_CIRCUIT_FEATURES (NETIF_F_SG | NETIF_F_FRAGLIST |		\
			      NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |	\
			      NETIF_F_GSO_SOFTWARE |			\
			      NETIF_F_GSO_ENCAP_ALL)

/**
 * erc_circuit_is_reduced - has the user turned off one of its features?
 * @c: the circuit
 *
 * Return: true if so; the kernel then does that work before ndo_start_xmit.
 */
static inline bool erc_circuit_is_reduced(const struct erc_circuit *c)
{
	return ~READ_ONCE(c->dev->features) & ERC_CIRCUIT_FEATURES;
}

/* rcu_dereference for the payload path, whose callers hold BH or RCU. */
#define erc_rcu(p) rcu_dereference_check(p, rcu_read_lock_bh_held())

/* rcu_dereference for writers: the caller holds erc_circuit.lock. */
#define erc_locked(c, p) \
	rcu_dereference_protected(p, lockdep_is_held(&(c)->lock))

#endif /* _ERC_ERCIRCUIT_H */
