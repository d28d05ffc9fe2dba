#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With late on, a slot waits for a device that is missing, and a leg for its addresses.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

netlink=$(dirname "${BASH_SOURCE[0]}")/netlink.py

# late_up: create er0 with late on over leg1 and leg2, as far as they exist
late_up()
{
	circuit_up er0 wtr 0 late on
}

# leg2_again: create leg2 with its addresses, and the edge's end
leg2_again()
{
	keep_addresses "$cust"
	ipb "$cust" <<-EOF
		link add leg2 type veth peer name c2 netns $pe2
		addr add 169.254.10.5/30 dev leg2
		addr add fd00:11::1/64 dev leg2 nodad
		link set leg2 up
	EOF
	pe_up "$pe2" 2 169.254.10.6/30 fd00:11::2/64 \
		"$(customer_lines 169.254.10.5 fd00:11::1)"
}

# waits SLOT NAME: the slot is empty and waits for this name
waits()
{
	expect_counter "$1/state" empty
	expect_counter "$1/device" ""
	grep -q " $1 $2 " <<<"$(erc show er0)"
	grep -q '"name": *"'"$2"'"' <<<"$(erc -j show er0)"
}

# not_waiting SLOT: the slot is empty and waits for no device
not_waiting()
{
	expect_counter "$1/state" empty
	grep -q " no$1 " <<<"$(erc show er0)"
}

# has SLOT DEVICE: wait until the slot has this device
has()
{
	becomes "$1/device" "$2"
}

# dummy NAME...: create devices in cust
dummy()
{
	local name

	for name in "$@"; do
		echo "link add $name up type dummy"
	done | ipb "$cust"
}

# dummies_late NAME1 NAME2: create er0 with late on for these names, which do not exist
dummies_late()
{
	setup_ns cust
	erc_load
	erc add er0 late on primary "$1" secondary "$2"
	waits primary "$1"
	waits secondary "$2"
}

test_missing() { # a leg that does not exist yet: the other one carries; it is taken in later
	edges_up
	ip -n "$cust" link del leg2
	late_up
	becomes active primary
	waits secondary leg2
	grep -q ' via 169.254.10.6 ' <<<"$(erc show er0)"
	reaches "$cust" 10.9.0.1
	leg2_again
	has secondary leg2
	becomes secondary/state up
	ip -n "$pe1" link set c1 down
	becomes active secondary
	reaches "$cust" 10.9.0.1
}

test_both() { # a circuit without any device carries when they have come
	edges_up
	ip -n "$cust" link del leg1
	ip -n "$cust" link del leg2
	late_up
	becomes active none
	waits primary leg1
	waits secondary leg2
	leg2_again
	becomes active secondary
	reaches "$cust" 10.9.0.1
	waits primary leg1
}

test_off() { # with late off a missing device is refused, and the message names late on
	setup_ns cust
	erc_load
	refused "No device leg1: create it, or wait for it with late on" \
		erc add er0 primary leg1
	refused "No device leg1" ip -n "$cust" link add er0 type ercircuit primary leg1 late off
	not ip -n "$cust" link show er0
	erc add er0
	refused "No device leg1" erc set er0 secondary leg1
	erc set er0 late on secondary leg1
	waits secondary leg1
	# Without late nothing waits
	erc set er0 late off
	not_waiting secondary
	dummy leg1
	expect_counter secondary/state empty
}

test_names() { # the names of the slots are checked
	setup_ns cust
	erc_load
	refused "primary and secondary are both leg1: each needs its own device" \
		erc add er0 late on primary leg1 secondary leg1
	refused "er0 cannot be its own leg: use another device" \
		erc add er0 late on primary er0
	refused "primary: \"$(printf '%0128d' 1)\" is no name of a device: use 1 to 127 characters" \
		erc add er0 late on primary "$(printf '%0128d' 1)"
	refused "\" is no name of a device" erc add er0 late on primary ""
	erc add er0 late on
	refused "The name of a leg is empty: name a device" \
		nsx "$cust" "$netlink" set er0 "primary[" name=hex:00 "]"
	refused "A leg has an ifindex and a name: give one of them" \
		nsx "$cust" "$netlink" set er0 "primary[" name=hex:6c65673100 ifindex=u32:1 "]"
	refused "late must be 1 (on) or 0 (off), not 2" \
		nsx "$cust" "$netlink" set er0 late=u8:2
	not_waiting primary
}

test_printed() { # the printed options can be typed again
	local printed

	dummies_late leg1 leg2
	erc set er0 primary leg1 via 169.254.10.2 bfd on
	printed=$(erc show er0)
	grep -q ' late on ' <<<"$printed"
	ip -n "$cust" link del er0
	# shellcheck disable=SC2046
	erc add er0 $(sed -n 2p <<<"$printed")
	waits primary leg1
	expect_counter primary/via 169.254.10.2
}

test_address() { # a leg without an address on its next hop's subnet fails, and comes back
	edges_up
	erc_load
	ip -n "$cust" addr flush dev leg1 scope global
	refused "via 169.254.10.2: leg has no IPv4: ip addr add PREFIX dev leg1" \
		erc add er0 primary leg1 via 169.254.10.2
	late_up
	becomes active secondary
	expect_counter primary/state down
	expect_counter primary/reason address
	addr_add "$cust" leg1 169.254.10.1/30 fd00:10::1/64
	becomes active primary
	# A mistake that no later address mends is refused all the same
	refused "via 169.254.10.1 must be the router's, not the leg's own" \
		erc set er0 primary leg1 via 169.254.10.1
	refused "must be unicast" erc set er0 primary leg1 via 224.0.0.1
}

test_renamed() { # a device that gets the name is taken in
	dummies_late leg1 leg2
	dummy eth0
	ip -n "$cust" link set eth0 down
	ip -n "$cust" link set eth0 name leg2
	has secondary leg2
	waits primary leg1
}

long=wan-leg-of-the-first-provider-in-the-cellar

test_altname() { # an alternative name, which may have more than 15 characters
	dummies_late "$long-1" leg2
	dummy eth0
	ip -n "$cust" link property add dev eth0 altname "$long-1"
	has primary eth0
	# The slot keeps the name that the user gave
	ip -n "$cust" link del eth0
	waits primary "$long-1"
	# Also a device that is already there
	dummy eth1
	ip -n "$cust" link property add dev eth1 altname "$long-2"
	erc set er0 secondary "$long-2"
	expect_counter secondary/device eth1
	ip -n "$cust" link set er0 type ercircuit nosecondary
	ip -n "$cust" link set er0 type ercircuit secondary "$long-2"
	expect_counter secondary/device eth1
}

test_own_slot() { # a device that is deleted and created again comes back into its own slot
	setup_ns cust
	erc_load
	dummy leg1 leg2
	erc add er0 late on primary leg1 secondary leg2
	ip -n "$cust" link del leg1
	ip -n "$cust" link del leg2
	waits primary leg1
	waits secondary leg2
	dummy leg2
	has secondary leg2
	waits primary leg1
	dummy leg3
	refused "primary waits for leg1: ercircuit set er0 noprimary" \
		ip -n "$cust" link set leg3 master er0
	dummy leg1
	has primary leg1
	refused "er0 has two legs" ip -n "$cust" link set leg3 master er0
}

test_tunnel() { # the same with tunnels, whose order does not matter
	local n

	edges_up
	ipb "$cust" <<-EOF || skip "no GRE here"
		link add gre1 type gre local 169.254.10.1 remote 169.254.10.2
		link add gre2 type gre local 169.254.10.5 remote 169.254.10.6
		link set gre1 up
		link set gre2 up
	EOF
	erc_load
	erc add er0 late on primary gre1 secondary gre2
	for n in 1 2; do
		ip -n "$cust" link del "gre$n"
	done
	for n in 2 1; do
		ip -n "$cust" link add "gre$n" type gre \
			local 169.254.10.$((4 * n - 3)) remote 169.254.10.$((4 * n - 2))
	done
	has primary gre1
	has secondary gre2
}

test_taken_away() { # a leg that the user takes away does not come back
	setup_ns cust
	erc_load
	dummy leg1 leg2
	erc add er0 late on primary leg1 secondary leg2
	ip -n "$cust" link set leg1 nomaster
	not_waiting primary
	erc set er0 nosecondary
	not_waiting secondary
	ip -n "$cust" link del leg1
	dummy leg1
	expect_counter primary/state empty
	# The first empty slot
	ip -n "$cust" link set leg2 master er0
	expect_counter primary/device leg2
}

test_moved() { # a leg that is moved to another namespace and back
	setup_ns other
	dummies_late leg1 leg2
	dummy leg1
	has primary leg1
	# shellcheck disable=SC2154
	ip -n "$cust" link set leg1 netns "$other"
	waits primary leg1
	# The same name in another namespace is another device
	ip -n "$other" link add leg2 type dummy
	ip -n "$other" link set leg1 netns "$cust"
	has primary leg1
	waits secondary leg2
}

test_followed() { # a leg that is renamed while it is one waits under its new name
	dummies_late leg1 leg2
	dummy leg1
	has primary leg1
	ip -n "$cust" link set leg1 down
	ip -n "$cust" link set leg1 name wan1
	ip -n "$cust" link del wan1
	waits primary wan1
	dummy leg1 wan1
	has primary wan1
}

# named_said TEXT: give eth0 the name leg1; does the kernel log say TEXT then?  The kernel
# limits the rate of messages of all devices.
named_said()
{
	ip -n "$cust" link property del dev eth0 altname leg1 || true
	ip -n "$cust" link property add dev eth0 altname leg1
	grep -qF "$1" <<<"$(dmesg)"
}

test_busy() { # a device that cannot be a leg now: the kernel log says why; it is taken in later
	dummies_late leg1 leg2
	ipb "$cust" <<-EOF || skip "no bridge here"
		link add br0 type bridge
		link add eth0 up type dummy
		link set eth0 master br0
	EOF
	busywait named_said "er0: cannot take in eth0: eth0 is in br0: ip link set eth0 nomaster"
	waits primary leg1
	ip -n "$cust" link set eth0 nomaster
	has primary eth0
}

test_tenant() { # the provider's legs wait in the provider's namespace
	dummies_late leg1 leg2
	setup_ns tenant other
	# shellcheck disable=SC2154
	ip -n "$cust" link set er0 netns "$tenant"
	not grep -q leg1 <<<"$(nsx "$tenant" ercircuit show er0)"
	# shellcheck disable=SC2154
	ip -n "$tenant" link add leg1 type dummy
	dummy leg2
	busywait test "$(net_file "$tenant" er0/ercircuit/secondary/state)" != empty
	expect_eq primary "$(net_file "$tenant" er0/ercircuit/primary/state)" empty
}

test_netns_gone() { # the namespace in which a slot waits is deleted
	dummies_late leg1 leg2
	setup_ns tenant
	# shellcheck disable=SC2154
	ip -n "$cust" link set er0 netns "$tenant"
	ns_del "$cust"
	ip -n "$tenant" link add leg1 type dummy
	expect_eq primary "$(net_file "$tenant" er0/ercircuit/primary/state)" empty
	nsx "$tenant" ercircuit set er0 primary leg1
	expect_eq primary "$(net_file "$tenant" er0/ercircuit/primary/device)" leg1
}

test_unload() { # the module is unloaded while circuits wait and devices come
	local n

	setup_ns cust
	for ((n = 0; n < $(soak 5 200); n++)); do
		erc_load
		erc add er0 late on primary leg1 secondary leg2
		dummy leg1 leg2
		rmmod ercircuit
		ip -n "$cust" link del leg1
		ip -n "$cust" link del leg2
	done
}

ktap_main
