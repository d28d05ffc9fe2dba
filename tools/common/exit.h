/* SPDX-License-Identifier: GPL-2.0 */
/* Exit status, as of ip(8) */
#ifndef _ERC_EXIT_H
#define _ERC_EXIT_H

enum {
	ERC_EXIT_USAGE = 1,	/* an argument is wrong: nothing was sent */
	ERC_EXIT_REFUSED = 2,	/* the kernel refused the request */
};

#endif /* _ERC_EXIT_H */
