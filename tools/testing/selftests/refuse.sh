#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bad input: the driver refuses each request with its own message and changes
# nothing.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

netlink=$(dirname "${BASH_SOURCE[0]}")/netlink.py

# victim_up: create a circuit over both legs, and leg3, which is free
victim_up()
{
	wires_up
	ip -n "$cust" link add leg3 type dummy
	ip -n "$cust" link set leg3 up
	addr_add "$cust" leg3 169.254.10.9/30 fd00:12::1/64
	circuit_up
	busywait counter_is primary/state up
	coproc server { nsx_exec "$cust" "$netlink" serve "$(ns_sys "$cust")"; }
}

# ask WORD...: send a question to the server; sets answer.
ask()
{
	local IFS=$'\t'

	# shellcheck disable=SC2154
	echo "$*" >&"${server[1]}"
	read -r answer <&"${server[0]}"
}

# unchanged TEXT COMMAND [ARGS]...: run COMMAND in cust; it must be refused with
# TEXT and change nothing.  A test that changes the configuration between two
# calls clears known.
unchanged()
{
	local answer

	[ -n "${known:-}" ] || ask remember
	if [ "$2" = "$netlink" ]; then
		ask "${@:3}"
		[[ $answer = "Error: "*"$1"* ]] ||
			fail "expected '$1', got: $answer"
	else
		refused "$1" nsx "$cust" "${@:2}"
	fi
	ask compare
	[ "$answer" = same ] || fail "changed by ${*:2}: $answer"
	known=yes
}

set_leg()
{
	unchanged "$1" ip link set er0 type ercircuit "${@:2}"
}

test_same_device() { # the same device in both slots
	victim_up
	set_leg "primary and secondary are both leg3: each needs its own device" \
		primary leg3 secondary leg3
	set_leg "primary and secondary are both leg2" primary leg2
	unchanged "primary and secondary are both leg3" \
		ip link add er1 type ercircuit primary leg3 secondary leg3
}

test_itself() { # the circuit as its own leg
	victim_up
	set_leg "er0 cannot be its own leg: use another device" primary er0
	ip -n "$cust" link set leg1 nomaster
	known=
	unchanged "er0 cannot be its own leg: use another device" ip link set er0 master er0
}

test_loopback() { # a loopback device
	victim_up
	set_leg "leg lo is a loopback device: use another device" primary lo
	ip -n "$cust" link set leg1 nomaster
	known=
	unchanged "leg lo is a loopback device: use another device" ip link set lo master er0
}

test_master() { # a device that has a master
	victim_up
	ip -n "$cust" link add br0 type bridge
	ip -n "$cust" link set leg3 master br0
	set_leg "leg3 is in br0: ip link set leg3 nomaster" primary leg3
	ip -n "$cust" link set leg3 nomaster
	ip -n "$cust" link add er1 type ercircuit primary leg3
	known=
	set_leg "leg3 is in er1: ip link set leg3 nomaster" primary leg3
}

test_rx_handler() { # a device that another driver receives from
	victim_up
	ip -n "$cust" link add m0 link leg3 type macvlan mode bridge
	set_leg "another driver takes leg3's packets: remove it (macvlan, ...) first" primary leg3
	ip -n "$cust" link set leg1 nomaster
	known=
	unchanged "another driver takes leg3's packets: remove it (macvlan, ...) first" \
		ip link set leg3 master er0
}

test_leg_is_taken() { # another driver cannot take a leg
	victim_up
	unchanged "" ip link add m0 link leg1 type macvlan mode bridge
	refused "" nsx "$cust" ip link add i0 link leg1 type ipvlan mode l2
}

test_closed() { # a circuit with fail closed cannot be a leg
	victim_up
	ip -n "$cust" link add er1 type ercircuit
	set_leg "leg er1 needs fail open: ercircuit set er1 fail open" \
		primary er1
	ip -n "$cust" link set er1 type ercircuit fail open
	ip -n "$cust" link set er0 type ercircuit primary er1 novia
	known=
	unchanged "er1 is a leg of er0, so it must keep fail open" \
		ip link set er1 type ercircuit fail closed
}

test_other_netns() { # a leg's device in another namespace
	victim_up
	unchanged "No device 9999 in this network namespace: ip link set DEVICE netns NAME" \
		"$netlink" set er0 "primary[" ifindex=u32:9999 "]"
	unchanged "No device 9999 in this network namespace" \
		"$netlink" create er1 "secondary[" ifindex=u32:9999 "]"
}

test_both_taken() { # a third leg, when both slots are taken
	victim_up
	unchanged "er0 has two legs: ercircuit set er0 nosecondary" \
		ip link set leg3 master er0
}

test_loop() { # a loop of circuits
	victim_up
	ip -n "$cust" link set er0 type ercircuit fail open
	known=
	ip -n "$cust" link add er1 type ercircuit primary er0 fail open
	ip -n "$cust" link add er2 type ercircuit primary er1 fail open
	set_leg "leg er1 runs over er0, a loop: use another device" primary er1
	set_leg "leg er2 runs over er0, a loop" primary er2
	ip -n "$cust" link set leg1 nomaster
	known=
	unchanged "leg er2 runs over er0, a loop" \
		ip link set er2 master er0
}

test_depth() { # a stack deeper than the kernel allows
	local i top

	victim_up
	ip -n "$cust" link set er0 type ercircuit fail open
	known=
	for i in 1 2 3 4 5 6 7 8 9; do
		ip -n "$cust" link add "er$i" type ercircuit \
			primary "er$((i - 1))" fail open 2>"$scratch/refusal" || break
	done
	[ "$i" -gt 4 ] || fail "only $i circuits can be stacked"
	grep "makes a stack of 9 devices: the kernel allows 8" "$scratch/refusal"
	top=$i
	unchanged "leg er$((top - 1)) makes a stack of 9 devices: the kernel allows 8" \
		ip link add "er$top" type ercircuit primary "er$((top - 1))"
	# The new leg is itself on top of other devices
	ip -n "$cust" link add link leg3 v1 type vlan id 1
	ip -n "$cust" link add link v1 v2 type vlan id 2
	known=
	set_leg "leg v2 makes a stack of" primary v2
}

test_via_own() { # a next hop that is our own address
	victim_up
	set_leg "via 169.254.10.1 must be the router's, not the leg's own 169.254.10.1/30" \
		primary leg1 via 169.254.10.1
	set_leg "via fd00:10::1 must not be the leg's own" primary leg1 via fd00:10::1
	unchanged "via 169.254.10.1 must be the router's" \
		ip link set leg1 type ercircuit_slave via 169.254.10.1
}

# via_raw TEXT ADDRESS: send the address by netlink, as the tools refuse it
# themselves
via_raw()
{
	local kind=via4

	case $2 in
	*:*)	kind=via6 ;;
	esac
	unchanged "$1" "$netlink" set er0 "primary[" "$kind=ip:$2" "]"
	unchanged "$1" "$netlink" slave leg1 "$kind=ip:$2"
}

test_via_not_unicast() { # a next hop that is not unicast
	local a

	victim_up
	via_raw "via must be unicast, not 0.0.0.0: novia removes it" 0.0.0.0
	via_raw "via must be unicast, not ::, and novia removes it" ::
	for a in 224.0.0.5 255.255.255.255 127.0.0.1; do
		via_raw "via $a must be unicast: use the router's address" "$a"
	done
	for a in ff02::1 ::1 ::ffff:169.254.10.2; do
		via_raw "via $a must be unicast" "$a"
	done
}

test_via_network() { # a next hop that is the subnet's network or broadcast address
	victim_up
	via_raw "via 169.254.10.0 must be a host's address in the subnet 169.254.10.1/30" \
		169.254.10.0
	via_raw "via 169.254.10.3 must be a host's address in the subnet" 169.254.10.3
	# A subnet of two addresses has neither address (RFC 3021)
	ip -n "$cust" addr add 198.51.100.0/31 dev leg1
	erc leg er0 primary via 198.51.100.1
}

test_via_elsewhere() { # a next hop outside the leg's subnets; the message names them
	victim_up
	via_raw "via 169.254.10.6 must be on the leg's subnet 169.254.10.1/30" 169.254.10.6
	via_raw "via must be on the leg's subnet fd00:10::1/64" fd00:11::2
	ip -n "$cust" addr flush dev leg3
	known=
	set_leg "via 169.254.10.2: leg has no IPv4: ip addr add PREFIX dev leg3" \
		primary leg3 novia via 169.254.10.2
	set_leg "via: leg has no global IPv6: ip addr add PREFIX dev leg3" \
		primary leg3 novia via fd00:10::2
}

test_via_kept() { # a new device that cannot reach the slot's next hop
	victim_up
	ip -n "$cust" link set leg1 nomaster
	unchanged "via 169.254.10.2 must be on the leg's subnet 169.254.10.9/30" \
		ip link set leg3 master er0
}

test_unknown() { # unknown attributes
	local i

	victim_up
	# The core skips type 0 before it applies a policy
	for i in 1 30 37 50; do
		unchanged "Unknown attribute: update the driver, or leave it out" \
			"$netlink" set er0 "$i=u8:1"
	done
	for i in 1 30 35 40; do
		unchanged "Unknown attribute" "$netlink" slave leg1 "$i=u8:1"
		unchanged "Unknown attribute" \
			"$netlink" set er0 "primary[" "$i=u8:1" "]"
	done
	unchanged "Unknown attribute" "$netlink" create er1 40=u32:1
	unchanged "Unknown attribute: update the driver, or leave it out" \
		"$netlink" set er0 "reach[" 2=u32:1 "]"
	unchanged "" "$netlink" set er0 "primary[" 300=u32:1 "]"
}

test_read_only() { # attributes that cannot be set
	local name

	victim_up
	for name in active request last-switch-reason last-switch-ns; do
		unchanged "${name//-/_} is read-only: leave it out" \
			"$netlink" set er0 "$name=u64:0"
	done
	for name in slot state reason bfd-state bfd-remote-state bfd-diag \
		bfd-remote-diag bfd-discr bfd-remote-discr bfd-interval \
		bfd-detection; do
		unchanged "${name//-/_} is read-only: leave it out" "$netlink" slave leg1 "$name=u8:0"
		unchanged "${name//-/_} is read-only: leave it out" \
			"$netlink" set er0 "secondary[" "$name=u8:0" "]"
	done
	unchanged "ifindex and name belong to the circuit: set primary or secondary there" \
		"$netlink" slave leg1 ifindex=dev:leg1
}

test_range() { # values out of range
	victim_up
	unchanged "mode must be 0 (active-backup) or 1 (active-active), not 2" \
		"$netlink" set er0 mode=u8:2
	unchanged "hash must be 0 (l3) or 1 (l3l4), not 2" \
		"$netlink" set er0 hash=u8:2
	unchanged "revertive must be 1 (on) or 0 (off), not 2" \
		"$netlink" set er0 revertive=u8:2
	unchanged "neigh must be 1 (on) or 0 (off), not 2" \
		"$netlink" slave leg1 neigh=u8:2
	unchanged "drain must be 1 (on) or 0 (off), not 2" \
		"$netlink" slave leg1 drain=u8:2
	unchanged "fault must be 0 (none) to 4 (down), not 5" \
		"$netlink" slave leg1 fault=u8:5
	unchanged "bfd must be 1 (on) or 0 (off), not 2" \
		"$netlink" slave leg1 bfd=u8:2
	unchanged "bfd-tx in us must be 1000 to 60000000, not 999" \
		"$netlink" slave leg1 bfd-tx=u32:999
	unchanged "bfd-tx in us must be 1000 to 60000000, not 60000001" \
		"$netlink" slave leg1 bfd-tx=u32:60000001
	unchanged "bfd-rx in us must be 1000 to 60000000, not 0" \
		"$netlink" slave leg1 bfd-rx=u32:0
	unchanged "bfd-mult must be 1 to 255, not 0" \
		"$netlink" slave leg1 bfd-mult=u8:0
	unchanged "wtr in ms must be at most 720000, not 720001" \
		"$netlink" set er0 wtr=u32:720001
	unchanged "wtr in ms must be at most 720000, not 4294967295" \
		"$netlink" set er0 wtr=u32:0xffffffff
	unchanged "hold-off in ms must be at most 10000, not 10001" \
		"$netlink" set er0 hold-off=u32:10001
	unchanged "bandwidth in bit/s must be 0, or 1000 to 1000000000000, not 999" \
		"$netlink" set er0 bandwidth=u64:999
	unchanged "bandwidth in bit/s must be 0, or 1000 to 1000000000000, not 1000000000001" \
		"$netlink" set er0 bandwidth=u64:1000000000001
	unchanged "burst in us must be at most 10000000, not 10000001" \
		"$netlink" set er0 burst=u32:10000001
	unchanged "police must be 1 (on) or 0 (off), not 2" \
		"$netlink" set er0 police=u8:2
	unchanged "sla in ppm must be at most 1000000, not 1000001" \
		"$netlink" set er0 sla=u32:1000001
	unchanged "provider-state must be 0 (not-provisioned) to 3 (deprovisioning), not 4" \
		"$netlink" set er0 provider-state=u8:4
	unchanged "circuit-state must be 0 (enabled) or 1 (disabled), not 2" \
		"$netlink" set er0 circuit-state=u8:2
	unchanged "peering must be 0 (none), 1 (private) or 2 (microsoft), not 3" \
		"$netlink" set er0 peering=u8:3
	unchanged "model must be 0 (none) to 4 (direct), not 5" \
		"$netlink" set er0 model=u8:5
	unchanged "fail must be 0 (closed) or 1 (open), not 2" \
		"$netlink" set er0 fail=u8:2
	unchanged "switch must be 0 (lockout) to 5 (clear), not 6" \
		"$netlink" set er0 switch=u8:6
	# The largest values are accepted
	nsx "$cust" "$netlink" set er0 wtr=u32:720000 hold-off=u32:10000 \
		bandwidth=u64:1000000000000 burst=u32:10000000 sla=u32:1000000
}

test_malformed() { # attributes of the wrong size or shape
	victim_up
	unchanged "" "$netlink" set er0 wtr=u8:1
	unchanged "" "$netlink" set er0 mode
	unchanged "" "$netlink" set er0 bandwidth=u32:1000
	unchanged "" "$netlink" set er0 key=hex:01
	unchanged "" "$netlink" set er0 primary=hex:01
	unchanged "" "$netlink" set er0 primary=hex:0102030405060708
	unchanged "" "$netlink" set er0 "primary[" via6=hex:fd00 "]"
	unchanged "" "$netlink" slave leg1 via4=u8:1
}

test_context() { # options that need another option, or another device
	victim_up
	unchanged "bfd on the primary leg needs a next hop: set via" \
		"$netlink" slave leg1 novia bfd=u8:1
	unchanged "provider-state and circuit-state need a service key: set key UUID" \
		"$netlink" set er0 provider-state=u8:1
	unchanged "A circuit has no link address: leave the address out" \
		ip link set er0 address 02:00:00:00:00:01 type ercircuit
	unchanged "reach er0: a circuit cannot be paired with itself" \
		ip link set er0 type ercircuit reach er0

	unchanged "mtu must be at most 1500, the mtu of leg leg3, not 9000" \
		ip link add er1 mtu 9000 type ercircuit primary leg3
}

test_all_or_nothing() { # one bad option refuses the whole request
	victim_up
	set_leg "leg lo is a loopback device: use another device" \
		wtr 5s mode active-active primary leg3 novia secondary lo
	set_leg "via 10.0.0.1 must be on the leg's subnet" wtr 5s hash l3l4 \
		primary leg3 novia secondary leg2 via 10.0.0.1
	unchanged "leg lo is a loopback device: use another device" \
		ip link add er1 type ercircuit primary leg3 secondary lo
	not ip -n "$cust" link show er1
}

test_permission() { # a user without permission
	# Root without a capability: the plugin may be unreadable for other
	# users
	local user=(setpriv --bounding-set -all --inh-caps -all)

	need setpriv
	victim_up
	unchanged "Operation not permitted" \
		"${user[@]}" ip link set er0 type ercircuit wtr 5s
	unchanged "Operation not permitted" \
		"${user[@]}" ip link set leg3 master er0
	unchanged "Operation not permitted" \
		"${user[@]}" ip link add er1 type ercircuit
	unchanged "Operation not permitted" \
		unshare -Ur ip link set er0 type ercircuit wtr 5s
	unchanged "" sh -c "echo 1 >/run/sys-$cust/class/net/er0/ercircuit/switches"
}

ktap_main
