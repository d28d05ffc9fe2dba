/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only file that depends on kernel versions: one spelling for functions
 * that 6.1, 6.12 and 7.2 spell differently. Features are probed, here by macros
 * and headers and in Kbuild by compiling (ERC_HAVE_*). A version number is not
 * reliable, as stable trees contain back-ports.
 */
#ifndef _ERC_COMPAT_H
#define _ERC_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <net/rtnetlink.h>
#ifdef ERC_HAVE_HOTDATA
#include <net/hotdata.h>
#endif
#include <net/ipv6.h>
#include <net/ndisc.h>
#if defined(ERC_HAVE_NETDEV_LOCK)
#include <net/netdev_lock.h>
#endif

#ifndef ERC_IN_TREE
/* tools/packaging/kernel-patch leaves this part out. */

/* skb->tc_index contains the number of the receiving circuit, see reach.h. */
#ifndef CONFIG_NET_SCHED
#error "ercircuit needs a kernel with CONFIG_NET_SCHED"
#endif

/*
 * The driver calls the functions of a present kernel by their own names. In
 * older kernels these names stand for functions of this file.
 */

/* hrtimer_setup() replaced hrtimer_init(). */
#ifndef ERC_HAVE_HRTIMER_SETUP
static inline void
erc_compat_hrtimer_setup(struct hrtimer *timer,
			 enum hrtimer_restart (*function)(struct hrtimer *),
			 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}

#define hrtimer_setup erc_compat_hrtimer_setup
#endif

/* dev->lltx replaced the feature bit. */
static inline void erc_compat_set_lltx(struct net_device *dev)
{
#ifdef NETIF_F_LLTX
	dev->features |= NETIF_F_LLTX;
#else
	dev->lltx = true;
#endif
}

/* Formatted extack; in older kernels a message is a constant. */
#ifndef NL_SET_ERR_MSG_FMT
/* RTNL serialises the writers; a reader that races with the next refusal gets
 * the text of that one.
 */
extern char erc_compat_extack_text[128];
#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	ASSERT_RTNL();							\
	snprintf(erc_compat_extack_text, sizeof(erc_compat_extack_text), \
		 fmt, ##args);						\
	if (extack)							\
		(extack)->_msg = erc_compat_extack_text;		\
} while (0)
#define ERC_COMPAT_EXTACK_TEXT
#endif

/* newlink() takes its arguments in a struct; in older kernels one by one. */
#ifdef ERC_HAVE_NEWLINK_PARAMS
#define ERC_COMPAT_NEWLINK(...)
#define ERC_COMPAT_NEWLINK_OP(name) name
#else
struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

static inline struct net *
rtnl_newlink_link_net(struct rtnl_newlink_params *params)
{
	return params->src_net;
}

#define ERC_COMPAT_NEWLINK(name)					\
static int name##_compat(struct net *net, struct net_device *dev,	\
			 struct nlattr *tb[], struct nlattr *data[],	\
			 struct netlink_ext_ack *extack)		\
{									\
	struct rtnl_newlink_params params = {				\
		.src_net = net, .tb = tb, .data = data,			\
	};								\
									\
	return name(dev, &params, extack);				\
}

#define ERC_COMPAT_NEWLINK_OP(name) name##_compat
#endif

/* Does a packet socket listen on the device, or on all devices? */
#ifndef ERC_HAVE_NIT_ACTIVE_RCU
static inline bool erc_compat_nit_active(const struct net_device *dev)
{
#ifdef ERC_HAVE_HOTDATA
	const struct list_head *all, *own;

	/* Like dev_nit_active(), which is a function call. */
	all = data_race(net_hotdata.ptype_all.next); /* for a compare only */
	own = data_race(dev->ptype_all.next); /* likewise */
	return unlikely(all != &net_hotdata.ptype_all ||
			own != &dev->ptype_all);
#else
	return dev_nit_active((struct net_device *)dev);
#endif
}

#define dev_nit_active_rcu erc_compat_nit_active
#endif

/* Take neigh_table.lock for writing; it was a rwlock in older kernels. */
static inline void erc_compat_neigh_table_lock(struct neigh_table *table)
{
#ifdef ERC_HAVE_NEIGH_SPINLOCK
	spin_lock_bh(&table->lock);
#else
	write_lock_bh(&table->lock);
#endif
}

static inline void erc_compat_neigh_table_unlock(struct neigh_table *table)
{
#ifdef ERC_HAVE_NEIGH_SPINLOCK
	spin_unlock_bh(&table->lock);
#else
	write_unlock_bh(&table->lock);
#endif
}

#endif /* ERC_IN_TREE */

/* Not 0 if a tc or BPF program or an nftables chain is attached to the egress
 * of the device.
 */
static inline unsigned long erc_compat_egress(const struct net_device *dev)
{
	unsigned long any = 0;

#ifdef CONFIG_NET_XGRESS
	any |= data_race((__force unsigned long)dev->tcx_egress); /* 0 or not */
#elif defined(CONFIG_NET_EGRESS)
	any |= data_race((__force unsigned long)dev->miniq_egress); /* 0 or not */
#endif
#ifdef CONFIG_NETFILTER_EGRESS
	any |= data_race((__force unsigned long)dev->nf_hooks_egress); /* 0 or not */
#endif
	return any;
}

/* The IPv6 neighbour table; NULL if the kernel has no IPv6 or was booted with
 * ipv6.disable=1. In the latter case IPv6 is not initialised, and most of its
 * functions follow a NULL pointer.
 */
static inline struct neigh_table *erc_compat_nd_table(void)
{
#if !IS_ENABLED(CONFIG_IPV6)
	return NULL;
#elif defined(ERC_HAVE_IPV6_STUBS)
	return ipv6_stub->nd_tbl;
#else
	return ipv6_mod_enabled() ? &nd_tbl : NULL;
#endif
}

#endif /* _ERC_COMPAT_H */
