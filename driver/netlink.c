// SPDX-License-Identifier: GPL-2.0
/*
 * The one door. A request is parsed whole into a struct, checked whole, and
 * applied; only taking a new device in and a command can fail, and that comes
 * first and is undone.
 */
#include <net/ipv6.h>
#include <net/rtnetlink.h>

#include "circuit.h"
#include "counter.h"
#include "ercircuit.h"
#include "leg.h"
#include "netlink.h"
#include "protection.h"
#include "sysfs.h"

#define ERC_NETLINK_READ_ONLY(name) \
	{ .type = NLA_REJECT, .reject_message = name " is read-only" }

/*
 * The core parses these liberally and drops what is above maxtype in silence,
 * so the tables reach as far as the core allows and refuse the rest by name.
 */
#define ERC_NETLINK_MAX		50	/* RTNL_MAX_TYPE */
#define ERC_NETLINK_SLAVE_MAX	40	/* RTNL_SLAVE_MAX_TYPE of 6.1 */
#define ERC_NETLINK_UNKNOWN \
	{ .type = NLA_REJECT, .reject_message = "Unknown attribute" }

static const struct nla_policy erc_netlink_policy[ERC_NETLINK_MAX + 1] = {
	[IFLA_ERCIRCUIT_UNSPEC]		= ERC_NETLINK_UNKNOWN,
	[IFLA_ERCIRCUIT_PAD]		= ERC_NETLINK_UNKNOWN,
	[IFLA_ERCIRCUIT_PRIMARY]	= { .type = NLA_NESTED },
	[IFLA_ERCIRCUIT_SECONDARY]	= { .type = NLA_NESTED },
	[IFLA_ERCIRCUIT_MODE]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_HASH]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_REVERTIVE]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_WTR]		= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_HOLD_OFF]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_ACTIVE]		= ERC_NETLINK_READ_ONLY("active"),
	[IFLA_ERCIRCUIT_REQUEST]	= ERC_NETLINK_READ_ONLY("request"),
	[IFLA_ERCIRCUIT_LAST_SWITCH_REASON] =
				ERC_NETLINK_READ_ONLY("last_switch_reason"),
	[IFLA_ERCIRCUIT_LAST_SWITCH_NS]	=
				ERC_NETLINK_READ_ONLY("last_switch_ns"),
	[IFLA_ERCIRCUIT_SWITCH]		= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_MAX + 1 ... ERC_NETLINK_MAX] = ERC_NETLINK_UNKNOWN,
};

static const struct nla_policy
erc_netlink_leg_policy[ERC_NETLINK_SLAVE_MAX + 1] = {
	[IFLA_ERCIRCUIT_LEG_UNSPEC]	= ERC_NETLINK_UNKNOWN,
	[IFLA_ERCIRCUIT_LEG_PAD]	= ERC_NETLINK_UNKNOWN,
	[IFLA_ERCIRCUIT_LEG_IFINDEX]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_LEG_VIA4]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_LEG_VIA6]	=
				NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IFLA_ERCIRCUIT_LEG_NOVIA]	= { .type = NLA_FLAG },
	[IFLA_ERCIRCUIT_LEG_NEIGH]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_SLOT]	= ERC_NETLINK_READ_ONLY("slot"),
	[IFLA_ERCIRCUIT_LEG_STATE]	= ERC_NETLINK_READ_ONLY("state"),
	[IFLA_ERCIRCUIT_LEG_REASON]	= ERC_NETLINK_READ_ONLY("reason"),
	[IFLA_ERCIRCUIT_LEG_DRAIN]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_FAULT]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_BFD]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_BFD_TX]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_LEG_BFD_RX]	= { .type = NLA_U32 },
	[IFLA_ERCIRCUIT_LEG_BFD_MULT]	= { .type = NLA_U8 },
	[IFLA_ERCIRCUIT_LEG_BFD_STATE]	= ERC_NETLINK_READ_ONLY("bfd_state"),
	[IFLA_ERCIRCUIT_LEG_BFD_REMOTE_STATE] =
				ERC_NETLINK_READ_ONLY("bfd_remote_state"),
	[IFLA_ERCIRCUIT_LEG_BFD_DIAG]	= ERC_NETLINK_READ_ONLY("bfd_diag"),
	[IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DIAG] =
				ERC_NETLINK_READ_ONLY("bfd_remote_diag"),
	[IFLA_ERCIRCUIT_LEG_BFD_DISCR]	= ERC_NETLINK_READ_ONLY("bfd_discr"),
	[IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DISCR] =
				ERC_NETLINK_READ_ONLY("bfd_remote_discr"),
	[IFLA_ERCIRCUIT_LEG_BFD_INTERVAL] =
				ERC_NETLINK_READ_ONLY("bfd_interval"),
	[IFLA_ERCIRCUIT_LEG_BFD_DETECTION] =
				ERC_NETLINK_READ_ONLY("bfd_detection"),
	[IFLA_ERCIRCUIT_LEG_MAX + 1 ... ERC_NETLINK_SLAVE_MAX] =
				ERC_NETLINK_UNKNOWN,
};

/**
 * struct erc_netlink_request - a request, laid over what is set now
 * @config: what shall be set
 * @check: slots whose device and next hops have to be checked, bit n = slot n
 */
struct erc_netlink_request {
	struct erc_config config;
	u8 check;
};

static int erc_netlink_refuse(struct nlattr *attr, const char *why,
			      struct netlink_ext_ack *extack)
{
	/* A constant in all but type: extack keeps the pointer. */
	NL_SET_BAD_ATTR(extack, attr);
	if (extack)
		extack->_msg = why;
	return -EINVAL;
}

static int erc_netlink_parse_u8(struct nlattr *attr, u8 limit, u8 *to,
				const char *why,
				struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_get_u8(attr) >= limit)
		return erc_netlink_refuse(attr, why, extack);
	*to = nla_get_u8(attr);
	return 0;
}

static int erc_netlink_parse_ms(struct nlattr *attr, u32 max, u64 *ns,
				const char *why,
				struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_get_u32(attr) > max)
		return erc_netlink_refuse(attr, why, extack);
	*ns = nla_get_u32(attr) * (u64)NSEC_PER_MSEC;
	return 0;
}

static int erc_netlink_parse_us(struct nlattr *attr, u32 *us, const char *why,
				struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_get_u32(attr) < ERCIRCUIT_BFD_MIN_US ||
	    nla_get_u32(attr) > ERCIRCUIT_BFD_MAX_US)
		return erc_netlink_refuse(attr, why, extack);
	*us = nla_get_u32(attr);
	return 0;
}

static int erc_netlink_parse_bfd(struct nlattr *tb[],
				 struct erc_leg_config *leg,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *mult = tb[IFLA_ERCIRCUIT_LEG_BFD_MULT];
	u8 bfd = leg->bfd;
	int err;

	err = erc_netlink_parse_u8(tb[IFLA_ERCIRCUIT_LEG_BFD], 2, &bfd,
				   "bfd is on (1) or off (0)", extack) ?:
	      erc_netlink_parse_us(tb[IFLA_ERCIRCUIT_LEG_BFD_TX],
				   &leg->session.tx_us,
				   "bfd-tx is 1 ms to 60 s", extack) ?:
	      erc_netlink_parse_us(tb[IFLA_ERCIRCUIT_LEG_BFD_RX],
				   &leg->session.rx_us,
				   "bfd-rx is 1 ms to 60 s", extack);
	leg->bfd = bfd;
	if (err || !mult)
		return err;
	leg->session.mult = nla_get_u8(mult);
	if (!leg->session.mult)
		return erc_netlink_refuse(mult, "bfd-mult is 1 to 255", extack);
	return 0;
}

/* What INFO_SLAVE_DATA and the nests of INFO_DATA have in common. */
static int erc_netlink_parse_leg_options(struct nlattr *tb[], int slot,
					 struct erc_netlink_request *req,
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
			return erc_netlink_refuse(tb[IFLA_ERCIRCUIT_LEG_VIA4],
						  "via is not a unicast IPv4 address",
						  extack);
		req->check |= BIT(slot);
	}
	if (tb[IFLA_ERCIRCUIT_LEG_VIA6]) {
		leg->via6 = nla_get_in6_addr(tb[IFLA_ERCIRCUIT_LEG_VIA6]);
		if (ipv6_addr_any(&leg->via6))
			return erc_netlink_refuse(tb[IFLA_ERCIRCUIT_LEG_VIA6],
						  "via is not a unicast IPv6 address",
						  extack);
		req->check |= BIT(slot);
	}
	err = erc_netlink_parse_u8(tb[IFLA_ERCIRCUIT_LEG_NEIGH], 2, &neigh,
				   "neigh is on (1) or off (0)", extack) ?:
	      erc_netlink_parse_u8(tb[IFLA_ERCIRCUIT_LEG_DRAIN], 2, &drain,
				   "drain is on (1) or off (0)", extack) ?:
	      erc_netlink_parse_u8(tb[IFLA_ERCIRCUIT_LEG_FAULT],
				   ERCIRCUIT_FAULTS, &leg->fault,
				   "fault is none, blackhole, tx, rx or down",
				   extack) ?:
	      erc_netlink_parse_bfd(tb, leg, extack);
	leg->neigh = neigh;
	leg->drain = drain;
	return err;
}

static int erc_netlink_parse_dev(struct nlattr *attr, struct net *net,
				 int slot, struct erc_netlink_request *req,
				 struct netlink_ext_ack *extack)
{
	struct net_device **dev = &req->config.devs[slot];
	int ifindex = nla_get_u32(attr);

	*dev = NULL;
	if (!ifindex)
		return 0;
	*dev = __dev_get_by_index(net, ifindex);
	if (!*dev) {
		erc_netlink_refuse(attr,
				   "The leg's device is not in this network namespace",
				   extack);
		return -ENODEV;
	}
	req->check |= BIT(slot);
	return 0;
}

static int erc_netlink_parse_leg(struct nlattr *nest, struct net *net, int slot,
				 struct erc_netlink_request *req,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ERC_NETLINK_SLAVE_MAX + 1];
	int err;

	if (!nest)
		return 0;
	err = __nla_parse(tb, ERC_NETLINK_SLAVE_MAX, nla_data(nest),
			  nla_len(nest), erc_netlink_leg_policy,
			  NL_VALIDATE_TRAILING | NL_VALIDATE_MAXTYPE, extack);
	if (err)
		return err;
	if (tb[IFLA_ERCIRCUIT_LEG_IFINDEX]) {
		err = erc_netlink_parse_dev(tb[IFLA_ERCIRCUIT_LEG_IFINDEX],
					    net, slot, req, extack);
		if (err)
			return err;
	}
	return erc_netlink_parse_leg_options(tb, slot, req, extack);
}

static int erc_netlink_parse(struct nlattr *data[], struct net *net,
			     struct erc_netlink_request *req,
			     struct netlink_ext_ack *extack)
{
	struct erc_protect_config *p = &req->config.protect;
	u8 revertive = p->revertive;
	int err;

	err = erc_netlink_parse_u8(data[IFLA_ERCIRCUIT_MODE], ERCIRCUIT_MODES,
				   &p->mode,
				   "mode is active-backup or active-active",
				   extack) ?:
	      erc_netlink_parse_u8(data[IFLA_ERCIRCUIT_HASH], ERCIRCUIT_HASHES,
				   &req->config.hash, "hash is l3 or l3l4",
				   extack) ?:
	      erc_netlink_parse_u8(data[IFLA_ERCIRCUIT_REVERTIVE], 2,
				   &revertive,
				   "revertive is on (1) or off (0)", extack) ?:
	      erc_netlink_parse_ms(data[IFLA_ERCIRCUIT_WTR],
				   ERCIRCUIT_WTR_MAX_MS, &p->wtr_ns,
				   "wtr is at most 720 s", extack) ?:
	      erc_netlink_parse_ms(data[IFLA_ERCIRCUIT_HOLD_OFF],
				   ERCIRCUIT_HOLD_OFF_MAX_MS, &p->hold_off_ns,
				   "hold-off is at most 10 s", extack) ?:
	      erc_netlink_parse_u8(data[IFLA_ERCIRCUIT_SWITCH],
				   ERCIRCUIT_SWITCHES, &req->config.command,
				   "switch is lockout, forced, manual-primary, manual-secondary, exercise or clear",
				   extack) ?:
	      erc_netlink_parse_leg(data[IFLA_ERCIRCUIT_PRIMARY], net,
				    ERCIRCUIT_PRIMARY, req, extack) ?:
	      erc_netlink_parse_leg(data[IFLA_ERCIRCUIT_SECONDARY], net,
				    ERCIRCUIT_SECONDARY, req, extack);
	p->revertive = revertive;
	return err;
}

/* The circuit need not be registered yet: nothing is told of a refused one. */
static int erc_netlink_check(struct erc_circuit *c,
			     const struct erc_netlink_request *req,
			     struct netlink_ext_ack *extack)
{
	const struct erc_config *config = &req->config;
	struct net_device *const *devs = config->devs;
	int slot, err;

	if (devs[ERCIRCUIT_PRIMARY] &&
	    devs[ERCIRCUIT_PRIMARY] == devs[ERCIRCUIT_SECONDARY]) {
		NL_SET_ERR_MSG(extack, "primary and secondary are the same device");
		return -EINVAL;
	}
	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		if (config->leg[slot].bfd &&
		    !erc_leg_numbered(&config->leg[slot])) {
			NL_SET_ERR_MSG(extack,
				       "bfd needs a next hop to talk to: set via");
			return -EINVAL;
		}
		if (!devs[slot] || !(req->check & BIT(slot)))
			continue;
		err = erc_leg_admit(c, devs[slot], extack) ?:
		      erc_leg_check_via(devs[slot], &config->leg[slot], extack);
		if (err)
			return err;
	}
	return 0;
}

static int erc_netlink_check_mtu(const struct erc_circuit *c,
				 const struct erc_config *config,
				 struct netlink_ext_ack *extack)
{
	int slot;

	for (slot = 0; slot < ERCIRCUIT_SLOTS; slot++) {
		const struct net_device *dev = config->devs[slot];

		if (dev && c->mtu_wanted > dev->mtu) {
			NL_SET_ERR_MSG(extack, "mtu is larger than a leg's");
			return -EINVAL;
		}
	}
	return 0;
}

static int erc_netlink_validate(struct nlattr *tb[], struct nlattr *data[],
				struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS])
		return erc_netlink_refuse(tb[IFLA_ADDRESS],
					  "A circuit has no link address",
					  extack);
	return 0;
}

static int erc_netlink_changelink(struct net_device *dev, struct nlattr *tb[],
				  struct nlattr *data[],
				  struct netlink_ext_ack *extack)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_netlink_request req = {};
	int err;

	if (!data)
		return 0;
	erc_circuit_get_config(c, &req.config);
	err = erc_netlink_parse(data, dev_net(dev), &req, extack) ?:
	      erc_netlink_check(c, &req, extack);
	return err ?: erc_circuit_configure(c, &req.config, extack);
}

static int erc_netlink_newlink_compat(struct net *net, struct net_device *dev,
				      struct nlattr *tb[],
				      struct nlattr *data[],
				      struct netlink_ext_ack *extack)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_netlink_request req = {};
	int err = 0;

	c->mtu_wanted = tb[IFLA_MTU] ? dev->mtu : 0;
	erc_circuit_get_config(c, &req.config);
	if (data)
		err = erc_netlink_parse(data, net, &req, extack);
	err = err ?: erc_netlink_check(c, &req, extack) ?:
	      erc_netlink_check_mtu(c, &req.config, extack) ?:
	      register_netdevice(dev);
	if (err)
		return err;
	err = erc_sysfs_add(c) ?:
	      erc_circuit_configure(c, &req.config, extack);
	if (err)
		unregister_netdevice(dev);
	return err;
}

ERC_COMPAT_NEWLINK(erc_netlink_newlink)

static int erc_netlink_slave_changelink(struct net_device *dev,
					struct net_device *lower,
					struct nlattr *tb[],
					struct nlattr *data[],
					struct netlink_ext_ack *extack)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_netlink_request req = {};
	int err;

	if (!data)
		return 0;
	if (data[IFLA_ERCIRCUIT_LEG_IFINDEX])
		return erc_netlink_refuse(data[IFLA_ERCIRCUIT_LEG_IFINDEX],
					  "ifindex belongs to the circuit, not to a leg",
					  extack);
	erc_circuit_get_config(c, &req.config);
	err = erc_netlink_parse_leg_options(data, erc_leg_slot(c, lower), &req,
					    extack) ?:
	      erc_netlink_check(c, &req, extack);
	return err ?: erc_circuit_configure(c, &req.config, extack);
}

static size_t erc_netlink_bfd_size(void)
{
	return nla_total_size(sizeof(u8)) +		/* BFD */
	       nla_total_size(sizeof(u32)) +		/* BFD_TX */
	       nla_total_size(sizeof(u32)) +		/* BFD_RX */
	       nla_total_size(sizeof(u8)) +		/* BFD_MULT */
	       nla_total_size(sizeof(u8)) +		/* BFD_STATE */
	       nla_total_size(sizeof(u8)) +		/* BFD_REMOTE_STATE */
	       nla_total_size(sizeof(u8)) +		/* BFD_DIAG */
	       nla_total_size(sizeof(u8)) +		/* BFD_REMOTE_DIAG */
	       nla_total_size(sizeof(u32)) +		/* BFD_DISCR */
	       nla_total_size(sizeof(u32)) +		/* BFD_REMOTE_DISCR */
	       nla_total_size(sizeof(u32)) +		/* BFD_INTERVAL */
	       nla_total_size_64bit(sizeof(u64));	/* BFD_DETECTION */
}

static size_t erc_netlink_leg_size(void)
{
	return nla_total_size(sizeof(u32)) +		/* IFINDEX */
	       nla_total_size(sizeof(__be32)) +		/* VIA4 */
	       nla_total_size(sizeof(struct in6_addr)) + /* VIA6 */
	       nla_total_size(sizeof(u8)) +		/* NEIGH */
	       nla_total_size(sizeof(u8)) +		/* SLOT */
	       nla_total_size(sizeof(u8)) +		/* STATE */
	       nla_total_size(sizeof(u8)) +		/* REASON */
	       nla_total_size(sizeof(u8)) +		/* DRAIN */
	       nla_total_size(sizeof(u8)) +		/* FAULT */
	       erc_netlink_bfd_size();
}

static size_t erc_netlink_size(const struct net_device *dev)
{
	return 2 * nla_total_size(erc_netlink_leg_size()) + /* legs */
	       nla_total_size(sizeof(u8)) +		/* MODE */
	       nla_total_size(sizeof(u8)) +		/* HASH */
	       nla_total_size(sizeof(u8)) +		/* REVERTIVE */
	       nla_total_size(sizeof(u32)) +		/* WTR */
	       nla_total_size(sizeof(u32)) +		/* HOLD_OFF */
	       nla_total_size(sizeof(u8)) +		/* ACTIVE */
	       nla_total_size(sizeof(u8)) +		/* REQUEST */
	       nla_total_size(sizeof(u8)) +		/* LAST_SWITCH_REASON */
	       nla_total_size_64bit(sizeof(u64));	/* LAST_SWITCH_NS */
}

static size_t erc_netlink_slave_size(const struct net_device *dev,
				     const struct net_device *lower)
{
	return erc_netlink_leg_size();
}

static int erc_netlink_fill_session(struct sk_buff *skb,
				    const struct erc_bfd *s)
{
	if (nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_BFD_STATE, s->state) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_BFD_REMOTE_STATE,
		       s->remote.state) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_BFD_DIAG, s->diag) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DIAG,
		       s->remote.diag) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_LEG_BFD_DISCR, s->discr) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_LEG_BFD_REMOTE_DISCR,
			s->remote.discr) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_LEG_BFD_INTERVAL,
			erc_bfd_interval_us(s)) ||
	    nla_put_u64_64bit(skb, IFLA_ERCIRCUIT_LEG_BFD_DETECTION,
			      erc_bfd_detection_us(s),
			      IFLA_ERCIRCUIT_LEG_PAD))
		return -EMSGSIZE;
	return 0;
}

static int erc_netlink_fill_bfd(struct sk_buff *skb, struct erc_circuit *c,
				const struct erc_leg *leg)
{
	const struct erc_leg_config *config = &leg->config;
	struct erc_bfd s;
	bool on;

	spin_lock_bh(&c->lock);
	on = leg->session.on;
	s = leg->session.s;
	spin_unlock_bh(&c->lock);
	if (nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_BFD, config->bfd) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_LEG_BFD_TX,
			config->session.tx_us) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_LEG_BFD_RX,
			config->session.rx_us) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_BFD_MULT, config->session.mult))
		return -EMSGSIZE;
	return on ? erc_netlink_fill_session(skb, &s) : 0;
}

static int erc_netlink_fill_leg(struct sk_buff *skb, struct erc_circuit *c,
				int slot)
{
	const struct erc_leg *leg = &c->leg[slot];
	const struct net_device *dev = erc_leg_dev_rtnl(leg);
	u8 reason, state = erc_protection_leg_state(c, slot, &reason);

	if (nla_put_u32(skb, IFLA_ERCIRCUIT_LEG_IFINDEX,
			dev ? dev->ifindex : 0) ||
	    (leg->config.via4 &&
	     nla_put_in_addr(skb, IFLA_ERCIRCUIT_LEG_VIA4,
			     leg->config.via4)) ||
	    (!ipv6_addr_any(&leg->config.via6) &&
	     nla_put_in6_addr(skb, IFLA_ERCIRCUIT_LEG_VIA6,
			      &leg->config.via6)) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_NEIGH, leg->config.neigh) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_SLOT, slot) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_STATE, state) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_REASON, reason) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_DRAIN, leg->config.drain) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_FAULT, leg->config.fault))
		return -EMSGSIZE;
	return erc_netlink_fill_bfd(skb, c, leg);
}

static int erc_netlink_fill_nest(struct sk_buff *skb, struct erc_circuit *c,
				 int type, int slot)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest || erc_netlink_fill_leg(skb, c, slot))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int erc_netlink_fill(struct sk_buff *skb, const struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);
	const struct erc_protect_config *p = &c->protect.config;
	u8 active, request, reason;
	u64 when;

	spin_lock_bh(&c->lock);
	active = c->protect.active;
	request = c->protect.request;
	reason = c->last_switch_reason;
	when = c->last_switch_ns;
	spin_unlock_bh(&c->lock);

	if (erc_netlink_fill_nest(skb, c, IFLA_ERCIRCUIT_PRIMARY,
				  ERCIRCUIT_PRIMARY) ||
	    erc_netlink_fill_nest(skb, c, IFLA_ERCIRCUIT_SECONDARY,
				  ERCIRCUIT_SECONDARY) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_MODE, p->mode) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_HASH, c->hash) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_REVERTIVE, p->revertive) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_WTR,
			div_u64(p->wtr_ns, NSEC_PER_MSEC)) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_HOLD_OFF,
			div_u64(p->hold_off_ns, NSEC_PER_MSEC)) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_ACTIVE, active) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_REQUEST, request) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LAST_SWITCH_REASON, reason) ||
	    nla_put_u64_64bit(skb, IFLA_ERCIRCUIT_LAST_SWITCH_NS, when,
			      IFLA_ERCIRCUIT_PAD))
		return -EMSGSIZE;
	return 0;
}

static int erc_netlink_fill_slave(struct sk_buff *skb,
				  const struct net_device *dev,
				  const struct net_device *lower)
{
	struct erc_circuit *c = netdev_priv(dev);

	return erc_netlink_fill_leg(skb, c, erc_leg_slot(c, lower));
}

static size_t erc_netlink_xstats_size(const struct net_device *dev, int attr)
{
	const size_t legs = ERCIRCUIT_SLOTS * ERCIRCUIT_LEG_COUNTER_MAX;

	if (attr != IFLA_STATS_LINK_XSTATS)
		return 0;
	return nla_total_size(0) +			/* ERCIRCUIT_XSTATS */
	       3 * nla_total_size(0) +			/* nests */
	       (legs + ERCIRCUIT_COUNTER_MAX) *
	       nla_total_size_64bit(sizeof(u64)) +	/* counters */
	       nla_total_size(ERCIRCUIT_LOG_ENTRIES *
			      sizeof(struct ercircuit_log_entry)); /* LOG */
}

static int erc_netlink_fill_counters(struct sk_buff *skb, int type,
				     const u64 *counters, int n)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < n; i++)
		if (nla_put_u64_64bit(skb, i + 1, counters[i], 0))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int erc_netlink_fill_log(struct sk_buff *skb, struct erc_circuit *c)
{
	struct ercircuit_log_entry *to;
	struct nlattr *attr;
	unsigned int n;

	attr = nla_reserve(skb, ERCIRCUIT_XSTATS_LOG,
			   ERCIRCUIT_LOG_ENTRIES * sizeof(*to));
	if (!attr)
		return -EMSGSIZE;
	to = nla_data(attr);
	spin_lock_bh(&c->lock);
	n = erc_log_copy(&c->log, to);
	spin_unlock_bh(&c->lock);
	attr->nla_len = nla_attr_size(n * sizeof(*to));
	skb_trim(skb, (u8 *)to + n * sizeof(*to) - skb->data);
	return 0;
}

static int erc_netlink_fill_xstats(struct sk_buff *skb,
				   const struct net_device *dev, int *prividx,
				   int attr)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_counters sum;
	struct nlattr *nest;

	if (attr != IFLA_STATS_LINK_XSTATS)
		return 0;
	nest = nla_nest_start(skb, ERCIRCUIT_XSTATS);
	if (!nest)
		return -EMSGSIZE;
	erc_counter_read(c, &sum);
	if (erc_netlink_fill_counters(skb, ERCIRCUIT_XSTATS_PRIMARY,
				      sum.leg[ERCIRCUIT_PRIMARY],
				      ERCIRCUIT_LEG_COUNTER_MAX) ||
	    erc_netlink_fill_counters(skb, ERCIRCUIT_XSTATS_SECONDARY,
				      sum.leg[ERCIRCUIT_SECONDARY],
				      ERCIRCUIT_LEG_COUNTER_MAX) ||
	    erc_netlink_fill_counters(skb, ERCIRCUIT_XSTATS_CIRCUIT,
				      sum.circuit, ERCIRCUIT_COUNTER_MAX) ||
	    erc_netlink_fill_log(skb, c)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

struct rtnl_link_ops erc_netlink_ops = {
	.kind			= ERC_NAME,
	.priv_size		= sizeof(struct erc_circuit),
	.setup			= erc_circuit_setup,
	.maxtype		= ERC_NETLINK_MAX,
	.policy			= erc_netlink_policy,
	.validate		= erc_netlink_validate,
	.newlink		= erc_netlink_newlink,
	.changelink		= erc_netlink_changelink,
	.get_size		= erc_netlink_size,
	.fill_info		= erc_netlink_fill,
	.slave_maxtype		= ERC_NETLINK_SLAVE_MAX,
	.slave_policy		= erc_netlink_leg_policy,
	.slave_changelink	= erc_netlink_slave_changelink,
	.get_slave_size		= erc_netlink_slave_size,
	.fill_slave_info	= erc_netlink_fill_slave,
	.get_linkxstats_size	= erc_netlink_xstats_size,
	.fill_linkxstats	= erc_netlink_fill_xstats,
};
