/* SPDX-License-Identifier: GPL-2.0 */
/* Sends chosen packets over the internet instead of the circuit. */
#ifndef _ERC_BREAKOUT_H
#define _ERC_BREAKOUT_H

#include "common/options.h"

#define ERC_BREAKOUT_USAGE \
	"{ add { dns | PREFIX } dev DEV | del [ dns | PREFIX ] | show }"

/**
 * erc_breakout - execute "breakout NAME ..."
 * @name: of the circuit
 * @args: the words behind the name
 *
 * Return: exit status.
 */
int erc_breakout(const char *name, struct erc_args *args);

#endif /* _ERC_BREAKOUT_H */
