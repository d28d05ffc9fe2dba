// SPDX-License-Identifier: GPL-2.0
/*
 * A flow of numbered UDP packets at a steady rate, a command that breaks the
 * path in the middle of it, and an account of what did not arrive.
 *
 * usage: flow RATE MS CUT-MS ADDRESS LEG NETNS -- COMMAND [ARG]...
 *
 * Sends RATE packets a second for MS to ADDRESS, received in NETNS, and runs
 * COMMAND after CUT-MS. Prints members of a JSON object:
 *	sent, lost	packets
 *	rate		of sending as it was, in packets a second
 *	lost_after	lost of those sent after LEG's carrier fell
 *	gap_us		longest run of lost packets, in time
 *	arrived		packets that arrived, by ms of their sending, from
 *			BEFORE ms before the carrier fell
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT	9999
#define BURST	64
#define BEFORE	20
#define SHOWN	200

static uint64_t rate, total, sent, fell = UINT64_MAX;
static unsigned char *got;
static uint64_t *when;
static int tx, rx, count_fd;
static atomic_bool done;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* How often the leg lost its carrier; the kernel takes no lock for it. */
static long carrier_downs(void)
{
	char text[16] = "";

	if (pread(count_fd, text, sizeof(text) - 1, 0) < 0)
		err(1, "carrier_down_count");
	return atol(text);
}

static void send_burst(unsigned int n)
{
	static uint64_t seq[BURST];
	struct iovec iov[BURST];
	struct mmsghdr msgs[BURST] = {};
	/* Once, as it is a system call in user-mode Linux. */
	uint64_t now = now_ns();
	unsigned int i;
	int r;

	for (i = 0; i < n; i++) {
		seq[i] = sent + i;
		when[sent + i] = now;
		iov[i] = (struct iovec){ &seq[i], sizeof(seq[i]) };
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	/* An error is that of one packet, which counts as lost. */
	for (i = 0; i < n; i += r > 0 ? r : 1)
		r = sendmmsg(tx, msgs + i, n - i, 0);
	sent += n;
}

static void *send_all(void *arg)
{
	uint64_t start = now_ns(), due, n;
	long downs = carrier_downs();

	(void)arg;
	while (sent < total) {
		due = (now_ns() - start) * rate / 1000000000;
		n = due > sent ? due - sent : 0;
		if (n > total - sent)
			n = total - sent;
		if (!n)
			continue;
		if (fell == UINT64_MAX && carrier_downs() != downs)
			fell = sent;
		send_burst(n > BURST ? BURST : n);
	}
	return NULL;
}

static void *receive_all(void *arg)
{
	uint64_t seq[BURST];
	struct iovec iov[BURST];
	struct mmsghdr msgs[BURST] = {};
	int i, n;

	(void)arg;
	for (i = 0; i < BURST; i++) {
		iov[i] = (struct iovec){ &seq[i], sizeof(seq[i]) };
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	/* Until nothing has come for the time-out of the socket. */
	for (;;) {
		n = recvmmsg(rx, msgs, BURST, MSG_WAITFORONE, NULL);
		if (n <= 0 && done)
			return NULL;
		for (i = 0; i < n; i++)
			if (seq[i] < total)
				got[seq[i]] = 1;
	}
}

static void open_rx(const char *netns)
{
	struct sockaddr_in any = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};
	struct timeval patience = { .tv_usec = 200000 };
	int size = 64 << 20, home, there;
	char path[128];

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	home = open("/proc/self/ns/net", O_RDONLY);
	there = open(path, O_RDONLY);
	if (home < 0 || there < 0 || setns(there, CLONE_NEWNET))
		err(1, "%s", path);
	rx = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(rx, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(rx, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (bind(rx, (struct sockaddr *)&any, sizeof(any)) ||
	    setns(home, CLONE_NEWNET))
		err(1, "receiver");
}

static void open_tx(const char *address, const char *leg)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};
	char path[128];

	tx = socket(AF_INET, SOCK_DGRAM, 0);
	if (inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    connect(tx, (struct sockaddr *)&to, sizeof(to)))
		err(1, "%s", address);
	snprintf(path, sizeof(path), "/sys/class/net/%s/carrier_down_count",
		 leg);
	count_fd = open(path, O_RDONLY);
	if (count_fd < 0)
		err(1, "%s", path);
}

static void run(char **command)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execvp(command[0], command);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "%s failed", command[0]);
}

static void report_arrived(void)
{
	unsigned int arrived[SHOWN] = {}, i;
	uint64_t seq, ms;

	for (seq = 0; seq < total; seq++) {
		ms = (when[seq] + BEFORE * 1000000ULL - when[fell]) / 1000000;
		if (got[seq] && ms < SHOWN)
			arrived[ms]++;
	}
	printf(", \"before_ms\": %d, \"arrived\": [", BEFORE);
	for (i = 0; i < SHOWN; i++)
		printf("%s%u", i ? ", " : "", arrived[i]);
	printf("]");
}

static void report(void)
{
	uint64_t seq, lost = 0, after = 0, run = 0, gap = 0;

	for (seq = 0; seq < total; seq++) {
		run = got[seq] ? 0 : run + 1;
		gap = run > gap ? run : gap;
		lost += !got[seq];
		after += !got[seq] && seq >= fell;
	}
	if (fell == UINT64_MAX)
		errx(1, "the carrier did not fall");
	printf("\"sent\": %lu, \"lost\": %lu, \"lost_after\": %lu, \"gap_us\": %lu, \"rate\": %lu",
	       total, lost, after, gap * 1000000 / rate,
	       total * 1000000000 / (when[total - 1] - when[0]));
	report_arrived();
	printf("\n");
}

int main(int argc, char **argv)
{
	pthread_t sender, receiver;

	if (argc < 9)
		errx(2, "usage: flow RATE MS CUT-MS ADDRESS LEG NETNS -- COMMAND...");
	rate = strtoull(argv[1], NULL, 0);
	total = rate * strtoull(argv[2], NULL, 0) / 1000;
	got = calloc(total, 1);
	when = calloc(total, sizeof(*when));
	if (!got || !when)
		err(1, "calloc");
	open_rx(argv[6]);
	open_tx(argv[4], argv[5]);
	if (pthread_create(&receiver, NULL, receive_all, NULL) ||
	    pthread_create(&sender, NULL, send_all, NULL))
		errx(1, "pthread_create");
	usleep(atoi(argv[3]) * 1000);
	run(argv + 8);
	pthread_join(sender, NULL);
	done = true;
	pthread_join(receiver, NULL);
	report();
	return 0;
}
