/* SPDX-License-Identifier: GPL-2.0 */
/* What a circuit does not carry goes over the internet. */
#ifndef _ERC_BREAKOUT_H
#define _ERC_BREAKOUT_H

#include "options.h"

#define ERC_BREAKOUT_USAGE \
	"{ add { dns | PREFIX } dev DEV | del [ dns | PREFIX ] | show }"

/**
 * erc_breakout - do what the words say
 * @name: of the circuit
 * @args: the words behind it
 *
 * Return: exit status.
 */
int erc_breakout(const char *name, struct erc_args *args);

#endif /* _ERC_BREAKOUT_H */
