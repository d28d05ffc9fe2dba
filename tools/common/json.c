// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"

/* Numbers of cJSON are doubles, whose 53 bits hold 104 days of ns. */
void erc_json_add_number(cJSON *to, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	cJSON_AddRawToObject(to, key, text);
}

uint64_t erc_json_number(const cJSON *value)
{
	return value && value->valuestring ?
	       strtoull(value->valuestring, NULL, 10) : 0;
}

const char *erc_json_string(const cJSON *json, const char *key)
{
	const cJSON *value = cJSON_GetObjectItem(json, key);

	return value && value->valuestring ? value->valuestring : "";
}
