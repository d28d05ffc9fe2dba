/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds the circuit that a device is, or that it is a leg of. All .c files may
 * include this header. It names two symbols of files of higher layers, and only
 * compares their addresses.
 */
#ifndef _ERC_LOOKUP_H
#define _ERC_LOOKUP_H

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "leg.h"

/* Marks the device of a circuit, see circuit.c. */
extern const struct net_device_ops erc_circuit_ops;

/* Marks a leg, see receive.c. */
rx_handler_result_t erc_receive(struct sk_buff **pskb);

/**
 * erc_lookup_circuit - find the circuit that a device is
 * @dev: any device
 *
 * Return: the circuit or NULL.
 */
static inline struct erc_circuit *
erc_lookup_circuit(const struct net_device *dev)
{
	return dev->netdev_ops == &erc_circuit_ops ? netdev_priv(dev) : NULL;
}

/**
 * erc_lookup_upper_rcu - find the circuit that a device is a leg of
 * @dev: any device; under RCU
 *
 * Return: the circuit or NULL.
 */
static inline struct erc_circuit *
erc_lookup_upper_rcu(const struct net_device *dev)
{
	const struct erc_leg *leg;

	if (rcu_access_pointer(dev->rx_handler) != erc_receive)
		return NULL;
	leg = rcu_dereference(dev->rx_handler_data);
	return leg->circuit;
}

/**
 * erc_lookup_upper_rtnl - find the circuit that a device is a leg of
 * @dev: any device; RTNL
 *
 * Return: the circuit or NULL.
 */
static inline struct erc_circuit *
erc_lookup_upper_rtnl(const struct net_device *dev)
{
	const struct erc_leg *leg;

	if (rcu_access_pointer(dev->rx_handler) != erc_receive)
		return NULL;
	leg = rtnl_dereference(dev->rx_handler_data);
	return leg->circuit;
}

#endif /* _ERC_LOOKUP_H */
