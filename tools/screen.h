/* SPDX-License-Identifier: GPL-2.0 */
/* A live view of circuits on a terminal. */
#ifndef _ERC_SCREEN_H
#define _ERC_SCREEN_H

#include "options.h"

#define ERC_SCREEN_USAGE "[NAME] [ interval TIME ]"

/**
 * erc_screen - show circuits until somebody says "q", or once to a pipe
 * @name: of the one wanted, or NULL for all
 * @args: the words behind it
 *
 * Return: exit status.
 */
int erc_screen(const char *name, struct erc_args *args);

#endif /* _ERC_SCREEN_H */
