/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_EVENT_H
#define _ERC_EVENT_H

struct net_device;

/**
 * erc_event_setup - rtnl_link_ops.setup: a circuit with its timers and works
 * @dev: a fresh device
 */
void erc_event_setup(struct net_device *dev);

/**
 * erc_event_register - register the notifiers
 *
 * Return: 0 or a negative error.
 */
int erc_event_register(void);

/**
 * erc_event_unregister - unregister the notifiers
 *
 * There are no circuits any more. The function also ends the farewells of BFD
 * sessions, which hold devices.
 */
void erc_event_unregister(void);

#endif /* _ERC_EVENT_H */
