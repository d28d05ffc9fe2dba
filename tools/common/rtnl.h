/* SPDX-License-Identifier: GPL-2.0 */
/* Requests to rtnetlink about circuits. */
#ifndef _ERC_RTNL_H
#define _ERC_RTNL_H

#include <libmnl/libmnl.h>
#include <net/if.h>
#include <stdbool.h>

/* Size of a request; answers have their own buffer, see erc_rtnl_talk() */
#define ERC_RTNL_REQUEST 2048

/**
 * struct erc_link - a circuit, from RTM_NEWLINK
 * @ifindex: of the circuit
 * @name: of the circuit
 * @mtu: of the circuit
 * @up: administratively up
 * @data: IFLA_INFO_DATA, or NULL
 */
struct erc_link {
	int ifindex;
	char name[IF_NAMESIZE];
	unsigned int mtu;
	bool up;
	const struct nlattr *data;
};

/**
 * erc_link_fn - called for a circuit
 * @link: the circuit; valid during the call only
 * @data: the caller's argument
 *
 * Return: 0 to go on, or -1 after printing an error.
 */
typedef int (*erc_link_fn)(const struct erc_link *link, void *data);

/**
 * erc_rtnl_open - open a socket, or exit with an error
 * @groups: RTMGRP_* to listen to
 *
 * Return: the socket.
 */
struct mnl_socket *erc_rtnl_open(unsigned int groups);

/**
 * erc_rtnl_message - begin a message
 * @buf: %ERC_RTNL_REQUEST
 * @type: RTM_*
 * @flags: NLM_F_*, in addition to NLM_F_REQUEST
 * @size: of the family header, which is zeroed
 *
 * Return: the message.
 */
struct nlmsghdr *erc_rtnl_message(char *buf, uint16_t type, uint16_t flags,
				  size_t size);

/**
 * erc_rtnl_request - begin a message about a link
 * @buf: %ERC_RTNL_REQUEST
 * @type: RTM_*
 * @flags: NLM_F_*, in addition to NLM_F_REQUEST
 * @ifindex: in the header, 0 = none
 *
 * Return: the message, with a struct ifinfomsg.
 */
struct nlmsghdr *erc_rtnl_request(char *buf, uint16_t type, uint16_t flags,
				  int ifindex);

/**
 * erc_rtnl_talk - send a request and receive the answer
 * @nlh: the request
 * @fn: called for each message of the answer, or NULL
 * @data: passed to @fn
 *
 * The kernel's error or warning is printed.
 *
 * Return: 0, -EINTR if a dump was interrupted, or another negative value if
 * the kernel refused.
 */
int erc_rtnl_talk(struct nlmsghdr *nlh, mnl_cb_t fn, void *data);

/**
 * erc_rtnl_dump - dump all routes or rules of all families
 * @type: RTM_GETROUTE or RTM_GETRULE
 * @fn: called for each after the dump has ended, so it may send requests
 * @data: passed to @fn
 *
 * Return: 0, or a negative value after printing an error.
 */
int erc_rtnl_dump(uint16_t type, mnl_cb_t fn, void *data);

/**
 * erc_rtnl_link - parse a message about a link
 * @nlh: RTM_NEWLINK or RTM_DELLINK
 * @link: result
 *
 * Return: true if it is about a circuit.
 */
bool erc_rtnl_link(const struct nlmsghdr *nlh, struct erc_link *link);

/**
 * erc_rtnl_ifindex - find a device by its name or alternative name
 * @name: up to 127 characters
 *
 * Return: its index, or 0 if there is none.
 */
unsigned int erc_rtnl_ifindex(const char *name);

/**
 * erc_rtnl_each - find circuits
 * @name: of one circuit, or NULL for all; a link of another kind is an error
 * @fn: called for each
 * @data: passed to @fn
 *
 * Return: 0, or -1 after printing an error.
 */
int erc_rtnl_each(const char *name, erc_link_fn fn, void *data);

/**
 * erc_rtnl_find - check that a device is a circuit
 * @name: of the device
 * @ifindex: result, or NULL
 *
 * The kernel would change or delete a device of another kind.
 *
 * Return: 0, or -1 after printing an error.
 */
int erc_rtnl_find(const char *name, int *ifindex);

/**
 * erc_rtnl_stats - request the counters and the log of a circuit
 * @ifindex: of the circuit
 * @fn: called with the answer, see erc_stats_parse()
 * @data: passed to @fn
 *
 * Return: 0, or -1 after printing an error; nothing is printed if the circuit
 * has been deleted.
 */
int erc_rtnl_stats(int ifindex, mnl_cb_t fn, void *data);

#endif /* _ERC_RTNL_H */
