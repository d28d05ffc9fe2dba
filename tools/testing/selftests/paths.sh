#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the payload path keeps ready, link headers of next hops and the legs'
# own addresses, is never out of date.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

circuit_there()
{
	topology_up
	circuit_up
	busywait 5000 reaches "$cust" 10.9.0.1
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
	busywait 5000 reaches "$cust" 10.9.0.1
	ip -n "$pe1" link set c1 address 02:00:00:00:01:02
	busywait 15000 told_and_reaches
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
	expect_eq "rx_packets of $1" "$(counter primary/rx_packets)" "$before"
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

ktap_main
