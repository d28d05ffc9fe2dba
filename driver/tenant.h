/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_TENANT_H
#define _ERC_TENANT_H

#include <linux/types.h>

struct erc_circuit;
struct erc_config;
struct net_device;
struct netlink_ext_ack;
struct sk_buff;

/**
 * erc_tenant_is_spoofed - does a packet look like one of the provider?
 * @c: the circuit, not in the network namespace of its leg; RCU or BH
 * @skb: from its IP header on
 *
 * The edge router distinguishes a tenant's packets from the provider's only by
 * their content. So a packet must not have a source address on the leg's
 * subnet, and must not be of a kind that routers do not forward.
 *
 * Return: true if the packet looks like one of the provider.
 */
bool erc_tenant_is_spoofed(const struct erc_circuit *c,
			   const struct sk_buff *skb);

/**
 * erc_tenant_scrub - remove metadata that must not cross a namespace
 * @skb: the packet
 */
void erc_tenant_scrub(struct sk_buff *skb);

/**
 * erc_tenant_leave - move a tenant's packet to the namespace of a leg
 * @skb: the packet
 * @dev: the leg's device
 */
void erc_tenant_leave(struct sk_buff *skb, const struct net_device *dev);

/**
 * erc_tenant_can_see - may a viewer of the circuit see the device of a leg?
 * @c: the circuit; RCU or RTNL
 * @lower: device of the leg, or %NULL
 *
 * Return: false if the device is in another network namespace.
 */
bool erc_tenant_can_see(const struct erc_circuit *c,
			const struct net_device *lower);

/**
 * erc_tenant_can_see_slot - may a viewer of the circuit see the device of a slot?
 * @c: the circuit; RTNL
 * @slot: &enum ercircuit_slot
 *
 * Return: false if the device is in another network namespace, or the slot waits for
 * one there.
 */
bool erc_tenant_can_see_slot(const struct erc_circuit *c, int slot);

/**
 * erc_tenant_can_configure - may the caller change the options of a circuit?
 * @c: the circuit; RTNL
 *
 * Return: false if the caller has no permission in the namespace of a leg.
 */
bool erc_tenant_can_configure(const struct erc_circuit *c);

/**
 * erc_tenant_can_bring_terms - may the caller bring a contract into its namespace?
 * @c: the circuit, possibly in another network namespace now; RTNL
 *
 * A contract that was created first with the same key must not change the
 * contract of a circuit that moves here, and a circuit that moves here must not
 * change that contract.
 *
 * Return: false if a contract with the same key exists that the caller may not
 * change.
 */
bool erc_tenant_can_bring_terms(const struct erc_circuit *c);

/**
 * erc_tenant_check - may the caller make this change?
 * @c: the circuit, registered or about to be; RTNL
 * @config: the new configuration
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or -EPERM.
 */
int erc_tenant_check(const struct erc_circuit *c,
		     const struct erc_config *config,
		     struct netlink_ext_ack *extack);

#endif /* _ERC_TENANT_H */
