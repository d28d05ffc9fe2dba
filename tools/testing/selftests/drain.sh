#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Planned maintenance of a leg: its traffic moves away and back without loss.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

test_drain() { # a drained leg is degraded, carries no packets, and is counted
	edges_up
	circuit_up er0 wtr 0
	erc leg er0 primary drain on
	now SD secondary
	expect_counter primary/state degraded
	expect_counter primary/reason drain
	expect_counter last_switch_reason drain
	expect_counter primary/sd_events 1
	expect_counter primary/sf_events 0
	reaches "$cust" 10.9.0.1
	expect_counter primary/tx_packets 0
	# It continues to receive; the answer goes to the other edge
	nsx "$pe1" ping -q -c1 -W1 -I 10.9.0.1 10.1.0.1 || true
	expect_counter primary/rx_packets 1
	ip -n "$cust" -d link show leg1 | grep ' neigh on drain on '
	ip -n "$cust" link set leg1 type ercircuit_slave drain off
	now NR primary
	expect_counter primary/state up
	expect_counter primary/reason none
	not grep -w drain <<<"$(ip -n "$cust" -d link show leg1)"
	erc log er0 >"$scratch/log"
	grep ' er0 leg primary up -> degraded reason drain$' "$scratch/log"
	grep ' er0 leg primary degraded -> up reason none$' "$scratch/log"
	grep ' er0 switch primary -> secondary reason drain$' "$scratch/log"
}

test_wait() { # after maintenance the leg is up, and the wait to restore runs
	edges_up
	circuit_up er0 wtr 300s
	erc leg er0 primary drain on
	erc leg er0 primary drain off
	now WTR secondary
	expect_counter primary/state up
	erc set er0 switch clear
	now NR primary
	erc leg er0 secondary drain on
	now SD primary
	expect_counter switches 3
}

test_only() { # a drained leg is used if no other works
	edges_up
	circuit_up er0 wtr 0
	ip -n "$cust" link set leg2 down
	erc leg er0 primary drain on
	now SF-P primary
	expect_counter primary/state degraded
	reaches "$cust" 10.9.0.1
	ip -n "$cust" link set leg2 up
	busywait counter_is active secondary
	erc leg er0 secondary drain on
	# Both are drained: the secondary stays active, and nothing moves
	now SD secondary
	ip -n "$cust" link set leg1 down
	expect_counter primary/state down
	expect_counter primary/sf_events 1
	expect_eq up_ns "$(($(counter primary/up_ns) > 0))" 1
}

test_slot() { # the drain setting belongs to the slot, not to its device
	edges_up
	circuit_up er0
	erc set er0 nosecondary
	erc leg er0 secondary drain on
	expect_counter secondary/state empty
	ip -n "$cust" link set leg2 master er0
	busywait counter_is secondary/state degraded
	erc set er0 mode active-active
	now SD primary
	erc log er0 | tee "$scratch/log"
	grep ' er0 leg secondary .* -> degraded reason drain after ' "$scratch/log"
}

# Packets of each direction, sent at full speed; no receiver's buffer is too
# small
packets=60000

test_traffic() { # drain and undrain lose, duplicate and reorder no packet
	local back i there

	# Both legs lead to one receiver. On one processor, no packet can
	# overtake another.
	topology_up
	circuit_up er0 wtr 0
	reaches "$cust" 10.9.0.1
	erc leg er0 primary drain on
	reaches "$cust" 10.9.0.1
	flow_listen there "$cloud"
	flow_listen back "$cust"
	nsx_exec "$cust" taskset -c 0 "$flow" send -n "$packets" -f 16 \
		10.9.0.1 5000 >"$scratch/there" &
	there=$!
	nsx_exec "$cloud" taskset -c $((1 % $(nproc))) "$flow" send -n "$packets" -f 16 \
		-S 10.9.0.1 10.1.0.1 5000 >"$scratch/back" &
	back=$!
	for ((i = 0; i < 50; i++)); do
		echo "link set leg1 type ercircuit_slave drain off"
		echo "link set leg1 type ercircuit_slave drain on"
	done >"$scratch/batch"
	while kill -0 "$there" || kill -0 "$back"; do
		ip -n "$cust" -batch "$scratch/batch"
	done
	wait "$there"
	wait "$back"
	cat "$scratch/there" "$scratch/back"
	expect_eq received "$(flow_result there received)" "$packets"
	expect_eq lost "$(flow_result there lost)" 0
	expect_eq reordered "$(flow_result there reordered)" 0
	expect_eq "received back" "$(flow_result back received)" "$packets"
	expect_eq "lost back" "$(flow_result back lost)" 0
	expect_eq "reordered back" "$(flow_result back reordered)" 0
	expect_ge sd_events "$(counter primary/sd_events)" 51
	expect_ge "tx of primary" "$(counter primary/tx_packets)" 100
	expect_ge "tx of secondary" "$(counter secondary/tx_packets)" 100
}

ktap_main
