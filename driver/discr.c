// SPDX-License-Identifier: GPL-2.0
/*
 * Discriminators and source ports, which no two sessions of a machine share (RFC
 * 5880 section 6.3, RFC 5881 section 4). The low bits of a discriminator choose
 * the port, so a unique port makes the discriminator unique, too.
 * The other bits are random: an attacker who does not see the packets cannot know
 * them.
 */
#include <linux/bitmap.h>
#include <linux/random.h>
#include <linux/spinlock.h>

#include "discr.h"

/* RFC 5881 section 4: range of source ports */
#define ERC_DISCR_PORT_MIN	49152
#define ERC_DISCR_PORTS		16384

static DEFINE_SPINLOCK(erc_discr_lock);
static DECLARE_BITMAP(erc_discr_taken, ERC_DISCR_PORTS); /* erc_discr_lock */

/* Return: a free port from @start on, ERC_DISCR_PORTS = none is free. */
static unsigned int erc_discr_find(unsigned int start)
{
	unsigned int port;

	port = find_next_zero_bit(erc_discr_taken, ERC_DISCR_PORTS, start);
	if (port < ERC_DISCR_PORTS)
		return port;
	return find_first_zero_bit(erc_discr_taken, ERC_DISCR_PORTS);
}

u32 erc_discr_take(void)
{
	u32 random = get_random_u32();
	unsigned int port;

	spin_lock_bh(&erc_discr_lock);
	port = erc_discr_find(random % ERC_DISCR_PORTS);
	if (port < ERC_DISCR_PORTS)
		__set_bit(port, erc_discr_taken);
	spin_unlock_bh(&erc_discr_lock);
	if (port == ERC_DISCR_PORTS)
		return 0;
	random -= random % ERC_DISCR_PORTS;
	/* 0 is no discriminator. */
	return (random ?: ERC_DISCR_PORTS) + port;
}

void erc_discr_release(u32 discr)
{
	spin_lock_bh(&erc_discr_lock);
	__clear_bit(discr % ERC_DISCR_PORTS, erc_discr_taken);
	spin_unlock_bh(&erc_discr_lock);
}

u16 erc_discr_udp_port(u32 discr)
{
	return ERC_DISCR_PORT_MIN + discr % ERC_DISCR_PORTS;
}
