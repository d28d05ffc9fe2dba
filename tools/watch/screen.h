/* SPDX-License-Identifier: GPL-2.0 */
/* A live view of circuits on a terminal. */
#ifndef _ERC_SCREEN_H
#define _ERC_SCREEN_H

#include "common/options.h"

#define ERC_SCREEN_USAGE "[NAME] [ interval TIME ]"

/**
 * erc_screen - show circuits until the user types "q"; to a pipe, show them once
 * @name: of one circuit, or NULL for all
 * @args: the words behind the name
 *
 * Return: exit status.
 */
int erc_screen(const char *name, struct erc_args *args);

#endif /* _ERC_SCREEN_H */
