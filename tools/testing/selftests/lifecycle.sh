#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Devices, namespaces and the module are added and removed under traffic:
# nothing crashes, slot counters stay, and each change sends an event.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# traffic_start: send from cust to the edges in the background until traffic_end
traffic_start()
{
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	flow_start there "$cust" -d 600 -r 3000 -f 8 10.9.0.1
	busywait traffic_by primary
}

traffic_end()
{
	flow_stop there
	sent=$(flow_accepted there)
	received=$(($(flow_result one received) + $(flow_result two received)))
	expect_ge sent "$sent" 1
}

# events_start: write the output of "ip monitor" to a file from now on
events_start()
{
	ip -n "$cust" monitor link >"$scratch/events" &
	defer kill $!
	busywait events_work
	seen=$(grep -c er0: "$scratch/events" || true)
}

# events_work: succeed if the monitor has reported a change, which shows that it
# listens
events_work()
{
	ip -n "$cust" link set lo mtu 60000
	ip -n "$cust" link set lo mtu 65536
	[ -s "$scratch/events" ]
}

# told: the monitor has reported er0 since the last call
told()
{
	busywait told_more
	seen=$(grep -c er0: "$scratch/events")
}

told_more()
{
	[ "$(grep -c er0: "$scratch/events")" -gt "$seen" ]
}

# third_leg: create leg3 to pe1, ready to be attached
third_leg()
{
	veth_pair "$cust" leg3 "$pe1" c3
	addr_add "$cust" leg3 169.254.10.9/30 fd00:12::1/64
	addr_add "$pe1" c3 169.254.10.10/30 fd00:12::2/64
	# The edge's route to the customer uses c1
	"$netns" write "$pe1" ipv4/conf/c3/rp_filter 2
}

test_detach() { # detach and attach lose no packet under traffic
	local was

	edges_up
	circuit_up er0 wtr 0
	events_start
	traffic_start
	was=$(counter primary/tx_packets)
	ip -n "$cust" link set leg1 nomaster
	told
	expect_counter primary/state empty
	expect_counter primary/via "169.254.10.2 fd00:10::2"
	expect_ge "kept counter" "$(counter primary/tx_packets)" "$was"
	busywait traffic_by secondary
	ip -n "$cust" link set leg1 master er0
	told
	busywait traffic_by primary
	traffic_end
	expect_eq received "$received" "$sent"
}

test_replace() { # replacing the device of a slot loses no packet under traffic
	edges_up
	third_leg
	circuit_up
	events_start
	traffic_start
	erc set er0 primary leg3 novia via 169.254.10.10
	told
	expect_counter primary/device leg3
	expect_counter active primary
	busywait traffic_by primary
	not grep -q master <<<"$(ip -n "$cust" link show leg1)"
	traffic_end
	expect_eq received "$received" "$sent"
	expect_eq "tx of the slots" "$(($(counter primary/tx_packets) +
		$(counter secondary/tx_packets)))" "$sent"
}

test_swap() { # one request swaps the two legs
	edges_up
	circuit_up
	traffic_start
	erc set er0 primary leg2 novia via 169.254.10.6 \
		secondary leg1 novia via 169.254.10.2
	expect_counter primary/device leg2
	expect_counter secondary/device leg1
	busywait traffic_by primary
	traffic_end
	expect_eq received "$received" "$sent"
}

test_device_deleted() { # a leg's device is deleted under traffic
	local was

	edges_up
	circuit_up
	events_start
	traffic_start
	was=$(counter primary/tx_packets)
	ip -n "$cust" link del leg1
	told
	expect_counter primary/state empty
	expect_counter primary/device ""
	expect_ge "kept counter" "$(counter primary/tx_packets)" "$was"
	busywait traffic_by secondary
	traffic_end
	accounted
}

# accounted: er0 counts the packets that the removed leg dropped, and they are
# few. Up to a thousand packets that were in the cable are lost with it.
accounted()
{
	local tx dropped

	tx=$(net_file "$cust" er0/statistics/tx_packets)
	dropped=$(net_file "$cust" er0/statistics/tx_dropped)
	expect_ge counted "$((tx + dropped))" "$sent"
	expect_le tx "$tx" "$sent"
	expect_le dropped "$dropped" 200
	expect_ge received "$((received + 1000))" "$tx"
}

# rename OLD NEW: rename a device that is up, which Linux 6.1 refuses
rename()
{
	ip -n "$cust" link set "$1" name "$2" ||
		skip "this kernel renames no device that is up"
}

test_device_renamed() { # a leg's device is renamed
	edges_up
	circuit_up
	events_start
	rename leg1 left
	told
	expect_counter primary/device left
	reaches "$cust" 10.9.0.1
	expect_counter primary/tx_packets 1
}

test_circuit_renamed() { # the circuit is renamed under traffic
	edges_up
	circuit_up
	traffic_start
	rename er0 circuit0
	expect_eq primary "$(counter primary/device circuit0)" leg1
	ip -n "$cust" link set circuit0 name er0
	busywait traffic_by primary
	traffic_end
	expect_eq received "$received" "$sent"
}

test_device_moved() { # a leg's device that moves to another namespace leaves the circuit
	local other

	edges_up
	setup_ns other
	circuit_up
	events_start
	traffic_start
	ip -n "$cust" link set leg1 netns "$other"
	told
	expect_counter primary/state empty
	busywait traffic_by secondary
	ip -n "$other" link set leg1 netns "$cust"
	ip -n "$cust" link set leg1 up
	addr_add "$cust" leg1 169.254.10.1/30 fd00:10::1/64
	ip -n "$cust" link set leg1 master er0
	expect_counter primary/device leg1
	traffic_end
	accounted
}

# tenant_up: move er0 from cust, where its legs stay, to a tenant
tenant_up()
{
	edges_up
	setup_ns tenant
	circuit_up
	ip -n "$cust" link set er0 netns "$tenant"
}

# tenant_counter FILE: print a file of the circuit in the tenant
tenant_counter()
{
	net_file "$tenant" "er0/ercircuit/$1"
}

tenant_routes()
{
	local cust=$tenant

	circuit_routes er0
}

test_circuit_moved() { # the circuit moves to a tenant's namespace and works there
	local tenant

	tenant_up
	tenant_routes
	reaches "$tenant" 10.9.0.1
	reaches "$tenant" fd09::1
	reaches "$pe1" 10.1.0.1 -I 10.9.0.1
	expect_eq tx "$(tenant_counter primary/tx_packets)" 3
	# The leg's device and its name belong to the provider, so the tenant
	# sees none
	expect_eq device "$(tenant_counter primary/device)" ""
	ip -n "$pe1" link set c1 down
	reaches "$tenant" 10.9.0.1
	expect_eq tx "$(tenant_counter secondary/tx_packets)" 1
	nsx "$tenant" ercircuit set er0 mode active-active
	ip -n "$tenant" link set er0 netns "$cust"
	expect_counter primary/device leg1
	expect_counter primary/tx_packets 3
}

test_circuit_netns_deleted() { # the circuit is deleted with its namespace, and its legs are free
	local tenant

	tenant_up
	tenant_routes
	reaches "$tenant" 10.9.0.1
	ns_del "$tenant"
	busywait leg_free leg1
	leg_free leg2
	reaches "$cust" 169.254.10.2
	# The legs can be attached again
	circuit_up
	reaches "$cust" 10.9.0.1
}

test_legs_netns_deleted() { # the legs are deleted with their namespace, and the circuit stays
	local tenant

	tenant_up
	tenant_routes
	reaches "$tenant" 10.9.0.1
	nsx_exec "$tenant" ping -q -i0.002 10.9.0.1 >"$scratch/ping" &
	defer kill -9 $!
	ns_del "$cust"
	busywait tenant_empty
	expect_ge tx "$(tenant_counter primary/tx_packets)" 1
	expect_eq active "$(tenant_counter active)" none
	not reaches "$tenant" 10.9.0.1
	expect_ge tx_no_leg "$(tenant_counter tx_no_leg)" 1
}

tenant_empty()
{
	[ "$(tenant_counter primary/state)" = empty ] &&
		[ "$(tenant_counter secondary/state)" = empty ]
}

test_peer_netns_deleted() { # the far end's namespace is deleted, and the veth with it
	edges_up
	circuit_up
	events_start
	traffic_start
	ip netns del "$pe1" || true
	kill -9 "$(cat "$scratch/one.pid")"
	busywait counter_is primary/state empty
	told
	busywait traffic_by secondary
	flow_stop there
}

test_delete_under_traffic() { # the circuit is deleted under traffic
	local i

	edges_up
	for i in 1 2 3; do
		circuit_up
		traffic_start
		flow_port=7 flow_start back "$pe1" -d 1 10.1.0.1
		ip -n "$cust" link del er0
		flow_stop there
		flow_end one
		flow_end two
		flow_wait back
	done
}

# busy_circuits: create circuits of every kind, with traffic both ways
busy_circuits()
{
	circuit_up er0 mode active-active wtr 1ms fail open
	nsx "$cust" ercircuit add er1 primary er0
	ip -n "$cust" link set er1 up
	ip -n "$cust" link add er2 type ercircuit
	ip -n "$cust" link set er2 up
	flow_start there "$cust" -d 30 -r 2000 -f 8 10.9.0.1
	flow_start back "$pe1" -d 30 -r 2000 10.1.0.1
	pings 2 "$cust" 10.9.0.1
}

test_unload() { # the module unloads while circuits are up and traffic runs, three times
	local i

	for i in 1 2 3; do
		# A link that was down has lost its addresses and routes
		edges_up
		busy_circuits
		# A failing leg has pending work and timers
		ip -n "$pe1" link set c1 down
		rmmod ercircuit
		not ip -n "$cust" link show er0
		leg_free leg1
	done
	reaches "$cust" 169.254.10.6
}

test_unload_held() { # a sysfs reader and a shell in the sysfs folder do not hold the module
	edges_up
	circuit_up
	nsx "$cust" sh -c "cd /run/sys-$cust/class/net/er0/ercircuit/primary &&
		while cat tx_packets >/dev/null 2>&1; do :; done; sleep 1000" &
	defer kill -9 $!
	reaches "$cust" 10.9.0.1
	rmmod ercircuit
	not test -e /sys/module/ercircuit
}

ktap_main
