#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BFD with the next hop. The peer is another circuit. Options, states, counters,
# maintenance of either end, faults, and removed devices.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck source=tools/testing/selftests/bfd_pair.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_pair.sh"

# A guest that is stopped for less than a second keeps its sessions
quick+=(bfd-mult 20)

test_strict() { # a leg with bfd on is usable only while its session is Up
	edges_up
	circuit_up er0 wtr 0
	becomes active primary
	reaches "$cust" 10.9.0.1
	erc leg er0 primary "${quick[@]}"
	expect_counter primary/state down
	expect_counter primary/reason bfd
	expect_counter active secondary
	expect_counter last_switch_reason bfd
	becomes primary/bfd_state down
	peer_up 1 169.254.10.1 "${quick[@]}"
	becomes primary/bfd_state up
	expect_counter primary/state up
	becomes active primary
	expect_counter primary/bfd_up_events 1
	expect_counter primary/bfd_down_events 0
	expect_counter primary/bfd_bad 0
	reaches "$cust" 10.9.0.1
	# With BFD off, the leg is usable again. The peer's session ends, and
	# its reason says so.
	peer bfd off
	becomes primary/reason peer-admin-down
	erc leg er0 primary bfd off
	expect_counter primary/bfd_state off
	expect_counter primary/state up
}

test_shown() { # ip shows the configured and the negotiated values
	both_up
	expect_eq words "$(ip -n "$cust" -d link show leg1 |
		grep -o 'neigh on bfd on .*bfd-rx 50ms')" \
		"neigh on bfd on bfd-tx 50ms bfd-rx 50ms"
	busywait shows bfd_interval 50
	expect_eq detection "$(shown bfd_detection)" 1000
	expect_eq remote "$(shown bfd_remote_state)" '"up"'
	expect_eq diag "$(shown bfd_diag)" '"none"'
	expect_eq discr "$(shown bfd_remote_discr)" \
		"$(ip -n "$pe1" -d -j link show peer |
			jq .[0].linkinfo.info_data.primary.bfd_discr)"
	erc show er0 | tee "$scratch/show"
	grep 'primary .*state up reason none bfd_state up bfd_remote_state up ' \
		"$scratch/show"
	# Packets are exchanged, and none is lost
	expect_ge bfd_rx "$(counter primary/bfd_rx)" 2
	expect_ge bfd_tx "$(counter primary/bfd_tx)" 2
}

test_retime() { # either end may change its timers at any time
	both_up
	erc leg er0 primary bfd-tx 200ms bfd-mult 5
	busywait shows bfd_interval 200
	busywait peer_shows bfd_detection 1000
	peer bfd-rx 300ms bfd-tx 100ms
	busywait shows bfd_interval 300
	busywait peer_shows bfd_detection 1500
	peer bfd-rx 100ms
	erc leg er0 primary bfd-tx 133500us bfd-rx 100ms bfd-mult 15
	busywait shows bfd_interval 133.5
	busywait shows bfd_detection 2000
	expect_counter primary/bfd_up_events "$ups"
	expect_counter primary/bfd_down_events "$downs"
}

test_cut() { # both ends notice that a silent cut begins, and that it ends
	both_up
	peer fault blackhole
	becomes active secondary
	expect_counter primary/reason bfd
	expect_eq diag "$(shown bfd_diag)" '"expired"'
	expect_counter primary/bfd_down_events $((downs + 1))
	peer_becomes bfd_state down
	reaches "$cust" 10.9.0.1
	peer fault none
	becomes active primary
	peer_becomes bfd_state up
	expect_counter primary/bfd_up_events $((ups + 1))
	expect_counter primary/sf_events $((failed + 1))
	# Our injected faults discard and count BFD packets like all others
	erc leg er0 primary fault tx
	becomes active secondary
	expect_ge tx_fault "$(counter primary/tx_fault)" 1
	expect_eq diag "$(shown bfd_diag)" '"neighbour-down"'
	erc leg er0 primary fault none
	becomes primary/bfd_state up
	erc leg er0 primary fault rx
	busywait shows bfd_diag '"expired"'
	erc leg er0 primary fault none
	becomes active primary
}

test_peer_admin() { # maintenance of the peer degrades the leg, but is no failure
	both_up
	peer drain on
	becomes primary/state degraded
	expect_counter primary/reason peer-admin-down
	expect_counter active secondary
	expect_counter request SD
	refused "switch exercise: overridden by signal degrade (SD): mend the leg" \
		erc set er0 switch exercise
	expect_counter primary/bfd_state down
	expect_eq remote "$(shown bfd_remote_state)" '"admin-down"'
	# The peer is silent now, and the leg is still degraded, not failed
	busywait shows bfd_remote_discr 0
	expect_counter primary/state degraded
	peer drain off
	becomes primary/state up
	becomes active primary
	# Setting the peer's circuit down announces maintenance, too
	ip -n "$pe1" link set peer down
	becomes primary/reason peer-admin-down
	ip -n "$pe1" link set peer up
	becomes primary/state up
	expect_counter primary/sf_events "$failed"
	expect_counter primary/sd_events 2
}

test_drain() { # our maintenance is announced, and its end causes no failure
	both_up
	erc leg er0 primary drain on
	expect_counter primary/bfd_state admin-down
	expect_counter primary/reason drain
	peer_becomes reason peer-admin-down
	erc leg er0 primary drain off
	becomes primary/bfd_state up
	becomes primary/state up
	becomes active primary
	peer_becomes state up
	expect_counter primary/sf_events "$failed"
	expect_counter primary/sd_events 1
	erc log er0 | tee "$scratch/log"
	not grep 'leg primary .* reason bfd after .*drain' "$scratch/log"
	# If the peer falls silent during maintenance, the leg fails when the
	# grace ends
	erc leg er0 primary drain on
	peer fault blackhole
	erc leg er0 primary drain off
	expect_counter primary/state degraded
	becomes primary/state down
	expect_counter primary/reason bfd
}

test_down() { # a circuit that goes down announces it, and its session comes back
	both_up
	ip -n "$cust" link set er0 down
	expect_counter primary/bfd_state admin-down
	peer_becomes reason peer-admin-down
	ip -n "$cust" link set er0 up
	becomes primary/bfd_state up
	peer_becomes state up
	expect_counter primary/sf_events "$failed"
	# A circuit that is deleted announces it, too
	ip -n "$cust" link del er0
	peer_becomes reason peer-admin-down
}

test_ipv6() { # with an IPv6 next hop, global or link-local
	local ll

	edges_up
	circuit_up er0 wtr 0
	erc set er0 primary leg1 novia via fd00:10::2 "${quick[@]}"
	peer_up 1 fd00:10::1 "${quick[@]}"
	becomes primary/bfd_state up
	expect_counter primary/bfd_bad 0
	peer fault blackhole
	becomes primary/reason bfd
	peer fault none
	becomes primary/state up
	ll=$(ip -n "$cust" -j addr show leg1 |
		jq -r '.[0].addr_info[] | select(.scope == "link").local')
	[ -n "$ll" ] || ip -n "$cust" addr add "${ll:=fe80::1}/64" dev leg1 nodad
	ip -n "$pe1" addr add fe80::2/64 dev c1 nodad
	erc leg er0 primary novia via fe80::2
	expect_counter primary/state down
	peer novia via "$ll"
	# The peer answers from the first address of the subnet, which must be
	# our next hop
	becomes primary/bfd_state up
}

test_slot() { # a session ends when its device, next hop or circuit is removed
	local discr

	both_up
	discr=$(shown bfd_discr)
	erc leg er0 primary neigh off
	expect_eq discr "$(shown bfd_discr)" "$discr"
	expect_counter primary/bfd_state up
	erc set er0 noprimary
	expect_counter primary/bfd_state off
	peer_becomes reason peer-admin-down
	ip -n "$cust" link set leg1 master er0
	becomes primary/bfd_state up
	[ "$(shown bfd_discr)" != "$discr" ] || fail "the same discriminator"
	# Change the next hop
	ip -n "$cust" addr add 198.51.100.1/30 dev leg1
	ip -n "$pe1" addr add 198.51.100.2/30 dev c1
	erc leg er0 primary via 198.51.100.2
	expect_counter primary/state down
	peer via 198.51.100.1
	becomes primary/bfd_state up
	# Delete the device while the session runs
	ip -n "$cust" link del leg1
	expect_counter primary/device ""
	expect_counter primary/bfd_state off
	expect_counter active secondary
}

test_netns() { # sessions stay with the legs when the circuit moves to another namespace
	both_up
	setup_ns tenant
	# shellcheck disable=SC2154
	ip -n "$cust" link set er0 netns "$tenant"
	ip -n "$tenant" link set er0 up
	peer_becomes state up
	[ "$(net_file "$tenant" er0/ercircuit/primary/bfd_state)" = up ]
	ip -n "$tenant" link del er0
}

test_unload() { # the module can be unloaded while sessions run
	both_up
	ip -n "$pe1" link del peer
	ip -n "$pe2" link del peer
	rmmod ercircuit
	erc_load
}

stranger_heard()
{
	nsx "$pe1" bash -c "printf stranger |
		socat - UDP4-SENDTO:169.254.10.1:3784,bind=169.254.10.9" &&
		grep stranger "$scratch/heard"
}

test_other() { # packets that belong to no session of ours stay with the leg
	both_up
	# A daemon on this host listens on the same port of the leg
	nsx_exec "$cust" socat -u UDP4-RECV:3784,bind=169.254.10.1 \
		CREATE:"$scratch/heard" &
	defer kill $!
	ip -n "$pe1" addr add 169.254.10.9/32 dev c1
	ip -n "$cust" route add 169.254.10.9 dev leg1
	busywait stranger_heard
	expect_counter primary/bfd_bad 0
	# The same packet from the next hop is ours, and bad
	nsx "$pe1" bash -c "printf stranger |
		socat - UDP4-SENDTO:169.254.10.1:3784,bind=169.254.10.2"
	becomes primary/bfd_bad 1
	expect_counter primary/bfd_state up
}

test_refused() { # contradictory options are refused
	edges_up
	circuit_up er0
	refused "bfd on the primary leg needs a next hop: set via" erc leg er0 primary novia bfd on
	erc leg er0 primary bfd on
	refused "bfd on the primary leg needs a next hop: set via" erc leg er0 primary novia
	erc leg er0 primary novia bfd off
	refused "bfd on the primary leg needs a next hop: set via" erc leg er0 primary bfd on
}

ktap_main
