// SPDX-License-Identifier: GPL-2.0
/* The routing domain of a circuit permits addresses and rewrites the DSCP. */
#include <net/dsfield.h>
#include <net/inet_ecn.h>

#include "core/packet.h"
#include "ercircuit.h"
#include "peering.h"
#include "transition.h"

static bool erc_peering_permits(u8 peering, const struct sk_buff *skb)
{
	if (peering != ERCIRCUIT_PEERING_MICROSOFT)
		return true;
	if (skb->protocol == htons(ETH_P_IP))
		return erc_packet_is_public4(ip_hdr(skb)->saddr) &&
		       erc_packet_is_public4(ip_hdr(skb)->daddr);
	return erc_packet_is_public6(&ipv6_hdr(skb)->saddr) &&
	       erc_packet_is_public6(&ipv6_hdr(skb)->daddr);
}

/* Return: false if the header could not be made writable. */
static bool erc_peering_rewrite_dscp(u8 peering, struct sk_buff *skb)
{
	bool v4 = skb->protocol == htons(ETH_P_IP);
	u8 was = v4 ? ipv4_get_dsfield(ip_hdr(skb)) :
		      ipv6_get_dsfield(ipv6_hdr(skb));
	u8 dscp = erc_packet_dscp(peering, was >> 2);

	if (dscp == was >> 2)
		return true;
	if (skb_ensure_writable(skb, v4 ? sizeof(struct iphdr) :
					  sizeof(struct ipv6hdr)))
		return false;
	if (v4)
		ipv4_change_dsfield(ip_hdr(skb), INET_ECN_MASK, dscp << 2);
	else
		ipv6_change_dsfield(ipv6_hdr(skb), INET_ECN_MASK, dscp << 2);
	return true;
}

int erc_peering_enforce(struct erc_circuit *c, int slot,
			enum erc_direction dir, struct sk_buff *skb)
{
	u8 peering = READ_ONCE(c->peering);

	if (!erc_peering_permits(peering, skb)) {
		if (dir == ERC_TX)
			erc_drop(c, tx_peering);
		else
			erc_drop(c, rx_peering);
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_INADDRERRORS);
		return -EPERM;
	}
	if (dir == ERC_RX || erc_peering_rewrite_dscp(peering, skb))
		return 0;
	erc_drop_leg(c, slot, tx_error);
	kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	return -EPERM;
}
