/* SPDX-License-Identifier: GPL-2.0 */
/* A BFD session on simulated time, for the tests of core/bfd_fsm. */
#ifndef _BFD_AT_H
#define _BFD_AT_H

#include "core/bfd_fsm.h"

#define MS(n)	((u64)(n) * 1000000)
#define US(n)	((u64)(n) * 1000)
#define HALF	0x80000000u	/* a random number */

enum {
	ADMIN = ERCIRCUIT_BFD_ADMIN_DOWN,
	DOWN = ERCIRCUIT_BFD_DOWN,
	INIT = ERCIRCUIT_BFD_INIT,
	UP = ERCIRCUIT_BFD_UP,
	P = ERC_BFD_POLL,
	F = ERC_BFD_FINAL,
	C = ERC_BFD_INDEPENDENT,
};

static const struct erc_bfd_config bfd_service __maybe_unused = {
	.tx_us = 300000, .rx_us = 300000, .mult = 3,
};

/* A peer with the same settings that knows our discriminator, 1 */
static const struct erc_bfd_packet bfd_peer __maybe_unused = {
	.state = UP, .mult = 3, .my_discr = 77, .your_discr = 1,
	.tx_us = 300000, .rx_us = 300000,
};

/**
 * struct bfd_at - a session on simulated time
 * @s: the session
 * @now: time
 * @out: of the last step
 */
struct bfd_at {
	struct erc_bfd_fsm s;
	u64 now;
	struct erc_bfd_out out;
};

static inline void bfd_step(struct bfd_at *b, const struct erc_bfd_input *in)
{
	erc_bfd_fsm_step(&b->s, in, b->now, HALF, &b->out);
}

static inline void bfd_timer(struct bfd_at *b)
{
	struct erc_bfd_input in = { .event = ERC_BFD_TIMER };

	bfd_step(b, &in);
}

static inline void bfd_admin(struct bfd_at *b, bool down, bool grace)
{
	struct erc_bfd_input in = {
		.event = ERC_BFD_ADMIN, .down = down, .grace = grace,
	};

	bfd_step(b, &in);
}

static inline void bfd_packet(struct bfd_at *b, const struct erc_bfd_packet *p)
{
	struct erc_bfd_input in = { .event = ERC_BFD_PACKET, .packet = *p };

	bfd_step(b, &in);
}

static inline void bfd_hear(struct bfd_at *b, u8 state, u8 flags)
{
	struct erc_bfd_packet p = bfd_peer;

	p.state = state;
	p.flags = flags;
	bfd_packet(b, &p);
}

static inline void bfd_configure(struct bfd_at *b, u32 tx_us, u32 rx_us, u8 mult)
{
	struct erc_bfd_input in = {
		.event = ERC_BFD_CONFIG,
		.config = { .tx_us = tx_us, .rx_us = rx_us, .mult = mult },
	};

	bfd_step(b, &in);
}

/* A session that has started and received nothing */
static inline void bfd_start(struct bfd_at *b, const struct erc_bfd_config *config)
{
	b->now = MS(1000);
	erc_bfd_fsm_init(&b->s, 1, config);
	bfd_admin(b, false, false);
}

/* A session that is Up and sends Polls */
static inline void bfd_up(struct bfd_at *b, const struct erc_bfd_config *config)
{
	bfd_start(b, config);
	b->now += MS(10);
	bfd_hear(b, INIT, 0);
}

/* A session that is Up and has received the Final */
static inline void bfd_settled(struct bfd_at *b, const struct erc_bfd_config *config)
{
	bfd_up(b, config);
	b->now += MS(1);
	bfd_hear(b, UP, F);
}

#endif /* _BFD_AT_H */
