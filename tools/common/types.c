// SPDX-License-Identifier: GPL-2.0
/* Kinds of values: from word to attribute to JSON to word. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <net/if.h>
#include <linux/if.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "options.h"
#include "rtnl.h"

#define ERC_NS_PER_MS	1000000ULL
#define ERC_NS_PER_S	1000000000ULL

static void erc_type_string_text(FILE *fp, const struct erc_option *o,
				 const cJSON *value)
{
	fprintf(fp, "%s %s ", o->word, value->valuestring);
}

/* --- one of several words ------------------------------------------------ */

static void erc_type_enum_usage(FILE *fp, const struct erc_option *o)
{
	unsigned int i;

	for (i = 0; i < o->names->n; i++)
		fprintf(fp, "%s %s", i ? " |" : " {", o->names->name[i]);
	fputs(" }", fp);
}

static int erc_type_enum_put(struct nlmsghdr *nlh, const struct erc_option *o,
			     struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);
	int value;

	if (!word)
		return -1;
	value = erc_names_find(o->names, word);
	if (value < 0) {
		erc_error("%s: \"%s\" is none of its words, which follow",
			  o->word, word);
		fprintf(stderr, "Usage: %s", o->word);
		erc_type_enum_usage(stderr, o);
		fputc('\n', stderr);
		return -1;
	}
	mnl_attr_put_u8(nlh, o->attr, value);
	return 0;
}

static void erc_type_enum_add(cJSON *to, const struct erc_option *o,
			      const struct nlattr *attr)
{
	erc_names_add(to, o->word, o->names, mnl_attr_get_u8(attr));
}

const struct erc_type erc_type_enum = {
	.size	= sizeof(uint8_t),
	.put	= erc_type_enum_put,
	.add	= erc_type_enum_add,
	.text	= erc_type_string_text,
	.usage	= erc_type_enum_usage,
};

/* --- on and off, true and false in JSON ---------------------------------- */

static const struct erc_names erc_type_onoff_names = { 2, { "off", "on" } };

static int erc_type_onoff_put(struct nlmsghdr *nlh, const struct erc_option *o,
			      struct erc_args *args)
{
	struct erc_option with_names = *o;

	with_names.names = &erc_type_onoff_names;
	return erc_type_enum_put(nlh, &with_names, args);
}

static void erc_type_onoff_add(cJSON *to, const struct erc_option *o,
			       const struct nlattr *attr)
{
	cJSON_AddBoolToObject(to, o->word, mnl_attr_get_u8(attr));
}

static void erc_type_onoff_text(FILE *fp, const struct erc_option *o,
				const cJSON *value)
{
	fprintf(fp, "%s %s ", o->word, cJSON_IsTrue(value) ? "on" : "off");
}

static void erc_type_onoff_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" { on | off }", fp);
}

const struct erc_type erc_type_onoff = {
	.size	= sizeof(uint8_t),
	.put	= erc_type_onoff_put,
	.add	= erc_type_onoff_add,
	.text	= erc_type_onoff_text,
	.usage	= erc_type_onoff_usage,
};

/* --- a word without a value ---------------------------------------------- */

static int erc_type_flag_put(struct nlmsghdr *nlh, const struct erc_option *o,
			     struct erc_args *args)
{
	mnl_attr_put(nlh, o->attr, 0, NULL);
	return 0;
}

static void erc_type_flag_usage(FILE *fp, const struct erc_option *o)
{
}

const struct erc_type erc_type_flag = {
	.put	= erc_type_flag_put,
	.usage	= erc_type_flag_usage,
};

/* --- a decimal number ---------------------------------------------------- */

/* Parse digits with an optional fraction, times @scale; @end is set to the rest.
 * Return: true if the product is a whole number of 64 bits.
 */
static bool erc_type_decimal(const char *word, uint64_t scale, uint64_t *value,
			     const char **end)
{
	size_t digits = strspn(word, "0123456789");
	uint64_t n = strtoull(word, NULL, 10), more;

	if (!digits || digits > 19 || n > UINT64_MAX / scale)
		return false;
	*value = n * scale;
	*end = word + digits;
	if (**end != '.')
		return true;
	for (++*end; **end >= '0' && **end <= '9'; ++*end) {
		if (scale % 10 && **end != '0')
			return false;
		scale /= 10;
		more = scale * (**end - '0');
		if (more > UINT64_MAX - *value)
			return false;
		*value += more;
	}
	return true;
}

/**
 * struct erc_unit - a unit of times or rates
 * @word: its name in lower case, empty for the default unit
 * @factor: number of ns or bit/s in one
 */
struct erc_unit {
	const char *word;
	uint64_t factor;
};

/* Parse a decimal number and one of the units, which a NULL name ends; @compare
 * compares names. Return: true if it is a whole number of 64 bits.
 */
static bool erc_type_quantity(const char *word, const struct erc_unit *unit,
			      int (*compare)(const char *, const char *),
			      uint64_t *value)
{
	size_t number = strspn(word, "0123456789.");
	const char *end;

	while (unit->word && compare(unit->word, word + number))
		unit++;
	return unit->word &&
	       erc_type_decimal(word, unit->factor, value, &end) &&
	       end == word + number;
}

/* --- a time, in milliseconds on the wire and in JSON --------------------- */

static const struct erc_unit erc_type_times[] = {
	{ "m",	60 * ERC_NS_PER_S },
	{ "s",	ERC_NS_PER_S },
	{ "ms",	ERC_NS_PER_MS },
	{ "us",	1000 },
	{ "ns",	1 },
	{ "",	ERC_NS_PER_MS },
	{ NULL }
};

static bool erc_type_time_ns(const char *word, uint64_t *ns)
{
	return erc_type_quantity(word, erc_type_times, strcmp, ns);
}

static void erc_type_ms_print(FILE *fp, uint64_t ms)
{
	if (ms % 1000)
		fprintf(fp, "%" PRIu64 "ms", ms);
	else
		fprintf(fp, "%" PRIu64 "s", ms / 1000);
}

static int erc_type_time_put(struct nlmsghdr *nlh, const struct erc_option *o,
			     struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);
	uint64_t ns;

	if (!word)
		return -1;
	if (!erc_type_time_ns(word, &ns))
		return erc_error("%s: \"%s\" is not a time, such as 300ms or 5s",
				 o->word, word);
	/* 5 was taken for 5 ms, and meant as 5 s. */
	if (ns && !word[strspn(word, "0123456789.")])
		return erc_error("%s: \"%s\" has no unit: write %sms or %ss",
				 o->word, word, word, word);
	if (ns > o->max * ERC_NS_PER_MS)
		return erc_error("%s: \"%s\" is more than %us",
				 o->word, word, o->max / 1000);
	if (ns % ERC_NS_PER_MS)
		return erc_error("%s: \"%s\" is not a whole number of ms",
				 o->word, word);
	mnl_attr_put_u32(nlh, o->attr, ns / ERC_NS_PER_MS);
	return 0;
}

static void erc_type_time_add(cJSON *to, const struct erc_option *o,
			      const struct nlattr *attr)
{
	erc_json_add_number(to, o->word, mnl_attr_get_u32(attr));
}

static void erc_type_time_text(FILE *fp, const struct erc_option *o,
			       const cJSON *value)
{
	fprintf(fp, "%s ", o->word);
	erc_type_ms_print(fp, erc_json_number(value));
	fputc(' ', fp);
}

static void erc_type_time_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" TIME", fp);
}

const struct erc_type erc_type_time = {
	.size	= sizeof(uint32_t),
	.put	= erc_type_time_put,
	.add	= erc_type_time_add,
	.text	= erc_type_time_text,
	.usage	= erc_type_time_usage,
};

/* --- a time that is no whole number of milliseconds, which JSON has, too -- */

#define ERC_NS_PER_US	1000ULL

static int erc_type_interval_put(struct nlmsghdr *nlh,
				 const struct erc_option *o,
				 struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);
	uint64_t ns;

	if (!word)
		return -1;
	if (!erc_type_time_ns(word, &ns))
		return erc_error("%s: \"%s\" is not a time, such as 300ms or 5s",
				 o->word, word);
	if (ns < o->min * ERC_NS_PER_US || ns > o->max * ERC_NS_PER_US)
		return erc_error("%s: \"%s\" is not between %ums and %us",
				 o->word, word, o->min / 1000, o->max / 1000000);
	if (ns % ERC_NS_PER_US)
		return erc_error("%s: \"%s\" is not a whole number of us",
				 o->word, word);
	mnl_attr_put_u32(nlh, o->attr, ns / ERC_NS_PER_US);
	return 0;
}

/* As a number with a fraction, if it has one: 33 or 33.5 */
static void erc_type_fraction_add(cJSON *to, const char *key, uint64_t value,
				  unsigned int scale, int digits)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%" PRIu64 ".%0*u",
			   value / scale, digits,
			   (unsigned int)(value % scale));

	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
	cJSON_AddRawToObject(to, key, text);
}

/* In ms, as all times are */
static void erc_type_us_add(cJSON *to, const char *key, uint64_t us)
{
	erc_type_fraction_add(to, key, us, 1000, 3);
}

static void erc_type_interval_add(cJSON *to, const struct erc_option *o,
				  const struct nlattr *attr)
{
	erc_type_us_add(to, o->word, mnl_attr_get_u32(attr));
}

static void erc_type_duration_add(cJSON *to, const struct erc_option *o,
				  const struct nlattr *attr)
{
	erc_type_us_add(to, o->word, mnl_attr_get_u64(attr));
}

static void erc_type_interval_text(FILE *fp, const struct erc_option *o,
				   const cJSON *value)
{
	uint64_t us = strtod(value->valuestring, NULL) * 1000 + 0.5;

	if (o->usual && us == o->usual)
		return;
	fprintf(fp, "%s ", o->word);
	if (us % 1000)
		fprintf(fp, "%sms", value->valuestring);
	else
		erc_type_ms_print(fp, us / 1000);
	fputc(' ', fp);
}

const struct erc_type erc_type_interval = {
	.size	= sizeof(uint32_t),
	.put	= erc_type_interval_put,
	.add	= erc_type_interval_add,
	.text	= erc_type_interval_text,
	.usage	= erc_type_time_usage,
};

const struct erc_type erc_type_duration = {
	.size	= sizeof(uint64_t),
	.add	= erc_type_duration_add,
	.text	= erc_type_interval_text,
};

/* --- a small number ------------------------------------------------------ */

static int erc_type_number_put(struct nlmsghdr *nlh, const struct erc_option *o,
			       struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);
	size_t digits;
	unsigned long n;

	if (!word)
		return -1;
	digits = strspn(word, "0123456789");
	n = strtoul(word, NULL, 10);
	if (!digits || digits > 9 || word[digits] || n < o->min || n > o->max)
		return erc_error("%s: \"%s\" is not a number between %u and %u",
				 o->word, word, o->min, o->max);
	mnl_attr_put_u8(nlh, o->attr, n);
	return 0;
}

static void erc_type_number_add(cJSON *to, const struct erc_option *o,
				const struct nlattr *attr)
{
	erc_json_add_number(to, o->word, mnl_attr_get_u8(attr));
}

static void erc_type_number_text(FILE *fp, const struct erc_option *o,
				 const cJSON *value)
{
	if (!o->usual || erc_json_number(value) != o->usual)
		erc_type_string_text(fp, o, value);
}

static void erc_type_number_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" N", fp);
}

const struct erc_type erc_type_number = {
	.size	= sizeof(uint8_t),
	.put	= erc_type_number_put,
	.add	= erc_type_number_add,
	.text	= erc_type_number_text,
	.usage	= erc_type_number_usage,
};

/* --- a discriminator of BFD, read-only ----------------------------------- */

static void erc_type_discr_add(cJSON *to, const struct erc_option *o,
			       const struct nlattr *attr)
{
	erc_json_add_number(to, o->word, mnl_attr_get_u32(attr));
}

const struct erc_type erc_type_discr = {
	.size	= sizeof(uint32_t),
	.add	= erc_type_discr_add,
	.text	= erc_type_string_text,
};

/* --- a moment of the boot-time clock, read-only -------------------------- */

static void erc_type_when_add(cJSON *to, const struct erc_option *o,
			      const struct nlattr *attr)
{
	erc_json_add_number(to, o->word, mnl_attr_get_u64(attr));
}

static void erc_type_when_text(FILE *fp, const struct erc_option *o,
			       const cJSON *value)
{
	fprintf(fp, "%s %s ", o->word, value->valuestring);
}

const struct erc_type erc_type_when = {
	.size	= sizeof(uint64_t),
	.add	= erc_type_when_add,
	.text	= erc_type_when_text,
};

/* --- a moment of the wall clock, "" = never, read-only --------------------- */

static void erc_type_date_add(cJSON *to, const struct erc_option *o,
			      const struct nlattr *attr)
{
	uint64_t time = mnl_attr_get_u64(attr);
	char text[ERC_CLOCK_SIZE] = "";

	if (time)
		erc_clock_text(time, text);
	cJSON_AddStringToObject(to, o->word, text);
}

static void erc_type_date_text(FILE *fp, const struct erc_option *o,
			       const cJSON *value)
{
	if (*value->valuestring)
		erc_type_string_text(fp, o, value);
}

const struct erc_type erc_type_date = {
	.size	= sizeof(uint64_t),
	.add	= erc_type_date_add,
	.text	= erc_type_date_text,
};

/* --- an address; those of both families are one array in JSON ------------ */

static int erc_type_address_put(struct nlmsghdr *nlh,
				const struct erc_option *o,
				struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);
	struct in6_addr address;

	if (!word)
		return -1;
	if (inet_pton(o->family, word, &address) != 1)
		return erc_error("%s: \"%s\" is not an IPv4 or IPv6 address",
				 o->word, word);
	mnl_attr_put(nlh, o->attr, o->type->size, &address);
	return 0;
}

static void erc_type_address_add(cJSON *to, const struct erc_option *o,
				 const struct nlattr *attr)
{
	cJSON *array = cJSON_GetObjectItem(to, o->word);
	char text[INET6_ADDRSTRLEN];

	if (!array)
		array = cJSON_AddArrayToObject(to, o->word);
	if (!attr)
		return;
	inet_ntop(o->family, mnl_attr_get_payload(attr), text, sizeof(text));
	cJSON_AddItemToArray(array, cJSON_CreateString(text));
}

static void erc_type_address_text(FILE *fp, const struct erc_option *o,
				  const cJSON *value)
{
	const cJSON *address;

	cJSON_ArrayForEach(address, value)
		erc_type_string_text(fp, o, address);
}

static void erc_type_address_usage(FILE *fp, const struct erc_option *o)
{
	fputs(o->family == AF_INET ? " IPV4-ADDRESS" : " IPV6-ADDRESS", fp);
}

const struct erc_type erc_type_ipv4 = {
	.size	= sizeof(struct in_addr),
	.put	= erc_type_address_put,
	.add	= erc_type_address_add,
	.text	= erc_type_address_text,
	.usage	= erc_type_address_usage,
};

const struct erc_type erc_type_ipv6 = {
	.size	= sizeof(struct in6_addr),
	.put	= erc_type_address_put,
	.add	= erc_type_address_add,
	.text	= erc_type_address_text,
	.usage	= erc_type_address_usage,
};

/* --- a device, "" in JSON if there is none -------------------------------- */

static int erc_type_device_put(struct nlmsghdr *nlh, const struct erc_option *o,
			       struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);
	unsigned int ifindex;

	if (!word)
		return -1;
	ifindex = erc_rtnl_ifindex(word);
	if (!ifindex)
		return erc_error("%s: there is no device \"%s\": \"ip link\" lists them",
				 o->word, word);
	mnl_attr_put_u32(nlh, o->attr, ifindex);
	return 0;
}

static void erc_type_device_add(cJSON *to, const struct erc_option *o,
				const struct nlattr *attr)
{
	char name[IF_NAMESIZE];

	cJSON_AddStringToObject(to, o->word,
				erc_names_device(mnl_attr_get_u32(attr), name));
}

static void erc_type_device_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" DEV", fp);
}

const struct erc_type erc_type_device = {
	.size	= sizeof(uint32_t),
	.put	= erc_type_device_put,
	.add	= erc_type_device_add,
	.usage	= erc_type_device_usage,
};

/* --- the device in a slot: set by its name, as it may come later ----------- */

static int erc_type_slot_put(struct nlmsghdr *nlh, const struct erc_option *o,
			     struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);

	if (!word)
		return -1;
	if (!*word || strlen(word) >= ALTIFNAMSIZ)
		return erc_error("%s: \"%s\" is no name of a device: use 1 to %d characters",
				 o->word, word, ALTIFNAMSIZ - 1);
	mnl_attr_put_strz(nlh, IFLA_ERCIRCUIT_LEG_NAME, word);
	return 0;
}

const struct erc_type erc_type_slot = {
	.size	= sizeof(uint32_t),
	.put	= erc_type_slot_put,
	.add	= erc_type_device_add,
	.usage	= erc_type_device_usage,
};

/* --- the name of a device, read-only -------------------------------------- */

static void erc_type_name_add(cJSON *to, const struct erc_option *o,
			      const struct nlattr *attr)
{
	if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		cJSON_AddStringToObject(to, o->word, mnl_attr_get_str(attr));
}

const struct erc_type erc_type_name = {
	.add	= erc_type_name_add,
};

/* --- other circuits, an array in JSON: as often as wanted, in a row ------- */

static int erc_type_circuits_put(struct nlmsghdr *nlh,
				 const struct erc_option *o,
				 struct erc_args *args)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, o->attr);
	struct erc_option peer = { o->word, .attr = IFLA_ERCIRCUIT_REACH_PEER };
	unsigned int n;

	/* The message has no room for more. */
	for (n = 0; !erc_type_device_put(nlh, &peer, args); n++) {
		if (n == ERCIRCUIT_REACH_MAX)
			return erc_error("%s: a circuit can be paired with at most %d others",
					 o->word, ERCIRCUIT_REACH_MAX);
		if (!args->n || strcmp(args->words[0], o->word)) {
			mnl_attr_nest_end(nlh, nest);
			return 0;
		}
		args->words++;
		args->n--;
	}
	return -1;
}

static void erc_type_circuits_add(cJSON *to, const struct erc_option *o,
				  const struct nlattr *nest)
{
	cJSON *array = cJSON_AddArrayToObject(to, o->word);
	const struct nlattr *attr;
	char name[IF_NAMESIZE];
	cJSON *peer;

	mnl_attr_for_each_nested(attr, nest) {
		erc_names_device(mnl_attr_get_u32(attr), name);
		peer = cJSON_CreateString(name);
		cJSON_AddItemToArray(array, peer);
	}
}

static void erc_type_circuits_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" NAME", fp);
}

const struct erc_type erc_type_circuits = {
	.put	= erc_type_circuits_put,
	.add	= erc_type_circuits_add,
	.text	= erc_type_address_text,
	.usage	= erc_type_circuits_usage,
};

/* --- a rate as of tc, in bit/s on the wire and in JSON ------------------- */

static const struct erc_unit erc_type_rates[] = {
	{ "tbit",	1000000000000ULL },
	{ "gbit",	1000000000 },
	{ "mbit",	1000000 },
	{ "kbit",	1000 },
	{ "bit",	1 },
	{ "tibit",	1ULL << 40 },
	{ "gibit",	1 << 30 },
	{ "mibit",	1 << 20 },
	{ "kibit",	1 << 10 },
	{ "tbps",	8000000000000ULL },
	{ "gbps",	8000000000ULL },
	{ "mbps",	8000000 },
	{ "kbps",	8000 },
	{ "bps",	8 },
	{ "",		1 },
	{ NULL }
};

/* tc ignores the case of units, too. */
static bool erc_type_rate_bits(const char *word, uint64_t *bits)
{
	return erc_type_quantity(word, erc_type_rates, strcasecmp, bits);
}

static int erc_type_rate_put(struct nlmsghdr *nlh, const struct erc_option *o,
			     struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);
	uint64_t bits;

	if (!word)
		return -1;
	if (!erc_type_rate_bits(word, &bits))
		return erc_error("%s: \"%s\" is not a rate, such as 50mbit or 1.5gbit",
				 o->word, word);
	if (bits && (bits < ERCIRCUIT_BANDWIDTH_MIN ||
		     bits > ERCIRCUIT_BANDWIDTH_MAX))
		return erc_error("%s: \"%s\" is neither 0 nor between 1kbit and 1tbit",
				 o->word, word);
	mnl_attr_put_u64(nlh, o->attr, bits);
	return 0;
}

/* In the largest unit that it is a whole number of */
static void erc_type_rate_text(FILE *fp, const struct erc_option *o,
			       const cJSON *value)
{
	const struct erc_unit *unit = erc_type_rates;
	uint64_t bits = erc_json_number(value);

	if (!bits)
		return;
	while (bits % unit->factor)
		unit++;
	fprintf(fp, "%s %" PRIu64 "%s ", o->word, bits / unit->factor, unit->word);
}

static void erc_type_rate_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" RATE", fp);
}

const struct erc_type erc_type_rate = {
	.size	= sizeof(uint64_t),
	.put	= erc_type_rate_put,
	.add	= erc_type_when_add,
	.text	= erc_type_rate_text,
	.usage	= erc_type_rate_usage,
};

/* --- a percentage, in millionths on the wire ----------------------------- */

#define ERC_PPM_PER_PERCENT	10000

static int erc_type_percent_put(struct nlmsghdr *nlh,
				const struct erc_option *o,
				struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o), *end;
	uint64_t ppm;

	if (!word)
		return -1;
	if (!erc_type_decimal(word, ERC_PPM_PER_PERCENT, &ppm, &end) ||
	    (*end && strcmp(end, "%")))
		return erc_error("%s: \"%s\" is not a percentage, such as 99.95",
				 o->word, word);
	if (ppm > o->max)
		return erc_error("%s: \"%s\" is more than %u", o->word, word,
				 o->max / ERC_PPM_PER_PERCENT);
	mnl_attr_put_u32(nlh, o->attr, ppm);
	return 0;
}

static void erc_type_percent_add(cJSON *to, const struct erc_option *o,
				 const struct nlattr *attr)
{
	erc_type_fraction_add(to, o->word, mnl_attr_get_u32(attr),
			      ERC_PPM_PER_PERCENT, 4);
}

static void erc_type_percent_text(FILE *fp, const struct erc_option *o,
				  const cJSON *value)
{
	uint64_t ppm = strtod(value->valuestring, NULL) * ERC_PPM_PER_PERCENT +
		       0.5;

	if (!o->usual || ppm != o->usual)
		erc_type_string_text(fp, o, value);
}

static void erc_type_percent_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" PERCENT", fp);
}

const struct erc_type erc_type_percent = {
	.size	= sizeof(uint32_t),
	.put	= erc_type_percent_put,
	.add	= erc_type_percent_add,
	.text	= erc_type_percent_text,
	.usage	= erc_type_percent_usage,
};

/* --- a UUID (RFC 9562) --------------------------------------------------- */

#define ERC_UUID_TEXT	"00000000-0000-0000-0000-000000000000"

/* Groups of hexadecimal digits, and nothing else; 16 bytes in @uuid if so */
static bool erc_type_uuid_parse(const char *word, uint8_t *uuid)
{
	const char *form = ERC_UUID_TEXT;
	char digits[3] = "";
	int n = 0;

	if (strlen(word) != strlen(form))
		return false;
	for (; *form; form++, word++) {
		if ((*form == '-') != (*word == '-') ||
		    (*form != '-' && !strchr("0123456789abcdefABCDEF", *word)))
			return false;
		if (*form == '-')
			continue;
		digits[n++ % 2] = *word;
		uuid[(n - 1) / 2] = strtoul(digits, NULL, 16);
	}
	return true;
}

static int erc_type_uuid_put(struct nlmsghdr *nlh, const struct erc_option *o,
			     struct erc_args *args)
{
	const char *word = erc_options_take_value(args, o);
	uint8_t uuid[ERCIRCUIT_KEY_BYTES];

	if (!word)
		return -1;
	if (!erc_type_uuid_parse(word, uuid))
		return erc_error("%s: \"%s\" is not a UUID, such as " ERC_UUID_TEXT,
				 o->word, word);
	mnl_attr_put(nlh, o->attr, sizeof(uuid), uuid);
	return 0;
}

static void erc_type_uuid_add(cJSON *to, const struct erc_option *o,
			      const struct nlattr *attr)
{
	const uint8_t *uuid = mnl_attr_get_payload(attr);
	char text[sizeof(ERC_UUID_TEXT)], *at = text;
	int i;

	for (i = 0; i < ERCIRCUIT_KEY_BYTES; i++)
		at += sprintf(at, "%s%02x", *(ERC_UUID_TEXT + (at - text)) == '-' ?
			      "-" : "", uuid[i]);
	cJSON_AddStringToObject(to, o->word, text);
}

static void erc_type_uuid_usage(FILE *fp, const struct erc_option *o)
{
	fputs(" UUID", fp);
}

const struct erc_type erc_type_uuid = {
	.size	= ERCIRCUIT_KEY_BYTES,
	.put	= erc_type_uuid_put,
	.add	= erc_type_uuid_add,
	.text	= erc_type_string_text,
	.usage	= erc_type_uuid_usage,
};
