// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "output.h"

static enum { ERC_TEXT, ERC_JSON, ERC_JSON_INDENTED } erc_output_format;
static bool erc_output_is_stream;

/* JSON objects that have not been printed yet */
static cJSON *erc_output_list;

void erc_output_json(bool indented)
{
	erc_output_format = indented ? ERC_JSON_INDENTED : ERC_JSON;
}

bool erc_output_is_text(void)
{
	return erc_output_format == ERC_TEXT;
}

void erc_output_stream(void)
{
	erc_output_is_stream = true;
}

static void erc_output_print(const cJSON *json)
{
	char *text = erc_output_format == ERC_JSON_INDENTED && !erc_output_is_stream ?
		     cJSON_Print(json) : cJSON_PrintUnformatted(json);

	puts(text);
	free(text);
}

void erc_output(cJSON *json, void (*text)(FILE *fp, const cJSON *json))
{
	if (erc_output_format != ERC_TEXT && !erc_output_is_stream) {
		if (!erc_output_list)
			erc_output_list = cJSON_CreateArray();
		cJSON_AddItemToArray(erc_output_list, json);
		return;
	}
	if (erc_output_format == ERC_TEXT)
		text(stdout, json);
	else
		erc_output_print(json);
	fflush(stdout);
	cJSON_Delete(json);
}

void erc_output_end(void)
{
	if (erc_output_format == ERC_TEXT || erc_output_is_stream)
		return;
	if (!erc_output_list)
		erc_output_list = cJSON_CreateArray();
	erc_output_print(erc_output_list);
	cJSON_Delete(erc_output_list);
	erc_output_list = NULL;
}
