// SPDX-License-Identifier: GPL-2.0
#include "compat.h"

#ifndef NL_SET_ERR_MSG_FMT
char erc_compat_extack_text[128];
#endif
