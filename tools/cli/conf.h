/* SPDX-License-Identifier: GPL-2.0 */
/* The file of a circuit, with its options. */
#ifndef _ERC_CONF_H
#define _ERC_CONF_H

/**
 * erc_conf_save - print the configuration of circuits in the form of a file
 * @name: a circuit, NULL = all
 *
 * A drain and a fault are left out, as they are states of a day.
 *
 * Return: exit status.
 */
int erc_conf_save(const char *name);

/**
 * erc_conf_diff - print what erc_conf_apply() would change
 * @name: a circuit; it need not exist
 * @path: the file, "-" = standard input
 *
 * Return: 0 if nothing differs, 1 if something does, 2 after an error.
 */
int erc_conf_diff(const char *name, const char *path);

/**
 * erc_conf_apply - give a circuit the configuration of a file, or create it
 * @name: the circuit
 * @path: the file, "-" = standard input
 *
 * An option that the file does not contain gets its initial value. States that a
 * person or the provider changes stay as they are: drain, fault, provider-state and
 * circuit-state. It is one request, so that it is applied completely or not at all.
 *
 * Return: exit status.
 */
int erc_conf_apply(const char *name, const char *path);

#endif /* _ERC_CONF_H */
