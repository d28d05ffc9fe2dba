/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_REQUEST_H
#define _ERC_REQUEST_H

#include "config.h"

struct erc_circuit;
struct net;
struct netlink_ext_ack;
struct nla_policy;
struct nlattr;

/*
 * The rtnetlink core ignores attributes above maxtype silently. So the tables
 * reach as far as the core permits and refuse every attribute that is unknown.
 */
#define ERC_REQUEST_MAX		50	/* RTNL_MAX_TYPE */
#define ERC_REQUEST_SLAVE_MAX	40	/* RTNL_SLAVE_MAX_TYPE of 6.1 */

extern const struct nla_policy erc_request_policy[ERC_REQUEST_MAX + 1];
extern const struct nla_policy erc_request_leg_policy[ERC_REQUEST_SLAVE_MAX + 1];

/**
 * struct erc_request - a request on top of the present configuration
 * @config: the requested configuration
 * @check: slots whose device and next hops have to be checked, bit n = slot n
 */
struct erc_request {
	struct erc_config config;
	u8 check;
};

/**
 * erc_request_refuse - refuse a request because of an attribute
 * @attr: the attribute
 * @why: the message, a constant
 * @extack: gets both, may be NULL
 *
 * Return: -EINVAL.
 */
int erc_request_refuse(struct nlattr *attr, const char *why,
		       struct netlink_ext_ack *extack);

/**
 * erc_request_parse - parse the attributes of a circuit
 * @c: the circuit, registered or about to be; RTNL
 * @data: IFLA_INFO_DATA, checked against @erc_request_policy
 * @net: network namespace of the legs' devices
 * @req: in: the present configuration; out: the requested one
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or a negative error.
 */
int erc_request_parse(const struct erc_circuit *c, struct nlattr *data[],
		      struct net *net, struct erc_request *req,
		      struct netlink_ext_ack *extack);

/**
 * erc_request_parse_leg_options - parse the attributes of an attached leg
 * @tb: attributes, checked against @erc_request_leg_policy
 * @slot: &enum ercircuit_slot
 * @req: in: the present configuration; out: the requested one
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or a negative error.
 */
int erc_request_parse_leg_options(struct nlattr *tb[], int slot,
				  struct erc_request *req,
				  struct netlink_ext_ack *extack);

/**
 * erc_request_check - check a requested configuration
 * @c: the circuit, registered or about to be; RTNL
 * @req: the whole request
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or a negative error.
 */
int erc_request_check(struct erc_circuit *c, const struct erc_request *req,
		      struct netlink_ext_ack *extack);

/**
 * erc_request_check_mtu - check the MTU of a new circuit against its legs
 * @c: the circuit, about to be registered; RTNL
 * @config: the requested configuration
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or a negative error.
 */
int erc_request_check_mtu(const struct erc_circuit *c,
			  const struct erc_config *config,
			  struct netlink_ext_ack *extack);

#endif /* _ERC_REQUEST_H */
