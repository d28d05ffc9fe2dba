/* SPDX-License-Identifier: GPL-2.0 */
/* Findings of "ercircuit doctor". */
#ifndef _ERC_FINDING_H
#define _ERC_FINDING_H

#include <stdbool.h>

/**
 * erc_finding_add - print a finding, or keep it for JSON
 * @check: a word for the check
 * @device: the circuit or leg, or "" for the host
 * @command: the command that mends it
 * @format: description of the problem, for printf, without a full stop
 */
void __attribute__((format(printf, 4, 5)))
erc_finding_add(const char *check, const char *device, const char *command,
		const char *format, ...);

/**
 * erc_finding_count - count the findings
 *
 * Return: their number.
 */
unsigned int erc_finding_count(void);

/**
 * erc_finding_read - read the first line of a file
 * @line: result, without the end of the line; "" if there is no file
 * @size: of @line
 * @format: path, for printf
 *
 * Return: true if the file has a line.
 */
bool __attribute__((format(printf, 3, 4)))
erc_finding_read(char *line, unsigned int size, const char *format, ...);

/**
 * erc_finding_number - read a number from a file
 * @format: path, for printf
 *
 * Return: the number, 0 if there is no file.
 */
long __attribute__((format(printf, 1, 2)))
erc_finding_number(const char *format, ...);

#endif /* _ERC_FINDING_H */
