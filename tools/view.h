/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of circuits, laid out in lines. No terminal here, no clock and
 * no netlink: the same samples make the same lines.
 */
#ifndef _ERC_VIEW_H
#define _ERC_VIEW_H

#include "sample.h"

/* The most that is ever laid out, and bytes of a line: no terminal is larger */
#define ERC_VIEW_LINES		256
#define ERC_VIEW_LINE_SIZE	1024

/**
 * struct erc_view_size - what there is room for
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
 * @style: what it is about
 * @text: without the end of the line
 */
struct erc_view_line {
	enum { ERC_VIEW_PLAIN, ERC_VIEW_HEAD, ERC_VIEW_BAD } style;
	char text[ERC_VIEW_LINE_SIZE];
};

/**
 * struct erc_view - the lines
 * @n: how many
 * @line: the lines, top down
 */
struct erc_view {
	unsigned int n;
	struct erc_view_line line[ERC_VIEW_LINES];
};

/**
 * erc_view_make - lay out
 * @view: result
 * @samples: the circuits
 * @size: what there is room for; what does not fit is left out, and counted
 */
void erc_view_make(struct erc_view *view, const struct erc_samples *samples,
		   const struct erc_view_size *size);

#endif /* _ERC_VIEW_H */
