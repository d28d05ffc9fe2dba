// SPDX-License-Identifier: GPL-2.0
/* Loads and unloads the module: the order of registrations. */
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <net/addrconf.h>
#include <net/netevent.h>

#include "event.h"
#include "farewell.h"
#include "netlink.h"
#include "nexthop.h"
#include "protection.h"
#include "underlay.h"

static int __init erc_main_init(void)
{
	int err;

	erc_protection_wq = alloc_workqueue(ERC_NAME,
					    WQ_UNBOUND | WQ_HIGHPRI, 0);
	if (!erc_protection_wq)
		return -ENOMEM;
	err = register_netevent_notifier(&erc_nexthop_notifier);
	if (err)
		goto err_wq;
	err = register_netdevice_notifier(&erc_event_notifier);
	if (err)
		goto err_netevent;
	err = register_inetaddr_notifier(&erc_underlay_notifier4);
	if (err)
		goto err_netdevice;
	err = register_inet6addr_notifier(&erc_underlay_notifier6);
	if (err)
		goto err_inetaddr;
	err = rtnl_link_register(&erc_netlink_ops);
	if (err)
		goto err_inet6addr;
	return 0;

err_inet6addr:
	unregister_inet6addr_notifier(&erc_underlay_notifier6);
err_inetaddr:
	unregister_inetaddr_notifier(&erc_underlay_notifier4);
err_netdevice:
	unregister_netdevice_notifier(&erc_event_notifier);
err_netevent:
	unregister_netevent_notifier(&erc_nexthop_notifier);
err_wq:
	destroy_workqueue(erc_protection_wq);
	return err;
}

static void __exit erc_main_exit(void)
{
	rtnl_link_unregister(&erc_netlink_ops);
	unregister_inet6addr_notifier(&erc_underlay_notifier6);
	unregister_inetaddr_notifier(&erc_underlay_notifier4);
	erc_farewell_forget(NULL);
	unregister_netdevice_notifier(&erc_event_notifier);
	unregister_netevent_notifier(&erc_nexthop_notifier);
	destroy_workqueue(erc_protection_wq);
	/* Wait for erc_reach_free_rcu(), which is code of this module. */
	rcu_barrier();
}

module_init(erc_main_init);
module_exit(erc_main_exit);

MODULE_DESCRIPTION("Dedicated circuit over two legs");
MODULE_AUTHOR("The ercircuit authors");
MODULE_VERSION(ERC_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK(ERC_NAME);
