// SPDX-License-Identifier: GPL-2.0
/*
 * Runs pktgen, sets the far end of a leg down while it sends, and counts the
 * packets that were lost before and after.
 *
 * usage: failover DEV COUNT LEG NETNS FAR-DEV
 *
 * The caller has set up pktgen. It injects COUNT packets on DEV. LEG carries
 * them to NETNS, and loses its carrier when this program sets FAR-DEV down
 * there.
 *
 * Rings of packet sockets record each packet when it enters DEV and when it
 * arrives in NETNS. They have room for all packets and are read at the end.
 * pktgen's payload contains the packet's number and the time of its creation.
 *
 * The caller has set up a kprobe, on a machine with one CPU. Its trace contains
 * the time at which the carrier bit was cleared; no packet is in transit at
 * that time.
 *
 * Prints members of a JSON object:
 *	sent, lost	packets
 *	rate		measured rate, packets/s
 *	lost_after	lost packets that were created after the bit was cleared
 *	gap_us		longest time without an arriving packet
 *	arrived		packets that arrived, by ms of their creation, from
 *			before_ms ms before the bit was cleared
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "bench.h"

#define OTHERS		4096U	/* frames for packets that are not ours */
#define CUT_AFTER_MS	100
#define BEFORE_MS	20
#define SHOWN_MS	200

/* Return: the time at which the device lost its carrier, in ns. Trace lines are
 * "TASK [CPU] FLAGS SECONDS.MICROSECONDS: EVENT: (FUNCTION) ifindex=N".
 */
static uint64_t carrier_fell(unsigned int ifindex)
{
	static const char path[] = "/sys/kernel/tracing/trace";
	unsigned long sec, usec;
	unsigned int found;
	uint64_t when = 0;
	char line[256];
	const char *p;
	FILE *f = fopen(path, "r");

	if (!f)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), f)) {
		p = strchr(line, ']');
		if (!p || sscanf(p, "] %*s %lu.%lu: %*s %*s ifindex=%u", &sec,
				 &usec, &found) != 3 || found != ifindex)
			continue;
		when = sec * 1000000000UL + usec * 1000UL;
	}
	fclose(f);
	if (!when)
		errx(1, "the carrier did not fall");
	return when;
}

/* Record the time at which pktgen created the packet, in ns. */
static void note_made(const struct tpacket2_hdr *frame,
		      const struct pktgen_hdr *hdr, unsigned int seq, void *when)
{
	(void)frame;
	((uint64_t *)when)[seq] = ntohl(hdr->sec) * 1000000000UL +
				  ntohl(hdr->usec) * 1000UL;
}

/* Wait until the flow is steady, then set the far end down. */
static void cut(struct ring *near, struct ring *far, const char *dev)
{
	struct pollfd first = { .fd = near->fd, .events = POLLIN };
	struct ifreq ifr = {};

	if (poll(&first, 1, 5000) != 1)
		errx(1, "pktgen does not send");
	usleep(CUT_AFTER_MS * 1000);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (ioctl(far->fd, SIOCGIFFLAGS, &ifr))
		err(1, "%s", dev);
	ifr.ifr_flags &= ~IFF_UP;
	if (ioctl(far->fd, SIOCSIFFLAGS, &ifr))
		err(1, "%s", dev);
}

static void report_losses(const uint64_t *made, const uint64_t *got,
			  unsigned int count, uint64_t fell)
{
	unsigned int i, lost = 0, after = 0;
	uint64_t first_lost = 0, gap = 0;

	for (i = 0; i < count; i++) {
		if (got[i]) {
			first_lost = 0;
			continue;
		}
		lost++;
		after += made[i] >= fell;
		if (!first_lost)
			first_lost = made[i];
		if (i + 1 < count && made[i + 1] - first_lost > gap)
			gap = made[i + 1] - first_lost;
	}
	printf("\"sent\": %u, \"lost\": %u, \"lost_after\": %u, \"gap_us\": %lu",
	       count, lost, after, gap / 1000);
}

static void report_arrived(const uint64_t *got, unsigned int count,
			   uint64_t fell)
{
	unsigned int arrived[SHOWN_MS] = {}, i;
	uint64_t ms, start = fell - BEFORE_MS * 1000000UL;

	for (i = 0; i < count; i++) {
		ms = (got[i] - start) / 1000000;
		if (got[i] >= start && ms < SHOWN_MS)
			arrived[ms]++;
	}
	printf(", \"before_ms\": %d, \"arrived\": [", BEFORE_MS);
	for (i = 0; i < SHOWN_MS; i++)
		printf("%s%u", i ? ", " : "", arrived[i]);
	printf("]");
}

static void report(struct ring *near, struct ring *far, unsigned int count,
		   uint64_t fell)
{
	uint64_t *made = calloc(count, sizeof(*made));
	uint64_t *got = calloc(count, sizeof(*got));
	unsigned int i;

	if (!made || !got)
		err(1, "calloc");
	ring_each(near, count, note_made, made);
	ring_each(far, count, note_made, got);
	for (i = 0; i < count; i++)
		if (!made[i])
			errx(1, "packet %u was not sent", i);
	report_losses(made, got, count, fell);
	printf(", \"rate\": %lu",
	       (count - 1) * 1000000000UL / (made[count - 1] - made[0]));
	report_arrived(got, count, fell);
	printf("\n");
	free(made);
	free(got);
}

int main(int argc, char **argv)
{
	struct ring near, far;
	unsigned int count;
	pthread_t pktgen;
	int home;

	if (argc != 6)
		errx(2, "usage: failover DEV COUNT LEG NETNS FAR-DEV");
	count = strtoul(argv[2], NULL, 0);
	ring_open(&near, argv[1], count + OTHERS);
	home = netns_enter(argv[4]);
	ring_open(&far, NULL, count + OTHERS);
	netns_leave(home);
	if (pthread_create(&pktgen, NULL, run_pktgen, NULL))
		errx(1, "pthread_create");
	cut(&near, &far, argv[5]);
	pthread_join(pktgen, NULL);
	report(&near, &far, count, carrier_fell(if_nametoindex(argv[3])));
	return 0;
}
