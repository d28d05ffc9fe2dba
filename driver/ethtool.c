// SPDX-License-Identifier: GPL-2.0
#include <linux/ethtool.h>

#include "contract.h"
#include "counter.h"
#include "ercircuit.h"
#include "ethtool.h"

#define ERC_ETHTOOL_COUNTERS (sizeof(struct erc_counters) / sizeof(u64))

static void erc_ethtool_drvinfo(struct net_device *dev,
				struct ethtool_drvinfo *info)
{
	strscpy(info->driver, ERC_NAME, sizeof(info->driver));
#ifdef ERC_VERSION
	strscpy(info->version, ERC_VERSION, sizeof(info->version));
#endif
}

static int erc_ethtool_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? ERC_ETHTOOL_COUNTERS : -EOPNOTSUPP;
}

static void erc_ethtool_names(u8 **data, const char *prefix,
			      const char * const *names, int n)
{
	int i;

	for (i = 0; i < n; i++)
		ethtool_sprintf(data, "%s%s", prefix, names[i]);
}

static void erc_ethtool_strings(struct net_device *dev, u32 sset, u8 *data)
{
	if (sset != ETH_SS_STATS)
		return;
	erc_ethtool_names(&data, "primary_", erc_counter_leg_names,
			  ERCIRCUIT_LEG_COUNTER_MAX);
	erc_ethtool_names(&data, "secondary_", erc_counter_leg_names,
			  ERCIRCUIT_LEG_COUNTER_MAX);
	erc_ethtool_names(&data, "", erc_counter_names, ERCIRCUIT_COUNTER_MAX);
}

static void erc_ethtool_stats(struct net_device *dev,
			      struct ethtool_stats *stats, u64 *data)
{
	struct erc_counters sum;

	erc_counter_read(netdev_priv(dev), &sum);
	memcpy(data, &sum, sizeof(sum));
}

/* Mbit/s of a leg that carries traffic, 0 of one that does not */
static u32 erc_ethtool_leg_speed(struct erc_circuit *c, int slot)
{
	struct net_device *dev = erc_leg_dev_rtnl(&c->leg[slot]);
	struct ethtool_link_ksettings lower;

	if (!dev || !(READ_ONCE(c->tx_flags) & ERC_TX_FLAG_ACTIVE & BIT(slot)))
		return 0;
	if (__ethtool_get_link_ksettings(dev, &lower))
		return SPEED_UNKNOWN;
	return lower.base.speed;
}

/* Sum of the speeds of the active legs, if all of them are known */
static u32 erc_ethtool_legs_speed(struct erc_circuit *c)
{
	u32 primary = erc_ethtool_leg_speed(c, ERCIRCUIT_PRIMARY);
	u32 secondary = erc_ethtool_leg_speed(c, ERCIRCUIT_SECONDARY);

	if (ethtool_validate_speed(primary) && ethtool_validate_speed(secondary) &&
	    primary != SPEED_UNKNOWN && secondary != SPEED_UNKNOWN &&
	    primary + secondary)
		return primary + secondary;
	return SPEED_UNKNOWN;
}

static int erc_ethtool_link_ksettings(struct net_device *dev,
				      struct ethtool_link_ksettings *cmd)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_terms terms;

	erc_contract_get_terms(c, &terms);
	/* The contract promises this much, even if two legs carry more. */
	if (terms.bandwidth)
		cmd->base.speed = div_u64(terms.bandwidth, 1000000);
	else
		cmd->base.speed = erc_ethtool_legs_speed(c);
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
