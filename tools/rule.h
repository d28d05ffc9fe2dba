/* SPDX-License-Identifier: GPL-2.0 */
/* Rules of policy routing, of those this tool makes. */
#ifndef _ERC_RULE_H
#define _ERC_RULE_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

/* Whose rules and routes these are, FRA_PROTOCOL and RTA_PROTOCOL: none of
 * /etc/iproute2/rt_protos, nor of 186 to 199, where routing daemons live.
 */
#define ERC_RULE_PROTOCOL	211

/**
 * struct erc_rule - a rule: what it is about, and which table to look up then
 * @family: AF_INET or AF_INET6
 * @dst: destination
 * @dst_len: bits of @dst that count, 0 = any destination
 * @ip_proto: IPPROTO_*, 0 = any
 * @dport: destination port, 0 = any
 * @priority: its place among the rules
 * @table: to look up
 * @suppress: do not take a route whose prefix is not longer, -1 = take any
 */
struct erc_rule {
	uint8_t family;
	uint8_t dst[16];
	uint8_t dst_len;
	uint8_t ip_proto;
	uint16_t dport;
	uint32_t priority;
	uint32_t table;
	int suppress;
};

/**
 * erc_rule_get - read a message
 * @nlh: RTM_NEWRULE
 * @rule: result
 *
 * Return: true if the rule was made by this tool.
 */
bool erc_rule_get(const struct nlmsghdr *nlh, struct erc_rule *rule);

/**
 * erc_rule_same - do two rules speak about the same packets?
 * @a: one
 * @b: the other
 *
 * Return: true if they do.
 */
bool erc_rule_same(const struct erc_rule *a, const struct erc_rule *b);

/**
 * erc_rule_add - make a rule
 * @rule: the rule; a second one like it is made, too
 *
 * Return: 0, or a negative value if the kernel refused.
 */
int erc_rule_add(const struct erc_rule *rule);

/**
 * erc_rule_del - remove a rule, one of those like it
 * @rule: the rule
 *
 * Return: 0, or a negative value if the kernel refused.
 */
int erc_rule_del(const struct erc_rule *rule);

#endif /* _ERC_RULE_H */
