// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "view.h"

/* Lines of a circuit without its events: one heading, and two for each leg */
#define ERC_VIEW_FIXED	5

/* Columns of a line of rates without the bars: "    tx 1.23gbit " twice */
#define ERC_VIEW_RATES	32

/* --- lines --------------------------------------------------------------- */

/* Number of bytes in the first @columns columns. Every character is one column
 * wide, and a byte 10xxxxxx continues the character before it.
 */
static size_t erc_view_cut(const char *text, unsigned int columns)
{
	size_t i;

	for (i = 0; text[i]; i++)
		if ((text[i] & 0xc0) != 0x80 && !columns--)
			break;
	return i;
}

__attribute__((format(printf, 4, 5)))
static void erc_view_add(struct erc_view *view,
			 const struct erc_view_size *size, int style,
			 const char *format, ...)
{
	struct erc_view_line *line = &view->line[view->n];
	va_list args;
	size_t len;

	if (view->n == ERC_VIEW_LINES)
		return;
	va_start(args, format);
	vsnprintf(line->text, sizeof(line->text), format, args);
	va_end(args);
	len = erc_view_cut(line->text, size->width);
	while (len && line->text[len - 1] == ' ')
		len--;
	line->text[len] = '\0';
	line->style = style;
	view->n++;
}

/* --- rates --------------------------------------------------------------- */

/* Three digits and a unit of tc(8) */
static char *erc_view_rate(char *text, size_t size, uint64_t rate)
{
	static const char * const units[] = { "", "k", "m", "g", "t" };
	double value = rate;
	unsigned int i = 0;

	while (value >= 999.5 && i < sizeof(units) / sizeof(*units) - 1) {
		value /= 1000;
		i++;
	}
	snprintf(text, size, "%.*f%sbit",
		 !i || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2,
		 value, units[i]);
	return text;
}

/* Bars of the last @n rates, relative to the highest one, newest at the right */
static void erc_view_bars(char *text, const struct erc_sample_rates *rates,
			  unsigned int n, bool utf8)
{
	static const char * const blocks[] = {
		" ", "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586",
		"\u2587", "\u2588"
	};
	static const char * const ascii[] = {
		" ", ".", ":", "-", "=", "+", "*", "#", "@"
	};
	uint64_t max = 1, rate;
	unsigned int i;

	for (i = 0; i < n; i++)
		if (rates->rate[i] > max)
			max = rates->rate[i];
	for (i = n; i--;) {
		rate = rates->rate[i];
		/* A rate above 0 is always visible. */
		text = stpcpy(text, (utf8 ? blocks : ascii)
			      [rate ? 1 + (unsigned int)(rate * 7.0 / max) : 0]);
	}
	*text = '\0';
}

static void erc_view_rates(struct erc_view *view,
			   const struct erc_sample_rates *rates,
			   const struct erc_view_size *size)
{
	char bars[ERC_SAMPLE_DIRECTIONS][3 * ERC_SAMPLE_RATES + 1];
	char rate[ERC_SAMPLE_DIRECTIONS][24];
	unsigned int i, n = 0;

	if (size->width > ERC_VIEW_RATES)
		n = (size->width - ERC_VIEW_RATES) / 2;
	if (n > ERC_SAMPLE_RATES)
		n = ERC_SAMPLE_RATES;
	for (i = 0; i < ERC_SAMPLE_DIRECTIONS; i++) {
		erc_view_bars(bars[i], &rates[i], n, size->utf8);
		erc_view_rate(rate[i], sizeof(rate[i]), rates[i].rate[0]);
	}
	erc_view_add(view, size, ERC_VIEW_PLAIN, "    tx %8s %s  rx %8s %s",
		     rate[ERC_SAMPLE_TX], bars[ERC_SAMPLE_TX],
		     rate[ERC_SAMPLE_RX], bars[ERC_SAMPLE_RX]);
}

/* --- a circuit ----------------------------------------------------------- */

static void erc_view_head(struct erc_view *view, const struct erc_sample *s,
			  const struct erc_view_size *size)
{
	const cJSON *ppm = cJSON_GetObjectItem(s->sla, "availability_ppm");
	const char *active = erc_json_string(s->options, "active");
	bool dead = s->up && !strcmp(active, erc_names_actives.name[ERCIRCUIT_ACTIVE_NONE]);

	erc_view_add(view, size, dead ? ERC_VIEW_BAD : ERC_VIEW_HEAD,
		     "%s %s  %s%s  request %s  available %.4f%%, promised %s%%",
		     s->name, s->up ? "up" : "down",
		     dead ? "NO LEG CARRIES" : "active ", dead ? "" : active,
		     erc_json_string(s->options, "request"),
		     erc_json_number(ppm) / 1e4, erc_json_string(s->sla, "sla"));
}

static bool erc_view_carries(const struct erc_sample *s, const char *leg)
{
	const char *active = erc_json_string(s->options, "active");

	return !strcmp(active, leg) || !strcmp(active, "both");
}

static void erc_view_leg(struct erc_view *view, const struct erc_sample *s,
			 unsigned int slot, const struct erc_view_size *size)
{
	const char *name = erc_names_slots.name[slot];
	const cJSON *leg = cJSON_GetObjectItem(s->options, name);
	const char *state = erc_json_string(leg, "state");
	const char *reason = erc_json_string(leg, "reason");
	const char *bfd = erc_json_string(leg, "bfd_state");
	bool why = *reason && strcmp(reason, "none");

	erc_view_add(view, size, strcmp(state, erc_names_states.name[ERCIRCUIT_STATE_UP]) ?
		     ERC_VIEW_BAD :
		     erc_view_carries(s, name) ? ERC_VIEW_GOOD : ERC_VIEW_PLAIN,
		     "  %c %-9s %-15s %s%s%s%s%s%s",
		     erc_view_carries(s, name) ? '*' : ' ', name,
		     erc_json_string(leg, "device"), state, why ? " (" : "",
		     why ? reason : "", why ? ")" : "", *bfd ? "  bfd " : "",
		     bfd);
	erc_view_rates(view, s->rates[slot], size);
}

/* The time of day in ms, without the date */
static void erc_view_event(struct erc_view *view, const struct erc_sample *s,
			   unsigned int i, const struct erc_view_size *size)
{
	cJSON *json = erc_log_json(s->name, &s->log, i);
	const char *time = strchr(erc_json_string(json, "time"), 'T');
	const char *leg = erc_json_string(json, "leg");

	erc_view_add(view, size, ERC_VIEW_PLAIN,
		     "    %.12s %s%s%s %s -> %s reason %s", time ? time + 1 : "",
		     erc_json_string(json, "kind"), *leg ? " " : "", leg,
		     erc_json_string(json, "from"), erc_json_string(json, "to"),
		     erc_json_string(json, "reason"));
	cJSON_Delete(json);
}

static void erc_view_circuit(struct erc_view *view, const struct erc_sample *s,
			     unsigned int events,
			     const struct erc_view_size *size)
{
	unsigned int i;

	erc_view_head(view, s, size);
	for (i = 0; i < erc_names_slots.n; i++)
		erc_view_leg(view, s, i, size);
	for (i = s->log.n > events ? s->log.n - events : 0; i < s->log.n; i++)
		erc_view_event(view, s, i, size);
}

/* --- all circuits -------------------------------------------------------- */

void erc_view_make(struct erc_view *view, const struct erc_samples *samples,
		   const struct erc_view_size *size)
{
	unsigned int height = size->height < ERC_VIEW_LINES ? size->height :
							      ERC_VIEW_LINES;
	unsigned int share = height / (samples->n ?: 1), events, i;

	/* Each circuit gets an equal share of the height, and an empty line. */
	events = share > ERC_VIEW_FIXED + 1 ? share - ERC_VIEW_FIXED - 1 : 0;
	view->n = 0;
	if (!samples->n)
		erc_view_add(view, size, ERC_VIEW_PLAIN, "no circuit");
	for (i = 0; i < samples->n; i++) {
		if (view->n + ERC_VIEW_FIXED + events + 1 > height)
			break;
		erc_view_circuit(view, &samples->list[i], events, size);
		if (i < samples->n - 1)
			erc_view_add(view, size, ERC_VIEW_PLAIN, "%s", "");
	}
	if (i < samples->n)
		erc_view_add(view, size, ERC_VIEW_HEAD, "%u more", samples->n - i);
}
