// SPDX-License-Identifier: GPL-2.0
#include <linux/math64.h>

#include "gcra.h"

#define ERC_GCRA_NS_PER_S	1000000000ULL
#define ERC_GCRA_BYTE_SHIFT	16

/* Return: the time of a packet, rounded up. The product may have more than 64 bits;
 * the shift cuts off the lowest ones.
 */
static u64 erc_gcra_time(const struct erc_gcra *g, u32 len)
{
	const u64 cut = (1 << ERC_GCRA_BYTE_SHIFT) - 1;

	return mul_u64_u32_shr(g->byte, len, ERC_GCRA_BYTE_SHIFT) +
	       !!(g->byte * len & cut);
}

void erc_gcra_init(struct erc_gcra *g, u64 rate, u64 burst_ns)
{
	const u64 second = ERC_GCRA_NS_PER_S << ERC_GCRA_SHIFT;

	g->byte = rate ? div64_u64((8 * second << ERC_GCRA_BYTE_SHIFT) +
				   rate - 1, rate) : 0;
	g->burst = burst_ns << ERC_GCRA_SHIFT;
	g->ahead = g->burst + erc_gcra_time(g, ERC_GCRA_LEN_MAX);
}

bool erc_gcra_step(const struct erc_gcra *g, u64 tat, u64 now_ns, u32 len,
		   u64 *next)
{
	u64 now = now_ns << ERC_GCRA_SHIFT;
	u64 ahead = tat - now;

	if (ahead > g->ahead)
		ahead = 0;
	if (ahead > g->burst)
		return false;
	*next = now + ahead + erc_gcra_time(g, len);
	return true;
}
