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
 * erc_tenant_forges - does a packet look like one of the provider's own?
 * @c: the circuit, in another network namespace than its leg; RCU or BH
 * @skb: from its IP header on
 *
 * The edge router cannot tell a tenant's packet from the provider's by
 * anything but its content. So a packet must not have an address of the leg's
 * subnet as its source, nor be one that no router forwards.
 *
 * Return: true if it does.
 */
bool erc_tenant_forges(const struct erc_circuit *c, const struct sk_buff *skb);

/**
 * erc_tenant_scrub - take from a packet what must not cross a namespace
 * @skb: the packet
 */
void erc_tenant_scrub(struct sk_buff *skb);

/**
 * erc_tenant_leave - hand a tenant's packet to the namespace of a leg
 * @skb: the packet
 * @dev: the leg's device
 */
void erc_tenant_leave(struct sk_buff *skb, const struct net_device *dev);

/**
 * erc_tenant_sees - may whoever sees a circuit see what a leg is made of?
 * @c: the circuit; RCU or RTNL
 * @lower: device of the leg, or %NULL
 *
 * Return: false if that has stayed in another network namespace.
 */
bool erc_tenant_sees(const struct erc_circuit *c,
		     const struct net_device *lower);

/**
 * erc_tenant_may - may the caller change the options of a circuit?
 * @c: the circuit; RTNL
 *
 * Return: false if legs of it have stayed where the caller has no say.
 */
bool erc_tenant_may(const struct erc_circuit *c);

/**
 * erc_tenant_brings - may the caller bring a circuit's contract along?
 * @c: the circuit, in another network namespace now perhaps; RTNL
 *
 * So that who was there first with the key is no trap for the contract of a
 * circuit that comes, nor a circuit that comes for that of one that is there.
 *
 * Return: false if a contract with the same key is there that the caller may not
 * change.
 */
bool erc_tenant_brings(const struct erc_circuit *c);

/**
 * erc_tenant_check - may the caller do that to a circuit, and to its contract?
 * @c: the circuit, registered or about to be; RTNL
 * @config: what it shall be
 * @extack: says why not
 *
 * Return: 0 or -EPERM.
 */
int erc_tenant_check(const struct erc_circuit *c,
		     const struct erc_config *config,
		     struct netlink_ext_ack *extack);

#endif /* _ERC_TENANT_H */
