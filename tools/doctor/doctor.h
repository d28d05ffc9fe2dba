/* SPDX-License-Identifier: GPL-2.0 */
/* "ercircuit doctor": what on this host is in the way of a circuit. */
#ifndef _ERC_DOCTOR_H
#define _ERC_DOCTOR_H

/**
 * erc_doctor - print problems, each with the command that mends it
 * @name: a circuit, or NULL for all
 *
 * Return: 0 if all is well, 1 if something is not, 2 after an error.
 */
int erc_doctor(const char *name);

#endif /* _ERC_DOCTOR_H */
