#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two circuits for more availability: the loss of a whole site.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# sites_up: create sydney over leg1 and leg2, and london over leg3 and leg4;
# their edges all have the addresses of the cloud
sites_up()
{
	local n

	setup_ns cust pe1 pe2 pe3 pe4
	erc_load
	for n in 1 2 3 4; do
		# shellcheck disable=SC2154
		edge_leg "$n" "$cloud_lines
			$(customer_lines "169.254.10.$((4 * n + 1))" "fd00:1$n::1")"
	done
	site sydney 1 2
	site london 3 4
}

# site NAME LEG LEG: create a circuit over the two legs
site()
{
	erc add "$1" fail open wtr 0 \
		primary "leg$2" via "169.254.10.$((4 * $2 + 2))" \
		${has_ipv6:+via "fd00:1$2::2"} \
		secondary "leg$3" via "169.254.10.$((4 * $3 + 2))" \
		${has_ipv6:+via "fd00:1$3::2"}
	ip -n "$cust" link set "$1" up
}

# lose N...: cut the cable at edge N; find_again N...: mend it, and restore the
# edge's addresses and routes
lose()
{
	local n ns

	for n; do
		ns=pe$n
		ip -n "${!ns}" link set "c$n" down
	done
}

find_again()
{
	local n ns

	for n; do
		ns=pe$n
		ipb "${!ns}" <<-EOF
			link set c$n up
			addr replace fd00:1$n::2/64 dev c$n nodad
			$(customer_lines "169.254.10.$((4 * n + 1))" "fd00:1$n::1")
		EOF
	done
}

# lost_by NAME: print the number of packets that a circuit could not send
lost_by()
{
	echo $(($(counter tx_no_leg "$1") + $(counter primary/tx_error "$1") +
		$(counter secondary/tx_error "$1")))
}

test_stacked() { # a circuit over two circuits: a site fails and returns
	sites_up
	erc add er0 wtr 0 primary sydney secondary london
	circuit_routes er0
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	flow_start there "$cust" -r 2000 -d 600 10.9.0.1
	busywait not counter_is primary/tx_packets 2 sydney
	lose 1
	busywait counter_is active secondary sydney
	expect_counter active primary
	lose 2
	busywait counter_is active secondary
	expect_eq carrier "$(net_file "$cust" sydney/carrier)" 0
	busywait not counter_is primary/tx_packets 0 london
	reaches "$cust" fd09::1
	find_again 2
	busywait counter_is active primary
	busywait counter_is active secondary sydney
	flow_stop there
	# The site counts packets that er0 gave it and no leg accepted
	expect_eq "sent by er0" "$(($(counter primary/tx_packets) +
		$(counter secondary/tx_packets)))" \
		"$(($(counter primary/tx_packets sydney) +
		$(counter secondary/tx_packets sydney) +
		$(counter primary/tx_packets london) + $(lost_by sydney)))"
}

# flows_of NAME: print the number of packets that a site sent over both legs
flows_of()
{
	echo $(($(counter primary/tx_packets "$1") +
		$(counter secondary/tx_packets "$1")))
}

group_is()
{
	ip -n "$cust" nexthop show id 10 | grep "group $1 type resilient"
}

test_ecmp() { # two circuits under ECMP: if one site fails, the other takes all flows
	local before

	sites_up
	ipb "$cust" <<-EOF
		addr add 10.1.0.1/32 dev lo
		nexthop add id 1 dev sydney
		nexthop add id 2 dev london
		nexthop add id 10 group 1/2 type resilient buckets 32
		route add 10.9.0.0/24 nhid 10 src 10.1.0.1
	EOF
	"$netns" write "$cust" ipv4/fib_multipath_hash_policy 1
	flow_send "$cust" -f 64 -n 640 10.9.0.1
	expect_ge sydney "$(flows_of sydney)" 64
	expect_ge london "$(flows_of london)" 64
	lose 1 2
	busywait group_is 2
	before=$(flows_of london)
	flow_send "$cust" -f 64 -n 640 10.9.0.1
	expect_eq london "$(($(flows_of london) - before))" 640
	find_again 1 2
	busywait counter_is active primary sydney
	busywait expect_carrier sydney
	ipb "$cust" <<-EOF
		nexthop add id 1 dev sydney
		nexthop replace id 10 group 1/2 type resilient buckets 32
	EOF
	before=$(flows_of sydney)
	flow_send "$cust" -f 64 -n 640 10.9.0.1
	expect_ge sydney "$(($(flows_of sydney) - before))" 64
}

expect_carrier()
{
	[ "$(net_file "$cust" "$1/carrier")" = 1 ]
}

ktap_main
