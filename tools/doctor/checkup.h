/* SPDX-License-Identifier: GPL-2.0 */
/* Checks of a circuit, its legs, and the settings of the host for them. */
#ifndef _ERC_CHECKUP_H
#define _ERC_CHECKUP_H

#include "common/rtnl.h"

/**
 * erc_checkup - find problems of a circuit
 * @link: the circuit
 *
 * Return: 0, or a negative value after printing an error.
 */
int erc_checkup(const struct erc_link *link);

#endif /* _ERC_CHECKUP_H */
