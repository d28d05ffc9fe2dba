// SPDX-License-Identifier: GPL-2.0
/*
 * The rtnetlink interface. request.c parses and checks the whole request, then
 * circuit.c applies it. Only attaching a new device and a command can fail
 * after the check: they come first and are undone.
 */
#include <net/ipv6.h>
#include <net/rtnetlink.h>

#include "circuit.h"
#include "contract.h"
#include "counter.h"
#include "ercircuit.h"
#include "event.h"
#include "late.h"
#include "leg.h"
#include "netlink.h"
#include "protection.h"
#include "reach.h"
#include "request.h"
#include "sysfs.h"
#include "tenant.h"

static int erc_netlink_validate(struct nlattr *tb[], struct nlattr *data[],
				struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS])
		return erc_request_refuse(tb[IFLA_ADDRESS],
					  "A circuit has no link address: leave the address out",
					  extack);
	return 0;
}

static int erc_netlink_changelink(struct net_device *dev, struct nlattr *tb[],
				  struct nlattr *data[],
				  struct netlink_ext_ack *extack)
{
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_request req = {};
	int err;

	if (!data)
		return 0;
	erc_circuit_get_config(c, &req.config);
	err = erc_request_parse(c, data, dev_net(dev), &req, extack) ?:
	      erc_request_check(c, &req, extack);
	return err ?: erc_circuit_configure(c, &req.config, extack);
}

static int erc_netlink_register(struct net_device *dev,
				struct netlink_ext_ack *extack)
{
	int err = register_netdevice(dev);

	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack,
			       "There are 32767 circuits on this host, and no more are possible: delete one with \"ip link del\"");
	return err;
}

static int erc_netlink_newlink(struct net_device *dev,
			       struct rtnl_newlink_params *params,
			       struct netlink_ext_ack *extack)
{
	struct net *net = rtnl_newlink_link_net(params);
	struct erc_circuit *c = netdev_priv(dev);
	struct erc_request req = {};
	int err = 0;

	c->limits.mtu_wanted = params->tb[IFLA_MTU] ? dev->mtu : 0;
	erc_circuit_get_config(c, &req.config);
	if (params->data)
		err = erc_request_parse(c, params->data, net, &req, extack);
	err = err ?: erc_request_check(c, &req, extack) ?:
	      erc_request_check_mtu(c, &req.config, extack) ?:
	      erc_netlink_register(dev, extack);
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
	struct erc_request req = {};
	int err;

	if (!data)
		return 0;
	if (data[IFLA_ERCIRCUIT_LEG_IFINDEX] || data[IFLA_ERCIRCUIT_LEG_NAME])
		return erc_request_refuse(data[IFLA_ERCIRCUIT_LEG_IFINDEX] ?:
					  data[IFLA_ERCIRCUIT_LEG_NAME],
					  "ifindex and name belong to the circuit: set primary or secondary there",
					  extack);
	erc_circuit_get_config(c, &req.config);
	err = erc_request_parse_leg_options(data, erc_leg_slot(c, lower), &req,
					    extack) ?:
	      erc_request_check(c, &req, extack);
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
	       nla_total_size(ALTIFNAMSIZ) +		/* NAME */
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

static size_t erc_netlink_terms_size(void)
{
	return nla_total_size_64bit(sizeof(u64)) +	/* BANDWIDTH */
	       nla_total_size(sizeof(u32)) +		/* BURST */
	       nla_total_size(sizeof(u8)) +		/* MODEL */
	       nla_total_size(sizeof(u8)) +		/* POLICE */
	       nla_total_size(sizeof(u32)) +		/* SLA */
	       nla_total_size(ERCIRCUIT_KEY_BYTES) +	/* KEY */
	       nla_total_size(sizeof(u8)) +		/* PROVIDER_STATE */
	       nla_total_size(sizeof(u8));		/* CIRCUIT_STATE */
}

static size_t erc_netlink_reach_size(void)
{
	return nla_total_size(0) +			/* REACH */
	       ERCIRCUIT_REACH_MAX * nla_total_size(sizeof(u32)); /* REACH_PEER */
}

static size_t erc_netlink_size(const struct net_device *dev)
{
	return 2 * nla_total_size(erc_netlink_leg_size()) + /* legs */
	       erc_netlink_terms_size() +
	       erc_netlink_reach_size() +
	       nla_total_size(sizeof(u8)) +		/* PEERING */
	       nla_total_size(sizeof(u8)) +		/* FAIL */
	       nla_total_size(sizeof(u8)) +		/* LATE */
	       nla_total_size(sizeof(u8)) +		/* MODE */
	       nla_total_size(sizeof(u8)) +		/* HASH */
	       nla_total_size(sizeof(u8)) +		/* REVERTIVE */
	       nla_total_size(sizeof(u32)) +		/* WTR */
	       nla_total_size(sizeof(u32)) +		/* HOLD_OFF */
	       nla_total_size(sizeof(u8)) +		/* ACTIVE */
	       nla_total_size(sizeof(u8)) +		/* REQUEST */
	       nla_total_size(sizeof(u8)) +		/* LAST_SWITCH_REASON */
	       nla_total_size_64bit(sizeof(u64)) +	/* LAST_SWITCH_NS */
	       nla_total_size_64bit(sizeof(u64));	/* LAST_SWITCH_TIME */
}

static size_t erc_netlink_slave_size(const struct net_device *dev,
				     const struct net_device *lower)
{
	return erc_netlink_leg_size();
}

static int erc_netlink_fill_session(struct sk_buff *skb,
				    const struct erc_bfd_fsm *s)
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
			erc_bfd_fsm_interval_us(s)) ||
	    nla_put_u64_64bit(skb, IFLA_ERCIRCUIT_LEG_BFD_DETECTION,
			      erc_bfd_fsm_detection_us(s),
			      IFLA_ERCIRCUIT_LEG_PAD))
		return -EMSGSIZE;
	return 0;
}

static int erc_netlink_fill_bfd(struct sk_buff *skb, struct erc_circuit *c,
				const struct erc_leg *leg)
{
	const struct erc_leg_config *config = &leg->config;
	struct erc_bfd_fsm s;
	bool on;

	spin_lock_bh(&c->lock);
	on = leg->session.running;
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

static int erc_netlink_fill_lower(struct sk_buff *skb,
				  const struct erc_leg *leg)
{
	const struct net_device *dev = erc_leg_dev_rtnl(leg);

	if (nla_put_u32(skb, IFLA_ERCIRCUIT_LEG_IFINDEX,
			dev ? dev->ifindex : 0) ||
	    (erc_late_waits(leg->circuit, leg - leg->circuit->leg) &&
	     nla_put_string(skb, IFLA_ERCIRCUIT_LEG_NAME, leg->config.name)) ||
	    (leg->config.via4 &&
	     nla_put_in_addr(skb, IFLA_ERCIRCUIT_LEG_VIA4,
			     leg->config.via4)) ||
	    (!ipv6_addr_any(&leg->config.via6) &&
	     nla_put_in6_addr(skb, IFLA_ERCIRCUIT_LEG_VIA6,
			      &leg->config.via6)))
		return -EMSGSIZE;
	return 0;
}

static int erc_netlink_fill_leg(struct sk_buff *skb, struct erc_circuit *c,
				int slot)
{
	const struct erc_leg *leg = &c->leg[slot];
	u8 reason, state = erc_protection_leg_state(c, slot, &reason);

	if (nla_put_u8(skb, IFLA_ERCIRCUIT_LEG_NEIGH, leg->config.neigh) ||
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

	if (!nest ||
	    (erc_tenant_can_see_slot(c, slot) &&
	     erc_netlink_fill_lower(skb, &c->leg[slot])) ||
	    erc_netlink_fill_leg(skb, c, slot))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int erc_netlink_fill_terms(struct sk_buff *skb,
				  const struct erc_circuit *c)
{
	struct erc_terms terms;

	erc_contract_get_terms(c, &terms);
	if (nla_put_u64_64bit(skb, IFLA_ERCIRCUIT_BANDWIDTH, terms.bandwidth,
			      IFLA_ERCIRCUIT_PAD) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_BURST, terms.burst_us) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_MODEL, terms.model) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_POLICE, terms.police) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_SLA, terms.sla_ppm))
		return -EMSGSIZE;
	if (!erc_terms_have_key(&terms))
		return 0;
	if (nla_put(skb, IFLA_ERCIRCUIT_KEY, sizeof(terms.key), terms.key) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_PROVIDER_STATE, terms.provider) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_CIRCUIT_STATE, terms.state))
		return -EMSGSIZE;
	return 0;
}

static int erc_netlink_fill_reach(struct sk_buff *skb,
				  const struct erc_circuit *c)
{
	struct nlattr *nest = nla_nest_start(skb, IFLA_ERCIRCUIT_REACH);
	struct net_device *peers[ERCIRCUIT_REACH_MAX];
	int i;

	if (!nest)
		return -EMSGSIZE;
	erc_reach_get(c, peers);
	for (i = 0; i < ERCIRCUIT_REACH_MAX && peers[i]; i++)
		if (nla_put_u32(skb, IFLA_ERCIRCUIT_REACH_PEER,
				peers[i]->ifindex))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int erc_netlink_fill(struct sk_buff *skb, const struct net_device *dev)
{
	struct erc_circuit *c = netdev_priv(dev);
	const struct erc_protection_config *p = &c->protect.config;
	u8 active, request, reason;
	u64 when, time;

	spin_lock_bh(&c->lock);
	active = c->protect.active;
	request = c->protect.request;
	reason = c->last_switch_reason;
	when = c->last_switch_ns;
	time = c->last_switch_time;
	spin_unlock_bh(&c->lock);

	if (erc_netlink_fill_nest(skb, c, IFLA_ERCIRCUIT_PRIMARY,
				  ERCIRCUIT_PRIMARY) ||
	    erc_netlink_fill_nest(skb, c, IFLA_ERCIRCUIT_SECONDARY,
				  ERCIRCUIT_SECONDARY) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_MODE, p->mode) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_HASH, c->hash) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_PEERING, c->peering) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_FAIL, c->fail) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LATE, c->late) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_REVERTIVE, p->revertive) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_WTR,
			div_u64(p->wtr_ns, NSEC_PER_MSEC)) ||
	    nla_put_u32(skb, IFLA_ERCIRCUIT_HOLD_OFF,
			div_u64(p->hold_off_ns, NSEC_PER_MSEC)) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_ACTIVE, active) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_REQUEST, request) ||
	    nla_put_u8(skb, IFLA_ERCIRCUIT_LAST_SWITCH_REASON, reason) ||
	    nla_put_u64_64bit(skb, IFLA_ERCIRCUIT_LAST_SWITCH_NS, when,
			      IFLA_ERCIRCUIT_PAD) ||
	    nla_put_u64_64bit(skb, IFLA_ERCIRCUIT_LAST_SWITCH_TIME, time,
			      IFLA_ERCIRCUIT_PAD))
		return -EMSGSIZE;
	return erc_netlink_fill_terms(skb, c) ?: erc_netlink_fill_reach(skb, c);
}

static int erc_netlink_fill_slave(struct sk_buff *skb,
				  const struct net_device *dev,
				  const struct net_device *lower)
{
	struct erc_circuit *c = netdev_priv(dev);
	int slot = erc_leg_slot(c, lower);

	return erc_netlink_fill_lower(skb, &c->leg[slot]) ?:
	       erc_netlink_fill_leg(skb, c, slot);
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
			      sizeof(struct ercircuit_log_entry)) + /* LOG */
	       nla_total_size(ERCIRCUIT_LOG_ENTRIES * sizeof(u64)) + /* LOG_TIMES */
	       nla_total_size(ERCIRCUIT_DAYS *
			      sizeof(struct ercircuit_day)) + /* DAYS */
	       nla_total_size(ERCIRCUIT_REACH_MAX *
			      sizeof(struct ercircuit_reach)); /* REACH */
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
	u64 times[ERCIRCUIT_LOG_ENTRIES];
	struct nlattr *attr;
	unsigned int n;

	attr = nla_reserve(skb, ERCIRCUIT_XSTATS_LOG,
			   ERCIRCUIT_LOG_ENTRIES * sizeof(*to));
	if (!attr)
		return -EMSGSIZE;
	to = nla_data(attr);
	spin_lock_bh(&c->lock);
	n = erc_transition_log_copy(&c->log, to, times);
	spin_unlock_bh(&c->lock);
	attr->nla_len = nla_attr_size(n * sizeof(*to));
	skb_trim(skb, (u8 *)to + n * sizeof(*to) - skb->data);
	return nla_put(skb, ERCIRCUIT_XSTATS_LOG_TIMES, n * sizeof(*times), times);
}

static int erc_netlink_fill_days(struct sk_buff *skb, struct erc_circuit *c)
{
	struct nlattr *attr;

	attr = nla_reserve(skb, ERCIRCUIT_XSTATS_DAYS,
			   ERCIRCUIT_DAYS * sizeof(struct ercircuit_day));
	if (!attr)
		return -EMSGSIZE;
	/* erc_counter_read() has brought the account up to date. */
	spin_lock_bh(&c->lock);
	erc_avail_account_days(&c->avail, nla_data(attr));
	spin_unlock_bh(&c->lock);
	return 0;
}

static int erc_netlink_fill_pairs(struct sk_buff *skb,
				  const struct erc_circuit *c)
{
	struct ercircuit_reach pairs[ERCIRCUIT_REACH_MAX];
	int i, n = 0;

	for (i = 0; i < ERCIRCUIT_REACH_MAX; i++)
		n += erc_reach_get_counters(c, i, &pairs[n]);
	return nla_put(skb, ERCIRCUIT_XSTATS_REACH, n * sizeof(*pairs), pairs);
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
	    erc_netlink_fill_log(skb, c) ||
	    erc_netlink_fill_days(skb, c) ||
	    erc_netlink_fill_pairs(skb, c)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

struct rtnl_link_ops erc_netlink_ops = {
	.kind			= ERC_NAME,
	.priv_size		= sizeof(struct erc_circuit),
	.setup			= erc_event_setup,
	.maxtype		= ERC_REQUEST_MAX,
	.policy			= erc_request_policy,
	.validate		= erc_netlink_validate,
	.newlink		= ERC_COMPAT_NEWLINK_OP(erc_netlink_newlink),
	.changelink		= erc_netlink_changelink,
	.get_size		= erc_netlink_size,
	.fill_info		= erc_netlink_fill,
	.slave_maxtype		= ERC_REQUEST_SLAVE_MAX,
	.slave_policy		= erc_request_leg_policy,
	.slave_changelink	= erc_netlink_slave_changelink,
	.get_slave_size		= erc_netlink_slave_size,
	.fill_slave_info	= erc_netlink_fill_slave,
	.get_linkxstats_size	= erc_netlink_xstats_size,
	.fill_linkxstats	= erc_netlink_fill_xstats,
};
