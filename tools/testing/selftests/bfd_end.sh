#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Maintenance of both ends of a BFD session at once, and the grace after it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_pair.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_pair.sh"

test_overlap() { # maintenance of both ends overlaps: nothing fails
	both_up
	erc leg er0 primary drain on
	peer_becomes reason peer-admin-down
	# Theirs begins during ours, which ends first
	peer drain on
	busywait 5000 shows bfd_remote_state '"admin-down"'
	expect_counter primary/reason drain
	erc leg er0 primary drain off
	becomes primary/reason peer-admin-down
	expect_counter primary/state degraded
	# And it is still theirs when the grace for ours would be over
	busywait 5000 shows bfd_remote_discr 0
	elapsed 3500
	expect_counter primary/state degraded
	peer drain off
	becomes primary/bfd_state up
	becomes primary/state up
	# The other way round: ours ends last
	peer drain on
	becomes primary/reason peer-admin-down
	erc leg er0 primary drain on
	peer drain off
	busywait 5000 shows bfd_remote_state '"down"'
	erc leg er0 primary drain off
	becomes primary/bfd_state up
	becomes primary/state up
	expect_counter primary/sf_events "$failed"
	# That of a circuit which is down is no other
	ip -n "$cust" link set er0 down
	peer_becomes reason peer-admin-down
	peer drain on
	busywait 5000 shows bfd_remote_state '"admin-down"'
	ip -n "$cust" link set er0 up
	becomes primary/reason peer-admin-down
	expect_counter primary/state degraded
}

# elapsed MS: that much later than now
elapsed()
{
	local start

	now_ms start
	busywait $(($1 + 5000)) is_later $((start + $1))
}

is_later()
{
	local now

	now_ms now
	[ "$now" -ge "$1" ]
}

test_grace() { # a leg that died while the circuit was down is not used after it
	local start failed_at

	both_up
	# Up a moment ago
	ipb "$cust" <<-EOF
		link set er0 down
		link set er0 up
	EOF
	expect_counter primary/state up
	becomes primary/bfd_state up
	expect_counter primary/sf_events "$failed"
	# Up longer ago than the grace is
	ip -n "$cust" link set er0 down
	peer_becomes reason peer-admin-down
	peer fault blackhole
	elapsed 3500
	now_ms start
	ip -n "$cust" link set er0 up
	becomes primary/reason bfd
	failed_at=$(erc -j log er0 | jq '[.[] | select(.leg == "primary")][-1] |
		if .to == "down" then .when_ns else 0 end / 1000000 | floor')
	# With a grace it would have been three seconds
	expect_ge "failed at" "$failed_at" "$start"
	expect_le "failed at" "$failed_at" $((start + 2900))
	expect_counter active secondary
	peer fault none
	becomes primary/bfd_state up
	becomes active primary
}

ktap_main
