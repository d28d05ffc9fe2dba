/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types and constants that all parts of the core share.
 *
 * The core is pure: no skb, netdevice, lock, timer, clock, allocation or
 * printk. Time is an argument, in nanoseconds of CLOCK_BOOTTIME. The caller
 * serialises calls on one object.
 */
#ifndef _ERC_CORE_TYPES_H
#define _ERC_CORE_TYPES_H

#include <linux/types.h>
#include <linux/limits.h>
#include <uapi/linux/if_ercircuit.h>

/* A deadline that never comes. */
#define ERC_NEVER U64_MAX

#endif /* _ERC_CORE_TYPES_H */
