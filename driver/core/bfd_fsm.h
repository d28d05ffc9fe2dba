/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bidirectional Forwarding Detection (RFC 5880), asynchronous mode: one
 * session, without echo and without authentication. We never ask for demand
 * mode, and obey a peer that does.
 */
#ifndef _ERC_CORE_BFD_FSM_H
#define _ERC_CORE_BFD_FSM_H

#include "bfd_packet.h"
#include "types.h"

/* Section 6.8.3: no faster than this while the session is not Up */
#define ERC_BFD_SLOW_US		1000000

/* The grace after maintenance: a session may take three slow intervals to become
 * Up again. The handshake takes two at most, and one of its packets may get lost.
 * A session that was Up longer ago than that gets no grace, unless the event that
 * ends the maintenance grants it.
 */
#define ERC_BFD_GRACE_NS	(3ULL * ERC_BFD_SLOW_US * 1000)

/**
 * enum erc_bfd_verdict - verdict of a session on the leg that it watches
 * @ERC_BFD_FAILED: the far router does not answer: the leg is in signal fail
 * @ERC_BFD_USABLE: the far router answers
 * @ERC_BFD_PEER_ADMIN: the far router is in maintenance: the leg is degraded
 * @ERC_BFD_NO_VERDICT: we are in maintenance, or it has just ended: no verdict
 */
enum erc_bfd_verdict {
	ERC_BFD_FAILED,
	ERC_BFD_USABLE,
	ERC_BFD_PEER_ADMIN,
	ERC_BFD_NO_VERDICT,
};

/**
 * struct erc_bfd_config - settings of the user
 * @tx_us: interval at which we want to send
 * @rx_us: shortest interval at which we can receive
 * @mult: detection time multiplier that we announce
 */
struct erc_bfd_config {
	u32 tx_us;
	u32 rx_us;
	u8 mult;
};

/**
 * struct erc_bfd_remote - contents of the peer's last packet (section 6.8.1)
 * @discr: its discriminator, 0 = not known
 * @tx_us: its Desired Min TX Interval
 * @rx_us: its Required Min RX Interval
 * @state: &enum ercircuit_bfd_state
 * @diag: its diagnostic
 * @mult: its multiplier
 * @demand: it is in demand mode: it wants no periodic packets while both are Up
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
 * struct erc_bfd_fsm - a session
 * @config: as set
 * @remote: contents of the peer's last packet
 * @last_sent: our last packet, without Poll and Final
 * @discr: our discriminator
 * @tx_us: Desired Min TX Interval in effect: an increase waits for the end of
 *	a Poll Sequence
 * @rx_us: Required Min RX Interval in effect: a decrease waits in the same way
 * @state: &enum ercircuit_bfd_state
 * @diag: &enum ercircuit_bfd_diag, the reason of the last change of @state
 * @polling: a Poll Sequence is under way (section 6.5)
 * @polls: unanswered Polls that carry the present values
 * @old_polls: unanswered Polls that carry older values: the next so many Finals
 *	answer those
 * @detecting: the detection timer runs
 * @expired_once: the detection timer has expired once, see erc_bfd_fsm_expire()
 * @grace_verdict: &enum erc_bfd_verdict during our maintenance and until
 *	@grace_until
 * @received_ns: time of the last received packet
 * @sent_ns: time of our last packet, except for answers to a Poll
 * @poll_ns: time of our last Poll
 * @tx_at: time of the next periodic packet, ERC_NEVER = none
 * @tx_by: latest time of that packet, so that it can share a wake-up
 * @admin_ns: begin of our maintenance
 * @announce_until: end of the announcement of our maintenance
 * @up_ns: time at which the session left Up; 0 = it has not been Up
 * @grace_until: end of the grace after maintenance
 */
struct erc_bfd_fsm {
	struct erc_bfd_config config;
	struct erc_bfd_remote remote;
	struct erc_bfd_packet last_sent;
	u32 discr;
	u32 tx_us;
	u32 rx_us;
	u8 state;
	u8 diag;
	bool polling;
	bool detecting;
	bool expired_once;
	u8 grace_verdict;
	u32 polls;
	u32 old_polls;
	u64 received_ns;
	u64 sent_ns;
	u64 poll_ns;
	u64 tx_at;
	u64 tx_by;
	u64 admin_ns;
	u64 announce_until;
	u64 up_ns;
	u64 grace_until;
};

/**
 * enum erc_bfd_event - events of a session
 * @ERC_BFD_TIMER: the deadline is over; an early call changes nothing
 * @ERC_BFD_PACKET: a valid packet has arrived
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
 * @down: of ADMIN: the maintenance begins
 * @grace: of ADMIN, when it begins: the leg had no defect; when it ends:
 *	grant the grace even if the maintenance was long
 * @config: of CONFIG
 * @packet: of PACKET, as erc_bfd_packet_decode() accepted it
 */
struct erc_bfd_input {
	u8 event;
	bool down;
	bool grace;
	struct erc_bfd_config config;
	struct erc_bfd_packet packet;
};

/**
 * struct erc_bfd_out - result of a step, for the caller to act on
 * @was: state before the step
 * @send: the caller must send @packet
 * @near_miss: a near miss: the packet arrived in the last interval of the detection
 *	time; never set if the peer's multiplier is 1
 * @verdict: &enum erc_bfd_verdict after the step
 * @packet: the packet to send
 * @deadline_ns: time of the next ERC_BFD_TIMER, ERC_NEVER = none; may be in the
 *	past
 * @latest_ns: latest time of it
 */
struct erc_bfd_out {
	u8 was;
	bool send;
	bool near_miss;
	u8 verdict;
	struct erc_bfd_packet packet;
	u64 deadline_ns;
	u64 latest_ns;
};

/**
 * erc_bfd_fsm_init - make a session in AdminDown; ERC_BFD_ADMIN starts it
 * @s: the session
 * @discr: our discriminator, not 0
 * @config: as set
 */
void erc_bfd_fsm_init(struct erc_bfd_fsm *s, u32 discr,
		      const struct erc_bfd_config *config);

/**
 * erc_bfd_fsm_step - apply an event
 * @s: the session
 * @in: the event
 * @now_ns: CLOCK_BOOTTIME
 * @random: a new random number for each call
 * @out: result
 */
void erc_bfd_fsm_step(struct erc_bfd_fsm *s, const struct erc_bfd_input *in,
		      u64 now_ns, u32 random, struct erc_bfd_out *out);

/**
 * erc_bfd_fsm_verdict - get the verdict of a session on its leg
 * @s: the session
 * @now_ns: CLOCK_BOOTTIME
 *
 * Return: &enum erc_bfd_verdict.
 */
u8 erc_bfd_fsm_verdict(const struct erc_bfd_fsm *s, u64 now_ns);

/**
 * erc_bfd_fsm_interval_us - get our transmission interval (section 6.8.7)
 * @s: the session
 *
 * Return: the interval before jitter, 0 if the peer wants no packets.
 */
u32 erc_bfd_fsm_interval_us(const struct erc_bfd_fsm *s);

/**
 * erc_bfd_fsm_detection_us - get the detection time (section 6.8.4)
 * @s: the session
 *
 * Return: the detection time, 0 while the detection timer does not run.
 */
u64 erc_bfd_fsm_detection_us(const struct erc_bfd_fsm *s);

#endif /* _ERC_CORE_BFD_FSM_H */
