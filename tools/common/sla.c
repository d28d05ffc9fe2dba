// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <string.h>

#include "options.h"
#include "rtnl.h"
#include "sla.h"

#define ERC_PPM		1000000
#define ERC_NS_PER_S	1000000000ULL

/* A millionth of 30 days, in ns: the downtime allowed for each ppm below 100 % */
#define ERC_PPM_NS	(ERCIRCUIT_DAYS * 86400 * (ERC_NS_PER_S / ERC_PPM))

static uint64_t erc_sla_number(const cJSON *json, const char *key)
{
	return erc_json_number(cJSON_GetObjectItem(json, key));
}

/* --- as JSON ------------------------------------------------------------- */

/* Move an item into another object, if it exists. */
static void erc_sla_move(cJSON *to, cJSON *from, const char *key)
{
	cJSON *item = cJSON_DetachItemFromObject(from, key);

	if (item)
		cJSON_AddItemToObject(to, key, item);
}

static void erc_sla_add_leg(cJSON *to, cJSON *options, cJSON *counters,
			    const char *leg)
{
	static const char * const state[] = { "device", "state", "reason" };
	cJSON *from = cJSON_GetObjectItem(options, leg);
	cJSON *json = cJSON_AddObjectToObject(to, leg);
	unsigned int i;

	for (i = 0; i < sizeof(state) / sizeof(*state); i++)
		erc_sla_move(json, from, state[i]);
	from = cJSON_GetObjectItem(counters, leg);
	erc_sla_move(json, from, "up_ns");
	erc_sla_move(json, from, "down_ns");
}

static void erc_sla_add_days(cJSON *to, const struct nlattr *attr)
{
	cJSON *array = cJSON_AddArrayToObject(to, "days"), *json;
	size_t i, n = attr ? mnl_attr_get_payload_len(attr) : 0;
	struct ercircuit_day day;

	for (i = 0; i < n / sizeof(day); i++) {
		memcpy(&day, mnl_attr_get_payload(attr) + i * sizeof(day),
		       sizeof(day));
		json = cJSON_CreateObject();
		erc_json_add_number(json, "up_ns", day.up_ns);
		erc_json_add_number(json, "degraded_ns", day.degraded_ns);
		erc_json_add_number(json, "down_ns", day.down_ns);
		cJSON_AddItemToArray(array, json);
	}
}

/* ExpressRoute promises no availability for a circuit with one connection. */
static const char *erc_sla_invalid(const cJSON *json)
{
	bool primary = *erc_json_string(cJSON_GetObjectItem(json, "primary"),
					"device");
	bool secondary = *erc_json_string(cJSON_GetObjectItem(json, "secondary"),
					  "device");

	if (primary && secondary)
		return NULL;
	return primary || secondary ? "one leg is not configured" :
				      "no leg is configured";
}

static uint64_t erc_sla_allowed(const struct erc_link *link)
{
	const struct nlattr *attr;
	uint32_t ppm = ERC_PPM;

	mnl_attr_for_each_nested(attr, link->data)
		if (mnl_attr_get_type(attr) == IFLA_ERCIRCUIT_SLA)
			ppm = mnl_attr_get_u32(attr);
	return (ERC_PPM - ppm) * ERC_PPM_NS;
}

cJSON *erc_sla_json(const struct erc_link *link, const struct erc_stats *stats)
{
	static const char * const counters[] = {
		"up_ns", "degraded_ns", "down_ns", "outages",
		"longest_outage_ns", "availability_ppm", "budget_ns",
	};
	cJSON *json = cJSON_CreateObject(), *options = cJSON_CreateObject();
	cJSON *all = cJSON_CreateObject();
	const char *why;
	unsigned int i;

	erc_options_json_nest(options, erc_options_circuit, link->data);
	erc_stats_json(all, stats);
	cJSON_AddStringToObject(json, "name", link->name);
	erc_sla_move(json, options, "sla");
	erc_sla_add_leg(json, options, all, "primary");
	erc_sla_add_leg(json, options, all, "secondary");
	why = erc_sla_invalid(json);
	cJSON_AddBoolToObject(json, "valid", !why);
	if (why)
		cJSON_AddStringToObject(json, "not_valid", why);
	for (i = 0; i < sizeof(counters) / sizeof(*counters); i++)
		erc_sla_move(json, all, counters[i]);
	erc_json_add_number(json, "allowed_ns", erc_sla_allowed(link));
	erc_sla_add_days(json, stats->tb[ERCIRCUIT_XSTATS_DAYS]);
	cJSON_Delete(options);
	cJSON_Delete(all);
	return json;
}

/* --- as text ------------------------------------------------------------- */

/* 3d4h5m6s, or 4.200s if it is less than a minute */
static void erc_sla_print_time(FILE *fp, uint64_t ns)
{
	static const struct {
		const char *word;
		unsigned int seconds;
	} units[] = { { "d", 86400 }, { "h", 3600 }, { "m", 60 }, { "s", 1 } };
	uint64_t seconds = ns / ERC_NS_PER_S;
	unsigned int i;

	if (seconds < 60) {
		fprintf(fp, "%" PRIu64 ".%03us", seconds,
			(unsigned int)(ns % ERC_NS_PER_S / 1000000));
		return;
	}
	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (seconds >= units[i].seconds)
			fprintf(fp, "%" PRIu64 "%s",
				seconds / units[i].seconds, units[i].word);
		seconds %= units[i].seconds;
	}
}

static void erc_sla_print_ppm(FILE *fp, uint64_t ppm)
{
	fprintf(fp, "%" PRIu64 ".%04u%%", ppm / 10000,
		(unsigned int)(ppm % 10000));
}

static void erc_sla_print_leg(FILE *fp, const cJSON *json, const char *name)
{
	const cJSON *leg = cJSON_GetObjectItem(json, name);
	uint64_t up = erc_sla_number(leg, "up_ns");
	uint64_t down = erc_sla_number(leg, "down_ns");
	const char *reason = erc_json_string(leg, "reason");

	fprintf(fp, "    %-10s%s ", name, erc_json_string(leg, "state"));
	if (*erc_json_string(leg, "device") && strcmp(reason, "none"))
		fprintf(fp, "(%s) ", reason);
	fputs("up ", fp);
	erc_sla_print_time(fp, up);
	fputs(" down ", fp);
	erc_sla_print_time(fp, down);
	fputc('\n', fp);
}

/* A day is drawn as its worst state. */
static char erc_sla_day(const cJSON *day)
{
	if (erc_sla_number(day, "down_ns"))
		return 'X';
	if (erc_sla_number(day, "degraded_ns"))
		return '-';
	return erc_sla_number(day, "up_ns") ? '=' : '.';
}

static void erc_sla_print_days(FILE *fp, const cJSON *json)
{
	const cJSON *day;

	fputs("    30 days   [", fp);
	cJSON_ArrayForEach(day, cJSON_GetObjectItem(json, "days"))
		fputc(erc_sla_day(day), fp);
	fputs("] = up, - degraded, X down, . not measured\n", fp);
}

static void erc_sla_print_budget(FILE *fp, const cJSON *json)
{
	uint64_t allowed = erc_sla_number(json, "allowed_ns");
	uint64_t left = erc_sla_number(json, "budget_ns");

	fputs("    budget    ", fp);
	erc_sla_print_time(fp, allowed);
	fputs(" in 30 days, ", fp);
	erc_sla_print_time(fp, left);
	fprintf(fp, " left, %u%% used\n", allowed ?
		(unsigned int)((allowed - left) * 100.0 / allowed) : 100);
}

void erc_sla_text(FILE *fp, const cJSON *json)
{
	const char *why = erc_json_string(json, "not_valid");
	uint64_t up = erc_sla_number(json, "up_ns");
	uint64_t degraded = erc_sla_number(json, "degraded_ns");
	uint64_t down = erc_sla_number(json, "down_ns");

	fprintf(fp, "%s: available ", erc_json_string(json, "name"));
	erc_sla_print_ppm(fp, erc_sla_number(json, "availability_ppm"));
	fputs(" of ", fp);
	erc_sla_print_time(fp, up + degraded + down);
	fprintf(fp, ", promised %s%%\n", erc_json_string(json, "sla"));
	erc_sla_print_leg(fp, json, "primary");
	erc_sla_print_leg(fp, json, "secondary");
	erc_sla_print_days(fp, json);
	fprintf(fp, "    outages   %s, the longest ", erc_json_string(json, "outages"));
	erc_sla_print_time(fp, erc_sla_number(json, "longest_outage_ns"));
	fputs(", degraded ", fp);
	erc_sla_print_time(fp, degraded);
	fputc('\n', fp);
	erc_sla_print_budget(fp, json);
	if (*why)
		fprintf(fp, "    not valid: %s\n", why);
}
