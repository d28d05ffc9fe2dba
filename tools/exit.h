/* SPDX-License-Identifier: GPL-2.0 */
/* Exit status, as of ip. */
#ifndef _ERC_EXIT_H
#define _ERC_EXIT_H

enum {
	ERC_EXIT_USAGE = 1,	/* a bad word: nothing was sent */
	ERC_EXIT_REFUSED = 2,	/* the kernel says no */
};

#endif /* _ERC_EXIT_H */
