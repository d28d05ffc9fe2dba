/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_EVENT_H
#define _ERC_EVENT_H

#include <linux/notifier.h>

/* Handles events of the legs of all circuits. */
extern struct notifier_block erc_event_notifier;

#endif /* _ERC_EVENT_H */
