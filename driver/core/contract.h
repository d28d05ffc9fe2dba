/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terms of a contract, and when they let a circuit carry.
 */
#ifndef _ERC_CORE_CONTRACT_H
#define _ERC_CORE_CONTRACT_H

#include "types.h"

/**
 * struct erc_terms - what a contract says
 * @key: service key, all 0 = none
 * @bandwidth: bit/s for each leg and direction, 0 = no limit
 * @burst_us: how far traffic may be ahead of @bandwidth
 * @sla_ppm: availability that is promised
 * @model: &enum ercircuit_model
 * @police: what is over @bandwidth is dropped, not only counted
 * @provider: &enum ercircuit_provider_state; means nothing without a key
 * @state: &enum ercircuit_circuit_state; means nothing without a key
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
 * erc_contract_init - terms of a circuit that nobody has given any
 * @terms: result
 */
void erc_contract_init(struct erc_terms *terms);

/**
 * erc_contract_keyed - is there a service key?
 * @terms: the terms
 *
 * Return: true if there is.
 */
bool erc_contract_keyed(const struct erc_terms *terms);

/**
 * erc_contract_operational - may a circuit carry at all?
 * @terms: the terms
 *
 * Return: true if it is enabled and provisioned, or has no service key.
 */
bool erc_contract_operational(const struct erc_terms *terms);

/**
 * erc_contract_may_become - is this a step that the provider can take?
 * @from: &enum ercircuit_provider_state
 * @to: the same
 *
 * Round and round; an order may be cancelled while it is carried out. Nothing
 * is taken back without deprovisioning.
 *
 * Return: true if it is, or is none.
 */
bool erc_contract_may_become(u8 from, u8 to);

#endif /* _ERC_CORE_CONTRACT_H */
