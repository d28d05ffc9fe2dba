// SPDX-License-Identifier: GPL-2.0
#include "compat.h"

#ifdef ERC_COMPAT_EXTACK_TEXT
char erc_compat_extack_text[128];
#endif
