/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_MAIN_H
#define _ERC_MAIN_H

#include <linux/workqueue.h>

/* Runs the work of every circuit. */
extern struct workqueue_struct *erc_wq;

#endif /* _ERC_MAIN_H */
