// SPDX-License-Identifier: GPL-2.0
/*
 * The sentences here follow "model NAME: ". They name the values that were
 * given and fit in ERC_MODEL_WHY.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "model_rules.h"

#define ERC_MODEL_8021Q		0x8100
#define ERC_MODEL_8021AD	0x88a8
#define ERC_MODEL_PORT_10G	10000
#define ERC_MODEL_PORT_100G	100000
#define ERC_MODEL_MBIT		1000000ULL

/* Rules that differ from model to model */
static const struct erc_model_rule {
	bool ethernet;	/* a leg is an Ethernet device */
	bool tagged;	/* several peerings share the port */
	bool aligned;	/* the VLAN ID belongs to the peering, not the provider */
	bool routed;	/* the provider routes: there is a next hop */
	bool ports;	/* the customer owns a pair of ports */
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

bool erc_model_rules_polices(u8 model)
{
	return !erc_model_rules[model].ports;
}

__printf(2, 3)
static int erc_model_rules_fail(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, ERC_MODEL_WHY, format, args);
	va_end(args);
	return -EINVAL;
}

static int erc_model_rules_verify_port(const char *slot,
				       const struct erc_model_leg *leg,
				       char *why)
{
	if (!leg->speed)
		return erc_model_rules_fail(why,
					    "the %s port must tell its speed (10 or 100 Gbit/s)",
					    slot);
	if (leg->speed != ERC_MODEL_PORT_10G &&
	    leg->speed != ERC_MODEL_PORT_100G)
		return erc_model_rules_fail(why,
					    "the %s port must have 10 or 100 Gbit/s (%u Mbit/s)",
					    slot, leg->speed);
	if (leg->ethertype[0] != ERC_MODEL_8021Q)
		return erc_model_rules_fail(why,
					    "the %s inner tag must be 802.1Q (it is 0x%04x)",
					    slot, leg->ethertype[0]);
	return 0;
}

static int erc_model_rules_verify_leg(const struct erc_model_rule *rule,
				      const char *slot,
				      const struct erc_model_leg *leg,
				      char *why)
{
	if (!leg->port)
		return 0;
	if (rule->ethernet && !leg->ethernet)
		return erc_model_rules_fail(why,
					    "the %s leg must be an Ethernet device, not a tunnel",
					    slot);
	if (rule->routed && leg->ethernet && !leg->numbered)
		return erc_model_rules_fail(why,
					    "the %s leg is Ethernet and needs a next hop: set via",
					    slot);
	if (rule->tagged && !leg->tags)
		return erc_model_rules_fail(why,
					    "the %s leg must be a VLAN of its port (it has no tag)",
					    slot);
	if (leg->tags > ERC_MODEL_TAGS)
		return erc_model_rules_fail(why,
					    "the %s leg must have at most 2 tags (it has %u)",
					    slot, leg->tags);
	return rule->ports ? erc_model_rules_verify_port(slot, leg, why) : 0;
}

static int erc_model_rules_verify_stags(const struct erc_model_leg *a,
					const struct erc_model_leg *b,
					char *why)
{
	if (a->port == b->port)
		return erc_model_rules_fail(why,
					    "the legs must be on different ports (both are on one)");
	if (a->tags != b->tags)
		return erc_model_rules_fail(why,
					    "both must have an outer tag, or neither (only %s has)",
					    a->tags > b->tags ? "primary" :
								"secondary");
	if (a->id[1] != b->id[1])
		return erc_model_rules_fail(why,
					    "both legs must have the same outer tag (%u and %u)",
					    a->id[1], b->id[1]);
	if (a->ethertype[1] != b->ethertype[1])
		return erc_model_rules_fail(why,
					    "both outer tags must be of one type (0x%04x and 0x%04x)",
					    a->ethertype[1], b->ethertype[1]);
	return 0;
}

static int erc_model_rules_verify_pair(const struct erc_model_rule *rule,
				       const struct erc_model_leg *a,
				       const struct erc_model_leg *b, char *why)
{
	if (!a->port || !b->port)
		return 0;
	if (a->speed && b->speed && a->speed != b->speed)
		return erc_model_rules_fail(why,
					    "both ports must have the same speed (%u and %u Mbit/s)",
					    a->speed, b->speed);
	if (rule->aligned && !a->tags != !b->tags)
		return erc_model_rules_fail(why,
					    "both legs must be VLANs, or neither (only the %s is)",
					    a->tags ? "primary" : "secondary");
	if (rule->aligned && a->id[0] != b->id[0])
		return erc_model_rules_fail(why,
					    "both legs must have the same VLAN ID (%u and %u)",
					    a->id[0], b->id[0]);
	return rule->ports ? erc_model_rules_verify_stags(a, b, why) : 0;
}

static bool erc_model_rules_sells(const u32 *list, size_t n, u64 bandwidth)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (bandwidth == list[i] * ERC_MODEL_MBIT)
			return true;
	return false;
}

/* Return: %NULL if the service sells the bandwidth, else those that it sells. */
static const char *
erc_model_rules_list_sold(const struct erc_model_rule *rule, u64 bandwidth, u32 speed)
{
	static const u32 provider[] = {
		50, 100, 200, 500, 1000, 2000, 5000, 10000,
	};
	static const u32 pair10[] = { 1000, 2000, 5000, 10000 };
	static const u32 pair100[] = { 5000, 10000, 40000, 100000 };

	if (!rule->ports)
		return erc_model_rules_sells(provider, ARRAY_SIZE(provider),
					     bandwidth) ?
		       NULL : "50/100/200/500/1000/2000/5000/10000";
	if (speed != ERC_MODEL_PORT_100G &&
	    erc_model_rules_sells(pair10, ARRAY_SIZE(pair10), bandwidth))
		return NULL;
	if (speed != ERC_MODEL_PORT_10G &&
	    erc_model_rules_sells(pair100, ARRAY_SIZE(pair100), bandwidth))
		return NULL;
	if (!speed)
		return "1000/2000/5000/10000/40000/100000";
	return speed == ERC_MODEL_PORT_10G ?
	       "1000/2000/5000/10000 on 10G" : "5000/10000/40000/100000 on 100G";
}

/* The service raises the bandwidth of a circuit in place, and never reduces it. */
static bool erc_model_rules_reduces_bandwidth(const struct erc_terms *was,
					      const struct erc_terms *terms)
{
	return was->model == terms->model &&
	       !memcmp(was->key, terms->key, sizeof(terms->key)) &&
	       terms->bandwidth < was->bandwidth;
}

static int erc_model_rules_verify_bandwidth(const struct erc_model_rule *rule,
					    const struct erc_terms *was,
					    const struct erc_terms *terms,
					    u32 speed, char *why)
{
	const char *sold;

	sold = erc_model_rules_list_sold(rule, terms->bandwidth, speed);
	if (sold)
		return erc_model_rules_fail(why, "bandwidth %llu mbit: use %s",
					    div_u64(terms->bandwidth +
						    ERC_MODEL_MBIT - 1,
						    ERC_MODEL_MBIT), sold);
	if (erc_model_rules_reduces_bandwidth(was, terms))
		return erc_model_rules_fail(why,
					    "bandwidth can only be raised (%llu to %llu mbit)",
					    div_u64(was->bandwidth,
						    ERC_MODEL_MBIT),
					    div_u64(terms->bandwidth,
						    ERC_MODEL_MBIT));
	return 0;
}

int erc_model_rules_verify(const struct erc_terms *was,
			   const struct erc_terms *terms,
			   const struct erc_model_leg *leg, char *why)
{
	static const char * const names[] = ERCIRCUIT_SLOT_NAMES;
	const struct erc_model_rule *rule = &erc_model_rules[terms->model];
	int slot, err;

	if (terms->model == ERCIRCUIT_MODEL_NONE)
		return 0;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		err = erc_model_rules_verify_leg(rule, names[slot], &leg[slot],
						 why);
		if (err)
			return err;
	}
	return erc_model_rules_verify_pair(rule, &leg[ERCIRCUIT_PRIMARY],
					   &leg[ERCIRCUIT_SECONDARY], why) ?:
	       erc_model_rules_verify_bandwidth(rule, was, terms,
						leg[ERCIRCUIT_PRIMARY].speed ?:
						leg[ERCIRCUIT_SECONDARY].speed,
						why);
}

bool erc_model_rules_same_place(const struct erc_model_leg *a,
				const struct erc_model_leg *b)
{
	if (!a->port || !b->port)
		return true;
	return a->port == b->port && a->tags == b->tags &&
	       a->id[1] == b->id[1];
}

bool erc_model_rules_same_stag(const struct erc_model_leg *a,
			       const struct erc_model_leg *b)
{
	return a->tags == ERC_MODEL_TAGS && b->tags == ERC_MODEL_TAGS &&
	       a->id[1] == b->id[1];
}

bool erc_model_rules_is_oversubscribed(u32 speed, u64 bandwidth)
{
	return bandwidth > 2 * speed * ERC_MODEL_MBIT;
}
