/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_SYSFS_H
#define _ERC_SYSFS_H

#include "ercircuit.h"

/**
 * erc_sysfs_add - the files under .../ercircuit
 * @c: a registered circuit
 *
 * Return: 0 or -ENOMEM; erc_sysfs_del() removes what there is in either case.
 */
int erc_sysfs_add(struct erc_circuit *c);

/**
 * erc_sysfs_del - remove them, waiting for readers
 * @c: the circuit, still registered
 */
void erc_sysfs_del(struct erc_circuit *c);

#endif /* _ERC_SYSFS_H */
