/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_DISCR_H
#define _ERC_DISCR_H

#include <linux/types.h>

/**
 * erc_discr_take - reserve a discriminator and the source port of a session
 *
 * No other session of this machine has either of them until
 * erc_discr_release().
 *
 * Return: the discriminator, 0 if there are as many sessions as source ports.
 */
u32 erc_discr_take(void);

/**
 * erc_discr_release - undo erc_discr_take()
 * @discr: the discriminator
 */
void erc_discr_release(u32 discr);

/**
 * erc_discr_udp_port - source port of a session
 * @discr: its discriminator
 *
 * Return: the port.
 */
u16 erc_discr_udp_port(u32 discr);

#endif /* _ERC_DISCR_H */
