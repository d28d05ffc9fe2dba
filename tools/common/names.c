// SPDX-License-Identifier: GPL-2.0
/* The names of every enumeration come from the UAPI header. */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "names.h"

/* With their number, so that an unknown value is printed as a number */
#define ERC_NAMES(names) { \
	sizeof((const char *[])names) / sizeof(const char *), names \
}

const struct erc_names erc_names_slots = ERC_NAMES(ERCIRCUIT_SLOT_NAMES);
const struct erc_names erc_names_modes = ERC_NAMES(ERCIRCUIT_MODE_NAMES);
const struct erc_names erc_names_hashes = ERC_NAMES(ERCIRCUIT_HASH_NAMES);
const struct erc_names erc_names_states = ERC_NAMES(ERCIRCUIT_STATE_NAMES);
const struct erc_names erc_names_reasons = ERC_NAMES(ERCIRCUIT_REASON_NAMES);
const struct erc_names erc_names_actives = ERC_NAMES(ERCIRCUIT_ACTIVE_NAMES);
const struct erc_names erc_names_requests = ERC_NAMES(ERCIRCUIT_REQUEST_NAMES);
const struct erc_names erc_names_switches = ERC_NAMES(ERCIRCUIT_SWITCH_NAMES);
const struct erc_names erc_names_faults = ERC_NAMES(ERCIRCUIT_FAULT_NAMES);
const struct erc_names erc_names_bfd_states = ERC_NAMES(ERCIRCUIT_BFD_STATE_NAMES);
const struct erc_names erc_names_bfd_diags = ERC_NAMES(ERCIRCUIT_BFD_DIAG_NAMES);
const struct erc_names erc_names_provider_states =
	ERC_NAMES(ERCIRCUIT_PROVIDER_STATE_NAMES);
const struct erc_names erc_names_circuit_states =
	ERC_NAMES(ERCIRCUIT_CIRCUIT_STATE_NAMES);
const struct erc_names erc_names_peerings = ERC_NAMES(ERCIRCUIT_PEERING_NAMES);
const struct erc_names erc_names_models = ERC_NAMES(ERCIRCUIT_MODEL_NAMES);
const struct erc_names erc_names_fails = ERC_NAMES(ERCIRCUIT_FAIL_NAMES);
const struct erc_names erc_names_log_kinds = ERC_NAMES(ERCIRCUIT_LOG_KIND_NAMES);

const char *erc_names_device(unsigned int ifindex, char *name)
{
	*name = '\0';
	if (ifindex && !if_indextoname(ifindex, name))
		snprintf(name, IF_NAMESIZE, "if%u", ifindex);
	return name;
}

int erc_names_find(const struct erc_names *names, const char *word)
{
	unsigned int i;

	for (i = 0; i < names->n; i++)
		if (!strcmp(names->name[i], word))
			return i;
	return -1;
}

void erc_names_add(cJSON *to, const char *key, const struct erc_names *names,
		   unsigned int value)
{
	if (value < names->n)
		cJSON_AddStringToObject(to, key, names->name[value]);
	else
		erc_json_add_number(to, key, value);
}
