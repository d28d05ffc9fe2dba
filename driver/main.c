// SPDX-License-Identifier: GPL-2.0
/* Loads and unloads the module: the order of registrations. */
#include <linux/module.h>

#include "basics.h"
#include "event.h"
#include "netlink.h"
#include "schedule.h"

static int __init erc_main_init(void)
{
	int err;

	erc_schedule_wq = alloc_workqueue(ERC_NAME, WQ_UNBOUND | WQ_HIGHPRI, 0);
	if (!erc_schedule_wq)
		return -ENOMEM;
	err = erc_event_register();
	if (err)
		goto err_wq;
	err = rtnl_link_register(&erc_netlink_ops);
	if (err)
		goto err_event;
	return 0;

err_event:
	erc_event_unregister();
err_wq:
	destroy_workqueue(erc_schedule_wq);
	return err;
}

static void __exit erc_main_exit(void)
{
	rtnl_link_unregister(&erc_netlink_ops);
	erc_event_unregister();
	destroy_workqueue(erc_schedule_wq);
	/* Wait for erc_reach_free_rcu(), which is code of this module. */
	rcu_barrier();
}

module_init(erc_main_init);
module_exit(erc_main_exit);

MODULE_DESCRIPTION("Dedicated circuit over two legs");
MODULE_AUTHOR("The ercircuit authors");
#ifdef ERC_VERSION
MODULE_VERSION(ERC_VERSION);
#endif
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK(ERC_NAME);
