/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terms of a contract, and the states in which a circuit may carry traffic.
 */
#ifndef _ERC_CORE_TERMS_H
#define _ERC_CORE_TERMS_H

#include "types.h"

/**
 * struct erc_terms - the terms of a contract
 * @key: service key, all 0 = none
 * @bandwidth: bit/s for each leg and direction, 0 = no limit
 * @burst_us: largest burst, as the time that it takes at @bandwidth
 * @sla_ppm: promised availability
 * @model: &enum ercircuit_model
 * @police: packets over @bandwidth are dropped, not only counted
 * @provider: &enum ercircuit_provider_state; unused without a key
 * @state: &enum ercircuit_circuit_state; unused without a key
 */
struct erc_terms {
	u8 key[ERCIRCUIT_KEY_BYTES];
	u64 bandwidth;
	u32 burst_us;
	u32 sla_ppm;
	u8 model;
	u8 police;
	u8 provider;
	u8 state;
};

/**
 * erc_terms_init - default terms
 * @terms: result
 */
void erc_terms_init(struct erc_terms *terms);

/**
 * erc_terms_have_key - is there a service key?
 * @terms: the terms
 *
 * Return: true if there is.
 */
bool erc_terms_have_key(const struct erc_terms *terms);

/**
 * erc_terms_permit_traffic - do the states permit a circuit to carry traffic?
 * @terms: the terms
 *
 * Return: true if it is enabled and provisioned, or has no service key.
 */
bool erc_terms_permit_traffic(const struct erc_terms *terms);

/**
 * erc_terms_can_change_provider - may the provider's state change like this?
 * @from: &enum ercircuit_provider_state
 * @to: the same
 *
 * The states form a cycle. An order may be cancelled while it is being
 * provisioned. A provisioned circuit must be deprovisioned first.
 *
 * Return: true if it may, or if the state does not change.
 */
bool erc_terms_can_change_provider(u8 from, u8 to);

#endif /* _ERC_CORE_TERMS_H */
