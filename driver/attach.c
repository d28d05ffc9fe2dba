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
#include "late.h"
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
	const char *advice;
} erc_attach_unfit[] = {
	{ "ifb", "gets only what tc redirects to it: use that device" },
	{ "ipvlan", "gets only its own packets: use its lower device" },
	{ "ipvtap", "gets only its own packets: use its lower device" },
	{ "vrf", "is a routing table: use an Ethernet device or a tunnel" },
};

static int erc_attach_check_kind(const struct net_device *dev,
				 struct netlink_ext_ack *extack)
{
	int i;

	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG_FMT(extack,
				   "leg %s is a loopback device: use another device",
				   netdev_name(dev));
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(erc_attach_unfit); i++) {
		if (!erc_leg_is_kind(dev, erc_attach_unfit[i].kind))
			continue;
		NL_SET_ERR_MSG_FMT(extack, "leg %s (%s) %s",
				   netdev_name(dev), erc_attach_unfit[i].kind,
				   erc_attach_unfit[i].advice);
		return -EINVAL;
	}
	if (erc_attach_is_ip_type(dev->type))
		return 0;
	NL_SET_ERR_MSG_FMT(extack,
			   "leg %s (%s) does not carry IP, as a leg must",
			   netdev_name(dev), dev->rtnl_link_ops ?
			   dev->rtnl_link_ops->kind : "unknown kind");
	return -EINVAL;
}

int erc_attach_check(struct erc_circuit *c, struct net_device *dev,
		     struct netlink_ext_ack *extack)
{
	struct net_device *master;
	int err;

	ASSERT_RTNL();
	if (dev == c->dev) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s cannot be its own leg: use another device",
				   netdev_name(dev));
		return -EINVAL;
	}
	if (erc_lookup_upper_rtnl(dev) == c)
		return 0;
	err = erc_attach_check_kind(dev, extack);
	if (err)
		return err;
	if (netdev_has_upper_dev(c->dev, dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "leg %s runs over %s, a loop: use another device",
				   netdev_name(dev), netdev_name(c->dev));
		return -ELOOP;
	}
	if (erc_attach_hides_failure(dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "leg %s needs fail open: ercircuit set %s fail open",
				   netdev_name(dev), netdev_name(dev));
		return -EINVAL;
	}
	master = netdev_master_upper_dev_get(dev);
	if (master) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is in %s: ip link set %s nomaster",
				   netdev_name(dev), netdev_name(master),
				   netdev_name(dev));
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "another driver takes %s's packets: remove it (macvlan, ...) first",
				   netdev_name(dev));
		return -EBUSY;
	}
	if (dev->lower_level + c->dev->upper_level > MAX_NEST_DEV) {
		NL_SET_ERR_MSG_FMT(extack,
				   "leg %s makes a stack of %u devices: the kernel allows %u",
				   netdev_name(dev),
				   dev->lower_level + c->dev->upper_level,
				   MAX_NEST_DEV);
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

static int erc_attach_refuse4(const struct net_device *dev, __be32 via,
			      const struct in_ifaddr *ifa, const char *why,
			      struct netlink_ext_ack *extack)
{
	if (ifa)
		NL_SET_ERR_MSG_FMT(extack, "via %pI4 %s %pI4/%u", &via, why,
				   &ifa->ifa_local, ifa->ifa_prefixlen);
	else
		NL_SET_ERR_MSG_FMT(extack,
				   "via %pI4: leg has no IPv4: ip addr add PREFIX dev %s",
				   &via, netdev_name(dev));
	return -EINVAL;
}

/* With @late the address on the subnet of the next hop may come later. */
static int erc_attach_check_via4(struct net_device *dev, __be32 via, bool late,
				 struct netlink_ext_ack *extack)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa, *near = NULL, *first = NULL;

	if (!via)
		return 0;
	if (ipv4_is_multicast(via) || ipv4_is_lbcast(via) ||
	    ipv4_is_loopback(via) || ipv4_is_zeronet(via)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "via %pI4 must be unicast: use the router's address",
				   &via);
		return -EINVAL;
	}
	if (!in_dev)
		return late ? 0 : erc_attach_refuse4(dev, via, NULL, NULL, extack);
	in_dev_for_each_ifa_rtnl(ifa, in_dev) {
		first = first ?: ifa;
		if (ifa->ifa_local == via)
			return erc_attach_refuse4(dev, via, ifa,
						  "must be the router's, not the leg's own",
						  extack);
		if (!near && inet_ifa_match(via, ifa))
			near = ifa;
	}
	if (!near)
		return late ? 0 :
		       erc_attach_refuse4(dev, via, first,
					  "must be on the leg's subnet", extack);
	if (!erc_attach_is_host4(near, via))
		return erc_attach_refuse4(dev, via, near,
					  "must be a host's address in the subnet",
					  extack);
	return 0;
}

/* Refuse a next hop if the device cannot use IPv6. */
static int erc_attach_check_ipv6(const struct net_device *dev,
				 struct netlink_ext_ack *extack)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);

	if (!IS_ENABLED(CONFIG_IPV6))
		NL_SET_ERR_MSG(extack,
			       "via is IPv6, which this kernel was built without: use IPv4");
	else if (!erc_compat_nd_table())
		NL_SET_ERR_MSG(extack,
			       "via is IPv6, which is off: boot without ipv6.disable=1");
	else if (!idev)
		NL_SET_ERR_MSG_FMT(extack,
				   "IPv6 via needs mtu 1280, not %u: ip link set %s mtu 1280",
				   READ_ONCE(dev->mtu), netdev_name(dev));
	else if (READ_ONCE(idev->cnf.disable_ipv6))
		NL_SET_ERR_MSG_FMT(extack,
				   "via: leg has IPv6 off: sysctl net/ipv6/conf/%s/disable_ipv6=0",
				   netdev_name(dev));
	else
		return 0;
	return -EOPNOTSUPP;
}

/* Two addresses can be longer than a message, so only the leg's is in it. */
static int erc_attach_refuse6(const struct net_device *dev,
			      const struct inet6_ifaddr *ifa,
			      struct netlink_ext_ack *extack)
{
	if (ifa)
		NL_SET_ERR_MSG_FMT(extack,
				   "via must be on the leg's subnet %pI6c/%u",
				   &ifa->addr, ifa->prefix_len);
	else
		NL_SET_ERR_MSG_FMT(extack,
				   "via: leg has no global IPv6: ip addr add PREFIX dev %s",
				   netdev_name(dev));
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
	return erc_attach_refuse6(dev, first, extack);
}

static int erc_attach_check_via6(struct net_device *dev,
				 const struct in6_addr *via, bool late,
				 struct netlink_ext_ack *extack)
{
	int err;

	if (ipv6_addr_any(via))
		return 0;
	if (ipv6_addr_is_multicast(via) || ipv6_addr_loopback(via) ||
	    ipv6_addr_v4mapped(via)) {
		NL_SET_ERR_MSG_FMT(extack, "via %pI6c must be unicast",
				   via);
		return -EINVAL;
	}
	err = late ? 0 : erc_attach_check_ipv6(dev, extack);
	if (err)
		return err;
	if (erc_underlay_has_address6(dev, via)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "via %pI6c must not be the leg's own",
				   via);
		return -EINVAL;
	}
	if (late || ipv6_addr_type(via) & IPV6_ADDR_LINKLOCAL)
		return 0;
	return erc_attach_check_subnet6(dev, via, extack);
}

int erc_attach_check_via(struct net_device *dev,
			 const struct erc_config *config, int slot,
			 struct netlink_ext_ack *extack)
{
	const struct erc_leg_config *leg = &config->leg[slot];

	ASSERT_RTNL();
	return erc_attach_check_via4(dev, leg->via4, config->late, extack) ?:
	       erc_attach_check_via6(dev, &leg->via6, config->late, extack);
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
		NL_SET_ERR_MSG(extack,
			       "The leg does not take a receive handler: use another device");
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
	erc_late_set_name(c, slot, dev);
	if (config->fault != fault)
		erc_nexthop_publish_locked(c, slot);
}
