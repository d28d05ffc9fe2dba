/* SPDX-License-Identifier: GPL-2.0 */
/* Prints changes of circuits. */
#ifndef _ERC_MONITOR_H
#define _ERC_MONITOR_H

/**
 * erc_monitor - print changes when they happen
 *
 * Return: -1 after an error, which has been printed; otherwise it does not return.
 */
int erc_monitor(void);

#endif /* _ERC_MONITOR_H */
