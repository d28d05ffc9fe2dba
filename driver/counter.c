// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>

#include "avail.h"
#include "counter.h"
#include "ercircuit.h"

#define ERC_COUNTER_NAME(name) #name,

const char * const erc_counter_leg_names[ERCIRCUIT_LEG_COUNTER_MAX] = {
	ERCIRCUIT_LEG_COUNTERS(ERC_COUNTER_NAME)
};

const char * const erc_counter_names[ERCIRCUIT_COUNTER_MAX] = {
	ERCIRCUIT_COUNTERS(ERC_COUNTER_NAME)
};

static void erc_counter_read_uptime(struct erc_circuit *c,
				    struct erc_counters *sum)
{
	u64 now = ktime_get_boottime_ns();
	int slot;

	spin_lock_bh(&c->lock);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		u64 *leg = sum->leg[slot];

		erc_uptime_read(&c->leg[slot].uptime, now,
				&leg[ERCIRCUIT_LEG_up_ns],
				&leg[ERCIRCUIT_LEG_down_ns]);
	}
	erc_avail_read(c, sum->circuit);
	spin_unlock_bh(&c->lock);
}

void erc_counter_read(struct erc_circuit *c, struct erc_counters *sum)
{
	u64 *to = (u64 *)sum;
	size_t i;
	int cpu;

	/* The structure is an array of u64 with named parts. */
	BUILD_BUG_ON(sizeof(*sum) % sizeof(*to));
	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const u64 *from = (u64 *)per_cpu_ptr(c->stats, cpu);

		for (i = 0; i < sizeof(*sum) / sizeof(*to); i++)
			to[i] += READ_ONCE(from[i]);
	}
	erc_counter_read_uptime(c, sum);
}

void erc_counter_stats64(struct net_device *dev,
			 struct rtnl_link_stats64 *stats)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_counters sum;
	int slot;

	erc_counter_read(c, &sum);
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		const u64 *leg = sum.leg[slot];

		stats->rx_packets += leg[ERCIRCUIT_LEG_rx_packets];
		stats->rx_bytes += leg[ERCIRCUIT_LEG_rx_bytes];
		stats->tx_packets += leg[ERCIRCUIT_LEG_tx_packets];
		stats->tx_bytes += leg[ERCIRCUIT_LEG_tx_bytes];
		stats->tx_dropped += leg[ERCIRCUIT_LEG_tx_no_neigh] +
				     leg[ERCIRCUIT_LEG_tx_error] +
				     leg[ERCIRCUIT_LEG_tx_fault] +
				     leg[ERCIRCUIT_LEG_tx_policed_packets];
		stats->rx_dropped += leg[ERCIRCUIT_LEG_rx_fault] +
				     leg[ERCIRCUIT_LEG_rx_policed_packets];
	}
	stats->tx_dropped += sum.circuit[ERCIRCUIT_tx_no_leg] +
			     sum.circuit[ERCIRCUIT_tx_not_ip] +
			     sum.circuit[ERCIRCUIT_tx_multicast] +
			     sum.circuit[ERCIRCUIT_tx_state] +
			     sum.circuit[ERCIRCUIT_tx_peering] +
			     sum.circuit[ERCIRCUIT_tx_reach] +
			     sum.circuit[ERCIRCUIT_tx_underlay];
	/* tx_loop: the kernel has counted these. */
	stats->rx_dropped += sum.circuit[ERCIRCUIT_rx_state] +
			     sum.circuit[ERCIRCUIT_rx_peering];
}
