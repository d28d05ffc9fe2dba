// SPDX-License-Identifier: GPL-2.0
#include "../driver/core/avail_account.c"
