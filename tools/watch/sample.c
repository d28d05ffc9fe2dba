// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/options.h"
#include "common/rtnl.h"
#include "common/sla.h"
#include "sample.h"

#define ERC_NS_PER_S	1000000000.0

/**
 * struct erc_sample_take - arguments of the callbacks of erc_samples_take()
 * @samples: result
 * @link: the present circuit
 */
struct erc_sample_take {
	struct erc_samples *samples;
	const struct erc_link *link;
};

static struct erc_sample *erc_sample_find(struct erc_samples *samples,
					  int ifindex)
{
	struct erc_sample *s;
	unsigned int i;

	for (i = 0; i < samples->n; i++)
		if (samples->list[i].ifindex == ifindex)
			return &samples->list[i];
	s = realloc(samples->list, (samples->n + 1) * sizeof(*s));
	if (!s)
		abort();
	samples->list = s;
	s += samples->n++;
	memset(s, 0, sizeof(*s));
	s->ifindex = ifindex;
	return s;
}

static void erc_sample_rate(struct erc_sample_rates *rates, uint64_t bytes,
			    uint64_t passed_ns)
{
	if (passed_ns) {
		memmove(&rates->rate[1], &rates->rate[0],
			sizeof(rates->rate) - sizeof(*rates->rate));
		rates->rate[0] = (bytes - rates->bytes) * 8 /
				 (passed_ns / ERC_NS_PER_S);
		if (rates->n < ERC_SAMPLE_RATES)
			rates->n++;
	}
	rates->bytes = bytes;
}

static void erc_sample_rates(struct erc_sample *s, const cJSON *counters,
			     uint64_t passed_ns)
{
	static const char * const names[] = {
		[ERC_SAMPLE_TX] = "tx_bytes", [ERC_SAMPLE_RX] = "rx_bytes",
	};
	const cJSON *leg, *bytes;
	unsigned int i, j;

	for (i = 0; i < erc_names_slots.n; i++) {
		leg = cJSON_GetObjectItem(counters, erc_names_slots.name[i]);
		for (j = 0; j < ERC_SAMPLE_DIRECTIONS; j++) {
			bytes = cJSON_GetObjectItem(leg, names[j]);
			erc_sample_rate(&s->rates[i][j], erc_json_number(bytes), passed_ns);
		}
	}
}

static void erc_sample_update(struct erc_sample *s, const struct erc_link *link,
			      const struct erc_stats *stats)
{
	uint64_t now = erc_clock_now();
	cJSON *counters = cJSON_CreateObject();

	memcpy(s->name, link->name, sizeof(s->name));
	s->up = link->up;
	s->stale = false;
	cJSON_Delete(s->options);
	s->options = cJSON_CreateObject();
	erc_options_json_nest(s->options, erc_options_circuit, link->data);
	cJSON_Delete(s->sla);
	s->sla = erc_sla_json(link, stats);
	erc_log_get(&s->log, stats);
	erc_stats_json(counters, stats);
	erc_sample_rates(s, counters, s->when_ns ? now - s->when_ns : 0);
	cJSON_Delete(counters);
	s->when_ns = now;
}

static int erc_sample_message(const struct nlmsghdr *nlh, void *data)
{
	struct erc_sample_take *take = data;
	struct erc_stats stats;

	if (erc_stats_parse(nlh, &stats))
		erc_sample_update(erc_sample_find(take->samples, stats.ifindex),
				  take->link, &stats);
	return MNL_CB_OK;
}

/* A circuit that has been deleted gives no answer and stays stale. */
static int erc_sample_link(const struct erc_link *link, void *data)
{
	struct erc_sample_take *take = data;

	take->link = link;
	erc_rtnl_stats(link->ifindex, erc_sample_message, take);
	return 0;
}

static void erc_samples_clean(struct erc_samples *samples)
{
	unsigned int i, n = 0;

	for (i = 0; i < samples->n; i++) {
		if (!samples->list[i].stale) {
			samples->list[n++] = samples->list[i];
			continue;
		}
		cJSON_Delete(samples->list[i].options);
		cJSON_Delete(samples->list[i].sla);
	}
	samples->n = n;
}

int erc_samples_take(struct erc_samples *samples, const char *name)
{
	struct erc_sample_take take = { samples };
	unsigned int i;

	for (i = 0; i < samples->n; i++)
		samples->list[i].stale = true;
	if ((!name || erc_rtnl_ifindex(name)) &&
	    erc_rtnl_each(name, erc_sample_link, &take))
		return -1;
	erc_samples_clean(samples);
	return 0;
}
