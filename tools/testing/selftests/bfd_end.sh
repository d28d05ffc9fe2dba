#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BFD sessions end and begin again: maintenance of both ends at the same time,
# the grace after it, and the packets that announce the end.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_pair.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_pair.sh"

# With this multiplier, a busy host does not end a session by being late
quick+=(bfd-mult 60)

test_overlap() { # when both ends are in maintenance at the same time, nothing fails
	both_up
	erc leg er0 primary drain on
	peer_becomes reason peer-admin-down
	# The peer's maintenance begins during ours; ours ends first
	peer drain on
	busywait shows bfd_remote_state '"admin-down"'
	expect_counter primary/reason drain
	erc leg er0 primary drain off
	becomes primary/reason peer-admin-down
	expect_counter primary/state degraded
	# The peer is still in maintenance after the grace of ours
	busywait shows bfd_remote_discr 0
	elapsed 3500
	expect_counter primary/state degraded
	peer drain off
	becomes primary/bfd_state up
	becomes primary/state up
	# The reverse: our maintenance ends last
	peer drain on
	becomes primary/reason peer-admin-down
	erc leg er0 primary drain on
	peer drain off
	busywait shows bfd_remote_state '"down"'
	erc leg er0 primary drain off
	becomes primary/bfd_state up
	becomes primary/state up
	expect_counter primary/sf_events "$failed"
	# A circuit that is down announces the same as one in maintenance
	ip -n "$cust" link set er0 down
	peer_becomes reason peer-admin-down
	peer drain on
	busywait shows bfd_remote_state '"admin-down"'
	ip -n "$cust" link set er0 up
	becomes primary/reason peer-admin-down
	expect_counter primary/state degraded
}

# elapsed MS: wait for MS milliseconds
elapsed()
{
	local start

	now_ms start
	busywait is_later $((start + $1))
}

is_later()
{
	local now

	now_ms now
	[ "$now" -ge "$1" ]
}

test_grace() { # a leg that failed while the circuit was down is not used afterwards
	local start failed_at

	both_up
	# The circuit was up a moment ago
	ipb "$cust" <<-EOF
		link set er0 down
		link set er0 up
	EOF
	expect_counter primary/state up
	becomes primary/bfd_state up
	expect_counter primary/sf_events "$failed"
	# The circuit was up longer ago than the grace
	ip -n "$cust" link set er0 down
	peer_becomes reason peer-admin-down
	peer fault blackhole
	elapsed 3500
	now_ms start
	ip -n "$cust" link set er0 up
	becomes primary/reason bfd
	failed_at=$(erc -j log er0 | jq '[.[] | select(.leg == "primary")][-1] |
		if .to == "down" then .when_ns else 0 end / 1000000 | floor')
	# The grace would have delayed the failure by three seconds
	expect_ge "failed at" "$failed_at" "$start"
	expect_le "failed at" "$failed_at" $((start + 2900))
	expect_counter active secondary
	peer fault none
	becomes primary/bfd_state up
	becomes active primary
}

# told NUMBER: at least NUMBER captured packets say AdminDown
told()
{
	[ "$(captured_states | grep -c AdminDown)" -ge "$1" ]
}

# told_times: print the time of each captured packet that says AdminDown, in ms
told_times()
{
	tcpdump -n -v -tt -r "$scratch/cap" 2>/dev/null | awk '
		/^[0-9]+\.[0-9]+ / { t = $1 }
		/ State AdminDown,/ { printf "%.0f\n", t * 1000 }'
}

# tells COMMAND...: COMMAND ends our session. Packets tell it to the peer, one an
# interval. The session is one over IPv4; a new one over IPv6 may begin at once.
tells()
{
	local time last=0

	capture_start c1 "ip and udp port 3784"
	"$@"
	peer_becomes reason peer-admin-down
	busywait told 3 || fail "after $*: $(captured_states | uniq -c)"
	kill "$capture"
	# No packet with another state follows
	expect_eq "last state after $*" "$(captured_states | tail -n1)" AdminDown
	# The interval is 300 ms, less a quarter at most
	for time in $(told_times); do
		expect_ge "ms between packets after $*" $((time - last)) 220
		last=$time
	done
}

test_told() { # bfd off, a detached leg and a deleted circuit are announced to the peer
	# A slow machine has six seconds for three packets
	quick=(bfd on bfd-tx 300ms bfd-rx 300ms bfd-mult 20)
	both_up
	tells erc leg er0 primary bfd off
	erc leg er0 primary bfd on
	becomes primary/bfd_state up
	tells erc set er0 noprimary
	# The leg has left the circuit by now
	[ ! -e "/run/sys-$cust/class/net/leg1/master" ]
	ip -n "$cust" link set leg1 master er0
	becomes primary/bfd_state up
	tells erc leg er0 primary novia via fd00:10::2
	erc leg er0 primary novia via 169.254.10.2
	becomes primary/bfd_state up
	tells ip -n "$cust" link del er0
}

test_ends() { # the announcement ends after a detection time
	local times

	both_up
	erc leg er0 primary bfd-tx 300ms bfd-mult 3
	peer bfd-tx 300ms bfd-rx 300ms
	busywait shows bfd_interval 300
	capture_start c1 "ip and udp port 3784"
	erc leg er0 primary bfd off
	peer_becomes reason peer-admin-down
	elapsed 4000
	kill "$capture"
	read -rd '' -a times < <(told_times) || true
	# 900 ms, and the time for which a busy machine may stop in between
	expect_le "ms of the announcement" $((times[-1] - times[0])) 1900
}

test_again() { # a session that begins during the announcement is not disturbed
	local i

	both_up
	for i in 1 2 3 4 5; do
		erc leg er0 primary bfd off
		erc leg er0 primary bfd on
		becomes primary/bfd_state up
	done
	peer_becomes bfd_state up
	downs=$(counter primary/bfd_down_events)
	peer_downs=$(peer_counter bfd_down_events)
	lives
}

test_gone() { # devices, namespaces and the module do not wait for the announcement to end
	both_up
	# The announcement would take at least ten seconds
	erc leg er0 primary bfd-tx 1s bfd-mult 10
	erc leg er0 secondary bfd-tx 1s bfd-mult 10
	busywait shows bfd_interval 1000
	erc leg er0 primary bfd off
	ip -n "$cust" link del leg1
	erc set er0 nosecondary
	setup_ns other
	# shellcheck disable=SC2154
	ip -n "$cust" link set leg2 netns "$other"
	ip -n "$other" link show leg2
	erc leg er0 primary bfd-tx 50ms bfd-mult 3
	# Delete a namespace during the announcement
	nsx "$pe2" ercircuit leg peer primary bfd-tx 1s bfd-mult 10
	nsx "$pe2" ercircuit leg peer primary bfd off
	ns_del "$pe2"
	# Unload the module during the announcement
	peer bfd-tx 1s bfd-mult 10
	peer bfd off
	ip -n "$pe1" link del peer
	ip -n "$cust" link del er0
	rmmod ercircuit
	erc_load
}

ktap_main
