/* SPDX-License-Identifier: GPL-2.0 */
/* Watch circuits change. */
#ifndef _ERC_MONITOR_H
#define _ERC_MONITOR_H

/**
 * erc_monitor - print changes as they come
 *
 * Return: -1 after having said what went wrong; otherwise does not return.
 */
int erc_monitor(void);

#endif /* _ERC_MONITOR_H */
