// SPDX-License-Identifier: GPL-2.0
/*
 * The file of a circuit contains CIRCUIT-OPTS, any number in a line, and comments
 * behind "#". It is parsed like a command line, and completed with the initial values
 * of all other options.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "common/options.h"
#include "common/output.h"
#include "common/rtnl.h"
#include "conf.h"

#define ERC_CONF_WORDS	1024

/**
 * struct erc_conf - a file
 * @path: its path, for errors
 * @words: its words
 * @lines: line of each word
 * @n: number of words
 */
struct erc_conf {
	const char *path;
	char *words[ERC_CONF_WORDS];
	unsigned int lines[ERC_CONF_WORDS];
	int n;
};

/* --- reading a file ------------------------------------------------------- */

static int erc_conf_add_line(struct erc_conf *conf, char *line, unsigned int number)
{
	char *word, *next = line;

	while ((word = strsep(&next, " \t\r\n"))) {
		if (*word == '#')
			return 0;
		if (!*word)
			continue;
		if (conf->n == ERC_CONF_WORDS)
			return erc_error("%s: more than %d words: one circuit has one file",
					 conf->path, ERC_CONF_WORDS);
		conf->lines[conf->n] = number;
		conf->words[conf->n] = strdup(word);
		if (!conf->words[conf->n++])
			return erc_error("%s", strerror(ENOMEM));
	}
	return 0;
}

static void erc_conf_free(struct erc_conf *conf)
{
	while (conf->n)
		free(conf->words[--conf->n]);
}

static int erc_conf_add_lines(struct erc_conf *conf, FILE *fp)
{
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	int err = 0;

	errno = 0;
	while (!err && getline(&line, &size, fp) >= 0)
		err = erc_conf_add_line(conf, line, ++number);
	free(line);
	if (!err && ferror(fp))
		err = erc_error("%s: cannot read it: %s", conf->path, strerror(errno));
	return err;
}

static int erc_conf_read(struct erc_conf *conf, const char *path)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *fp = is_stdin ? stdin : fopen(path, "r");
	int err;

	conf->n = 0;
	conf->path = is_stdin ? "standard input" : path;
	if (!fp)
		return erc_error("%s: cannot open it: %s", path, strerror(errno));
	err = erc_conf_add_lines(conf, fp);
	if (!is_stdin)
		fclose(fp);
	return err;
}

/* The words of the file as attributes, those of a circuit without a header */
static int erc_conf_parse(struct erc_conf *conf, struct nlmsghdr *nlh)
{
	struct erc_args args = { conf->words, conf->n };
	const struct nlattr *attr;

	if (erc_options_parse(nlh, erc_options_circuit, &args))
		return erc_error("%s, line %u: mend it there", conf->path,
				 conf->lines[args.words - conf->words - 1]);
	mnl_attr_for_each(attr, nlh, 0)
		if (mnl_attr_get_type(attr) == IFLA_ERCIRCUIT_SWITCH ||
		    mnl_attr_get_type(attr) == IFLA_ERCIRCUIT_NOREACH)
			return erc_error("%s: switch and noreach are commands: leave them out",
					 conf->path);
	return 0;
}

/* --- completing the configuration ----------------------------------------- */

/* Attributes of a level, by type */
struct erc_conf_attrs {
	const struct nlattr *tb[ERC_ATTRS];
};

static void erc_conf_index(struct erc_conf_attrs *attrs, const struct nlattr *attr)
{
	if (mnl_attr_get_type(attr) < ERC_ATTRS)
		attrs->tb[mnl_attr_get_type(attr)] = attr;
}

static struct erc_conf_attrs erc_conf_index_nest(const struct nlattr *nest)
{
	struct erc_conf_attrs attrs = {};
	const struct nlattr *attr;

	if (nest)
		mnl_attr_for_each_nested(attr, nest)
			erc_conf_index(&attrs, attr);
	return attrs;
}

static struct erc_conf_attrs erc_conf_index_message(const struct nlmsghdr *nlh)
{
	struct erc_conf_attrs attrs = {};
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, 0)
		erc_conf_index(&attrs, attr);
	return attrs;
}

static void erc_conf_copy(struct nlmsghdr *nlh, const struct nlattr *attr)
{
	mnl_attr_put(nlh, attr->nla_type, mnl_attr_get_payload_len(attr),
		     mnl_attr_get_payload(attr));
}

/* Append the value of the file, or else the initial one. */
static void erc_conf_put(struct nlmsghdr *nlh, const struct erc_option *o,
			 const struct nlattr *attr, const char *initial)
{
	char *word = (char *)initial;
	struct erc_args args = { &word, 1 };

	if (attr)
		erc_conf_copy(nlh, attr);
	else if (initial)
		o->type->put(nlh, o, &args);
}

/* Append a leg. The file contains its next hops completely, or the slot is empty. */
static void erc_conf_put_leg(struct nlmsghdr *nlh, const struct erc_option *leg,
			     const struct nlattr *attr)
{
	struct erc_conf_attrs attrs = erc_conf_index_nest(attr);
	const struct nlattr *name = attrs.tb[IFLA_ERCIRCUIT_LEG_NAME];
	struct nlattr *nest = mnl_attr_nest_start(nlh, leg->attr);
	const struct erc_option *o;

	if (name)
		erc_conf_copy(nlh, name);
	else
		mnl_attr_put_u32(nlh, IFLA_ERCIRCUIT_LEG_IFINDEX, 0);
	mnl_attr_put(nlh, IFLA_ERCIRCUIT_LEG_NOVIA, 0, NULL);
	for (o = erc_options_leg; o->word; o++)
		if (o->access == ERC_RW)
			erc_conf_put(nlh, o, attrs.tb[o->attr], o->initial);
	mnl_attr_nest_end(nlh, nest);
}

/* The initial value of police depends on the model. */
static const char *erc_conf_initial_police(const struct nlattr *model)
{
	return model && mnl_attr_get_u8(model) == ERCIRCUIT_MODEL_DIRECT ? "off" : "on";
}

static bool erc_conf_has_pair(const struct nlattr *pairs, uint32_t ifindex)
{
	const struct nlattr *attr;

	if (pairs)
		mnl_attr_for_each_nested(attr, pairs)
			if (mnl_attr_get_u32(attr) == ifindex)
				return true;
	return false;
}

/* Append the pairs that the circuit has and the file does not have. */
static void erc_conf_put_noreach(struct nlmsghdr *nlh, const struct nlattr *has,
				 const struct nlattr *wants)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, IFLA_ERCIRCUIT_NOREACH);
	const struct nlattr *attr;

	if (has)
		mnl_attr_for_each_nested(attr, has)
			if (!erc_conf_has_pair(wants, mnl_attr_get_u32(attr)))
				erc_conf_copy(nlh, attr);
	mnl_attr_nest_end(nlh, nest);
}

/* Append the whole configuration: @file, and the initial value of all else. */
static void erc_conf_complete(struct nlmsghdr *nlh, const struct erc_conf_attrs *file,
			      const struct nlattr *pairs)
{
	const struct nlattr *attr, *model = file->tb[IFLA_ERCIRCUIT_MODEL];
	const struct erc_option *o;

	for (o = erc_options_circuit; o->word; o++) {
		attr = file->tb[o->attr];
		if (o->access != ERC_RW)
			continue;
		if (o->attr == IFLA_ERCIRCUIT_PRIMARY ||
		    o->attr == IFLA_ERCIRCUIT_SECONDARY)
			erc_conf_put_leg(nlh, o, attr);
		else if (o->attr == IFLA_ERCIRCUIT_POLICE)
			erc_conf_put(nlh, o, attr, erc_conf_initial_police(model));
		else
			erc_conf_put(nlh, o, attr, o->initial);
	}
	erc_conf_put_noreach(nlh, pairs, file->tb[IFLA_ERCIRCUIT_REACH]);
}

/**
 * struct erc_conf_wanted - a file, and the configuration that it asks for
 * @file: attributes of the file, in @words
 * @words: message with the words of the file
 * @whole: message with the complete configuration
 */
struct erc_conf_wanted {
	struct erc_conf_attrs file;
	char words[ERC_RTNL_REQUEST];
	char whole[ERC_RTNL_REQUEST];
};

static int erc_conf_load(struct erc_conf_wanted *wanted, const char *path)
{
	struct erc_conf conf;
	struct nlmsghdr *nlh;
	int err;

	nlh = erc_rtnl_message(wanted->words, RTM_NEWLINK, 0, 0);
	err = erc_conf_read(&conf, path) ?: erc_conf_parse(&conf, nlh);
	erc_conf_free(&conf);
	wanted->file = erc_conf_index_message(nlh);
	return err;
}

/* --- apply ---------------------------------------------------------------- */

/* Begin a request to create the circuit, or to change the one with this index. */
static struct nlmsghdr *erc_conf_begin(struct erc_conf_wanted *wanted, const char *name,
				       int ifindex)
{
	uint16_t create = ifindex ? 0 : NLM_F_CREATE | NLM_F_EXCL;
	struct nlmsghdr *nlh;

	nlh = erc_rtnl_request(wanted->whole, RTM_NEWLINK, NLM_F_ACK | create, ifindex);
	if (!ifindex)
		mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	return nlh;
}

static int erc_conf_send(struct erc_conf_wanted *wanted, struct nlmsghdr *nlh,
			 const struct nlattr *pairs)
{
	struct nlattr *linkinfo = mnl_attr_nest_start(nlh, IFLA_LINKINFO), *data;

	mnl_attr_put_str(nlh, IFLA_INFO_KIND, "ercircuit");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	erc_conf_complete(nlh, &wanted->file, pairs);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, linkinfo);
	return erc_rtnl_talk(nlh, NULL, NULL) ? ERC_EXIT_REFUSED : 0;
}

static int erc_conf_apply_link(const struct erc_link *link, void *data)
{
	struct erc_conf_attrs has = erc_conf_index_nest(link->data);

	return erc_conf_send(data, erc_conf_begin(data, NULL, link->ifindex),
			     has.tb[IFLA_ERCIRCUIT_REACH]);
}

int erc_conf_apply(const char *name, const char *path)
{
	struct erc_conf_wanted wanted;
	int err;

	if (erc_conf_load(&wanted, path))
		return ERC_EXIT_USAGE;
	if (!erc_rtnl_ifindex(name))
		return erc_conf_send(&wanted, erc_conf_begin(&wanted, name, 0), NULL);
	err = erc_rtnl_each(name, erc_conf_apply_link, &wanted);
	return err < 0 ? ERC_EXIT_USAGE : err;
}

/* --- save ----------------------------------------------------------------- */

static bool erc_conf_is_empty_leg(const cJSON *leg)
{
	return cJSON_IsObject(leg) && !*erc_json_string(leg, "device") &&
	       !*erc_json_string(leg, "name");
}

/* Return: an option as it can be typed; "" for an empty slot, and for an initial value
 * that is not printed. The caller frees it.
 */
static char *erc_conf_text(const struct erc_option *o, const cJSON *json)
{
	size_t size = 0;
	char *text = NULL;
	FILE *fp = open_memstream(&text, &size);

	if (!fp)
		return NULL;
	if (!erc_conf_is_empty_leg(cJSON_GetObjectItem(json, o->word)))
		erc_options_text_one(fp, o, json);
	fclose(fp);
	if (text && size)
		text[size - 1] = '\0';
	return text;
}

static void erc_conf_add_option(cJSON *lines, const struct erc_option *o,
				const cJSON *json)
{
	char *text = erc_conf_text(o, json);

	if (text && *text)
		cJSON_AddItemToArray(lines, cJSON_CreateString(text));
	free(text);
}

/* Remove the states of a day: drain and fault. */
static void erc_conf_forget_day(cJSON *leg)
{
	const struct erc_option *o;

	for (o = erc_options_leg; o->word; o++)
		if (o->access == ERC_RW && !o->family && !o->initial)
			cJSON_DeleteItemFromObject(leg, o->word);
}

static void erc_conf_save_text(FILE *fp, const cJSON *json)
{
	const cJSON *line;

	fprintf(fp, "# /etc/ercircuit/%s.conf\n", erc_json_string(json, "name"));
	cJSON_ArrayForEach(line, cJSON_GetObjectItem(json, "options"))
		fprintf(fp, "%s\n", line->valuestring);
}

static int erc_conf_save_link(const struct erc_link *link, void *data)
{
	cJSON *json = cJSON_CreateObject(), *saved = cJSON_CreateObject();
	const struct erc_option *o;
	cJSON *lines;

	cJSON_AddStringToObject(saved, "name", link->name);
	lines = cJSON_AddArrayToObject(saved, "options");
	erc_options_json_nest(json, erc_options_circuit, link->data);
	erc_conf_forget_day(cJSON_GetObjectItem(json, "primary"));
	erc_conf_forget_day(cJSON_GetObjectItem(json, "secondary"));
	for (o = erc_options_circuit; o->word; o++)
		if (o->access == ERC_RW)
			erc_conf_add_option(lines, o, json);
	cJSON_Delete(json);
	erc_output(saved, erc_conf_save_text);
	return 0;
}

int erc_conf_save(const char *name)
{
	if (erc_rtnl_each(name, erc_conf_save_link, NULL))
		return ERC_EXIT_USAGE;
	erc_output_end();
	return 0;
}

/* --- diff ----------------------------------------------------------------- */

/* Give the device of a leg the name by which both sides call it. */
static void erc_conf_name_device(cJSON *leg)
{
	const char *device = erc_json_string(leg, "device");
	char name[IF_NAMESIZE];
	cJSON *string;

	if (!*device)
		device = erc_json_string(leg, "name");
	string = *device && if_indextoname(erc_rtnl_ifindex(device), name) ?
		 cJSON_CreateString(name) : cJSON_CreateString(device);
	cJSON_DeleteItemFromObject(leg, "device");
	cJSON_DeleteItemFromObject(leg, "name");
	cJSON_AddItemToObject(leg, "device", string);
}

/* Remove what the file does not decide. */
static void erc_conf_reduce(cJSON *has, const cJSON *wants)
{
	cJSON *item, *next;

	for (item = has->child; item; item = next) {
		next = item->next;
		if (!cJSON_GetObjectItem(wants, item->string))
			cJSON_Delete(cJSON_DetachItemViaPointer(has, item));
	}
}

static void erc_conf_match_leg(cJSON *has, cJSON *wants, const char *word)
{
	cJSON *leg = cJSON_GetObjectItem(has, word);

	erc_conf_name_device(leg);
	erc_conf_name_device(cJSON_GetObjectItem(wants, word));
	erc_conf_reduce(leg, cJSON_GetObjectItem(wants, word));
}

/* Sort an array of strings, as pairs have no order. */
static void erc_conf_sort(cJSON *array)
{
	cJSON *sorted = cJSON_CreateArray(), *item, *least;

	while (array && array->child) {
		least = array->child;
		cJSON_ArrayForEach(item, array)
			if (strcmp(item->valuestring, least->valuestring) < 0)
				least = item;
		cJSON_AddItemToArray(sorted, cJSON_DetachItemViaPointer(array, least));
	}
	while (sorted->child)
		cJSON_AddItemToArray(array, cJSON_DetachItemFromArray(sorted, 0));
	cJSON_Delete(sorted);
}

static void erc_conf_diff_text(FILE *fp, const cJSON *json)
{
	const char *from = erc_json_string(json, "from");
	const char *to = erc_json_string(json, "to");

	if (*from)
		fprintf(fp, "- %s\n", from);
	if (*to)
		fprintf(fp, "+ %s\n", to);
}

/* Return: true, after printing both values, if an option differs. */
static bool erc_conf_diff_option(const struct erc_option *o, const cJSON *has,
				 const cJSON *wants)
{
	char *from = erc_conf_text(o, has), *to = erc_conf_text(o, wants);
	bool differs = from && to && strcmp(from, to);
	cJSON *json;

	if (differs) {
		json = cJSON_CreateObject();
		cJSON_AddStringToObject(json, "option", o->word);
		cJSON_AddStringToObject(json, "from", from);
		cJSON_AddStringToObject(json, "to", to);
		erc_output(json, erc_conf_diff_text);
	}
	free(from);
	free(to);
	return differs;
}

/* Return: the configuration that the file asks for, as JSON. */
static cJSON *erc_conf_wanted_json(struct erc_conf_wanted *wanted)
{
	struct nlmsghdr *nlh = erc_rtnl_message(wanted->whole, RTM_NEWLINK, 0, 0);
	cJSON *json = cJSON_CreateObject();
	struct erc_conf_attrs attrs;

	erc_conf_complete(nlh, &wanted->file, NULL);
	attrs = erc_conf_index_message(nlh);
	erc_options_json(json, erc_options_circuit, attrs.tb);
	if (!cJSON_GetObjectItem(json, "reach"))
		cJSON_AddArrayToObject(json, "reach");
	return json;
}

/* Print the differences. Return: their number. */
static int erc_conf_compare(struct erc_conf_wanted *wanted, cJSON *has)
{
	cJSON *wants = erc_conf_wanted_json(wanted);
	const struct erc_option *o;
	int differences = 0;

	erc_conf_match_leg(has, wants, "primary");
	erc_conf_match_leg(has, wants, "secondary");
	erc_conf_sort(cJSON_GetObjectItem(has, "reach"));
	erc_conf_sort(cJSON_GetObjectItem(wants, "reach"));
	/* A circuit without a key has no such option. */
	if (!wanted->file.tb[IFLA_ERCIRCUIT_KEY] && !cJSON_GetObjectItem(has, "key"))
		cJSON_DeleteItemFromObject(wants, "key");
	for (o = erc_options_circuit; o->word; o++)
		if (o->access == ERC_RW && cJSON_GetObjectItem(wants, o->word))
			differences += erc_conf_diff_option(o, has, wants);
	cJSON_Delete(wants);
	return differences;
}

/* Argument of erc_conf_diff_link() */
struct erc_conf_difference {
	struct erc_conf_wanted *wanted;
	int n;
};

static int erc_conf_diff_link(const struct erc_link *link, void *data)
{
	struct erc_conf_difference *difference = data;
	cJSON *has = cJSON_CreateObject();

	erc_options_json_nest(has, erc_options_circuit, link->data);
	difference->n = erc_conf_compare(difference->wanted, has);
	cJSON_Delete(has);
	return 0;
}

/* A circuit that does not exist has nothing of the file. */
static int erc_conf_diff_new(struct erc_conf_wanted *wanted)
{
	cJSON *has = cJSON_CreateObject();
	int n;

	cJSON_AddObjectToObject(has, "primary");
	cJSON_AddObjectToObject(has, "secondary");
	n = erc_conf_compare(wanted, has);
	cJSON_Delete(has);
	return n;
}

int erc_conf_diff(const char *name, const char *path)
{
	struct erc_conf_wanted wanted;
	struct erc_conf_difference difference = { &wanted };

	if (erc_conf_load(&wanted, path))
		return ERC_EXIT_REFUSED;
	if (!erc_rtnl_ifindex(name))
		difference.n = erc_conf_diff_new(&wanted);
	else if (erc_rtnl_each(name, erc_conf_diff_link, &difference))
		return ERC_EXIT_REFUSED;
	erc_output_end();
	return difference.n ? 1 : 0;
}
