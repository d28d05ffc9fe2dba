// SPDX-License-Identifier: GPL-2.0
#include "../driver/core/transition_log.c"
