// SPDX-License-Identifier: GPL-2.0
/*
 * Send numbered UDP packets, or receive them and report for each flow which
 * packets are missing or out of order.
 *
 * A flow is one socket of the sender. Every packet carries the number of its
 * flow and its own number, so the receiver needs no other information.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/types.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef SOL_UDP
#define SOL_UDP 17
#endif

#define FLOWS_MAX	256
#define SIZE_MAX_UDP	65000
#define DRAIN_MS	300
#define BIND_TRIES	6000	/* every 10 ms */
#define BUFFER_BYTES	(64 << 20)

struct packet {
	__u32 flow;
	__u32 pad;
	__u64 number;
};

/* The receiver's state of a flow; next is the expected number. */
struct seen {
	__u64 next;
	__u64 received;
};

static char space[SIZE_MAX_UDP];
static struct seen seen[FLOWS_MAX];
static sig_atomic_t stopped, asked;

static void help(void)
{
	fprintf(stderr,
		"usage: flow recv FILE PORT\n"
		"       flow send [-n PACKETS] [-r PER_SECOND] [-f FLOWS] [-s BYTES]\n"
		"                 [-m BYTES] [-d SECONDS] [-D] [-g SEGMENT] [-S SOURCE]\n"
		"                 [-P PORT]\n"
		"                 ADDRESS PORT\n"
		"\n"
		"recv starts a receiver in the background and prints its process ID.\n"
		"On SIGTERM the receiver waits for packets that are under way, writes\n"
		"FILE and exits; on SIGUSR1 it writes FILE and continues.\n"
		"send -D gives each flow the next higher address; -d sends for SECONDS\n"
		"instead of -n packets; -g lets the kernel segment (UDP_SEGMENT);\n"
		"-m is the size of every second packet of a flow; -S and -P fix the\n"
		"source address and port (flow n uses PORT + n).\n"
		"It prints the number of packets that it sent, the times of the first\n"
		"and the last in ms, and with -d the longest time between two packets.\n");
	exit(2);
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void stop(int sig)
{
	stopped = 1;
}

static void ask(int sig)
{
	asked = 1;
}

/* Receive both families, or IPv4 only if the host has no IPv6. */
static int receiver_open(int port)
{
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), off = 0, size = BUFFER_BYTES;
	struct sockaddr_in6 any6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	struct sockaddr_in any4 = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};
	struct sockaddr *any = (struct sockaddr *)&any6;
	socklen_t length = sizeof(any6);
	int tries = BIND_TRIES;

	if (fd < 0) {
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		any = (struct sockaddr *)&any4;
		length = sizeof(any4);
	}
	if (fd < 0)
		die("socket");
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		die("SO_RCVBUFFORCE");
	/* The receiver before this one may not have ended yet. */
	while (bind(fd, any, length)) {
		if (errno != EADDRINUSE || !tries--)
			die("bind");
		usleep(10000);
	}
	return fd;
}

static void receive(const struct packet *p, __s64 *lost, __u64 *late)
{
	struct seen *s = &seen[p->flow % FLOWS_MAX];

	s->received++;
	if (p->number >= s->next) {
		*lost += p->number - s->next;
		s->next = p->number + 1;
	} else {
		/* It was counted as lost before. */
		--*lost;
		++*late;
	}
}

static void report(const char *file, __u64 received, __s64 lost,
		   __u64 late)
{
	const char *comma = "";
	FILE *f = fopen(file, "w");
	int i;

	if (!f)
		die(file);
	fprintf(f, "{\"received\":%llu,\"lost\":%lld,\"reordered\":%llu,\"flows\":{",
		received, lost,
		late);
	for (i = 0; i < FLOWS_MAX; i++) {
		if (!seen[i].received)
			continue;
		fprintf(f, "%s\"%d\":%llu", comma, i,
			seen[i].received);
		comma = ",";
	}
	fprintf(f, "}}\n");
	if (fclose(f))
		die(file);
}

static void receive_all(int fd, const char *file)
{
	struct timeval drain = { .tv_usec = DRAIN_MS * 1000 };
	struct packet *p = (struct packet *)space;
	__u64 received = 0, late = 0;
	__s64 lost = 0;
	ssize_t len;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &drain, sizeof(drain));
	for (;;) {
		if (asked) {
			asked = 0;
			report(file, received, lost, late);
		}
		len = recv(fd, space, sizeof(space), 0);
		if (len < 0 && stopped && errno != EINTR)
			break;
		if (len < (ssize_t)sizeof(*p))
			continue;
		received++;
		receive(p, &lost, &late);
	}
	report(file, received, lost, late);
}

static int cmd_recv(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = stop };
	struct sigaction report = { .sa_handler = ask };
	pid_t pid;
	int fd;

	if (argc != 3)
		help();
	fd = receiver_open(atoi(argv[2]));
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &report, NULL);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid) {
		printf("%d\n", (int)pid);
		return 0;
	}
	setsid();
	if (!freopen("/dev/null", "w", stdout))
		die("/dev/null");
	receive_all(fd, argv[1]);
	return 0;
}

struct options {
	__u64 packets;
	__u64 rate;
	int flows;
	int size;
	int mixed;
	int seconds;
	int next_address;
	int segment;
	const char *source;
	int port;
};

static struct addrinfo *resolve(const char *host, const char *port)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_DGRAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	};
	struct addrinfo *info;

	if (getaddrinfo(host, port, &hints, &info)) {
		fprintf(stderr, "flow: no address: %s %s\n", host, port);
		exit(1);
	}
	return info;
}

static void address_add(struct sockaddr *addr, int n)
{
	if (addr->sa_family == AF_INET) {
		struct sockaddr_in *in = (struct sockaddr_in *)addr;

		in->sin_addr.s_addr = htonl(ntohl(in->sin_addr.s_addr) + n);
	} else {
		((struct sockaddr_in6 *)addr)->sin6_addr.s6_addr[15] += n;
	}
}

static int sender_open(const struct options *o, const char *host,
		       const char *port, int flow)
{
	struct addrinfo *to = resolve(host, port), *from;
	int fd = socket(to->ai_family, SOCK_DGRAM, 0);

	if (fd < 0)
		die("socket");
	if (o->source) {
		snprintf(space, sizeof(space), "%d",
			 o->port ? o->port + flow : 0);
		from = resolve(o->source, space);
		if (bind(fd, from->ai_addr, from->ai_addrlen))
			die("bind");
	}
	if (o->segment && setsockopt(fd, SOL_UDP, UDP_SEGMENT, &o->segment,
				     sizeof(o->segment)))
		die("UDP_SEGMENT");
	if (o->next_address)
		address_add(to->ai_addr, flow);
	if (connect(fd, to->ai_addr, to->ai_addrlen))
		die("connect");
	freeaddrinfo(to);
	return fd;
}

static __u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* Sleep until packet number n is due. */
static void pace(__u64 start, __u64 n, __u64 rate)
{
	__u64 due, now;
	struct timespec t;

	if (!rate)
		return;
	due = start + n * 1000000000ULL / rate;
	now = now_ns();
	if (due <= now)
		return;
	t.tv_sec = (due - now) / 1000000000ULL;
	t.tv_nsec = (due - now) % 1000000000ULL;
	nanosleep(&t, NULL);
}

/* Times of the first and the last packet, and the longest time between two. */
struct times {
	__u64 start;
	__u64 last;
	__u64 gap;
};

static int finished(const struct options *o, struct times *t, __u64 n)
{
	__u64 now;

	if (!o->seconds)
		return stopped || n >= o->packets;
	now = now_ns();
	if (now - t->last > t->gap)
		t->gap = now - t->last;
	t->last = now;
	return stopped || now - t->start >= o->seconds * 1000000000ULL;
}

/* Number each packet into which the kernel will segment the buffer. */
static __u64 number_all(const struct options *o, int flow, __u64 number)
{
	int step = o->segment ? o->segment : o->size, at;
	__u64 n = 0;

	for (at = 0; at + (int)sizeof(struct packet) <= o->size; at += step) {
		struct packet p = { .flow = flow, .number = number + n };

		memcpy(space + at, &p, sizeof(p));
		n++;
	}
	return n;
}

/* ECONNREFUSED concerns an earlier packet, so send this one again. */
static ssize_t send_one(int fd, const void *data, size_t size)
{
	ssize_t sent = send(fd, data, size, 0);

	return sent < 0 && errno == ECONNREFUSED ? send(fd, data, size, 0) :
						   sent;
}

static int cmd_send(const struct options *o, const char *host,
		    const char *port)
{
	struct sigaction action = { .sa_handler = stop };
	__u64 accepted = 0, refused = 0, segments, n;
	__u64 numbers[FLOWS_MAX] = {};
	struct times t = {};
	int fds[FLOWS_MAX], i, size;

	sigaction(SIGTERM, &action, NULL);
	for (i = 0; i < o->flows; i++)
		fds[i] = sender_open(o, host, port, i);
	/* The first byte tells the caller that all flows are connected. */
	printf("{");
	fflush(stdout);
	t.start = now_ns();
	t.last = t.start;
	for (n = 0; !finished(o, &t, n); n++) {
		i = n % o->flows;
		pace(t.start, n, o->rate);
		segments = number_all(o, i, numbers[i]);
		size = o->mixed && numbers[i] % 2 ? o->mixed : o->size;
		if (send_one(fds[i], space, size) < 0) {
			refused++;
			continue;
		}
		numbers[i] += segments;
		accepted += segments;
	}
	t.last = now_ns();
	printf("\"accepted\":%llu,\"refused\":%llu,\"ms\":%llu,",
	       accepted, refused, (t.last - t.start) / 1000000);
	printf("\"from_ms\":%llu,\"to_ms\":%llu,\"gap_ms\":%llu}\n",
	       t.start / 1000000, t.last / 1000000, t.gap / 1000000 + 1);
	return 0;
}

static int parse_send(int argc, char **argv)
{
	struct options o = { .packets = 1000, .flows = 1, .size = 64 };
	int c;

	while ((c = getopt(argc, argv, "n:r:f:s:m:d:Dg:S:P:")) != -1) {
		switch (c) {
		case 'n':
			o.packets = strtoull(optarg, NULL, 0);
			break;
		case 'r':
			o.rate = strtoull(optarg, NULL, 0);
			break;
		case 'f':
			o.flows = atoi(optarg);
			break;
		case 's':
			o.size = atoi(optarg);
			break;
		case 'm':
			o.mixed = atoi(optarg);
			break;
		case 'd':
			o.seconds = atoi(optarg);
			break;
		case 'D':
			o.next_address = 1;
			break;
		case 'g':
			o.segment = atoi(optarg);
			break;
		case 'S':
			o.source = optarg;
			break;
		case 'P':
			o.port = atoi(optarg);
			break;
		default:
			help();
		}
	}
	if (argc - optind != 2 || o.flows < 1 || o.flows > FLOWS_MAX ||
	    o.size < (int)sizeof(struct packet) || o.size > SIZE_MAX_UDP ||
	    o.mixed < 0 || o.mixed > SIZE_MAX_UDP)
		help();
	return cmd_send(&o, argv[optind], argv[optind + 1]);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "recv"))
		return cmd_recv(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "send"))
		return parse_send(argc - 1, argv + 1);
	help();
}
