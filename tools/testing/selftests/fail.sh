#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Failures of the circuit while an internet connection has a route to the same
# destinations. With fail closed, no packet leaves by the internet; with fail
# open, all do.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The topology: a host behind the customer's router, and an internet that also
# reaches the cloud, so that packets which leave by it are answered.
#
#	lan -- lan0 cust inet0 -- inet (10.9.0.0/24, fd09::/64 and the rest)
world_up()
{
	edges_up
	setup_ns lan inet
	# shellcheck disable=SC2154
	ipb "$cust" <<-EOF
		link add lan0 type veth peer name eth0 netns $lan
		link add inet0 type veth peer name eth0 netns $inet
		link set lan0 up
		link set inet0 up
	EOF
	addr_add "$cust" lan0 10.1.0.65/26 fd01::1:1/112
	addr_add "$cust" inet0 192.0.2.1/30 2001:db8:2::1/126
	# shellcheck disable=SC2154
	ipb "$lan" <<-EOF
		link set eth0 up
		addr add 10.1.0.66/26 dev eth0
		addr add fd01::1:2/112 dev eth0 nodad
		route add default via 10.1.0.65
		route add default via fd01::1:1
	EOF
	# shellcheck disable=SC2154
	ipb "$inet" <<-EOF
		link set eth0 up
		addr add 192.0.2.2/30 dev eth0
		addr add 2001:db8:2::2/126 dev eth0 nodad
		$cloud_lines
		route add 10.1.0.0/24 via 192.0.2.1
		route add fd01::/64 via 2001:db8:2::1
	EOF
	ipb "$cust" <<-EOF
		route add default via 192.0.2.2
		route add default via 2001:db8:2::2
	EOF
	forwarding_on "$cust"
}

# senders: send local and forwarded packets of both families until the test ends
senders()
{
	local to

	for to in 10.9.0.1 fd09::1; do
		flow_start "here $to" "$cust" -r 500 -d 3600 "$to"
		flow_start "lan $to" "$lan" -r 500 -d 3600 "$to"
	done
}

# capture NS DEV: capture packets that leave by DEV to the cloud, in
# $scratch/leaks
capture()
{
	tcpdump_start "$1" "$scratch/tcpdump-$2" -i "$2" -nn -l -Q out \
		'dst net 10.9.0.0/24 or dst net fd09::/64' >>"$scratch/leaks"
	defer kill -9 $!
}

# moved COUNTER: the counter grows by some hundreds while packets are sent
moved()
{
	local from

	from=$(counter "$1")
	busywait more "$1" $((from + 200))
}

more()
{
	[ "$(counter "$1")" -gt "$2" ]
}

# through SLOT|none: packets use this leg, or are dropped
through()
{
	if [ "$1" = none ]; then
		moved tx_no_leg
	else
		moved "$1/tx_packets"
	fi
}

# wire N cut, wire N mended: the edge loses its addresses and routes when it is
# cut
wire()
{
	local ns=pe$1 n=$(($1 - 1))

	if [ "$2" = cut ]; then
		ip -n "${!ns}" link set "c$1" down
		return
	fi
	ipb "${!ns}" <<-EOF
		link set c$1 up
		addr replace fd00:1$n::2/64 dev c$1 nodad
		$(customer_lines 169.254.10.$((4 * n + 1)) "fd00:1$n::1")
	EOF
}

# faults: ACTION|UNDO|WHERE, each with ip commands for namespaces and wires
faults()
{
	cat <<-EOF
		wire 1 cut|wire 1 mended|secondary
		wire 2 cut|wire 2 mended|primary
		cust link set leg1 down|cust link set leg1 up|secondary
		cust link set leg1 type ercircuit_slave fault down|cust link set leg1 type ercircuit_slave fault none|secondary
		cust link set leg1 type ercircuit_slave drain on|cust link set leg1 type ercircuit_slave drain off|secondary
		cust link set er0 type ercircuit switch forced|cust link set er0 type ercircuit switch clear|secondary
		cust link set leg1 nomaster|cust link set leg1 master er0|secondary
		wire 1 cut;wire 2 cut|wire 1 mended;wire 2 mended|none
		cust link set leg1 down;cust link set leg2 down|cust link set leg1 up;cust link set leg2 up|none
		cust link set leg1 type ercircuit_slave fault down;cust link set leg2 type ercircuit_slave fault down|cust link set leg1 type ercircuit_slave fault none;cust link set leg2 type ercircuit_slave fault none|none
		cust link set leg1 nomaster;cust link set leg2 nomaster|cust link set leg1 master er0;cust link set leg2 master er0|none
	EOF
}

# act COMMANDS: run "NS ip command;..."
act()
{
	local commands command ns

	IFS=';' read -ra commands <<<"$1"
	for command in "${commands[@]}"; do
		ns=${command%% *}
		if [ "$ns" = wire ]; then
			# shellcheck disable=SC2086
			wire ${command#* }
			continue
		fi
		# shellcheck disable=SC2086
		ip -n "${!ns}" ${command#* }
	done
}

# rests MODE: packets use the legs that MODE uses without a fault
rests()
{
	through primary
	[ "$1" = active-backup ] || through secondary
}

# closed_matrix MODE: no fault lets a packet leave by the internet
closed_matrix()
{
	local fault undo where

	while IFS='|' read -r fault undo where; do
		echo "+ $1: $fault"
		act "$fault"
		through "$where"
		act "$undo"
		rests "$1"
	done < <(faults)
	# With a blackhole, packets are lost on the leg
	act "cust link set leg1 type ercircuit_slave fault blackhole;cust link set leg2 type ercircuit_slave fault blackhole"
	moved primary/tx_fault
	act "cust link set leg1 type ercircuit_slave fault none;cust link set leg2 type ercircuit_slave fault none"
	rests "$1"
	# The edges stop answering
	nsx "$pe1" ip link set c1 addr 02:00:00:00:00:01
	nsx "$pe2" ip link set c2 addr 02:00:00:00:00:02
	nsx "$pe1" ip link set c1 arp off
	nsx "$pe2" ip link set c2 arp off
	ipb "$cust" <<-EOF
		neigh del 169.254.10.2 dev leg1
		neigh del fd00:10::2 dev leg1
		neigh del 169.254.10.6 dev leg2
		neigh del fd00:11::2 dev leg2
	EOF
	busywait counter_is active none
	through none
}

test_closed() { # by default, packets leave only by a leg, whatever fails
	local mode

	world_up
	circuit_up er0 wtr 0
	: >"$scratch/leaks"
	capture "$cust" inet0
	capture "$cust" lan0
	senders
	for mode in active-backup active-active; do
		erc set er0 mode "$mode" primary leg1 neigh on secondary leg2 neigh on
		rests "$mode"
		closed_matrix "$mode"
		[ ! -s "$scratch/leaks" ] || fail "$(head "$scratch/leaks")"
		nsx "$pe1" ip link set c1 arp on
		nsx "$pe2" ip link set c2 arp on
		busywait not counter_is active none
	done
	# Check that the capture would have seen a leak
	ip -n "$cust" route del 10.9.0.0/24 dev er0
	busywait test -s "$scratch/leaks"
}

test_state() { # by default, no packet leaves when the contract's state stops traffic
	world_up
	circuit_up er0 key 6f9619ff-8b86-d011-b42d-00cf4fc964ff \
		provider-state provisioned
	: >"$scratch/leaks"
	capture "$cust" inet0
	senders
	through primary
	erc set er0 circuit-state disabled
	moved tx_state
	[ ! -s "$scratch/leaks" ] || fail "$(head "$scratch/leaks")"
}

# linkdown_ignored: the kernel ignores routes of devices without carrier
linkdown_ignored()
{
	"$netns" write "$cust" ipv4/conf/er0/ignore_routes_with_linkdown 1
	"$netns" write "$cust" ipv6/conf/er0/ignore_routes_with_linkdown 1
}

carrier_is()
{
	[ "$(net_file "$cust" er0/carrier)" = "$1" ]
}

# answered: lan and the router itself get answers
answered()
{
	local to

	for to in 10.9.0.1 fd09::1; do
		reaches "$cust" "$to" && reaches "$lan" "$to" || return
	done
}

# by_internet, by_circuit: the answers come from there
by_internet()
{
	local before

	before=$(net_file "$cust" er0/statistics/tx_packets)
	answered &&
		[ "$(net_file "$cust" er0/statistics/tx_packets)" -eq "$before" ]
}

by_circuit()
{
	local before

	before=$(net_file "$cust" er0/statistics/tx_packets)
	answered &&
		[ "$(net_file "$cust" er0/statistics/tx_packets)" -ge $((before + 4)) ]
}

test_open() { # with fail open, packets use the other path, and later return
	local mode

	world_up
	circuit_up er0 wtr 0 fail open
	linkdown_ignored
	for mode in active-backup active-active; do
		erc set er0 mode "$mode"
		busywait by_circuit
		# One working leg is enough
		act "wire 1 cut"
		busywait counter_is active secondary
		busywait by_circuit
		act "wire 2 cut"
		busywait by_internet
		carrier_is 0
		act "wire 2 mended"
		busywait by_circuit
		carrier_is 1
		act "wire 1 mended"
		busywait not counter_is active secondary
	done
	# A circuit without legs that becomes fail closed stops packets
	# immediately
	act "wire 1 cut;wire 2 cut"
	busywait by_internet
	erc set er0 fail closed
	busywait carrier_is 1
	not by_internet
}

test_open_state() { # with fail open, a contract's state redirects packets, too
	world_up
	circuit_up er0 fail open key 6f9619ff-8b86-d011-b42d-00cf4fc964ff
	linkdown_ignored
	busywait by_internet
	erc set er0 provider-state provisioning
	erc set er0 provider-state provisioned
	busywait by_circuit
	erc set er0 circuit-state disabled
	busywait by_internet
}

test_open_counts() { # packets that are sent while the carrier is lost are counted or delivered
	world_up
	circuit_up er0 fail open wtr 0
	act "wire 1 cut;wire 2 cut"
	busywait link_is_down
	expect_counter tx_no_leg 0
	flow_send "$cust" -n 50 10.9.0.1
	flow_send "$cust" -n 50 fd09::1
	expect_counter tx_no_leg 100
}

# link_is_down: the kernel has noticed the lost carrier and changed the qdisc
link_is_down()
{
	ip -n "$cust" link show er0 | grep 'state DOWN'
}

# --- FRR manages the routes ---------------------------------------------------

# zebra_up NS CONFIG: start zebra and staticd only. By default, zebra replaces
# an IPv6 route by deleting it first, which leaves a gap.
zebra_up()
{
	local dir=$scratch/frr daemon

	need /usr/lib/frr/zebra /usr/lib/frr/staticd
	rm -rf "$dir"
	mkdir "$dir"
	chmod 755 "$scratch"
	echo "$2" >"$dir/frr.conf"
	chown -R frr:frr "$dir"
	for daemon in "zebra --v6-rr-semantics" staticd; do
		# shellcheck disable=SC2086
		nsx_exec "$1" /usr/lib/frr/$daemon -f "$dir/frr.conf" -P 0 \
			--vty_socket "$dir" -z "$dir/zserv.api" \
			-i "$dir/${daemon%% *}.pid" >"$dir/${daemon%% *}.log" 2>&1 &
		defer kill -9 $!
		busywait test -S "$dir/${daemon%% *}.vty" ||
			fail "$(cat "$dir/${daemon%% *}.log")"
	done
}

# frr_routes: routes to the cloud by er0, and with a larger distance by the
# internet
frr_routes()
{
	ipb "$cust" <<-EOF
		route del 10.9.0.0/24 dev er0
		route del fd09::/64 dev er0
	EOF
	zebra_up "$cust" "
		ip route 10.9.0.0/24 er0
		ip route 10.9.0.0/24 192.0.2.2 200
		ipv6 route fd09::/64 er0
		ipv6 route fd09::/64 2001:db8:2::2 200"
	busywait by_circuit
}

test_frr_closed() { # fail closed: a routing daemon notices no failure
	world_up
	circuit_up er0 wtr 0
	frr_routes
	: >"$scratch/leaks"
	capture "$cust" inet0
	senders
	through primary
	act "wire 1 cut;wire 2 cut"
	through none
	act "cust link set leg1 nomaster;cust link set leg2 nomaster"
	through none
	[ ! -s "$scratch/leaks" ] || fail "$(head "$scratch/leaks")"
}

test_frr_open() { # fail open: a routing daemon uses the other path, and returns
	world_up
	circuit_up er0 wtr 0 fail open
	frr_routes
	act "wire 1 cut;wire 2 cut"
	busywait by_internet
	act "wire 2 mended"
	busywait by_circuit
}

ktap_main
