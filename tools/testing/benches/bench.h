/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the benches in C: rings of packet sockets, which record each packet
 * of a device with its time; pktgen and its header; requests by rtnetlink.
 */
#ifndef _ERC_BENCH_H
#define _ERC_BENCH_H

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/if_ercircuit.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/udp.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME		128U	/* headers and what pktgen writes */
#define BLOCK		(512 * FRAME)

/* Copy of the private struct in net/core/pktgen.c */
struct pktgen_hdr {
	__be32 magic, seq, sec, usec;
};

#define PKTGEN_MAGIC	0xbe9be955

struct ring {
	int fd;
	unsigned int frames;
	char *map;
};

/* Return: a descriptor for netns_leave(). */
static inline int netns_enter(const char *name)
{
	int home = open("/proc/self/ns/net", O_RDONLY), there;
	char path[128];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	there = open(path, O_RDONLY);
	if (home < 0 || there < 0 || setns(there, CLONE_NEWNET))
		err(1, "%s", path);
	close(there);
	return home;
}

static inline void netns_leave(int home)
{
	if (setns(home, CLONE_NEWNET))
		err(1, "setns");
	close(home);
}

/* Open a ring for @frames frames on a device, or on all devices if it is NULL. */
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

/* Record only packets that the device sends. */
static inline void ring_only_sent(struct ring *ring)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, FRAME),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = 4, .filter = code };

	if (setsockopt(ring->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
		       sizeof(program)))
		err(1, "packet filter");
}

/* Return: frame number @i, modulo the size of the ring. */
static inline struct tpacket2_hdr *ring_frame(const struct ring *ring,
					      unsigned int i)
{
	return (void *)(ring->map + (size_t)(i % ring->frames) * FRAME);
}

/* Return: the time at which a frame was recorded, in ns of CLOCK_REALTIME. */
static inline uint64_t frame_when(const struct tpacket2_hdr *frame)
{
	return frame->tp_sec * 1000000000UL + frame->tp_nsec;
}

/* Return: the header of pktgen in a frame, or NULL. */
static inline const struct pktgen_hdr *
frame_pktgen(const struct tpacket2_hdr *frame)
{
	const struct iphdr *ip = (const void *)frame + frame->tp_net;
	const struct pktgen_hdr *hdr;

	hdr = (const void *)ip + sizeof(*ip) + sizeof(struct udphdr);
	if ((const char *)(hdr + 1) - (const char *)ip > frame->tp_snaplen ||
	    ip->ihl * 4 != sizeof(*ip) || ip->protocol != IPPROTO_UDP ||
	    hdr->magic != htonl(PKTGEN_MAGIC))
		return NULL;
	return hdr;
}

/*
 * Call take() for each frame of pktgen in a ring that had room for all, with
 * pktgen's header and the frame's number from 0.
 */
static inline void ring_each(const struct ring *ring, unsigned int count,
			     void (*take)(const struct tpacket2_hdr *frame,
					  const struct pktgen_hdr *hdr,
					  unsigned int seq, void *arg),
			     void *arg)
{
	const struct tpacket2_hdr *frame;
	const struct pktgen_hdr *hdr;
	unsigned int i, seq;

	for (i = 0; i < ring->frames; i++) {
		frame = ring_frame(ring, i);
		if (!(frame->tp_status & TP_STATUS_USER))
			return;
		hdr = frame_pktgen(frame);
		seq = hdr ? ntohl(hdr->seq) - 1 : count;
		if (seq < count)
			take(frame, hdr, seq, arg);
	}
	errx(1, "more packets than were counted on");
}

/*
 * Thread: run pktgen, which the caller has set up, until it has sent all
 * packets.
 */
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

/* A request that is sent many times unchanged */
struct request {
	char buf[256];
	struct nlmsghdr *nlh;
};

static inline struct mnl_socket *netlink_open(void)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		err(1, "netlink");
	return nl;
}

/* Set an attribute of a circuit, or of a leg by its device. */
static inline void request_make(struct request *r, const char *dev, bool slave,
				uint16_t type, uint8_t value)
{
	struct nlattr *info, *data;
	struct ifinfomsg *ifi;

	r->nlh = mnl_nlmsg_put_header(r->buf);
	r->nlh->nlmsg_type = RTM_NEWLINK;
	r->nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	ifi = mnl_nlmsg_put_extra_header(r->nlh, sizeof(*ifi));
	ifi->ifi_index = if_nametoindex(dev);
	info = mnl_attr_nest_start(r->nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(r->nlh, slave ? IFLA_INFO_SLAVE_KIND : IFLA_INFO_KIND,
			  "ercircuit");
	data = mnl_attr_nest_start(r->nlh, slave ? IFLA_INFO_SLAVE_DATA :
						   IFLA_INFO_DATA);
	mnl_attr_put_u8(r->nlh, type, value);
	mnl_attr_nest_end(r->nlh, data);
	mnl_attr_nest_end(r->nlh, info);
}

static inline void request_send(struct mnl_socket *nl, struct request *r)
{
	char answer[1024];
	ssize_t len;

	if (mnl_socket_sendto(nl, r->nlh, r->nlh->nlmsg_len) < 0)
		err(1, "netlink");
	len = mnl_socket_recvfrom(nl, answer, sizeof(answer));
	if (len < 0 || mnl_cb_run(answer, len, 0, 0, NULL, NULL) < 0)
		err(1, "netlink");
}

#endif /* _ERC_BENCH_H */
