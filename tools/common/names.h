/* SPDX-License-Identifier: GPL-2.0 */
/* Names of enumeration values, and conversion of values to JSON. */
#ifndef _ERC_NAMES_H
#define _ERC_NAMES_H

#include <cJSON.h>
#include <linux/if_ercircuit.h>
#include <stdint.h>

/**
 * struct erc_names - the names of an enumeration
 * @n: number of names
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
 * erc_device_name - get the name of a device
 * @ifindex: of the device, 0 = none
 * @name: result, IF_NAMESIZE bytes
 *
 * Return: @name: "" for no device, "if7" for one in another network namespace.
 */
const char *erc_device_name(unsigned int ifindex, char *name);

/**
 * erc_names_find - find the value of a name
 * @names: the names
 * @word: the name, which may be unknown
 *
 * Return: the value or -1.
 */
int erc_names_find(const struct erc_names *names, const char *word);

/**
 * erc_names_add - add the name of a value to a JSON object, or its number
 * @to: the object
 * @key: in the object
 * @names: the names that this build knows
 * @value: from the kernel
 */
void erc_names_add(cJSON *to, const char *key, const struct erc_names *names,
		   unsigned int value);

/**
 * erc_number_add - add a number of 64 bits to a JSON object, without rounding
 * @to: the object
 * @key: in the object
 * @value: the number
 */
void erc_number_add(cJSON *to, const char *key, uint64_t value);

/**
 * erc_number - read a number that erc_number_add() added
 * @value: the JSON value
 *
 * Return: the number.
 */
uint64_t erc_number(const cJSON *value);

/**
 * erc_string - get a string from a JSON object
 * @json: the object
 * @key: in the object
 *
 * Return: the string; "" if there is none.
 */
const char *erc_string(const cJSON *json, const char *key);

#endif /* _ERC_NAMES_H */
