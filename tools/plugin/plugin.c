// SPDX-License-Identifier: GPL-2.0
/*
 * The plugin of ip(8) for the link kinds "ercircuit" and "ercircuit_slave": ip
 * loads link_KIND.so and uses its symbol KIND_link_util.
 */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "common/options.h"
#include "common/rtnl.h"
#include "common/stats.h"
#include "iproute2.h"

#define ERC_EXPORT __attribute__((visibility("default")))

/* Write a JSON value into the output of ip. */
static void erc_plugin_number(const cJSON *json)
{
	if (strchr(json->valuestring, '.'))
		print_color_float(PRINT_JSON, COLOR_NONE, json->string, NULL,
				  strtod(json->valuestring, NULL));
	else
		print_color_u64(PRINT_JSON, COLOR_NONE, json->string, NULL,
				erc_json_number(json));
}

static void erc_plugin_json(const cJSON *json)
{
	const cJSON *child;

	if (cJSON_IsObject(json) || cJSON_IsArray(json)) {
		if (cJSON_IsArray(json))
			open_json_array(PRINT_JSON, json->string);
		else if (json->string)
			open_json_object(json->string);
		cJSON_ArrayForEach(child, json)
			erc_plugin_json(child);
		if (cJSON_IsArray(json))
			close_json_array(PRINT_JSON, NULL);
		else if (json->string)
			close_json_object();
	} else if (cJSON_IsBool(json)) {
		print_color_bool(PRINT_JSON, COLOR_NONE, json->string, NULL,
				 cJSON_IsTrue(json));
	} else if (cJSON_IsRaw(json)) {
		erc_plugin_number(json);
	} else {
		print_color_string(PRINT_JSON, COLOR_NONE, json->string, NULL,
				   json->valuestring);
	}
}

static int erc_plugin_parse(const struct erc_option *table, int argc,
			    char **argv, struct nlmsghdr *nlh)
{
	struct erc_args args = { argv, argc };

	return erc_options_parse(nlh, table, &args);
}

static void erc_plugin_print(const struct erc_option *table, FILE *fp,
			     struct rtattr **tb)
{
	cJSON *json;

	if (!tb)
		return;
	json = cJSON_CreateObject();
	/* struct rtattr and struct nlattr are the same by different names. */
	erc_options_json(json, table, (const struct nlattr *const *)tb);
	if (is_json_context()) {
		erc_plugin_json(json);
	} else {
		erc_options_text(fp, table, json);
		print_nl();
		fputs("    state: ", fp);
		erc_options_text_state(fp, table, json);
	}
	cJSON_Delete(json);
}

/* --- the circuit --------------------------------------------------------- */

static int erc_plugin_circuit_parse(struct link_util *lu, int argc, char **argv,
				    struct nlmsghdr *nlh)
{
	return erc_plugin_parse(erc_options_circuit, argc, argv, nlh);
}

static void erc_plugin_circuit_print(struct link_util *lu, FILE *fp,
				     struct rtattr **tb)
{
	erc_plugin_print(erc_options_circuit, fp, tb);
}

static void erc_plugin_circuit_help(struct link_util *lu, int argc,
				    char **argv, FILE *fp)
{
	fputs("Usage: ... ercircuit CIRCUIT-OPTS\n\nCIRCUIT-OPTS :=\n", fp);
	erc_options_usage(fp, erc_options_circuit);
	fputs("LEG-OPTS :=\n", fp);
	erc_options_usage(fp, erc_options_leg);
}

/* ip link xstats type ercircuit [ dev NAME ] */
static int erc_plugin_ifindex;

static int erc_plugin_stats_parse(struct link_util *lu, int argc, char **argv)
{
	if (!argc)
		return 0;
	if (argc != 2 || strcmp(argv[0], "dev"))
		return erc_error("\"%s\" is not an option here: give \"dev NAME\" or nothing",
				 argv[0]);
	erc_plugin_ifindex = erc_rtnl_ifindex(argv[1]);
	if (!erc_plugin_ifindex)
		return erc_error("there is no device \"%s\": \"ip link\" lists them",
				 argv[1]);
	return 0;
}

static int erc_plugin_stats_print(struct nlmsghdr *nlh, void *fp)
{
	char name[IF_NAMESIZE] = "";
	struct erc_stats stats;
	cJSON *json;

	if (!erc_stats_parse(nlh, &stats) ||
	    (erc_plugin_ifindex && stats.ifindex != erc_plugin_ifindex))
		return 0;
	json = cJSON_CreateObject();
	if_indextoname(stats.ifindex, name);
	cJSON_AddStringToObject(json, "name", name);
	erc_stats_json(json, &stats);
	if (is_json_context()) {
		open_json_object(NULL);
		erc_plugin_json(json);
		close_json_object();
	} else {
		erc_stats_text(fp, json);
	}
	cJSON_Delete(json);
	return 0;
}

ERC_EXPORT struct link_util ercircuit_link_util = {
	.id		= "ercircuit",
	.maxattr	= IFLA_ERCIRCUIT_MAX,
	.parse_opt	= erc_plugin_circuit_parse,
	.print_opt	= erc_plugin_circuit_print,
	.print_help	= erc_plugin_circuit_help,
	.parse_ifla_xstats = erc_plugin_stats_parse,
	.print_ifla_xstats = erc_plugin_stats_print,
};

/* --- the device in a leg ------------------------------------------------- */

static int erc_plugin_leg_parse(struct link_util *lu, int argc, char **argv,
				struct nlmsghdr *nlh)
{
	return erc_plugin_parse(erc_options_leg, argc, argv, nlh);
}

static void erc_plugin_leg_print(struct link_util *lu, FILE *fp,
				 struct rtattr **tb)
{
	erc_plugin_print(erc_options_leg, fp, tb);
}

static void erc_plugin_leg_help(struct link_util *lu, int argc, char **argv,
				FILE *fp)
{
	fputs("Usage: ... ercircuit_slave LEG-OPTS\n\nLEG-OPTS :=\n", fp);
	erc_options_usage(fp, erc_options_leg);
}

ERC_EXPORT struct link_util ercircuit_slave_link_util = {
	.id		= "ercircuit_slave",
	.maxattr	= IFLA_ERCIRCUIT_LEG_MAX,
	.parse_opt	= erc_plugin_leg_parse,
	.print_opt	= erc_plugin_leg_print,
	.print_help	= erc_plugin_leg_help,
};
