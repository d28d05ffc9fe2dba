// SPDX-License-Identifier: GPL-2.0
#include <linux/fib_rules.h>
#include <string.h>
#include <sys/socket.h>

#include "common/rtnl.h"
#include "rule.h"

/* --- reading ------------------------------------------------------------- */

static void erc_rule_get_dport(struct erc_rule *rule, const struct nlattr *attr)
{
	struct fib_rule_port_range range;

	memcpy(&range, mnl_attr_get_payload(attr), sizeof(range));
	rule->dport = range.start;
}

static void erc_rule_get_attr(struct erc_rule *rule, const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	switch (mnl_attr_get_type(attr)) {
	case FRA_DST:
		memcpy(rule->dst, mnl_attr_get_payload(attr),
		       len < sizeof(rule->dst) ? len : sizeof(rule->dst));
		break;
	case FRA_IP_PROTO:
		rule->ip_proto = mnl_attr_get_u8(attr);
		break;
	case FRA_DPORT_RANGE:
		erc_rule_get_dport(rule, attr);
		break;
	case FRA_PRIORITY:
		rule->priority = mnl_attr_get_u32(attr);
		break;
	case FRA_TABLE:
		rule->table = mnl_attr_get_u32(attr);
		break;
	case FRA_SUPPRESS_PREFIXLEN:
		rule->suppress = mnl_attr_get_u32(attr);
		break;
	}
}

bool erc_rule_get(const struct nlmsghdr *nlh, struct erc_rule *rule)
{
	const struct fib_rule_hdr *frh = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	uint8_t protocol = 0;

	memset(rule, 0, sizeof(*rule));
	rule->family = frh->family;
	rule->dst_len = frh->dst_len;
	rule->suppress = -1;
	mnl_attr_for_each(attr, nlh, sizeof(*frh)) {
		if (mnl_attr_get_type(attr) == FRA_PROTOCOL)
			protocol = mnl_attr_get_u8(attr);
		erc_rule_get_attr(rule, attr);
	}
	return protocol == ERC_RULE_PROTOCOL &&
	       (rule->family == AF_INET || rule->family == AF_INET6);
}

bool erc_rule_same(const struct erc_rule *a, const struct erc_rule *b)
{
	return a->family == b->family && a->dst_len == b->dst_len &&
	       !memcmp(a->dst, b->dst, sizeof(a->dst)) &&
	       a->ip_proto == b->ip_proto && a->dport == b->dport;
}

/* --- writing ------------------------------------------------------------- */

static void erc_rule_put(struct nlmsghdr *nlh, const struct erc_rule *rule)
{
	struct fib_rule_port_range dport = { rule->dport, rule->dport };
	struct fib_rule_hdr *frh = mnl_nlmsg_get_payload(nlh);

	frh->family = rule->family;
	frh->dst_len = rule->dst_len;
	frh->action = FR_ACT_TO_TBL;
	mnl_attr_put_u8(nlh, FRA_PROTOCOL, ERC_RULE_PROTOCOL);
	mnl_attr_put_u32(nlh, FRA_PRIORITY, rule->priority);
	mnl_attr_put_u32(nlh, FRA_TABLE, rule->table);
	if (rule->suppress >= 0)
		mnl_attr_put_u32(nlh, FRA_SUPPRESS_PREFIXLEN, rule->suppress);
	if (rule->dst_len)
		mnl_attr_put(nlh, FRA_DST, rule->family == AF_INET ? 4 : 16,
			     rule->dst);
	if (rule->ip_proto)
		mnl_attr_put_u8(nlh, FRA_IP_PROTO, rule->ip_proto);
	if (rule->dport)
		mnl_attr_put(nlh, FRA_DPORT_RANGE, sizeof(dport), &dport);
}

static int erc_rule_talk(const struct erc_rule *rule, uint16_t type,
			 uint16_t flags)
{
	char buf[ERC_RTNL_REQUEST];
	struct nlmsghdr *nlh = erc_rtnl_message(buf, type, NLM_F_ACK | flags,
						sizeof(struct fib_rule_hdr));

	erc_rule_put(nlh, rule);
	return erc_rtnl_talk(nlh, NULL, NULL);
}

int erc_rule_add(const struct erc_rule *rule)
{
	return erc_rule_talk(rule, RTM_NEWRULE, NLM_F_CREATE);
}

int erc_rule_del(const struct erc_rule *rule)
{
	return erc_rule_talk(rule, RTM_DELRULE, 0);
}
