// SPDX-License-Identifier: GPL-2.0
/*
 * The sentences here stand behind "model NAME: ", and have 60 characters at
 * most, as an extack message in all has 79.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "model.h"

#define ERC_MODEL_8021Q		0x8100
#define ERC_MODEL_8021AD	0x88a8
#define ERC_MODEL_PORT_10G	10000
#define ERC_MODEL_PORT_100G	100000
#define ERC_MODEL_MBIT		1000000ULL

/* What the models differ in */
static const struct erc_model_rule {
	bool ethernet;	/* a hand-off of layer 2 */
	bool tagged;	/* the port is shared with other peerings */
	bool aligned;	/* the VLAN ID is the peering's, not the provider's */
	bool routed;	/* the provider routes: there is a next hop */
	bool ports;	/* the customer has a pair of ports */
} erc_model_rules[ERCIRCUIT_MODELS] = {
	[ERCIRCUIT_MODEL_P2P] = { .ethernet = true, .aligned = true },
	[ERCIRCUIT_MODEL_EXCHANGE] = {
		.ethernet = true, .aligned = true, .tagged = true,
	},
	[ERCIRCUIT_MODEL_IPVPN] = { .routed = true },
	[ERCIRCUIT_MODEL_DIRECT] = {
		.ethernet = true, .aligned = true, .tagged = true,
		.ports = true,
	},
};

bool erc_model_polices(u8 model)
{
	return !erc_model_rules[model].ports;
}

static const char *erc_model_refuses_leg(const struct erc_model_rule *rule,
					 const struct erc_model_leg *leg)
{
	if (!leg->port)
		return NULL;
	if (rule->ethernet && !leg->ethernet)
		return "a leg is an Ethernet device, not a tunnel";
	if (rule->routed && leg->ethernet && !leg->numbered)
		return "the provider routes, so an Ethernet leg needs via";
	if (rule->tagged && !leg->tags)
		return "a leg is a VLAN of its port, one for each peering";
	if (leg->tags > ERC_MODEL_TAGS)
		return "a leg has two tags at most";
	if (!rule->ports)
		return NULL;
	if (leg->speed != ERC_MODEL_PORT_10G &&
	    leg->speed != ERC_MODEL_PORT_100G)
		return "a port has a speed of 10 or 100 Gbit/s";
	if (leg->ethertype[0] != ERC_MODEL_8021Q)
		return "the inner tag is one of 802.1Q (0x8100)";
	return NULL;
}

static const char *erc_model_refuses_pair(const struct erc_model_rule *rule,
					  const struct erc_model_leg *a,
					  const struct erc_model_leg *b)
{
	if (!a->port || !b->port)
		return NULL;
	if (a->speed && b->speed && a->speed != b->speed)
		return "the ports of both legs have the same speed";
	if (rule->aligned && !a->tags != !b->tags)
		return "both legs are tagged, or neither is";
	if (rule->aligned && a->id[0] != b->id[0])
		return "both legs have the same VLAN ID";
	if (!rule->ports)
		return NULL;
	if (a->port == b->port)
		return "the legs are on two ports";
	if (a->tags != b->tags || a->id[1] != b->id[1] ||
	    a->ethertype[1] != b->ethertype[1])
		return "both legs have the same outer tag (S-tag), or none";
	return NULL;
}

static bool erc_model_sells(const u32 *list, size_t n, u64 bandwidth)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (bandwidth == list[i] * ERC_MODEL_MBIT)
			return true;
	return false;
}

static const char *erc_model_refuses_bandwidth(const struct erc_model_rule *rule,
					       u64 bandwidth, u32 speed)
{
	static const u32 provider[] = {
		50, 100, 200, 500, 1000, 2000, 5000, 10000,
	};
	static const u32 pair10[] = { 1000, 2000, 5000, 10000 };
	static const u32 pair100[] = { 5000, 10000, 40000, 100000 };

	if (!rule->ports)
		return erc_model_sells(provider, ARRAY_SIZE(provider), bandwidth) ?
		       NULL : "bandwidth is 50, 100, 200, 500 mbit, 1, 2, 5 or 10 gbit";
	if (speed != ERC_MODEL_PORT_100G &&
	    erc_model_sells(pair10, ARRAY_SIZE(pair10), bandwidth))
		return NULL;
	if (speed != ERC_MODEL_PORT_10G &&
	    erc_model_sells(pair100, ARRAY_SIZE(pair100), bandwidth))
		return NULL;
	if (!speed)
		return "bandwidth is 1, 2, 5, 10, 40 or 100 gbit";
	return speed == ERC_MODEL_PORT_10G ?
	       "bandwidth is 1, 2, 5 or 10 gbit on ports of 10G" :
	       "bandwidth is 5, 10, 40 or 100 gbit on ports of 100G";
}

/* In place a circuit is only ever made larger. */
static bool erc_model_shrinks(const struct erc_terms *was,
			      const struct erc_terms *terms)
{
	return was->model == terms->model &&
	       !memcmp(was->key, terms->key, sizeof(terms->key)) &&
	       terms->bandwidth < was->bandwidth;
}

const char *erc_model_refuses(const struct erc_terms *was,
			      const struct erc_terms *terms,
			      const struct erc_model_leg *leg)
{
	const struct erc_model_rule *rule = &erc_model_rules[terms->model];
	const char *why;
	int slot;

	if (terms->model == ERCIRCUIT_MODEL_NONE)
		return NULL;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		why = erc_model_refuses_leg(rule, &leg[slot]);
		if (why)
			return why;
	}
	why = erc_model_refuses_pair(rule, &leg[ERCIRCUIT_PRIMARY],
				     &leg[ERCIRCUIT_SECONDARY]);
	if (why)
		return why;
	why = erc_model_refuses_bandwidth(rule, terms->bandwidth,
					  leg[ERCIRCUIT_PRIMARY].speed ?:
					  leg[ERCIRCUIT_SECONDARY].speed);
	if (why)
		return why;
	return erc_model_shrinks(was, terms) ?
	       "bandwidth is raised in place, and never reduced" : NULL;
}

bool erc_model_same_place(const struct erc_model_leg *a,
			  const struct erc_model_leg *b)
{
	if (!a->port || !b->port)
		return true;
	return a->port == b->port && a->tags == b->tags &&
	       a->id[1] == b->id[1];
}

bool erc_model_same_stag(const struct erc_model_leg *a,
			 const struct erc_model_leg *b)
{
	return a->tags == ERC_MODEL_TAGS && b->tags == ERC_MODEL_TAGS &&
	       a->id[1] == b->id[1];
}

bool erc_model_oversubscribed(u32 speed, u64 bandwidth)
{
	return bandwidth > 2 * speed * ERC_MODEL_MBIT;
}
