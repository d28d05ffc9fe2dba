// SPDX-License-Identifier: GPL-2.0
/*
 * Two rules make a kind of packets break out of a circuit. The first rule looks
 * up the main table but ignores default routes (for a prefix: routes as wide as
 * the prefix or wider), so that a private resolver in the cloud stays reachable
 * by the circuit. The second rule looks up a table that contains only the
 * default route of the internet device. Each circuit has its own table. The
 * first rules of several circuits may be identical; then there are several of
 * them.
 */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "common/json.h"
#include "common/output.h"
#include "common/rtnl.h"
#include "breakout.h"
#include "route.h"
#include "rule.h"

/* Before main (32766), and before rules that people add without a priority */
#define ERC_BREAKOUT_KEEP	30000
#define ERC_BREAKOUT_LEAVE	30001

#define ERC_BREAKOUT_PORT_DNS	53

static const uint8_t erc_breakout_families[] = { AF_INET, AF_INET6 };

#define ERC_BREAKOUT_FAMILIES	MNL_ARRAY_SIZE(erc_breakout_families)

/**
 * struct erc_breakout - a kind of packets that breaks out of a circuit
 * @name: of the circuit
 * @table: of the circuit
 * @word: "dns" or a prefix; NULL = every kind that breaks out
 * @dev: the internet device
 * @n: number of kinds of packets that @word stands for
 * @rule: the second rule of each kind
 * @route: default route of the internet device, or of the table, by family
 */
struct erc_breakout {
	const char *name;
	uint32_t table;
	const char *word;
	unsigned int dev;
	unsigned int n;
	struct erc_rule rule[4];
	struct erc_route route[ERC_BREAKOUT_FAMILIES];
};

/* The table is a hash of the name (FNV-1a, in 28 bits). So it is found again when
 * the circuit has been deleted or created again, because the rules remain.
 */
static uint32_t erc_breakout_table(const char *name)
{
	uint32_t hash = 2166136261;

	while (*name)
		hash = (hash ^ (unsigned char)*name++) * 16777619;
	return 0xe0000000 | (hash & 0x0fffffff);
}

static struct erc_rule erc_breakout_keep(const struct erc_rule *leave)
{
	struct erc_rule keep = *leave;

	keep.priority = ERC_BREAKOUT_KEEP;
	keep.table = RT_TABLE_MAIN;
	keep.suppress = leave->dst_len;
	return keep;
}

/* --- words --------------------------------------------------------------- */

static struct erc_rule *erc_breakout_rule(struct erc_breakout *b,
					  uint8_t family)
{
	struct erc_rule *rule = &b->rule[b->n++];

	rule->family = family;
	rule->priority = ERC_BREAKOUT_LEAVE;
	rule->table = b->table;
	rule->suppress = -1;
	return rule;
}

static void erc_breakout_parse_dns(struct erc_breakout *b)
{
	static const uint8_t protocols[] = { IPPROTO_UDP, IPPROTO_TCP };
	struct erc_rule *rule;
	unsigned int i, j;

	for (i = 0; i < ERC_BREAKOUT_FAMILIES; i++)
		for (j = 0; j < MNL_ARRAY_SIZE(protocols); j++) {
			rule = erc_breakout_rule(b, erc_breakout_families[i]);
			rule->ip_proto = protocols[j];
			rule->dport = ERC_BREAKOUT_PORT_DNS;
		}
}

/* Are all bits behind the first @len 0? */
static bool erc_breakout_is_prefix(const uint8_t *address, unsigned int len)
{
	unsigned int i;

	for (i = len; i < 128; i++)
		if (address[i / 8] & (0x80 >> i % 8))
			return false;
	return true;
}

static int erc_breakout_parse_prefix(struct erc_breakout *b)
{
	uint8_t family = strchr(b->word, ':') ? AF_INET6 : AF_INET;
	unsigned long max = family == AF_INET ? 32 : 128, len = max;
	struct erc_rule *rule = erc_breakout_rule(b, family);
	char address[INET6_ADDRSTRLEN + 4], *slash, *end = "";
	int size;

	size = snprintf(address, sizeof(address), "%s", b->word);
	slash = strchr(address, '/');
	if (slash) {
		*slash++ = '\0';
		len = strtoul(slash, &end, 10);
	}
	if (size >= (int)sizeof(address) || *end || len > max ||
	    inet_pton(family, address, rule->dst) != 1 ||
	    (slash && (*slash < '0' || *slash > '9')))
		return erc_error("\"%s\" is neither dns nor a prefix such as 192.0.2.0/24",
				 b->word);
	if (!erc_breakout_is_prefix(rule->dst, len))
		return erc_error("\"%s\" has bits set behind the first %lu: they must be 0",
				 b->word, len);
	rule->dst_len = len;
	return 0;
}

/* Parse the next word, if there is one. */
static int erc_breakout_parse(struct erc_breakout *b, struct erc_args *args)
{
	if (!args->n)
		return 0;
	args->n--;
	b->word = *args->words++;
	if (strcmp(b->word, "dns"))
		return erc_breakout_parse_prefix(b);
	erc_breakout_parse_dns(b);
	return 0;
}

static const struct erc_option erc_breakout_options[] = {
	{ "dev", &erc_type_device, RTA_OIF },
	{}
};

static int erc_breakout_parse_dev(struct erc_breakout *b,
				  struct erc_args *args)
{
	char buf[ERC_RTNL_REQUEST];
	struct nlmsghdr *nlh = erc_rtnl_message(buf, 0, 0, 0);
	const struct nlattr *attr;

	if (erc_options_parse(nlh, erc_breakout_options, args))
		return -1;
	mnl_attr_for_each(attr, nlh, 0)
		b->dev = mnl_attr_get_u32(attr);
	if (!b->dev)
		return erc_error("dev DEV is missing: name the internet device");
	return 0;
}

static const char *erc_breakout_dev_name(unsigned int ifindex, char *name)
{
	return if_indextoname(ifindex, name) ?: "a device";
}

/* --- the default route of the internet device ---------------------------- */

/* A point-to-point device needs no gateway, but it needs a source address. */
static bool erc_breakout_is_link(unsigned int dev, uint8_t family)
{
	struct ifaddrs *list, *a;
	char name[IF_NAMESIZE];
	bool found = false;

	if (!if_indextoname(dev, name) || getifaddrs(&list))
		return false;
	for (a = list; a; a = a->ifa_next) {
		if (strcmp(a->ifa_name, name) || !a->ifa_addr ||
		    a->ifa_addr->sa_family != family)
			continue;
		if (family == AF_INET6 &&
		    IN6_IS_ADDR_LINKLOCAL(&((struct sockaddr_in6 *)
					    a->ifa_addr)->sin6_addr))
			continue;
		found |= !!(a->ifa_flags & IFF_POINTOPOINT);
	}
	freeifaddrs(list);
	return found;
}

/* Find the default route of the device, which is copied. */
static int erc_breakout_find(unsigned int dev, uint8_t family,
			     struct erc_route *route)
{
	if (erc_route_find(family, RT_TABLE_MAIN, dev, route))
		return -1;
	if (!route->family && erc_breakout_is_link(dev, family)) {
		route->family = family;
		route->oif = dev;
	}
	return 0;
}

/* Read the routes and the device from the circuit's table. */
static int erc_breakout_find_ours(struct erc_breakout *b)
{
	unsigned int i;

	for (i = 0; i < ERC_BREAKOUT_FAMILIES; i++) {
		if (erc_route_find(erc_breakout_families[i], b->table, 0,
				   &b->route[i]))
			return -1;
		if (b->route[i].family)
			b->dev = b->route[i].oif;
	}
	return 0;
}

/* --- add ----------------------------------------------------------------- */

static bool erc_breakout_has_leg(const struct erc_link *link, unsigned int dev)
{
	const struct nlattr *attr, *in;
	bool found = false;

	mnl_attr_for_each_nested(attr, link->data) {
		if (mnl_attr_get_type(attr) != IFLA_ERCIRCUIT_PRIMARY &&
		    mnl_attr_get_type(attr) != IFLA_ERCIRCUIT_SECONDARY)
			continue;
		mnl_attr_for_each_nested(in, attr)
			found |= mnl_attr_get_type(in) ==
				 IFLA_ERCIRCUIT_LEG_IFINDEX &&
				 mnl_attr_get_u32(in) == dev;
	}
	return found;
}

/* A leg hands the packets that it receives to its circuit, answers included. */
static int erc_breakout_check_dev(const struct erc_link *link, void *data)
{
	const struct erc_breakout *b = data;
	char dev[IF_NAMESIZE];

	if ((unsigned int)link->ifindex == b->dev)
		return erc_error("dev: \"%s\" is a circuit: name the internet device",
				 link->name);
	if (erc_breakout_has_leg(link, b->dev))
		return erc_error("dev: \"%s\" is a leg of \"%s\": name the internet device",
				 erc_breakout_dev_name(b->dev, dev),
				 link->name);
	return 0;
}

/* Does the rule belong to the circuit, and to @word if that is set? */
static bool erc_breakout_has(const struct erc_breakout *b,
			     const struct erc_rule *rule)
{
	unsigned int i;

	if (rule->table != b->table)
		return false;
	for (i = 0; i < b->n; i++)
		if (erc_rule_same(rule, &b->rule[i]))
			return true;
	return !b->word;
}

static int erc_breakout_check_rule(const struct nlmsghdr *nlh, void *data)
{
	const struct erc_breakout *b = data;
	struct erc_rule rule;

	if (erc_rule_get(nlh, &rule) && erc_breakout_has(b, &rule))
		return erc_error("\"%s\" breaks out already: ercircuit breakout %s del %s",
				 b->word, b->name, b->word);
	return MNL_CB_OK;
}

/* All checks come before the first change. */
static int erc_breakout_check(const struct erc_breakout *b)
{
	struct erc_breakout ours = { .table = b->table };
	char dev[IF_NAMESIZE];

	if (erc_rtnl_find(b->name, NULL) ||
	    erc_rtnl_each(NULL, erc_breakout_check_dev, (void *)b) ||
	    erc_rtnl_dump(RTM_GETRULE, erc_breakout_check_rule, (void *)b) ||
	    erc_breakout_find_ours(&ours))
		return -1;
	if (ours.dev && ours.dev != b->dev)
		return erc_error("\"%s\" breaks out by \"%s\" already: use that device",
				 b->name, erc_breakout_dev_name(ours.dev, dev));
	return 0;
}

static const struct erc_route *erc_breakout_route(const struct erc_breakout *b,
						  const struct erc_rule *rule)
{
	return &b->route[rule->family == AF_INET6];
}

/* Find the default routes. A word of two families needs one route at least. */
static int erc_breakout_find_ways(struct erc_breakout *b)
{
	char dev[IF_NAMESIZE];
	bool found = false;
	unsigned int i;

	for (i = 0; i < ERC_BREAKOUT_FAMILIES; i++)
		if (erc_breakout_find(b->dev, erc_breakout_families[i],
				      &b->route[i]))
			return -1;
	for (i = 0; i < b->n; i++)
		found |= erc_breakout_route(b, &b->rule[i])->family;
	if (!found)
		return erc_error("no default route by \"%s\": ip route add default via GW dev %s",
				 erc_breakout_dev_name(b->dev, dev), dev);
	return 0;
}

/* Add the keeping rule first, so that no packet leaves by mistake. */
static int erc_breakout_make_rules(const struct erc_rule *leave)
{
	struct erc_rule keep = erc_breakout_keep(leave);
	int err = erc_rule_add(&keep);

	if (err)
		return err;
	err = erc_rule_add(leave);
	if (err)
		erc_rule_del(&keep);
	return err;
}

static void erc_breakout_remove_rules(const struct erc_rule *leave)
{
	struct erc_rule keep = erc_breakout_keep(leave);

	erc_rule_del(leave);
	erc_rule_del(&keep);
}

static int erc_breakout_make(const struct erc_breakout *b)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < b->n && !err; i++) {
		const struct erc_route *route = erc_breakout_route(b,
							&b->rule[i]);

		if (!route->family)
			continue;
		err = erc_route_add(route, b->table) ?:
		      erc_breakout_make_rules(&b->rule[i]);
	}
	if (!err)
		return 0;
	/* All or nothing: undo the earlier ones, as the last one undid itself. */
	for (i--; i--;)
		if (erc_breakout_route(b, &b->rule[i])->family)
			erc_breakout_remove_rules(&b->rule[i]);
	return err;
}

static int erc_breakout_add(struct erc_breakout *b, struct erc_args *args)
{
	if (erc_breakout_parse(b, args))
		return ERC_EXIT_USAGE;
	if (!b->word) {
		erc_error("dns or a prefix is missing: name what breaks out");
		return ERC_EXIT_USAGE;
	}
	if (erc_breakout_parse_dev(b, args) || erc_breakout_check(b) ||
	    erc_breakout_find_ways(b))
		return ERC_EXIT_USAGE;
	return erc_breakout_make(b) ? ERC_EXIT_REFUSED : 0;
}

/* --- del ----------------------------------------------------------------- */

/**
 * struct erc_breakout_removal - removal of rules of a circuit
 * @b: the rules to remove
 * @removed: number of removed rules
 * @left: a rule remains, by family
 * @err: the kernel refused
 */
struct erc_breakout_removal {
	const struct erc_breakout *b;
	unsigned int removed;
	bool left[ERC_BREAKOUT_FAMILIES];
	int err;
};

static int erc_breakout_del_rule(const struct nlmsghdr *nlh, void *data)
{
	struct erc_breakout_removal *r = data;
	struct erc_rule rule, keep;

	if (!erc_rule_get(nlh, &rule) || rule.table != r->b->table)
		return MNL_CB_OK;
	if (!erc_breakout_has(r->b, &rule)) {
		r->left[rule.family == AF_INET6] = true;
		return MNL_CB_OK;
	}
	keep = erc_breakout_keep(&rule);
	r->err |= erc_rule_del(&rule) | erc_rule_del(&keep);
	r->removed++;
	return MNL_CB_OK;
}

static int erc_breakout_del_routes(struct erc_breakout *b,
				   const struct erc_breakout_removal *r)
{
	unsigned int i;
	int err = 0;

	if (erc_breakout_find_ours(b))
		return -1;
	for (i = 0; i < ERC_BREAKOUT_FAMILIES; i++)
		if (b->route[i].family && !r->left[i])
			err |= erc_route_del(&b->route[i], b->table);
	return err;
}

static int erc_breakout_del(struct erc_breakout *b, struct erc_args *args)
{
	struct erc_breakout_removal r = { .b = b };

	if (erc_breakout_parse(b, args) || erc_args_check_end(args) ||
	    erc_rtnl_dump(RTM_GETRULE, erc_breakout_del_rule, &r))
		return ERC_EXIT_USAGE;
	if (!r.removed) {
		if (b->word)
			erc_error("\"%s\" does not break out: see ercircuit breakout %s show",
				  b->word, b->name);
		else
			erc_error("nothing breaks out of \"%s\": there is nothing to delete",
				  b->name);
		return ERC_EXIT_USAGE;
	}
	return r.err | erc_breakout_del_routes(b, &r) ? ERC_EXIT_REFUSED : 0;
}

/* --- show ---------------------------------------------------------------- */

static void erc_breakout_text(FILE *fp, const cJSON *json)
{
	const cJSON *via;

	fprintf(fp, "%s: %s ", erc_json_string(json, "name"),
		erc_json_string(json, "what"));
	if (*erc_json_string(json, "dev"))
		fprintf(fp, "dev %s ", erc_json_string(json, "dev"));
	fputs("state: ", fp);
	cJSON_ArrayForEach(via, cJSON_GetObjectItem(json, "via"))
		fprintf(fp, "via %s ", via->valuestring);
	fputs(cJSON_IsTrue(cJSON_GetObjectItem(json, "stale")) ? "stale\n" :
							       "current\n", fp);
}

/* Add the route of a family. It is stale if it differs from the present default
 * route of the device.
 */
static void erc_breakout_add_way(cJSON *json, const struct erc_route *ours)
{
	char text[INET6_ADDRSTRLEN];
	struct erc_route now;

	if (!ours->family || erc_breakout_find(ours->oif, ours->family, &now) ||
	    !erc_route_same(ours, &now))
		cJSON_ReplaceItemInObject(json, "stale", cJSON_CreateTrue());
	if (erc_route_gateway(ours, text, sizeof(text)))
		cJSON_AddItemToArray(cJSON_GetObjectItem(json, "via"),
				     cJSON_CreateString(text));
}

static cJSON *erc_breakout_json(const struct erc_breakout *b, const char *what)
{
	cJSON *json = cJSON_CreateObject();
	char dev[IF_NAMESIZE] = "";

	if (b->dev)
		if_indextoname(b->dev, dev);
	cJSON_AddStringToObject(json, "name", b->name);
	cJSON_AddStringToObject(json, "what", what);
	cJSON_AddStringToObject(json, "dev", dev);
	cJSON_AddArrayToObject(json, "via");
	cJSON_AddFalseToObject(json, "stale");
	return json;
}

/* One object per word. Each family is added once, by its first rule. */
static void erc_breakout_show_rule(const struct erc_breakout *b, cJSON *list,
				   const struct erc_rule *rule)
{
	char what[INET6_ADDRSTRLEN + sizeof("/128")] = "dns";
	char address[INET6_ADDRSTRLEN];
	cJSON *json;

	if (rule->ip_proto == IPPROTO_TCP)
		return;
	if (!rule->ip_proto)
		snprintf(what, sizeof(what), "%s/%u",
			 inet_ntop(rule->family, rule->dst, address,
				   sizeof(address)), rule->dst_len);
	json = cJSON_GetObjectItem(list, what);
	if (!json) {
		json = erc_breakout_json(b, what);
		cJSON_AddItemToObject(list, what, json);
	}
	erc_breakout_add_way(json, erc_breakout_route(b, rule));
}

/**
 * struct erc_breakout_list - the output of "show"
 * @b: the circuit and its routes
 * @json: an object for each word
 */
struct erc_breakout_list {
	const struct erc_breakout *b;
	cJSON *json;
};

static int erc_breakout_show_message(const struct nlmsghdr *nlh, void *data)
{
	const struct erc_breakout_list *list = data;
	struct erc_rule rule;

	if (erc_rule_get(nlh, &rule) && rule.table == list->b->table)
		erc_breakout_show_rule(list->b, list->json, &rule);
	return MNL_CB_OK;
}

static int erc_breakout_show(struct erc_breakout *b, struct erc_args *args)
{
	struct erc_breakout_list list = { b, cJSON_CreateObject() };

	if (erc_args_check_end(args) || erc_breakout_find_ours(b) ||
	    erc_rtnl_dump(RTM_GETRULE, erc_breakout_show_message, &list))
		return ERC_EXIT_USAGE;
	/* Without rules the circuit must exist, to catch a mistyped name. */
	if (!list.json->child && erc_rtnl_find(b->name, NULL))
		return ERC_EXIT_USAGE;
	while (list.json->child)
		erc_output(cJSON_DetachItemViaPointer(list.json,
						      list.json->child),
			   erc_breakout_text);
	erc_output_end();
	cJSON_Delete(list.json);
	return 0;
}

/* --- the command --------------------------------------------------------- */

int erc_breakout(const char *name, struct erc_args *args)
{
	static const struct {
		const char *word;
		int (*run)(struct erc_breakout *b, struct erc_args *args);
	} verbs[] = {
		{ "add", erc_breakout_add },
		{ "del", erc_breakout_del },
		{ "show", erc_breakout_show },
	};
	struct erc_breakout b = {
		.name = name,
		.table = erc_breakout_table(name),
	};
	unsigned int i;

	for (i = 0; args->n && i < MNL_ARRAY_SIZE(verbs); i++)
		if (!strcmp(args->words[0], verbs[i].word)) {
			args->n--;
			args->words++;
			return verbs[i].run(&b, args);
		}
	erc_error("breakout of \"%s\": add, del or show is missing", name);
	return ERC_EXIT_USAGE;
}
