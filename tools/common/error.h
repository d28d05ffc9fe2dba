/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_ERROR_H
#define _ERC_ERROR_H

/**
 * erc_error - print an error on stderr
 * @format: as of printf
 *
 * Return: -1, for the caller to return.
 */
__attribute__((format(printf, 1, 2)))
int erc_error(const char *format, ...);

#endif /* _ERC_ERROR_H */
