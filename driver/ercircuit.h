/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Root header of the driver: the structures and who may touch them.
 *
 * Locking, in order of nesting:
 *
 *   lock                    | protects
 *   ------------------------+------------------------------------------------
 *   RTNL                    | every change of configuration: the set of legs,
 *                           | erc_leg.config, erc_circuit.hash, .mtu_wanted,
 *                           | erc_contract but for its meters, and who shares
 *                           | it: erc_circuit.peer; erc_circuit.reach,
 *                           | .number, erc_arrival.number
 *   neigh_table.lock        | not ours; held by some callers of the netevent
 *                           | notifier, so nothing that takes it may be
 *                           | called under erc_circuit.lock
 *   erc_circuit.lock        | protect, log, uptime, .avail, .hop, .asked, .unanswered,
 *    (spinlock, BH)         | .session, .control, .flushing, writes of .select, .hash,
 *                           | .peering, .fail, .path, .carry, .contract, erc_leg.dev,
 *                           | .config and .arrival; of circuits that share a
 *                           | contract, one at a time
 *   device's transmit lock  | not ours; a packet that is made under
 *                           | erc_circuit.lock goes out after it, as what is
 *                           | below may be another circuit
 *   neighbour.lock          | not ours; read to make a link header
 *   erc_queue.wait.lock     | erc_queue; nothing is taken or sent under it
 *    (spinlock, BH)         |
 *
 *   read without a lock     | how
 *   ------------------------+------------------------------------------------
 *   erc_leg.dev, .hop       | RCU
 *   erc_circuit.path,       | RCU
 *    .carry                 |
 *   erc_leg.arrival         | as it is; a torn read misjudges one packet
 *   erc_circuit.select,     | READ_ONCE
 *    .peering               |
 *   erc_arrival.number,     | READ_ONCE
 *    erc_circuit.number     |
 *   erc_circuit.contract,   | RCU
 *    .reach                 |
 *   erc_contract.checks     | READ_ONCE
 *   erc_contract.rate       | as it is; a torn read misjudges one packet
 *   erc_contract.meter,     | compare and swap, by whoever sends or receives
 *    erc_reach.meter        |
 *   erc_leg.peer,           | READ_ONCE
 *    erc_queue.busy         |
 *   erc_leg.config          | the next hops are read under RCU together with
 *                           | .hop being absent; a torn read costs one packet
 *
 * The payload path takes no lock and writes only per-CPU counters, and meters
 * where there is a bandwidth.
 */
#ifndef _ERC_ERCIRCUIT_H
#define _ERC_ERCIRCUIT_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/prandom.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/neighbour.h>

#include "compat.h"
#include "core/avail.h"
#include "core/bfd.h"
#include "core/contract.h"
#include "core/gcra.h"
#include "core/log.h"
#include "core/packet.h"
#include "core/protect.h"
#include "core/types.h"
#include "core/uptime.h"
#include "schedule.h"

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
 * @v4: of %ERC_IPV4; the rest is zero
 * @v6: of %ERC_IPV6
 */
union erc_address {
	__be32 v4;
	struct in6_addr v6;
};

/**
 * struct erc_counters - every counter of a circuit
 * @leg: by slot, then &enum ercircuit_leg_counter
 * @circuit: by &enum ercircuit_counter
 *
 * One instance per CPU, and one on the stack of whoever reads the sum.
 */
struct erc_counters {
	u64 leg[ERCIRCUIT_SLOTS][ERCIRCUIT_LEG_COUNTER_MAX];
	u64 circuit[ERCIRCUIT_COUNTER_MAX];
};

/**
 * struct erc_path - a leg that is ready to send payload of one family
 * @dev: the leg's device
 * @port: its erc_leg_port()
 * @count: counters of its slot
 * @header: its link header with the next hop's address, at the end of the
 *	array as in &struct hh_cache
 * @rcu: for kfree_rcu()
 *
 * Never written once it is published: a change is another path.
 */
struct erc_path {
	struct net_device *dev;
	struct net_device *port;
	u64 __percpu *count;
	u64 header[HH_DATA_MOD / sizeof(u64)];
	struct rcu_head rcu;
};

/**
 * struct erc_leg_config - what the user decides for a slot
 * @via4: IPv4 next hop, 0 = none
 * @via6: IPv6 next hop, :: = none
 * @neigh: an unanswered next hop fails the leg
 * @drain: no new traffic while the other leg works
 * @fault: &enum ercircuit_fault
 * @bfd: a leg whose BFD session is not Up fails
 * @session: its timers
 */
struct erc_leg_config {
	__be32 via4;
	struct in6_addr via6;
	bool neigh;
	bool drain;
	u8 fault;
	bool bfd;
	struct erc_bfd_config session;
};

/**
 * struct erc_session_ends - between which addresses packets of a session go
 * @family: &enum erc_family of both
 * @port: our source port
 * @source: our address
 * @via: the next hop
 */
struct erc_session_ends {
	u8 family;
	u16 port;
	union erc_address source;
	union erc_address via;
};

/**
 * struct erc_session - the BFD session of a slot
 * @s: the machine
 * @on: there is one, with the slot's device and one of its next hops; it has
 *	a discriminator
 * @drained: its maintenance is a drain, or was one that is just over
 * @verdict: &enum erc_bfd_verdict that protection knows
 * @ends: our address, 0 = none, the next hop, and our source port
 * @proven: our address when the session was Up last, 0 = it has not been Up
 * @random: of its jitter, which needs to be cheap, and no secret
 * @timer: deadline of @s
 * @armed_ns: when it rings at the latest, ERC_NEVER = not at all; too early does
 *	no harm
 */
struct erc_session {
	struct erc_bfd s;
	bool on;
	bool drained;
	u8 verdict;
	struct erc_session_ends ends;
	union erc_address proven;
	struct rnd_state random;
	struct hrtimer timer;
	u64 armed_ns;
};

/**
 * struct erc_limit - a limit of the device that the legs may lower
 * @wanted: the user's, or the kernel's default
 * @given: the value that the device got last; if it has another one now, the
 *	user has set that
 */
struct erc_limit {
	unsigned int wanted;
	unsigned int given;
};

/**
 * struct erc_queue - packets that wait until a next hop has answered
 * @wait: the packets, the oldest first; its lock guards all of this
 * @lost: those whose next hop has not answered
 * @bytes: memory that @wait takes
 * @busy: some wait, or are being sent: a new packet lines up behind them
 */
struct erc_queue {
	struct sk_buff_head wait;
	struct sk_buff_head lost;
	unsigned int bytes;
	bool busy;
};

/* Users of a packet that nobody else holds; and a number no packet has. */
#define ERC_ARRIVAL_OPEN	1
#define ERC_ARRIVAL_CLOSED	0

/**
 * struct erc_arrival - what most packets from a leg need, in one place
 * @users: how many users a packet has that is taken as it is; none has
 *	%ERC_ARRIVAL_CLOSED, while the leg is not a simple case
 * @mask4: mask of the leg's IPv4 subnet
 * @own4: the leg's IPv4 subnet; without one this and @mask4 are 0
 * @far4: that of the peer's address, where the leg has one; else @own4
 * @own6: prefix (64 bits) of its IPv6 address other than link-local, 0 = none
 * @number: erc_circuit.number, 0 while there is no other circuit
 * @dev: the circuit's device
 * @count: counters of the slot
 * @octets4: by the first octet of an IPv4 source or destination: not 0 if the
 *	address may be special, or on the leg's subnet
 */
struct erc_arrival {
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

/**
 * struct erc_config - all that the user decides, as a whole
 * @protect: protection switching
 * @hash: &enum ercircuit_hash
 * @peering: &enum ercircuit_peering
 * @fail: &enum ercircuit_fail
 * @reach: circuits it is paired with, NULL behind the last
 * @terms: of the contract
 * @leg: by slot
 * @devs: device by slot, NULL = empty
 * @command: &enum ercircuit_switch to give once all else is set; ERCIRCUIT_SWITCHES
 *	= none
 */
struct erc_config {
	struct erc_protect_config protect;
	u8 hash;
	u8 peering;
	u8 fail;
	struct net_device *reach[ERCIRCUIT_REACH_MAX];
	struct erc_terms terms;
	struct erc_leg_config leg[ERCIRCUIT_SLOTS];
	struct net_device *devs[ERCIRCUIT_SLOTS];
	u8 command;
};

/**
 * struct erc_leg - a slot
 * @arrival: for the payload path
 * @circuit: the circuit it belongs to
 * @dev: the lower device, NULL = empty
 * @hop: next hops, one reference each; NULL without via or until looked up
 * @peer: unnumbered Ethernet: MAC last seen, in the low 48 bits, 0 = none
 * @config: as set; belongs to the slot, not to the device
 * @asked: families whose next hop has been asked and has not answered yet
 * @unanswered: families whose next hop failed and has not answered since
 * @wire: see erc_leg_is_wire()
 * @told: &enum ercircuit_reason last written to the log
 * @uptime: time up and down
 * @session: BFD with the next hop
 * @queue: by the family of the next hop
 */
struct erc_leg {
	struct erc_arrival arrival;		/* written under lock */
	struct erc_circuit *circuit;		/* constant */
	struct net_device __rcu *dev;		/* written under lock + RTNL */
	struct neighbour __rcu *hop[ERC_FAMILIES]; /* written under lock */
	u64 peer;
	struct erc_leg_config config;		/* written under lock + RTNL */
	u8 asked;				/* lock */
	u8 unanswered;				/* lock */
	bool wire;				/* written under lock + RTNL */
	u8 told;				/* lock */
	struct erc_uptime uptime;		/* lock */
	struct erc_session session;		/* lock */
	struct erc_queue queue[ERC_FAMILIES];
};

/**
 * enum erc_way - direction of a packet
 * @ERC_TX: from the circuit into a leg
 * @ERC_RX: from a leg into the circuit
 * @ERC_WAYS: number of directions
 */
enum erc_way {
	ERC_TX,
	ERC_RX,
	ERC_WAYS,
};

/**
 * struct erc_meter - how much a leg has carried in a direction
 * @tat: see core/gcra.h
 */
struct erc_meter {
	atomic64_t tat;
} ____cacheline_aligned_in_smp;

/* erc_contract.checks: what is to be done with each packet, 0 = nothing */
#define ERC_CONTRACT_CLOSED	0x01	/* no packet may pass */
#define ERC_CONTRACT_METER	0x02	/* packets are measured */
#define ERC_CONTRACT_POLICE	0x04	/* and dropped if they are too many */

/**
 * struct erc_contract - what circuits with the same service key share
 * @meter: by slot and &enum erc_way
 * @rate: of each meter
 * @checks: ERC_CONTRACT_*
 * @terms: as set
 * @net: where the circuits are; not held, as they are there
 * @circuits: those that share it, by erc_circuit.peer
 * @list: in the list of contracts with a key
 * @spare: see contract.c
 * @rcu: for kfree_rcu()
 */
struct erc_contract {
	struct erc_meter meter[ERCIRCUIT_SLOTS][ERC_WAYS];
	struct erc_gcra rate;		/* written under RTNL */
	u32 checks;			/* written under RTNL */
	struct erc_terms terms;		/* RTNL */
	const struct net *net;		/* RTNL */
	struct list_head circuits;	/* RTNL */
	struct list_head list;		/* RTNL */
	struct erc_contract *spare;	/* RTNL */
	struct rcu_head rcu;
};

#define ERC_REACH_ENDS	2

/**
 * struct erc_reach_counters - of one direction of a pair
 * @tx_packets: see &struct ercircuit_reach
 * @tx_bytes: the same
 * @tx_policed_packets: the same
 * @tx_policed_bytes: the same
 */
struct erc_reach_counters {
	u64 tx_packets;
	u64 tx_bytes;
	u64 tx_policed_packets;
	u64 tx_policed_bytes;
};

/**
 * struct erc_reach - a pair of circuits
 * @end: the circuits
 * @meter: how much each end has sent of the other's
 * @count: by end, likewise
 * @rcu: for call_rcu()
 */
struct erc_reach {
	struct erc_circuit *end[ERC_REACH_ENDS];	/* constant */
	struct erc_meter meter[ERC_REACH_ENDS];
	struct erc_reach_counters __percpu *count;	/* constant */
	struct rcu_head rcu;
};

/*
 * erc_circuit.select: all the payload path needs to choose a leg, in a word
 * that changes at once.
 */
#define ERC_SELECT_ACTIVE	0x03	/* bit n: slot n carries */
#define ERC_SELECT_USABLE	0x0c	/* bit n + 2: slot n may carry */
#define ERC_SELECT_USABLE_SHIFT	2
#define ERC_SELECT_L3L4		0x10	/* hash ports too */
#define ERC_SELECT_CONTRACT	0x20	/* the contract has a say */
#define ERC_SELECT_DEFECT	0xc0	/* bit n + 6: slot n is known to fail */
#define ERC_SELECT_DEFECT_SHIFT	6

/**
 * struct erc_circuit - private data of the netdevice
 * @dev: the netdevice
 * @select: ERC_SELECT_*
 * @stats: counters
 * @path: by family of the payload and slot, NULL = not that simple
 * @carry: by family, the path of the one slot that carries; NULL if none is
 *	ready, both slots carry, or the contract has a say
 * @leg: by slot
 * @lock: see the table above
 * @protect: protection switching
 * @log: transitions
 * @last_switch_ns: CLOCK_BOOTTIME of the last switch, 0 = never
 * @last_switch_reason: &enum ercircuit_reason
 * @control: packets of BFD that go out once the lock is released
 * @flushing: somebody sends them, and goes on until none is left
 * @schedule: timer and works
 * @sysfs: folder "ercircuit"
 * @sysfs_leg: folders of the legs in it
 * @hash: &enum ercircuit_hash
 * @peering: &enum ercircuit_peering
 * @fail: &enum ercircuit_fail
 * @mtu_wanted: MTU the user asked for, 0 = as large as the legs allow
 * @gso_size: gso_max_size
 * @gso_ipv4_size: gso_ipv4_max_size
 * @gso_segs: gso_max_segs
 * @contract: there always is one
 * @peer: in erc_contract.circuits
 * @avail: availability
 * @reach: pairs, in no order
 * @number: erc_reach_mark() writes it on packets, see reach.h
 * @reached: it is among those that erc_reach_suspects() knows
 */
struct erc_circuit {
	struct net_device *dev;
	u32 select;
	struct erc_counters __percpu *stats;
	struct erc_path __rcu *path[ERC_FAMILIES][ERCIRCUIT_SLOTS]; /* written under lock */
	struct erc_path __rcu *carry[ERC_FAMILIES]; /* written under lock */
	struct erc_leg leg[ERCIRCUIT_SLOTS];

	spinlock_t lock;	/* see the table above */
	struct erc_protect protect;
	struct erc_log log;
	u64 last_switch_ns;
	u8 last_switch_reason;
	struct sk_buff_head control;	/* lock */
	bool flushing;		/* lock */

	struct erc_schedule schedule;

	struct kobject *sysfs;		/* RTNL */
	struct kobject *sysfs_leg[ERCIRCUIT_SLOTS]; /* RTNL */

	u8 hash;		/* written under lock + RTNL */
	u8 peering;		/* written under lock + RTNL */
	u8 fail;		/* written under lock + RTNL */
	unsigned int mtu_wanted;	/* RTNL */
	struct erc_limit gso_size;	/* RTNL */
	struct erc_limit gso_ipv4_size;	/* RTNL */
	struct erc_limit gso_segs;	/* RTNL */
	struct erc_contract __rcu *contract; /* written under lock + RTNL */
	struct list_head peer;		/* RTNL */
	struct erc_avail avail;		/* lock */
	struct erc_reach __rcu *reach[ERCIRCUIT_REACH_MAX]; /* written under RTNL */
	u16 number;			/* written under RTNL */
	bool reached;			/* RTNL */
};

/* Work on a packet that the leg, or the stack on its way into the leg, does as
 * late as possible
 */
#define ERC_CIRCUIT_FEATURES (NETIF_F_SG | NETIF_F_FRAGLIST |		\
			      NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |	\
			      NETIF_F_GSO_SOFTWARE |			\
			      NETIF_F_GSO_ENCAP_ALL)

/**
 * erc_circuit_is_reduced - has the user switched off one of its features?
 * @c: the circuit
 *
 * Return: true if so; the kernel does that work before ndo_start_xmit then.
 */
static inline bool erc_circuit_is_reduced(const struct erc_circuit *c)
{
	return ~READ_ONCE(c->dev->features) & ERC_CIRCUIT_FEATURES;
}

/* rcu_dereference for the payload path: BH or plain RCU, by the caller. */
#define erc_rcu(p) rcu_dereference_check(p, rcu_read_lock_bh_held())

/* rcu_dereference for writers, under erc_circuit.lock. */
#define erc_locked(c, p) \
	rcu_dereference_protected(p, lockdep_is_held(&(c)->lock))

#define erc_count_leg(c, slot, name) \
	this_cpu_inc((c)->stats->leg[slot][ERCIRCUIT_LEG_##name])
#define erc_count_leg_add(c, slot, name, n) \
	this_cpu_add((c)->stats->leg[slot][ERCIRCUIT_LEG_##name], n)
#define erc_count(c, name) \
	this_cpu_inc((c)->stats->circuit[ERCIRCUIT_##name])

/**
 * erc_leg_dev_rtnl - the device in a slot
 * @leg: the slot
 *
 * Return: the device or NULL; valid under RTNL.
 */
static inline struct net_device *erc_leg_dev_rtnl(const struct erc_leg *leg)
{
	return rtnl_dereference(leg->dev);
}

#endif /* _ERC_ERCIRCUIT_H */
