/* SPDX-License-Identifier: GPL-2.0 */
/* Finds, adds and deletes default routes. */
#ifndef _ERC_ROUTE_H
#define _ERC_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Size of the longest gateway, RTA_VIA with an IPv6 address */
#define ERC_ROUTE_GATEWAY	18

/**
 * struct erc_route - a default route by one device
 * @family: AF_INET or AF_INET6, 0 = no route
 * @oif: the device
 * @metric: of the route
 * @onlink: the gateway need not be on a subnet of the device
 * @gateway_type: RTA_GATEWAY, RTA_VIA, or 0 if there is no gateway
 * @gateway_len: bytes in @gateway
 * @gateway: as in the message
 * @prefsrc_len: bytes in @prefsrc, 0 = the kernel chooses the source address
 * @prefsrc: source address
 */
struct erc_route {
	uint8_t family;
	unsigned int oif;
	uint32_t metric;
	bool onlink;
	uint16_t gateway_type;
	uint8_t gateway_len;
	uint8_t gateway[ERC_ROUTE_GATEWAY];
	uint8_t prefsrc_len;
	uint8_t prefsrc[16];
};

/**
 * erc_route_find - find the default route of a table
 * @family: AF_INET or AF_INET6
 * @table: the table
 * @oif: device of the route, 0 = any
 * @route: result: the route with the lowest metric; its family is 0 if there is
 *	no route
 *
 * Return: 0, or a negative value after printing an error.
 */
int erc_route_find(uint8_t family, uint32_t table, unsigned int oif,
		   struct erc_route *route);

/**
 * erc_route_same - do two routes lead to the same gateway?
 * @a: one
 * @b: the other
 *
 * Return: true if they do.
 */
bool erc_route_same(const struct erc_route *a, const struct erc_route *b);

/**
 * erc_route_gateway - get the address of the gateway as text
 * @route: the route
 * @text: result
 * @size: of @text, %INET6_ADDRSTRLEN is enough
 *
 * Return: @text, or NULL if there is no gateway.
 */
const char *erc_route_gateway(const struct erc_route *route, char *text,
			      size_t size);

/**
 * erc_route_add - copy a default route into a table, replacing the one there
 * @route: the route
 * @table: the table
 *
 * Return: 0, or a negative value if the kernel refused.
 */
int erc_route_add(const struct erc_route *route, uint32_t table);

/**
 * erc_route_del - remove the default route from a table
 * @route: the route, from erc_route_find()
 * @table: the table
 *
 * Return: 0, or a negative value if the kernel refused.
 */
int erc_route_del(const struct erc_route *route, uint32_t table);

#endif /* _ERC_ROUTE_H */
