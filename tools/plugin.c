// SPDX-License-Identifier: GPL-2.0
/*
 * Teaches stock ip(8) our kinds of link, "ercircuit" and "ercircuit_slave": ip
 * loads link_KIND.so and takes KIND_link_util from it.
 */
#include "iproute2.h"
#include "options.h"

#define ERC_EXPORT __attribute__((visibility("default")))

/* Replay a JSON value into that which ip is writing. */
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
		print_color_u64(PRINT_JSON, COLOR_NONE, json->string, NULL,
				erc_number(json));
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
	/* struct rtattr is struct nlattr by another name. */
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
	return erc_plugin_parse(erc_circuit_options, argc, argv, nlh);
}

static void erc_plugin_circuit_print(struct link_util *lu, FILE *fp,
				     struct rtattr **tb)
{
	erc_plugin_print(erc_circuit_options, fp, tb);
}

static void erc_plugin_circuit_help(struct link_util *lu, int argc,
				    char **argv, FILE *fp)
{
	fputs("Usage: ... ercircuit CIRCUIT-OPTS\n\nCIRCUIT-OPTS :=\n", fp);
	erc_options_usage(fp, erc_circuit_options);
	fputs("LEG-OPTS :=\n", fp);
	erc_options_usage(fp, erc_leg_options);
}

ERC_EXPORT struct link_util ercircuit_link_util = {
	.id		= "ercircuit",
	.maxattr	= IFLA_ERCIRCUIT_MAX,
	.parse_opt	= erc_plugin_circuit_parse,
	.print_opt	= erc_plugin_circuit_print,
	.print_help	= erc_plugin_circuit_help,
};

/* --- the device in a leg ------------------------------------------------- */

static int erc_plugin_leg_parse(struct link_util *lu, int argc, char **argv,
				struct nlmsghdr *nlh)
{
	return erc_plugin_parse(erc_leg_options, argc, argv, nlh);
}

static void erc_plugin_leg_print(struct link_util *lu, FILE *fp,
				 struct rtattr **tb)
{
	erc_plugin_print(erc_leg_options, fp, tb);
}

static void erc_plugin_leg_help(struct link_util *lu, int argc, char **argv,
				FILE *fp)
{
	fputs("Usage: ... ercircuit_slave LEG-OPTS\n\nLEG-OPTS :=\n", fp);
	erc_options_usage(fp, erc_leg_options);
}

ERC_EXPORT struct link_util ercircuit_slave_link_util = {
	.id		= "ercircuit_slave",
	.maxattr	= IFLA_ERCIRCUIT_LEG_MAX,
	.parse_opt	= erc_plugin_leg_parse,
	.print_opt	= erc_plugin_leg_print,
	.print_help	= erc_plugin_leg_help,
};
