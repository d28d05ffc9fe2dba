#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The main job by stock ip alone: two legs, one interface, carrier failover,
# counters that agree with what was sent.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A circuit over unnumbered legs, which takes no options
unnumbered_up()
{
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	ip -n "$cust" link set leg1 master er0
	ip -n "$cust" link set leg2 master er0
	ip -n "$cust" link set er0 up
	addr_add "$cust" er0 10.1.0.1/32 fd01::1/128
	ip -n "$cust" route add 10.9.0.0/24 dev er0 src 10.1.0.1
	ip -n "$cust" route add fd09::/64 dev er0 src fd01::1
	# An unnumbered peer is known from its first frame; until then ours
	# are broadcast, which a router does not forward
	nsx "$pe1" ping -q -c1 -W1 169.254.10.1
	nsx "$pe2" ping -q -c1 -W1 169.254.10.5
}

# File of the circuit in sysfs
value()
{
	nsx "$cust" cat "/sys/class/net/er0/ercircuit/$1"
}

value_is()
{
	[ "$(value "$1")" = "$2" ]
}

test_carry() { # both families reach the cloud over the primary leg, counted
	topology_up
	unnumbered_up
	nsx "$cust" ping -q -c10 -i0.01 -W1 10.9.0.1
	nsx "$cust" ping -q -c10 -i0.01 -W1 fd09::1
	expect_eq active "$(value active)" primary
	expect_eq tx_packets "$(value primary/tx_packets)" 20
	expect_eq rx_packets "$(value primary/rx_packets)" 20
	expect_eq secondary "$(value secondary/tx_packets)" 0
	expect_eq tx_bytes "$(value primary/tx_bytes)" $((10 * 84 + 10 * 104))
}

test_carrier() { # no packet is lost when the primary leg loses its carrier
	topology_up
	unnumbered_up
	nsx "$cust" ping -q -c1 -W1 10.9.0.1
	ip -n "$pe1" link set c1 down
	cloud_via pe2
	nsx "$cust" ping -q -c5 -i0.01 -W1 10.9.0.1
	expect_eq secondary "$(value secondary/tx_packets)" 5
	busywait 2000 value_is active secondary
	expect_eq request "$(value request)" SF
	expect_eq reason "$(value last_switch_reason)" link
}

test_leg_gone() { # a leg's device is deleted: slot empty, counters kept
	topology_up
	unnumbered_up
	nsx "$cust" ping -q -c3 -i0.01 -W1 10.9.0.1
	ip -n "$cust" link del leg1
	expect_eq state "$(value primary/state)" empty
	expect_eq tx_packets "$(value primary/tx_packets)" 3
	cloud_via pe2
	nsx "$cust" ping -q -c3 -i0.01 -W1 10.9.0.1
}

test_no_leg() { # without a leg, what is sent is counted
	setup_ns cust
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	ip -n "$cust" link set er0 up
	addr_add "$cust" er0 10.1.0.1/32
	ip -n "$cust" route add 10.9.0.0/24 dev er0
	not nsx "$cust" ping -q -c1 -W1 10.9.0.1
	expect_ge tx_no_leg "$(value tx_no_leg)" 1
	expect_eq active "$(value active)" none
}

test_ethtool() { # ethtool -S tells the same as sysfs
	topology_up
	unnumbered_up
	nsx "$cust" ping -q -c3 -i0.01 -W1 10.9.0.1
	expect_eq primary_tx_packets \
		"$(nsx "$cust" ethtool -S er0 | awk '/primary_tx_packets/ { print $2 }')" \
		"$(value primary/tx_packets)"
	nsx "$cust" ethtool -i er0 | grep -q '^driver: ercircuit$'
}

test_refused() { # what cannot be a leg is refused with a sentence
	setup_ns cust
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	ip -n "$cust" link add er1 type ercircuit
	refused "loopback device cannot be a leg" \
		ip -n "$cust" link set lo master er0
	ip -n "$cust" link set er1 master er0
	refused "runs over this circuit" ip -n "$cust" link set er0 master er1
	ip -n "$cust" link add d1 type dummy
	ip -n "$cust" link add d2 type dummy
	ip -n "$cust" link set d1 master er0
	refused "Both slots" ip -n "$cust" link set d2 master er0
	ip -n "$cust" link set d1 mtu 1400
	refused "mtu greater than device maximum" \
		ip -n "$cust" link set er0 mtu 1500
}

ktap_main
