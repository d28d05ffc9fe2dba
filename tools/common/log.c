// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "clock.h"
#include "json.h"
#include "log.h"

/* Copy an array. Return: number of whole elements. */
static unsigned int erc_log_copy(void *to, size_t room, size_t element,
				 const struct nlattr *attr)
{
	size_t size = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (size > room)
		size = room;
	size -= size % element;
	if (size)
		memcpy(to, mnl_attr_get_payload(attr), size);
	return size / element;
}

void erc_log_get(struct erc_log *log, const struct erc_stats *stats)
{
	unsigned int i;

	log->n = erc_log_copy(log->entry, sizeof(log->entry), sizeof(*log->entry),
			      stats->tb[ERCIRCUIT_XSTATS_LOG]);
	i = erc_log_copy(log->time_ns, sizeof(log->time_ns), sizeof(*log->time_ns),
			 stats->tb[ERCIRCUIT_XSTATS_LOG_TIMES]);
	/* An older driver does not tell the time of day. */
	for (; i < log->n; i++)
		log->time_ns[i] = erc_clock_time(log->entry[i].when_ns);
}

/*
 * The ring loses its oldest entries, so look for the entry that was the last one.
 * If that entry has been lost, too, all entries are new.
 */
unsigned int erc_log_news(const struct erc_log *log,
			  const struct erc_log *before)
{
	unsigned int i = log->n;

	if (!before->n)
		return 0;
	while (i && memcmp(&log->entry[i - 1], &before->entry[before->n - 1],
			   sizeof(*log->entry)))
		i--;
	return i;
}

static const struct erc_names *erc_log_names(const struct ercircuit_log_entry *e)
{
	static const struct erc_names none;

	switch (e->kind) {
	case ERCIRCUIT_LOG_LEG:
		return &erc_names_states;
	case ERCIRCUIT_LOG_SWITCH:
		return &erc_names_actives;
	case ERCIRCUIT_LOG_REQUEST:
		return &erc_names_requests;
	default:
		return &none;
	}
}

/* Does a leg in this state, or a circuit with these legs active, work? */
static bool erc_log_works(const struct ercircuit_log_entry *e, uint8_t value)
{
	switch (e->kind) {
	case ERCIRCUIT_LOG_LEG:
		return value == ERCIRCUIT_STATE_UP ||
		       value == ERCIRCUIT_STATE_DEGRADED;
	case ERCIRCUIT_LOG_SWITCH:
		return value != ERCIRCUIT_ACTIVE_NONE;
	default:
		return true;
	}
}

/* Return: the beginning of the outage that an entry ends, or 0. */
static uint64_t erc_log_outage_begin(const struct erc_log *log, unsigned int i)
{
	const struct ercircuit_log_entry *end = &log->entry[i];

	if (erc_log_works(end, end->from) || !erc_log_works(end, end->to))
		return 0;
	while (i--) {
		const struct ercircuit_log_entry *e = &log->entry[i];

		if (e->kind == end->kind && e->slot == end->slot &&
		    erc_log_works(e, e->from))
			return e->when_ns;
	}
	return 0;
}

cJSON *erc_log_json(const char *name, const struct erc_log *log,
		    unsigned int i)
{
	const struct ercircuit_log_entry *e = &log->entry[i];
	const struct erc_names *names = erc_log_names(e);
	uint64_t begin = erc_log_outage_begin(log, i);
	cJSON *json = cJSON_CreateObject();
	char time[ERC_CLOCK_SIZE];

	cJSON_AddStringToObject(json, "time", erc_clock_text(log->time_ns[i], time));
	erc_json_add_number(json, "when_ns", e->when_ns);
	cJSON_AddStringToObject(json, "name", name);
	erc_names_add(json, "kind", &erc_names_log_kinds, e->kind);
	if (e->kind == ERCIRCUIT_LOG_LEG)
		erc_names_add(json, "leg", &erc_names_slots, e->slot);
	erc_names_add(json, "from", names, e->from);
	erc_names_add(json, "to", names, e->to);
	erc_names_add(json, "reason", &erc_names_reasons, e->reason);
	if (begin)
		erc_json_add_number(json, "outage_ns", e->when_ns - begin);
	return json;
}

void erc_log_text(FILE *fp, const cJSON *json)
{
	const char *leg = erc_json_string(json, "leg");
	uint64_t outage = erc_json_number(cJSON_GetObjectItem(json, "outage_ns"));

	fprintf(fp, "%s %s %s%s%s %s -> %s reason %s", erc_json_string(json, "time"),
		erc_json_string(json, "name"), erc_json_string(json, "kind"),
		*leg ? " " : "", leg, erc_json_string(json, "from"),
		erc_json_string(json, "to"), erc_json_string(json, "reason"));
	if (outage)
		fprintf(fp, " after %llu.%06llus",
			(unsigned long long)outage / 1000000000,
			(unsigned long long)outage % 1000000000 / 1000);
	fputc('\n', fp);
}
