/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bidirectional Forwarding Detection (RFC 5880), asynchronous mode: one
 * session, without echo and without authentication. We never ask for demand
 * mode, and obey a peer that does.
 */
#ifndef _ERC_CORE_BFD_H
#define _ERC_CORE_BFD_H

#include "types.h"

/* Section 4.1: length of a control packet without authentication */
#define ERC_BFD_LENGTH	24
#define ERC_BFD_VERSION	1

/* Section 4.1: flags, as they stand beside the state */
#define ERC_BFD_POLL		0x20
#define ERC_BFD_FINAL		0x10
#define ERC_BFD_INDEPENDENT	0x08	/* control plane independent */
#define ERC_BFD_AUTH		0x04
#define ERC_BFD_DEMAND		0x02
#define ERC_BFD_MULTIPOINT	0x01

/* Section 6.8.3: no faster than this while the session is not Up */
#define ERC_BFD_SLOW_US		1000000

/* After maintenance a session may take three slow intervals before it has to be
 * Up: the handshake takes two at most, and one packet of it may get lost. A
 * session that was Up longer ago than that gets no such grace, unless the end
 * of the maintenance is said to excuse the leg.
 */
#define ERC_BFD_GRACE_NS	(3ULL * ERC_BFD_SLOW_US * 1000)

/**
 * struct erc_bfd_packet - a control packet (section 4.1)
 * @diag: &enum ercircuit_bfd_diag, or a number above them
 * @state: &enum ercircuit_bfd_state
 * @flags: ERC_BFD_POLL and so on
 * @mult: detection time multiplier
 * @my_discr: discriminator of the sender
 * @your_discr: discriminator of the receiver, 0 = not known yet
 * @tx_us: Desired Min TX Interval
 * @rx_us: Required Min RX Interval
 * @echo_us: Required Min Echo RX Interval
 */
struct erc_bfd_packet {
	u8 diag;
	u8 state;
	u8 flags;
	u8 mult;
	u32 my_discr;
	u32 your_discr;
	u32 tx_us;
	u32 rx_us;
	u32 echo_us;
};

/**
 * enum erc_bfd_refusal - what is wrong with a packet, in the order of 6.8.6
 * @ERC_BFD_GOOD: nothing
 * @ERC_BFD_BAD_SIZE: less data than a control packet has
 * @ERC_BFD_BAD_VERSION: not version 1
 * @ERC_BFD_BAD_LENGTH: says to be shorter than it can be, or longer than it is
 * @ERC_BFD_BAD_MULT: multiplier 0
 * @ERC_BFD_BAD_MULTIPOINT: the reserved bit M
 * @ERC_BFD_BAD_POLL: question and answer at once (section 6.5)
 * @ERC_BFD_BAD_MY_DISCR: the sender has no discriminator
 * @ERC_BFD_BAD_YOUR_DISCR: without ours, in a state that cannot be reached
 *	without it
 * @ERC_BFD_BAD_AUTH: authenticated, and no authentication is in use
 */
enum erc_bfd_refusal {
	ERC_BFD_GOOD,
	ERC_BFD_BAD_SIZE,
	ERC_BFD_BAD_VERSION,
	ERC_BFD_BAD_LENGTH,
	ERC_BFD_BAD_MULT,
	ERC_BFD_BAD_MULTIPOINT,
	ERC_BFD_BAD_POLL,
	ERC_BFD_BAD_MY_DISCR,
	ERC_BFD_BAD_YOUR_DISCR,
	ERC_BFD_BAD_AUTH,
};

/**
 * enum erc_bfd_verdict - what a session says of the leg it watches
 * @ERC_BFD_FAILED: the far router does not answer: not to be used
 * @ERC_BFD_USABLE: it answers
 * @ERC_BFD_PEER_ADMIN: its maintenance: better not used
 * @ERC_BFD_EXCUSED: ours, or only just over: nothing can be said
 */
enum erc_bfd_verdict {
	ERC_BFD_FAILED,
	ERC_BFD_USABLE,
	ERC_BFD_PEER_ADMIN,
	ERC_BFD_EXCUSED,
};

/**
 * struct erc_bfd_config - what the user decides
 * @tx_us: how often we want to send
 * @rx_us: how often we can receive
 * @mult: how many packets the peer may miss
 */
struct erc_bfd_config {
	u32 tx_us;
	u32 rx_us;
	u8 mult;
};

/**
 * struct erc_bfd_remote - what the peer said last (section 6.8.1)
 * @discr: its discriminator, 0 = none known
 * @tx_us: its Desired Min TX Interval
 * @rx_us: its Required Min RX Interval
 * @state: &enum ercircuit_bfd_state
 * @diag: its diagnostic
 * @mult: its multiplier
 * @demand: it wants no periodic packets while all is well
 */
struct erc_bfd_remote {
	u32 discr;
	u32 tx_us;
	u32 rx_us;
	u8 state;
	u8 diag;
	u8 mult;
	bool demand;
};

/**
 * struct erc_bfd - a session
 * @config: as set
 * @remote: what the peer said last
 * @said: what we said last, but for Poll and Final
 * @discr: our discriminator
 * @tx_us: Desired Min TX Interval in effect: an increase waits for the end of
 *	a Poll Sequence
 * @rx_us: Required Min RX Interval in effect: a decrease does
 * @state: &enum ercircuit_bfd_state
 * @diag: &enum ercircuit_bfd_diag, why @state changed last
 * @polling: a Poll Sequence is under way (section 6.5)
 * @asked: Polls with the values of today that have not been answered
 * @stale: the same with values of before: so many Finals answer only these
 * @heard: the detection time runs
 * @doubt: it is over, and what has arrived meanwhile gets a last look
 * @excuse: &enum erc_bfd_verdict while @excused_until is not over, or while
 *	we are in maintenance
 * @heard_ns: when the peer was heard last
 * @sent_ns: when we sent last, but for mere answers
 * @asked_ns: when we sent a Poll last
 * @tx_at: when to send, ERC_NEVER = do not
 * @tx_by: until when, if others are awake then
 * @admin_ns: when our maintenance began
 * @silent_at: it is announced until then
 * @up_ns: when the session was Up last, if it has been Up and is not
 * @excused_until: end of the grace after maintenance
 */
struct erc_bfd {
	struct erc_bfd_config config;
	struct erc_bfd_remote remote;
	struct erc_bfd_packet said;
	u32 discr;
	u32 tx_us;
	u32 rx_us;
	u8 state;
	u8 diag;
	bool polling;
	bool heard;
	bool doubt;
	u8 excuse;
	u32 asked;
	u32 stale;
	u64 heard_ns;
	u64 sent_ns;
	u64 asked_ns;
	u64 tx_at;
	u64 tx_by;
	u64 admin_ns;
	u64 silent_at;
	u64 up_ns;
	u64 excused_until;
};

/**
 * enum erc_bfd_event - what can happen to a session
 * @ERC_BFD_TIMER: the deadline has come (or not: early calls do nothing)
 * @ERC_BFD_PACKET: a good packet has arrived
 * @ERC_BFD_CONFIG: the configuration changed
 * @ERC_BFD_ADMIN: our maintenance begins or ends
 */
enum erc_bfd_event {
	ERC_BFD_TIMER,
	ERC_BFD_PACKET,
	ERC_BFD_CONFIG,
	ERC_BFD_ADMIN,
};

/**
 * struct erc_bfd_input - an event with its argument
 * @event: &enum erc_bfd_event
 * @down: of ADMIN: it begins
 * @excused: of ADMIN that begins: do not blame the leg for it; of one that
 *	ends: grant the grace however long it took
 * @config: of CONFIG
 * @packet: of PACKET, as erc_bfd_decode() accepted it
 */
struct erc_bfd_input {
	u8 event;
	bool down;
	bool excused;
	struct erc_bfd_config config;
	struct erc_bfd_packet packet;
};

/**
 * struct erc_bfd_out - what the caller has to act on
 * @was: state before the step
 * @send: send @packet
 * @missed: a near miss: this packet came when more than all but one of the
 *	intervals that make the detection time were over; not if the peer's
 *	multiplier is 1, when there is but one
 * @verdict: &enum erc_bfd_verdict after the step
 * @packet: what to send
 * @deadline_ns: call again with ERC_BFD_TIMER then, ERC_NEVER = no need; may be
 *	over already
 * @latest_ns: but not later than then
 */
struct erc_bfd_out {
	u8 was;
	bool send;
	bool missed;
	u8 verdict;
	struct erc_bfd_packet packet;
	u64 deadline_ns;
	u64 latest_ns;
};

/**
 * erc_bfd_decode - read and check a packet
 * @data: payload of UDP; its first ERC_BFD_LENGTH bytes, or all if shorter
 * @len: length of the whole payload
 * @p: result
 *
 * Return: &enum erc_bfd_refusal.
 */
enum erc_bfd_refusal erc_bfd_decode(const u8 *data, unsigned int len,
				    struct erc_bfd_packet *p);

/**
 * erc_bfd_your_discr - whom is a packet for?
 * @data: at least ERC_BFD_LENGTH bytes that may be a packet
 *
 * Return: Your Discriminator.
 */
u32 erc_bfd_your_discr(const u8 *data);

/**
 * erc_bfd_encode - write a packet
 * @p: the packet
 * @data: result
 */
void erc_bfd_encode(const struct erc_bfd_packet *p, u8 data[ERC_BFD_LENGTH]);

/**
 * erc_bfd_init - make a session, which does nothing before ERC_BFD_ADMIN
 * @s: the session
 * @discr: our discriminator, not 0
 * @config: as set
 */
void erc_bfd_init(struct erc_bfd *s, u32 discr,
		  const struct erc_bfd_config *config);

/**
 * erc_bfd_step - an event happens
 * @s: the session
 * @in: the event
 * @now_ns: CLOCK_BOOTTIME
 * @random: any number, another one each time
 * @out: result
 */
void erc_bfd_step(struct erc_bfd *s, const struct erc_bfd_input *in,
		  u64 now_ns, u32 random, struct erc_bfd_out *out);

/**
 * erc_bfd_verdict - what a session says of its leg
 * @s: the session
 * @now_ns: CLOCK_BOOTTIME
 *
 * Return: &enum erc_bfd_verdict.
 */
u8 erc_bfd_verdict(const struct erc_bfd *s, u64 now_ns);

/**
 * erc_bfd_interval_us - how often we send (section 6.8.7)
 * @s: the session
 *
 * Return: the interval before jitter, 0 if the peer wants no packets.
 */
u32 erc_bfd_interval_us(const struct erc_bfd *s);

/**
 * erc_bfd_detection_us - after which silence the session fails (section 6.8.4)
 * @s: the session
 *
 * Return: the detection time, 0 while the peer has not been heard.
 */
u64 erc_bfd_detection_us(const struct erc_bfd *s);

#endif /* _ERC_CORE_BFD_H */
