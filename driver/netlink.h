/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_NETLINK_H
#define _ERC_NETLINK_H

#include <net/rtnetlink.h>

extern struct rtnl_link_ops erc_netlink_ops;

#endif /* _ERC_NETLINK_H */
