// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of core/bfd_fsm: the input is a list of events of a session. Whatever the
 * session receives, a peer must accept every packet that it sends.
 *
 * An event is a byte for its kind, a byte for the time since the last event (a
 * power of two of microseconds, or exactly at the deadline), and an argument.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/bfd_fsm.h"

#define FUZZ_CHECK(truth) do {						\
	if (!(truth)) {							\
		fprintf(stderr, "line %d: %s\n", __LINE__, #truth);	\
		abort();						\
	}								\
} while (0)

/**
 * struct fuzz - a session and its input
 * @s: the session
 * @now: time
 * @deadline: expiry of its timer
 * @data: rest of the input
 * @size: of @data
 */
struct fuzz {
	struct erc_bfd_fsm s;
	u64 now;
	u64 deadline;
	const uint8_t *data;
	size_t size;
};

static u8 fuzz_byte(struct fuzz *f)
{
	if (!f->size)
		return 0;
	f->size--;
	return *f->data++;
}

static u32 fuzz_word(struct fuzz *f)
{
	u32 word = fuzz_byte(f) << 8;

	word |= fuzz_byte(f);
	/* A few bits, shifted to the left */
	return word << fuzz_byte(f) % 17;
}

static void fuzz_config(struct fuzz *f, struct erc_bfd_config *config)
{
	config->tx_us = ERCIRCUIT_BFD_MIN_US +
			fuzz_word(f) % (ERCIRCUIT_BFD_MAX_US - 1000);
	config->rx_us = ERCIRCUIT_BFD_MIN_US +
			fuzz_word(f) % (ERCIRCUIT_BFD_MAX_US - 1000);
	config->mult = fuzz_byte(f) | 1;
}

/* Receive the bytes as they are: the session refuses most of them. */
static bool fuzz_raw(struct fuzz *f, struct erc_bfd_packet *p)
{
	uint8_t data[ERC_BFD_LENGTH];
	size_t len = fuzz_byte(f) % 32, i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = fuzz_byte(f);
	return erc_bfd_packet_decode(data, len, p) == ERC_BFD_GOOD;
}

/* Receive a packet that is valid or nearly valid. */
static bool fuzz_packet(struct fuzz *f, struct erc_bfd_packet *p)
{
	uint8_t data[ERC_BFD_LENGTH];

	*p = (struct erc_bfd_packet) {
		.diag = fuzz_byte(f) % 32,
		.state = fuzz_byte(f) % 4,
		.flags = fuzz_byte(f) % 64 & ~ERC_BFD_MULTIPOINT,
		.mult = fuzz_byte(f),
		.my_discr = 1 + fuzz_byte(f) % 4,
		.your_discr = fuzz_byte(f) % 8 ? f->s.discr : 0,
		.tx_us = fuzz_word(f),
		.rx_us = fuzz_word(f),
		.echo_us = fuzz_word(f),
	};
	erc_bfd_packet_encode(p, data);
	return erc_bfd_packet_decode(data, sizeof(data), p) == ERC_BFD_GOOD;
}

/* Return: false if the event does nothing. */
static bool fuzz_event(struct fuzz *f, struct erc_bfd_input *in)
{
	u8 event = fuzz_byte(f), after = fuzz_byte(f);

	*in = (struct erc_bfd_input) { .event = event % 4 };
	if (after < 64)
		f->now += 1000ULL << after % 32;
	else if (f->deadline != ERC_NEVER && f->deadline > f->now)
		f->now = f->deadline;
	switch (in->event) {
	case ERC_BFD_PACKET:
		return event & 4 ? fuzz_raw(f, &in->packet) :
				   fuzz_packet(f, &in->packet);
	case ERC_BFD_CONFIG:
		fuzz_config(f, &in->config);
		break;
	case ERC_BFD_ADMIN:
		in->down = event & 8;
		in->grace = event & 16;
		break;
	}
	return true;
}

static void fuzz_check_sent(const struct fuzz *f,
			    const struct erc_bfd_packet *sent)
{
	uint8_t data[ERC_BFD_LENGTH];
	struct erc_bfd_packet p;

	erc_bfd_packet_encode(sent, data);
	FUZZ_CHECK(erc_bfd_packet_decode(data, sizeof(data), &p) ==
		   ERC_BFD_GOOD);
	FUZZ_CHECK(!memcmp(&p, sent, sizeof(p)));
	FUZZ_CHECK(p.my_discr == f->s.discr);
	/* Section 6.8.3 */
	FUZZ_CHECK(p.state == ERCIRCUIT_BFD_UP || p.tx_us >= ERC_BFD_SLOW_US);
}

static void fuzz_check(const struct fuzz *f, const struct erc_bfd_input *in,
		       const struct erc_bfd_out *out)
{
	const struct erc_bfd_fsm *s = &f->s;

	FUZZ_CHECK(s->state < ERCIRCUIT_BFD_STATES);
	FUZZ_CHECK((s->state == ERCIRCUIT_BFD_UP) ==
		   (out->verdict == ERC_BFD_USABLE));
	FUZZ_CHECK(s->state < ERCIRCUIT_BFD_INIT ||
		   (s->remote.discr && s->detecting));
	/* After one call, no timer is due. */
	FUZZ_CHECK(s->tx_at > f->now);
	FUZZ_CHECK(in->event != ERC_BFD_TIMER || s->expired_once ||
		   out->deadline_ns > f->now);
	FUZZ_CHECK(!s->polling || s->state != ERCIRCUIT_BFD_ADMIN_DOWN);
	/* An interval is used only after the other end has agreed to it. */
	FUZZ_CHECK(s->state != ERCIRCUIT_BFD_UP || s->polling ||
		   s->tx_us == s->config.tx_us);
	if (out->send)
		fuzz_check_sent(f, &out->packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz f = { .now = 1, .data = data, .size = size };
	struct erc_bfd_config config;
	struct erc_bfd_input in;
	struct erc_bfd_out out;

	fuzz_config(&f, &config);
	erc_bfd_fsm_init(&f.s, 0xe4c1, &config);
	f.deadline = ERC_NEVER;
	while (f.size) {
		if (!fuzz_event(&f, &in))
			continue;
		erc_bfd_fsm_step(&f.s, &in, f.now, f.now * 2654435761u, &out);
		f.deadline = out.deadline_ns;
		fuzz_check(&f, &in, &out);
	}
	return 0;
}
