// SPDX-License-Identifier: GPL-2.0
/*
 * The neighbour entries on a circuit. They resolve nothing: their output
 * function is the short path of xmit.c.
 *
 * A point-to-point device has one IPv4 entry, but an IPv6 entry for each
 * destination, and all devices of the machine share the table. So the circuits
 * keep within a share of it: when they have used it up, the next entry first
 * removes their entries without a further reference. A packet that has just found
 * such an entry still leaves by it, and the next packet makes a new entry.
 */
#include <linux/socket.h>

#include "ercircuit.h"
#include "neighbour.h"
#include "xmit.h"

/* All circuits together may use this part of gc_thresh3 (1024). A removal looks
 * at the whole table, which is no longer than gc_thresh3: the part also bounds
 * how much of that work each new entry costs.
 */
#define ERC_NEIGHBOUR_SHARE	8

static const struct neigh_ops erc_neighbour_ops4 = {
	.family			= AF_INET,
	.output			= erc_xmit_neigh_output,
	.connected_output	= erc_xmit_neigh_output,
};

static const struct neigh_ops erc_neighbour_ops6 = {
	.family			= AF_INET6,
	.output			= erc_xmit_neigh_output,
	.connected_output	= erc_xmit_neigh_output,
};

/* IPv6 entries of all circuits */
static atomic_t erc_neighbour_count;

/* As many were left after the last removal: the user's, and those in use.
 * Written under neigh_table.lock.
 */
static int erc_neighbour_left;

static bool erc_neighbour_exceeds(const struct neigh_table *table, int count)
{
	int share = READ_ONCE(table->gc_thresh3) / ERC_NEIGHBOUR_SHARE;

	return count > READ_ONCE(erc_neighbour_left) + max(share, 1);
}

/* Under neighbour.lock. Return: not 0 if the entry can be removed. */
static int erc_neighbour_match_unused(struct neighbour *n)
{
	/* The stack makes NOARP entries; a user or daemon makes the others. */
	return n->ops == &erc_neighbour_ops6 &&
	       !(n->nud_state & ~(NUD_NOARP | NUD_FAILED)) &&
	       !(n->flags & NTF_EXT_LEARNED) &&
	       refcount_read(&n->refcnt) == 1;
}

static void erc_neighbour_remove(struct neigh_table *table)
{
	erc_compat_neigh_table_lock(table);
	/* Another CPU may have been faster. */
	if (erc_neighbour_exceeds(table, atomic_read(&erc_neighbour_count))) {
		__neigh_for_each_release(table, erc_neighbour_match_unused);
		WRITE_ONCE(erc_neighbour_left,
			   atomic_read(&erc_neighbour_count));
	}
	erc_compat_neigh_table_unlock(table);
}

/* The table is not locked here: its own collector runs just before. */
int erc_neighbour_construct(struct net_device *dev, struct neighbour *n)
{
	n->output = erc_xmit_neigh_output;
	if (n->tbl->family == AF_INET) {
		n->ops = &erc_neighbour_ops4;
		return 0;
	}
	n->ops = &erc_neighbour_ops6;
	if (erc_neighbour_exceeds(n->tbl,
				  atomic_inc_return(&erc_neighbour_count)))
		erc_neighbour_remove(n->tbl);
	return 0;
}

/* Also called for an entry whose construction failed before it came to us. */
void erc_neighbour_destroy(struct net_device *dev, struct neighbour *n)
{
	if (n->ops == &erc_neighbour_ops6)
		atomic_dec(&erc_neighbour_count);
}
