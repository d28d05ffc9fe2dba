/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The addresses that a circuit carries, and the leg that a flow takes. Header
 * only: the payload path inlines these compares.
 */
#ifndef _ERC_CORE_PACKET_H
#define _ERC_CORE_PACKET_H

#include <asm/byteorder.h>
#include <linux/bitops.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <uapi/linux/ip.h>
#include <uapi/linux/ipv6.h>
#include "types.h"

/* UDP port of a client of DHCP (RFC 2131 section 4.1) */
#define ERC_PACKET_DHCP_CLIENT	68

/**
 * erc_packet_is_multicast4 - multicast or limited broadcast (RFC 1112, RFC 919)
 * @daddr: destination
 *
 * Return: true if it is either; the circuit does not carry these.
 */
static inline bool erc_packet_is_multicast4(__be32 daddr)
{
	/* 224.0.0.0/4 and 255.255.255.255 with one compare, which also matches
	 * the reserved 240.0.0.0/4 (RFC 1112 section 4).
	 */
	return *(const u8 *)&daddr >= 224;
}

/**
 * erc_packet_is_multicast6 - multicast (RFC 4291 section 2.7)
 * @daddr: destination
 *
 * Return: true if it is; the circuit does not carry it.
 */
static inline bool erc_packet_is_multicast6(const struct in6_addr *daddr)
{
	return daddr->s6_addr[0] == 0xff;
}

/**
 * struct erc_packet_octets - first octets of special addresses
 * @v4: by the first octet of an IPv4 address: 0 = no special address begins so
 * @v6: by the first octet of an IPv6 address: likewise
 */
struct erc_packet_octets {
	u8 v4[256];
	u8 v6[256];
};

/* For most payload the first octet is enough to know that it leaves the link. A leg
 * copies this table and adds the first octets of its own subnets.
 */
static const struct erc_packet_octets erc_packet_octets = {
	.v4 = { [0] = 1, [127] = 1, [169] = 1, [224 ... 255] = 1 },
	.v6 = { [0x00] = 1, [0xfe] = 1, [0xff] = 1 },
};

/**
 * erc_packet_is_local4 - destinations that never leave a leg's link
 * @daddr: destination
 *
 * 0.0.0.0/8 (RFC 1122 3.2.1.3), 127.0.0.0/8 and 169.254.0.0/16
 * (RFC 3927 section 7), multicast and broadcast.
 *
 * Return: true if the packet belongs to the underlay.
 */
static inline bool erc_packet_is_local4(__be32 daddr)
{
	u32 a = ntohl(daddr);

	if (!erc_packet_octets.v4[*(const u8 *)&daddr])
		return false;
	return erc_packet_is_multicast4(daddr) || a >> 16 == 0xa9fe ||
	       a >> 24 == 127 || a >> 24 == 0;
}

/**
 * erc_packet_is_link_local6 - fe80::/10 (RFC 4291 section 2.5.6)
 * @a: source or destination
 *
 * Return: true if it is link-local.
 */
static inline bool erc_packet_is_link_local6(const struct in6_addr *a)
{
	return (a->s6_addr16[0] & htons(0xffc0)) == htons(0xfe80);
}

/**
 * erc_packet_is_local6 - destinations that never leave a leg's link
 * @daddr: destination
 *
 * ::/128, ::1/128, fe80::/10 (RFC 4291 section 2.5) and multicast.
 *
 * Return: true if the packet belongs to the underlay.
 */
static inline bool erc_packet_is_local6(const struct in6_addr *daddr)
{
	if (!erc_packet_octets.v6[daddr->s6_addr[0]])
		return false;
	return erc_packet_is_multicast6(daddr) ||
	       erc_packet_is_link_local6(daddr) ||
	       !(daddr->s6_addr32[0] | daddr->s6_addr32[1] |
		 daddr->s6_addr32[2] | (daddr->s6_addr32[3] & htonl(~1U)));
}

/**
 * erc_packet_add_octets - mark the first octets of a subnet
 * @octets: of one family
 * @first: first octet of an address on the subnet
 * @mask: first octet of its mask
 */
static inline void erc_packet_add_octets(u8 *octets, u8 first, u8 mask)
{
	int i;

	for (i = 0; i < 256; i++)
		if (!((i ^ first) & mask))
			octets[i] = 1;
}

/**
 * erc_packet_is_public4 - addresses that Microsoft peering carries
 * @a: source or destination
 *
 * Not 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918), 100.64.0.0/10
 * (RFC 6598) and 169.254.0.0/16 (RFC 3927).
 *
 * Return: true if it is none of them.
 */
static inline bool erc_packet_is_public4(__be32 a)
{
	u32 h = ntohl(a);

	return h >> 24 != 10 && h >> 20 != 0xac1 && h >> 16 != 0xc0a8 &&
	       h >> 22 != 0x191 && h >> 16 != 0xa9fe;
}

/**
 * erc_packet_is_public6 - addresses that Microsoft peering carries
 * @a: source or destination
 *
 * Not fc00::/7 (RFC 4193) and fe80::/10 (RFC 4291 section 2.5.6).
 *
 * Return: true if it is none of them.
 */
static inline bool erc_packet_is_public6(const struct in6_addr *a)
{
	return (a->s6_addr[0] & 0xfe) != 0xfc && !erc_packet_is_link_local6(a);
}

/**
 * erc_packet_dscp - DSCP that a peering sends
 * @peering: &enum ercircuit_peering
 * @dscp: of the packet
 *
 * Microsoft peering knows EF for voice, AF41 for video, AF21 for sharing and
 * AF11 for files, and resets others; private peering resets all.
 *
 * Return: that of the packet, or 0.
 */
static inline u8 erc_packet_dscp(u8 peering, u8 dscp)
{
	const u64 known = BIT_ULL(46) | BIT_ULL(34) | BIT_ULL(18) | BIT_ULL(10);

	if (peering == ERCIRCUIT_PEERING_NONE)
		return dscp;
	if (peering == ERCIRCUIT_PEERING_MICROSOFT && known >> dscp & 1)
		return dscp;
	return 0;
}

/**
 * struct erc_packet_upper - the upper-layer header of a packet
 * @protocol: number of the last header, IPv6 extension headers skipped
 * @fragment: the packet is a fragment, the first or a later one
 * @later: the packet is a later fragment, without an upper-layer header
 * @cut: the upper-layer header is truncated
 * @near: the destination is on the subnet of a leg
 * @type: of ICMP and ICMPv6
 * @port: destination port of UDP
 */
struct erc_packet_upper {
	u8 protocol;
	bool fragment;
	bool later;
	bool cut;
	bool near;
	u8 type;
	u16 port;
};

/**
 * erc_packet_is_bfd_port - the ports of BFD
 * @port: destination port
 *
 * RFC 5881 section 4 (control and echo), RFC 5883 section 5, RFC 7130
 * section 2.1, RFC 7881 section 4.
 *
 * Return: true for one of them.
 */
static inline bool erc_packet_is_bfd_port(u16 port)
{
	return port == 3784 || port == 3785 || port == 4784 || port == 6784 ||
	       port == 7784;
}

/**
 * erc_packet_is_link_only - may only a neighbour on the link send this packet?
 * @u: its upper-layer header
 *
 * Such are neighbour discovery (RFC 4861 section 4: receivers demand a hop limit of
 * 255), ICMP redirects and router advertisements (RFC 792, RFC 1256), and BFD to a
 * neighbour of the leg. A UDP fragment to a neighbour counts as BFD, because its
 * port may be hidden.
 *
 * Return: true if so.
 */
static inline bool erc_packet_is_link_only(const struct erc_packet_upper *u)
{
	switch (u->protocol) {
	case IPPROTO_ICMPV6:
		return !u->later &&
		       (u->cut || (u->type >= 133 && u->type <= 137));
	case IPPROTO_ICMP:
		return !u->later && (u->cut || u->type == 5 || u->type == 9);
	case IPPROTO_UDP:
		return u->near && (u->fragment || u->cut ||
				   erc_packet_is_bfd_port(u->port));
	default:
		return false;
	}
}

/* The golden ratio in 64 bits, as in linux/hash.h: spreads low bits upwards. */
#define ERC_PACKET_GOLDEN 0x61c8864680b583ebULL

/* Return: a hash of all bits of @x, 0 or 1. */
static inline unsigned int erc_packet_fold(u64 x)
{
	x *= ERC_PACKET_GOLDEN;
	x ^= x >> 32;
	return (x * ERC_PACKET_GOLDEN) >> 63;
}

/* Both addresses in a word */
static inline u64 erc_packet_mix4(__be32 saddr, __be32 daddr)
{
	return (u64)(__force u32)saddr << 32 | (__force u32)daddr;
}

/**
 * erc_packet_hash4 - choose one of two legs for a flow by its addresses
 * @saddr: source
 * @daddr: destination
 *
 * Return: 0 or 1.
 */
static inline unsigned int erc_packet_hash4(__be32 saddr, __be32 daddr)
{
	return erc_packet_fold(erc_packet_mix4(saddr, daddr));
}

/* Half of an address as one word; the byte order does not matter. */
static inline u64 erc_packet_half6(const struct in6_addr *a, int first)
{
	return (__force u32)a->s6_addr32[first] |
	       (u64)(__force u32)a->s6_addr32[first + 1] << 32;
}

/* The same of IPv6 */
static inline u64 erc_packet_mix6(const struct in6_addr *saddr,
				  const struct in6_addr *daddr)
{
	u64 net = erc_packet_half6(saddr, 0) ^
		  rol64(erc_packet_half6(daddr, 0), 29);
	u64 host = erc_packet_half6(saddr, 2) ^
		   rol64(erc_packet_half6(daddr, 2), 29);

	return rol64(net * ERC_PACKET_GOLDEN, 32) ^ host;
}

/**
 * erc_packet_hash6 - choose one of two legs for a flow by its addresses
 * @saddr: source
 * @daddr: destination
 *
 * Return: 0 or 1.
 */
static inline unsigned int erc_packet_hash6(const struct in6_addr *saddr,
					    const struct in6_addr *daddr)
{
	return erc_packet_fold(erc_packet_mix6(saddr, daddr));
}

/**
 * struct erc_packet_ports - the first fields of a TCP or UDP header
 * @source: source port
 * @dest: destination port
 */
struct erc_packet_ports {
	__be16 source;
	__be16 dest;
};

/* UDP tunnels whose senders do not fragment: RFC 7348 section 4.3, RFC 8926 section
 * 4.1.1. QUIC is not listed: its port does not tell it from VPNs that fragment.
 */
#define ERC_PACKET_PORT_VXLAN	4789
#define ERC_PACKET_PORT_GENEVE	6081

/**
 * erc_packet_l4_offset4 - get the offset of the ports that identify a flow
 * @ip: header
 *
 * Later fragments have no ports, and all packets of a flow must have the same hash.
 * So ports count only if no packet of the flow can become a fragment: the sender
 * sets DF.
 *
 * Return: offset from @ip, 0 = ports do not count.
 */
static inline unsigned int erc_packet_l4_offset4(const struct iphdr *ip)
{
	/* DF, and neither MF nor an offset */
	if ((ip->frag_off & htons(0x7fff)) != htons(0x4000))
		return 0;
	if (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP)
		return 0;
	return ip->ihl * 4;
}

/**
 * erc_packet_l4_offset6 - get the offset of the ports that identify a flow
 * @ip: header
 *
 * Like erc_packet_l4_offset4(), without DF: IPv6 routers do not fragment. Ports
 * behind an extension header do not count.
 *
 * Return: offset from @ip, 0 = ports do not count.
 */
static inline unsigned int erc_packet_l4_offset6(const struct ipv6hdr *ip)
{
	if (ip->nexthdr != IPPROTO_TCP && ip->nexthdr != IPPROTO_UDP)
		return 0;
	return sizeof(*ip);
}

/**
 * erc_packet_has_flow_ports - do the ports of a packet identify its flow?
 * @protocol: TCP or UDP
 * @ports: of the packet
 *
 * TCP sends no segment that is too large, and neither do the UDP tunnels above. In
 * any other UDP flow the next datagram may be so large that its sender fragments
 * it, even if this one has DF set.
 *
 * Return: true if they do.
 */
static inline bool erc_packet_has_flow_ports(u8 protocol,
					     const struct erc_packet_ports *ports)
{
	return protocol == IPPROTO_TCP ||
	       ports->dest == htons(ERC_PACKET_PORT_VXLAN) ||
	       ports->dest == htons(ERC_PACKET_PORT_GENEVE);
}

/* Return: a hash of the ports and of the mixed addresses, 0 or 1. */
static inline unsigned int
erc_packet_fold_ports(u64 addresses, const struct erc_packet_ports *ports)
{
	u64 both = (u64)(__force u16)ports->source << 16 |
		   (__force u16)ports->dest;

	return erc_packet_fold(rol64(addresses * ERC_PACKET_GOLDEN, 32) ^ both);
}

/**
 * erc_packet_hash4_ports - choose one of two legs for a flow, with its ports
 * @saddr: source
 * @daddr: destination
 * @ports: ports
 *
 * Return: 0 or 1.
 */
static inline unsigned int
erc_packet_hash4_ports(__be32 saddr, __be32 daddr,
		       const struct erc_packet_ports *ports)
{
	return erc_packet_fold_ports(erc_packet_mix4(saddr, daddr), ports);
}

/**
 * erc_packet_hash6_ports - choose one of two legs for a flow, with its ports
 * @saddr: source
 * @daddr: destination
 * @ports: ports
 *
 * Return: 0 or 1.
 */
static inline unsigned int
erc_packet_hash6_ports(const struct in6_addr *saddr,
		       const struct in6_addr *daddr,
		       const struct erc_packet_ports *ports)
{
	return erc_packet_fold_ports(erc_packet_mix6(saddr, daddr), ports);
}

#endif /* _ERC_CORE_PACKET_H */
