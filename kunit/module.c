// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit suites of the core of ercircuit");
MODULE_AUTHOR("The ercircuit authors");
MODULE_LICENSE("GPL");
