#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Global Reach: circuits forward packets to each other only if the user has
# paired them.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

netlink=$(dirname "${BASH_SOURCE[0]}")/netlink.py

# circuits_up [OPTIONS]: create er1, er2 and er3 with one leg each, to pe1, pe2
# and pe3. Edge N has 10.20.N.1 and fd20:N::1, and sends all packets to the
# customer.
circuits_up()
{
	local n

	setup_ns cust pe1 pe2 pe3
	erc_load
	forwarding_on "$cust"
	for n in 1 2 3; do
		edge_circuit "$n" "$@"
		ipb "$cust" <<-EOF
			link set er$n up
			addr add 10.1.0.$n/32 dev er$n
			addr add fd01::$n/128 dev er$n nodad
			route add 10.20.$n.1 dev er$n src 10.1.0.$n
			route add fd20:$n::1 dev er$n src fd01::$n
		EOF
	done
}

# there N M: packets pass from pe N to pe M in both families
there()
{
	local ns=pe$1

	reaches "${!ns}" "10.20.$2.1" && reaches "${!ns}" "fd20:$2::1"
}

# barred N M: no packet passes from pe N to pe M, and erM counts each
barred()
{
	local ns=pe$1 before

	before=$(counter tx_reach "er$2")
	flow_send "${!ns}" -n 10 "10.20.$2.1" >/dev/null
	flow_send "${!ns}" -n 10 "fd20:$2::1" >/dev/null
	expect_eq "tx_reach of er$2" "$(counter tx_reach "er$2")" $((before + 20))
}

# of_pair NAME PEER COUNTER: print a counter of the pair
of_pair()
{
	erc -j stats "$1" | jq ".[0].reach.$2.$3"
}

peers_of()
{
	erc -j show "$1" | jq -r '.[0].reach | sort | join(" ")'
}

test_unpaired() { # circuits of a namespace do not forward to each other by default
	circuits_up
	barred 1 2
	barred 2 1
	barred 3 1
	expect_eq dropped "$(net_file "$cust" er1/statistics/tx_dropped)" 40
	# Packets from this host or from another network pass
	reaches "$cust" 10.20.1.1
	reaches "$cust" fd20:2::1
	setup_ns lan
	# shellcheck disable=SC2154
	veth_pair "$cust" lan0 "$lan" eth0
	addr_add "$cust" lan0 10.1.1.1/24
	addr_add "$lan" eth0 10.1.1.2/24
	ip -n "$lan" route add default via 10.1.1.1
	reaches "$lan" 10.20.1.1
	reaches "$pe2" 10.1.1.2
	expect_eq "tx_reach of er2" "$(counter tx_reach er2)" 20
	# Packets that return by the circuit they arrived on pass, too
	ip -n "$cust" route add 10.20.9.0/24 dev er1
	flow_send "$pe1" -n 10 10.20.9.1 >/dev/null
	reaches "$pe1" 10.1.0.1
	expect_eq "tx_reach of er1" "$(counter tx_reach er1)" 40
}

test_paired() { # a pair forwards in both directions, and counts the packets
	local sent

	circuits_up
	erc set er1 reach er2
	expect_eq "peers of er1" "$(peers_of er1)" er2
	expect_eq "peers of er2" "$(peers_of er2)" er1
	there 1 2
	there 2 1
	expect_eq "tx_reach of er1" "$(counter tx_reach er1)" 0
	expect_eq "tx_reach of er2" "$(counter tx_reach er2)" 0
	flow_listen two "$pe2"
	sent=$(of_pair er2 er1 tx_packets)
	flow_send "$pe1" -n 50 -s 100 10.20.2.1 >/dev/null
	expect_eq received "$(flow_result two received)" 50
	expect_eq "packets of the pair" "$(of_pair er2 er1 tx_packets)" \
		$((sent + 50))
	expect_eq "policed" "$(of_pair er2 er1 tx_policed_packets)" 0
	erc stats er2 | grep '^reach er1$'
	erc metrics | grep -xF "ercircuit_reach_tx_packets_total{$(
		)device=\"er2\",peer=\"er1\"} $((sent + 50))"
	# The pair does not include er3
	barred 3 1
	barred 1 3
	erc set er2 noreach er1
	expect_eq "peers of er1" "$(peers_of er1)" ""
	barred 1 2
	barred 2 1
}

test_not_transitive() { # two pairs with one circuit in common do not connect the other two
	circuits_up
	erc set er2 reach er1 reach er3
	expect_eq "peers of er2" "$(peers_of er2)" "er1 er3"
	there 1 2
	there 3 2
	barred 1 3
	barred 3 1
	# The printed options can be given again
	erc show er2 | grep -E ' reach er[13] reach er[13] '
	erc set er2 noreach er1 noreach er3
	erc set er2 reach er3 reach er1 reach er3
	expect_eq "peers of er2" "$(peers_of er2)" "er1 er3"
}

test_life() { # a pair survives a rename, and ends with either circuit
	circuits_up
	erc set er1 reach er2
	ip -n "$cust" link set er2 down
	ip -n "$cust" link set er2 name london
	expect_eq "peers of er1" "$(peers_of er1)" london
	ip -n "$cust" link set london name er2
	ipb "$cust" <<-EOF
		link set er2 up
		route add 10.20.2.1 dev er2 src 10.1.0.2
	EOF
	reaches "$pe1" 10.20.2.1
	erc del er2
	expect_eq "peers of er1" "$(peers_of er1)" ""
	barred 1 3
	erc add er2
	expect_eq "peers of er2" "$(peers_of er2)" ""
	erc set er2 reach er1 reach er3
	setup_ns tenant
	# shellcheck disable=SC2154
	ip -n "$cust" link set er2 netns "$tenant"
	expect_eq "peers of er1" "$(peers_of er1)" ""
	expect_eq "peers of er3" "$(peers_of er3)" ""
	# A new circuit can be paired when it is created
	erc add er4 reach er1
	expect_eq "peers of er1" "$(peers_of er1)" er4
	ns_del "$cust"
}

test_rate() { # the smaller bandwidth of the two contracts limits the pair
	local policed

	circuits_up bandwidth 1gbit
	erc set er1 reach er2
	erc set er2 bandwidth 1kbit burst 0
	busywait reaches "$pe1" 10.20.2.1
	flow_send "$pe1" -n 50 -s 1000 10.20.2.1 >/dev/null
	policed=$(of_pair er2 er1 tx_policed_packets)
	expect_ge "policed" "$policed" 48
	expect_ge "bytes" "$(of_pair er2 er1 tx_policed_bytes)" \
		$((48 * 1028))
	expect_eq "tx_reach" "$(counter tx_reach er2)" "$policed"
	erc set er2 police off
	policed=$(of_pair er2 er1 tx_policed_packets)
	flow_send "$pe1" -n 50 -s 1000 10.20.2.1 >/dev/null
	expect_eq "policed" "$(of_pair er2 er1 tx_policed_packets)" "$policed"
}

test_stacked() { # a pair with a circuit that is the leg of another
	circuits_up fail open
	ipb "$cust" <<-EOF
		addr flush dev er2
		link add top type ercircuit primary er2
		link set top up
		addr add 10.1.0.9/32 dev top
		route add 10.20.2.1 dev top src 10.1.0.9
	EOF
	reaches "$cust" 10.20.2.1
	not reaches "$pe1" 10.20.2.1
	expect_eq "tx_reach of top" "$(counter tx_reach top)" 1
	erc set top reach er1
	reaches "$pe1" 10.20.2.1
	expect_eq "of the pair" "$(of_pair top er1 tx_packets)" 1
	expect_eq "tx_reach of er2" "$(counter tx_reach er2)" 0
}

# keeps SENTENCE COMMAND...: COMMAND is refused with SENTENCE, and changes no
# pair
keeps()
{
	local before

	before=$(peers_of er1)
	refused "$@"
	expect_eq "peers of er1" "$(peers_of er1)" "$before"
}

test_refused() { # pairs that are not possible are refused
	local i

	circuits_up
	erc set er1 reach er2
	keeps "reach er1: a circuit cannot be paired with itself" erc set er1 reach er1
	keeps "reach leg3: it is not a circuit: \"ercircuit show\" lists them" \
		erc set er1 reach leg3
	keeps "noreach er3: the circuits are not paired: leave it out" erc set er1 noreach er3
	keeps "noreach er3: the circuits are not paired" \
		erc set er1 reach er3 noreach er3
	keeps 'reach: there is no device "er9"' erc set er1 reach er9
	keeps "reach: there is no such device in this network namespace" \
		nsx "$cust" "$netlink" set er1 "reach[" 1=u32:9999 "]"
	keeps '"reach" is given twice' erc set er1 reach er3 wtr 1s reach er2
	# shellcheck disable=SC2046
	keeps "reach: a circuit can be paired with at most 16 others" \
		erc set er1 $(printf 'reach er3 %.0s' {1..300})
	# One bad option refuses the whole request
	keeps "primary and secondary are both leg1" \
		erc set er1 reach er3 secondary leg1
	for i in {4..18}; do
		erc add "er$i" reach er1
	done
	keeps "reach er3: a circuit can be paired with at most 16 others" \
		erc set er1 reach er3
	keeps "reach er1: a circuit can be paired with at most 16 others" \
		erc set er3 reach er1
}

ktap_main
