// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of the BFD machine in core/: one session per slot, with the slot's next hop.
 *
 * A session needs neither a socket nor a daemon. Its packets bypass the leg's
 * queueing discipline, so that payload cannot delay them. The receive handler finds
 * them among the packets of the leg itself. The leg keeps all other packets: a daemon
 * can have its own sessions on the leg, with other routers or from other addresses.
 *
 * This file makes a packet, with its link header, under erc_circuit.lock.
 * erc_bfd_flush() sends it after the lock is released.
 */
#include <linux/ktime.h>
#include <linux/random.h>
#include <net/ipv6.h>

#include "bfd.h"
#include "control.h"
#include "discr.h"
#include "ercircuit.h"
#include "farewell.h"
#include "leg.h"
#include "nexthop.h"
#include "schedule.h"
#include "transition.h"

/* Maximum number of packets of one flush. Only a flood of Polls makes more packets
 * than that.
 */
#define ERC_BFD_FLUSH_MAX	64

/**
 * struct erc_bfd_cb - a packet that waits to be sent
 * @leg: the leg that sends it
 * @family: family of the next hop
 * @framed: the packet has a link header
 */
struct erc_bfd_cb {
	struct erc_leg *leg;
	u8 family;
	bool framed;
};

static struct erc_bfd_cb *erc_bfd_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct erc_bfd_cb) > sizeof(skb->cb));
	return (struct erc_bfd_cb *)skb->cb;
}

static enum erc_family erc_bfd_via(const struct erc_leg_config *config,
				   union erc_address *via)
{
	memset(via, 0, sizeof(*via));
	if (config->via4) {
		via->v4 = config->via4;
		return ERC_IPV4;
	}
	via->v6 = config->via6;
	return ERC_IPV6;
}

static bool erc_bfd_is_same_address(const union erc_address *a,
				    const union erc_address *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Return: true if a slot with this device and these settings keeps its session. */
static bool erc_bfd_keeps(const struct erc_leg *leg,
			  const struct net_device *dev,
			  const struct erc_leg_config *config)
{
	union erc_address via;

	return leg->session.running && config->bfd && dev &&
	       rcu_access_pointer(leg->dev) == dev &&
	       erc_bfd_via(config, &via) == leg->session.ends.family &&
	       erc_bfd_is_same_address(&via, &leg->session.ends.via);
}

u8 erc_bfd_verdict(const struct erc_circuit *c, int slot,
		   const struct net_device *dev,
		   const struct erc_leg_config *config)
{
	const struct erc_leg *leg = &c->leg[slot];

	lockdep_assert_held(&c->lock);
	if (!config->bfd || !dev)
		return ERC_BFD_USABLE;
	if (config->drain)
		return ERC_BFD_NO_VERDICT;
	if (!erc_bfd_keeps(leg, dev, config))
		return ERC_BFD_FAILED;
	return erc_bfd_fsm_verdict(&leg->session.s, ktime_get_boottime_ns());
}

/* --- sending -------------------------------------------------------------- */

/* Choose our address of the session. The address stays the same while the session is
 * not Down and the device has the address. A session that has failed returns to the
 * address with which it was Up, because the peer knows that one.
 *
 * Return: false if there is no address.
 */
static bool erc_bfd_choose_source(struct erc_session *session,
				  const struct net_device *dev)
{
	struct erc_session_ends *ends = &session->ends;

	if (session->s.state != ERCIRCUIT_BFD_DOWN &&
	    erc_control_has_address(dev, ends->family, &ends->source))
		return true;
	if (erc_control_has_address(dev, ends->family, &session->up_source)) {
		ends->source = session->up_source;
		return true;
	}
	return erc_control_choose_source(dev, ends->family, &ends->via,
					 &ends->source);
}

/* Return: a packet, with its link header if the next hop is resolved. NULL if the leg
 * has failed, or if the packet is dropped, which is counted.
 */
static struct sk_buff *erc_bfd_make(struct erc_circuit *c,
				    struct erc_leg *leg,
				    const struct erc_bfd_packet *p)
{
	struct erc_session *session = &leg->session;
	struct net_device *dev = erc_locked(c, leg->dev);
	struct sk_buff *skb = NULL;
	u8 data[ERC_BFD_LENGTH];

	lockdep_assert_held(&c->lock);
	if (!erc_leg_is_running(dev, erc_leg_port(dev)) ||
	    erc_leg_is_forced_down(leg))
		return NULL;
	if (erc_leg_has_fault(leg, ERC_LEG_TX)) {
		erc_drop_leg(c, leg - c->leg, tx_fault);
		return NULL;
	}
	erc_bfd_packet_encode(p, data);
	rcu_read_lock();
	if (erc_bfd_choose_source(session, dev))
		skb = erc_control_make(dev, &session->ends, data);
	rcu_read_unlock();
	if (!skb) {
		erc_drop_leg(c, leg - c->leg, tx_error);
		return NULL;
	}
	*erc_bfd_cb(skb) = (struct erc_bfd_cb) {
		.leg = leg,
		.family = session->ends.family,
		.framed = erc_nexthop_add_header(c, leg, skb,
						 session->ends.family),
	};
	return skb;
}

static void erc_bfd_queue(struct erc_circuit *c, struct erc_leg *leg,
			  const struct erc_bfd_packet *p)
{
	struct sk_buff *skb = erc_bfd_make(c, leg, p);

	lockdep_assert_held(&c->lock);
	if (skb)
		__skb_queue_tail(&c->control.packets, skb);
}

/* The packet bypasses the queueing discipline. Packet sockets see it. */
static void erc_bfd_transmit(struct erc_circuit *c, struct sk_buff *skb)
{
	const struct erc_bfd_cb *cb = erc_bfd_cb(skb);
	int slot = cb->leg - c->leg, err;

	err = cb->framed ? erc_control_send(skb) :
			   erc_nexthop_resolve(cb->leg, skb, cb->family);
	/* A packet that waits is counted when it is sent. */
	if (err == -EINPROGRESS)
		return;
	if (!err)
		erc_count_leg(c, slot, bfd_tx);
	else if (err == -EHOSTUNREACH)
		erc_drop_leg(c, slot, tx_no_neigh);
	else
		erc_drop_leg(c, slot, tx_error);
}

/* Send the packets in the order in which they were made. Meanwhile this CPU also
 * sends the packets that other CPUs make, or that it makes itself when sending one
 * packet makes another one arrive at once. It releases the lock for each packet.
 */
static void erc_bfd_flush_locked(struct erc_circuit *c)
{
	unsigned int n = 0;
	struct sk_buff *skb;

	c->control.sending = true;
	while ((skb = __skb_dequeue(&c->control.packets))) {
		if (n++ >= ERC_BFD_FLUSH_MAX) {
			erc_drop_leg(c, erc_bfd_cb(skb)->leg - c->leg,
				     tx_error);
			kfree_skb(skb);
			continue;
		}
		spin_unlock(&c->lock);
		erc_bfd_transmit(c, skb);
		spin_lock(&c->lock);
	}
	c->control.sending = false;
}

void erc_bfd_flush(struct erc_circuit *c)
{
	/* The CPU that makes a packet also flushes. */
	if (skb_queue_empty_lockless(&c->control.packets))
		return;
	/* A leg that leaves waits for the end of the RCU section. Softirqs are
	 * off, so that no other task delays the packets of other CPUs.
	 */
	rcu_read_lock();
	spin_lock_bh(&c->lock);
	if (!c->control.sending)
		erc_bfd_flush_locked(c);
	spin_unlock_bh(&c->lock);
	rcu_read_unlock();
}

/* --- the machine ---------------------------------------------------------- */

/* The timer is not started anew for a later deadline, and expires too early: each
 * packet of the peer moves the end of the detection time.
 */
static void erc_bfd_arm(struct erc_circuit *c,
			struct erc_session *session,
			const struct erc_bfd_out *out)
{
	lockdep_assert_held(&c->lock);
	if (out->latest_ns >= session->armed_ns || c->schedule.stopped)
		return;
	session->armed_ns = out->latest_ns;
	hrtimer_start_range_ns(&session->timer, ns_to_ktime(out->deadline_ns),
			       out->latest_ns - out->deadline_ns,
			       HRTIMER_MODE_ABS_SOFT);
}

static void erc_bfd_count(struct erc_circuit *c, int slot,
			  const struct erc_bfd_out *out)
{
	const struct erc_bfd_fsm *s = &c->leg[slot].session.s;
	u8 state = s->state;

	lockdep_assert_held(&c->lock);
	if (out->near_miss)
		erc_count_leg(c, slot, bfd_missed);
	if (state == out->was)
		return;
	erc_transition_bfd(c, slot, out->was, state, s->diag);
	if (state == ERCIRCUIT_BFD_UP)
		erc_count_leg(c, slot, bfd_up_events);
	else if (out->was == ERCIRCUIT_BFD_UP)
		erc_count_leg(c, slot, bfd_down_events);
}

/* Return: true if the caller has to check the legs. */
static bool erc_bfd_step(struct erc_circuit *c, struct erc_leg *leg,
			 const struct erc_bfd_input *in)
{
	struct erc_session *session = &leg->session;
	u8 verdict = session->verdict, remote = session->s.remote.state;
	struct erc_bfd_out out;

	lockdep_assert_held(&c->lock);
	erc_bfd_fsm_step(&session->s, in, ktime_get_boottime_ns(),
			 prandom_u32_state(&session->random), &out);
	session->verdict = out.verdict;
	if (out.was != session->s.state &&
	    session->s.state == ERCIRCUIT_BFD_UP)
		session->up_source = session->ends.source;
	if (out.send)
		erc_bfd_queue(c, leg, &out.packet);
	erc_bfd_count(c, leg - c->leg, &out);
	erc_bfd_arm(c, session, &out);
	if (session->s.state == out.was && session->s.remote.state == remote)
		return out.verdict != verdict;
	/* User space sees the state of the session. */
	erc_schedule_add_news(c);
	return true;
}

bool erc_bfd_expire(struct erc_circuit *c, struct erc_leg *leg)
{
	struct erc_bfd_input in = { .event = ERC_BFD_TIMER };

	lockdep_assert_held(&c->lock);
	leg->session.armed_ns = ERC_NEVER;
	return leg->session.running && erc_bfd_step(c, leg, &in);
}

/* --- begin and end -------------------------------------------------------- */

/* Return: false if this machine has too many sessions. */
static bool erc_bfd_begin(struct erc_circuit *c, struct erc_leg *leg)
{
	struct erc_session *session = &leg->session;
	struct erc_session_ends *ends = &session->ends;
	u32 discr = erc_discr_take();

	lockdep_assert_held(&c->lock);
	if (!discr)
		return false;
	erc_bfd_fsm_init(&session->s, discr, &leg->config.session);
	memset(ends, 0, sizeof(*ends));
	memset(&session->up_source, 0, sizeof(session->up_source));
	ends->family = erc_bfd_via(&leg->config, &ends->via);
	ends->udp_port = erc_discr_udp_port(discr);
	erc_farewell_end(erc_locked(c, leg->dev), ends->family, &ends->via);
	prandom_seed_state(&session->random, get_random_u64());
	session->drained = false;
	session->verdict = ERC_BFD_FAILED;
	WRITE_ONCE(session->running, true);
	return true;
}

/* Section 6.8.16: announce the end for a detection time. The farewell needs neither
 * the session nor the circuit.
 *
 * Return: true if the farewell has taken over the discriminator.
 */
static bool erc_bfd_begin_farewell(struct erc_circuit *c,
				   struct erc_leg *leg)
{
	const struct erc_bfd_fsm *s = &leg->session.s;
	const struct erc_farewell_terms terms = {
		.discr = s->discr,
		.ends = leg->session.ends,
		.interval_us = erc_bfd_fsm_interval_us(s),
		.until_ns = s->announce_until,
	};
	struct sk_buff *skb;

	lockdep_assert_held(&c->lock);
	if (!terms.interval_us || terms.until_ns <= ktime_get_boottime_ns())
		return false;
	skb = erc_bfd_make(c, leg, &s->last_sent);
	if (!skb)
		return false;
	if (!erc_bfd_cb(skb)->framed) {
		kfree_skb(skb);
		return false;
	}
	return erc_farewell_begin(skb, &terms);
}

/* A timer that expires after this finds no session. */
static void erc_bfd_end(struct erc_circuit *c, struct erc_leg *leg)
{
	struct erc_bfd_input in = { .event = ERC_BFD_ADMIN, .down = true };

	lockdep_assert_held(&c->lock);
	erc_bfd_step(c, leg, &in);
	if (!erc_bfd_begin_farewell(c, leg))
		erc_discr_release(leg->session.s.discr);
	WRITE_ONCE(leg->session.running, false);
	hrtimer_try_to_cancel(&leg->session.timer);
	leg->session.armed_ns = ERC_NEVER;
}

void erc_bfd_end_unless_kept(struct erc_circuit *c, int slot,
			     const struct net_device *dev,
			     const struct erc_leg_config *config)
{
	struct erc_leg *leg = &c->leg[slot];

	lockdep_assert_held(&c->lock);
	if (leg->session.running && !erc_bfd_keeps(leg, dev, config))
		erc_bfd_end(c, leg);
}

/* Tell the session whether it is in maintenance. A drain is not a failure of the leg,
 * and neither is a circuit that goes down while the leg works. After a drain of any
 * length the session gets its grace period: the leg is only degraded until the session
 * is Up.
 */
static void erc_bfd_admin(struct erc_circuit *c, struct erc_leg *leg,
			  bool start)
{
	struct erc_session *session = &leg->session;
	struct erc_bfd_input in = { .event = ERC_BFD_ADMIN };

	lockdep_assert_held(&c->lock);
	if (leg->config.drain)
		session->drained = true;
	else if (session->s.state == ERCIRCUIT_BFD_UP)
		session->drained = false;
	in.down = leg->config.drain || !netif_running(c->dev);
	in.grace = in.down ?
		   leg->config.drain ||
		   erc_bfd_fsm_verdict(&session->s, ktime_get_boottime_ns()) !=
		   ERC_BFD_FAILED :
		   session->drained;
	if (in.down || start)
		erc_bfd_step(c, leg, &in);
}

static void erc_bfd_update_leg(struct erc_circuit *c,
			       struct erc_leg *leg, bool start)
{
	struct erc_bfd_input in = {
		.event = ERC_BFD_CONFIG,
		.config = leg->config.session,
	};

	lockdep_assert_held(&c->lock);
	if (!rcu_access_pointer(leg->dev) || !leg->config.bfd)
		return;
	if (!leg->session.running && !erc_bfd_begin(c, leg))
		return;
	if (memcmp(&in.config, &leg->session.s.config, sizeof(in.config)))
		erc_bfd_step(c, leg, &in);
	erc_bfd_admin(c, leg, start);
}

void erc_bfd_update(struct erc_circuit *c)
{
	int slot;

	lockdep_assert_held(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_bfd_update_leg(c, &c->leg[slot], false);
}

void erc_bfd_start(struct erc_circuit *c)
{
	int slot;

	spin_lock_bh(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_bfd_update_leg(c, &c->leg[slot], true);
	spin_unlock_bh(&c->lock);
	erc_bfd_flush(c);
}

void erc_bfd_init_sessions(struct erc_circuit *c)
{
	int slot;

	__skb_queue_head_init(&c->control.packets);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		c->leg[slot].session.armed_ns = ERC_NEVER;
}

/*
 * The legs have left, with their sessions and packets, so no timer is started any
 * more. A timer that expires now finds no session. It takes only erc_circuit.lock, so
 * this function can wait for it.
 */
void erc_bfd_stop(struct erc_circuit *c)
{
	int slot;

	ASSERT_RTNL();
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		hrtimer_cancel(&c->leg[slot].session.timer);
}

/* --- receiving ------------------------------------------------------------ */

/* Return: true if a packet is for the session of this leg: by its addresses, as there
 * is only one session between two addresses; or by our discriminator, which a packet
 * from another address must not have (RFC 5880 section 6.3, RFC 5881 section 5).
 */
static bool erc_bfd_match_session(struct erc_session *session,
				  const struct net_device *dev,
				  const struct erc_control *p)
{
	const struct erc_session_ends *ends = &session->ends;

	if (!session->running || p->family != ends->family ||
	    !erc_bfd_choose_source(session, dev))
		return false;
	if (erc_bfd_is_same_address(&p->saddr, &ends->via))
		return erc_bfd_is_same_address(&p->daddr, &ends->source);
	return p->len >= ERC_BFD_LENGTH &&
	       erc_bfd_packet_your_discr(p->data) == session->s.discr;
}

/* First the checks of RFC 5881 section 5, then those of RFC 5880 section 6.8.6. */
static bool erc_bfd_decode_packet(const struct erc_session *session,
				  const struct erc_control *p,
				  struct erc_bfd_packet *packet)
{
	if (p->ttl != 255 || !p->valid ||
	    !erc_bfd_is_same_address(&p->saddr, &session->ends.via) ||
	    erc_bfd_packet_decode(p->data, p->len, packet) != ERC_BFD_GOOD)
		return false;
	return !packet->your_discr || packet->your_discr == session->s.discr;
}

bool erc_bfd_match(struct erc_circuit *c, struct erc_leg *leg,
		   const struct net_device *dev,
		   const struct erc_control *p)
{
	lockdep_assert_held(&c->lock);
	return rcu_access_pointer(leg->dev) == dev &&
	       erc_bfd_match_session(&leg->session, dev, p);
}

bool erc_bfd_receive(struct erc_circuit *c, struct erc_leg *leg,
		     const struct erc_control *p)
{
	struct erc_bfd_input in = { .event = ERC_BFD_PACKET };

	lockdep_assert_held(&c->lock);
	if (!erc_bfd_decode_packet(&leg->session, p, &in.packet)) {
		erc_count_leg(c, leg - c->leg, bfd_bad);
		return false;
	}
	erc_count_leg(c, leg - c->leg, bfd_rx);
	return erc_bfd_step(c, leg, &in);
}
