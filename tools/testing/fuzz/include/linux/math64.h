/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_MATH64_H
#define _FUZZ_LINUX_MATH64_H

#include <linux/types.h>

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline u64 mul_u64_u32_shr(u64 a, u32 b, unsigned int shift)
{
	return (__uint128_t)a * b >> shift;
}

#endif /* _FUZZ_LINUX_MATH64_H */
