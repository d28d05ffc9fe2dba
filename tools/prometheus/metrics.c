// SPDX-License-Identifier: GPL-2.0
/*
 * In the text format each metric has a heading, followed by all of its samples.
 * So circuits and legs are first collected as JSON. Then the metrics are printed
 * by walking the tables that the other commands use, too.
 */
#include <stdlib.h>
#include <string.h>

#include "common/options.h"
#include "common/rtnl.h"
#include "metrics.h"

/**
 * struct erc_gauge - a number that rises and falls
 * @key: in JSON
 * @name: without the prefix; ends in the unit
 * @per: divisor from the unit in JSON to this unit
 * @help: description
 */
struct erc_gauge {
	const char *key;
	const char *name;
	double per;
	const char *help;
};

static const struct erc_gauge erc_metrics_circuit_gauges[] = {
	{ "up", "admin_up", 1, "1 if the circuit is administratively up." },
	{ "availability_ppm", "availability_ratio", 1e6,
	  "Usable part of the measured time." },
	{ "budget_ns", "budget_seconds", 1e9,
	  "Downtime that the promised availability still allows in the last 30 days." },
	{ "longest_outage_ns", "longest_outage_seconds", 1e9,
	  "Length of the longest outage." },
	{ "sla", "sla_ratio", 100, "Promised availability." },
	{ "bandwidth", "bandwidth_bytes_per_second", 8,
	  "Bandwidth of the contract for each leg and direction; 0 is no limit." },
	{ "police", "police", 1,
	  "1 if packets over the bandwidth are dropped." },
	{}
};

static const struct erc_gauge erc_metrics_leg_gauges[] = {
	{ "usable", "up", 1, "1 if the leg is usable." },
	{ "neigh", "neigh", 1,
	  "1 if a next hop that does not answer fails the leg." },
	{ "drain", "drain", 1, "1 if the leg is drained for maintenance." },
	{ "bfd", "bfd", 1, "1 if the leg needs a BFD session." },
	{ "bfd_interval", "bfd_interval_seconds", 1e3,
	  "Transmit interval of BFD packets." },
	{ "bfd_detection", "bfd_detection_seconds", 1e3,
	  "Detection time of the BFD session." },
	{}
};

/* For scopes that have counters only */
static const struct erc_option erc_metrics_no_options[] = { {} };
static const struct erc_gauge erc_metrics_no_gauges[] = { {} };

/**
 * struct erc_scope - circuits, legs, or pairs of circuits
 * @prefix: of the names of its metrics
 * @what: the noun, for descriptions
 * @counters: names of the counters; a name that is also in @gauges is a gauge
 * @options: options and states; enumerations are printed as states, other
 *	words as labels of "info"; end in an entry without a word
 * @gauges: end in an entry without a key
 */
struct erc_scope {
	const char *prefix;
	const char *what;
	const struct erc_names *counters;
	const struct erc_option *options;
	const struct erc_gauge *gauges;
};

static const struct erc_scope erc_metrics_circuit = {
	"ercircuit_", "a circuit", &erc_stats_circuit, erc_options_circuit,
	erc_metrics_circuit_gauges,
};

static const struct erc_scope erc_metrics_leg = {
	"ercircuit_leg_", "a leg", &erc_stats_leg, erc_options_leg,
	erc_metrics_leg_gauges,
};

static const struct erc_scope erc_metrics_reach = {
	"ercircuit_reach_", "a pair", &erc_stats_reach, erc_metrics_no_options,
	erc_metrics_no_gauges,
};

/* --- labels -------------------------------------------------------------- */

/* A name has letters, digits and underscores only. */
static void erc_metrics_name(FILE *fp, const char *word)
{
	for (; *word; word++)
		fputc(*word == '-' ? '_' : *word, fp);
}

static void erc_metrics_label(FILE *fp, const char *key, const char *value)
{
	erc_metrics_name(fp, key);
	fputs("=\"", fp);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\' || *value == '\n')
			fputc('\\', fp);
		fputc(*value == '\n' ? 'n' : *value, fp);
	}
	fputc('"', fp);
}

/* --- collecting ---------------------------------------------------------- */

void erc_metrics_begin(struct erc_metrics *metrics)
{
	metrics->circuits = cJSON_CreateArray();
	metrics->legs = cJSON_CreateArray();
	metrics->pairs = cJSON_CreateArray();
}

/* Add a circuit, or the part of it that is labelled @key = @value. The function
 * takes over @counters and @options; @options may be NULL.
 */
static void erc_metrics_subject(cJSON *to, const char *device, const char *key,
				const char *value, cJSON *options,
				cJSON *counters)
{
	cJSON *subject = cJSON_CreateObject();
	char *labels;
	size_t size;
	FILE *fp;

	fp = open_memstream(&labels, &size);
	erc_metrics_label(fp, "device", device);
	if (key) {
		fputc(',', fp);
		erc_metrics_label(fp, key, value);
	}
	fclose(fp);
	cJSON_AddStringToObject(subject, "labels", labels);
	free(labels);
	if (options)
		cJSON_AddItemToObject(subject, "options", options);
	cJSON_AddItemToObject(subject, "counters", counters);
	cJSON_AddItemToArray(to, subject);
}

static bool erc_metrics_usable(const cJSON *leg)
{
	int state = erc_names_find(&erc_names_states, erc_json_string(leg, "state"));

	return state == ERCIRCUIT_STATE_UP || state == ERCIRCUIT_STATE_DEGRADED;
}

static void erc_metrics_add_pairs(cJSON *to, const char *device, cJSON *pairs)
{
	cJSON *pair;

	while (pairs && pairs->child) {
		pair = cJSON_DetachItemViaPointer(pairs, pairs->child);
		erc_metrics_subject(to, device, "peer", pair->string, NULL, pair);
	}
	cJSON_Delete(pairs);
}

void erc_metrics_add(struct erc_metrics *metrics, const struct erc_link *link,
		     const struct erc_stats *stats)
{
	cJSON *options = cJSON_CreateObject(), *counters = cJSON_CreateObject();
	unsigned int i;

	erc_options_json_nest(options, erc_options_circuit, link->data);
	erc_stats_json(counters, stats);
	for (i = 0; i < erc_names_slots.n; i++) {
		const char *slot = erc_names_slots.name[i];
		cJSON *leg = cJSON_DetachItemFromObject(options, slot);

		cJSON_AddBoolToObject(leg, "usable", erc_metrics_usable(leg));
		erc_metrics_subject(metrics->legs, link->name, "leg", slot, leg,
				    cJSON_DetachItemFromObject(counters, slot));
	}
	erc_metrics_add_pairs(metrics->pairs, link->name,
			      cJSON_DetachItemFromObject(counters, "reach"));
	cJSON_AddBoolToObject(options, "up", link->up);
	erc_metrics_subject(metrics->circuits, link->name, NULL, NULL, options,
			    counters);
}

/* --- printing ------------------------------------------------------------ */

static const cJSON *erc_metrics_find(const cJSON *subject, const char *key)
{
	const char * const parts[] = { "options", "counters" };
	const cJSON *item = NULL;
	unsigned int i;

	for (i = 0; !item && i < sizeof(parts) / sizeof(*parts); i++)
		item = cJSON_GetObjectItem(cJSON_GetObjectItem(subject, parts[i]),
					   key);
	return item;
}

static void erc_metrics_heading(FILE *fp, const struct erc_scope *scope,
				const char *word, const char *suffix,
				const char *type)
{
	fprintf(fp, "# TYPE %s", scope->prefix);
	erc_metrics_name(fp, word);
	fprintf(fp, "%s %s\n# HELP %s", suffix, type, scope->prefix);
	erc_metrics_name(fp, word);
	fprintf(fp, "%s ", suffix);
}

/* Print the name, and the labels that every sample has. */
static void erc_metrics_sample(FILE *fp, const struct erc_scope *scope,
			       const char *word, const char *suffix,
			       const cJSON *subject)
{
	fputs(scope->prefix, fp);
	erc_metrics_name(fp, word);
	fprintf(fp, "%s{%s", suffix, erc_json_string(subject, "labels"));
}

static const struct erc_gauge *erc_metrics_gauge(const struct erc_scope *scope,
						 const char *key)
{
	const struct erc_gauge *g;

	for (g = scope->gauges; g->key; g++)
		if (!strcmp(g->key, key))
			return g;
	return NULL;
}

static void erc_metrics_counter(FILE *fp, const struct erc_scope *scope,
				const cJSON *subjects, const char *name)
{
	const cJSON *subject, *value;

	erc_metrics_heading(fp, scope, name, "_total", "counter");
	fprintf(fp, "Counter %s of %s, described in sysfs-class-net-ercircuit.\n",
		name, scope->what);
	cJSON_ArrayForEach(subject, subjects) {
		value = erc_metrics_find(subject, name);
		if (!value)
			continue;
		erc_metrics_sample(fp, scope, name, "_total", subject);
		fprintf(fp, "} %s\n", value->valuestring);
	}
}

/* Print one sample for each value: 1 for the present value, 0 for the others. */
static void erc_metrics_state(FILE *fp, const struct erc_scope *scope,
			      const cJSON *subjects, const struct erc_option *o)
{
	const cJSON *subject, *value;
	unsigned int i;

	erc_metrics_heading(fp, scope, o->word, "", "gauge");
	fprintf(fp, "%s of %s: 1 for the present value, 0 for the others.\n",
		o->word, scope->what);
	cJSON_ArrayForEach(subject, subjects) {
		value = erc_metrics_find(subject, o->word);
		for (i = 0; value && i < o->names->n; i++) {
			erc_metrics_sample(fp, scope, o->word, "", subject);
			fputc(',', fp);
			erc_metrics_label(fp, o->word, o->names->name[i]);
			fprintf(fp, "} %d\n", !strcmp(value->valuestring,
						      o->names->name[i]));
		}
	}
}

/* A double has 15 digits; with more of them 0.9995 would not print as such. */
static void erc_metrics_number(FILE *fp, const struct erc_scope *scope,
			       const cJSON *subjects, const struct erc_gauge *g)
{
	const cJSON *subject, *value;
	double number;

	erc_metrics_heading(fp, scope, g->name, "", "gauge");
	fprintf(fp, "%s\n", g->help);
	cJSON_ArrayForEach(subject, subjects) {
		value = erc_metrics_find(subject, g->key);
		if (!value)
			continue;
		number = cJSON_IsRaw(value) ? strtod(value->valuestring, NULL) :
					      cJSON_IsTrue(value);
		erc_metrics_sample(fp, scope, g->name, "", subject);
		fprintf(fp, "} %.15g\n", number / g->per);
	}
}

/* Print the configuration as labels. */
static void erc_metrics_info(FILE *fp, const struct erc_scope *scope,
			     const cJSON *subjects)
{
	const struct erc_option *o;
	const cJSON *subject, *value;

	if (!scope->options->word)
		return;
	erc_metrics_heading(fp, scope, "info", "", "gauge");
	fprintf(fp, "Configuration of %s as labels; always 1.\n", scope->what);
	cJSON_ArrayForEach(subject, subjects) {
		erc_metrics_sample(fp, scope, "info", "", subject);
		for (o = scope->options; o->word; o++) {
			value = erc_metrics_find(subject, o->word);
			if (!cJSON_IsString(value) ||
			    (o->access == ERC_RO && o->names))
				continue;
			fputc(',', fp);
			/* The label "device" is the circuit. */
			erc_metrics_label(fp, strcmp(o->word, "device") ?
					      o->word : "lower",
					  value->valuestring);
		}
		fputs("} 1\n", fp);
	}
}

static void erc_metrics_scope(FILE *fp, const struct erc_scope *scope,
			      const cJSON *subjects)
{
	const struct erc_option *o;
	const struct erc_gauge *g;
	unsigned int i;

	erc_metrics_info(fp, scope, subjects);
	for (i = 0; i < scope->counters->n; i++)
		if (!erc_metrics_gauge(scope, scope->counters->name[i]))
			erc_metrics_counter(fp, scope, subjects,
					    scope->counters->name[i]);
	for (o = scope->options; o->word; o++)
		/* The slot is a label of every metric of a leg. */
		if (o->names && o->access != ERC_WO && o->names != &erc_names_slots)
			erc_metrics_state(fp, scope, subjects, o);
	for (g = scope->gauges; g->key; g++)
		erc_metrics_number(fp, scope, subjects, g);
}

void erc_metrics_print(FILE *fp, struct erc_metrics *metrics)
{
	erc_metrics_scope(fp, &erc_metrics_circuit, metrics->circuits);
	erc_metrics_scope(fp, &erc_metrics_leg, metrics->legs);
	erc_metrics_scope(fp, &erc_metrics_reach, metrics->pairs);
	cJSON_Delete(metrics->circuits);
	cJSON_Delete(metrics->legs);
	cJSON_Delete(metrics->pairs);
}
