// SPDX-License-Identifier: GPL-2.0
/*
 * Measures the time from the cause of a switch to the first packet on the other
 * leg, repeatedly.
 *
 * usage: switch CIRCUIT LEG OTHER KIND TIMES [NETNS FAR-LEG]
 *
 * CIRCUIT is revertive, does not wait to restore and prefers LEG. KIND is the cause
 * of the switch:
 *	carrier	LEG, a dummy, loses its carrier
 *	command	"switch forced"
 *	fault	"fault down" on LEG
 *	silent	"fault blackhole" on FAR-LEG, the other end of LEG, in NETNS
 *
 * The caller has set pktgen up; it sends through CIRCUIT to 10.9.0.1 until it is
 * stopped. If the far end must detect the failure, this program sends instead,
 * one packet per ms, because pktgen leaves no idle time.
 *
 * The time starts before the system call that causes the switch.
 *
 * Prints members of a JSON object:
 *	ns	the times
 *	late	packets that entered LEG after the system call
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define FRAMES		8192U
#define DESTINATION	0x0a090001U	/* 10.9.0.1 */
#define TIMEOUT_MS	20000

struct bench {
	struct mnl_socket *nl;
	char carrier[64];
	struct request begin, end;
	struct ring leg, other;
	unsigned int leg_next, other_next;	/* frames to look at */
	unsigned int pause_us;			/* longest pause before a switch */
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000UL + ts.tv_nsec;
}

static void carrier_set(const struct bench *b, const char *value)
{
	int fd = open(b->carrier, O_WRONLY);

	if (fd < 0 || write(fd, value, 1) != 1)
		err(1, "%s", b->carrier);
	close(fd);
}

static void begin(struct bench *b)
{
	if (*b->carrier)
		carrier_set(b, "0");
	else
		request_send(b->nl, &b->begin);
}

static void end(struct bench *b)
{
	if (*b->carrier)
		carrier_set(b, "1");
	/* The kernel may report a carrier a second late, so poll. */
	request_send(b->nl, &b->end);
}

/* Return: true for payload, false for ARP and BFD. */
static bool frame_counts(const struct tpacket2_hdr *frame)
{
	const struct iphdr *ip = (const void *)frame + frame->tp_net;

	return ip->version == 4 && ip->daddr == htonl(DESTINATION);
}

/* Give all frames back. Return: number of frames that are not older than @since. */
static unsigned int ring_drain(struct ring *ring, unsigned int *next,
			       uint64_t since)
{
	struct tpacket2_hdr *frame;
	unsigned int n = 0;

	for (;; (*next)++) {
		frame = ring_frame(ring, *next);
		if (!(frame->tp_status & TP_STATUS_USER))
			return n;
		n += frame_counts(frame) && frame_when(frame) >= since;
		frame->tp_status = TP_STATUS_KERNEL;
	}
}

/* Return: time of the first frame that is not older than @since. */
static uint64_t ring_first(struct ring *ring, unsigned int *next,
			   uint64_t since)
{
	struct pollfd first = { .fd = ring->fd, .events = POLLIN };
	struct tpacket2_hdr *frame;
	uint64_t when;

	for (;; (*next)++) {
		frame = ring_frame(ring, *next);
		if (!(frame->tp_status & TP_STATUS_USER) &&
		    poll(&first, 1, TIMEOUT_MS) != 1)
			errx(1, "no packet");
		when = frame_when(frame);
		if (frame_counts(frame) && when >= since)
			return when;
		frame->tp_status = TP_STATUS_KERNEL;
	}
}

/* Switch once and back. Adds to *late. Return: ns. */
static uint64_t measure(struct bench *b, unsigned int *late)
{
	uint64_t start, done, when;

	ring_drain(&b->leg, &b->leg_next, 0);
	ring_first(&b->leg, &b->leg_next, now());
	/* Vary the moment between two packets of BFD. */
	if (b->pause_us)
		usleep(rand() % b->pause_us);
	ring_drain(&b->other, &b->other_next, 0);
	start = now();
	begin(b);
	done = now();
	when = ring_first(&b->other, &b->other_next, start);
	*late += ring_drain(&b->leg, &b->leg_next, done);
	end(b);
	return when - start;
}

/* A thread that runs until the program ends */
static void *send_slowly(void *arg)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr.s_addr = htonl(DESTINATION) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		err(1, "socket");
	for (;;) {
		sendto(fd, "", 1, 0, (struct sockaddr *)&to, sizeof(to));
		usleep(1000);
	}
	return arg;
}

/* Send the requests in the far end's namespace. */
static void prepare_silent(struct bench *b, const char *netns, const char *leg)
{
	int home = netns_enter(netns);

	b->nl = netlink_open();
	request_make(&b->begin, leg, true, IFLA_ERCIRCUIT_LEG_FAULT,
		     ERCIRCUIT_FAULT_BLACKHOLE);
	request_make(&b->end, leg, true, IFLA_ERCIRCUIT_LEG_FAULT,
		     ERCIRCUIT_FAULT_NONE);
	netns_leave(home);
	b->pause_us = 50000;
}

static void prepare(struct bench *b, char **argv)
{
	const char *dev = argv[1], *leg = argv[2], *kind = argv[4];

	b->nl = netlink_open();
	ring_open(&b->leg, leg, FRAMES);
	ring_open(&b->other, argv[3], FRAMES);
	request_make(&b->begin, leg, true, IFLA_ERCIRCUIT_LEG_FAULT,
		     ERCIRCUIT_FAULT_DOWN);
	request_make(&b->end, leg, true, IFLA_ERCIRCUIT_LEG_FAULT,
		     ERCIRCUIT_FAULT_NONE);
	if (!strcmp(kind, "carrier")) {
		snprintf(b->carrier, sizeof(b->carrier),
			 "/sys/class/net/%s/carrier", leg);
	} else if (!strcmp(kind, "command")) {
		request_make(&b->begin, dev, false, IFLA_ERCIRCUIT_SWITCH,
			     ERCIRCUIT_SWITCH_FORCED);
		request_make(&b->end, dev, false, IFLA_ERCIRCUIT_SWITCH,
			     ERCIRCUIT_SWITCH_CLEAR);
	} else if (!strcmp(kind, "silent")) {
		prepare_silent(b, argv[6], argv[7]);
	} else if (strcmp(kind, "fault")) {
		errx(2, "KIND is carrier, command, fault or silent");
	}
}

int main(int argc, char **argv)
{
	unsigned int i, times, late = 0;
	static struct bench b;
	pthread_t sender;

	if (argc != 6 && argc != 8)
		errx(2, "usage: switch CIRCUIT LEG OTHER KIND TIMES [NETNS FAR-LEG]");
	prepare(&b, argv);
	times = strtoul(argv[5], NULL, 0);
	if (pthread_create(&sender, NULL,
			   argc == 8 ? send_slowly : run_pktgen, NULL))
		errx(1, "pthread_create");
	printf("\"ns\": [");
	for (i = 0; i < times; i++)
		printf("%s%lu", i ? ", " : "", measure(&b, &late));
	printf("], \"late\": %u\n", late);
	/* Stop pktgen, which would go on after the end of the program. */
	fflush(stdout);
	_exit(0);
}
