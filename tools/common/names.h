/* SPDX-License-Identifier: GPL-2.0 */
/* Names of enumeration values and of devices. */
#ifndef _ERC_NAMES_H
#define _ERC_NAMES_H

#include <cJSON.h>
#include <linux/if_ercircuit.h>

/**
 * struct erc_names - the names of an enumeration
 * @n: number of names
 * @name: by value
 */
struct erc_names {
	unsigned int n;
	const char *name[];
};

extern const struct erc_names erc_names_slots;
extern const struct erc_names erc_names_faults;
extern const struct erc_names erc_names_switches;
extern const struct erc_names erc_names_states;
extern const struct erc_names erc_names_reasons;
extern const struct erc_names erc_names_actives;
extern const struct erc_names erc_names_requests;
extern const struct erc_names erc_names_modes;
extern const struct erc_names erc_names_hashes;
extern const struct erc_names erc_names_bfd_states;
extern const struct erc_names erc_names_bfd_diags;
extern const struct erc_names erc_names_provider_states;
extern const struct erc_names erc_names_circuit_states;
extern const struct erc_names erc_names_peerings;
extern const struct erc_names erc_names_models;
extern const struct erc_names erc_names_fails;
extern const struct erc_names erc_names_log_kinds;

/**
 * erc_names_device - get the name of a device
 * @ifindex: of the device, 0 = none
 * @name: result, IF_NAMESIZE bytes
 *
 * Return: @name: "" for no device, "if7" for one in another network namespace.
 */
const char *erc_names_device(unsigned int ifindex, char *name);

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

#endif /* _ERC_NAMES_H */
