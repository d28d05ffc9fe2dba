// SPDX-License-Identifier: GPL-2.0
/*
 * A circuit can be given to another network namespace while its legs stay. Who
 * is root there has the device: addresses, routes, up and down, delete. The
 * options, the legs and the contract are with whoever runs the legs.
 */
#include <linux/capability.h>

#include "contract.h"
#include "leg.h"
#include "tenant.h"

bool erc_tenant_may(const struct erc_circuit *c)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		const struct net_device *lower =
			erc_leg_dev_rtnl(&c->leg[slot]);

		if (!erc_tenant_sees(c, lower) &&
		    !ns_capable(dev_net(lower)->user_ns, CAP_NET_ADMIN))
			return false;
	}
	return true;
}

/* What is shared is changed for all that share it. */
static bool erc_tenant_may_agree(const struct erc_circuit *c,
				 const struct erc_terms *terms)
{
	const struct erc_contract *k = erc_contract_find(dev_net(c->dev),
							 terms->key);
	const struct erc_circuit *other;

	if (!k || erc_contract_same(&k->terms, terms))
		return true;
	list_for_each_entry(other, &k->circuits, peer)
		if (!erc_tenant_may(other))
			return false;
	return true;
}

bool erc_tenant_brings(const struct erc_circuit *c)
{
	struct erc_terms terms;

	ASSERT_RTNL();
	erc_contract_get_terms(c, &terms);
	return erc_tenant_may_agree(c, &terms);
}

int erc_tenant_check(const struct erc_circuit *c,
		     const struct erc_config *config,
		     struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (!erc_tenant_may(c)) {
		NL_SET_ERR_MSG(extack,
			       "The circuit's legs are in another network namespace: it is changed with the rights of that");
		return -EPERM;
	}
	if (!erc_tenant_may_agree(c, &config->terms)) {
		NL_SET_ERR_MSG(extack,
			       "The contract is shared with a circuit whose legs are in another network namespace: it is changed with the rights of that");
		return -EPERM;
	}
	return 0;
}
