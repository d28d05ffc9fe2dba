// SPDX-License-Identifier: GPL-2.0
#include "../driver/core/model_rules.c"
