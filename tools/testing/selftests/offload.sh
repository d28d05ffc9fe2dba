#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Offloads: er0 passes packets to the legs in the form that the legs can
# process.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# --- GSO packets ------------------------------------------------------------

# largest: print the size of the largest IP packet that pe1 received on leg 1
largest()
{
	sed -nE 's/.*[ ,(]length ([0-9]+).*/\1/p' "$scratch/frames" |
		sort -n | tail -n1
}

watch()
{
	tcpdump_start "$pe1" "$scratch/tcpdump" -i c1 -nn -Q in -l \
		"${@:-ip or ip6}" >"$scratch/frames"
	defer kill $!
}

watched()
{
	[ "$(largest)" -ge "$1" ]
}

test_gso() { # er0 passes a GSO packet of 64 KiB without segmenting it
	local address

	edges_up
	circuit_up
	watch udp
	flow_listen one "$pe1"
	# The receiver counts the 45 segments of 1400 bytes as 45 packets
	for address in 10.9.0.1 fd09::1; do
		expect_eq sent "$(flow_send "$cust" -n 10 -g 1400 -s 63000 \
			"$address")" 450
	done
	expect_eq received "$(flow_result one received)" 900
	expect_counter primary/tx_packets 20
	busywait watched 63000
}

# --- bulk transfers -----------------------------------------------------------

# bulk_all: send bulk data in both families and both directions
bulk_all()
{
	bulk "$cust" "$pe1" 10.9.0.1 10.1.0.1
	bulk "$pe1" "$cust" 10.1.0.1 10.9.0.1
	bulk "$cust" "$pe1" fd09::1 fd01::1
	bulk "$pe1" "$cust" fd01::1 fd09::1
}

bulk_up()
{
	need socat ss
	edges_up
	circuit_up
	head -c "${1:-4000000}" /dev/urandom >"$scratch/bulk"
}

test_tcp() { # TCP data is intact both ways, and is sent in large packets
	bulk_up
	bulk_all
	# 8 MB were sent; packets of the MTU would be more than 5000
	expect_le "packets sent" "$(counter primary/tx_packets)" 2500
	expect_ge "bytes sent" "$(counter primary/tx_bytes)" 8000000
}

test_checksum_off() { # TCP data is intact when the leg computes no checksums
	bulk_up 1000000
	nsx "$cust" ethtool -K leg1 tx off
	bulk_all
	nsx "$cust" ethtool -K leg1 tx on
	nsx "$cust" ethtool -K er0 tx off
	bulk_all
}

test_gso_off() { # TCP data is intact when the leg, or er0, cannot segment
	bulk_up 1000000
	nsx "$cust" ethtool -K leg1 tso off gso off
	bulk_all
	nsx "$cust" ethtool -K leg1 sg off tso on gso on
	bulk_all
	nsx "$cust" ethtool -K leg1 sg on
	nsx "$cust" ethtool -K er0 tso off gso off
	bulk_all
}

test_gro() { # TCP data is intact with GRO on the leg, and arrives in large packets
	bulk_up
	nsx "$cust" ethtool -K leg1 gro on tso off gso off
	nsx "$pe1" ethtool -K c1 tso off gso off gro on
	bulk_all
	expect_le "packets received" "$(counter primary/rx_packets)" 4000
}

test_gro_off() { # TCP data is intact without GRO
	bulk_up 1000000
	nsx "$cust" ethtool -K leg1 gro off
	nsx "$cust" ethtool -K er0 gro off
	bulk_all
}

test_mixed_legs() { # TCP data is intact while it moves between legs with different offloads
	local pid

	bulk_up 8000000
	nsx "$cust" ethtool -K leg2 tx off sg off tso off gso off
	erc set er0 wtr 0
	nsx_exec "$pe1" socat -u TCP4-LISTEN:6000,reuseaddr "CREATE:$scratch/copy" &
	pid=$!
	busywait listens "$pe1" 6000
	# Edge 2 forwards received packets to edge 1
	veth_pair "$pe1" across "$pe2" across
	addr_add "$pe1" across 10.255.3.1/30
	addr_add "$pe2" across 10.255.3.2/30
	"$netns" write "$pe1" ipv4/conf/across/rp_filter 2
	ip -n "$pe2" link del net0
	ip -n "$pe2" route add 10.9.0.0/24 via 10.255.3.1
	nsx_exec "$cust" socat -u "FILE:$scratch/bulk" \
		TCP4:10.9.0.1:6000,bind=10.1.0.1 &
	defer kill $!
	flap_until_done "$pid"
	wait "$pid"
	cmp "$scratch/bulk" "$scratch/copy"
}

flap_until_done()
{
	while kill -0 "$1" 2>/dev/null; do
		ip -n "$cust" link set leg1 down
		busywait counter_is active secondary
		ip -n "$cust" link set leg1 up
		busywait counter_is active primary
	done
}

# --- limits and features --------------------------------------------------------

# limit DEV FIELD: print a number of "ip -d link show DEV"
limit()
{
	ip -n "$cust" -d -o link show "$1" | grep -oP "\b$2 \K[0-9]+"
}

test_limits() { # er0's TSO limits are the smaller of the legs', and follow them
	local veth dummy

	edges_up
	circuit_up
	veth=$(limit leg1 tso_max_size) || skip "this ip does not show tso_max_size"
	expect_eq "over two veth" "$(limit er0 tso_max_size)" "$veth"
	ip -n "$cust" link add leg3 type dummy
	dummy=$(limit leg3 tso_max_size)
	[ "$dummy" != "$veth" ] || skip "veth and dummy have the same limits"
	erc set er0 secondary leg3 novia
	expect_eq "over veth and dummy" "$(limit er0 tso_max_size)" "$dummy"
	erc set er0 secondary leg2 via 169.254.10.6
	expect_eq "over two veth again" "$(limit er0 tso_max_size)" "$veth"
}

test_limits_return() { # er0 restores the user's limits after a leg had lowered them
	local field veth=150000 dummy

	edges_up
	circuit_up
	[ "$(limit leg1 tso_max_size)" -gt 65536 ] ||
		skip "no limit over 64 KiB on veth here"
	ip -n "$cust" link add leg3 type dummy
	dummy=$(limit leg3 tso_max_size)
	for field in gso_max_size gso_ipv4_max_size; do
		ip -n "$cust" link set er0 "$field" "$veth" || continue
		erc set er0 secondary leg3 novia
		expect_eq "$field over a smaller leg" "$(limit er0 "$field")" "$dummy"
		erc set er0 secondary leg2 via 169.254.10.6
		expect_eq "$field as before" "$(limit er0 "$field")" "$veth"
		# A limit of the user that suits both legs
		ip -n "$cust" link set er0 "$field" 30000
		erc set er0 secondary leg3 novia
		erc set er0 secondary leg2 via 169.254.10.6
		expect_eq "$field of the user" "$(limit er0 "$field")" 30000
	done
}

# --- segmentation and checksums by er0 --------------------------------------

# cut_in NS ADDRESS N: one datagram of 45 segments leaves er0 in N packets
cut_in()
{
	local was

	was=$(counter primary/tx_packets)
	expect_eq sent "$(flow_send "$1" -n 1 -g 1400 -s 63000 "$2")" 45
	expect_eq "packets from $1 to $2" \
		$(($(counter primary/tx_packets) - was)) "$3"
}

# cut_all N: check packets sent by er0's host, and forwarded ones
cut_all()
{
	local address

	for address in 10.9.0.1 fd09::1; do
		cut_in "$cust" "$address" "$1"
		cut_in "$lan" "$address" "$1"
	done
}

cut_as_told()
{
	cut_all 1
	nsx "$cust" ethtool -K er0 tx-udp-segmentation off
	cut_all 45
	nsx "$cust" ethtool -K er0 tx-udp-segmentation on
	cut_all 1
}

# segments_up: create a circuit with a host behind the customer, and a receiver
segments_up()
{
	edges_up
	circuit_up
	lan_up
	forwarding_on "$cust"
	flow_listen one "$pe1"
	reaches "$lan" 10.9.0.1
	reaches "$lan" fd09::1
}

test_udp_segmentation_off() { # er0 segments UDP itself when its UDP segmentation is off
	segments_up
	cut_as_told
	erc set er0 bandwidth 10gbit
	cut_as_told
}

test_udp_segmentation_off_watched() { # the same while tcpdump runs on er0
	need tcpdump
	segments_up
	tcpdump_start "$cust" "$scratch/tcpdump" -U -ni er0 -w "$scratch/cap"
	defer kill $!
	cut_as_told
}

test_tso_off() { # forwarded TCP leaves er0 in packets of its MTU when its TSO is off
	local off

	bulk_up 1000000
	lan_up
	forwarding_on "$cust"
	for off in "tso off" "tx off"; do
		# shellcheck disable=SC2086
		nsx "$cust" ethtool -K er0 $off
		small_packets
		# shellcheck disable=SC2086
		nsx "$cust" ethtool -K er0 ${off/off/on} tso on
	done
}

# small_packets: forwarded packets leave er0 with at most 1460 bytes of payload
small_packets()
{
	local packets

	packets=$(counter primary/tx_packets)
	bulk "$lan" "$pe1" 10.9.0.1 10.1.0.130
	expect_ge packets $(($(counter primary/tx_packets) - packets)) \
		$((1000000 / 1460))
}

test_tx_off() { # packets leave er0 with a checksum when its checksum offload is off
	local address

	need tcpdump
	edges_up
	circuit_up
	flow_listen one "$pe1"
	nsx "$cust" ethtool -K er0 tx off
	tcpdump_start "$cust" "$scratch/tcpdump" -l -vv -ni leg1 -Q out \
		udp >"$scratch/sums"
	defer kill $!
	for address in 10.9.0.1 fd09::1; do
		flow_send "$cust" -n 3 "$address"
	done
	busywait sums_are "udp sum ok" 6
	sums_are "bad udp cksum" 0
	nsx "$cust" ethtool -K er0 tx on
	flow_send "$cust" -n 3 10.9.0.1
	busywait sums_are "bad udp cksum" 3
}

sums_are()
{
	[ "$(grep -c "$1" "$scratch/sums")" = "$2" ]
}

test_big_tcp() { # BIG TCP: er0 passes packets above 64 KiB without segmenting them
	bulk_up
	[ "$(limit leg1 tso_max_size)" -gt 65536 ] ||
		skip "no BIG TCP on veth here"
	ip -n "$cust" link set er0 gso_max_size 150000
	ip -n "$cust" link set leg1 gso_max_size 150000
	ip -n "$pe1" link set c1 gro_max_size 150000
	bulk "$cust" "$pe1" fd09::1 fd01::1
	# The size of TCP packets depends on the speed of the machine
	expect_ge "bytes a packet" \
		$(($(counter primary/tx_bytes) / $(counter primary/tx_packets))) 2500
}

test_headroom() { # packets have room for the long headers of a leg
	setup_ns cust pe1 pe2
	veth_pair "$cust" low "$pe1" far
	veth_pair "$cust" leg2 "$pe2" c2
	addr_add "$cust" low 192.0.2.1/30
	ip -n "$cust" link add leg1 type vxlan id 7 local 192.0.2.1 \
		remote 192.0.2.2 dstport 4789 2>/dev/null || skip "no vxlan here"
	ip -n "$pe1" link add c1 type vxlan id 7 local 192.0.2.2 \
		remote 192.0.2.1 dstport 4789
	addr_add "$pe1" far 192.0.2.2/30
	ip -n "$cust" link set leg1 up
	ip -n "$pe1" link set c1 up
	addr_add "$cust" leg1 169.254.10.1/30 fd00:10::1/64
	addr_add "$cust" leg2 169.254.10.5/30 fd00:11::1/64
	addr_add "$pe1" c1 169.254.10.2/30 fd00:10::2/64
	cloud_addresses "$pe1"
	pe_routes "$pe1" 169.254.10.1 fd00:10::1
	circuit_up
	busywait reaches "$cust" 10.9.0.1
	head -c 1000000 /dev/urandom >"$scratch/bulk"
	bulk_all
}

test_ethtool() { # ethtool er0, -i and -k show correct values
	edges_up
	circuit_up
	nsx "$cust" ethtool er0 >"$scratch/er0"
	grep "Link detected: yes" "$scratch/er0"
	grep "Duplex: Full" "$scratch/er0"
	grep -E "Speed: (10000Mb/s|Unknown!)" "$scratch/er0"
	nsx "$cust" ethtool -i er0 | grep -x "driver: ercircuit"
	nsx "$cust" ethtool -k er0 >"$scratch/features"
	for f in tcp-segmentation-offload generic-segmentation-offload \
		scatter-gather tx-checksumming; do
		grep "^$f: on" "$scratch/features"
	done
	nsx "$cust" ethtool -T er0 | grep -i software
	refused "" nsx "$cust" ethtool -s er0 speed 1000
}

ktap_main
