/* SPDX-License-Identifier: GPL-2.0 */
/* The control packet of BFD without authentication (RFC 5880 section 4.1) */
#ifndef _ERC_CORE_BFD_PACKET_H
#define _ERC_CORE_BFD_PACKET_H

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
 * enum erc_bfd_refusal - error in a received packet, in the order of 6.8.6
 * @ERC_BFD_GOOD: no error
 * @ERC_BFD_BAD_SIZE: less data than a control packet has
 * @ERC_BFD_BAD_VERSION: not version 1
 * @ERC_BFD_BAD_LENGTH: Length is below the minimum or above the size of the data
 * @ERC_BFD_BAD_MULT: multiplier 0
 * @ERC_BFD_BAD_MULTIPOINT: the reserved bit M is set
 * @ERC_BFD_BAD_POLL: Poll and Final are both set (section 6.5)
 * @ERC_BFD_BAD_MY_DISCR: My Discriminator is 0
 * @ERC_BFD_BAD_YOUR_DISCR: Your Discriminator is 0 in state Init or Up
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
 * erc_bfd_packet_decode - read and check a packet
 * @data: payload of UDP; its first ERC_BFD_LENGTH bytes, or all if shorter
 * @len: length of the whole payload
 * @p: result
 *
 * Return: &enum erc_bfd_refusal.
 */
enum erc_bfd_refusal erc_bfd_packet_decode(const u8 *data, unsigned int len,
					   struct erc_bfd_packet *p);

/**
 * erc_bfd_packet_your_discr - get the discriminator that a packet is addressed to
 * @data: at least ERC_BFD_LENGTH bytes, not checked yet
 *
 * Return: Your Discriminator.
 */
u32 erc_bfd_packet_your_discr(const u8 *data);

/**
 * erc_bfd_packet_encode - write a packet
 * @p: the packet
 * @data: result
 */
void erc_bfd_packet_encode(const struct erc_bfd_packet *p,
			   u8 data[ERC_BFD_LENGTH]);

#endif /* _ERC_CORE_BFD_PACKET_H */
