/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_ETHTOOL_H
#define _ERC_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops erc_ethtool_ops;

#endif /* _ERC_ETHTOOL_H */
