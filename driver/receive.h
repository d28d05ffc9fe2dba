/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_RECEIVE_H
#define _ERC_RECEIVE_H

#include <linux/netdevice.h>

/**
 * erc_receive - rx_handler of a leg
 * @pskb: packet from the leg
 *
 * Return: RX_HANDLER_ANOTHER for the circuit's packets, RX_HANDLER_PASS for
 * underlay traffic.
 */
rx_handler_result_t erc_receive(struct sk_buff **pskb);

#endif /* _ERC_RECEIVE_H */
