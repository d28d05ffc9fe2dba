#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Network cards as legs: two pairs of virtio NICs, eth0-eth1 and eth2-eth3,
# which "tools/testing/vm -n 2" gives to a QEMU guest.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# card DEV NS NAME: move a card of this machine to a namespace for the test
card()
{
	[ -e "/sys/class/net/$1/device" ] ||
		skip "no network cards: only QEMU has any"
	ip link set "$1" down
	ip link set "$1" name "$3" netns "$2"
	defer card_back "$@"
	ip -n "$2" link set "$3" up
}

card_back()
{
	ip -n "$2" link set "$3" down
	ip -n "$2" link set "$3" name "$1" netns 1
}

cards_up()
{
	[ -e /sys/class/net/eth3/device ] ||
		skip "no two pairs of network cards: only QEMU has them"
	setup_ns cust pe1 pe2
	card eth0 "$cust" leg1
	card eth1 "$pe1" c1
	card eth2 "$cust" leg2
	card eth3 "$pe2" c2
	addr_add "$cust" leg1 169.254.10.1/30 fd00:10::1/64
	addr_add "$cust" leg2 169.254.10.5/30 fd00:11::1/64
	addr_add "$pe1" c1 169.254.10.2/30 fd00:10::2/64
	addr_add "$pe2" c2 169.254.10.6/30 fd00:11::2/64
	cloud_addresses "$pe1"
	cloud_addresses "$pe2"
	pe_routes "$pe1" 169.254.10.1 fd00:10::1
	pe_routes "$pe2" 169.254.10.5 fd00:11::1
}

test_carry() { # both families pass over both cards, and the counters are exact
	local packets=500

	cards_up
	circuit_up er0 wtr 0
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	flow_send "$cust" -n "$packets" -r 1000 10.9.0.1
	flow_send "$cust" -n "$packets" -r 1000 fd09::1
	ip -n "$cust" link set leg1 down
	busywait counter_is active secondary
	flow_send "$cust" -n "$packets" -r 1000 10.9.0.1
	expect_eq "over leg 1" "$(flow_result one received)" $((2 * packets))
	expect_eq "over leg 2" "$(flow_result two received)" "$packets"
	expect_counter primary/tx_packets $((2 * packets))
	expect_counter secondary/tx_packets "$packets"
}

test_tcp() { # TCP data is intact both ways with the cards' own offloads
	need socat ss
	cards_up
	circuit_up
	head -c 2000000 /dev/urandom >"$scratch/bulk"
	bulk "$cust" "$pe1" 10.9.0.1 10.1.0.1
	bulk "$pe1" "$cust" 10.1.0.1 10.9.0.1
	expect_le "packets sent" "$(counter primary/tx_packets)" 3000
}

test_silent() { # an edge falls silent while the card keeps its carrier
	cards_up
	nsx "$cust" sh -c "cd /proc/sys/net/ipv4/neigh/leg1
		echo 300 >base_reachable_time_ms
		echo 1 >ucast_solicit
		echo 1 >mcast_solicit
		echo 1 >delay_first_probe_time"
	circuit_up
	reaches "$cust" 10.9.0.1
	ip -n "$pe1" link set c1 down
	busywait counter_is active secondary
	expect_counter last_switch_reason neigh
	reaches "$cust" 10.9.0.1
}

test_unplug() { # a card is unbound from its driver and bound again
	local bus

	cards_up
	circuit_up
	reaches "$cust" 10.9.0.1
	bus=$(readlink -f "/run/sys-$cust/class/net/leg1/device")
	bus=${bus##*/}
	echo "$bus" >/sys/bus/virtio/drivers/virtio_net/unbind
	defer card_rebind "$bus"
	busywait counter_is primary/state empty
	expect_ge "tx of leg 1" "$(counter primary/tx_packets)" 1
	reaches "$cust" 10.9.0.1
	expect_ge "tx of leg 2" "$(counter secondary/tx_packets)" 1
}

# A card that is bound again is in the initial namespace, with its old name
card_rebind()
{
	echo "$1" >/sys/bus/virtio/drivers/virtio_net/bind
}

# secure NS WIRE NAME MAC: create a MACsec device on a wire; the peer has the
# MAC
secure()
{
	local key=00112233445566778899aabbccddeeff

	ip -n "$1" link add link "$2" "$3" type macsec encrypt on
	ip -n "$1" macsec add "$3" tx sa 0 pn 1 on key 00 "$key"
	ip -n "$1" macsec add "$3" rx port 1 address "$4"
	ip -n "$1" macsec add "$3" rx port 1 address "$4" sa 0 pn 1 on key 00 "$key"
	ip -n "$1" link set "$3" up
}

test_macsec() { # a MACsec device on a card
	local here there

	load_module macsec
	cards_up
	here=$(net_file "$cust" leg1/address)
	there=$(net_file "$pe1" c1/address)
	secure "$cust" leg1 sec1 "$there"
	secure "$pe1" c1 sec1 "$here"
	ip -n "$cust" addr flush dev leg1
	ip -n "$pe1" addr flush dev c1
	addr_add "$cust" sec1 169.254.10.1/30
	addr_add "$pe1" sec1 169.254.10.2/30
	ip -n "$pe1" route replace 10.1.0.0/24 via 169.254.10.1
	erc_load
	erc add er0 primary sec1 via 169.254.10.2
	circuit_routes er0
	busywait reaches "$cust" 10.9.0.1
	expect_counter active primary
	expect_ge "frames of MACsec" "$(nsx "$cust" ip -s macsec show sec1 |
		awk '/OutPktsEncrypted/ { getline; print $NF; exit }')" 1
}

ktap_main
