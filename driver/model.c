// SPDX-License-Identifier: GPL-2.0
/*
 * Circuits, their ports and what they share, held against core/model.c. A
 * circuit is found by walking up from a port, so that it does not matter which
 * network namespace it is in.
 */
#include <linux/ethtool.h>
#include <linux/if_arp.h>

#include "circuit.h"
#include "contract.h"
#include "core/model.h"
#include "leg.h"
#include "model.h"

/* The device that a tag is put on top of */
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

/* From the innermost tag to the port */
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
	leg->numbered = erc_leg_numbered(config);
}

/* A leg as it is now */
static void erc_model_describe_now(const struct erc_circuit *c, int slot,
				   struct erc_model_leg *leg)
{
	erc_model_describe(erc_leg_dev_rtnl(&c->leg[slot]),
			   &c->leg[slot].config, leg);
}

static bool erc_model_is_key(const struct erc_contract *k,
			     const struct erc_terms *terms)
{
	return erc_contract_keyed(terms) &&
	       !memcmp(k->terms.key, terms->key, sizeof(terms->key));
}

/**
 * struct erc_model_port - other contracts' circuits of Direct on a port
 * @c: the circuit that is checked
 * @terms: what it is going to have
 * @leg: its leg on the port
 * @bandwidth: theirs, together
 * @why: what is wrong with one of them, %NULL if nothing is
 */
struct erc_model_port {
	const struct erc_circuit *c;
	const struct erc_terms *terms;
	const struct erc_model_leg *leg;
	u64 bandwidth;
	const char *why;
};

static bool erc_model_leg_on(const struct erc_circuit *c, const void *port,
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

/* Of the circuits of a contract on a port one stands for all. */
static bool erc_model_stands_for(const struct erc_contract *k,
				 const struct erc_circuit *other,
				 const struct erc_model_port *p)
{
	const struct erc_circuit *first;
	struct erc_model_leg leg;

	list_for_each_entry(first, &k->circuits, peer)
		if (first != p->c && erc_model_leg_on(first, p->leg->port, &leg))
			return first == other;
	return false;
}

static int erc_model_visit(struct net_device *upper,
			   struct netdev_nested_priv *priv)
{
	struct erc_circuit *other = erc_circuit_of(upper);
	struct erc_model_port *p = priv->data;
	const struct erc_contract *k;
	struct erc_model_leg leg;

	if (!other)
		return 0;
	k = rtnl_dereference(other->contract);
	if (k->terms.model != ERCIRCUIT_MODEL_DIRECT ||
	    erc_model_is_key(k, p->terms) || !erc_model_stands_for(k, other, p))
		return 0;
	p->bandwidth += k->terms.bandwidth;
	if (erc_model_leg_on(other, p->leg->port, &leg) &&
	    erc_model_same_stag(&leg, p->leg))
		p->why = "the outer tag (S-tag) is another circuit's";
	return 0;
}

/* What others have on the port of a leg */
static const char *erc_model_refuses_port(const struct erc_circuit *c,
					  const struct erc_terms *terms,
					  const struct erc_model_leg *leg)
{
	struct erc_model_port p = {
		.c = c, .terms = terms, .leg = leg,
		.bandwidth = terms->bandwidth,
	};
	struct netdev_nested_priv priv = { .data = &p };

	if (!leg->port || terms->model != ERCIRCUIT_MODEL_DIRECT)
		return NULL;
	rcu_read_lock();
	netdev_walk_all_upper_dev_rcu((struct net_device *)leg->port,
				      erc_model_visit, &priv);
	rcu_read_unlock();
	if (!p.why && erc_model_oversubscribed(leg->speed, p.bandwidth))
		p.why = "the circuits of a port have twice its speed at most";
	return p.why;
}

/* What the terms mean for a circuit that shares them, next to @leg */
static const char *erc_model_refuses_peer(const struct erc_circuit *peer,
					  const struct erc_terms *was,
					  const struct erc_terms *terms,
					  const struct erc_model_leg *leg)
{
	struct erc_model_leg theirs[ERCIRCUIT_SLOTS];
	const char *why;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_model_describe_now(peer, slot, &theirs[slot]);
	why = erc_model_refuses(was, terms, theirs);
	if (why || terms->model != ERCIRCUIT_MODEL_DIRECT)
		return why;
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		if (!erc_model_same_place(&leg[slot], &theirs[slot]))
			return "the peerings of a key share ports and outer tag (S-tag)";
	return NULL;
}

static const char *erc_model_refuses_config(const struct erc_circuit *c,
					    const struct erc_terms *was,
					    const struct erc_config *config)
{
	const struct erc_terms *terms = &config->terms;
	struct erc_model_leg leg[ERCIRCUIT_SLOTS];
	const struct erc_contract *k;
	const struct erc_circuit *peer;
	const char *why;
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++)
		erc_model_describe(config->devs[slot], &config->leg[slot],
				   &leg[slot]);
	why = erc_model_refuses(was, terms, leg);
	for (slot = 0; !why && slot < ERCIRCUIT_SLOTS; slot++)
		why = erc_model_refuses_port(c, terms, &leg[slot]);
	k = erc_contract_keyed(terms) ?
	    erc_contract_find(dev_net(c->dev), terms->key) : NULL;
	if (why || !k)
		return why;
	list_for_each_entry(peer, &k->circuits, peer) {
		why = peer == c ? NULL :
		      erc_model_refuses_peer(peer, was, terms, leg);
		if (why)
			return why;
	}
	return NULL;
}

static bool erc_model_touched(const struct erc_circuit *c,
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
		    erc_leg_numbered(&c->leg[slot].config) !=
		    erc_leg_numbered(&config->leg[slot]))
			return true;
	return false;
}

int erc_model_check(const struct erc_circuit *c,
		    const struct erc_config *config,
		    struct netlink_ext_ack *extack)
{
	static const char * const names[] = ERCIRCUIT_MODEL_NAMES;
	struct erc_terms was;
	const char *why;

	ASSERT_RTNL();
	erc_contract_get_terms(c, &was);
	if (config->terms.model == ERCIRCUIT_MODEL_NONE ||
	    !erc_model_touched(c, &was, config))
		return 0;
	why = erc_model_refuses_config(c, &was, config);
	if (!why)
		return 0;
	erc_compat_extack_fmt(extack, "model %s: %s",
			      names[config->terms.model], why);
	return -EINVAL;
}
