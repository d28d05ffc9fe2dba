// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "common/rtnl.h"
#include "route.h"
#include "rule.h"

/* Metric of the tool's own routes. It must not be 0, which IPv6 replaces. */
#define ERC_ROUTE_METRIC	1024

/**
 * struct erc_route_search - a search for a default route
 * @family: of the route
 * @table: of the route
 * @oif: of the route, 0 = any
 * @best: the best route so far
 */
struct erc_route_search {
	uint8_t family;
	uint32_t table;
	unsigned int oif;
	struct erc_route *best;
};

/* --- reading ------------------------------------------------------------- */

static uint8_t erc_route_get_bytes(uint8_t *to, size_t size,
				   const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len > size)
		return 0;
	memcpy(to, mnl_attr_get_payload(attr), len);
	return len;
}

static void erc_route_get_gateway(struct erc_route *route,
				  const struct nlattr *attr)
{
	if (mnl_attr_get_type(attr) != RTA_GATEWAY &&
	    mnl_attr_get_type(attr) != RTA_VIA)
		return;
	route->gateway_type = mnl_attr_get_type(attr);
	route->gateway_len = erc_route_get_bytes(route->gateway,
						 sizeof(route->gateway), attr);
}

static void erc_route_take(const struct erc_route_search *s,
			   const struct erc_route *route)
{
	if (s->oif && s->oif != route->oif)
		return;
	if (!s->best->family || route->metric < s->best->metric)
		*s->best = *route;
}

/* Treat each next hop of a multipath route as a route of its own. */
static void erc_route_take_nexthops(const struct erc_route_search *s,
				    const struct erc_route *route,
				    const struct nlattr *multipath)
{
	const struct rtnexthop *nh = mnl_attr_get_payload(multipath);
	int left = mnl_attr_get_payload_len(multipath);
	const struct nlattr *attr;

	for (; RTNH_OK(nh, left); left -= RTNH_ALIGN(nh->rtnh_len),
	     nh = RTNH_NEXT(nh)) {
		struct erc_route hop = *route;

		hop.oif = nh->rtnh_ifindex;
		hop.onlink = nh->rtnh_flags & RTNH_F_ONLINK;
		mnl_attr_for_each_payload((void *)RTNH_DATA(nh),
					  nh->rtnh_len - sizeof(*nh))
			erc_route_get_gateway(&hop, attr);
		erc_route_take(s, &hop);
	}
}

static void erc_route_get_attr(struct erc_route *route,
			       const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case RTA_OIF:
		route->oif = mnl_attr_get_u32(attr);
		break;
	case RTA_PRIORITY:
		route->metric = mnl_attr_get_u32(attr);
		break;
	case RTA_PREFSRC:
		route->prefsrc_len = erc_route_get_bytes(route->prefsrc,
							 sizeof(route->prefsrc),
							 attr);
		break;
	default:
		erc_route_get_gateway(route, attr);
	}
}

static bool erc_route_is_default(const struct rtmsg *rtm)
{
	return !rtm->rtm_dst_len && !rtm->rtm_src_len &&
	       rtm->rtm_type == RTN_UNICAST &&
	       !(rtm->rtm_flags & RTM_F_CLONED);
}

static int erc_route_message(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *multipath = NULL;
	const struct erc_route_search *s = data;
	struct erc_route route = { 0 };
	uint32_t table = 0;

	route.family = rtm->rtm_family;
	route.onlink = rtm->rtm_flags & RTNH_F_ONLINK;
	mnl_attr_for_each(attr, nlh, sizeof(*rtm)) {
		erc_route_get_attr(&route, attr);
		if (mnl_attr_get_type(attr) == RTA_TABLE)
			table = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == RTA_MULTIPATH)
			multipath = attr;
	}
	if (route.family != s->family || table != s->table ||
	    !erc_route_is_default(rtm))
		return MNL_CB_OK;
	if (multipath)
		erc_route_take_nexthops(s, &route, multipath);
	else
		erc_route_take(s, &route);
	return MNL_CB_OK;
}

int erc_route_find(uint8_t family, uint32_t table, unsigned int oif,
		   struct erc_route *route)
{
	struct erc_route_search s = { family, table, oif, route };

	memset(route, 0, sizeof(*route));
	return erc_rtnl_dump(RTM_GETROUTE, erc_route_message, &s);
}

bool erc_route_same(const struct erc_route *a, const struct erc_route *b)
{
	return a->family == b->family && a->oif == b->oif &&
	       a->gateway_type == b->gateway_type &&
	       !memcmp(a->gateway, b->gateway, sizeof(a->gateway));
}

const char *erc_route_gateway(const struct erc_route *route, char *text,
			      size_t size)
{
	const struct rtvia *via = (const void *)route->gateway;

	switch (route->gateway_type) {
	case RTA_GATEWAY:
		return inet_ntop(route->family, route->gateway, text, size);
	case RTA_VIA:
		return inet_ntop(via->rtvia_family, via->rtvia_addr, text,
				 size);
	}
	return NULL;
}

/* --- writing ------------------------------------------------------------- */

static int erc_route_talk(const struct erc_route *route, uint32_t table,
			  uint16_t type, uint16_t flags)
{
	char buf[ERC_RTNL_REQUEST];
	struct nlmsghdr *nlh = erc_rtnl_message(buf, type, NLM_F_ACK | flags,
						sizeof(struct rtmsg));
	struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	rtm->rtm_family = route->family;
	rtm->rtm_protocol = ERC_RULE_PROTOCOL;
	rtm->rtm_type = RTN_UNICAST;
	rtm->rtm_scope = route->gateway_type || route->family == AF_INET6 ?
			 RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	rtm->rtm_flags = route->onlink ? RTNH_F_ONLINK : 0;
	mnl_attr_put_u32(nlh, RTA_TABLE, table);
	mnl_attr_put_u32(nlh, RTA_OIF, route->oif);
	mnl_attr_put_u32(nlh, RTA_PRIORITY, ERC_ROUTE_METRIC);
	if (route->gateway_type)
		mnl_attr_put(nlh, route->gateway_type, route->gateway_len,
			     route->gateway);
	if (route->prefsrc_len)
		mnl_attr_put(nlh, RTA_PREFSRC, route->prefsrc_len,
			     route->prefsrc);
	return erc_rtnl_talk(nlh, NULL, NULL);
}

int erc_route_add(const struct erc_route *route, uint32_t table)
{
	return erc_route_talk(route, table, RTM_NEWROUTE,
			      NLM_F_CREATE | NLM_F_REPLACE);
}

int erc_route_del(const struct erc_route *route, uint32_t table)
{
	return erc_route_talk(route, table, RTM_DELROUTE, 0);
}
