// SPDX-License-Identifier: GPL-2.0
/*
 * A notification says that a circuit changed, but not how, and it may stand for
 * several changes. So the monitor keeps the options and the log of each circuit
 * and compares them after every notification.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/options.h"
#include "common/output.h"
#include "common/rtnl.h"
#include "monitor.h"

/**
 * struct erc_monitor - the last known state of a circuit
 * @next: in the list
 * @ifindex: of the circuit
 * @name: of the circuit
 * @options: as text
 * @log: as last seen
 * @stale: not found yet in the present dump
 */
struct erc_monitor {
	struct erc_monitor *next;
	int ifindex;
	char name[IF_NAMESIZE];
	char *options;
	struct erc_log log;
	bool stale;
};

static struct erc_monitor *erc_monitors;

static struct erc_monitor **erc_monitor_find(int ifindex)
{
	struct erc_monitor **at = &erc_monitors;

	while (*at && (*at)->ifindex != ifindex)
		at = &(*at)->next;
	return at;
}

/* --- printing ------------------------------------------------------------ */

static void erc_monitor_text(FILE *fp, const cJSON *json)
{
	fprintf(fp, "%s %s %s ", erc_json_string(json, "time"),
		erc_json_string(json, "name"), erc_json_string(json, "kind"));
	erc_options_text(fp, erc_options_circuit, json);
	fputc('\n', fp);
}

static cJSON *erc_monitor_json(const char *name, const char *kind)
{
	cJSON *json = cJSON_CreateObject();
	uint64_t now = erc_clock_now();
	char time[ERC_CLOCK_SIZE];

	cJSON_AddStringToObject(json, "time", erc_clock_text(erc_clock_time(now), time));
	erc_json_add_number(json, "when_ns", now);
	cJSON_AddStringToObject(json, "name", name);
	cJSON_AddStringToObject(json, "kind", kind);
	return json;
}

/* --- comparing ----------------------------------------------------------- */

static int erc_monitor_get_log(const struct nlmsghdr *nlh, void *data)
{
	struct erc_stats stats;

	if (erc_stats_parse(nlh, &stats))
		erc_log_get(data, &stats);
	return MNL_CB_OK;
}

static void erc_monitor_compare_log(struct erc_monitor *w, bool quiet)
{
	struct erc_log log = { 0 };
	unsigned int i;

	/* The circuit may have been deleted: a notification follows. */
	if (erc_rtnl_stats(w->ifindex, erc_monitor_get_log, &log))
		return;
	for (i = erc_log_news(&log, &w->log); i < log.n && !quiet; i++)
		erc_output(erc_log_json(w->name, &log, i), erc_log_text);
	w->log = log;
}

static char *erc_monitor_options(const cJSON *json)
{
	char *text = NULL;
	size_t size;
	FILE *fp;

	fp = open_memstream(&text, &size);
	if (!fp)
		abort();
	erc_options_text(fp, erc_options_circuit, json);
	fclose(fp);
	return text;
}

static void erc_monitor_compare_options(struct erc_monitor *w,
					const struct erc_link *link, bool quiet)
{
	cJSON *json = erc_monitor_json(link->name, w->options ? "config" : "add");
	char *options;

	erc_options_json_nest(json, erc_options_circuit, link->data);
	options = erc_monitor_options(json);
	if (quiet || (w->options && !strcmp(options, w->options)))
		cJSON_Delete(json);
	else
		erc_output(json, erc_monitor_text);
	free(w->options);
	w->options = options;
}

static void erc_monitor_compare(const struct erc_link *link, bool quiet)
{
	struct erc_monitor **at = erc_monitor_find(link->ifindex);

	if (!*at) {
		*at = calloc(1, sizeof(**at));
		if (!*at)
			abort();
		(*at)->ifindex = link->ifindex;
	}
	memcpy((*at)->name, link->name, sizeof(link->name));
	(*at)->stale = false;
	erc_monitor_compare_options(*at, link, quiet);
	erc_monitor_compare_log(*at, quiet);
}

static void erc_monitor_del(struct erc_monitor **at)
{
	struct erc_monitor *w = *at;

	erc_output(erc_monitor_json(w->name, "del"), erc_monitor_text);
	*at = w->next;
	free(w->options);
	free(w);
}

/* --- notifications ------------------------------------------------------- */

static int erc_monitor_each(const struct erc_link *link, void *data)
{
	erc_monitor_compare(link, *(bool *)data);
	return 0;
}

/* Compare all circuits: at the start, and after lost notifications. */
static int erc_monitor_all(bool quiet)
{
	struct erc_monitor **at, *w;

	for (w = erc_monitors; w; w = w->next)
		w->stale = true;
	if (erc_rtnl_each(NULL, erc_monitor_each, &quiet))
		return -1;
	for (at = &erc_monitors; *at;)
		if ((*at)->stale)
			erc_monitor_del(at);
		else
			at = &(*at)->next;
	return 0;
}

static int erc_monitor_message(const struct nlmsghdr *nlh, void *data)
{
	struct erc_monitor **at;
	struct erc_link link;

	if (!erc_rtnl_link(nlh, &link))
		return MNL_CB_OK;
	at = erc_monitor_find(link.ifindex);
	if (nlh->nlmsg_type == RTM_NEWLINK)
		erc_monitor_compare(&link, false);
	else if (*at)
		erc_monitor_del(at);
	return MNL_CB_OK;
}

int erc_monitor(void)
{
	struct mnl_socket *nl = erc_rtnl_open(RTMGRP_LINK);
	char buf[32768];
	ssize_t n;

	erc_output_stream();
	if (erc_monitor_all(true))
		return -1;
	for (;;) {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (n >= 0)
			mnl_cb_run(buf, n, 0, 0, erc_monitor_message, NULL);
		else if (errno != ENOBUFS)
			return erc_error("cannot receive from rtnetlink: %s",
					 strerror(errno));
		else if (erc_monitor_all(false))
			return -1;
	}
}
