// SPDX-License-Identifier: GPL-2.0
/*
 * Drains a leg and gives commands repeatedly while packets flow in both
 * directions, and checks that each packet arrived once and in order.
 *
 * usage: drain CIRCUIT IN LEG OTHER COUNT TIMES out|in|both
 *
 * The caller has set up pktgen. It injects COUNT packets on IN, which CIRCUIT
 * sends by LEG or OTHER (out); or on LEG, from which CIRCUIT receives them and
 * the host forwards them to IN (in); or both.
 *
 * Prints members of a JSON object:
 *	count		packets, in each direction
 *	actions		drains, commands and their ends
 *	rate		measured rate of the slower direction, packets/s
 *	lost, twice, reordered	packets, of both directions
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define GAP_MS		3

struct tally {
	uint64_t *when;		/* by number, 0 = never */
	unsigned int lost, twice, reordered;
	unsigned long rate;
};

static bool running = true;	/* pktgen runs */

static void *send_all(void *arg)
{
	run_pktgen(arg);
	__atomic_store_n(&running, false, __ATOMIC_RELEASE);
	return NULL;
}

static void act(struct mnl_socket *nl, struct request *r)
{
	usleep(GAP_MS * 1000);
	if (!__atomic_load_n(&running, __ATOMIC_ACQUIRE))
		errx(1, "packets ended before the actions");
	request_send(nl, r);
}

/* Return: number of actions. */
static unsigned int act_all(struct mnl_socket *nl, const char *circuit,
			    const char *leg, unsigned int times)
{
	static const uint8_t commands[] = {
		ERCIRCUIT_SWITCH_FORCED, ERCIRCUIT_SWITCH_MANUAL_SECONDARY,
		ERCIRCUIT_SWITCH_MANUAL_PRIMARY, ERCIRCUIT_SWITCH_LOCKOUT,
		ERCIRCUIT_SWITCH_EXERCISE,
	};
	const unsigned int n = sizeof(commands) / sizeof(*commands);
	struct request on, off, command, clear;
	unsigned int i, j;

	request_make(&on, leg, true, IFLA_ERCIRCUIT_LEG_DRAIN, 1);
	request_make(&off, leg, true, IFLA_ERCIRCUIT_LEG_DRAIN, 0);
	request_make(&clear, circuit, false, IFLA_ERCIRCUIT_SWITCH,
		     ERCIRCUIT_SWITCH_CLEAR);
	for (i = 0; i < times; i++) {
		act(nl, &on);
		act(nl, &off);
		for (j = 0; j < n; j++) {
			request_make(&command, circuit, false,
				     IFLA_ERCIRCUIT_SWITCH, commands[j]);
			act(nl, &command);
			act(nl, &clear);
		}
	}
	return times * 2 * (n + 1);
}

/* Return: the time at which the packet was sent. */
static void note_sent(const struct tpacket2_hdr *frame,
		      const struct pktgen_hdr *hdr, unsigned int seq, void *arg)
{
	struct tally *tally = arg;

	(void)hdr;
	tally->twice += tally->when[seq] != 0;
	tally->when[seq] = frame_when(frame);
}

static void judge(unsigned int count, struct tally *tally)
{
	const uint64_t *when = tally->when;
	uint64_t first = 0, latest = 0;
	unsigned int i;

	for (i = 0; i < count; i++) {
		tally->lost += !when[i];
		tally->reordered += when[i] && when[i] < latest;
		if (when[i] > latest)
			latest = when[i];
		if (!first)
			first = latest;
	}
	tally->rate = (count - 1) * 1000000000UL / (latest - first);
}

/*
 * Compare the packets of one direction in two rings, one of which may be NULL.
 */
static void account(struct ring *a, struct ring *b, unsigned int count,
		    struct tally *tally)
{
	tally->when = calloc(count, sizeof(*tally->when));
	if (!tally->when)
		err(1, "calloc");
	ring_each(a, count, note_sent, tally);
	if (b)
		ring_each(b, count, note_sent, tally);
	judge(count, tally);
	free(tally->when);
}

static void ring_open_sent(struct ring *ring, const char *dev,
			   unsigned int count)
{
	/* Leave room for other packets that the device sends. */
	ring_open(ring, dev, count + 4096);
	ring_only_sent(ring);
}

/* Wait until pktgen's packets reach one of the rings. */
static void wait_for_packet(const struct ring *a, const struct ring *b)
{
	struct pollfd first[] = {
		{ .fd = a->fd, .events = POLLIN },
		{ .fd = b->fd, .events = POLLIN },
	};

	if (poll(first, 2, 5000) < 1)
		errx(1, "pktgen does not send");
}

int main(int argc, char **argv)
{
	struct tally out = {}, in = {};
	struct ring back, leg, other;
	unsigned int count, actions;
	pthread_t pktgen;

	if (argc != 8)
		errx(2, "usage: drain CIRCUIT IN LEG OTHER COUNT TIMES out|in|both");
	count = strtoul(argv[5], NULL, 0);
	ring_open_sent(&back, argv[2], count);
	ring_open_sent(&leg, argv[3], count);
	ring_open_sent(&other, argv[4], count);
	if (pthread_create(&pktgen, NULL, send_all, NULL))
		errx(1, "pthread_create");
	wait_for_packet(&leg, &back);
	actions = act_all(netlink_open(), argv[1], argv[3],
			  strtoul(argv[6], NULL, 0));
	pthread_join(pktgen, NULL);
	if (strcmp(argv[7], "in"))
		account(&leg, &other, count, &out);
	if (strcmp(argv[7], "out"))
		account(&back, NULL, count, &in);
	printf("\"count\": %u, \"actions\": %u, \"rate\": %lu, ", count,
	       actions, !out.rate || (in.rate && in.rate < out.rate) ?
			in.rate : out.rate);
	printf("\"lost\": %u, \"twice\": %u, \"reordered\": %u\n",
	       out.lost + in.lost, out.twice + in.twice,
	       out.reordered + in.reordered);
	return 0;
}
