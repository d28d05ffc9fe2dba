// SPDX-License-Identifier: GPL-2.0
/* Which destinations a circuit carries: the edges of every range. */
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

	KUNIT_EXPECT_EQ(test, erc_packet_multicast4(daddr), p->multicast);
	KUNIT_EXPECT_EQ(test, erc_packet_local4(daddr), p->local);
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

	KUNIT_EXPECT_EQ(test, erc_packet_multicast6(&p->daddr), p->multicast);
	KUNIT_EXPECT_EQ(test, erc_packet_local6(&p->daddr), p->local);
}

/* Whatever part of the addresses differs, half of the flows takes each leg. */
static void packet_spread_test(struct kunit *test)
{
	struct in6_addr s6 = IN6(0xfd000000, 0, 0, 1), d6 = s6;
	unsigned int i, j, both = 0, source = 0, v6 = 0;

	for (i = 0; i < 1024; i++) {
		for (j = 0; j < 4; j++)
			both += erc_packet_spread4(htonl(0x0a000000 + i),
						   htonl(0x0a090000 + i * j));
		source += erc_packet_spread4(htonl(0x0a000000 + (i << 8)),
					     htonl(0x0a090001));
		s6.s6_addr32[i % 4] = htonl(0xfd000000 + i);
		d6.s6_addr32[i / 4 % 4] = htonl(i);
		v6 += erc_packet_spread6(&s6, &d6);
	}
	KUNIT_EXPECT_LT(test, abs((int)both - 2048), 205);
	KUNIT_EXPECT_LT(test, abs((int)source - 512), 103);
	KUNIT_EXPECT_LT(test, abs((int)v6 - 512), 103);
}

static struct kunit_case packet_tests[] = {
	KUNIT_CASE(packet_spread_test),
	KUNIT_CASE_PARAM(packet4_test, packet4_gen_params),
	KUNIT_CASE_PARAM(packet6_test, packet6_gen_params),
	{}
};

static struct kunit_suite packet_suite = {
	.name = "erc_packet",
	.test_cases = packet_tests,
};

kunit_test_suite(packet_suite);
