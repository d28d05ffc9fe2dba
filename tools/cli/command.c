// SPDX-License-Identifier: GPL-2.0
/* ercircuit: configure and watch circuits. */
#include <errno.h>
#include <getopt.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "breakout/breakout.h"
#include "common/exit.h"
#include "common/log.h"
#include "common/options.h"
#include "common/output.h"
#include "common/rtnl.h"
#include "common/sla.h"
#include "doctor/doctor.h"
#include "prometheus/metrics.h"
#include "watch/screen.h"
#include "conf.h"
#include "monitor.h"

static int erc_command_status(int err)
{
	return err ? ERC_EXIT_REFUSED : 0;
}

/* --- writing ------------------------------------------------------------- */

static int erc_command_put_mtu(struct nlmsghdr *nlh, struct erc_args *args)
{
	unsigned long mtu;
	char *end;

	if (!args->n || strcmp(args->words[0], "mtu"))
		return 0;
	if (args->n < 2)
		return erc_error("\"mtu\" needs a value: a number of bytes");
	mtu = strtoul(args->words[1], &end, 10);
	if (end == args->words[1] || *end || mtu > INT32_MAX ||
	    args->words[1][0] == '-')
		return erc_error("mtu: \"%s\" is not a number of bytes",
				 args->words[1]);
	mnl_attr_put_u32(nlh, IFLA_MTU, mtu);
	args->words += 2;
	args->n -= 2;
	return 0;
}

/* Append IFLA_LINKINFO with the remaining options. */
static int erc_command_put_linkinfo(struct nlmsghdr *nlh,
				    const struct erc_option *table,
				    uint16_t leg_attr, struct erc_args *args)
{
	struct nlattr *linkinfo, *data, *leg = NULL;
	int err;

	linkinfo = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_str(nlh, IFLA_INFO_KIND, "ercircuit");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	if (leg_attr)
		leg = mnl_attr_nest_start(nlh, leg_attr);
	err = erc_options_parse(nlh, table, args);
	if (leg)
		mnl_attr_nest_end(nlh, leg);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, linkinfo);
	return err;
}

/* Check the name of a circuit that may be new. */
static int erc_command_check_name(const char *name)
{
	if (!*name || (strlen(name) >= IF_NAMESIZE && !erc_rtnl_ifindex(name)))
		return erc_error("\"%s\" is not a name for a device: use 1 to %d characters",
				 name, IF_NAMESIZE - 1);
	if (!strcmp(name, "help") || !strcmp(name, "mtu") ||
	    erc_options_has_word(erc_options_circuit, name) ||
	    erc_options_has_word(erc_options_leg, name))
		return erc_error("\"%s\" is the word of an option: put a NAME before it",
				 name);
	return 0;
}

static int erc_command_add(struct erc_args *args)
{
	const char *name = erc_args_take_name(args);
	char buf[ERC_RTNL_REQUEST];
	struct nlmsghdr *nlh;

	if (!name || erc_command_check_name(name))
		return ERC_EXIT_USAGE;
	nlh = erc_rtnl_request(buf, RTM_NEWLINK,
			       NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, 0);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	if (erc_command_put_mtu(nlh, args) ||
	    erc_command_put_linkinfo(nlh, erc_options_circuit, 0, args))
		return ERC_EXIT_USAGE;
	return erc_command_status(erc_rtnl_talk(nlh, NULL, NULL));
}

static int erc_command_change(const char *name, const struct erc_option *table,
			      uint16_t leg_attr, struct erc_args *args)
{
	char buf[ERC_RTNL_REQUEST];
	struct nlmsghdr *nlh;
	int ifindex;

	if (!args->n) {
		erc_error("nothing to set: give at least one option, see ercircuit -h");
		return ERC_EXIT_USAGE;
	}
	nlh = erc_rtnl_request(buf, RTM_NEWLINK, NLM_F_ACK, 0);
	if (erc_command_put_linkinfo(nlh, table, leg_attr, args) ||
	    erc_rtnl_find(name, &ifindex))
		return ERC_EXIT_USAGE;
	((struct ifinfomsg *)mnl_nlmsg_get_payload(nlh))->ifi_index = ifindex;
	return erc_command_status(erc_rtnl_talk(nlh, NULL, NULL));
}

static int erc_command_set(struct erc_args *args)
{
	const char *name = erc_args_take_name(args);

	if (!name)
		return ERC_EXIT_USAGE;
	return erc_command_change(name, erc_options_circuit, 0, args);
}

static int erc_command_leg(struct erc_args *args)
{
	static const uint16_t attr[] = {
		[ERCIRCUIT_PRIMARY]	= IFLA_ERCIRCUIT_PRIMARY,
		[ERCIRCUIT_SECONDARY]	= IFLA_ERCIRCUIT_SECONDARY,
	};
	const char *name = erc_args_take_name(args);
	int slot;

	if (!name)
		return ERC_EXIT_USAGE;
	if (!args->n) {
		erc_error("primary or secondary is missing: name the leg");
		return ERC_EXIT_USAGE;
	}
	slot = erc_names_find(&erc_names_slots, args->words[0]);
	if (slot < 0) {
		erc_error("\"%s\" is neither primary nor secondary",
			  args->words[0]);
		return ERC_EXIT_USAGE;
	}
	args->words++;
	args->n--;
	return erc_command_change(name, erc_options_leg, attr[slot], args);
}

/* As in ExpressRoute, a circuit that is provisioned, or is being provisioned,
 * must be deprovisioned before it is deleted. The check is here because a driver
 * cannot refuse to delete its link.
 */
static int erc_command_check_state(const struct erc_link *link, unsigned int state)
{
	unsigned int next = state == ERCIRCUIT_PROVIDER_PROVISIONED ?
			    ERCIRCUIT_PROVIDER_DEPROVISIONING :
			    ERCIRCUIT_PROVIDER_NOT_PROVISIONED;

	if (state != ERCIRCUIT_PROVIDER_PROVISIONING &&
	    state != ERCIRCUIT_PROVIDER_PROVISIONED)
		return 0;
	return erc_error("\"%s\" is %s: set provider-state %s first, or use --force",
			 link->name, erc_names_provider_states.name[state],
			 erc_names_provider_states.name[next]);
}

static int erc_command_check_del(const struct erc_link *link, void *data)
{
	const struct nlattr *attr;
	int err = 0;

	*(int *)data = link->ifindex;
	mnl_attr_for_each_nested(attr, link->data)
		if (mnl_attr_get_type(attr) == IFLA_ERCIRCUIT_PROVIDER_STATE)
			err = erc_command_check_state(link, mnl_attr_get_u8(attr));
	return err;
}

static int erc_command_del(struct erc_args *args)
{
	const char *name = erc_args_take_name(args);
	char buf[ERC_RTNL_REQUEST];
	bool force = false;
	int ifindex;

	if (args->n && !strcmp(args->words[0], "--force")) {
		force = true;
		args->words++;
		args->n--;
	}
	if (!name || erc_args_check_end(args) ||
	    (force ? erc_rtnl_find(name, &ifindex) :
		     erc_rtnl_each(name, erc_command_check_del, &ifindex)))
		return ERC_EXIT_USAGE;
	return erc_command_status(erc_rtnl_talk(erc_rtnl_request(buf, RTM_DELLINK,
								 NLM_F_ACK, ifindex),
						NULL, NULL));
}

/* --- reading ------------------------------------------------------------- */

static void erc_command_show_text(FILE *fp, const cJSON *json)
{
	fprintf(fp, "%s: mtu %s %s\n    ",
		erc_json_string(json, "name"), erc_json_string(json, "mtu"),
		cJSON_IsTrue(cJSON_GetObjectItem(json, "up")) ? "up" : "down");
	erc_options_text(fp, erc_options_circuit, json);
	fputs("\n    state: ", fp);
	erc_options_text_state(fp, erc_options_circuit, json);
	fputc('\n', fp);
}

/* With -b, a row for each circuit */
static bool erc_command_is_brief;

static void erc_command_brief_leg(FILE *fp, const cJSON *json, const char *slot)
{
	const cJSON *leg = cJSON_GetObjectItem(json, slot);
	const char *device = erc_json_string(leg, "device");
	const char *reason = erc_json_string(leg, "reason");
	char state[64];

	if (!*device)
		device = erc_json_string(leg, "name");
	snprintf(state, sizeof(state), "%s%s%s", erc_json_string(leg, "state"),
		 strcmp(reason, "none") ? "," : "", strcmp(reason, "none") ? reason : "");
	fprintf(fp, " %-15s %-16s", *device ? device : "-", state);
}

static void erc_command_brief_text(FILE *fp, const cJSON *json)
{
	fprintf(fp, "%-15s %-4s %-9s", erc_json_string(json, "name"),
		cJSON_IsTrue(cJSON_GetObjectItem(json, "up")) ? "up" : "down",
		erc_json_string(json, "active"));
	erc_command_brief_leg(fp, json, "primary");
	erc_command_brief_leg(fp, json, "secondary");
	fputc('\n', fp);
}

static int erc_command_show_link(const struct erc_link *link, void *data)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", link->name);
	erc_json_add_number(json, "mtu", link->mtu);
	cJSON_AddBoolToObject(json, "up", link->up);
	erc_options_json_nest(json, erc_options_circuit, link->data);
	erc_output(json, erc_command_is_brief ? erc_command_brief_text :
						erc_command_show_text);
	return 0;
}

/* [NAME]: call @fn for one circuit, or for all. */
static int erc_command_read(struct erc_args *args, erc_link_fn fn)
{
	const char *name = args->n ? erc_args_take_name(args) : NULL;
	int err;

	if (erc_args_check_end(args))
		return ERC_EXIT_USAGE;
	err = erc_rtnl_each(name, fn, NULL);
	if (!err)
		erc_output_end();
	return err ? ERC_EXIT_USAGE : 0;
}

static int erc_command_show(struct erc_args *args)
{
	return erc_command_read(args, erc_command_show_link);
}

static int erc_command_stats_message(const struct nlmsghdr *nlh, void *data)
{
	const struct erc_link *link = data;
	struct erc_stats stats;
	cJSON *json;

	if (!erc_stats_parse(nlh, &stats))
		return MNL_CB_OK;
	json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "name", link->name);
	erc_stats_json(json, &stats);
	erc_output(json, erc_stats_text);
	return MNL_CB_OK;
}

static int erc_command_stats_link(const struct erc_link *link, void *data)
{
	return erc_rtnl_stats(link->ifindex, erc_command_stats_message, (void *)link);
}

static int erc_command_stats(struct erc_args *args)
{
	return erc_command_read(args, erc_command_stats_link);
}

static int erc_command_log_message(const struct nlmsghdr *nlh, void *data)
{
	const struct erc_link *link = data;
	struct erc_stats stats;
	struct erc_log log;
	unsigned int i;

	if (!erc_stats_parse(nlh, &stats))
		return MNL_CB_OK;
	erc_log_get(&log, &stats);
	for (i = 0; i < log.n; i++)
		erc_output(erc_log_json(link->name, &log, i), erc_log_text);
	return MNL_CB_OK;
}

static int erc_command_log_link(const struct erc_link *link, void *data)
{
	return erc_rtnl_stats(link->ifindex, erc_command_log_message, (void *)link);
}

static int erc_command_log(struct erc_args *args)
{
	return erc_command_read(args, erc_command_log_link);
}

static int erc_command_sla_message(const struct nlmsghdr *nlh, void *data)
{
	struct erc_stats stats;

	if (erc_stats_parse(nlh, &stats))
		erc_output(erc_sla_json(data, &stats), erc_sla_text);
	return MNL_CB_OK;
}

static int erc_command_sla_link(const struct erc_link *link, void *data)
{
	return erc_rtnl_stats(link->ifindex, erc_command_sla_message, (void *)link);
}

static int erc_command_sla(struct erc_args *args)
{
	return erc_command_read(args, erc_command_sla_link);
}

/* Argument of erc_command_metrics_message() */
struct erc_command_metrics_of {
	const struct erc_link *link;
	struct erc_metrics *metrics;
};

static int erc_command_metrics_message(const struct nlmsghdr *nlh, void *data)
{
	struct erc_command_metrics_of *of = data;
	struct erc_stats stats;

	if (erc_stats_parse(nlh, &stats))
		erc_metrics_add(of->metrics, of->link, &stats);
	return MNL_CB_OK;
}

static int erc_command_metrics_link(const struct erc_link *link, void *data)
{
	struct erc_command_metrics_of of = { link, data };

	return erc_rtnl_stats(link->ifindex, erc_command_metrics_message, &of);
}

/* Print all circuits or none, as a collector cannot see that some are missing. */
static int erc_command_metrics(struct erc_args *args)
{
	const char *name = args->n ? erc_args_take_name(args) : NULL;
	struct erc_metrics metrics;

	if (!erc_output_is_text()) {
		erc_error("metrics have one format only: leave -j and -p out");
		return ERC_EXIT_USAGE;
	}
	erc_metrics_begin(&metrics);
	if (erc_args_check_end(args) || erc_rtnl_each(name, erc_command_metrics_link, &metrics))
		return ERC_EXIT_USAGE;
	erc_metrics_print(stdout, &metrics);
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	erc_error("cannot write the metrics: %s", strerror(errno));
	return ERC_EXIT_USAGE;
}

static int erc_command_monitor(struct erc_args *args)
{
	if (erc_args_check_end(args))
		return ERC_EXIT_USAGE;
	return erc_command_status(erc_monitor());
}

/* Both the name and the words behind it are optional. */
static int erc_command_watch(struct erc_args *args)
{
	bool all = !args->n || !strcmp(args->words[0], "interval");

	return erc_screen(all ? NULL : erc_args_take_name(args), args);
}

static int erc_command_breakout(struct erc_args *args)
{
	const char *name = erc_args_take_name(args);

	return name ? erc_breakout(name, args) : ERC_EXIT_USAGE;
}

/* [NAME] */
static int erc_command_save(struct erc_args *args)
{
	const char *name = args->n ? erc_args_take_name(args) : NULL;

	return erc_args_check_end(args) ? ERC_EXIT_USAGE : erc_conf_save(name);
}

/* [NAME] */
static int erc_command_doctor(struct erc_args *args)
{
	const char *name = args->n ? erc_args_take_name(args) : NULL;

	return erc_args_check_end(args) ? ERC_EXIT_REFUSED : erc_doctor(name);
}

/* NAME FILE: Return: false after printing an error */
static bool erc_command_take_file(struct erc_args *args, const char **name,
				  const char **path)
{
	*name = erc_args_take_name(args);
	if (!*name)
		return false;
	if (!args->n) {
		erc_error("FILE is missing: name the file with the options of \"%s\"",
			  *name);
		return false;
	}
	*path = *args->words++;
	args->n--;
	return !erc_args_check_end(args);
}

static int erc_command_diff(struct erc_args *args)
{
	const char *name, *path;

	return erc_command_take_file(args, &name, &path) ?
	       erc_conf_diff(name, path) : ERC_EXIT_REFUSED;
}

static int erc_command_apply(struct erc_args *args)
{
	const char *name, *path;

	if (!erc_command_take_file(args, &name, &path) || erc_command_check_name(name))
		return ERC_EXIT_USAGE;
	return erc_conf_apply(name, path);
}

/* --- the command line ---------------------------------------------------- */

static int erc_command_help(struct erc_args *args);

/**
 * struct erc_command - a command
 * @word: its name
 * @run: runs it; returns the exit status
 * @usage: grammar of the words behind it
 * @does: its purpose
 * @example: words behind it
 */
static const struct erc_command {
	const char *word;
	int (*run)(struct erc_args *args);
	const char *usage;
	const char *does;
	const char *example;
} erc_commands[] = {
	{ "add", erc_command_add, "NAME [ mtu N ] CIRCUIT-OPTS",
	  "create a circuit",
	  "er0 primary eth1 via 169.254.10.2 secondary eth2 via 169.254.10.6" },
	{ "set", erc_command_set, "NAME CIRCUIT-OPTS",
	  "change options of a circuit",
	  "er0 wtr 5m" },
	{ "del", erc_command_del, "NAME [ --force ]",
	  "delete a circuit",
	  "er0" },
	{ "leg", erc_command_leg, "NAME { primary | secondary } LEG-OPTS",
	  "change options of a leg",
	  "er0 primary drain on" },
	{ "show", erc_command_show, "[NAME]",
	  "print options and state; with -b, a row for each circuit",
	  "er0" },
	{ "stats", erc_command_stats, "[NAME]",
	  "print the counters",
	  "er0" },
	{ "log", erc_command_log, "[NAME]",
	  "print the last 64 transitions",
	  "er0" },
	{ "sla", erc_command_sla, "[NAME]",
	  "print the availability, and the promised one",
	  "er0" },
	{ "save", erc_command_save, "[NAME]",
	  "print the options in the form of a file",
	  "er0" },
	{ "diff", erc_command_diff, "NAME FILE",
	  "print what apply would change",
	  "er0 /etc/ercircuit/er0.conf" },
	{ "apply", erc_command_apply, "NAME FILE",
	  "create a circuit, or change it, to have the options of a file",
	  "er0 /etc/ercircuit/er0.conf" },
	{ "doctor", erc_command_doctor, "[NAME]",
	  "print problems of this host and its circuits, and commands that mend them",
	  "er0" },
	{ "monitor", erc_command_monitor, "",
	  "print changes until it is stopped",
	  "" },
	{ "metrics", erc_command_metrics, "[NAME]",
	  "print counters and states for Prometheus",
	  "er0" },
	{ "watch", erc_command_watch, ERC_SCREEN_USAGE,
	  "show legs and rates, and the last transitions",
	  "er0 interval 2s" },
	{ "breakout", erc_command_breakout, "NAME " ERC_BREAKOUT_USAGE,
	  "let DNS or a prefix leave by another device",
	  "er0 add dns dev eth0" },
	{ "help", erc_command_help, "[COMMAND]",
	  "print the grammar of all commands, or that of one with an example",
	  "leg" },
	{}
};

static void erc_command_usage_options(FILE *fp, const char *usage)
{
	bool circuit = strstr(usage, "CIRCUIT-OPTS");

	if (circuit) {
		fputs("CIRCUIT-OPTS :=\n", fp);
		erc_options_usage(fp, erc_options_circuit);
	}
	if (circuit || strstr(usage, "LEG-OPTS")) {
		fputs("LEG-OPTS :=\n", fp);
		erc_options_usage(fp, erc_options_leg);
	}
}

/* The completion parses it. */
static void erc_command_usage(FILE *fp)
{
	const struct erc_command *c;

	fputs("Usage: ercircuit [ -j | -p | -b ] COMMAND ...\n"
	      "       ercircuit COMMAND help\n"
	      "       ercircuit -h | -V\n"
	      "COMMAND :=\n", fp);
	for (c = erc_commands; c->word; c++)
		fprintf(fp, "\t%s %s\n", c->word, c->usage);
	erc_command_usage_options(fp, "CIRCUIT-OPTS");
	fputs("-j prints JSON, -p prints it indented, -b prints \"show\" in rows\n", fp);
}

static void erc_command_usage_one(const struct erc_command *c)
{
	printf("Usage: ercircuit %s %s\n\t%s\n", c->word, c->usage, c->does);
	erc_command_usage_options(stdout, c->usage);
	printf("Example:\n\tercircuit %s %s\n", c->word, c->example);
}

static const struct erc_command *erc_command_find(const char *word)
{
	const struct erc_command *c;

	for (c = erc_commands; c->word; c++)
		if (!strcmp(c->word, word))
			return c;
	erc_error("\"%s\" is not a command, see ercircuit -h", word);
	return NULL;
}

static int erc_command_help(struct erc_args *args)
{
	const struct erc_command *command;

	if (!args->n) {
		erc_command_usage(stdout);
		return 0;
	}
	command = erc_command_find(*args->words++);
	args->n--;
	if (!command || erc_args_check_end(args))
		return ERC_EXIT_USAGE;
	erc_command_usage_one(command);
	return 0;
}

static void erc_command_usage_of(const struct erc_command *command)
{
	if (command)
		erc_command_usage_one(command);
	else
		erc_command_usage(stdout);
}

/* Options precede the command or follow it directly. Return: true to go on; false
 * after an error, a request for help or for the version.
 */
static bool erc_command_parse_flags(int argc, char **argv, int *status,
				    const struct erc_command *command)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{}
	};
	int flag;

	*status = 0;
	while ((flag = getopt_long(argc, argv, "+bjphV", options, NULL)) != -1)
		switch (flag) {
		case 'j':
		case 'p':
			erc_output_json(flag == 'p');
			break;
		case 'b':
			erc_command_is_brief = true;
			break;
		case 'h':
			erc_command_usage_of(command);
			return false;
		case 'V':
			puts("ercircuit " ERC_VERSION);
			return false;
		default:
			*status = ERC_EXIT_USAGE;
			return false;
		}
	return true;
}

static int erc_command_run(const struct erc_command *command, struct erc_args *args)
{
	if (erc_command_is_brief && command->run != erc_command_show) {
		erc_error("-b is an option of \"show\": leave it out");
		return ERC_EXIT_USAGE;
	}
	if (args->n != 1 || strcmp(*args->words, "help"))
		return command->run(args);
	erc_command_usage_one(command);
	return 0;
}

int main(int argc, char **argv)
{
	const struct erc_command *command;
	struct erc_args args;
	int status;

	if (!erc_command_parse_flags(argc, argv, &status, NULL))
		return status;
	if (optind == argc) {
		erc_command_usage(stderr);
		return ERC_EXIT_USAGE;
	}
	command = erc_command_find(argv[optind++]);
	if (!command)
		return ERC_EXIT_USAGE;
	if (!erc_command_parse_flags(argc, argv, &status, command))
		return status;
	args.words = argv + optind;
	args.n = argc - optind;
	return erc_command_run(command, &args);
}
