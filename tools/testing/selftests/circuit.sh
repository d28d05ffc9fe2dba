#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The basic function: one interface over two legs, both families over either
# kind of next hop; modes and hashes; layer 3 only.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# carries: packets of both families pass both ways over the primary leg
carries()
{
	local was to

	was=$(counter primary/tx_packets)
	for to in "${cloud_each[@]}"; do
		pings 5 "$cust" "$to"
		was=$((was + 5))
	done
	expect_counter primary/tx_packets "$was"
	expect_counter primary/rx_packets "$was"
	expect_counter secondary/tx_packets 0
}

# circuit_via WORDS...: create a circuit with these next hops on the primary leg
circuit_via()
{
	edges_up
	erc_load
	nsx "$cust" ercircuit add er0 primary leg1 "$@" secondary leg2
	circuit_routes er0
}

test_via4() { # both families over an IPv4 next hop
	circuit_via via 169.254.10.2
	expect_counter primary/via 169.254.10.2
	carries
}

test_via6() { # both families over an IPv6 next hop
	circuit_via via fd00:10::2
	expect_counter primary/via fd00:10::2
	carries
}

test_via6_link_local() { # both families over a link-local next hop
	local ll

	edges_up
	erc_load
	# The kernel adds the address after it has seen the carrier
	busywait link_local "$cust" leg1
	busywait link_local "$pe1" c1
	nsx "$cust" ercircuit add er0 primary leg1 via "$ll"
	circuit_routes er0
	carries
}

test_via_both() { # each family over its own next hop
	circuit_via via 169.254.10.2 via fd00:10::2
	expect_counter primary/via "169.254.10.2 fd00:10::2"
	carries
}

test_unnumbered() { # both families without a next hop, to the MAC of the leg's peer
	local bytes

	edges_up
	circuit_bare
	peers_known
	carries
	bytes=$((5 * 84))
	[ -z "$has_ipv6" ] || bytes=$((bytes + 5 * 104))
	expect_counter primary/tx_bytes "$bytes"
}

test_unnumbered_peer() { # an unnumbered leg follows a peer that changes its MAC
	edges_up
	circuit_bare
	peers_known
	carries
	ip -n "$pe1" link set c1 address 02:00:00:00:10:99
	reaches "$pe1" 169.254.10.1
	reaches "$cust" 10.9.0.1
}

test_cloud() { # packets pass through both edges to a host behind them, both ways
	topology_up
	# First wait until the provider's own network works
	busywait reaches "$pe1" fd00:a1::2
	busywait reaches "$pe2" fd00:a2::2
	circuit_up
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	reaches "$cloud" 10.1.0.1 -I 10.9.0.1
	reaches "$cloud" fd01::1 -I fd09::1
	# Let the cloud return packets by the other edge
	cloud_via pe2
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	expect_ge "rx on the secondary" "$(counter secondary/rx_packets)" 2
	expect_counter secondary/tx_packets 0
}

test_create_delete() { # a circuit is created, changed and deleted; the legs are then as before
	local before

	edges_up
	erc_load
	before=$(ip -n "$cust" -o -d link show leg1)
	circuit_up er0 mode active-active wtr 5s
	grep -q "master er0" <<<"$(ip -n "$cust" link show leg1)"
	ip -n "$cust" link set er0 down
	ip -n "$cust" link set er0 up
	ip -n "$cust" link set er0 type ercircuit
	ip -n "$cust" link del er0
	expect_eq leg1 "$(ip -n "$cust" -o -d link show leg1)" "$before"
	reaches "$cust" 169.254.10.2
	not ip -n "$cust" link show er0
}

test_mode() { # active-backup uses one leg, active-active both; the mode changes at run time
	edges_up
	circuit_up
	expect_counter active primary
	erc set er0 mode active-active
	expect_counter active both
	expect_counter last_switch_reason config
	erc set er0 mode active-backup
	expect_counter active primary
}

# edges_own_prefixes: both edges get every address of the cloud's prefixes
edges_own_prefixes()
{
	local pe

	for pe in "$pe1" "$pe2"; do
		ip -n "$pe" route add local 10.9.0.0/24 dev lo
		ip -n "$pe" route add local fd09::/64 dev lo
	done
}

# flows_send OPTIONS...: send 64 flows of 20 packets with the options. Each flow
# must stay on one leg. Sets one and two to the number of flows that each edge
# received.
flows_send()
{
	local i
	local -A seen=()

	flow_listen one "$pe1"
	flow_listen two "$pe2"
	flow_send "${sender:-$cust}" -n 1280 -f 64 -r 5000 "$@"
	read -ra one <<<"$(flow_result one flows)"
	read -ra two <<<"$(flow_result two flows)"
	for i in "${one[@]}" "${two[@]}"; do
		[ -z "${seen[$i]:-}" ] || fail "flow $i is on both legs"
		seen[$i]=yes
	done
	expect_eq received "$(($(flow_result one received) +
			       $(flow_result two received)))" 1280
	expect_eq flows "${#seen[@]}" 64
}

test_hash_l3l4() { # l3l4: ports spread flows over both legs, each flow stays on one leg
	local address one two flow_port=$flow_port_counts

	edges_up
	circuit_up er0 mode active-active hash l3l4
	for address in "${cloud_each[@]}"; do
		flows_send "$address"
		expect_ge "flows of one" "${#one[@]}" 12
		expect_ge "flows of two" "${#two[@]}" 12
	done
}

# flows_send_mixed: send 64 flows in which every second packet is fragmented
flows_send_mixed()
{
	local address one two

	for address in 10.9.0.10 fd09::10; do
		flows_send -D -m 3000 "$address"
		expect_ge "flows of one" "${#one[@]}" 12
		expect_ge "flows of two" "${#two[@]}" 12
	done
}

test_hash_l3l4_fragments() { # l3l4: a flow of small and large datagrams stays on one leg
	edges_up
	edges_own_prefixes
	circuit_up er0 mode active-active hash l3l4
	flows_send_mixed
}

test_hash_l3l4_forwarded() { # l3l4: so does a forwarded flow that conntrack reassembles
	local lan sender

	need nft
	edges_up
	edges_own_prefixes
	circuit_up er0 mode active-active hash l3l4
	lan_up
	sender=$lan
	forwarding_on "$cust"
	nsx "$cust" nft -f - <<-EOF
		table inet t {
			chain f {
				type filter hook forward priority 0
				ct state invalid drop
			}
		}
	EOF
	flows_send_mixed
}

test_hash_l3l4_tcp() { # l3l4: ports spread TCP over both legs
	need socat
	edges_up
	circuit_up er0 mode active-active hash l3l4
	tcp_spreads "TCP4:10.9.0.1:6000,bind=10.1.0.1"
	tcp_spreads "TCP6:[fd09::1]:6000,bind=[fd01::1]"
}

# tcp_spreads TARGET: no server listens, so each attempt sends a SYN from a new
# port
tcp_spreads()
{
	local i

	one=$(counter primary/tx_packets)
	two=$(counter secondary/tx_packets)
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		not nsx "$cust" socat -u /dev/null "$1" 2>/dev/null
	done
	expect_ge "SYNs of one" "$(counter primary/tx_packets)" $((one + 1))
	expect_ge "SYNs of two" "$(counter secondary/tx_packets)" $((two + 1))
}

test_hash_l3() { # l3: all ports between two addresses use one leg
	local address one two

	edges_up
	circuit_up er0 mode active-active hash l3
	for address in "${cloud_each[@]}"; do
		flows_send "$address"
		[ ${#one[@]} = 0 ] || [ ${#two[@]} = 0 ] ||
			fail "the ports are spread"
	done
}

test_hash_l3_spread() { # l3: address pairs spread over both legs
	local address one two

	edges_up
	edges_own_prefixes
	circuit_up er0 mode active-active hash l3
	for address in 10.9.0.10 fd09::10; do
		flows_send -D "$address"
		expect_ge "flows of one" "${#one[@]}" 12
		expect_ge "flows of two" "${#two[@]}" 12
	done
}

test_tcpdump() { # a capture on er0 shows raw IP in both directions
	edges_up
	circuit_up
	nsx "$cust" tcpdump -i er0 -L 2>&1 | grep -w RAW
	tcpdump_start "$cust" "$scratch/tcpdump" -i er0 -nn -c 4 \
		-w "$scratch/er0.pcap"
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	wait $!
	grep "link-type RAW" "$scratch/tcpdump"
	tcpdump -nn -r "$scratch/er0.pcap" >"$scratch/packets" 2>&1
	grep "IP 10.1.0.1 > 10.9.0.1: ICMP echo request" "$scratch/packets"
	grep "IP 10.9.0.1 > 10.1.0.1: ICMP echo reply" "$scratch/packets"
	grep "IP6 fd01::1 > fd09::1: ICMP6, echo request" "$scratch/packets"
	grep "IP6 fd09::1 > fd01::1: ICMP6, echo reply" "$scratch/packets"
}

# packet ARGS...: run packet.py in cust
packet()
{
	nsx "$cust" "$(dirname "${BASH_SOURCE[0]}")/packet.py" "$@"
}

test_not_ip() { # packets that are not IP are refused and counted
	edges_up
	circuit_up
	packet send er0 0x88b5 00112233445566778899aabbccddeeff
	expect_counter tx_not_ip 1
	packet send er0 0x0806 0001080006040001020000000001c0000201000000000000c0000202
	expect_counter tx_not_ip 2
	packet send er0 0x0800 600000000000000000000000000000000000000000
	expect_counter tx_not_ip 3
	packet send er0 0x0800 45
	expect_counter tx_not_ip 4
	packet send er0 0x86dd 45000014000000004011000001020304010203040000
	expect_counter tx_not_ip 5
	expect_counter primary/tx_packets 0
}

test_multicast() { # multicast and broadcast are refused and counted
	edges_up
	circuit_up
	packet send er0 0x0800 udp,10.1.0.1,224.0.0.251,5000
	packet send er0 0x0800 udp,10.1.0.1,255.255.255.255,5000
	expect_counter tx_multicast 2
	packet send er0 0x86dd udp,fd01::1,ff02::1,5000
	expect_counter tx_multicast 3
	# Only we could answer these pings; other hosts get no multicast
	nsx "$cust" ping -q -c1 -W1 -I er0 224.0.0.1 || true
	nsx "$cust" ping -q -c1 -W1 -I er0 ff02::1 || true
	expect_ge pinged "$(counter tx_multicast)" 5
	expect_counter primary/tx_packets 0
}

test_multicast_in() { # multicast from a leg stays with the leg
	edges_up
	circuit_up
	ip -n "$pe1" route add 224.0.0.0/4 dev c1
	nsx "$pe1" ping -q -c2 -i0.01 -W1 -I c1 224.0.0.1 || true
	pings 2 "$pe1" ff02::1%c1
	expect_counter primary/rx_packets 0
}

test_no_mac() { # no setting of er0 can address a MAC
	edges_up
	circuit_up
	flow_listen one "$pe1"
	not ip -n "$cust" link set er0 address 02:00:00:00:00:01
	# The kernel refuses these or ignores them: the packet still reaches the
	# edge
	ip -n "$cust" neigh replace 10.9.0.1 lladdr 02:00:00:00:00:01 \
		dev er0 nud permanent || true
	ip -n "$cust" neigh replace fd09::1 lladdr 02:00:00:00:00:01 \
		dev er0 nud permanent || true
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	packet send er0 0x0800 udp,10.1.0.1,10.9.0.1,5000 02:00:00:00:00:01 || true
	packet send er0 0x86dd udp,fd01::1,fd09::1,5000 02:00:00:00:00:01 || true
	expect_eq "packets with a MAC" "$(flow_result one received)" \
		"$(($(counter primary/tx_packets) - 2))"
	# Payload that looks like an Ethernet frame is not IP
	packet raw er0 0x0800 \
		0200000000010200000000020800+udp,10.1.0.1,10.9.0.1,5000
	expect_counter tx_not_ip 1
}

test_underlay() { # packets for the leg's own addresses stay with the leg
	edges_up
	circuit_up
	reaches "$cust" 169.254.10.2
	reaches "$cust" fd00:10::2
	reaches "$pe1" 169.254.10.1
	reaches "$pe2" fd00:11::1
	expect_counter primary/tx_packets 0
	expect_counter primary/rx_packets 0
	expect_counter secondary/rx_packets 0
}

test_no_leg() { # without a leg, each packet is dropped and counted
	setup_ns cust
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	circuit_routes er0
	flow_send "$cust" -n 5 10.9.0.1
	flow_send "$cust" -n 5 fd09::1
	expect_counter tx_no_leg 10
	expect_counter active none
}

test_down() { # a circuit that is down neither sends nor receives
	edges_up
	circuit_up
	ip -n "$cust" link set er0 down
	not reaches "$pe1" 10.1.0.1 -I 10.9.0.1
	expect_counter primary/rx_packets 0
	ip -n "$cust" link set er0 up
	# The kernel deleted the routes with the link
	ip -n "$cust" route add 10.9.0.0/24 dev er0 src 10.1.0.1
	reaches "$pe1" 10.1.0.1 -I 10.9.0.1
}

test_by_master() { # "master" fills the primary slot first; "nomaster" empties a slot
	edges_up
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	ip -n "$cust" link set leg2 master er0
	expect_counter primary/device leg2
	ip -n "$cust" link set leg1 master er0
	expect_counter secondary/device leg1
	ip -n "$cust" link set leg2 nomaster
	expect_counter primary/device ""
	expect_counter primary/state empty
	expect_counter secondary/device leg1
}

ktap_main
