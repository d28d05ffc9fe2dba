#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The payload path's caches, link headers of next hops and the legs' own
# addresses, are never outdated.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

circuit_there()
{
	topology_up
	circuit_up
	busywait reaches "$cust" 10.9.0.1
}

# told_and_reaches: the PE sends an ARP request for our address and so announces
# its own
told_and_reaches()
{
	ip -n "$pe1" neigh flush dev c1 || true
	reaches "$pe1" 169.254.10.1
	reaches "$cust" 10.9.0.1
}

# mac NS DEV: print the device's MAC address
mac()
{
	ip -n "$1" -j link show "$2" | jq -r '.[0].address'
}

test_neighbour() { # no link header of a changed or dead neighbour is used
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

# own_stays ADDRESS: the leg answers the PE itself, er0 receives nothing
own_stays()
{
	local before

	before=$(counter primary/rx_packets)
	reaches "$pe1" "$1"
	expect_counter primary/rx_packets "$before"
}

test_own() { # all addresses of a leg stay with the leg
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

# frame TYPE SOURCE DESTINATION PORT: send a UDP packet from the PE to the leg's
# MAC, with the hex digits TYPE as its EtherType
frame()
{
	local to from

	to=$(mac "$cust" leg1)
	from=$(mac "$pe1" c1)
	nsx "$pe1" python3 "$selftests_dir/packet.py" raw c1 \
		0x0800 "${to//:/}${from//:/}$1+udp,$2,$3,$4"
}

# second_taken N: after a frame that it must ignore, the circuit receives this
# second one
second_taken()
{
	frame 0800 10.9.0.1 10.1.0.1 5000
	busywait counter_is primary/rx_packets "$(($1 + 1))"
}

test_broadcast() { # a leg's broadcast address stays with the leg, even in a frame to its MAC
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

test_tag() { # a frame with a priority tag is received, one of an unknown VLAN is dropped
	local before

	circuit_there
	flow_listen host "$cust"
	before=$(counter primary/rx_packets)
	frame 8100e0000800 10.9.0.1 10.1.0.1 5000
	busywait counter_is primary/rx_packets $((before + 1))
	# The circuit receives this frame, too, and the host drops it
	frame 810000050800 10.9.0.1 10.1.0.1 5000
	second_taken $((before + 2))
	expect_eq received "$(flow_result host received)" 2
}

ktap_main
