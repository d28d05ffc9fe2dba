// SPDX-License-Identifier: GPL-2.0
/* Packets of BFD: their format, and each check of RFC 5880 section 6.8.6 */
#include <kunit/test.h>

#include "bfd_at.h"

/**
 * struct bfd_vector - a packet and its decoded content
 * @desc: origin
 * @data: bytes of the packet
 * @p: decoded content
 */
struct bfd_vector {
	const char *desc;
	u8 data[ERC_BFD_LENGTH];
	struct erc_bfd_packet p;
};

static const struct bfd_vector bfd_vectors[] = {
	{ "by hand, every field", {
		0x28, 0xda, 5, 24, 1, 2, 3, 4, 0xa5, 0xa6, 0xa7, 0xa8,
		0, 4, 0x93, 0xe0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0xc3, 0x50,
	}, {
		.diag = ERCIRCUIT_BFD_DIAG_REVERSE, .state = UP,
		.flags = F | C | ERC_BFD_DEMAND, .mult = 5,
		.my_discr = 0x01020304, .your_discr = 0xa5a6a7a8,
		.tx_us = 300000, .rx_us = U32_MAX, .echo_us = 50000,
	} },
	{ "by hand, the first packet of a session", {
		0x20, 0x48, 3, 24, 0, 0, 0, 1, 0, 0, 0, 0,
		0, 0x0f, 0x42, 0x40, 0, 4, 0x93, 0xe0, 0, 0, 0, 0,
	}, {
		.state = DOWN, .flags = C, .mult = 3, .my_discr = 1,
		.tx_us = 1000000, .rx_us = 300000,
	} },
	/* Captured with tcpdump from Debian 12's daemons at the other end of a
	 * veth
	 */
	{ "FRR 8.4.4, Init", {
		0x20, 0x80, 0x03, 0x18, 0xf5, 0x61, 0xa5, 0xf3,
		0x9d, 0x23, 0x7d, 0x20, 0x00, 0x0f, 0x42, 0x40,
		0x00, 0x0f, 0x42, 0x40, 0x00, 0x00, 0xc3, 0x50,
	}, {
		.state = INIT, .mult = 3, .my_discr = 0xf561a5f3,
		.your_discr = 0x9d237d20, .tx_us = 1000000, .rx_us = 1000000,
		.echo_us = 50000,
	} },
	{ "FRR 8.4.4, Up, Poll", {
		0x20, 0xe0, 0x03, 0x18, 0xf5, 0x61, 0xa5, 0xf3,
		0x9d, 0x23, 0x7d, 0x20, 0x00, 0x04, 0x93, 0xe0,
		0x00, 0x04, 0x93, 0xe0, 0x00, 0x00, 0xc3, 0x50,
	}, {
		.state = UP, .flags = P, .mult = 3, .my_discr = 0xf561a5f3,
		.your_discr = 0x9d237d20, .tx_us = 300000, .rx_us = 300000,
		.echo_us = 50000,
	} },
	{ "FRR 8.4.4, Up, Final", {
		0x20, 0xd0, 0x03, 0x18, 0xf5, 0x61, 0xa5, 0xf3,
		0x9d, 0x23, 0x7d, 0x20, 0x00, 0x04, 0x93, 0xe0,
		0x00, 0x04, 0x93, 0xe0, 0x00, 0x00, 0xc3, 0x50,
	}, {
		.state = UP, .flags = F, .mult = 3, .my_discr = 0xf561a5f3,
		.your_discr = 0x9d237d20, .tx_us = 300000, .rx_us = 300000,
		.echo_us = 50000,
	} },
	{ "BIRD 2.0.12, Down", {
		0x20, 0x40, 0x03, 0x18, 0x11, 0xdf, 0xb7, 0x0e,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x0f, 0x42, 0x40,
		0x00, 0x04, 0x93, 0xe0, 0x00, 0x00, 0x00, 0x00,
	}, {
		.state = DOWN, .mult = 3, .my_discr = 0x11dfb70e,
		.tx_us = 1000000, .rx_us = 300000,
	} },
	{ "BIRD 2.0.12, Up, Poll", {
		0x20, 0xe0, 0x03, 0x18, 0x11, 0xdf, 0xb7, 0x0e,
		0xdf, 0x82, 0x28, 0x3d, 0x00, 0x04, 0x93, 0xe0,
		0x00, 0x04, 0x93, 0xe0, 0x00, 0x00, 0x00, 0x00,
	}, {
		.state = UP, .flags = P, .mult = 3, .my_discr = 0x11dfb70e,
		.your_discr = 0xdf82283d, .tx_us = 300000, .rx_us = 300000,
	} },
};

static void bfd_vector_desc(const struct bfd_vector *v, char *desc)
{
	strscpy(desc, v->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(bfd_vector, bfd_vectors, bfd_vector_desc);

static void bfd_vector_test(struct kunit *test)
{
	const struct bfd_vector *v = test->param_value;
	struct erc_bfd_packet p;
	u8 data[ERC_BFD_LENGTH];

	KUNIT_EXPECT_EQ(test,
			erc_bfd_packet_decode(v->data, sizeof(v->data), &p),
			ERC_BFD_GOOD);
	KUNIT_EXPECT_EQ(test, memcmp(&p, &v->p, sizeof(p)), 0);
	KUNIT_EXPECT_EQ(test, erc_bfd_packet_your_discr(v->data), p.your_discr);
	erc_bfd_packet_encode(&v->p, data);
	KUNIT_EXPECT_EQ(test, memcmp(data, v->data, sizeof(data)), 0);
}

/**
 * struct bfd_check - a byte that makes a valid packet invalid
 * @desc: the fault
 * @at: offset of the byte
 * @value: its new value
 * @len: length of the payload, 0 = unchanged
 * @want: expected verdict
 */
struct bfd_check {
	const char *desc;
	u8 at;
	u8 value;
	u8 len;
	enum erc_bfd_refusal want;
};

static const struct bfd_check bfd_checks[] = {
	{ "nothing", 2, 3, 0, ERC_BFD_GOOD },
	{ "unknown diagnostic", 0, 0x3f, 0, ERC_BFD_GOOD },
	{ "padding", 2, 3, 26, ERC_BFD_GOOD },
	{ "no data", 2, 3, 1, ERC_BFD_BAD_SIZE },
	{ "a byte too short", 2, 3, 23, ERC_BFD_BAD_SIZE },
	{ "version 0", 0, 0x00, 0, ERC_BFD_BAD_VERSION },
	{ "version 2", 0, 0x40, 0, ERC_BFD_BAD_VERSION },
	{ "version 7", 0, 0xe0, 0, ERC_BFD_BAD_VERSION },
	{ "Length too small", 3, 23, 0, ERC_BFD_BAD_LENGTH },
	{ "Length 0", 3, 0, 0, ERC_BFD_BAD_LENGTH },
	{ "Length beyond the payload", 3, 25, 0, ERC_BFD_BAD_LENGTH },
	{ "longer Length and payload", 3, 26, 26, ERC_BFD_GOOD },
	{ "multiplier 0", 2, 0, 0, ERC_BFD_BAD_MULT },
	{ "multipoint", 1, UP << 6 | 1, 0, ERC_BFD_BAD_MULTIPOINT },
	{ "poll and final", 1, UP << 6 | P | F, 0, ERC_BFD_BAD_POLL },
	{ "My Discriminator is 0", 7, 0, 0, ERC_BFD_BAD_MY_DISCR },
	{ "Your Discriminator is 0 in Up", 11, 0, 0, ERC_BFD_BAD_YOUR_DISCR },
	{ "authenticated", 1, UP << 6 | ERC_BFD_AUTH, 0, ERC_BFD_BAD_AUTH },
	{ "demand mode", 1, UP << 6 | ERC_BFD_DEMAND, 0, ERC_BFD_GOOD },
};

static void bfd_check_desc(const struct bfd_check *check, char *desc)
{
	strscpy(desc, check->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(bfd_check, bfd_checks, bfd_check_desc);

static void bfd_check_test(struct kunit *test)
{
	const struct bfd_check *check = test->param_value;
	u8 data[ERC_BFD_LENGTH];
	struct erc_bfd_packet p;

	erc_bfd_packet_encode(&bfd_peer, data);
	data[check->at] = check->value;
	KUNIT_EXPECT_EQ(test,
			erc_bfd_packet_decode(data, check->len ?: sizeof(data),
					      &p),
			check->want);
}

/* Without our discriminator, only Down and AdminDown are accepted */
static void bfd_your_discr_test(struct kunit *test)
{
	struct erc_bfd_packet p = bfd_peer;
	u8 data[ERC_BFD_LENGTH], state;

	p.your_discr = 0;
	for (state = ADMIN; state <= UP; state++) {
		p.state = state;
		erc_bfd_packet_encode(&p, data);
		KUNIT_EXPECT_EQ(test,
				erc_bfd_packet_decode(data, sizeof(data), &p),
				state > DOWN ? ERC_BFD_BAD_YOUR_DISCR :
					       ERC_BFD_GOOD);
	}
}

static struct kunit_case bfd_packet_tests[] = {
	KUNIT_CASE_PARAM(bfd_vector_test, bfd_vector_gen_params),
	KUNIT_CASE_PARAM(bfd_check_test, bfd_check_gen_params),
	KUNIT_CASE(bfd_your_discr_test),
	{}
};

static struct kunit_suite bfd_packet_suite = {
	.name = "erc_bfd_packet",
	.test_cases = bfd_packet_tests,
};

kunit_test_suite(bfd_packet_suite);
