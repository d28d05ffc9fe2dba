#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each allocation of create, attach, change and delete fails once. The request
# is refused and changes nothing, or it succeeds. kmemleak finds leaks at the
# end of the guest.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# faults_silent: fail allocations of all kinds, without a kernel message
faults_silent()
{
	[ -e /proc/self/fail-nth ] ||
		return 1
	cd /sys/kernel/debug
	echo 0 >failslab/verbose
	echo N >failslab/ignore-gfp-wait
	[ -d fail_page_alloc ] || return 0
	echo 0 >fail_page_alloc/verbose
	echo N >fail_page_alloc/ignore-gfp-wait
	echo N >fail_page_alloc/ignore-gfp-highmem
	echo 0 >fail_page_alloc/min-order
}

# walk REQUEST N: fail each allocation of REQUEST; there must be at least N
walk()
{
	local out

	(faults_silent) || skip "no fault injection in this kernel"
	setup_ns cust
	erc_load
	ipb "$cust" <<-EOF
		link add leg1 type dummy
		link add leg2 type dummy
		link set leg1 up
		addr add 169.254.10.1/30 dev leg1
		addr add fd00::1/64 dev leg1 nodad
	EOF
	out=$(nsx "$cust" "$(dirname "${BASH_SOURCE[0]}")/failslab.py" "$1")
	echo "$out"
	expect_ge allocations "$(sed -n 's/.*allocations=\([0-9]*\).*/\1/p' \
		<<<"$out")" "$2"
	expect_ge refused "$(sed -n 's/.*refused=\([0-9]*\).*/\1/p' \
		<<<"$out")" 1
}

test_create() { # create, with both legs and a contract
	walk create 20
}

test_attach() { # attach both legs in one request
	walk attach 5
}

test_change() { # change the order of the legs and the settings
	walk change 1
}

test_bfd() { # begin a session with next hops of both families
	walk bfd 1
}

test_contract() { # join a contract and change it for both
	walk contract 1
}

test_reach() { # pair two circuits
	walk reach 2
}

test_delete() { # delete a circuit that has all this
	walk delete 1
}

ktap_main
