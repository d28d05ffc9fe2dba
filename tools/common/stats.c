// SPDX-License-Identifier: GPL-2.0
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>

#include "json.h"
#include "stats.h"

#define ERC_STATS_NAME(name) #name,

const struct erc_names erc_stats_leg = {
	ERCIRCUIT_LEG_COUNTER_MAX, { ERCIRCUIT_LEG_COUNTERS(ERC_STATS_NAME) }
};

const struct erc_names erc_stats_circuit = {
	ERCIRCUIT_COUNTER_MAX, { ERCIRCUIT_COUNTERS(ERC_STATS_NAME) }
};

#define ERC_STATS_INDEX(name) ERC_STATS_##name,

enum { ERCIRCUIT_REACH_COUNTERS(ERC_STATS_INDEX) ERC_STATS_REACH_MAX };

const struct erc_names erc_stats_reach = {
	ERC_STATS_REACH_MAX, { ERCIRCUIT_REACH_COUNTERS(ERC_STATS_NAME) }
};

static const struct nlattr *erc_stats_find(const struct nlattr *nest, int type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

bool erc_stats_parse(const struct nlmsghdr *nlh, struct erc_stats *stats)
{
	const struct if_stats_msg *ifsm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *nest = NULL;

	memset(stats, 0, sizeof(*stats));
	stats->ifindex = ifsm->ifindex;
	mnl_attr_for_each(attr, nlh, sizeof(*ifsm))
		if (mnl_attr_get_type(attr) == IFLA_STATS_LINK_XSTATS)
			nest = erc_stats_find(attr, ERCIRCUIT_XSTATS);
	if (!nest)
		return false;
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) <= ERCIRCUIT_XSTATS_MAX)
			stats->tb[mnl_attr_get_type(attr)] = attr;
	return true;
}

/* Attributes count from 1. A counter that this build does not know is named by its
 * number.
 */
static void erc_stats_add(cJSON *to, const struct erc_names *names,
			  const struct nlattr *nest)
{
	const struct nlattr *attr;
	char number[12];

	if (!nest)
		return;
	mnl_attr_for_each_nested(attr, nest) {
		unsigned int i = mnl_attr_get_type(attr) - 1;

		if (mnl_attr_get_payload_len(attr) < sizeof(uint64_t))
			continue;
		snprintf(number, sizeof(number), "%u", i);
		erc_json_add_number(to, i < names->n ? names->name[i] : number,
				    mnl_attr_get_u64(attr));
	}
}

#define ERC_STATS_OFFSET(name) offsetof(struct ercircuit_reach, name),

static void erc_stats_add_pair(cJSON *to, const struct ercircuit_reach *reach)
{
	static const size_t offset[] = {
		ERCIRCUIT_REACH_COUNTERS(ERC_STATS_OFFSET)
	};
	unsigned int i;

	for (i = 0; i < erc_stats_reach.n; i++)
		erc_json_add_number(to, erc_stats_reach.name[i],
				    *(const uint64_t *)((const char *)reach +
						   offset[i]));
}

static void erc_stats_add_reach(cJSON *to, const struct nlattr *attr)
{
	const struct ercircuit_reach *reach;
	char name[IF_NAMESIZE];
	cJSON *pair;
	int n;

	if (!attr || !mnl_attr_get_payload_len(attr))
		return;
	reach = mnl_attr_get_payload(attr);
	n = mnl_attr_get_payload_len(attr) / sizeof(*reach);
	to = cJSON_AddObjectToObject(to, "reach");
	for (; n--; reach++) {
		erc_names_device(reach->ifindex, name);
		pair = cJSON_AddObjectToObject(to, name);
		erc_stats_add_pair(pair, reach);
	}
}

void erc_stats_json(cJSON *to, const struct erc_stats *stats)
{
	erc_stats_add(cJSON_AddObjectToObject(to, "primary"), &erc_stats_leg,
		      stats->tb[ERCIRCUIT_XSTATS_PRIMARY]);
	erc_stats_add(cJSON_AddObjectToObject(to, "secondary"), &erc_stats_leg,
		      stats->tb[ERCIRCUIT_XSTATS_SECONDARY]);
	erc_stats_add(to, &erc_stats_circuit,
		      stats->tb[ERCIRCUIT_XSTATS_CIRCUIT]);
	erc_stats_add_reach(to, stats->tb[ERCIRCUIT_XSTATS_REACH]);
}

static void erc_stats_text_reach(FILE *fp, const cJSON *reach)
{
	const cJSON *pair, *counter;

	cJSON_ArrayForEach(pair, reach) {
		fprintf(fp, "reach %s\n", pair->string);
		cJSON_ArrayForEach(counter, pair)
			fprintf(fp, "  %-17s %20s\n", counter->string,
				counter->valuestring);
	}
}

void erc_stats_text(FILE *fp, const cJSON *json)
{
	const cJSON *primary = cJSON_GetObjectItem(json, "primary");
	const cJSON *secondary = cJSON_GetObjectItem(json, "secondary");
	const cJSON *counter;

	fprintf(fp, "%-19s %20s %20s\n", erc_json_string(json, "name"), "primary",
		"secondary");
	cJSON_ArrayForEach(counter, primary)
		fprintf(fp, "  %-17s %20s %20s\n", counter->string,
			counter->valuestring,
			erc_json_string(secondary, counter->string));
	cJSON_ArrayForEach(counter, json)
		if (cJSON_IsRaw(counter))
			fprintf(fp, "  %-17s %20s\n", counter->string,
				counter->valuestring);
	erc_stats_text_reach(fp, cJSON_GetObjectItem(json, "reach"));
}
