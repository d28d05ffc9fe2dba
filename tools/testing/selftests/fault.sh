#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Injected faults: the packets that each one discards, how it is noticed, and
# that it is counted.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packets=300

# there N: send packets to the edge of the primary leg; N of them arrive
there()
{
	flow_listen one "$pe1"
	expect_eq sent "$(flow_send "$cust" -n "$packets" 10.9.0.1)" "$packets"
	expect_eq "received by the edge" "$(flow_result one received)" "$1"
}

# back N: the same from the edge to us
back()
{
	flow_listen here "$cust"
	expect_eq sent "$(flow_send "$pe1" -n "$packets" -S 10.9.0.1 10.1.0.1)" \
		"$packets"
	expect_eq "received by us" "$(flow_result here received)" "$1"
}

# edges_known: permanent neighbour entries keep the leg up, and the kernel sends
# no probes: only our packets can be lost
edges_known()
{
	edges_up
	circuit_up er0 "$@"
	reaches "$cust" 10.9.0.1
	ip -n "$cust" neigh replace 169.254.10.2 dev leg1 nud permanent \
		lladdr "$(net_file "$pe1" c1/address)"
	ip -n "$pe1" neigh replace 169.254.10.1 dev c1 nud permanent \
		lladdr "$(net_file "$cust" leg1/address)"
	ip -n "$cust" neigh replace fd00:10::2 dev leg1 nud permanent \
		lladdr "$(net_file "$pe1" c1/address)"
}

dropped()
{
	net_file "$cust" "er0/statistics/$1_dropped"
}

test_tx() { # fault tx: sent packets are discarded and counted, received ones pass
	edges_known
	there "$packets"
	erc leg er0 primary fault tx
	there 0
	back "$packets"
	expect_counter primary/tx_fault "$packets"
	expect_counter primary/rx_fault 0
	expect_eq dropped "$(dropped tx)" "$packets"
	# The circuit does not notice the fault: the leg is up
	now NR primary
	expect_counter primary/state up
	expect_counter primary/reason fault
	ip -n "$cust" -d link show er0 | grep ' fault tx secondary leg2 '
	erc log er0 | tee "$scratch/log"
	grep ' er0 leg primary up -> up reason fault$' "$scratch/log"
	erc leg er0 primary fault none
	there "$packets"
	expect_counter primary/reason none
	expect_counter primary/tx_fault "$packets"
	not grep -w fault <<<"$(ip -n "$cust" -d link show leg1)"
}

test_rx() { # fault rx: received packets are discarded and counted, sent ones pass
	local faults dropped

	edges_known
	erc leg er0 primary fault rx
	there "$packets"
	back 0
	# These include the leg's own packets, which arrive at any time
	faults=$(counter primary/rx_fault)
	dropped=$(dropped rx)
	expect_ge rx_fault "$faults" "$packets"
	expect_counter primary/tx_fault 0
	expect_ge "rx dropped" "$dropped" "$faults"
	expect_le "rx dropped" "$dropped" "$(counter primary/rx_fault)"
	expect_counter primary/rx_packets 1
	ip -n "$cust" link set leg1 type ercircuit_slave fault none
	back "$packets"
}

test_blackhole() { # fault blackhole: both directions, including the leg's own packets
	edges_known
	erc leg er0 primary fault blackhole
	there 0
	back 0
	not reaches "$pe1" 169.254.10.1
	expect_counter primary/tx_fault "$packets"
	expect_ge rx_fault "$(counter primary/rx_fault)" $((packets + 1))
	now NR primary
	# The other leg is not affected
	erc set er0 switch forced
	reaches "$cust" 10.9.0.1
	expect_counter secondary/tx_fault 0
	erc set er0 switch clear
	erc leg er0 primary fault none
	there "$packets"
}

test_neigh() { # a blackhole is noticed when the next hop does not answer
	edges_up
	nsx "$cust" sh -c "cd /proc/sys/net/ipv4/neigh/leg1
		echo 300 >base_reachable_time_ms
		echo 1 >ucast_solicit
		echo 1 >mcast_solicit
		echo 1 >delay_first_probe_time"
	circuit_up er0 wtr 0
	reaches "$cust" 10.9.0.1
	erc leg er0 primary fault blackhole
	busywait counter_is active secondary
	expect_counter primary/reason neigh
	reaches "$cust" 10.9.0.1
	erc leg er0 primary fault none
	busywait counter_is active primary
	expect_counter primary/reason none
}

test_down() { # fault down: signal fail immediately, without hold-off
	edges_known wtr 0 hold-off 10s
	erc leg er0 primary fault down
	now SF secondary
	expect_counter primary/state down
	expect_counter primary/reason fault
	expect_counter last_switch_reason fault
	expect_counter primary/sf_events 1
	reaches "$cust" 10.9.0.1
	back 0
	expect_ge rx_fault "$(counter primary/rx_fault)" "$packets"
	expect_counter primary/tx_fault 0
	refused "overridden by signal fail on primary (SF)" \
		erc set er0 switch manual-secondary
	erc leg er0 primary fault none
	now NR primary
	# The refusal considers the state after the request
	refused "overridden by signal fail on secondary (SF-P)" \
		erc set er0 secondary leg2 fault down switch forced
	erc set er0 secondary leg2 fault down
	now SF-P primary
	erc set er0 secondary leg2 fault none switch forced
	now FS secondary
}

under_way()
{
	[ "$(counter primary/tx_packets)" -ge 1000 ]
}

test_down_traffic() { # fault down and none lose no packet under traffic
	local i

	edges_known wtr 0
	flow_start there "$cust" -r 20000 -d 3600 10.9.0.1
	busywait under_way
	for ((i = 0; i < 200; i++)); do
		echo "link set leg1 type ercircuit_slave fault down"
		echo "link set leg1 type ercircuit_slave fault none"
	done | ipb "$cust"
	expect_counter primary/sf_events 200
	expect_counter primary/tx_fault 0
	expect_counter tx_no_leg 0
}

test_slot() { # a fault belongs to the slot, not to its device
	edges_up
	circuit_up er0 wtr 0
	ip -n "$cust" link add leg3 type dummy
	ip -n "$cust" link set leg3 up
	erc leg er0 primary novia fault down
	erc set er0 noprimary
	expect_counter primary/reason config
	ip -n "$cust" link set leg3 master er0
	expect_counter primary/device leg3
	expect_counter primary/state down
	expect_counter primary/reason fault
	now SF secondary
	erc leg er0 primary fault none
	busywait counter_is primary/state up
}

ktap_main
