// SPDX-License-Identifier: GPL-2.0
#include "../driver/core/bfd_packet.c"
