#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BFD packets on the wire: they skip the queues, keep their order, and are
# unique to each session.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_pair.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_pair.sh"

quick+=(bfd-mult 60)

# vlans_up TAGS... -- OPTIONS...: bring up a session over VLANs of the first
# leg, one VLAN on the other. The topmost device is v, and w at the far end.
vlans_up()
{
	local near=leg1 far=c1 options i=0

	edges_up
	while [ "$1" != -- ]; do
		read -ra options <<<"$1"
		shift
		i=$((i + 1))
		ip -n "$cust" link add link "$near" name "v$i" up type vlan "${options[@]}"
		ip -n "$pe1" link add link "$far" name "w$i" up type vlan "${options[@]}"
		near=v$i
		far=w$i
	done
	addr_add "$cust" "$near" 198.51.100.1/30
	addr_add "$pe1" "$far" 198.51.100.2/30
	erc_load
	erc add er0 primary "$near" via 198.51.100.2 "${quick[@]}"
	ip -n "$cust" link set er0 up
	nsx "$pe1" ercircuit add peer primary "$far" via 198.51.100.1 \
		"${quick[@]}"
	ip -n "$pe1" link set peer up
	becomes primary/bfd_state up
	peer_becomes bfd_state up
	# The blocked queue drops ARP packets, so the neighbour is static
	ip -n "$cust" neigh replace 198.51.100.2 dev "$near" nud permanent \
		lladdr "$(net_file "$pe1" "$far/address")"
}

# blocked DEV...: the queueing disciplines drop all packets, and the session
# stays Up
blocked()
{
	local dev

	for dev; do
		nsx "$cust" tc qdisc add dev "$dev" root netem loss 100%
	done
	not reaches "$cust" 198.51.100.2
	lives
}

# vlan_tx DEV: print the number of packets that DEV sent
vlan_tx()
{
	net_file "$cust" "$1/statistics/tx_packets"
}

sent_more()
{
	[ "$(vlan_tx "$1")" -gt "$2" ]
}

test_vlan() { # queueing disciplines of a VLAN and of its port do not delay BFD
	local sent

	vlans_up "id 7" --
	blocked v1 leg1
	# The VLAN counts the packet, and tcpdump on either device sees it
	sent=$(vlan_tx v1)
	busywait sent_more v1 "$sent"
	watched v1 'IPv4 .* 198.51.100.1'
	watched leg1 'vlan 7, .* 198.51.100.1'
	expect_counter primary/tx_error 0
}

# watched DEV REGEX: tcpdump sees one of our packets on DEV
watched()
{
	tcpdump_start "$cust" "$scratch/tcpdump" -l -nei "$1" -Q out \
		>"$scratch/seen"
	defer kill $!
	busywait grep -q "$2.*3784: BFDv1" "$scratch/seen" ||
		fail "$1: $(cat "$scratch/seen")"
}

test_qinq() { # the same for a VLAN in a VLAN
	vlans_up "proto 802.1ad id 100" "id 7" --
	blocked v2 v1 leg1
	watched leg1 '802.1Q-QinQ.*vlan 100, .*vlan 7, .* 198.51.100.1'
}

test_reorder() { # the same with the tag as part of the link header (reorder_hdr off)
	vlans_up "id 7 reorder_hdr off" --
	blocked v1 leg1
	watched leg1 'vlan 7, .* 198.51.100.1'
}

test_priority() { # the VLAN's egress map sets the priority
	vlans_up "id 7 egress 7:5" --
	watched leg1 'vlan 7, p 5'
}

test_port_down() { # if the port goes down, so does the session on its VLAN
	vlans_up "id 7" --
	ip -n "$cust" link set leg1 down
	becomes primary/state down
	ip -n "$cust" link set leg1 up
	ip -n "$cust" link set v1 up
	becomes primary/bfd_state up
}

# out_of_order: print the pairs of states that are out of order: Up or Init
# after AdminDown
out_of_order()
{
	captured_states | uniq | paste -sd ' ' |
		grep -oE 'AdminDown (Up|Init)' | wc -l
}

test_order() { # AdminDown does not overtake an older Up
	local i

	quick=(bfd on bfd-tx 5ms bfd-rx 5ms bfd-mult 200)
	edges_up
	circuit_up er0 wtr 0
	erc leg er0 primary "${quick[@]}"
	peer_up 1 169.254.10.1 "${quick[@]}"
	becomes primary/bfd_state up
	capture_start
	for ((i = 0; i < 20; i++)); do
		ipb "$cust" <<-EOF
			link set leg1 type ercircuit_slave drain on
			link set leg1 type ercircuit_slave drain off
		EOF
		becomes primary/bfd_state up
	done
	busywait last_is Up
	kill "$capture"
	expect_ge "maintenances" "$(captured_states | uniq | grep -c AdminDown)" 10
	expect_eq "overtaken" "$(out_of_order)" 0
}

last_is()
{
	[ "$(captured_states | tail -n1)" = "$1" ]
}

test_unique() { # no two sessions share a source port or a discriminator
	local i lines='' circuits=150

	setup_ns cust
	erc_load
	for ((i = 0; i < circuits; i++)); do
		lines+="link add a$i up type dummy"$'\n'
		lines+="link add b$i up type dummy"$'\n'
		lines+="addr add 10.$i.0.1/30 dev a$i"$'\n'
		lines+="addr add 10.$i.1.1/30 dev b$i"$'\n'
		lines+="link add er$i up type ercircuit "
		lines+="primary a$i via 10.$i.0.2 bfd on "
		lines+="secondary b$i via 10.$i.1.2 bfd on"$'\n'
	done
	ipb "$cust" <<<"$lines"
	ip -n "$cust" -d -j link show type ercircuit |
		jq '.[].linkinfo.info_data | .primary, .secondary |
			.bfd_discr' >"$scratch/discr"
	expect_eq sessions "$(wc -l <"$scratch/discr")" $((2 * circuits))
	expect_eq discriminators "$(sort -u "$scratch/discr" | wc -l)" \
		$((2 * circuits))
	# The port is 49152 plus the low 14 bits of the discriminator
	expect_eq ports "$(jq '. % 16384' "$scratch/discr" | sort -u | wc -l)" \
		$((2 * circuits))
}

ktap_main
