#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Counters are exact, and every interface shows the same value.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packets=3000
bytes=$((packets * (20 + 8 + 100)))

# agree LEG NAME VALUE: sysfs, ethtool, netlink and the tool show VALUE
agree()
{
	local leg=$1 name=$2 want=$3

	expect_counter "$leg/$name" "$want"
	expect_eq "ethtool ${leg}_$name" \
		"$(awk "/ ${leg}_$name:/ { print \$2 }" "$scratch/ethtool")" "$want"
	expect_eq "stats -j $leg.$name" \
		"$(jq -r ".. | .$leg? // empty | .$name" "$scratch/stats")" "$want"
}

doors_read()
{
	nsx "$cust" ethtool -S er0 >"$scratch/ethtool"
	nsx "$cust" ercircuit -j stats er0 >"$scratch/stats"
}

# exchange N NS LEG: N packets each way on LEG, from and to the edge's namespace
exchange()
{
	flow_listen there "$2"
	flow_listen here "$cust"
	flow_start back "$2" -n "$packets" -s 100 -S 10.9.0.1 10.1.0.1
	expect_eq sent "$(flow_send "$cust" -n "$packets" -s 100 10.9.0.1)" \
		"$packets"
	flow_wait back
	expect_eq "received there" "$(flow_result there received)" "$packets"
	expect_eq "received here" "$(flow_result here received)" "$packets"
}

test_exact() { # packets and bytes of each leg are exact in every interface
	local leg way

	need jq
	edges_up
	circuit_up er0 wtr 0
	exchange primary "$pe1"
	ip -n "$cust" link set leg1 down
	busywait counter_is active secondary
	exchange secondary "$pe2"
	doors_read
	for leg in primary secondary; do
		for way in rx tx; do
			agree "$leg" "${way}_packets" "$packets"
			agree "$leg" "${way}_bytes" "$bytes"
		done
		agree "$leg" tx_no_neigh 0
		agree "$leg" tx_error 0
	done
	for way in rx tx; do
		expect_eq "ip -s $way packets" \
			"$(net_file "$cust" "er0/statistics/${way}_packets")" \
			$((2 * packets))
		expect_eq "ip -s $way bytes" \
			"$(net_file "$cust" "er0/statistics/${way}_bytes")" \
			$((2 * bytes))
		expect_eq "$way dropped" \
			"$(net_file "$cust" "er0/statistics/${way}_dropped")" 0
	done
}

test_both() { # the same in active-active, from several senders at the same time
	local i sent=0 flow_port=$flow_port_counts

	edges_up
	circuit_up er0 mode active-active hash l3l4
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	for i in 1 2 3 4; do
		flow_start "$i" "$cust" -n "$packets" -f 8 10.9.0.1
	done
	for i in 1 2 3 4; do
		flow_wait "$i"
		sent=$((sent + $(flow_accepted "$i")))
	done
	expect_counter primary/tx_packets \
		"$(flow_result one received)"
	expect_counter secondary/tx_packets \
		"$(flow_result two received)"
	expect_eq "both" "$(($(counter primary/tx_packets) +
		$(counter secondary/tx_packets)))" "$sent"
}

test_names() { # every counter has the same name in every interface
	local leg

	need jq
	edges_up
	circuit_up
	doors_read
	{
		for leg in primary secondary; do
			jq -r ".. | .$leg? // empty | keys[]" "$scratch/stats" |
				sed "s/^/${leg}_/"
		done
		jq -r '.[0] // . | to_entries[] |
			select(.value | type == "number") | .key' \
			"$scratch/stats" | grep -v ifindex
	} | sort >"$scratch/by-tool"
	sed -nE 's/^ +([a-z_]+):.*/\1/p' "$scratch/ethtool" | sort \
		>"$scratch/by-ethtool"
	(cd "/run/sys-$cust/class/net/er0/ercircuit" && find . -type f) |
		sed 's,^\./,,; s,/,_,' | grep -v -E \
		'^(active|request|last_switch_(reason|ns)|(primary|secondary)_(device|state|reason|via|bfd_state))$' |
		sort >"$scratch/by-sysfs"
	diff "$scratch/by-ethtool" "$scratch/by-sysfs"
	diff "$scratch/by-ethtool" "$scratch/by-tool"
}

# drops_begin NAME, drops_are NAME N: counter NAME and er0's tx_dropped grew by
# N
drops_begin()
{
	was=$(counter "$1")
	dropped=$(net_file "$cust" er0/statistics/tx_dropped)
}

drops_are()
{
	expect_eq "$1" "$(($(counter "$1") - was))" "$2"
	expect_eq tx_dropped \
		"$(($(net_file "$cust" er0/statistics/tx_dropped) - dropped))" \
		"$2"
}

test_tx_no_leg() { # tx_no_leg: no usable leg
	edges_up
	circuit_up
	ip -n "$cust" link set leg1 down
	ip -n "$cust" link set leg2 down
	drops_begin tx_no_leg
	flow_send "$cust" -n 50 10.9.0.1
	drops_are tx_no_leg 50
}

test_tx_not_ip() { # tx_not_ip: the packet is not IP
	local i

	edges_up
	circuit_up
	drops_begin tx_not_ip
	for i in 1 2 3; do
		nsx "$cust" "$(dirname "${BASH_SOURCE[0]}")/packet.py" \
			send er0 0x88b5 "00112233445566"
	done
	drops_are tx_not_ip 3
}

test_tx_multicast() { # tx_multicast: multicast and broadcast
	edges_up
	circuit_up
	ip -n "$cust" route add 239.0.0.0/8 dev er0
	drops_begin tx_multicast
	flow_send "$cust" -n 50 239.1.2.3
	drops_are tx_multicast 50
}

test_tx_error() { # tx_error: the leg refuses the packet
	edges_up
	circuit_up
	busywait counter_is primary/state up
	reaches "$cust" 10.9.0.1
	nsx "$cust" tc qdisc add dev leg1 clsact
	nsx "$cust" tc filter add dev leg1 egress protocol ip matchall action drop
	drops_begin primary/tx_error
	flow_send "$cust" -n 50 10.9.0.1
	drops_are primary/tx_error 50
}

test_tx_no_neigh() { # tx_no_neigh: the next hop does not answer
	edges_up
	erc_load
	ip -n "$pe1" link set c1 arp off
	erc add er0 primary leg1 via 169.254.10.2 neigh off
	circuit_routes er0
	busywait counter_is primary/state up
	drops_begin primary/tx_no_neigh
	# The socket gets no error, as with any drop behind a device
	expect_eq accepted "$(flow_send "$cust" -n 50 10.9.0.1)" 50
	# The packets wait for an answer at first
	becomes primary/tx_no_neigh 50
	drops_are primary/tx_no_neigh 50
}

# customer_down: set er0 down and up, and restore the route
customer_down()
{
	ip -n "$cust" link set er0 down
	ipb "$cust" <<-EOF
		link set er0 up
		route replace 10.9.0.0/24 dev er0 src 10.1.0.1
	EOF
}

test_tx_down() { # packets that are sent while er0 goes down count as dropped
	local i lost downs=10

	edges_up
	circuit_up
	flow_start there "$cust" -d 600 -r 4000 -S 10.1.0.1 10.9.0.1
	for ((i = 0; i < downs; i++)); do
		busywait traffic_by primary
		customer_down
	done
	flow_stop there
	lost=$(($(flow_accepted there) - $(counter primary/tx_packets) -
		$(net_file "$cust" er0/statistics/tx_dropped)))
	expect_ge lost "$lost" 0
	# A packet whose route is just being deleted is counted nowhere
	expect_le lost "$lost" "$downs"
}

test_rx_down() { # packets that a leg receives while er0 is down count as dropped
	local was

	edges_up
	circuit_up
	ip -n "$cust" link set er0 down
	was=$(net_file "$cust" er0/statistics/rx_dropped)
	nsx "$pe1" "$flow" send -n 50 -S 10.9.0.1 10.1.0.1 5000
	expect_eq rx_dropped \
		"$(($(net_file "$cust" er0/statistics/rx_dropped) - was))" 50
}

test_kept() { # the counters of a slot survive a change of its device, and er0's down and up
	local sent

	edges_up
	circuit_up
	flow_send "$cust" -n 50 10.9.0.1
	sent=$(counter primary/tx_packets)
	expect_ge tx "$sent" 1
	ip -n "$cust" link set leg1 nomaster
	ip -n "$cust" link set er0 down
	ip -n "$cust" link set er0 up
	expect_counter primary/tx_packets "$sent"
	ip -n "$cust" link set leg1 master er0
	expect_counter primary/tx_packets "$sent"
}

ktap_main
