/* SPDX-License-Identifier: GPL-2.0 */
/* The words of every enumeration, and how values become JSON. */
#ifndef _ERC_NAMES_H
#define _ERC_NAMES_H

#include <cJSON.h>
#include <linux/if_ercircuit.h>
#include <stdint.h>

/**
 * struct erc_names - the words of an enumeration
 * @n: how many there are
 * @name: by value
 */
struct erc_names {
	unsigned int n;
	const char *name[];
};

extern const struct erc_names erc_slots;
extern const struct erc_names erc_faults;
extern const struct erc_names erc_switches;
extern const struct erc_names erc_states;
extern const struct erc_names erc_reasons;
extern const struct erc_names erc_actives;
extern const struct erc_names erc_requests;
extern const struct erc_names erc_modes;
extern const struct erc_names erc_hashes;
extern const struct erc_names erc_bfd_states;
extern const struct erc_names erc_bfd_diags;
extern const struct erc_names erc_provider_states;
extern const struct erc_names erc_circuit_states;
extern const struct erc_names erc_peerings;
extern const struct erc_names erc_models;
extern const struct erc_names erc_fails;
extern const struct erc_names erc_log_kinds;

/**
 * erc_device_name - the name of a device, or something instead of it
 * @ifindex: of the device, 0 = none
 * @name: room for it, IF_NAMESIZE
 *
 * Return: @name: "" of none, "if7" of a device elsewhere.
 */
const char *erc_device_name(unsigned int ifindex, char *name);

/**
 * erc_names_find - value of a word
 * @names: the words
 * @word: one of them, perhaps
 *
 * Return: the value or -1.
 */
int erc_names_find(const struct erc_names *names, const char *word);

/**
 * erc_names_add - add a value to a JSON object: its word, or the number
 * @to: the object
 * @key: in it
 * @names: the words known to this build
 * @value: as the kernel says
 */
void erc_names_add(cJSON *to, const char *key, const struct erc_names *names,
		   unsigned int value);

/**
 * erc_number_add - add a number of 64 bits to a JSON object, exactly
 * @to: the object
 * @key: in it
 * @value: the number
 */
void erc_number_add(cJSON *to, const char *key, uint64_t value);

/**
 * erc_number - the number that erc_number_add() added
 * @value: the JSON value
 *
 * Return: the number.
 */
uint64_t erc_number(const cJSON *value);

/**
 * erc_string - a string in a JSON object
 * @json: the object
 * @key: in it
 *
 * Return: the string; "" if there is none.
 */
const char *erc_string(const cJSON *json, const char *key);

#endif /* _ERC_NAMES_H */
