#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A circuit whose legs lead back into a circuit: the kernel drops a packet that
# is nested too deeply, and the drop is counted.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The kernel permits at most nine nested transmissions
deepest=9
packets=20

# tunnel NAME KIND LOCAL REMOTE: create the tunnel and set it up; skip if the
# kernel lacks the kind
tunnel()
{
	local options=()

	case $2 in
	vxlan)	options=(id 7 dstport 4789 nolearning) ;;
	esac
	ip -n "$cust" link add "$1" type "$2" local "$3" remote "$4" \
		"${options[@]}" 2>/dev/null || skip "no $2 links here"
	ip -n "$cust" link set "$1" up
}

# routes CIRCUIT N: set the circuit up, and add the customer's address N and its
# routes to cloud N
routes()
{
	ipb "$cust" <<-EOF
		link set $1 up
		addr add 10.$2.0.1/32 dev $1
		addr add fd0$2::1/128 dev $1 nodad
		route add 10.9.$2.0/24 dev $1 src 10.$2.0.1
		route add fd09:$2::/64 dev $1 src fd0$2::1
	EOF
}

# lost: print the number of packets that any device counts as dropped: a
# circuit, its leg, or a tunnel below it. Tunnels of newer kernels have a
# nesting limit of their own.
lost()
{
	local file n total=0

	for file in "$(ns_sys "$cust")"/class/net/*/statistics/tx_{errors,dropped}; do
		read -r n <"$file"
		total=$((total + n))
	done
	echo "$total"
}

sent()
{
	local er total=0

	for er; do
		total=$((total + $(counter primary/tx_packets "$er")))
	done
	echo "$total"
}

# bounded ADDRESS CIRCUITS...: packets to ADDRESS are dropped and counted before
# they are nested too deeply
bounded()
{
	local address=$1 sent lost

	shift
	sent=$(sent "$@")
	lost=$(lost)
	flow_send "$cust" -n "$packets" "$address"
	sent=$(($(sent "$@") - sent))
	lost=$(($(lost) - lost))
	echo "$packets packets: sent $sent times, lost $lost"
	expect_ge "times sent" "$sent" "$packets"
	expect_le "times sent" "$sent" $((packets * deepest))
	expect_ge lost "$lost" "$packets"
}

# itself KIND LOCAL REMOTE ADDRESS: er0's only leg is a tunnel over er0
itself()
{
	setup_ns cust
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	tunnel leg1 "$1" "$2" "$3"
	ip -n "$cust" link set leg1 master er0
	routes er0 1
	bounded "$4" er0
}

test_gre() { # a circuit over a GRE tunnel over itself
	itself gre 10.1.0.1 10.9.1.2 10.9.1.1
}

test_gre_watched() { # the same while tcpdump runs on er0
	need tcpdump
	itself gre 10.1.0.1 10.9.1.2 10.9.1.1
	tcpdump_start "$cust" "$scratch/tcpdump" -U -ni er0 -w "$scratch/cap"
	defer kill $!
	bounded 10.9.1.1 er0
}

test_ip6gre() { # a circuit over an IPv6 GRE tunnel over itself
	itself ip6gre fd01::1 fd09:1::2 fd09:1::1
}

test_mixed() { # IPv4 over an IPv6 tunnel over itself
	itself ip6gre fd01::1 fd09:1::2 10.9.1.1
}

test_vxlan() { # a circuit over a tunnel with Ethernet headers, with next hops
	itself vxlan 10.1.0.1 10.9.1.2 10.9.1.1
	addr_add "$cust" leg1 169.254.10.1/30
	ip -n "$cust" neigh add 169.254.10.2 dev leg1 \
		lladdr 02:00:00:00:00:01 nud permanent
	erc set er0 primary leg1 via 169.254.10.2
	bounded 10.9.1.1 er0
}

test_bridge() { # a tunnel that is attached later to the bridge below a circuit
	setup_ns cust
	erc_load
	ipb "$cust" <<-EOF
		link add leg1 address 02:00:00:00:00:02 up type bridge
		link add port type dummy
		link set port master leg1
		link set port up
		addr add 169.254.10.1/30 dev leg1
		neigh add 169.254.10.2 dev leg1 lladdr 02:00:00:00:00:01 nud permanent
		link add er0 type ercircuit primary leg1 via 169.254.10.2
	EOF
	routes er0 1
	tunnel vx vxlan 10.1.0.1 10.9.1.2
	flow_send "$cust" -n 1 10.9.1.1
	expect_counter primary/tx_error 0
	ip -n "$cust" link set vx master leg1
	ip -n "$cust" link del port
	bounded 10.9.1.1 er0
	ip -n "$cust" link set vx nomaster
}

test_each_other() { # two circuits over each other's tunnels
	setup_ns cust
	erc_load
	ipb "$cust" <<-EOF
		link add er0 type ercircuit
		link add er1 type ercircuit
	EOF
	erc set er0 reach er1
	tunnel leg1 gre 10.2.0.1 10.9.2.2
	tunnel leg2 ip6gre fd01::1 fd09:1::2
	ip -n "$cust" link set leg1 master er0
	ip -n "$cust" link set leg2 master er1
	routes er0 1
	routes er1 2
	bounded 10.9.1.1 er0 er1
	bounded fd09:2::1 er0 er1
}

test_stack() { # circuits over each other, over a tunnel over the topmost
	local i circuits=(er0)

	setup_ns cust
	erc_load
	ip -n "$cust" link add er0 type ercircuit fail open
	for i in 1 2 3 4 5; do
		addr_add "$cust" "er$((i - 1))" "169.254.2$i.1/30"
		ip -n "$cust" link add "er$i" type ercircuit fail open \
			primary "er$((i - 1))" via "169.254.2$i.2"
		circuits+=("er$i")
	done
	for i in "${circuits[@]}"; do
		ip -n "$cust" link set "$i" up
	done
	tunnel leg1 gre 10.1.0.1 10.9.1.2
	ip -n "$cust" link set leg1 master er0
	routes er5 1
	busywait counter_is active primary er5
	bounded 10.9.1.1 "${circuits[@]}"
	bounded fd09:1::1 "${circuits[@]}"
}

test_below() { # a circuit works as the leg of another circuit
	edges_up
	erc_load
	nsx "$cust" ercircuit add low primary leg1 via 169.254.10.2 fail open
	ip -n "$cust" link set low up
	ip -n "$cust" link add er0 type ercircuit primary low
	circuit_routes er0
	busywait reaches "$cust" 10.9.0.1
	expect_counter tx_loop 0
	expect_counter tx_loop 0 low
}

ktap_main
