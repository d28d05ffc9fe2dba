/* SPDX-License-Identifier: GPL-2.0 */
/* Output of the tool: JSON, or text that is generated from the JSON. */
#ifndef _ERC_OUTPUT_H
#define _ERC_OUTPUT_H

#include <cJSON.h>
#include <stdbool.h>
#include <stdio.h>

/**
 * erc_output_json - print JSON from now on
 * @indented: indent it for people
 */
void erc_output_json(bool indented);

/**
 * erc_output_is_text - is the output text?
 *
 * Return: true unless erc_output_json() was called.
 */
bool erc_output_is_text(void);

/**
 * erc_output_stream - print each object at once, on one line, from now on
 */
void erc_output_stream(void);

/**
 * erc_output - print an object
 * @json: the object; erc_output() owns it from now on
 * @text: prints it as text
 */
void erc_output(cJSON *json, void (*text)(FILE *fp, const cJSON *json));

/**
 * erc_output_end - end the list of objects
 */
void erc_output_end(void);

#endif /* _ERC_OUTPUT_H */
