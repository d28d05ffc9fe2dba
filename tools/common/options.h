/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables of options, one for a circuit and one for a leg: the word, its netlink
 * attribute, and the functions that parse and print it. The tool and the plugin
 * for ip share these tables, so a new option is one line.
 */
#ifndef _ERC_OPTIONS_H
#define _ERC_OPTIONS_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "args.h"
#include "error.h"
#include "json.h"
#include "names.h"

/* Attributes of a level have smaller numbers than this. */
#define ERC_ATTRS 64

struct erc_option;

/**
 * struct erc_type - the functions of a type of value
 * @size: minimum size of the attribute
 * @put: parse the value from the command line and append the attribute; prints
 *	an error and returns -1 if the value is wrong
 * @add: add the attribute to a JSON object
 * @text: print the word and the JSON value in a form that can be typed; optional
 * @usage: print the grammar of the value
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
 * struct erc_option - an option
 * @word: the word on the command line, and the key in JSON
 * @type: of its value
 * @attr: netlink attribute
 * @access: the option can be written, read, or both
 * @names: names of the values of an enumeration
 * @family: of an address; a word can have one line per family
 * @max: of a number
 * @min: of a number
 * @initial: word for the value that a new circuit has; NULL for a state that a
 *	person or the provider changes, which "apply" leaves as it is
 * @usual: a default that only JSON prints, 0 = none
 * @quiet: only JSON prints the value if it is off or the first of @names
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
	const char *initial;
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
extern const struct erc_type erc_type_date;
extern const struct erc_type erc_type_ipv4;
extern const struct erc_type erc_type_ipv6;
extern const struct erc_type erc_type_device;
extern const struct erc_type erc_type_slot;
extern const struct erc_type erc_type_name;
extern const struct erc_type erc_type_circuits;
extern const struct erc_type erc_type_rate;
extern const struct erc_type erc_type_percent;
extern const struct erc_type erc_type_uuid;

/* An entry without a word ends each table. */
extern const struct erc_option erc_options_circuit[];
extern const struct erc_option erc_options_leg[];

/**
 * erc_options_take_value - consume the value of an option
 * @args: the words
 * @o: the option
 *
 * Return: the value, or NULL after printing that it is missing.
 */
const char *erc_options_take_value(struct erc_args *args, const struct erc_option *o);

/**
 * erc_options_has_word - is this the word of an option?
 * @table: the options
 * @word: any word
 *
 * Return: true if it is.
 */
bool erc_options_has_word(const struct erc_option *table, const char *word);

/**
 * erc_options_parse - convert words to attributes
 * @nlh: message to append to; has room for all of @table
 * @table: the options
 * @args: the words; all are consumed, or all up to one that is wrong
 *
 * Return: 0, or -1 after printing an error.
 */
int erc_options_parse(struct nlmsghdr *nlh, const struct erc_option *table,
		      struct erc_args *args);

/**
 * erc_options_usage - print the grammar of a table
 * @fp: output
 * @table: the options
 */
void erc_options_usage(FILE *fp, const struct erc_option *table);

/**
 * erc_options_json - add attributes to a JSON object
 * @to: the object
 * @table: the options
 * @tb: attributes by type, at least up to the highest one in @table
 */
void erc_options_json(cJSON *to, const struct erc_option *table,
		      const struct nlattr *const *tb);

/**
 * erc_options_json_nest - add the attributes of a nest to a JSON object
 * @to: the object
 * @table: the options
 * @nest: the nest
 */
void erc_options_json_nest(cJSON *to, const struct erc_option *table,
			   const struct nlattr *nest);

/**
 * erc_options_text - print the options in a form that can be typed again
 * @fp: output
 * @table: the options
 * @json: from erc_options_json()
 */
void erc_options_text(FILE *fp, const struct erc_option *table,
		      const cJSON *json);

/**
 * erc_options_text_one - print one option in a form that can be typed again
 * @fp: output
 * @o: the option
 * @json: from erc_options_json()
 *
 * The function prints nothing if the value is missing, or is a default that only JSON
 * prints.
 */
void erc_options_text_one(FILE *fp, const struct erc_option *o, const cJSON *json);

/**
 * erc_options_text_state - print the read-only options: the state
 * @fp: output
 * @table: the options
 * @json: from erc_options_json()
 */
void erc_options_text_state(FILE *fp, const struct erc_option *table,
			    const cJSON *json);

#endif /* _ERC_OPTIONS_H */
