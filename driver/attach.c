// SPDX-License-Identifier: GPL-2.0
/* Checks whether a device can become a leg, attaches it to a slot, and detaches
 * it.
 */
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>

#include "attach.h"
#include "bfd.h"
#include "ercircuit.h"
#include "leg.h"
#include "lookup.h"
#include "nexthop.h"
#include "receive.h"
#include "underlay.h"

/* The carrier is the only way for a circuit to show a failure to the circuit
 * above.
 */
static bool erc_attach_hides_failure(struct net_device *dev)
{
	const struct erc_circuit *lower = erc_lookup_circuit(dev);

	return lower && lower->fail != ERCIRCUIT_FAIL_OPEN;
}

/* Return: true for link types that carry IP packets between two ends. */
static bool erc_attach_is_ip_type(unsigned short type)
{
	switch (type) {
	case ARPHRD_ETHER:
	case ARPHRD_INFINIBAND:
	case ARPHRD_PPP:
	case ARPHRD_SLIP:
	case ARPHRD_CISCO:
	case ARPHRD_RAWHDLC:
	case ARPHRD_RAWIP:
	case ARPHRD_NONE:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		return true;
	default:
		return false;
	}
}

/* Devices with an Ethernet type that cannot be legs. Documentation/legs.rst has
 * the same list.
 */
static const struct {
	const char *kind;
	const char *why;
} erc_attach_unfit[] = {
	{ "ifb", "it hands up only what tc redirects to it" },
	{ "ipvlan", "it hands up only its own packets" },
	{ "ipvtap", "it hands up only its own packets" },
	{ "vrf", "it is a routing table" },
};

static int erc_attach_check_kind(const struct net_device *dev,
				 struct netlink_ext_ack *extack)
{
	int i;

	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "A loopback device cannot be a leg");
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(erc_attach_unfit); i++) {
		if (!erc_leg_is_kind(dev, erc_attach_unfit[i].kind))
			continue;
		NL_SET_ERR_MSG_FMT(extack, "The device (%s) cannot be a leg: %s",
				   erc_attach_unfit[i].kind,
				   erc_attach_unfit[i].why);
		return -EINVAL;
	}
	if (erc_attach_is_ip_type(dev->type))
		return 0;
	NL_SET_ERR_MSG_FMT(extack,
			   "The device (%s) cannot be a leg: it does not carry IP",
			   dev->rtnl_link_ops ? dev->rtnl_link_ops->kind :
						"link type not known");
	return -EINVAL;
}

int erc_attach_check(struct erc_circuit *c, struct net_device *dev,
		     struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (dev == c->dev) {
		NL_SET_ERR_MSG(extack, "A circuit cannot be its own leg");
		return -EINVAL;
	}
	if (erc_lookup_upper_rtnl(dev) == c)
		return 0;
	err = erc_attach_check_kind(dev, extack);
	if (err)
		return err;
	if (netdev_has_upper_dev(c->dev, dev)) {
		NL_SET_ERR_MSG(extack, "The leg runs over this circuit: a loop");
		return -ELOOP;
	}
	if (erc_attach_hides_failure(dev)) {
		NL_SET_ERR_MSG(extack,
			       "A circuit that is a leg must be seen to fail: set fail open on it");
		return -EINVAL;
	}
	if (netdev_master_upper_dev_get(dev)) {
		NL_SET_ERR_MSG(extack, "The leg already has a master");
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG(extack,
			       "The leg's packets already go to another driver (bridge, macvlan, ...)");
		return -EBUSY;
	}
	if (dev->lower_level + c->dev->upper_level > MAX_NEST_DEV) {
		NL_SET_ERR_MSG(extack,
			       "The stack of devices would be deeper than the kernel allows");
		return -EMLINK;
	}
	return 0;
}

static int erc_attach_update_wire(struct net_device *dev,
				  struct netdev_nested_priv *unused)
{
	struct erc_circuit *c = erc_lookup_upper_rtnl(dev);
	struct erc_leg *leg;
	bool wire;

	if (!c || !erc_leg_is_attached(c, dev))
		return 0;
	leg = &c->leg[erc_leg_slot(c, dev)];
	wire = erc_leg_is_wire(dev);
	spin_lock_bh(&c->lock);
	if (leg->wire != wire) {
		WRITE_ONCE(leg->wire, wire);
		erc_nexthop_publish_locked(c, leg - c->leg);
	}
	spin_unlock_bh(&c->lock);
	return 0;
}

void erc_attach_update_wires(struct net_device *dev)
{
	struct netdev_nested_priv unused = {};

	erc_attach_update_wire(dev, &unused);
	rcu_read_lock();
	netdev_walk_all_upper_dev_rcu(dev, erc_attach_update_wire, &unused);
	rcu_read_unlock();
}

/* Return: true for a host address of the subnet. In a /31 all addresses are host
 * addresses (RFC 3021).
 */
static bool erc_attach_is_host4(const struct in_ifaddr *ifa, __be32 via)
{
	__be32 host = via & ~ifa->ifa_mask;

	return ifa->ifa_prefixlen >= 31 ||
	       (host && host != ~ifa->ifa_mask);
}

static int erc_attach_refuse4(const struct in_ifaddr *ifa, const char *why,
			      struct netlink_ext_ack *extack)
{
	if (ifa)
		NL_SET_ERR_MSG_FMT(extack, "via is %s %pI4/%u", why,
				   &ifa->ifa_local, ifa->ifa_prefixlen);
	else
		NL_SET_ERR_MSG(extack,
			       "via is not on the leg's subnet: the leg has no IPv4 address");
	return -EINVAL;
}

static int erc_attach_check_via4(struct net_device *dev, __be32 via,
				 struct netlink_ext_ack *extack)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa, *near = NULL, *first = NULL;

	if (!via)
		return 0;
	if (ipv4_is_multicast(via) || ipv4_is_lbcast(via) ||
	    ipv4_is_loopback(via) || ipv4_is_zeronet(via)) {
		NL_SET_ERR_MSG(extack, "via is not a unicast IPv4 address");
		return -EINVAL;
	}
	if (!in_dev)
		return erc_attach_refuse4(NULL, NULL, extack);
	in_dev_for_each_ifa_rtnl(ifa, in_dev) {
		first = first ?: ifa;
		if (ifa->ifa_local == via)
			return erc_attach_refuse4(ifa, "the leg's own address",
						  extack);
		if (!near && inet_ifa_match(via, ifa))
			near = ifa;
	}
	if (!near)
		return erc_attach_refuse4(first, "not on the leg's subnet",
					  extack);
	if (!erc_attach_is_host4(near, via))
		return erc_attach_refuse4(near, "no host address in the leg's subnet",
					  extack);
	return 0;
}

/* Return: why the device cannot use IPv6, NULL if it can. */
static const char *erc_attach_why_no_ipv6(const struct net_device *dev)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);

	if (!IS_ENABLED(CONFIG_IPV6))
		return "via is IPv6, which this kernel was built without";
	if (!erc_compat_nd_table())
		return "via is IPv6, which is off: boot without ipv6.disable=1";
	if (!idev)
		return "via is IPv6, which the leg lacks: its mtu is below 1280";
	if (READ_ONCE(idev->cnf.disable_ipv6))
		return "via is IPv6, which is off on the leg: set its sysctl disable_ipv6=0";
	return NULL;
}

static int erc_attach_refuse6(const struct inet6_ifaddr *ifa,
			      struct netlink_ext_ack *extack)
{
	if (ifa)
		NL_SET_ERR_MSG_FMT(extack,
				   "via is not on the leg's subnet %pI6c/%u",
				   &ifa->addr, ifa->prefix_len);
	else
		NL_SET_ERR_MSG(extack,
			       "via is not on the leg's subnet: the leg has no global IPv6 address");
	return -EINVAL;
}

static int erc_attach_check_subnet6(const struct net_device *dev,
				    const struct in6_addr *via,
				    struct netlink_ext_ack *extack)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa, *first = NULL;

	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list,
				lockdep_rtnl_is_held()) {
		if (ipv6_prefix_equal(&ifa->addr, via, ifa->prefix_len))
			return 0;
		if (!first && !(ipv6_addr_type(&ifa->addr) & IPV6_ADDR_LINKLOCAL))
			first = ifa;
	}
	return erc_attach_refuse6(first, extack);
}

static int erc_attach_check_via6(struct net_device *dev,
				 const struct in6_addr *via,
				 struct netlink_ext_ack *extack)
{
	const char *lacks;

	if (ipv6_addr_any(via))
		return 0;
	if (ipv6_addr_is_multicast(via) || ipv6_addr_loopback(via) ||
	    ipv6_addr_v4mapped(via)) {
		NL_SET_ERR_MSG(extack, "via is not a unicast IPv6 address");
		return -EINVAL;
	}
	lacks = erc_attach_why_no_ipv6(dev);
	if (lacks) {
		NL_SET_ERR_MSG_FMT(extack, "%s", lacks);
		return -EOPNOTSUPP;
	}
	if (erc_underlay_has_address6(dev, via)) {
		NL_SET_ERR_MSG(extack, "via is the leg's own address");
		return -EINVAL;
	}
	if (ipv6_addr_type(via) & IPV6_ADDR_LINKLOCAL)
		return 0;
	return erc_attach_check_subnet6(dev, via, extack);
}

int erc_attach_check_via(struct net_device *dev,
			 const struct erc_leg_config *config,
			 struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	return erc_attach_check_via4(dev, config->via4, extack) ?:
	       erc_attach_check_via6(dev, &config->via6, extack);
}

int erc_attach_add(struct erc_circuit *c, int slot, struct net_device *dev,
		   struct netlink_ext_ack *extack)
{
	int err;

	err = netdev_master_upper_dev_link(dev, c->dev, NULL, NULL, extack);
	if (err)
		return err;
	err = netdev_rx_handler_register(dev, erc_receive, &c->leg[slot]);
	if (err) {
		NL_SET_ERR_MSG(extack, "The leg does not take a receive handler");
		netdev_upper_dev_unlink(dev, c->dev);
		return err;
	}
	/* A packet merged by LRO cannot be forwarded. */
	dev_disable_lro(dev);
	return 0;
}

void erc_attach_remove(struct erc_circuit *c, struct net_device *dev)
{
	netdev_rx_handler_unregister(dev);
	netdev_upper_dev_unlink(dev, c->dev);
}

void erc_attach_set(struct erc_circuit *c, int slot,
		    struct net_device *dev,
		    const struct erc_leg_config *config)
{
	struct erc_leg *leg = &c->leg[slot];
	u8 fault = leg->config.fault;

	lockdep_assert_held(&c->lock);
	erc_bfd_end_unless_kept(c, slot, dev, config);
	if (erc_leg_dev_rtnl(leg) != dev)
		leg->peer_mac = 0;
	if (!erc_leg_keeps_nexthops(leg, dev, config))
		erc_nexthop_forget(c, leg);
	rcu_assign_pointer(leg->dev, dev);
	WRITE_ONCE(leg->wire, dev && erc_leg_is_wire(dev));
	/* The device may have moved to the other slot. */
	if (dev)
		rcu_assign_pointer(dev->rx_handler_data, leg);
	leg->config = *config;
	if (config->fault != fault)
		erc_nexthop_publish_locked(c, slot);
}
