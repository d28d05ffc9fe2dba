// SPDX-License-Identifier: GPL-2.0
#include "../driver/core/protection_fsm.c"
