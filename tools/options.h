/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of the interface, what attribute each stands for, and how it is
 * parsed and printed: one table for a circuit, one for a leg. The tool and
 * the plugin for ip both live on these tables, so a new option is one line.
 */
#ifndef _ERC_OPTIONS_H
#define _ERC_OPTIONS_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "names.h"

/* Attributes of a level are fewer than this. */
#define ERC_ATTRS 64

struct erc_option;

/**
 * struct erc_args - what is left of the command line
 * @words: the next word
 * @n: how many are left
 */
struct erc_args {
	char **words;
	int n;
};

/**
 * struct erc_type - how a kind of value is handled
 * @size: least size of the attribute
 * @put: take the value from the command line and append the attribute; says
 *	what is wrong and returns -1 if it is
 * @add: add the attribute to a JSON object
 * @text: print the word and the JSON value as they would be typed; optional
 * @usage: print what may be typed
 */
struct erc_type {
	size_t size;
	int (*put)(struct nlmsghdr *nlh, const struct erc_option *o,
		   struct erc_args *args);
	void (*add)(cJSON *to, const struct erc_option *o,
		    const struct nlattr *attr);
	void (*text)(FILE *fp, const struct erc_option *o, const cJSON *value);
	void (*usage)(FILE *fp, const struct erc_option *o);
};

/**
 * struct erc_option - one word
 * @word: as typed, and the key in JSON
 * @type: how its value is handled
 * @attr: netlink attribute
 * @access: whether it can be written, read, or both
 * @names: words of the value, if it is an enumeration
 * @family: of an address; a word can have a line for each
 * @max: of a number
 * @min: of a number
 * @usual: a number that is not printed, but in JSON, 0 = none
 * @quiet: not printed, but in JSON, while it is off, or the first of @names
 */
struct erc_option {
	const char *word;
	const struct erc_type *type;
	uint16_t attr;
	enum { ERC_RW, ERC_RO, ERC_WO } access;
	const struct erc_names *names;
	int family;
	uint32_t max;
	uint32_t min;
	uint32_t usual;
	bool quiet;
};

extern const struct erc_type erc_type_enum;
extern const struct erc_type erc_type_onoff;
extern const struct erc_type erc_type_flag;
extern const struct erc_type erc_type_time;
extern const struct erc_type erc_type_interval;
extern const struct erc_type erc_type_duration;
extern const struct erc_type erc_type_number;
extern const struct erc_type erc_type_discr;
extern const struct erc_type erc_type_when;
extern const struct erc_type erc_type_ipv4;
extern const struct erc_type erc_type_ipv6;
extern const struct erc_type erc_type_device;
extern const struct erc_type erc_type_circuits;
extern const struct erc_type erc_type_rate;
extern const struct erc_type erc_type_percent;
extern const struct erc_type erc_type_uuid;

/* Both end in an entry without a word. */
extern const struct erc_option erc_circuit_options[];
extern const struct erc_option erc_leg_options[];

/**
 * erc_error - say what is wrong, on stderr
 * @format: as of printf
 *
 * Return: -1, for the caller to return.
 */
__attribute__((format(printf, 1, 2)))
int erc_error(const char *format, ...);

/**
 * erc_args_value - take the value of an option
 * @args: the words; one is consumed
 * @o: the option
 *
 * Return: the value, or NULL after having said that there is none.
 */
const char *erc_args_value(struct erc_args *args, const struct erc_option *o);

/**
 * erc_args_end - no word may be left over
 * @args: the words
 *
 * Return: 0, or -1 after having said which one is.
 */
int erc_args_end(const struct erc_args *args);

/**
 * erc_options_parse - turn words into attributes
 * @nlh: message to append to; has room for all of @table
 * @table: the options
 * @args: the words; consumed
 *
 * Return: 0, or -1 after having said what is wrong.
 */
int erc_options_parse(struct nlmsghdr *nlh, const struct erc_option *table,
		      struct erc_args *args);

/**
 * erc_options_usage - print the grammar
 * @fp: where to
 * @table: the options
 */
void erc_options_usage(FILE *fp, const struct erc_option *table);

/**
 * erc_options_json - add attributes to a JSON object
 * @to: the object
 * @table: the options
 * @tb: attributes by type, up to the highest in @table at least
 */
void erc_options_json(cJSON *to, const struct erc_option *table,
		      const struct nlattr *const *tb);

/**
 * erc_options_json_nest - add those of a nest to a JSON object
 * @to: the object
 * @table: the options
 * @nest: the nest
 */
void erc_options_json_nest(cJSON *to, const struct erc_option *table,
			   const struct nlattr *nest);

/**
 * erc_options_text - print the options in words that can be typed again
 * @fp: where to
 * @table: the options
 * @json: from erc_options_json()
 */
void erc_options_text(FILE *fp, const struct erc_option *table,
		      const cJSON *json);

/**
 * erc_options_text_state - print what cannot be typed: the state
 * @fp: where to
 * @table: the options
 * @json: from erc_options_json()
 */
void erc_options_text_state(FILE *fp, const struct erc_option *table,
			    const cJSON *json);

#endif /* _ERC_OPTIONS_H */
