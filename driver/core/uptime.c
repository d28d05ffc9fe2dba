// SPDX-License-Identifier: GPL-2.0
#include "uptime.h"

void erc_uptime_read(const struct erc_uptime *u, u64 now_ns,
		     u64 *up_ns, u64 *down_ns)
{
	u64 spent = now_ns > u->since_ns ? now_ns - u->since_ns : 0;

	*up_ns = u->up_ns;
	*down_ns = u->down_ns;
	if (u->state == ERCIRCUIT_STATE_UP ||
	    u->state == ERCIRCUIT_STATE_DEGRADED)
		*up_ns += spent;
	else if (u->state == ERCIRCUIT_STATE_DOWN)
		*down_ns += spent;
}

void erc_uptime_set(struct erc_uptime *u, u8 state, u64 now_ns)
{
	erc_uptime_read(u, now_ns, &u->up_ns, &u->down_ns);
	u->state = state;
	u->since_ns = now_ns;
}
