// SPDX-License-Identifier: GPL-2.0
#include "bfd_packet.h"

static u32 erc_bfd_packet_get32(const u8 *from)
{
	return (u32)from[0] << 24 | from[1] << 16 | from[2] << 8 | from[3];
}

static void erc_bfd_packet_put32(u8 *to, u32 value)
{
	to[0] = value >> 24;
	to[1] = value >> 16;
	to[2] = value >> 8;
	to[3] = value;
}

u32 erc_bfd_packet_your_discr(const u8 *data)
{
	return erc_bfd_packet_get32(data + 8);
}

/* The checks of section 6.8.6 that need the fields of the packet */
static enum erc_bfd_refusal erc_bfd_packet_check(const struct erc_bfd_packet *p)
{
	const u8 both = ERC_BFD_POLL | ERC_BFD_FINAL;

	if (!p->mult)
		return ERC_BFD_BAD_MULT;
	if (p->flags & ERC_BFD_MULTIPOINT)
		return ERC_BFD_BAD_MULTIPOINT;
	if ((p->flags & both) == both)
		return ERC_BFD_BAD_POLL;
	if (!p->my_discr)
		return ERC_BFD_BAD_MY_DISCR;
	if (!p->your_discr && p->state > ERCIRCUIT_BFD_DOWN)
		return ERC_BFD_BAD_YOUR_DISCR;
	if (p->flags & ERC_BFD_AUTH)
		return ERC_BFD_BAD_AUTH;
	return ERC_BFD_GOOD;
}

/* Sections 4.1 and 6.8.6 */
enum erc_bfd_refusal erc_bfd_packet_decode(const u8 *data, unsigned int len,
					   struct erc_bfd_packet *p)
{
	if (len < ERC_BFD_LENGTH)
		return ERC_BFD_BAD_SIZE;
	if (data[0] >> 5 != ERC_BFD_VERSION)
		return ERC_BFD_BAD_VERSION;
	if (data[3] < ERC_BFD_LENGTH || data[3] > len)
		return ERC_BFD_BAD_LENGTH;
	*p = (struct erc_bfd_packet) {
		.diag = data[0] & 0x1f,
		.state = data[1] >> 6,
		.flags = data[1] & 0x3f,
		.mult = data[2],
		.my_discr = erc_bfd_packet_get32(data + 4),
		.your_discr = erc_bfd_packet_your_discr(data),
		.tx_us = erc_bfd_packet_get32(data + 12),
		.rx_us = erc_bfd_packet_get32(data + 16),
		.echo_us = erc_bfd_packet_get32(data + 20),
	};
	return erc_bfd_packet_check(p);
}

void erc_bfd_packet_encode(const struct erc_bfd_packet *p,
			   u8 data[ERC_BFD_LENGTH])
{
	data[0] = ERC_BFD_VERSION << 5 | p->diag;
	data[1] = p->state << 6 | p->flags;
	data[2] = p->mult;
	data[3] = ERC_BFD_LENGTH;
	erc_bfd_packet_put32(data + 4, p->my_discr);
	erc_bfd_packet_put32(data + 8, p->your_discr);
	erc_bfd_packet_put32(data + 12, p->tx_us);
	erc_bfd_packet_put32(data + 16, p->rx_us);
	erc_bfd_packet_put32(data + 20, p->echo_us);
}
