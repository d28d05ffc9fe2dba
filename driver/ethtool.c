// SPDX-License-Identifier: GPL-2.0
#include <linux/ethtool.h>

#include "counter.h"
#include "ethtool.h"

#define ERC_ETHTOOL_COUNTERS (sizeof(struct erc_counters) / sizeof(u64))

static const char * const erc_ethtool_slots[ERCIRCUIT_SLOTS] = {
	[ERCIRCUIT_PRIMARY]	= "primary",
	[ERCIRCUIT_SECONDARY]	= "secondary",
};

static void erc_ethtool_drvinfo(struct net_device *dev,
				struct ethtool_drvinfo *info)
{
	strscpy(info->driver, ERC_NAME, sizeof(info->driver));
}

static int erc_ethtool_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? ERC_ETHTOOL_COUNTERS : -EOPNOTSUPP;
}

static void erc_ethtool_strings(struct net_device *dev, u32 sset, u8 *data)
{
	int slot, i;

	if (sset != ETH_SS_STATS)
		return;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		for (i = 0; i < ERCIRCUIT_LEG_COUNTER_MAX; i++)
			ethtool_sprintf(&data, "%s_%s", erc_ethtool_slots[slot],
					erc_counter_leg_names[i]);
	for (i = 0; i < ERCIRCUIT_COUNTER_MAX; i++)
		ethtool_sprintf(&data, "%s", erc_counter_names[i]);
}

static void erc_ethtool_stats(struct net_device *dev,
			      struct ethtool_stats *stats, u64 *data)
{
	struct erc_counters sum;

	erc_counter_read(netdev_priv(dev), &sum);
	memcpy(data, &sum, sizeof(sum));
}

static int erc_ethtool_link_ksettings(struct net_device *dev,
				      struct ethtool_link_ksettings *cmd)
{
	/* The speed is the contract's, which a later stage brings. */
	cmd->base.speed = SPEED_UNKNOWN;
	cmd->base.duplex = DUPLEX_FULL;
	cmd->base.port = PORT_NONE;
	cmd->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

const struct ethtool_ops erc_ethtool_ops = {
	.get_drvinfo		= erc_ethtool_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= erc_ethtool_count,
	.get_strings		= erc_ethtool_strings,
	.get_ethtool_stats	= erc_ethtool_stats,
	.get_link_ksettings	= erc_ethtool_link_ksettings,
	.get_ts_info		= ethtool_op_get_ts_info,
};
