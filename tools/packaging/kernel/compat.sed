# SPDX-License-Identifier: GPL-2.0
#
# A kernel needs no compatibility with others: its own words instead of those of
# driver/compat.h, from which unifdef has removed the code for other kernels.  The two
# helpers that remain, and the file, get the name "kernel", as long as "compat", so
# that alignment stays.
s/\berc_compat_set_lltx(\(.*\));/\1->lltx = true;/
s/\berc_compat_neigh_table_lock(\(.*\));/spin_lock_bh(\&\1->lock);/
s/\berc_compat_neigh_table_unlock(\(.*\));/spin_unlock_bh(\&\1->lock);/
/^ERC_COMPAT_NEWLINK(/{
N
d
}
s/\bERC_COMPAT_NEWLINK_OP(\([a-z_]*\))/\1/
s/\berc_compat_/erc_kernel_/g
s/\b_ERC_COMPAT_H\b/_ERC_KERNEL_H/
s/\bcompat\.h\b/kernel.h/g
s/\bkmalloc(sizeof(\*\([a-z_]*\)), /kmalloc_obj(*\1, /
s/\bkzalloc(sizeof(\*\([a-z_]*\)), /kzalloc_obj(*\1, /
