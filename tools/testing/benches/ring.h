/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the benches in C share: rings of packet sockets, which take each packet
 * of a device with the time, and pktgen.
 */
#ifndef _ERC_BENCH_RING_H
#define _ERC_BENCH_RING_H

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME		128U	/* headers and what pktgen writes */
#define BLOCK		(512 * FRAME)

struct ring {
	int fd;
	unsigned int frames;
	char *map;
};

/* Open a ring on a device, NULL = all, with room for so many frames. */
static inline void ring_open(struct ring *ring, const char *dev,
			     unsigned int count)
{
	struct tpacket_req req = { .tp_block_size = BLOCK,
				   .tp_frame_size = FRAME };
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = dev ? if_nametoindex(dev) : 0,
	};
	int version = TPACKET_V2;

	req.tp_block_nr = count / (BLOCK / FRAME) + 1;
	req.tp_frame_nr = req.tp_block_nr * (BLOCK / FRAME);
	ring->frames = req.tp_frame_nr;
	ring->fd = socket(AF_PACKET, SOCK_DGRAM, 0);
	if (ring->fd < 0 ||
	    setsockopt(ring->fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) ||
	    setsockopt(ring->fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)))
		err(1, "packet socket");
	ring->map = mmap(NULL, (size_t)req.tp_block_nr * BLOCK,
			 PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	if (ring->map == MAP_FAILED ||
	    bind(ring->fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "packet socket");
}

static inline struct tpacket2_hdr *ring_frame(const struct ring *ring,
					      unsigned int i)
{
	return (void *)(ring->map + (size_t)(i % ring->frames) * FRAME);
}

/* Inject what the caller has set up; a thread. Ends when all is sent. */
static inline void *run_pktgen(void *arg)
{
	static const char path[] = "/proc/net/pktgen/pgctrl";
	int fd = open(path, O_WRONLY);

	(void)arg;
	if (fd < 0 || write(fd, "start\n", 6) != 6)
		err(1, "%s", path);
	close(fd);
	return NULL;
}

#endif /* _ERC_BENCH_RING_H */
