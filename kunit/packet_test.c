// SPDX-License-Identifier: GPL-2.0
/* Destinations that a circuit carries: the limits of every range */
#include <kunit/test.h>

#include "core/packet.h"

struct packet4_case {
	const char *desc;
	u32 daddr;
	bool multicast;
	bool local;
};

static const struct packet4_case packet4_cases[] = {
	{ "0.0.0.0",		0x00000000, false, true },
	{ "0.255.255.255",	0x00ffffff, false, true },
	{ "1.0.0.0",		0x01000000, false, false },
	{ "126.255.255.255",	0x7effffff, false, false },
	{ "127.0.0.1",		0x7f000001, false, true },
	{ "128.0.0.0",		0x80000000, false, false },
	{ "169.253.255.255",	0xa9fdffff, false, false },
	{ "169.254.0.0",	0xa9fe0000, false, true },
	{ "169.254.255.255",	0xa9feffff, false, true },
	{ "169.255.0.0",	0xa9ff0000, false, false },
	{ "223.255.255.255",	0xdfffffff, false, false },
	{ "224.0.0.0",		0xe0000000, true, true },
	{ "239.255.255.255",	0xefffffff, true, true },
	{ "255.255.255.255",	0xffffffff, true, true },
};

KUNIT_ARRAY_PARAM_DESC(packet4, packet4_cases, desc);

static void packet4_test(struct kunit *test)
{
	const struct packet4_case *p = test->param_value;
	__be32 daddr = htonl(p->daddr);

	KUNIT_EXPECT_EQ(test, erc_packet_is_multicast4(daddr), p->multicast);
	KUNIT_EXPECT_EQ(test, erc_packet_is_local4(daddr), p->local);
}

struct packet6_case {
	const char *desc;
	struct in6_addr daddr;
	bool multicast;
	bool local;
};

#define IN6(a, b, c, d) \
	{ .s6_addr32 = { htonl(a), htonl(b), htonl(c), htonl(d) } }

static const struct packet6_case packet6_cases[] = {
	{ "::",		IN6(0, 0, 0, 0), false, true },
	{ "::1",	IN6(0, 0, 0, 1), false, true },
	{ "::2",	IN6(0, 0, 0, 2), false, false },
	{ "::1:0:1",	IN6(0, 0, 1, 1), false, false },
	{ "2001:db8::1", IN6(0x20010db8, 0, 0, 1), false, false },
	{ "fd00::1",	IN6(0xfd000000, 0, 0, 1), false, false },
	{ "fe7f::1",	IN6(0xfe7f0000, 0, 0, 1), false, false },
	{ "fe80::1",	IN6(0xfe800000, 0, 0, 1), false, true },
	{ "febf::1",	IN6(0xfebf0000, 0, 0, 1), false, true },
	{ "fec0::1",	IN6(0xfec00000, 0, 0, 1), false, false },
	{ "feff::1",	IN6(0xfeff0000, 0, 0, 1), false, false },
	{ "ff00::",	IN6(0xff000000, 0, 0, 0), true, true },
	{ "ff02::1",	IN6(0xff020000, 0, 0, 1), true, true },
};

KUNIT_ARRAY_PARAM_DESC(packet6, packet6_cases, desc);

static void packet6_test(struct kunit *test)
{
	const struct packet6_case *p = test->param_value;

	KUNIT_EXPECT_EQ(test, erc_packet_is_multicast6(&p->daddr),
			p->multicast);
	KUNIT_EXPECT_EQ(test, erc_packet_is_local6(&p->daddr), p->local);
}

struct public4_case {
	const char *desc;
	u32 address;
	bool public;
};

static const struct public4_case public4_cases[] = {
	{ "9.255.255.255",	0x09ffffff, true },
	{ "10.0.0.0",		0x0a000000, false },
	{ "10.255.255.255",	0x0affffff, false },
	{ "11.0.0.0",		0x0b000000, true },
	{ "100.63.255.255",	0x643fffff, true },
	{ "100.64.0.0",		0x64400000, false },
	{ "100.127.255.255",	0x647fffff, false },
	{ "100.128.0.0",	0x64800000, true },
	{ "169.253.255.255",	0xa9fdffff, true },
	{ "169.254.0.0",	0xa9fe0000, false },
	{ "169.255.0.0",	0xa9ff0000, true },
	{ "172.15.255.255",	0xac0fffff, true },
	{ "172.16.0.0",		0xac100000, false },
	{ "172.31.255.255",	0xac1fffff, false },
	{ "172.32.0.0",		0xac200000, true },
	{ "192.167.255.255",	0xc0a7ffff, true },
	{ "192.168.0.0",	0xc0a80000, false },
	{ "192.169.0.0",	0xc0a90000, true },
};

KUNIT_ARRAY_PARAM_DESC(public4, public4_cases, desc);

static void public4_test(struct kunit *test)
{
	const struct public4_case *p = test->param_value;

	KUNIT_EXPECT_EQ(test, erc_packet_is_public4(htonl(p->address)),
			p->public);
}

struct public6_case {
	const char *desc;
	struct in6_addr address;
	bool public;
};

static const struct public6_case public6_cases[] = {
	{ "2603:1000::1", IN6(0x26031000, 0, 0, 1), true },
	{ "fbff::1",	IN6(0xfbff0000, 0, 0, 1), true },
	{ "fc00::1",	IN6(0xfc000000, 0, 0, 1), false },
	{ "fdff::1",	IN6(0xfdff0000, 0, 0, 1), false },
	{ "fe00::1",	IN6(0xfe000000, 0, 0, 1), true },
	{ "fe7f::1",	IN6(0xfe7f0000, 0, 0, 1), true },
	{ "fe80::1",	IN6(0xfe800000, 0, 0, 1), false },
	{ "febf::1",	IN6(0xfebf0000, 0, 0, 1), false },
	{ "fec0::1",	IN6(0xfec00000, 0, 0, 1), true },
};

KUNIT_ARRAY_PARAM_DESC(public6, public6_cases, desc);

static void public6_test(struct kunit *test)
{
	const struct public6_case *p = test->param_value;

	KUNIT_EXPECT_EQ(test, erc_packet_is_public6(&p->address), p->public);
}

/* All 64 DSCP values for each peering */
static void packet_dscp_test(struct kunit *test)
{
	u8 d;

	for (d = 0; d < 64; d++) {
		bool known = d == 46 || d == 34 || d == 18 || d == 10;

		KUNIT_EXPECT_EQ(test, erc_packet_dscp(ERCIRCUIT_PEERING_NONE, d),
				d);
		KUNIT_EXPECT_EQ(test,
				erc_packet_dscp(ERCIRCUIT_PEERING_PRIVATE, d),
				0);
		KUNIT_EXPECT_EQ(test,
				erc_packet_dscp(ERCIRCUIT_PEERING_MICROSOFT, d),
				known ? d : 0);
	}
}

/* Each leg gets half of the flows, whichever part of the addresses differs. */
static void packet_spread_test(struct kunit *test)
{
	struct in6_addr s6 = IN6(0xfd000000, 0, 0, 1), d6 = s6;
	unsigned int i, j, both = 0, source = 0, v6 = 0;

	for (i = 0; i < 1024; i++) {
		for (j = 0; j < 4; j++)
			both += erc_packet_hash4(htonl(0x0a000000 + i),
						 htonl(0x0a090000 + i * j));
		source += erc_packet_hash4(htonl(0x0a000000 + (i << 8)),
					   htonl(0x0a090001));
		s6.s6_addr32[i % 4] = htonl(0xfd000000 + i);
		d6.s6_addr32[i / 4 % 4] = htonl(i);
		v6 += erc_packet_hash6(&s6, &d6);
	}
	KUNIT_EXPECT_LT(test, abs((int)both - 2048), 205);
	KUNIT_EXPECT_LT(test, abs((int)source - 512), 103);
	KUNIT_EXPECT_LT(test, abs((int)v6 - 512), 103);
}

struct ports_case {
	const char *desc;
	u16 frag_off;
	u8 ihl;
	u8 protocol;
	u16 source;
	u16 dest;
	unsigned int offset4;
	unsigned int offset6;
	bool count;
};

static const struct ports_case ports_cases[] = {
	{ "TCP",	0x4000, 5, IPPROTO_TCP, 40000, 80, 20, 40, true },
	{ "TCP, options", 0x4000, 15, IPPROTO_TCP, 40000, 80, 60, 40, true },
	{ "TCP without DF", 0, 5, IPPROTO_TCP, 40000, 80, 0, 40, true },
	{ "TCP, first",	0x2000, 5, IPPROTO_TCP, 40000, 80, 0, 40, true },
	{ "TCP, first, DF", 0x6000, 5, IPPROTO_TCP, 40000, 80, 0, 40, true },
	{ "TCP, last",	0x00b9, 5, IPPROTO_TCP, 40000, 80, 0, 40, true },
	{ "TCP, last, DF", 0x40b9, 5, IPPROTO_TCP, 40000, 80, 0, 40, true },
	{ "TCP, reserved bit", 0xc000, 5, IPPROTO_TCP, 1, 2, 20, 40, true },
	{ "VXLAN",	0x4000, 5, IPPROTO_UDP, 50000, 4789, 20, 40, true },
	{ "VXLAN without DF", 0, 5, IPPROTO_UDP, 50000, 4789, 0, 40, true },
	{ "GENEVE",	0x4000, 5, IPPROTO_UDP, 50000, 6081, 20, 40, true },
	{ "from VXLAN",	0x4000, 5, IPPROTO_UDP, 4789, 50000, 20, 40, false },
	{ "QUIC",	0x4000, 5, IPPROTO_UDP, 50000, 443, 20, 40, false },
	{ "DNS",	0x4000, 5, IPPROTO_UDP, 50000, 53, 20, 40, false },
	{ "SCTP",	0x4000, 5, IPPROTO_SCTP, 1, 2, 0, 0, false },
	{ "ESP",	0x4000, 5, IPPROTO_ESP, 1, 2, 0, 0, false },
	{ "fragment header", 0x4000, 5, IPPROTO_FRAGMENT, 1, 2, 0, 0, false },
};

KUNIT_ARRAY_PARAM_DESC(ports, ports_cases, desc);

/* Ports are used if no packet of the flow can be a fragment. */
static void ports_test(struct kunit *test)
{
	const struct ports_case *p = test->param_value;
	struct iphdr ip4 = {
		.version = 4,
		.ihl = p->ihl,
		.frag_off = htons(p->frag_off),
		.protocol = p->protocol,
	};
	struct ipv6hdr ip6 = { .version = 6, .nexthdr = p->protocol };
	struct erc_packet_ports ports = {
		.source = htons(p->source),
		.dest = htons(p->dest),
	};

	KUNIT_EXPECT_EQ(test, erc_packet_l4_offset4(&ip4), p->offset4);
	KUNIT_EXPECT_EQ(test, erc_packet_l4_offset6(&ip6), p->offset6);
	if (p->offset4 || p->offset6)
		KUNIT_EXPECT_EQ(test,
				erc_packet_has_flow_ports(p->protocol, &ports),
				p->count);
}

/* Whichever port differs, each leg gets half of the flows. */
static void ports_spread_test(struct kunit *test)
{
	const struct in6_addr s6 = IN6(0xfd000000, 0, 0, 1);
	const struct in6_addr d6 = IN6(0xfd090000, 0, 0, 1);
	unsigned int i, n4 = 0, n6 = 0;

	for (i = 0; i < 1024; i++) {
		struct erc_packet_ports to = { htons(40000), htons(i) };
		struct erc_packet_ports from = { htons(40000 + i), htons(80) };

		n4 += erc_packet_hash4_ports(htonl(0x0a000001),
					     htonl(0x0a090001), &to);
		n4 += erc_packet_hash4_ports(htonl(0x0a000001),
					     htonl(0x0a090001), &from);
		n6 += erc_packet_hash6_ports(&s6, &d6, &to);
		n6 += erc_packet_hash6_ports(&s6, &d6, &from);
	}
	KUNIT_EXPECT_LT(test, abs((int)n4 - 1024), 137);
	KUNIT_EXPECT_LT(test, abs((int)n6 - 1024), 137);
}

struct upper_case {
	const char *desc;
	struct erc_packet_upper u;
	bool speaks;
};

#define UDP(p, ...) { .protocol = IPPROTO_UDP, .port = (p), ##__VA_ARGS__ }
#define ICMP6(t, ...) { .protocol = IPPROTO_ICMPV6, .type = (t), ##__VA_ARGS__ }

static const struct upper_case upper_cases[] = {
	{ "TCP to BGP",		{ .protocol = IPPROTO_TCP, .near = true }, false },
	{ "echo request",	{ .protocol = IPPROTO_ICMP, .type = 8 }, false },
	{ "redirect",		{ .protocol = IPPROTO_ICMP, .type = 5 }, true },
	{ "advertisement",	{ .protocol = IPPROTO_ICMP, .type = 9 }, true },
	{ "ICMP cut",		{ .protocol = IPPROTO_ICMP, .cut = true }, true },
	{ "ICMP, later",	{ .protocol = IPPROTO_ICMP, .type = 5,
			   .fragment = true, .later = true }, false },
	{ "132",		ICMP6(132), false },
	{ "133",		ICMP6(133), true },
	{ "135 in a fragment",	ICMP6(135, .fragment = true), true },
	{ "137",		ICMP6(137), true },
	{ "138",		ICMP6(138), false },
	{ "too big",		ICMP6(2), false },
	{ "ICMPv6 cut",		ICMP6(0, .cut = true), true },
	{ "ICMPv6, later",	ICMP6(136, .fragment = true, .later = true), false },
	{ "BFD afar",		UDP(3784), false },
	{ "DNS near",		UDP(53, .near = true), false },
	{ "BFD near",		UDP(3784, .near = true), true },
	{ "echo near",		UDP(3785, .near = true), true },
	{ "multihop near",	UDP(4784, .near = true), true },
	{ "3783 near",		UDP(3783, .near = true), false },
	{ "3786 near",		UDP(3786, .near = true), false },
	{ "fragment near",	UDP(53, .near = true, .fragment = true), true },
	{ "fragment afar",	UDP(3784, .fragment = true), false },
	{ "UDP near, cut",	UDP(0, .near = true, .cut = true), true },
};

KUNIT_ARRAY_PARAM_DESC(upper, upper_cases, desc);

static void upper_test(struct kunit *test)
{
	const struct upper_case *p = test->param_value;

	KUNIT_EXPECT_EQ(test, erc_packet_is_link_only(&p->u), p->speaks);
}

static struct kunit_case packet_tests[] = {
	KUNIT_CASE_PARAM(upper_test, upper_gen_params),
	KUNIT_CASE(packet_spread_test),
	KUNIT_CASE_PARAM(ports_test, ports_gen_params),
	KUNIT_CASE(ports_spread_test),
	KUNIT_CASE_PARAM(packet4_test, packet4_gen_params),
	KUNIT_CASE_PARAM(packet6_test, packet6_gen_params),
	KUNIT_CASE_PARAM(public4_test, public4_gen_params),
	KUNIT_CASE_PARAM(public6_test, public6_gen_params),
	KUNIT_CASE(packet_dscp_test),
	{}
};

static struct kunit_suite packet_suite = {
	.name = "erc_packet",
	.test_cases = packet_tests,
};

kunit_test_suite(packet_suite);
