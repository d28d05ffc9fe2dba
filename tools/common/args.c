// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "args.h"
#include "error.h"

const char *erc_args_take_name(struct erc_args *args)
{
	if (!args->n) {
		erc_error("NAME is missing: name a circuit, \"ercircuit show\" lists them");
		return NULL;
	}
	args->n--;
	return *args->words++;
}

int erc_args_check_end(const struct erc_args *args)
{
	if (!args->n)
		return 0;
	return erc_error("\"%s\" is one word too many: leave it out", args->words[0]);
}
