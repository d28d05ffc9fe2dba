// SPDX-License-Identifier: GPL-2.0
/*
 * Parses a request on top of the present configuration and checks the result.
 * Nothing here changes the circuit.
 */
#include <net/ipv6.h>
#include <net/rtnetlink.h>

#include "attach.h"
#include "contract.h"
#include "core/model_rules.h"
#include "ercircuit.h"
#include "leg.h"
#include "lookup.h"
#include "model.h"
#include "reach.h"
#include "request.h"
#include "tenant.h"

#define ERC_REQUEST_READ_ONLY(name) \
	{ .type = NLA_REJECT, .reject_message = name " is read-only: leave it out" }

#define ERC_REQUEST_UNKNOWN_MSG \
	"Unknown attribute: update the driver, or leave it out"

#define ERC_REQUEST_UNKNOWN \
	{ .type = NLA_REJECT, .reject_message = ERC_REQUEST_UNKNOWN_MSG }

const struct nla_policy erc_request_policy[ERC_REQUEST_MAX + 1] = {
	[IFLA_ERCIRCUIT_UNSPEC]		= ERC_REQUEST_UNKNOWN,
	[IFLA_ERCIRCUIT_PAD]		= ERC_REQUEST_UNKNOWN,
	[IFLA_ERCIRCUIT_PRIMARY]	= { .type = NLA_NESTED },
	[IFLA_ERCIRCUIT_SECONDARY]	= { .type = NLA_NESTED },
	[IFLA_ERCIRCUIT_MODE]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_HASH]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_REVERTIVE]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_WTR]		= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_HOLD_OFF]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_ACTIVE]		= ERC_REQUEST_READ_ONLY("active"),
	[IFLA_ERCIRCUIT_REQUEST]	= ERC_REQUEST_READ_ONLY("request"),
	[IFLA_ERCIRCUIT_LAST_SWITCH_REASON] =
				ERC_REQUEST_READ_ONLY("last_switch_reason"),
	[IFLA_ERCIRCUIT_LAST_SWITCH_NS]	=
				ERC_REQUEST_READ_ONLY("last_switch_ns"),
	[IFLA_ERCIRCUIT_LAST_SWITCH_TIME] =
				ERC_REQUEST_READ_ONLY("last_switch_time"),
	[IFLA_ERCIRCUIT_SWITCH]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_BANDWIDTH]	= { .type = NLA_U64 },
	[IFLA_ERCIRCUIT_BURST]		= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_POLICE]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_SLA]		= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_KEY]		=
				NLA_POLICY_EXACT_LEN(ERCIRCUIT_KEY_BYTES),
	[IFLA_ERCIRCUIT_PROVIDER_STATE]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_CIRCUIT_STATE]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_PEERING]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_MODEL]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_FAIL]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_REACH]		= { .type = NLA_NESTED },
	[IFLA_ERCIRCUIT_NOREACH]	= { .type = NLA_NESTED },
	[IFLA_ERCIRCUIT_LATE]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_MAX + 1 ... ERC_REQUEST_MAX] = ERC_REQUEST_UNKNOWN,
};

const struct nla_policy
erc_request_leg_policy[ERC_REQUEST_SLAVE_MAX + 1] = {
	[IFLA_ERCIRCUIT_LEG_UNSPEC]	= ERC_REQUEST_UNKNOWN,
	[IFLA_ERCIRCUIT_LEG_PAD]	= ERC_REQUEST_UNKNOWN,
	[IFLA_ERCIRCUIT_LEG_IFINDEX]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_LEG_VIA4]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_LEG_VIA6]	=
				NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IFLA_ERCIRCUIT_LEG_NOVIA]	= { .type = NLA_FLAG },
	[IFLA_ERCIRCUIT_LEG_NEIGH]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_SLOT]	= ERC_REQUEST_READ_ONLY("slot"),
	[IFLA_ERCIRCUIT_LEG_STATE]	= ERC_REQUEST_READ_ONLY("state"),
	[IFLA_ERCIRCUIT_LEG_REASON]	= ERC_REQUEST_READ_ONLY("reason"),
	[IFLA_ERCIRCUIT_LEG_DRAIN]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_FAULT]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_BFD]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_BFD_TX]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_LEG_BFD_RX]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_LEG_BFD_MULT]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_BFD_STATE]	= ERC_REQUEST_READ_ONLY("bfd_state"),
	[IFLA_ERCIRCUIT_LEG_BFD_REMOTE_STATE] =
				ERC_REQUEST_READ_ONLY("bfd_remote_state"),
	[IFLA_ERCIRCUIT_LEG_BFD_DIAG]	= ERC_REQUEST_READ_ONLY("bfd_diag"),
	[IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DIAG] =
				ERC_REQUEST_READ_ONLY("bfd_remote_diag"),
	[IFLA_ERCIRCUIT_LEG_BFD_DISCR]	= ERC_REQUEST_READ_ONLY("bfd_discr"),
	[IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DISCR] =
				ERC_REQUEST_READ_ONLY("bfd_remote_discr"),
	[IFLA_ERCIRCUIT_LEG_BFD_INTERVAL] =
				ERC_REQUEST_READ_ONLY("bfd_interval"),
	[IFLA_ERCIRCUIT_LEG_BFD_DETECTION] =
				ERC_REQUEST_READ_ONLY("bfd_detection"),
	[IFLA_ERCIRCUIT_LEG_NAME]	= { .type = NLA_NUL_STRING,
					    .len = ALTIFNAMSIZ - 1 },
	[IFLA_ERCIRCUIT_LEG_MAX + 1 ... ERC_REQUEST_SLAVE_MAX] =
				ERC_REQUEST_UNKNOWN,
};

int erc_request_refuse(struct nlattr *attr, const char *why,
		       struct netlink_ext_ack *extack)
{
	/* @why is a constant, as extack keeps the pointer. */
	NL_SET_BAD_ATTR(extack, attr);
	if (extack)
		extack->_msg = why;
	return -EINVAL;
}

/* Refuse a number; @why is the range in the unit of the attribute. */
static int erc_request_refuse_value(struct nlattr *attr, const char *why,
				    u64 value, struct netlink_ext_ack *extack)
{
	NL_SET_BAD_ATTR(extack, attr);
	NL_SET_ERR_MSG_FMT(extack, "%s, not %llu", why, value);
	return -EINVAL;
}

static int erc_request_parse_u8(struct nlattr *attr, u8 limit, u8 *to,
				const char *why,
				struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_get_u8(attr) >= limit)
		return erc_request_refuse_value(attr, why, nla_get_u8(attr),
						extack);
	*to = nla_get_u8(attr);
	return 0;
}

static int erc_request_parse_u32(struct nlattr *attr, u32 min, u32 max, u32 *to,
				 const char *why,
				 struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_get_u32(attr) < min || nla_get_u32(attr) > max)
		return erc_request_refuse_value(attr, why, nla_get_u32(attr),
						extack);
	*to = nla_get_u32(attr);
	return 0;
}

static int erc_request_parse_ms(struct nlattr *attr, u32 max, u64 *ns,
				const char *why,
				struct netlink_ext_ack *extack)
{
	u32 ms = 0;
	int err;

	err = erc_request_parse_u32(attr, 0, max, &ms, why, extack);
	if (attr && !err)
		*ns = ms * (u64)NSEC_PER_MSEC;
	return err;
}

static int erc_request_parse_us(struct nlattr *attr, u32 *us, const char *why,
				struct netlink_ext_ack *extack)
{
	return erc_request_parse_u32(attr, ERCIRCUIT_BFD_MIN_US,
				     ERCIRCUIT_BFD_MAX_US, us, why, extack);
}

static int erc_request_parse_bfd(struct nlattr *tb[],
				 struct erc_leg_config *leg,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *mult = tb[IFLA_ERCIRCUIT_LEG_BFD_MULT];
	u8 bfd = leg->bfd;
	int err;

	err = erc_request_parse_u8(tb[IFLA_ERCIRCUIT_LEG_BFD], 2, &bfd,
				   "bfd must be 1 (on) or 0 (off)", extack) ?:
	      erc_request_parse_us(tb[IFLA_ERCIRCUIT_LEG_BFD_TX],
				   &leg->session.tx_us,
				   "bfd-tx in us must be 1000 to 60000000", extack) ?:
	      erc_request_parse_us(tb[IFLA_ERCIRCUIT_LEG_BFD_RX],
				   &leg->session.rx_us,
				   "bfd-rx in us must be 1000 to 60000000", extack);
	leg->bfd = bfd;
	if (err || !mult)
		return err;
	leg->session.mult = nla_get_u8(mult);
	if (!leg->session.mult)
		return erc_request_refuse_value(mult, "bfd-mult must be 1 to 255",
						0, extack);
	return 0;
}

/* INFO_SLAVE_DATA and the nests of INFO_DATA share these attributes. */
int erc_request_parse_leg_options(struct nlattr *tb[], int slot,
				  struct erc_request *req,
				  struct netlink_ext_ack *extack)
{
	struct erc_leg_config *leg = &req->config.leg[slot];
	u8 neigh = leg->neigh, drain = leg->drain;
	int err;

	if (tb[IFLA_ERCIRCUIT_LEG_NOVIA]) {
		leg->via4 = 0;
		leg->via6 = in6addr_any;
	}
	if (tb[IFLA_ERCIRCUIT_LEG_VIA4]) {
		leg->via4 = nla_get_in_addr(tb[IFLA_ERCIRCUIT_LEG_VIA4]);
		if (!leg->via4)
			return erc_request_refuse(tb[IFLA_ERCIRCUIT_LEG_VIA4],
						  "via must be unicast, not 0.0.0.0: novia removes it",
						  extack);
		req->check |= BIT(slot);
	}
	if (tb[IFLA_ERCIRCUIT_LEG_VIA6]) {
		leg->via6 = nla_get_in6_addr(tb[IFLA_ERCIRCUIT_LEG_VIA6]);
		if (ipv6_addr_any(&leg->via6))
			return erc_request_refuse(tb[IFLA_ERCIRCUIT_LEG_VIA6],
						  "via must be unicast, not ::, and novia removes it",
						  extack);
		req->check |= BIT(slot);
	}
	err = erc_request_parse_u8(tb[IFLA_ERCIRCUIT_LEG_NEIGH], 2, &neigh,
				   "neigh must be 1 (on) or 0 (off)", extack) ?:
	      erc_request_parse_u8(tb[IFLA_ERCIRCUIT_LEG_DRAIN], 2, &drain,
				   "drain must be 1 (on) or 0 (off)", extack) ?:
	      erc_request_parse_u8(tb[IFLA_ERCIRCUIT_LEG_FAULT],
				   ERCIRCUIT_FAULTS, &leg->fault,
				   "fault must be 0 (none) to 4 (down)",
				   extack) ?:
	      erc_request_parse_bfd(tb, leg, extack);
	leg->neigh = neigh;
	leg->drain = drain;
	return err;
}

static int erc_request_parse_dev(struct nlattr *attr, struct net *net,
				 int slot, struct erc_request *req,
				 struct netlink_ext_ack *extack)
{
	struct net_device **dev = &req->config.devs[slot];
	int ifindex = nla_get_u32(attr);

	*dev = NULL;
	req->config.leg[slot].name[0] = '\0';
	req->config.leg[slot].taken = !ifindex;
	if (!ifindex)
		return 0;
	*dev = __dev_get_by_index(net, ifindex);
	if (!*dev) {
		NL_SET_BAD_ATTR(extack, attr);
		NL_SET_ERR_MSG_FMT(extack,
				   "No device %d in this network namespace: ip link set DEVICE netns NAME",
				   ifindex);
		return -ENODEV;
	}
	req->check |= BIT(slot);
	return 0;
}

/* Return: the device of that name, also if it is the circuit about to be registered. */
static struct net_device *erc_request_find_dev(const struct erc_circuit *c,
					       struct net *net, const char *name)
{
	if (net_eq(net, dev_net(c->dev)) && !strcmp(name, netdev_name(c->dev)))
		return c->dev;
	return __dev_get_by_name(net, name);
}

static int erc_request_parse_name(const struct erc_circuit *c,
				  struct nlattr *attr, struct net *net,
				  int slot, struct erc_request *req,
				  struct netlink_ext_ack *extack)
{
	struct erc_leg_config *leg = &req->config.leg[slot];
	struct net_device **dev = &req->config.devs[slot];

	nla_strscpy(leg->name, attr, sizeof(leg->name));
	leg->net_cookie = net->net_cookie;
	leg->taken = false;
	if (!*leg->name)
		return erc_request_refuse(attr, "The name of a leg is empty: name a device",
					  extack);
	*dev = erc_request_find_dev(c, net, leg->name);
	if (*dev || req->config.late) {
		req->check |= BIT(slot);
		return 0;
	}
	NL_SET_BAD_ATTR(extack, attr);
	NL_SET_ERR_MSG_FMT(extack,
			   "No device %.15s: create it, or wait for it with late on",
			   leg->name);
	return -ENODEV;
}

/* Return: an error if both attributes are given that name the device of a slot. */
static int erc_request_parse_device(const struct erc_circuit *c,
				    struct nlattr *tb[], struct net *net,
				    int slot, struct erc_request *req,
				    struct netlink_ext_ack *extack)
{
	struct nlattr *ifindex = tb[IFLA_ERCIRCUIT_LEG_IFINDEX];
	struct nlattr *name = tb[IFLA_ERCIRCUIT_LEG_NAME];

	if (name && ifindex)
		return erc_request_refuse(name, "A leg has an ifindex and a name: give one of them",
					  extack);
	if (name)
		return erc_request_parse_name(c, name, net, slot, req, extack);
	if (ifindex)
		return erc_request_parse_dev(ifindex, net, slot, req, extack);
	return 0;
}

static int erc_request_parse_leg(const struct erc_circuit *c,
				 struct nlattr *nest, struct net *net, int slot,
				 struct erc_request *req,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ERC_REQUEST_SLAVE_MAX + 1];
	int err;

	if (!nest)
		return 0;
	err = __nla_parse(tb, ERC_REQUEST_SLAVE_MAX, nla_data(nest),
			  nla_len(nest), erc_request_leg_policy,
			  NL_VALIDATE_TRAILING | NL_VALIDATE_MAXTYPE, extack);
	if (err)
		return err;
	return erc_request_parse_device(c, tb, net, slot, req, extack) ?:
	       erc_request_parse_leg_options(tb, slot, req, extack);
}

static int erc_request_parse_bandwidth(struct nlattr *attr, u64 *to,
				       struct netlink_ext_ack *extack)
{
	u64 rate;

	if (!attr)
		return 0;
	rate = nla_get_u64(attr);
	if (rate && (rate < ERCIRCUIT_BANDWIDTH_MIN ||
		     rate > ERCIRCUIT_BANDWIDTH_MAX))
		return erc_request_refuse_value(attr,
						"bandwidth in bit/s must be 0, or 1000 to 1000000000000",
						rate, extack);
	*to = rate;
	return 0;
}

/* A circuit that joins a contract takes its terms, and then the request may
 * change them. Return: true if the request begins a new contract.
 */
static bool erc_request_parse_key(const struct erc_circuit *c,
				  struct nlattr *attr, struct erc_terms *terms)
{
	const struct erc_contract *k;
	struct erc_terms fresh;

	if (!attr || !memcmp(terms->key, nla_data(attr), sizeof(terms->key)))
		return false;
	k = erc_contract_find(dev_net(c->dev), nla_data(attr));
	if (k) {
		*terms = k->terms;
		return false;
	}
	erc_terms_init(&fresh);
	memcpy(terms->key, nla_data(attr), sizeof(terms->key));
	terms->provider = fresh.provider;
	terms->state = fresh.state;
	return true;
}

/* A new contract may begin in any state, as it may be older than the circuit. */
static int erc_request_parse_states(struct nlattr *data[], bool begins,
				    struct erc_terms *terms,
				    struct netlink_ext_ack *extack)
{
	static const char * const refusals[] = {
		[ERCIRCUIT_PROVIDER_NOT_PROVISIONED] =
			"provider-state is not-provisioned and can only become provisioning",
		[ERCIRCUIT_PROVIDER_PROVISIONING] =
			"provider-state is provisioning and can only become provisioned or not-provisioned",
		[ERCIRCUIT_PROVIDER_PROVISIONED] =
			"provider-state is provisioned and can only become deprovisioning",
		[ERCIRCUIT_PROVIDER_DEPROVISIONING] =
			"provider-state is deprovisioning and can only become not-provisioned",
	};
	struct nlattr *provider = data[IFLA_ERCIRCUIT_PROVIDER_STATE];
	struct nlattr *state = data[IFLA_ERCIRCUIT_CIRCUIT_STATE];
	u8 was = terms->provider;
	int err;

	err = erc_request_parse_u8(provider, ERCIRCUIT_PROVIDER_STATES,
				   &terms->provider,
				   "provider-state must be 0 (not-provisioned) to 3 (deprovisioning)",
				   extack) ?:
	      erc_request_parse_u8(state, ERCIRCUIT_CIRCUIT_STATES,
				   &terms->state,
				   "circuit-state must be 0 (enabled) or 1 (disabled)",
				   extack);
	if (err)
		return err;
	if ((provider || state) && !erc_terms_have_key(terms))
		return erc_request_refuse(provider ?: state,
					  "provider-state and circuit-state need a service key: set key UUID",
					  extack);
	if (begins || erc_terms_can_change_provider(was, terms->provider))
		return 0;
	return erc_request_refuse(provider, refusals[was], extack);
}

/* A change of the model sets police to the default of the new model. */
static int erc_request_parse_model(struct nlattr *attr, struct erc_terms *terms,
				   struct netlink_ext_ack *extack)
{
	u8 was = terms->model;
	int err;

	err = erc_request_parse_u8(attr, ERCIRCUIT_MODELS, &terms->model,
				   "model must be 0 (none) to 4 (direct)",
				   extack);
	if (!err && terms->model != was)
		terms->police = erc_model_rules_polices(terms->model);
	return err;
}

static int erc_request_parse_terms(const struct erc_circuit *c,
				   struct nlattr *data[],
				   struct erc_terms *terms,
				   struct netlink_ext_ack *extack)
{
	bool begins = erc_request_parse_key(c, data[IFLA_ERCIRCUIT_KEY], terms);

	return erc_request_parse_model(data[IFLA_ERCIRCUIT_MODEL], terms,
				       extack) ?:
	       erc_request_parse_bandwidth(data[IFLA_ERCIRCUIT_BANDWIDTH],
					   &terms->bandwidth, extack) ?:
	       erc_request_parse_u32(data[IFLA_ERCIRCUIT_BURST], 0,
				     ERCIRCUIT_BURST_MAX_US, &terms->burst_us,
				     "burst in us must be at most 10000000", extack) ?:
	       erc_request_parse_u8(data[IFLA_ERCIRCUIT_POLICE], 2,
				    &terms->police,
				    "police must be 1 (on) or 0 (off)", extack) ?:
	       erc_request_parse_u32(data[IFLA_ERCIRCUIT_SLA], 0,
				     ERCIRCUIT_SLA_MAX_PPM, &terms->sla_ppm,
				     "sla in ppm must be at most 1000000", extack) ?:
	       erc_request_parse_states(data, begins, terms, extack);
}

/* Return: the index of a device among the others; for NULL, of a free entry. */
static int erc_request_find_pair(const struct erc_request *req,
				 const struct net_device *other)
{
	int i;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		if (req->config.reach[i] == other)
			break;
	return i;
}

/* A pair may be added again, so that the printed configuration can be typed. */
static const char *erc_request_add_pair(struct erc_request *req,
					struct net_device *other)
{
	int i = erc_request_find_pair(req, NULL);

	if (erc_request_find_pair(req, other) < ERCIRCUIT_REACH_MAX)
		return NULL;
	if (i == ERCIRCUIT_REACH_MAX || !erc_reach_has_room(netdev_priv(other)))
		return "a circuit can be paired with at most 16 others";
	req->config.reach[i] = other;
	return NULL;
}

static const char *erc_request_del_pair(struct erc_request *req,
					struct net_device *other)
{
	struct net_device **others = req->config.reach;
	int i = erc_request_find_pair(req, other);

	if (i == ERCIRCUIT_REACH_MAX)
		return "the circuits are not paired: leave it out";
	/* The entries after the last other are NULL. */
	for (; i + 1 < ERCIRCUIT_REACH_MAX; i++)
		others[i] = others[i + 1];
	others[i] = NULL;
	return NULL;
}

static const char *erc_request_parse_pair(const struct erc_circuit *c,
					  const struct nlattr *attr,
					  struct net_device **other)
{
	*other = NULL;
	if (nla_type(attr) != IFLA_ERCIRCUIT_REACH_PEER ||
	    nla_len(attr) != sizeof(u32))
		return ERC_REQUEST_UNKNOWN_MSG;
	*other = __dev_get_by_index(dev_net(c->dev), nla_get_u32(attr));
	if (!*other)
		return "reach: there is no such device in this network namespace";
	if (!erc_lookup_circuit(*other))
		return "it is not a circuit: \"ercircuit show\" lists them";
	if (*other == c->dev)
		return "a circuit cannot be paired with itself";
	if (!erc_tenant_can_configure(netdev_priv(*other)))
		return "its legs must be in this network namespace";
	return NULL;
}

static int
erc_request_parse_reach(const struct erc_circuit *c, struct nlattr *nest,
			const char *word,
			const char *(*change)(struct erc_request *req,
					      struct net_device *other),
			struct erc_request *req, struct netlink_ext_ack *extack)
{
	struct net_device *other;
	struct nlattr *attr;
	const char *why;
	int rem;

	if (!nest)
		return 0;
	nla_for_each_nested(attr, nest, rem) {
		why = erc_request_parse_pair(c, attr, &other) ?:
		      change(req, other);
		if (why && !other)
			return erc_request_refuse(attr, why, extack);
		if (why) {
			NL_SET_BAD_ATTR(extack, attr);
			NL_SET_ERR_MSG_FMT(extack, "%s %s: %s", word,
					   netdev_name(other), why);
			return -EINVAL;
		}
	}
	return 0;
}

int erc_request_parse(const struct erc_circuit *c, struct nlattr *data[],
		      struct net *net, struct erc_request *req,
		      struct netlink_ext_ack *extack)
{
	struct erc_protection_config *p = &req->config.protect;
	u8 revertive = p->revertive;
	int err;

	err = erc_request_parse_u8(data[IFLA_ERCIRCUIT_MODE], ERCIRCUIT_MODES,
				   &p->mode,
				   "mode must be 0 (active-backup) or 1 (active-active)",
				   extack) ?:
	      erc_request_parse_u8(data[IFLA_ERCIRCUIT_HASH], ERCIRCUIT_HASHES,
				   &req->config.hash, "hash must be 0 (l3) or 1 (l3l4)",
				   extack) ?:
	      erc_request_parse_u8(data[IFLA_ERCIRCUIT_REVERTIVE], 2,
				   &revertive,
				   "revertive must be 1 (on) or 0 (off)",
				   extack) ?:
	      erc_request_parse_ms(data[IFLA_ERCIRCUIT_WTR],
				   ERCIRCUIT_WTR_MAX_MS, &p->wtr_ns,
				   "wtr in ms must be at most 720000", extack) ?:
	      erc_request_parse_ms(data[IFLA_ERCIRCUIT_HOLD_OFF],
				   ERCIRCUIT_HOLD_OFF_MAX_MS, &p->hold_off_ns,
				   "hold-off in ms must be at most 10000", extack) ?:
	      erc_request_parse_u8(data[IFLA_ERCIRCUIT_SWITCH],
				   ERCIRCUIT_SWITCHES, &req->config.command,
				   "switch must be 0 (lockout) to 5 (clear)",
				   extack) ?:
	      erc_request_parse_terms(c, data, &req->config.terms, extack) ?:
	      erc_request_parse_u8(data[IFLA_ERCIRCUIT_PEERING],
				   ERCIRCUIT_PEERINGS, &req->config.peering,
				   "peering must be 0 (none), 1 (private) or 2 (microsoft)",
				   extack) ?:
	      erc_request_parse_u8(data[IFLA_ERCIRCUIT_FAIL], ERCIRCUIT_FAILS,
				   &req->config.fail,
				   "fail must be 0 (closed) or 1 (open)",
				   extack) ?:
	      erc_request_parse_u8(data[IFLA_ERCIRCUIT_LATE], 2,
				   &req->config.late,
				   "late must be 1 (on) or 0 (off)", extack) ?:
	      erc_request_parse_reach(c, data[IFLA_ERCIRCUIT_NOREACH],
				      "noreach", erc_request_del_pair, req, extack) ?:
	      erc_request_parse_reach(c, data[IFLA_ERCIRCUIT_REACH],
				      "reach", erc_request_add_pair, req, extack) ?:
	      erc_request_parse_leg(c, data[IFLA_ERCIRCUIT_PRIMARY], net,
				    ERCIRCUIT_PRIMARY, req, extack) ?:
	      erc_request_parse_leg(c, data[IFLA_ERCIRCUIT_SECONDARY], net,
				    ERCIRCUIT_SECONDARY, req, extack);
	p->revertive = revertive;
	return err;
}

/* Return: the device that both legs have, or for which both wait, "" = none. */
static const char *erc_request_find_double(const struct erc_config *config)
{
	const struct erc_leg_config *leg = config->leg;
	struct net_device *const *devs = config->devs;

	if (devs[ERCIRCUIT_PRIMARY])
		return devs[ERCIRCUIT_PRIMARY] == devs[ERCIRCUIT_SECONDARY] ?
		       netdev_name(devs[ERCIRCUIT_PRIMARY]) : "";
	if (devs[ERCIRCUIT_SECONDARY] ||
	    strcmp(leg[ERCIRCUIT_PRIMARY].name, leg[ERCIRCUIT_SECONDARY].name))
		return "";
	return leg[ERCIRCUIT_PRIMARY].name;
}

/* A new circuit is checked before it is registered, so that user space gets no
 * notification about a refused one.
 */
int erc_request_check(struct erc_circuit *c,
		      const struct erc_request *req,
		      struct netlink_ext_ack *extack)
{
	static const char * const names[] = ERCIRCUIT_SLOT_NAMES;
	const struct erc_config *config = &req->config;
	struct net_device *const *devs = config->devs;
	const char *twice = erc_request_find_double(config);
	const struct erc_circuit *upper;
	int slot, err;

	err = erc_tenant_check(c, config, extack);
	if (err)
		return err;
	if (*twice) {
		NL_SET_ERR_MSG_FMT(extack,
				   "primary and secondary are both %.15s: each needs its own device",
				   twice);
		return -EINVAL;
	}
	upper = erc_lookup_upper_rtnl(c->dev);
	if (config->fail != ERCIRCUIT_FAIL_OPEN && upper) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is a leg of %s, so it must keep fail open",
				   netdev_name(c->dev),
				   netdev_name(upper->dev));
		return -EINVAL;
	}
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		if (config->leg[slot].bfd &&
		    !erc_leg_has_nexthop(&config->leg[slot])) {
			NL_SET_ERR_MSG_FMT(extack,
					   "bfd on the %s leg needs a next hop: set via",
					   names[slot]);
			return -EINVAL;
		}
		if (!devs[slot] || !(req->check & BIT(slot)))
			continue;
		err = erc_attach_check(c, devs[slot], extack) ?:
		      erc_attach_check_via(devs[slot], config, slot, extack);
		if (err)
			return err;
	}
	return erc_model_check(c, config, extack);
}

int erc_request_check_mtu(const struct erc_circuit *c,
			  const struct erc_config *config,
			  struct netlink_ext_ack *extack)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		const struct net_device *dev = config->devs[slot];

		if (dev && c->limits.mtu_wanted > dev->mtu) {
			NL_SET_ERR_MSG_FMT(extack,
					   "mtu must be at most %u, the mtu of leg %s, not %u",
					   READ_ONCE(dev->mtu),
					   netdev_name(dev),
					   c->limits.mtu_wanted);
			return -EINVAL;
		}
	}
	return 0;
}
