// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/output.h"
#include "finding.h"

static unsigned int erc_finding_n;

static void erc_finding_text(FILE *fp, const cJSON *json)
{
	const char *device = erc_json_string(json, "device");

	fprintf(fp, "%s%s%s.\n    %s\n", device, *device ? ": " : "",
		erc_json_string(json, "problem"), erc_json_string(json, "command"));
}

void erc_finding_add(const char *check, const char *device, const char *command,
		     const char *format, ...)
{
	cJSON *json = cJSON_CreateObject();
	char problem[512];
	va_list args;

	va_start(args, format);
	vsnprintf(problem, sizeof(problem), format, args);
	va_end(args);
	cJSON_AddStringToObject(json, "check", check);
	cJSON_AddStringToObject(json, "device", device);
	cJSON_AddStringToObject(json, "problem", problem);
	cJSON_AddStringToObject(json, "command", command);
	erc_output(json, erc_finding_text);
	erc_finding_n++;
}

unsigned int erc_finding_count(void)
{
	return erc_finding_n;
}

static bool erc_finding_vread(char *line, unsigned int size, const char *format,
			      va_list args)
{
	char path[512];
	bool found;
	FILE *fp;

	*line = '\0';
	vsnprintf(path, sizeof(path), format, args);
	fp = fopen(path, "r");
	if (!fp)
		return false;
	found = fgets(line, size, fp);
	line[strcspn(line, "\n")] = '\0';
	fclose(fp);
	return found;
}

bool erc_finding_read(char *line, unsigned int size, const char *format, ...)
{
	va_list args;
	bool found;

	va_start(args, format);
	found = erc_finding_vread(line, size, format, args);
	va_end(args);
	return found;
}

long erc_finding_number(const char *format, ...)
{
	char line[64];
	va_list args;

	va_start(args, format);
	erc_finding_vread(line, sizeof(line), format, args);
	va_end(args);
	return atol(line);
}
