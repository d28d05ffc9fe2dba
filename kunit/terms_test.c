// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>

#include "core/terms.h"

/* Changes of the provider's state, by present and requested state. A state can
 * always be set again (the diagonal).
 */
static const bool contract_steps[ERCIRCUIT_PROVIDER_STATES]
				[ERCIRCUIT_PROVIDER_STATES] = {
	/* to not-provisioned, provisioning, provisioned, deprovisioning */
	{ true,  true,  false, false },
	{ true,  true,  true,  false },
	{ false, false, true,  true },
	{ true,  false, false, true },
};

static void contract_steps_test(struct kunit *test)
{
	int from, to;

	for (from = 0; from < ERCIRCUIT_PROVIDER_STATES; from++)
		for (to = 0; to < ERCIRCUIT_PROVIDER_STATES; to++)
			KUNIT_EXPECT_EQ_MSG(test,
					    erc_terms_can_change_provider(from,
									  to),
					    contract_steps[from][to],
					    "from %d to %d", from, to);
}

static void contract_operational_test(struct kunit *test)
{
	struct erc_terms terms;
	int provider, state;

	erc_terms_init(&terms);
	KUNIT_EXPECT_FALSE(test, erc_terms_have_key(&terms));
	KUNIT_EXPECT_TRUE(test, erc_terms_permit_traffic(&terms));
	KUNIT_EXPECT_EQ(test, terms.sla_ppm, 999500);
	KUNIT_EXPECT_EQ(test, terms.burst_us, 10000);
	KUNIT_EXPECT_TRUE(test, terms.police);
	KUNIT_EXPECT_EQ(test, terms.bandwidth, 0);

	/* A key is set if any of its bytes is not 0. A new key is not provisioned. */
	terms.key[ERCIRCUIT_KEY_BYTES - 1] = 1;
	KUNIT_EXPECT_TRUE(test, erc_terms_have_key(&terms));
	KUNIT_EXPECT_FALSE(test, erc_terms_permit_traffic(&terms));
	for (provider = 0; provider < ERCIRCUIT_PROVIDER_STATES; provider++)
		for (state = 0; state < ERCIRCUIT_CIRCUIT_STATES; state++) {
			terms.provider = provider;
			terms.state = state;
			KUNIT_EXPECT_EQ(test, erc_terms_permit_traffic(&terms),
					provider == ERCIRCUIT_PROVIDER_PROVISIONED &&
					state == ERCIRCUIT_CIRCUIT_ENABLED);
		}
}

static struct kunit_case contract_tests[] = {
	KUNIT_CASE(contract_steps_test),
	KUNIT_CASE(contract_operational_test),
	{}
};

static struct kunit_suite contract_suite = {
	.name = "erc_contract",
	.test_cases = contract_tests,
};

kunit_test_suite(contract_suite);
