// SPDX-License-Identifier: GPL-2.0
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "avail_account.h"

#define ERC_AVAIL_PPM	1000000

/* A millionth of 30 days */
#define ERC_AVAIL_PPM_NS \
	(ERC_AVAIL_HOURS * ERC_AVAIL_HOUR_NS / ERC_AVAIL_PPM)

u8 erc_avail_account_state(u8 active, u8 takes, u8 works)
{
	if (!active || !works)
		return ERC_AVAIL_DOWN;
	if (works == ERCIRCUIT_ACTIVE_BOTH)
		return ERC_AVAIL_UP;
	/* One leg works: it gets the packet if it is active, or if the other leg
	 * does not accept it.
	 */
	return active & works || !(active & takes) ? ERC_AVAIL_DEGRADED :
						     ERC_AVAIL_DOWN;
}

void erc_avail_account_init(struct erc_avail_account *a)
{
	a->state = ERC_AVAIL_OFF;
}

static u64 *erc_avail_account_hour(struct erc_avail_account *a, u64 hour)
{
	u32 i;

	div_u64_rem(hour, ERC_AVAIL_HOURS, &i);
	return a->hours[i];
}

static void erc_avail_account_clear_hour(struct erc_avail_account *a,
					 u64 *bucket)
{
	int i;

	for (i = 0; i < ERC_AVAIL_STATES; i++)
		a->window_ns[i] -= bucket[i];
	memset(bucket, 0, sizeof(a->hours[0]));
}

/* Move the window to @hour: forget the hours that leave it. */
static void erc_avail_account_move_window(struct erc_avail_account *a, u64 hour)
{
	u64 h = a->hour + 1;

	if (hour - a->hour > ERC_AVAIL_HOURS)
		h = hour - ERC_AVAIL_HOURS + 1;
	for (; h <= hour; h++)
		erc_avail_account_clear_hour(a, erc_avail_account_hour(a, h));
	a->hour = hour;
}

/* Add a time to the window and to the hours of the ring. */
static void erc_avail_account_add_time(struct erc_avail_account *a, u64 from_ns,
				       u64 to_ns)
{
	u64 first = 0, hour = a->hour, begin;

	/* Ignore time before the oldest hour of the ring. */
	if (hour >= ERC_AVAIL_HOURS)
		first = (hour - ERC_AVAIL_HOURS + 1) * ERC_AVAIL_HOUR_NS;
	from_ns = max(from_ns, first);
	a->window_ns[a->state] += to_ns - from_ns;
	/* The newest hour comes first. */
	for (; to_ns > from_ns; to_ns = begin, hour--) {
		begin = max(hour * ERC_AVAIL_HOUR_NS, from_ns);
		erc_avail_account_hour(a, hour)[a->state] += to_ns - begin;
	}
}

void erc_avail_account_update(struct erc_avail_account *a, u64 now_ns)
{
	u64 was_ns = a->since_ns, hour = div64_u64(now_ns, ERC_AVAIL_HOUR_NS);

	if (now_ns <= was_ns)
		return;
	if (hour != a->hour)
		erc_avail_account_move_window(a, hour);
	a->since_ns = now_ns;
	if (a->state == ERC_AVAIL_OFF)
		return;
	a->ns[a->state] += now_ns - was_ns;
	erc_avail_account_add_time(a, was_ns, now_ns);
	if (a->state != ERC_AVAIL_DOWN)
		return;
	a->outage_ns += now_ns - was_ns;
	a->longest_ns = max(a->longest_ns, a->outage_ns);
}

void erc_avail_account_enter(struct erc_avail_account *a, u8 state, u64 now_ns)
{
	erc_avail_account_update(a, now_ns);
	if (state == ERC_AVAIL_DOWN && a->state != ERC_AVAIL_DOWN) {
		a->outages++;
		a->outage_ns = 0;
	}
	a->state = state;
}

u64 erc_avail_account_ppm(const struct erc_avail_account *a)
{
	u64 usable = a->ns[ERC_AVAIL_UP] + a->ns[ERC_AVAIL_DEGRADED];
	u64 all = usable + a->ns[ERC_AVAIL_DOWN];

	return all ? mul_u64_u64_div_u64(usable, ERC_AVAIL_PPM, all) :
		     ERC_AVAIL_PPM;
}

u64 erc_avail_account_budget(const struct erc_avail_account *a, u32 sla_ppm)
{
	u64 allowed = (ERC_AVAIL_PPM - sla_ppm) * ERC_AVAIL_PPM_NS;
	u64 down = a->window_ns[ERC_AVAIL_DOWN];

	return allowed > down ? allowed - down : 0;
}

void erc_avail_account_days(const struct erc_avail_account *a,
			    struct ercircuit_day *days)
{
	u32 i, now;

	div_u64_rem(a->hour, ERC_AVAIL_HOURS, &now);
	memset(days, 0, ERCIRCUIT_DAYS * sizeof(*days));
	for (i = 0; i < ERC_AVAIL_HOURS; i++) {
		/* The oldest hour follows the present one in the ring. */
		const u64 *hour = a->hours[(now + 1 + i) % ERC_AVAIL_HOURS];
		struct ercircuit_day *day = &days[i / ERC_AVAIL_DAY_HOURS];

		day->up_ns += hour[ERC_AVAIL_UP];
		day->degraded_ns += hour[ERC_AVAIL_DEGRADED];
		day->down_ns += hour[ERC_AVAIL_DOWN];
	}
}
