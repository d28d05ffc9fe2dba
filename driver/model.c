// SPDX-License-Identifier: GPL-2.0
/*
 * Describes circuits, their ports and their contracts to core/model_rules.c. Circuits
 * are found by walking up from a port, because they may be in other network
 * namespaces.
 */
#include <linux/ethtool.h>
#include <linux/if_arp.h>

#include "contract.h"
#include "core/model_rules.h"
#include "ercircuit.h"
#include "leg.h"
#include "lookup.h"
#include "model.h"

/* The device below a VLAN device */
static struct net_device *erc_model_below(struct net_device *dev)
{
	struct list_head *iter = dev->adj_list.lower.next;

	return netdev_lower_get_next(dev, &iter);
}

static u32 erc_model_speed(struct net_device *port)
{
	struct ethtool_link_ksettings link;

	if (__ethtool_get_link_ksettings(port, &link) ||
	    !ethtool_validate_speed(link.base.speed) ||
	    link.base.speed == (u32)SPEED_UNKNOWN)
		return 0;
	return link.base.speed;
}

/* Note the tags from the innermost outwards. Return: the port. */
static struct net_device *
erc_model_describe_tags(struct net_device *dev, struct erc_model_leg *leg)
{
	struct net_device *below;

	for (; is_vlan_dev(dev); dev = below) {
		below = erc_model_below(dev);
		if (!below)
			break;
		if (leg->tags < ERC_MODEL_TAGS) {
			leg->id[leg->tags] = vlan_dev_vlan_id(dev);
			leg->ethertype[leg->tags] =
				ntohs(vlan_dev_vlan_proto(dev));
		}
		leg->tags++;
	}
	return dev;
}

static void erc_model_describe(struct net_device *dev,
			       const struct erc_leg_config *config,
			       struct erc_model_leg *leg)
{
	struct net_device *port;

	*leg = (struct erc_model_leg) {};
	if (!dev)
		return;
	port = erc_model_describe_tags(dev, leg);
	leg->port = port;
	leg->speed = erc_model_speed(port);
	leg->ethernet = dev->type == ARPHRD_ETHER;
	leg->numbered = erc_leg_has_nexthop(config);
}

/* Describe a leg as it is now. */
static void erc_model_describe_now(const struct erc_circuit *c, int slot,
				   struct erc_model_leg *leg)
{
	erc_model_describe(erc_leg_dev_rtnl(&c->leg[slot]),
			   &c->leg[slot].config, leg);
}

static bool erc_model_has_key(const struct erc_contract *k,
			      const struct erc_terms *terms)
{
	return erc_terms_have_key(terms) &&
	       !memcmp(k->terms.key, terms->key, sizeof(terms->key));
}

/**
 * struct erc_model_port - circuits of Direct that share a port
 * @c: the circuit that is checked
 * @terms: its requested terms
 * @leg: its requested leg on the port
 * @bandwidth: of @c and of all other contracts on the port, together
 * @same_stag: a circuit that has the outer tag of @leg already, or %NULL
 */
struct erc_model_port {
	const struct erc_circuit *c;
	const struct erc_terms *terms;
	const struct erc_model_leg *leg;
	u64 bandwidth;
	const struct erc_circuit *same_stag;
};

static bool erc_model_find_leg(const struct erc_circuit *c, const void *port,
			       struct erc_model_leg *leg)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		erc_model_describe_now(c, slot, leg);
		if (leg->port == port)
			return true;
	}
	return false;
}

/* Count each contract once: its first circuit on the port represents it. */
static bool erc_model_is_first(const struct erc_contract *k,
			       const struct erc_circuit *other,
			       const struct erc_model_port *p)
{
	const struct erc_circuit *first;
	struct erc_model_leg leg;

	list_for_each_entry(first, &k->circuits, contract_node)
		if (first != p->c &&
		    erc_model_find_leg(first, p->leg->port, &leg))
			return first == other;
	return false;
}

static int erc_model_visit(struct net_device *upper,
			   struct netdev_nested_priv *priv)
{
	struct erc_circuit *other = erc_lookup_circuit(upper);
	struct erc_model_port *p = priv->data;
	const struct erc_contract *k;
	struct erc_model_leg leg;

	if (!other)
		return 0;
	k = rtnl_dereference(other->contract);
	if (k->terms.model != ERCIRCUIT_MODEL_DIRECT ||
	    erc_model_has_key(k, p->terms) || !erc_model_is_first(k, other, p))
		return 0;
	p->bandwidth += k->terms.bandwidth;
	if (erc_model_find_leg(other, p->leg->port, &leg) &&
	    erc_model_rules_same_stag(&leg, p->leg))
		p->same_stag = other;
	return 0;
}

/* Check a leg against the other circuits on its port. */
static int erc_model_verify_shared_port(const struct erc_circuit *c,
					const struct erc_terms *terms,
					const struct erc_model_leg *leg,
					char *why)
{
	struct erc_model_port p = {
		.c = c, .terms = terms, .leg = leg,
		.bandwidth = terms->bandwidth,
	};
	struct netdev_nested_priv priv = { .data = &p };

	if (!leg->port || terms->model != ERCIRCUIT_MODEL_DIRECT)
		return 0;
	rcu_read_lock();
	netdev_walk_all_upper_dev_rcu((struct net_device *)leg->port,
				      erc_model_visit, &priv);
	rcu_read_unlock();
	if (p.same_stag) {
		scnprintf(why, ERC_MODEL_WHY, "outer tag %u is %s's on this port: use another",
			  leg->id[1], netdev_name(p.same_stag->dev));
		return -EINVAL;
	}
	if (erc_model_rules_is_oversubscribed(leg->speed, p.bandwidth)) {
		scnprintf(why, ERC_MODEL_WHY,
			  "circuits on a port: at most %u mbit together, not %llu",
			  2 * leg->speed, div_u64(p.bandwidth, 1000000));
		return -EINVAL;
	}
	return 0;
}

/* Check another circuit of the contract, which gets the same terms. */
static int erc_model_verify_sharer(const struct erc_circuit *sharer,
				   const struct erc_terms *was,
				   const struct erc_terms *terms,
				   const struct erc_model_leg *leg, char *why)
{
	struct erc_model_leg theirs[ERCIRCUIT_SLOTS];
	int slot, err;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_model_describe_now(sharer, slot, &theirs[slot]);
	err = erc_model_rules_verify(was, terms, theirs, why);
	if (err || terms->model != ERCIRCUIT_MODEL_DIRECT)
		return err;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		if (erc_model_rules_same_place(&leg[slot], &theirs[slot]))
			continue;
		scnprintf(why, ERC_MODEL_WHY, "same key needs the same ports and outer tag as %s",
			  netdev_name(sharer->dev));
		return -EINVAL;
	}
	return 0;
}

static int erc_model_verify_config(const struct erc_circuit *c,
				   const struct erc_terms *was,
				   const struct erc_config *config, char *why)
{
	const struct erc_terms *terms = &config->terms;
	struct erc_model_leg leg[ERCIRCUIT_SLOTS];
	const struct erc_contract *k;
	const struct erc_circuit *sharer;
	int slot, err;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_model_describe(config->devs[slot], &config->leg[slot],
				   &leg[slot]);
	err = erc_model_rules_verify(was, terms, leg, why);
	for (slot = 0; !err && slot < ERCIRCUIT_SLOTS; slot++)
		err = erc_model_verify_shared_port(c, terms, &leg[slot], why);
	k = erc_terms_have_key(terms) ?
	    erc_contract_find(dev_net(c->dev), terms->key) : NULL;
	if (err || !k)
		return err;
	list_for_each_entry(sharer, &k->circuits, contract_node) {
		err = sharer == c ? 0 :
		      erc_model_verify_sharer(sharer, was, terms, leg, why);
		if (err)
			return err;
	}
	return 0;
}

/* Does a request change what a model restricts? */
static bool erc_model_is_affected(const struct erc_circuit *c,
				  const struct erc_terms *was,
				  const struct erc_config *config)
{
	const struct erc_terms *terms = &config->terms;
	int slot;

	if (was->model != terms->model || was->bandwidth != terms->bandwidth ||
	    memcmp(was->key, terms->key, sizeof(terms->key)))
		return true;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (erc_leg_dev_rtnl(&c->leg[slot]) != config->devs[slot] ||
		    erc_leg_has_nexthop(&c->leg[slot].config) !=
		    erc_leg_has_nexthop(&config->leg[slot]))
			return true;
	return false;
}

int erc_model_check(const struct erc_circuit *c,
		    const struct erc_config *config,
		    struct netlink_ext_ack *extack)
{
	static const char * const names[] = ERCIRCUIT_MODEL_NAMES;
	char why[ERC_MODEL_WHY];
	struct erc_terms was;

	ASSERT_RTNL();
	erc_contract_get_terms(c, &was);
	if (config->terms.model == ERCIRCUIT_MODEL_NONE ||
	    !erc_model_is_affected(c, &was, config) ||
	    !erc_model_verify_config(c, &was, config, why))
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "model %s: %s",
			   names[config->terms.model], why);
	return -EINVAL;
}
