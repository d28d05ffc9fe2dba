/* SPDX-License-Identifier: GPL-2.0 */
/* Checks of the host, whichever circuits it has. */
#ifndef _ERC_HOST_H
#define _ERC_HOST_H

/**
 * erc_host_check - find problems of the module, the tools, the clock and the kernels
 */
void erc_host_check(void);

#endif /* _ERC_HOST_H */
