/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's types that the core uses, for a program. */
#ifndef _FUZZ_LINUX_TYPES_H
#define _FUZZ_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include_next <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;

#define U64_MAX UINT64_MAX

#endif /* _FUZZ_LINUX_TYPES_H */
