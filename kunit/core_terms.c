// SPDX-License-Identifier: GPL-2.0
#include "../driver/core/terms.c"
