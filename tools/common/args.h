/* SPDX-License-Identifier: GPL-2.0 */
/* The words of a command line. */
#ifndef _ERC_ARGS_H
#define _ERC_ARGS_H

/**
 * struct erc_args - the rest of the command line
 * @words: the next word
 * @n: number of words left
 */
struct erc_args {
	char **words;
	int n;
};

/**
 * erc_args_take_name - consume the name of a circuit
 * @args: the words
 *
 * Return: the name, or NULL after printing that it is missing.
 */
const char *erc_args_take_name(struct erc_args *args);

/**
 * erc_args_check_end - check that no word is left
 * @args: the words
 *
 * Return: 0, or -1 after printing an error that names the word.
 */
int erc_args_check_end(const struct erc_args *args);

#endif /* _ERC_ARGS_H */
