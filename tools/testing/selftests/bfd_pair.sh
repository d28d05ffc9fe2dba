# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# BFD between circuits: er0 in cust, and a circuit "peer" at the far end of each
# leg.

quick=(bfd on bfd-tx 50ms bfd-rx 50ms)

# peer_up NUMBER VIA [LEG-OPTS]...: create the circuit "peer" on edge NUMBER,
# over its end of the leg
peer_up()
{
	local ns=pe$1

	nsx "${!ns}" ercircuit add peer primary "c$1" via "$2" "${@:3}"
	# This edge answers by its leg, which strict reverse path filtering refuses; the
	# loose one needs an address
	if [ -n "${ERC_STRICT:-}" ]; then
		"$netns" write "${!ns}" ipv4/conf/peer/rp_filter 2
		ip -n "${!ns}" addr add 192.0.2.99/32 dev peer
	fi
	ip -n "${!ns}" link set peer up
}

# peer ARGS...: set options of the leg of the first edge
peer()
{
	nsx "$pe1" ercircuit leg peer primary "$@"
}

peer_is()
{
	local value

	read -r value <"/run/sys-$pe1/class/net/peer/ercircuit/primary/$1"
	[ "$value" = "$2" ]
}

peer_becomes()
{
	busywait peer_is "$1" "$2" || fail "$1 of the peer is not '$2'"
}

# both_up: create er0 with two watched legs and wait until both sessions are Up
both_up()
{
	edges_up
	circuit_up er0 wtr 0
	erc set er0 primary leg1 "${quick[@]}" secondary leg2 "${quick[@]}"
	peer_up 1 169.254.10.1 "${quick[@]}"
	peer_up 2 169.254.10.5 "${quick[@]}"
	becomes primary/bfd_state up
	becomes secondary/bfd_state up
	becomes active primary
	expect_counter primary/state up
	peer_becomes bfd_state up
	# As the leg is strict, it failed before its session was Up
	failed=$(counter primary/sf_events)
	ups=$(counter primary/bfd_up_events)
	downs=$(counter primary/bfd_down_events)
}

# shown FIELD: print FIELD of the primary leg from ip's JSON
shown()
{
	ip -n "$cust" -d -j link show er0 | jq -c ".[0].linkinfo.info_data.primary.$1"
}

# shows FIELD VALUE: for busywait: FIELD of the primary leg is VALUE
shows()
{
	[ "$(shown "$1")" = "$2" ]
}

peer_shows()
{
	[ "$(ip -n "$pe1" -d -j link show peer |
		jq ".[0].linkinfo.info_data.primary.$1")" = "$2" ]
}

# peer_counter NAME: print a counter of the first edge's leg
peer_counter()
{
	net_file "$pe1" "peer/ercircuit/primary/$1"
}

# lives [WHAT]: both ends of the first session continue to receive packets
lives()
{
	busywait both_heard "$(($(counter primary/bfd_rx) + 5))" \
		"$(($(peer_counter bfd_rx) + 5))" ||
		fail "${1:-session}: our state is '$(counter primary/bfd_state)'"
	expect_counter primary/bfd_state up
	expect_counter primary/bfd_down_events "${downs:-0}"
	expect_eq "down events of the peer" "$(peer_counter bfd_down_events)" \
		"${peer_downs:-0}"
}

both_heard()
{
	[ "$(counter primary/bfd_rx)" -ge "$1" ] &&
		[ "$(peer_counter bfd_rx)" -ge "$2" ]
}

# capture_start: capture our packets at the far end of the first leg
capture_start()
{
	: >"$scratch/capture"
	tcpdump_start "$pe1" "$scratch/tcpdump" -U -n -i "${1:-c1}" -Q in \
		-w "$scratch/cap" "${2:-udp port 3784}"
	capture=$!
	defer kill "$capture"
}

# captured: print the captured packets
captured()
{
	tcpdump -n -v -r "$scratch/cap" 2>/dev/null
}

# captured_states: print the states in our packets, one a line: AdminDown, Down,
# Init, Up
captured_states()
{
	captured | sed -n 's/.* State \([A-Za-z]*\),.*/\1/p'
}
