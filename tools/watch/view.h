/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lays samples of circuits out in lines. The functions use no terminal, clock or
 * netlink: the same samples always give the same lines.
 */
#ifndef _ERC_VIEW_H
#define _ERC_VIEW_H

#include "sample.h"

/* Maximum number of lines, and of bytes in a line: no terminal is larger */
#define ERC_VIEW_LINES		256
#define ERC_VIEW_LINE_SIZE	1024

/**
 * struct erc_view_size - size of the output
 * @width: columns
 * @height: lines
 * @utf8: bars are drawn with block characters
 */
struct erc_view_size {
	unsigned int width;
	unsigned int height;
	bool utf8;
};

/**
 * struct erc_view_line - a line
 * @style: highlighting
 * @text: without the end of the line
 */
struct erc_view_line {
	enum { ERC_VIEW_PLAIN, ERC_VIEW_HEAD, ERC_VIEW_GOOD, ERC_VIEW_BAD } style;
	char text[ERC_VIEW_LINE_SIZE];
};

/**
 * struct erc_view - the lines
 * @n: number of lines
 * @line: the lines, from the top
 */
struct erc_view {
	unsigned int n;
	struct erc_view_line line[ERC_VIEW_LINES];
};

/**
 * erc_view_make - lay samples out
 * @view: result
 * @samples: the circuits
 * @size: size of the output; circuits that do not fit are only counted
 */
void erc_view_make(struct erc_view *view, const struct erc_samples *samples,
		   const struct erc_view_size *size);

#endif /* _ERC_VIEW_H */
