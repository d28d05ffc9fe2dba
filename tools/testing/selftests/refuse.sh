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
	set_leg "primary and secondary are the same device: each needs its own" \
		primary leg3 secondary leg3
	set_leg "primary and secondary are the same device" primary leg2
	unchanged "primary and secondary are the same device" \
		ip link add er1 type ercircuit primary leg3 secondary leg3
}

test_itself() { # the circuit as its own leg
	victim_up
	set_leg "A circuit cannot be its own leg" primary er0
	ip -n "$cust" link set leg1 nomaster
	known=
	unchanged "A circuit cannot be its own leg" ip link set er0 master er0
}

test_loopback() { # a loopback device
	victim_up
	set_leg "A loopback device cannot be a leg" primary lo
	ip -n "$cust" link set leg1 nomaster
	known=
	unchanged "A loopback device cannot be a leg" ip link set lo master er0
}

test_master() { # a device that has a master
	victim_up
	ip -n "$cust" link add br0 type bridge
	ip -n "$cust" link set leg3 master br0
	set_leg "The leg already has a master" primary leg3
	ip -n "$cust" link set leg3 nomaster
	ip -n "$cust" link add er1 type ercircuit primary leg3
	known=
	set_leg "The leg already has a master" primary leg3
}

test_rx_handler() { # a device that another driver receives from
	victim_up
	ip -n "$cust" link add m0 link leg3 type macvlan mode bridge
	set_leg "packets already go to another driver" primary leg3
	ip -n "$cust" link set leg1 nomaster
	known=
	unchanged "packets already go to another driver" \
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
	set_leg "A circuit that is a leg must be seen to fail: set fail open on it" \
		primary er1
	ip -n "$cust" link set er1 type ercircuit fail open
	ip -n "$cust" link set er0 type ercircuit primary er1 novia
	known=
	unchanged "The circuit is a leg of another circuit, which must see it fail: keep fail open" \
		ip link set er1 type ercircuit fail closed
}

test_other_netns() { # a leg's device in another namespace
	victim_up
	unchanged "The leg's device is not in this network namespace: move it here (ip link set DEVICE netns)" \
		"$netlink" set er0 "primary[" ifindex=u32:9999 "]"
	unchanged "The leg's device is not in this network namespace" \
		"$netlink" create er1 "secondary[" ifindex=u32:9999 "]"
}

test_both_taken() { # a third leg, when both slots are taken
	victim_up
	unchanged "Both slots of the circuit are taken" \
		ip link set leg3 master er0
}

test_loop() { # a loop of circuits
	victim_up
	ip -n "$cust" link set er0 type ercircuit fail open
	known=
	ip -n "$cust" link add er1 type ercircuit primary er0 fail open
	ip -n "$cust" link add er2 type ercircuit primary er1 fail open
	set_leg "The leg runs over this circuit: a loop" primary er1
	set_leg "The leg runs over this circuit: a loop" primary er2
	ip -n "$cust" link set leg1 nomaster
	known=
	unchanged "The leg runs over this circuit: a loop" \
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
	grep "deeper than the kernel allows" "$scratch/refusal"
	top=$i
	unchanged "deeper than the kernel allows" \
		ip link add "er$top" type ercircuit primary "er$((top - 1))"
	# The new leg is itself on top of other devices
	ip -n "$cust" link add link leg3 v1 type vlan id 1
	ip -n "$cust" link add link v1 v2 type vlan id 2
	known=
	set_leg "deeper than the kernel allows" primary v2
}

test_via_own() { # a next hop that is our own address
	victim_up
	set_leg "via is the leg's own address" primary leg1 via 169.254.10.1
	set_leg "via is the leg's own address" primary leg1 via fd00:10::1
	unchanged "via is the leg's own address" \
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
	for a in 0.0.0.0 224.0.0.5 255.255.255.255 127.0.0.1; do
		via_raw "via is not a unicast IPv4 address" "$a"
	done
	for a in :: ff02::1 ::1 ::ffff:169.254.10.2; do
		via_raw "via is not a unicast IPv6 address" "$a"
	done
}

test_via_network() { # a next hop that is the subnet's network or broadcast address
	victim_up
	via_raw "via is no host address in the leg's subnet" 169.254.10.0
	via_raw "via is no host address in the leg's subnet" 169.254.10.3
	# A subnet of two addresses has neither address (RFC 3021)
	ip -n "$cust" addr add 198.51.100.0/31 dev leg1
	erc leg er0 primary via 198.51.100.1
}

test_via_elsewhere() { # a next hop outside the leg's subnets; the message names them
	victim_up
	via_raw "via is not on the leg's subnet 169.254.10.1/30" 169.254.10.6
	via_raw "via is not on the leg's subnet fd00:10::1/64" fd00:11::2
	ip -n "$cust" addr flush dev leg3
	known=
	set_leg "the leg has no IPv4 address" primary leg3 novia via 169.254.10.2
	set_leg "the leg has no global IPv6 address" primary leg3 novia via fd00:10::2
}

test_via_kept() { # a new device that cannot reach the slot's next hop
	victim_up
	ip -n "$cust" link set leg1 nomaster
	unchanged "via is not on the leg's subnet 169.254.10.9/30" \
		ip link set leg3 master er0
}

test_unknown() { # unknown attributes
	local i

	victim_up
	# The core skips type 0 before it applies a policy
	for i in 1 30 37 50; do
		unchanged "Unknown attribute" "$netlink" set er0 "$i=u8:1"
	done
	for i in 1 30 35 40; do
		unchanged "Unknown attribute" "$netlink" slave leg1 "$i=u8:1"
		unchanged "Unknown attribute" \
			"$netlink" set er0 "primary[" "$i=u8:1" "]"
	done
	unchanged "Unknown attribute" "$netlink" create er1 40=u32:1
	unchanged "" "$netlink" set er0 "primary[" 300=u32:1 "]"
}

test_read_only() { # attributes that cannot be set
	local name

	victim_up
	for name in active request last-switch-reason last-switch-ns; do
		unchanged "${name//-/_} is read-only" \
			"$netlink" set er0 "$name=u64:0"
	done
	for name in slot state reason bfd-state bfd-remote-state bfd-diag \
		bfd-remote-diag bfd-discr bfd-remote-discr bfd-interval \
		bfd-detection; do
		unchanged "${name//-/_} is read-only" "$netlink" slave leg1 "$name=u8:0"
		unchanged "${name//-/_} is read-only" \
			"$netlink" set er0 "secondary[" "$name=u8:0" "]"
	done
	unchanged "ifindex belongs to the circuit: set primary or secondary there" \
		"$netlink" slave leg1 ifindex=dev:leg1
}

test_range() { # values out of range
	victim_up
	unchanged "mode must be active-backup or active-active" \
		"$netlink" set er0 mode=u8:2
	unchanged "hash must be l3 or l3l4" "$netlink" set er0 hash=u8:2
	unchanged "revertive must be on (1) or off (0)" \
		"$netlink" set er0 revertive=u8:2
	unchanged "neigh must be on (1) or off (0)" \
		"$netlink" slave leg1 neigh=u8:2
	unchanged "drain must be on (1) or off (0)" \
		"$netlink" slave leg1 drain=u8:2
	unchanged "fault must be none, blackhole, tx, rx or down" \
		"$netlink" slave leg1 fault=u8:5
	unchanged "bfd must be on (1) or off (0)" "$netlink" slave leg1 bfd=u8:2
	unchanged "bfd-tx must be 1 ms to 60 s" \
		"$netlink" slave leg1 bfd-tx=u32:999
	unchanged "bfd-tx must be 1 ms to 60 s" \
		"$netlink" slave leg1 bfd-tx=u32:60000001
	unchanged "bfd-rx must be 1 ms to 60 s" \
		"$netlink" slave leg1 bfd-rx=u32:0
	unchanged "bfd-mult must be 1 to 255" \
		"$netlink" slave leg1 bfd-mult=u8:0
	unchanged "wtr must be at most 720 s" "$netlink" set er0 wtr=u32:720001
	unchanged "wtr must be at most 720 s" \
		"$netlink" set er0 wtr=u32:0xffffffff
	unchanged "hold-off must be at most 10 s" \
		"$netlink" set er0 hold-off=u32:10001
	unchanged "bandwidth must be 1kbit to 1tbit, or 0 for no limit" \
		"$netlink" set er0 bandwidth=u64:999
	unchanged "bandwidth must be 1kbit to 1tbit, or 0 for no limit" \
		"$netlink" set er0 bandwidth=u64:1000000000001
	unchanged "burst must be at most 10 s" \
		"$netlink" set er0 burst=u32:10000001
	unchanged "police must be on (1) or off (0)" \
		"$netlink" set er0 police=u8:2
	unchanged "sla must be at most 100 %" "$netlink" set er0 sla=u32:1000001
	unchanged "provider-state must be not-provisioned, provisioning, provisioned or deprovisioning" \
		"$netlink" set er0 provider-state=u8:4
	unchanged "circuit-state must be enabled or disabled" \
		"$netlink" set er0 circuit-state=u8:2
	unchanged "peering must be none, private or microsoft" \
		"$netlink" set er0 peering=u8:3
	unchanged "model must be none, p2p, exchange, ipvpn or direct" \
		"$netlink" set er0 model=u8:5
	unchanged "fail must be closed or open" "$netlink" set er0 fail=u8:2
	unchanged "switch must be lockout, forced, manual-primary, manual-secondary, exercise or clear" \
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
	unchanged "bfd needs a next hop: set via" \
		"$netlink" slave leg1 novia bfd=u8:1
	unchanged "provider-state and circuit-state need a service key: set key" \
		"$netlink" set er0 provider-state=u8:1
	unchanged "A circuit has no link address: leave the address out" \
		ip link set er0 address 02:00:00:00:00:01 type ercircuit
	unchanged "reach: a circuit cannot be paired with itself" \
		ip link set er0 type ercircuit reach er0

	unchanged "mtu 9000 is larger than the mtu of leg leg3 (1500)" \
		ip link add er1 mtu 9000 type ercircuit primary leg3
}

test_all_or_nothing() { # one bad option refuses the whole request
	victim_up
	set_leg "A loopback device cannot be a leg" \
		wtr 5s mode active-active primary leg3 novia secondary lo
	set_leg "via is not on the leg's subnet" wtr 5s hash l3l4 \
		primary leg3 novia secondary leg2 via 10.0.0.1
	unchanged "A loopback device cannot be a leg" \
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
