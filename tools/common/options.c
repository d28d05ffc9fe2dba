// SPDX-License-Identifier: GPL-2.0
/* The tables of options; the parser and the printers walk them. */
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "options.h"

/* The device must be the first entry: erc_options_leg_put() parses it behind "primary". */
static const struct erc_type erc_options_type_leg, erc_options_type_noleg;

const struct erc_option erc_options_leg[] = {
	{ "device", &erc_type_slot, IFLA_ERCIRCUIT_LEG_IFINDEX, ERC_RO },
	{ "novia", &erc_type_flag, IFLA_ERCIRCUIT_LEG_NOVIA, ERC_WO },
	{ "via", &erc_type_ipv4, IFLA_ERCIRCUIT_LEG_VIA4, .family = AF_INET },
	{ "via", &erc_type_ipv6, IFLA_ERCIRCUIT_LEG_VIA6, .family = AF_INET6 },
	{ "neigh", &erc_type_onoff, IFLA_ERCIRCUIT_LEG_NEIGH, .initial = "on" },
	{ "drain", &erc_type_onoff, IFLA_ERCIRCUIT_LEG_DRAIN, .quiet = true },
	{ "fault", &erc_type_enum, IFLA_ERCIRCUIT_LEG_FAULT, .names = &erc_names_faults,
	  .quiet = true },
	{ "bfd", &erc_type_onoff, IFLA_ERCIRCUIT_LEG_BFD, .initial = "off",
	  .quiet = true },
	{ "bfd-tx", &erc_type_interval, IFLA_ERCIRCUIT_LEG_BFD_TX, .initial = "300ms",
	  .min = ERCIRCUIT_BFD_MIN_US, .max = ERCIRCUIT_BFD_MAX_US,
	  .usual = ERCIRCUIT_BFD_DEFAULT_US },
	{ "bfd-rx", &erc_type_interval, IFLA_ERCIRCUIT_LEG_BFD_RX, .initial = "300ms",
	  .min = ERCIRCUIT_BFD_MIN_US, .max = ERCIRCUIT_BFD_MAX_US,
	  .usual = ERCIRCUIT_BFD_DEFAULT_US },
	{ "bfd-mult", &erc_type_number, IFLA_ERCIRCUIT_LEG_BFD_MULT, .initial = "3",
	  .min = 1, .max = 255, .usual = ERCIRCUIT_BFD_DEFAULT_MULT },
	{ "name", &erc_type_name, IFLA_ERCIRCUIT_LEG_NAME, ERC_RO },
	{ "slot", &erc_type_enum, IFLA_ERCIRCUIT_LEG_SLOT, ERC_RO, &erc_names_slots },
	{ "state", &erc_type_enum, IFLA_ERCIRCUIT_LEG_STATE, ERC_RO, &erc_names_states },
	{ "reason", &erc_type_enum, IFLA_ERCIRCUIT_LEG_REASON, ERC_RO, &erc_names_reasons },
	{ "bfd_state", &erc_type_enum, IFLA_ERCIRCUIT_LEG_BFD_STATE, ERC_RO,
	  &erc_names_bfd_states },
	{ "bfd_remote_state", &erc_type_enum, IFLA_ERCIRCUIT_LEG_BFD_REMOTE_STATE,
	  ERC_RO, &erc_names_bfd_states },
	{ "bfd_diag", &erc_type_enum, IFLA_ERCIRCUIT_LEG_BFD_DIAG, ERC_RO,
	  &erc_names_bfd_diags },
	{ "bfd_remote_diag", &erc_type_enum, IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DIAG,
	  ERC_RO, &erc_names_bfd_diags },
	{ "bfd_discr", &erc_type_discr, IFLA_ERCIRCUIT_LEG_BFD_DISCR, ERC_RO },
	{ "bfd_remote_discr", &erc_type_discr, IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DISCR,
	  ERC_RO },
	{ "bfd_interval", &erc_type_interval, IFLA_ERCIRCUIT_LEG_BFD_INTERVAL,
	  ERC_RO },
	{ "bfd_detection", &erc_type_duration, IFLA_ERCIRCUIT_LEG_BFD_DETECTION,
	  ERC_RO },
	{}
};

const struct erc_option erc_options_circuit[] = {
	{ "primary", &erc_options_type_leg, IFLA_ERCIRCUIT_PRIMARY },
	{ "noprimary", &erc_options_type_noleg, IFLA_ERCIRCUIT_PRIMARY, ERC_WO },
	{ "secondary", &erc_options_type_leg, IFLA_ERCIRCUIT_SECONDARY },
	{ "nosecondary", &erc_options_type_noleg, IFLA_ERCIRCUIT_SECONDARY, ERC_WO },
	{ "mode", &erc_type_enum, IFLA_ERCIRCUIT_MODE, .names = &erc_names_modes,
	  .initial = "active-backup" },
	{ "hash", &erc_type_enum, IFLA_ERCIRCUIT_HASH, .names = &erc_names_hashes,
	  .initial = "l3" },
	{ "revertive", &erc_type_onoff, IFLA_ERCIRCUIT_REVERTIVE, .initial = "on" },
	{ "wtr", &erc_type_time, IFLA_ERCIRCUIT_WTR, .max = ERCIRCUIT_WTR_MAX_MS,
	  .initial = "5m" },
	{ "hold-off", &erc_type_time, IFLA_ERCIRCUIT_HOLD_OFF,
	  .max = ERCIRCUIT_HOLD_OFF_MAX_MS, .initial = "0s" },
	{ "model", &erc_type_enum, IFLA_ERCIRCUIT_MODEL, .names = &erc_names_models,
	  .initial = "none", .quiet = true },
	{ "bandwidth", &erc_type_rate, IFLA_ERCIRCUIT_BANDWIDTH, .initial = "0" },
	{ "burst", &erc_type_interval, IFLA_ERCIRCUIT_BURST,
	  .max = ERCIRCUIT_BURST_MAX_US, .initial = "10ms", .usual = ERCIRCUIT_BURST_DEFAULT_US },
	{ "police", &erc_type_onoff, IFLA_ERCIRCUIT_POLICE },
	{ "sla", &erc_type_percent, IFLA_ERCIRCUIT_SLA,
	  .max = ERCIRCUIT_SLA_MAX_PPM, .initial = "99.95", .usual = ERCIRCUIT_SLA_DEFAULT_PPM },
	{ "key", &erc_type_uuid, IFLA_ERCIRCUIT_KEY,
	  .initial = "00000000-0000-0000-0000-000000000000" },
	{ "provider-state", &erc_type_enum, IFLA_ERCIRCUIT_PROVIDER_STATE,
	  .names = &erc_names_provider_states },
	{ "circuit-state", &erc_type_enum, IFLA_ERCIRCUIT_CIRCUIT_STATE,
	  .names = &erc_names_circuit_states, .quiet = true },
	{ "peering", &erc_type_enum, IFLA_ERCIRCUIT_PEERING,
	  .names = &erc_names_peerings, .initial = "none", .quiet = true },
	{ "fail", &erc_type_enum, IFLA_ERCIRCUIT_FAIL, .names = &erc_names_fails,
	  .initial = "closed", .quiet = true },
	{ "late", &erc_type_onoff, IFLA_ERCIRCUIT_LATE, .initial = "off", .quiet = true },
	{ "reach", &erc_type_circuits, IFLA_ERCIRCUIT_REACH },
	{ "noreach", &erc_type_circuits, IFLA_ERCIRCUIT_NOREACH, ERC_WO },
	{ "switch", &erc_type_enum, IFLA_ERCIRCUIT_SWITCH, ERC_WO, &erc_names_switches },
	{ "active", &erc_type_enum, IFLA_ERCIRCUIT_ACTIVE, ERC_RO, &erc_names_actives },
	{ "request", &erc_type_enum, IFLA_ERCIRCUIT_REQUEST, ERC_RO, &erc_names_requests },
	{ "last_switch_reason", &erc_type_enum, IFLA_ERCIRCUIT_LAST_SWITCH_REASON,
	  ERC_RO, &erc_names_reasons },
	{ "last_switch_ns", &erc_type_when, IFLA_ERCIRCUIT_LAST_SWITCH_NS, ERC_RO },
	{ "last_switch_time", &erc_type_date, IFLA_ERCIRCUIT_LAST_SWITCH_TIME, ERC_RO },
	{}
};

/* --- parsing ------------------------------------------------------------- */

const char *erc_options_take_value(struct erc_args *args, const struct erc_option *o)
{
	if (!args->n) {
		fprintf(stderr, "Error: \"%s\" needs a value:", o->word);
		o->type->usage(stderr, o);
		fputs(".\n", stderr);
		return NULL;
	}
	args->n--;
	return *args->words++;
}

/* If a word has two lines, the address family of the value selects one. */
static const struct erc_option *erc_option_find(const struct erc_option *table,
						const struct erc_args *args)
{
	bool colon = args->n > 1 && strchr(args->words[1], ':');
	int family = colon ? AF_INET6 : AF_INET;
	const struct erc_option *o;

	for (o = table; o->word; o++)
		if (!strcmp(o->word, args->words[0]) &&
		    (!o->family || o->family == family))
			return o;
	return NULL;
}

/* Words that set the same attribute exclude each other. */
static int erc_option_check_once(const char *seen[], const struct erc_option *o)
{
	const char *before = seen[o->attr];

	seen[o->attr] = o->word;
	if (!before)
		return 0;
	if (strcmp(before, o->word))
		return erc_error("\"%s\" contradicts \"%s\": give one of them",
				 o->word, before);
	return erc_error(o->family ?
			 "\"%s\" takes one IPv4 and one IPv6 address: leave the others out" :
			 "\"%s\" is given twice: give it once", o->word);
}

/* Parse up to the first word that is not in the table. */
static int erc_options_put(struct nlmsghdr *nlh, const struct erc_option *table,
			   struct erc_args *args)
{
	const char *seen[ERC_ATTRS] = { NULL };
	const struct erc_option *o;

	while (args->n) {
		o = erc_option_find(table, args);
		if (!o)
			return 0;
		args->words++;
		args->n--;
		if (o->access == ERC_RO)
			return erc_error("\"%s\" is read-only: leave it out",
					 o->word);
		if (erc_option_check_once(seen, o))
			return -1;
		if (o->type->put(nlh, o, args))
			return -1;
	}
	return 0;
}

bool erc_options_has_word(const struct erc_option *table, const char *word)
{
	for (; table->word; table++)
		if (!strcmp(table->word, word))
			return true;
	return false;
}

int erc_options_parse(struct nlmsghdr *nlh, const struct erc_option *table,
		      struct erc_args *args)
{
	const char *word;
	bool leg;

	if (erc_options_put(nlh, table, args))
		return -1;
	if (!args->n)
		return 0;
	leg = erc_option_find(erc_options_leg, args);
	word = *args->words++;
	args->n--;
	if (leg)
		return erc_error("\"%s\" belongs behind \"primary DEV\" or \"secondary DEV\"",
				 word);
	return erc_error("\"%s\" is not an option here, see ercircuit -h", word);
}

void erc_options_usage(FILE *fp, const struct erc_option *table)
{
	const struct erc_option *o;

	for (o = table; o->word; o++) {
		if (o->access == ERC_RO)
			continue;
		fprintf(fp, "\t[ %s", o->word);
		o->type->usage(fp, o);
		fputs(" ]\n", fp);
	}
}

/* --- printing ------------------------------------------------------------ */

void erc_options_json(cJSON *to, const struct erc_option *table,
		      const struct nlattr *const *tb)
{
	const struct erc_option *o;

	for (o = table; o->word; o++) {
		const struct nlattr *attr = tb[o->attr];

		if (attr && mnl_attr_get_payload_len(attr) < o->type->size)
			attr = NULL;
		/* Addresses are an array, which is empty if there is none. */
		if (o->access != ERC_WO && (attr || o->family))
			o->type->add(to, o, attr);
	}
}

void erc_options_json_nest(cJSON *to, const struct erc_option *table,
			   const struct nlattr *nest)
{
	const struct nlattr *tb[ERC_ATTRS] = { NULL };
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) < ERC_ATTRS)
			tb[mnl_attr_get_type(attr)] = attr;
	erc_options_json(to, table, tb);
}

static bool erc_option_is_first(const struct erc_option *o, const cJSON *value)
{
	if (!o->names)
		return cJSON_IsFalse(value);
	return cJSON_IsString(value) &&
	       !strcmp(value->valuestring, o->names->name[0]);
}

static void erc_option_text(FILE *fp, const struct erc_option *o,
			    const cJSON *json)
{
	const cJSON *value = cJSON_GetObjectItem(json, o->word);

	if (value && o->type->text &&
	    !(o->quiet && erc_option_is_first(o, value)))
		o->type->text(fp, o, value);
}

void erc_options_text_one(FILE *fp, const struct erc_option *o, const cJSON *json)
{
	erc_option_text(fp, o, json);
}

void erc_options_text(FILE *fp, const struct erc_option *table,
		      const cJSON *json)
{
	const struct erc_option *o;

	for (o = table; o->word; o++)
		/* The two families of an address print as one option. */
		if (o->access == ERC_RW && o->family != AF_INET6)
			erc_option_text(fp, o, json);
}

static void erc_options_leg_text_state(FILE *fp, const struct erc_option *o,
				       const cJSON *json)
{
	fprintf(fp, "%s ", o->word);
	erc_options_text_state(fp, erc_options_leg,
			       cJSON_GetObjectItem(json, o->word));
}

void erc_options_text_state(FILE *fp, const struct erc_option *table,
			    const cJSON *json)
{
	const struct erc_option *o;

	for (o = table; o->word; o++)
		if (o->type == &erc_options_type_leg)
			erc_options_leg_text_state(fp, o, json);
		else if (o->access == ERC_RO)
			erc_option_text(fp, o, json);
}

/* --- the type of "primary" and "secondary": a nest ----------------------- */

static int erc_options_leg_put(struct nlmsghdr *nlh, const struct erc_option *o,
			       struct erc_args *args)
{
	struct erc_option device = erc_options_leg[0];
	struct nlattr *nest;
	int err;

	device.word = o->word;
	nest = mnl_attr_nest_start(nlh, o->attr);
	err = device.type->put(nlh, &device, args) ?:
	      erc_options_put(nlh, erc_options_leg, args);
	mnl_attr_nest_end(nlh, nest);
	return err;
}

static int erc_options_noleg_put(struct nlmsghdr *nlh, const struct erc_option *o,
				 struct erc_args *args)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, o->attr);

	mnl_attr_put_u32(nlh, IFLA_ERCIRCUIT_LEG_IFINDEX, 0);
	mnl_attr_nest_end(nlh, nest);
	return 0;
}

static void erc_options_leg_add(cJSON *to, const struct erc_option *o,
				const struct nlattr *attr)
{
	cJSON *leg = cJSON_AddObjectToObject(to, o->word);

	erc_options_json_nest(leg, erc_options_leg, attr);
	/* The key of the object is the slot. */
	cJSON_DeleteItemFromObject(leg, "slot");
}

static void erc_options_leg_text(FILE *fp, const struct erc_option *o,
				 const cJSON *leg)
{
	const char *device = erc_json_string(leg, "device");

	/* The name for which an empty slot waits */
	if (!*device)
		device = erc_json_string(leg, "name");
	if (!*device) {
		fprintf(fp, "no%s ", o->word);
		return;
	}
	fprintf(fp, "%s %s ", o->word, device);
	erc_options_text(fp, erc_options_leg, leg);
}

static void erc_options_leg_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" DEV LEG-OPTS", fp);
}

static const struct erc_type erc_options_type_leg = {
	.put	= erc_options_leg_put,
	.add	= erc_options_leg_add,
	.text	= erc_options_leg_text,
	.usage	= erc_options_leg_usage,
};

static void erc_options_noleg_usage(FILE *fp, const struct erc_option *o)
{
}

static const struct erc_type erc_options_type_noleg = {
	.put	= erc_options_noleg_put,
	.usage	= erc_options_noleg_usage,
};
