/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_SYSFS_H
#define _ERC_SYSFS_H

#include <uapi/linux/if_ercircuit.h>

struct erc_circuit;
struct kobject;

/**
 * struct erc_sysfs - folders of a circuit
 * @dir: "ercircuit"
 * @leg: the folders of the legs in it
 */
struct erc_sysfs {
	struct kobject *dir;			/* RTNL */
	struct kobject *leg[ERCIRCUIT_SLOTS];	/* RTNL */
};

/**
 * erc_sysfs_add - create the files under .../ercircuit
 * @c: a registered circuit
 *
 * Return: 0 or -ENOMEM; call erc_sysfs_del() in either case.
 */
int erc_sysfs_add(struct erc_circuit *c);

/**
 * erc_sysfs_del - remove the files and wait for their readers
 * @c: the circuit, still registered
 */
void erc_sysfs_del(struct erc_circuit *c);

#endif /* _ERC_SYSFS_H */
