/* SPDX-License-Identifier: GPL-2.0 */
/* The policy routing rules that this tool makes. */
#ifndef _ERC_RULE_H
#define _ERC_RULE_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

/* FRA_PROTOCOL and RTA_PROTOCOL of the tool's rules and routes. The number is not
 * in /etc/iproute2/rt_protos, and not among 186 to 199, which routing daemons use.
 */
#define ERC_RULE_PROTOCOL	211

/**
 * struct erc_rule - a rule: it selects packets and looks up a table for them
 * @family: AF_INET or AF_INET6
 * @dst: destination
 * @dst_len: prefix length of @dst, 0 = any destination
 * @ip_proto: IPPROTO_*, 0 = any
 * @dport: destination port, 0 = any
 * @priority: of the rule
 * @table: the table to look up
 * @suppress: ignore routes with a prefix of this length or shorter, -1 = none
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
 * erc_rule_get - parse a message
 * @nlh: RTM_NEWRULE
 * @rule: result
 *
 * Return: true if this tool made the rule.
 */
bool erc_rule_get(const struct nlmsghdr *nlh, struct erc_rule *rule);

/**
 * erc_rule_same - do two rules select the same packets?
 * @a: one
 * @b: the other
 *
 * Return: true if they do.
 */
bool erc_rule_same(const struct erc_rule *a, const struct erc_rule *b);

/**
 * erc_rule_add - add a rule
 * @rule: the rule; it is added even if an identical rule exists
 *
 * Return: 0, or a negative value if the kernel refused.
 */
int erc_rule_add(const struct erc_rule *rule);

/**
 * erc_rule_del - delete one of the rules that are identical to this one
 * @rule: the rule
 *
 * Return: 0, or a negative value if the kernel refused.
 */
int erc_rule_del(const struct erc_rule *rule);

#endif /* _ERC_RULE_H */
