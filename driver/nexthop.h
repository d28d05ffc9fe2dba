/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_NEXTHOP_H
#define _ERC_NEXTHOP_H

#include <linux/netdevice.h>

#include "basics.h"

struct erc_circuit;
struct erc_leg;
struct neighbour;

/**
 * struct erc_path - path of the payload of one family by a leg that is ready
 * @dev: the leg's device
 * @port: its erc_leg_port()
 * @count: counters of the slot
 * @header: link header with the next hop's address, at the end of the array as in
 *	&struct hh_cache
 * @rcu: for kfree_rcu()
 *
 * A published path is never written: a change publishes another path.
 */
struct erc_path {
	struct net_device *dev;
	struct net_device *port;
	u64 __percpu *count;
	u64 header[HH_DATA_MOD / sizeof(u64)];
	struct rcu_head rcu;
};

/**
 * erc_nexthop_output - give a packet to a leg, with its link header
 * @leg: the leg
 * @dev: its device, under RCU
 * @skb: payload; consumed
 * @payload: &enum erc_family of @skb
 *
 * Return: verdict of the leg (NET_XMIT_*), -EINPROGRESS if the packet waits for
 * the next hop's answer, or -EHOSTUNREACH if there is no neighbour entry.
 */
int erc_nexthop_output(struct erc_leg *leg, struct net_device *dev,
		       struct sk_buff *skb, enum erc_family payload);

/**
 * erc_nexthop_resend - give a waiting packet to a leg
 * @leg: the leg
 * @dev: its device, under RCU
 * @skb: the packet, for @dev; consumed unless it must continue to wait
 * @family: &enum erc_family of the next hop
 *
 * Return: verdict of the leg (NET_XMIT_*), or -EINPROGRESS if the next hop is not
 * resolved.
 */
int erc_nexthop_resend(struct erc_leg *leg, struct net_device *dev,
		       struct sk_buff *skb, enum erc_family family);

/**
 * erc_nexthop_is_ready - can this leg send a payload without waiting?
 * @leg: the leg; under RCU
 * @payload: &enum erc_family of the packet
 *
 * Return: true if so.
 */
bool erc_nexthop_is_ready(const struct erc_leg *leg, enum erc_family payload);

/**
 * erc_nexthop_publish - build the paths of a slot again
 * @c: the circuit
 * @slot: &enum ercircuit_slot
 */
void erc_nexthop_publish(struct erc_circuit *c, int slot);

/**
 * erc_nexthop_refresh - keep the next hops of both legs resolved
 * @c: the circuit; process context
 *
 * Return: true if it should be called again soon.
 */
bool erc_nexthop_refresh(struct erc_circuit *c);

/**
 * erc_nexthop_is_resolved - is every next hop of a leg resolved?
 * @c: the circuit, erc_circuit.lock held
 * @leg: the leg
 *
 * Return: true also if it has no next hop.
 */
bool erc_nexthop_is_resolved(const struct erc_circuit *c,
			     const struct erc_leg *leg);

/**
 * erc_nexthop_publish_active - publish paths that follow erc_circuit.tx_flags
 * @c: the circuit, erc_circuit.lock held
 */
void erc_nexthop_publish_active(struct erc_circuit *c);

/**
 * erc_nexthop_publish_locked - build the paths of a slot again
 * @c: the circuit, erc_circuit.lock held
 * @slot: &enum ercircuit_slot
 */
void erc_nexthop_publish_locked(struct erc_circuit *c, int slot);

/**
 * erc_nexthop_follow_circuit - follow the circuit's state and features
 * @c: the circuit
 *
 * While the circuit is down, no payload waits for a next hop.
 */
void erc_nexthop_follow_circuit(struct erc_circuit *c);

/**
 * erc_nexthop_forget - delete the state of a slot's next hops
 * @c: the circuit, erc_circuit.lock held
 * @leg: the leg
 */
void erc_nexthop_forget(struct erc_circuit *c, struct erc_leg *leg);

/**
 * erc_nexthop_add_header - add the link header of a next hop to a packet
 * @c: the circuit, erc_circuit.lock held
 * @leg: the leg
 * @skb: packet for its device
 * @family: &enum erc_family of the next hop
 *
 * Return: false if the next hop is not resolved.
 */
bool erc_nexthop_add_header(const struct erc_circuit *c,
			    const struct erc_leg *leg, struct sk_buff *skb,
			    enum erc_family family);

/**
 * erc_nexthop_resolve - probe a next hop, and queue a packet until it answers
 * @leg: the leg; under RCU
 * @skb: packet for its device, without a link header; consumed
 * @family: &enum erc_family of the next hop
 *
 * Return: see erc_nexthop_output().
 */
int erc_nexthop_resolve(struct erc_leg *leg, struct sk_buff *skb,
			enum erc_family family);

/**
 * erc_nexthop_update - follow a neighbour entry that has changed
 * @c: the circuit, erc_circuit.lock held
 * @n: the entry, on one of its legs
 *
 * The caller checks the legs, as the state of the slot may have changed, and then
 * calls erc_nexthop_follow_up().
 *
 * Return: the slot that holds the entry, NULL if none does.
 */
struct erc_leg *erc_nexthop_update(struct erc_circuit *c,
				   const struct neighbour *n);

/**
 * erc_nexthop_follow_up - ask again, and send the packets that wait
 * @c: the circuit, erc_circuit.lock held
 * @leg: from erc_nexthop_update()
 * @n: the entry
 *
 * Works do both: the caller may hold neigh_table.lock.
 */
void erc_nexthop_follow_up(struct erc_circuit *c, struct erc_leg *leg,
			   const struct neighbour *n);

#endif /* _ERC_NEXTHOP_H */
