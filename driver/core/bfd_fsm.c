// SPDX-License-Identifier: GPL-2.0
/*
 * One BFD session (RFC 5880). A step applies its event to the session, then
 * decides whether to send a packet: an answer, new contents, or the next periodic
 * packet.
 *
 * One deviation from the RFC is deliberate: the session announces our maintenance
 * at the interval it had before, where 6.8.3 says once a second. At one packet a
 * second the peer's detection time would expire before the second packet, so the
 * loss of the first one would turn maintenance into a failure.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "bfd_fsm.h"

#define ERC_BFD_NS_PER_US 1000ULL

/* A packet may wait for the next wake-up for this part of the interval. */
#define ERC_BFD_SLACK 32

/* bfd.DesiredMinTxInterval, as we announce it (section 6.8.3) */
static u32 erc_bfd_fsm_desired_tx(const struct erc_bfd_fsm *s)
{
	return s->state == ERCIRCUIT_BFD_UP ?
	       s->config.tx_us : max_t(u32, s->config.tx_us, ERC_BFD_SLOW_US);
}

/* Section 6.8.7 */
u32 erc_bfd_fsm_interval_us(const struct erc_bfd_fsm *s)
{
	return s->remote.rx_us ? max(s->tx_us, s->remote.rx_us) : 0;
}

/* The interval at which the peer has agreed to send (section 6.8.4) */
static u32 erc_bfd_fsm_remote_interval_us(const struct erc_bfd_fsm *s)
{
	return max(s->rx_us, s->remote.tx_us);
}

u64 erc_bfd_fsm_detection_us(const struct erc_bfd_fsm *s)
{
	return s->detecting ? (u64)s->remote.mult *
			      erc_bfd_fsm_remote_interval_us(s) : 0;
}

static u64 erc_bfd_fsm_detection_at(const struct erc_bfd_fsm *s)
{
	return s->detecting ? s->received_ns +
			      erc_bfd_fsm_detection_us(s) * ERC_BFD_NS_PER_US :
			      ERC_NEVER;
}

/* Section 6.8.7: 75 to 100 % of the interval; 75 to 90 % with a multiplier of 1.
 * The packet may go out until @tx_by, so that a processor with many sessions can
 * send several packets in one wake-up.
 */
static void erc_bfd_fsm_jitter(struct erc_bfd_fsm *s, u64 ns, u32 random)
{
	u64 least = ns - ns / 4;
	u64 most = s->config.mult == 1 ? ns - ns / 10 : ns;
	u64 at = least + mul_u64_u32_shr(most - least, random, 32);

	s->tx_at = s->sent_ns + at;
	s->tx_by = s->sent_ns + min(at + ns / ERC_BFD_SLACK, most);
}

/* Section 6.8.7: does the session send periodic packets? */
static bool erc_bfd_fsm_is_periodic(const struct erc_bfd_fsm *s)
{
	if (!s->remote.rx_us)
		return false;
	return !s->remote.demand || s->polling ||
	       s->state != ERCIRCUIT_BFD_UP ||
	       s->remote.state != ERCIRCUIT_BFD_UP;
}

/* Section 6.8.16: has our maintenance been announced for a detection time? */
static bool erc_bfd_fsm_is_silent(const struct erc_bfd_fsm *s, u64 now_ns)
{
	return s->state == ERCIRCUIT_BFD_ADMIN_DOWN &&
	       now_ns > s->announce_until;
}

static void erc_bfd_fsm_stop_tx(struct erc_bfd_fsm *s)
{
	s->tx_at = ERC_NEVER;
	s->tx_by = ERC_NEVER;
}

static void erc_bfd_fsm_schedule(struct erc_bfd_fsm *s, u32 random)
{
	u64 ns = erc_bfd_fsm_interval_us(s) * ERC_BFD_NS_PER_US;

	if (erc_bfd_fsm_is_periodic(s))
		erc_bfd_fsm_jitter(s, ns, random);
	else
		erc_bfd_fsm_stop_tx(s);
	/* Section 6.8.16: the announcement ends after a detection time. */
	if (s->state == ERCIRCUIT_BFD_ADMIN_DOWN &&
	    s->tx_at > s->announce_until)
		erc_bfd_fsm_stop_tx(s);
}

/* Return: the largest number of Finals that can still arrive: one for each Poll
 * that was sent within the detection time.
 */
static u32 erc_bfd_fsm_polls_in_flight(const struct erc_bfd_fsm *s, u64 now_ns)
{
	u64 detection = erc_bfd_fsm_detection_us(s);
	u32 interval = erc_bfd_fsm_interval_us(s);

	if (!interval || now_ns - s->poll_ns > detection * ERC_BFD_NS_PER_US)
		return 0;
	return min_t(u64, s->old_polls + s->polls,
		     div_u64(detection, interval) + 1);
}

/* Section 6.5: send Polls until a Final arrives. A Final that answers an older
 * Poll does not confirm the new values.
 */
static void erc_bfd_fsm_begin_poll(struct erc_bfd_fsm *s, u64 now_ns)
{
	s->old_polls = erc_bfd_fsm_polls_in_flight(s, now_ns);
	s->polls = 0;
	s->polling = true;
}

static void erc_bfd_fsm_abandon_poll(struct erc_bfd_fsm *s)
{
	s->old_polls = 0;
	s->polls = 0;
	s->polling = false;
}

/* Section 6.5: a Final has arrived. */
static void erc_bfd_fsm_end_poll(struct erc_bfd_fsm *s)
{
	if (s->old_polls) {
		s->old_polls--;
		return;
	}
	if (!s->polls)
		return;
	s->polls--;
	if (!s->polling)
		return;
	s->polling = false;
	s->tx_us = erc_bfd_fsm_desired_tx(s);
	s->rx_us = s->config.rx_us;
}

static void erc_bfd_fsm_set_state(struct erc_bfd_fsm *s, u8 state, u8 diag,
				  u64 now_ns)
{
	if (state == s->state)
		return;
	if (s->state == ERCIRCUIT_BFD_UP)
		s->up_ns = now_ns;
	s->state = state;
	s->diag = diag;
	s->expired_once = false;
	/* While not Up everything takes effect at once (section 6.8.3). */
	s->rx_us = s->config.rx_us;
	s->tx_us = erc_bfd_fsm_desired_tx(s);
	if (state == ERCIRCUIT_BFD_DOWN)
		erc_bfd_fsm_abandon_poll(s);
	if (state != ERCIRCUIT_BFD_UP)
		return;
	s->grace_until = 0;
	/* The interval changes when the session becomes Up (section 6.8.3). */
	erc_bfd_fsm_begin_poll(s, now_ns);
}

/* Section 6.8.1: the detection time is over: forget the peer's values. A peer that
 * has announced its maintenance stays in maintenance.
 */
static void erc_bfd_fsm_forget_peer(struct erc_bfd_fsm *s)
{
	s->detecting = false;
	s->expired_once = false;
	s->remote.discr = 0;
	s->remote.rx_us = 1;
	s->remote.demand = false;
	if (s->remote.state != ERCIRCUIT_BFD_ADMIN_DOWN)
		s->remote.state = ERCIRCUIT_BFD_DOWN;
}

/* Section 6.8.4. A packet of the peer may already wait on the CPU that runs our
 * timer. So a session that is Up fails only when the timer expires twice: the CPU
 * processes received packets in between.
 */
static void erc_bfd_fsm_expire(struct erc_bfd_fsm *s, u64 now_ns)
{
	if (now_ns < erc_bfd_fsm_detection_at(s))
		return;
	if (s->state == ERCIRCUIT_BFD_UP && !s->expired_once) {
		s->expired_once = true;
		return;
	}
	erc_bfd_fsm_forget_peer(s);
	if (s->state == ERCIRCUIT_BFD_UP || s->state == ERCIRCUIT_BFD_INIT)
		erc_bfd_fsm_set_state(s, ERCIRCUIT_BFD_DOWN,
				      ERCIRCUIT_BFD_DIAG_EXPIRED, now_ns);
}

/* Section 6.8.3: while the session is Up, a slower transmission or a faster
 * reception takes effect when the peer has answered a Poll. Every change starts a
 * Poll Sequence.
 */
static void erc_bfd_fsm_configure(struct erc_bfd_fsm *s,
				  const struct erc_bfd_config *config,
				  u64 now_ns)
{
	u32 tx = erc_bfd_fsm_desired_tx(s), rx = s->config.rx_us;
	bool up = s->state == ERCIRCUIT_BFD_UP, poll;

	s->config = *config;
	if (s->state == ERCIRCUIT_BFD_ADMIN_DOWN)
		return;
	poll = erc_bfd_fsm_desired_tx(s) != tx || config->rx_us != rx;
	tx = erc_bfd_fsm_desired_tx(s);
	s->tx_us = up ? min(s->tx_us, tx) : tx;
	s->rx_us = up ? max(s->rx_us, config->rx_us) : config->rx_us;
	if (poll)
		erc_bfd_fsm_begin_poll(s, now_ns);
}

/* Section 6.8.16. Return: the end of the announcement of our maintenance. */
static u64 erc_bfd_fsm_announce_until(const struct erc_bfd_fsm *s)
{
	return s->admin_ns + s->config.mult * ERC_BFD_NS_PER_US *
	       erc_bfd_fsm_interval_us(s);
}

static void erc_bfd_fsm_admin_down(struct erc_bfd_fsm *s, bool grace,
				   u64 now_ns)
{
	if (s->state == ERCIRCUIT_BFD_ADMIN_DOWN) {
		if (grace)
			s->grace_verdict = ERC_BFD_NO_VERDICT;
		return;
	}
	if (s->state == ERCIRCUIT_BFD_UP)
		s->up_ns = now_ns;
	s->grace_verdict = grace ? ERC_BFD_NO_VERDICT : ERC_BFD_FAILED;
	s->grace_until = 0;
	s->state = ERCIRCUIT_BFD_ADMIN_DOWN;
	s->diag = ERCIRCUIT_BFD_DIAG_ADMIN;
	erc_bfd_fsm_abandon_poll(s);
	s->admin_ns = now_ns;
	s->announce_until = erc_bfd_fsm_announce_until(s);
	s->detecting = false;
	s->expired_once = false;
}

/* After our maintenance the leg gets the grace if it had no defect before, and if
 * the session was Up within the grace time or the event grants it.
 */
static void erc_bfd_fsm_begin_grace(struct erc_bfd_fsm *s, bool grace,
				    u64 now_ns)
{
	bool lately = s->up_ns && now_ns - s->up_ns <= ERC_BFD_GRACE_NS;

	if (s->grace_verdict == ERC_BFD_NO_VERDICT && (grace || lately))
		s->grace_until = now_ns + ERC_BFD_GRACE_NS;
	else
		/* The peer's maintenance may have ended during ours. */
		s->grace_verdict = ERC_BFD_PEER_ADMIN;
}

/* Section 6.8.16 */
static void erc_bfd_fsm_admin(struct erc_bfd_fsm *s,
			      const struct erc_bfd_input *in, u64 now_ns)
{
	if (in->down) {
		erc_bfd_fsm_admin_down(s, in->grace, now_ns);
		return;
	}
	if (s->state != ERCIRCUIT_BFD_ADMIN_DOWN)
		return;
	erc_bfd_fsm_forget_peer(s);
	erc_bfd_fsm_set_state(s, ERCIRCUIT_BFD_DOWN, ERCIRCUIT_BFD_DIAG_NONE,
			      now_ns);
	erc_bfd_fsm_begin_grace(s, in->grace, now_ns);
}

/* Did a packet arrive in the last interval of the detection time? Call this before
 * the packet changes the values.
 */
static bool erc_bfd_fsm_is_near_miss(const struct erc_bfd_fsm *s, u64 now_ns)
{
	u64 agreed = erc_bfd_fsm_remote_interval_us(s) * ERC_BFD_NS_PER_US;

	return s->state == ERCIRCUIT_BFD_UP && s->remote.mult > 1 &&
	       now_ns - s->received_ns > (s->remote.mult - 1) * agreed;
}

/* The peer's maintenance is over: grant the grace for the handshake. Our own
 * maintenance takes precedence.
 */
static void erc_bfd_fsm_end_peer_admin(struct erc_bfd_fsm *s, u64 now_ns)
{
	if (s->state != ERCIRCUIT_BFD_ADMIN_DOWN)
		s->grace_verdict = ERC_BFD_PEER_ADMIN;
	s->grace_until = now_ns + ERC_BFD_GRACE_NS;
}

/* Section 6.8.6: update the peer's values from a packet that passed all checks. */
static void erc_bfd_fsm_update_remote(struct erc_bfd_fsm *s,
				      const struct erc_bfd_packet *p,
				      u64 now_ns)
{
	if (s->remote.state == ERCIRCUIT_BFD_ADMIN_DOWN &&
	    p->state != ERCIRCUIT_BFD_ADMIN_DOWN)
		erc_bfd_fsm_end_peer_admin(s, now_ns);
	s->remote = (struct erc_bfd_remote) {
		.discr = p->my_discr,
		.tx_us = p->tx_us,
		.rx_us = p->rx_us,
		.state = p->state,
		.diag = p->diag,
		.mult = p->mult,
		.demand = p->flags & ERC_BFD_DEMAND,
	};
}

/* Section 6.8.6: during our maintenance a packet updates the peer's values and
 * nothing else. If the peer asks for a longer interval, the announcement of our
 * maintenance becomes longer, too.
 */
static void erc_bfd_fsm_receive_in_admin(struct erc_bfd_fsm *s,
					 const struct erc_bfd_packet *p,
					 u64 now_ns)
{
	erc_bfd_fsm_update_remote(s, p, now_ns);
	if (now_ns < s->announce_until)
		s->announce_until = max(s->announce_until,
					erc_bfd_fsm_announce_until(s));
}

/* Section 6.8.6 as a table: next state, by our state and the received state */
static const u8
erc_bfd_fsm_next_state[ERCIRCUIT_BFD_STATES][ERCIRCUIT_BFD_STATES] = {
	[ERCIRCUIT_BFD_DOWN] = {
		[ERCIRCUIT_BFD_ADMIN_DOWN] = ERCIRCUIT_BFD_DOWN,
		[ERCIRCUIT_BFD_DOWN] = ERCIRCUIT_BFD_INIT,
		[ERCIRCUIT_BFD_INIT] = ERCIRCUIT_BFD_UP,
		[ERCIRCUIT_BFD_UP] = ERCIRCUIT_BFD_DOWN,
	},
	[ERCIRCUIT_BFD_INIT] = {
		[ERCIRCUIT_BFD_ADMIN_DOWN] = ERCIRCUIT_BFD_DOWN,
		[ERCIRCUIT_BFD_DOWN] = ERCIRCUIT_BFD_INIT,
		[ERCIRCUIT_BFD_INIT] = ERCIRCUIT_BFD_UP,
		[ERCIRCUIT_BFD_UP] = ERCIRCUIT_BFD_UP,
	},
	[ERCIRCUIT_BFD_UP] = {
		[ERCIRCUIT_BFD_ADMIN_DOWN] = ERCIRCUIT_BFD_DOWN,
		[ERCIRCUIT_BFD_DOWN] = ERCIRCUIT_BFD_DOWN,
		[ERCIRCUIT_BFD_INIT] = ERCIRCUIT_BFD_UP,
		[ERCIRCUIT_BFD_UP] = ERCIRCUIT_BFD_UP,
	},
};

/* Section 4.1: the diagnostic tells the peer why the last session failed, until
 * this one is Up.
 */
static u8 erc_bfd_fsm_diag(const struct erc_bfd_fsm *s, u8 next)
{
	switch (next) {
	case ERCIRCUIT_BFD_DOWN:
		return ERCIRCUIT_BFD_DIAG_NEIGHBOUR;
	case ERCIRCUIT_BFD_UP:
		return ERCIRCUIT_BFD_DIAG_NONE;
	default:
		return s->diag;
	}
}

/* Return: true if the packet is a Poll that needs an answer. */
static bool erc_bfd_fsm_receive(struct erc_bfd_fsm *s,
				const struct erc_bfd_packet *p, u64 now_ns,
				struct erc_bfd_out *out)
{
	u8 next;

	if (s->state == ERCIRCUIT_BFD_ADMIN_DOWN) {
		erc_bfd_fsm_receive_in_admin(s, p, now_ns);
		return false;
	}
	out->near_miss = erc_bfd_fsm_is_near_miss(s, now_ns);
	erc_bfd_fsm_update_remote(s, p, now_ns);
	s->detecting = true;
	s->received_ns = now_ns;
	s->expired_once = false;
	if (p->flags & ERC_BFD_FINAL)
		erc_bfd_fsm_end_poll(s);
	next = erc_bfd_fsm_next_state[s->state][p->state];
	erc_bfd_fsm_set_state(s, next, erc_bfd_fsm_diag(s, next), now_ns);
	return p->flags & ERC_BFD_POLL;
}

/* Section 6.8.7: contents of a packet */
static void erc_bfd_fsm_fill_packet(const struct erc_bfd_fsm *s,
				    struct erc_bfd_packet *p)
{
	*p = (struct erc_bfd_packet) {
		.diag = s->diag,
		.state = s->state,
		.flags = ERC_BFD_INDEPENDENT,
		.mult = s->config.mult,
		.my_discr = s->discr,
		.your_discr = s->remote.discr,
		.tx_us = erc_bfd_fsm_desired_tx(s),
		.rx_us = s->config.rx_us,
		/* No echo */
		.echo_us = 0,
	};
}

/* Section 6.8.7: new contents go out at once and restart the interval. An answer
 * goes out at once, too, and leaves the schedule of the periodic packets alone.
 */
static void erc_bfd_fsm_send(struct erc_bfd_fsm *s, bool answer, u64 now_ns,
			     u32 random, struct erc_bfd_out *out)
{
	struct erc_bfd_packet *p = &out->packet;
	bool news;

	erc_bfd_fsm_fill_packet(s, p);
	news = !erc_bfd_fsm_is_silent(s, now_ns) &&
	       memcmp(p, &s->last_sent, sizeof(*p));
	if (news || now_ns >= s->tx_at) {
		s->last_sent = *p;
		s->sent_ns = now_ns;
		erc_bfd_fsm_schedule(s, random);
	} else if (!answer) {
		return;
	}
	out->send = true;
	/* Section 6.5: never set Poll and Final in one packet. */
	if (answer) {
		p->flags |= ERC_BFD_FINAL;
	} else if (s->polling) {
		p->flags |= ERC_BFD_POLL;
		s->polls++;
		s->poll_ns = now_ns;
	}
}

u8 erc_bfd_fsm_verdict(const struct erc_bfd_fsm *s, u64 now_ns)
{
	if (s->state == ERCIRCUIT_BFD_UP)
		return ERC_BFD_USABLE;
	if (s->state == ERCIRCUIT_BFD_ADMIN_DOWN)
		return s->grace_verdict;
	if (s->remote.state == ERCIRCUIT_BFD_ADMIN_DOWN)
		return ERC_BFD_PEER_ADMIN;
	return now_ns < s->grace_until ? s->grace_verdict : ERC_BFD_FAILED;
}

/* Return: the first deadline of transmission (@tx), detection and grace. */
static u64 erc_bfd_fsm_deadline(const struct erc_bfd_fsm *s, u64 tx, u64 now_ns)
{
	u64 at = min(tx, erc_bfd_fsm_detection_at(s));

	return now_ns < s->grace_until ? min(at, s->grace_until) : at;
}

void erc_bfd_fsm_init(struct erc_bfd_fsm *s, u32 discr,
		      const struct erc_bfd_config *config)
{
	memset(s, 0, sizeof(*s));
	s->config = *config;
	s->discr = discr;
	s->state = ERCIRCUIT_BFD_ADMIN_DOWN;
	s->tx_us = max_t(u32, config->tx_us, ERC_BFD_SLOW_US);
	s->rx_us = config->rx_us;
	erc_bfd_fsm_stop_tx(s);
	/* Section 6.8.1 */
	s->remote.rx_us = 1;
	s->remote.state = ERCIRCUIT_BFD_DOWN;
}

void erc_bfd_fsm_step(struct erc_bfd_fsm *s, const struct erc_bfd_input *in,
		      u64 now_ns, u32 random, struct erc_bfd_out *out)
{
	u32 pace = erc_bfd_fsm_interval_us(s);
	bool periodic = erc_bfd_fsm_is_periodic(s), answer = false;

	memset(out, 0, sizeof(*out));
	out->was = s->state;
	switch (in->event) {
	case ERC_BFD_TIMER:
		erc_bfd_fsm_expire(s, now_ns);
		break;
	case ERC_BFD_PACKET:
		answer = erc_bfd_fsm_receive(s, &in->packet, now_ns, out);
		break;
	case ERC_BFD_CONFIG:
		erc_bfd_fsm_configure(s, &in->config, now_ns);
		break;
	case ERC_BFD_ADMIN:
		erc_bfd_fsm_admin(s, in, now_ns);
		break;
	}
	/* A new interval counts from the last packet. */
	if (!erc_bfd_fsm_is_silent(s, now_ns) &&
	    (erc_bfd_fsm_interval_us(s) != pace ||
	     erc_bfd_fsm_is_periodic(s) != periodic))
		erc_bfd_fsm_schedule(s, random);
	erc_bfd_fsm_send(s, answer, now_ns, random, out);
	out->verdict = erc_bfd_fsm_verdict(s, now_ns);
	out->deadline_ns = erc_bfd_fsm_deadline(s, s->tx_at, now_ns);
	out->latest_ns = erc_bfd_fsm_deadline(s, s->tx_by, now_ns);
}
