/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which addresses a circuit carries. Header only: these are a few compares
 * on the payload path.
 */
#ifndef _ERC_CORE_PACKET_H
#define _ERC_CORE_PACKET_H

#include <asm/byteorder.h>
#include <linux/in6.h>
#include "types.h"

/**
 * erc_packet_multicast4 - multicast or limited broadcast (RFC 1112, RFC 919)
 * @daddr: destination
 *
 * Return: true if the circuit does not carry it for that reason.
 */
static inline bool erc_packet_multicast4(__be32 daddr)
{
	/* 224.0.0.0/4 and 255.255.255.255 with one compare; 240.0.0.0/4 is
	 * reserved (RFC 1112 section 4) and no use to anybody either.
	 */
	return (ntohl(daddr) & 0xe0000000) == 0xe0000000;
}

/**
 * erc_packet_multicast6 - multicast (RFC 4291 section 2.7)
 * @daddr: destination
 *
 * Return: true if the circuit does not carry it for that reason.
 */
static inline bool erc_packet_multicast6(const struct in6_addr *daddr)
{
	return daddr->s6_addr[0] == 0xff;
}

/**
 * erc_packet_local4 - destinations that never leave a leg's link
 * @daddr: destination
 *
 * 0.0.0.0/8 (RFC 1122 3.2.1.3), 127.0.0.0/8 and 169.254.0.0/16
 * (RFC 3927 section 7), multicast and broadcast.
 *
 * Return: true if the packet belongs to the underlay.
 */
static inline bool erc_packet_local4(__be32 daddr)
{
	u32 a = ntohl(daddr);

	return erc_packet_multicast4(daddr) || a >> 16 == 0xa9fe ||
	       a >> 24 == 127 || a >> 24 == 0;
}

/**
 * erc_packet_local6 - destinations that never leave a leg's link
 * @daddr: destination
 *
 * ::/128, ::1/128, fe80::/10 (RFC 4291 section 2.5) and multicast.
 *
 * Return: true if the packet belongs to the underlay.
 */
static inline bool erc_packet_local6(const struct in6_addr *daddr)
{
	return erc_packet_multicast6(daddr) ||
	       (daddr->s6_addr16[0] & htons(0xffc0)) == htons(0xfe80) ||
	       !(daddr->s6_addr32[0] | daddr->s6_addr32[1] |
		 daddr->s6_addr32[2] | (daddr->s6_addr32[3] & htonl(~1U)));
}

#endif /* _ERC_CORE_PACKET_H */
