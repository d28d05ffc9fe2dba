#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Path MTU discovery over a tunnel as a leg: the sender of packets that are too
# large gets an ICMP error, whether er0 is watched or not, in the leg's
# namespace or in another.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# tunnel_up: $lan -- [$cust] er0 over leg1, GRE, == $pe1. The path below the
# tunnel has an MTU of 1400, which leaves 1376 of the tunnel's 1476.
tunnel_up()
{
	need_kind gre local 192.0.2.1 remote 192.0.2.2
	setup_ns lan cust pe1
	erc_load
	# shellcheck disable=SC2154
	veth_pair "$cust" low "$pe1" far
	addr_add "$cust" low 192.0.2.1/30
	addr_add "$pe1" far 192.0.2.2/30
	ipb "$cust" <<-EOF
		route replace 192.0.2.2/32 dev low mtu 1400
		link add leg1 type gre local 192.0.2.1 remote 192.0.2.2
		link set leg1 up
	EOF
	ipb "$pe1" <<-EOF
		link add leg1 type gre local 192.0.2.2 remote 192.0.2.1
		link set leg1 up
		route add 10.0.0.0/8 dev leg1
		route add fd01::/48 dev leg1
		$cloud_lines
	EOF
	erc add er0 primary leg1
}

# home_up NS: er0 is in NS, which routes for the LAN
home_up()
{
	# shellcheck disable=SC2154
	veth_pair "$1" lan0 "$lan" eth0
	forwarding_on "$1"
	ipb "$1" <<-EOF
		link set er0 up
		addr add 10.1.0.1/32 dev er0
		addr add fd01::1/128 dev er0 nodad
		route add 10.9.0.0/24 dev er0 src 10.1.0.1
		route add fd09::/64 dev er0 src fd01::1
		addr add 10.1.1.1/24 dev lan0
		addr add fd01:0:0:1::1/64 dev lan0 nodad
	EOF
	ipb "$lan" <<-EOF
		addr add 10.1.1.2/24 dev eth0
		addr add fd01:0:0:1::2/64 dev eth0 nodad
		route add default via 10.1.1.1
		route add default via fd01:0:0:1::1
	EOF
}

# told NS ADDRESS: packets of 1420 bytes from NS cause an error with MTU 1376
told()
{
	local size=1392

	[[ $2 != *:* ]] || size=1372
	ip -n "$1" route flush cache
	ip -n "$1" -6 route flush cache
	nsx "$1" ping -n -M "do" -c 4 -i 0.2 -W 1 -s "$size" "$2" \
		>"$scratch/ping" 2>&1 || true
	grep -E "mtu ?[:=] ?1376" "$scratch/ping" || fail "$(cat "$scratch/ping")"
}

# all_told NS: the same for packets of the host and of the LAN
all_told()
{
	local address

	for address in 10.9.0.1 fd09::1; do
		reaches "$1" "$address"
		told "$1" "$address"
		ip -n "$1" route flush cache
		ip -n "$1" -6 route flush cache
		reaches "$lan" "$address"
		told "$lan" "$address"
	done
}

# both_ways NS: without a watcher, and with each kind of watcher
both_ways()
{
	all_told "$1"
	tcpdump_start "$1" "$scratch/tcpdump" -i er0 -w /dev/null
	all_told "$1"
	kill $!
	tc -n "$1" qdisc add dev er0 root fq_codel
	all_told "$1"
}

test_here() { # er0 and its leg are in one namespace
	tunnel_up
	home_up "$cust"
	both_ways "$cust"
}

test_tenant() { # er0 is in the namespace of a tenant
	tunnel_up
	setup_ns tenant
	# shellcheck disable=SC2154
	ip -n "$cust" link set er0 netns "$tenant"
	home_up "$tenant"
	both_ways "$tenant"
}

test_foreign_route() { # a tenant's route does not change the destination of a tunnel
	tunnel_up
	setup_ns tenant
	veth_pair "$cust" low2 "$pe1" far2
	addr_add "$cust" low2 192.0.2.5/30
	addr_add "$pe1" far2 192.0.2.6/30
	ipb "$cust" <<-EOF
		link add leg2 type gre external
		link set leg2 up
	EOF
	erc set er0 primary leg2
	ip -n "$cust" link set er0 netns "$tenant"
	ipb "$tenant" <<-EOF || skip "no routes with a tunnel here"
		link set er0 up
		addr add 10.1.0.1/32 dev er0
		route add 10.9.0.0/24 encap ip id 7 src 192.0.2.5 dst 192.0.2.6 dev er0 src 10.1.0.1
	EOF
	nsx "$tenant" ping -q -c3 -i0.1 -W1 10.9.0.1 || true
	expect_eq "sent in a tunnel" "$(net_file "$cust" leg2/statistics/tx_packets)" 0
}

ktap_main
