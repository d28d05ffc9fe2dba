// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/string.h>

#include "terms.h"

void erc_terms_init(struct erc_terms *terms)
{
	*terms = (struct erc_terms) {
		.burst_us = ERCIRCUIT_BURST_DEFAULT_US,
		.sla_ppm = ERCIRCUIT_SLA_DEFAULT_PPM,
		.police = true,
	};
}

bool erc_terms_have_key(const struct erc_terms *terms)
{
	return memchr_inv(terms->key, 0, sizeof(terms->key));
}

bool erc_terms_permit_traffic(const struct erc_terms *terms)
{
	return !erc_terms_have_key(terms) ||
	       (terms->provider == ERCIRCUIT_PROVIDER_PROVISIONED &&
		terms->state == ERCIRCUIT_CIRCUIT_ENABLED);
}

bool erc_terms_can_change_provider(u8 from, u8 to)
{
	static const u8 next[ERCIRCUIT_PROVIDER_STATES] = {
		[ERCIRCUIT_PROVIDER_NOT_PROVISIONED] =
			BIT(ERCIRCUIT_PROVIDER_PROVISIONING),
		[ERCIRCUIT_PROVIDER_PROVISIONING] =
			BIT(ERCIRCUIT_PROVIDER_PROVISIONED) |
			BIT(ERCIRCUIT_PROVIDER_NOT_PROVISIONED),
		[ERCIRCUIT_PROVIDER_PROVISIONED] =
			BIT(ERCIRCUIT_PROVIDER_DEPROVISIONING),
		[ERCIRCUIT_PROVIDER_DEPROVISIONING] =
			BIT(ERCIRCUIT_PROVIDER_NOT_PROVISIONED),
	};

	return from == to || next[from] & BIT(to);
}
