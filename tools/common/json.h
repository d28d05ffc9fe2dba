/* SPDX-License-Identifier: GPL-2.0 */
/* Values of JSON objects. */
#ifndef _ERC_JSON_H
#define _ERC_JSON_H

#include <cJSON.h>
#include <stdint.h>

/**
 * erc_json_string - get a string from a JSON object
 * @json: the object
 * @key: in the object
 *
 * Return: the string; "" if there is none.
 */
const char *erc_json_string(const cJSON *json, const char *key);

/**
 * erc_json_number - read a number that erc_json_add_number() added
 * @value: the JSON value
 *
 * Return: the number.
 */
uint64_t erc_json_number(const cJSON *value);

/**
 * erc_json_add_number - add a number of 64 bits to a JSON object, without rounding
 * @to: the object
 * @key: in the object
 * @value: the number
 */
void erc_json_add_number(cJSON *to, const char *key, uint64_t value);

#endif /* _ERC_JSON_H */
