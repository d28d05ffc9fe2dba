#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the payload path keeps ready, link headers of next hops and the legs'
# own addresses, is never out of date.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

circuit_there()
{
	topology_up
	circuit_up
	busywait reaches "$cust" 10.9.0.1
}

# The PE asks for our address, and so tells its own
told_and_reaches()
{
	ip -n "$pe1" neigh flush dev c1 || true
	reaches "$pe1" 169.254.10.1
	reaches "$cust" 10.9.0.1
}

# mac NS DEV
mac()
{
	ip -n "$1" -j link show "$2" | jq -r '.[0].address'
}

test_neighbour() { # no header of a neighbour that changed or died is used
	circuit_there
	ip -n "$cust" link set leg1 address 02:00:00:00:01:01
	busywait reaches "$cust" 10.9.0.1
	ip -n "$pe1" link set c1 address 02:00:00:00:01:02
	busywait told_and_reaches
	ip -n "$cust" neigh flush dev leg1 || true
	reaches "$cust" 10.9.0.1
	ip -n "$cust" neigh replace 169.254.10.2 dev leg1 \
		lladdr 02:00:00:00:00:99 nud permanent
	not reaches "$cust" 10.9.0.1
	ip -n "$cust" neigh replace 169.254.10.2 dev leg1 \
		lladdr "$(mac "$pe1" c1)" nud permanent
	reaches "$cust" 10.9.0.1
	ip -n "$cust" neigh del 169.254.10.2 dev leg1
	reaches "$cust" 10.9.0.1
}

# reaches_own: the leg's own addresses answer to the PE, er0 takes nothing
own_stays()
{
	local before

	before=$(counter primary/rx_packets)
	reaches "$pe1" "$1"
	expect_counter primary/rx_packets "$before"
}

test_own() { # a leg's addresses stay with it, the first and any other
	circuit_there
	own_stays 169.254.10.1
	own_stays fd00:10::1
	addr_add "$cust" leg1 198.51.100.1/30 fd00:20::1/64
	addr_add "$pe1" c1 198.51.100.2/30 fd00:20::2/64
	own_stays 198.51.100.1
	own_stays fd00:20::1
	own_stays 169.254.10.1
	own_stays fd00:10::1
	ip -n "$cust" addr del 169.254.10.1/30 dev leg1
	own_stays 198.51.100.1
}

# frame TYPE SOURCE DESTINATION PORT: a UDP packet from the PE to the leg's
# MAC, behind the hex digits TYPE
frame()
{
	local to from

	to=$(mac "$cust" leg1)
	from=$(mac "$pe1" c1)
	nsx "$pe1" python3 "$ERC_TOP/tools/testing/selftests/packet.py" raw c1 \
		0x0800 "${to//:/}${from//:/}$1+udp,$2,$3,$4"
}

# Of two frames the circuit takes the second
second_taken()
{
	frame 0800 10.9.0.1 10.1.0.1 5000
	busywait counter_is primary/rx_packets "$(($1 + 1))"
}

test_broadcast() { # the broadcast address of a leg stays with it, in a frame to its MAC
	local before addr

	circuit_there
	erc leg er0 primary novia
	ip -n "$cust" addr flush dev leg1
	before=$(counter primary/rx_packets)
	for addr in "198.51.100.1/30 brd 198.51.100.3" \
		"198.51.100.1/30 brd 203.0.113.255"; do
		# shellcheck disable=SC2086
		ip -n "$cust" addr add $addr dev leg1
		erc leg er0 primary via 198.51.100.2
		frame 0800 198.51.100.2 "${addr##* }" 5000
		second_taken "$before"
		before=$((before + 1))
		erc leg er0 primary novia
		ip -n "$cust" addr flush dev leg1
	done
}

test_tag() { # a priority tag makes no difference, one of a strange VLAN is dropped
	local before

	circuit_there
	flow_listen host "$cust"
	before=$(counter primary/rx_packets)
	frame 8100e0000800 10.9.0.1 10.1.0.1 5000
	busywait counter_is primary/rx_packets $((before + 1))
	# Taken, too, and then not for this host
	frame 810000050800 10.9.0.1 10.1.0.1 5000
	second_taken $((before + 2))
	expect_eq received "$(flow_result host received)" 2
}

ktap_main
