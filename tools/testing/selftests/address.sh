#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A leg fails while it has no address on the subnet of its next hop.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packets=20

# carried_by EDGE: each packet arrives at this edge, and both families are answered
carried_by()
{
	local to

	flow_listen there "$1"
	expect_eq sent "$(flow_send "$cust" -n "$packets" 10.9.0.1)" "$packets"
	expect_eq received "$(flow_result there received)" "$packets"
	for to in "${cloud_each[@]}"; do
		reaches "$cust" "$to"
	done
}

# failed: the primary leg has failed for this reason, and the circuit works
failed()
{
	now SF secondary
	expect_counter primary/state down
	expect_counter primary/reason address
	expect_counter last_switch_reason address
	carried_by "$pe2"
}

# restored: the primary leg works again
restored()
{
	becomes active primary
	expect_counter primary/state up
	expect_counter primary/reason none
	carried_by "$pe1"
}

# without DEV ADDRESS: the leg fails when it loses the address, and is restored when the
# address is back
without()
{
	ip -n "$cust" addr del "$2" dev "$1"
	failed
	addr_add "$cust" "$1" "$2"
	restored
}

test_gone4() { # the leg loses its IPv4 address, and gets it back
	edges_up
	circuit_up er0 wtr 0
	carried_by "$pe1"
	without leg1 169.254.10.1/30
	erc log er0 | grep ' er0 leg primary up -> down reason address$'
}

test_gone6() { # the leg loses the IPv6 address of its next hop's subnet, and gets it back
	edges_up
	circuit_up er0 wtr 0
	without leg1 fd00:10::1/64
}

test_gone6_link_local() { # the same with a link-local next hop
	local ll via

	need_ipv6
	edges_up
	busywait link_local "$pe1" c1
	via=$ll
	busywait link_local "$cust" leg1
	circuit_up er0 wtr 0
	erc leg er0 primary novia via "$via"
	without leg1 "$ll/64"
}

test_other_subnet() { # the leg gets an address on another subnet in place of its own
	edges_up
	circuit_up er0 wtr 0
	ip -n "$cust" addr add 192.0.2.1/24 dev leg1
	expect_counter primary/state up
	ip -n "$cust" addr del 169.254.10.1/30 dev leg1
	failed
	ip -n "$cust" addr add 169.254.10.1/24 dev leg1
	restored
}

test_other_address() { # another address on the same subnet is as good
	edges_up
	circuit_up er0 wtr 0
	ip -n "$cust" addr add fd00:10::9/64 dev leg1 nodad
	ip -n "$cust" addr del fd00:10::1/64 dev leg1
	now NR primary
	expect_counter primary/state up
	expect_counter primary/reason none
}

test_flushed6() { # "link down" flushes the leg's IPv6 addresses, and "link up" does not add them
	edges_up
	"$netns" write "$cust" ipv6/conf/leg1/keep_addr_on_down 0
	circuit_up er0 wtr 0
	ip -n "$cust" link set leg1 down
	expect_counter primary/reason admin
	ip -n "$cust" link set leg1 up
	busywait counter_is primary/reason address
	now SF secondary
	carried_by "$pe2"
	ip -n "$cust" addr add fd00:10::1/64 dev leg1 nodad
	restored
}

test_ipv6_off() { # IPv6 that is switched off on a leg with both next hops is no failure
	edges_up
	circuit_up er0 wtr 0
	nsx "$cust" sysctl -q net.ipv6.conf.leg1.disable_ipv6=1
	expect_counter primary/state up
	erc leg er0 secondary novia via fd00:11::2
	nsx "$cust" sysctl -q net.ipv6.conf.leg2.disable_ipv6=1
	expect_counter secondary/state down
	expect_counter secondary/reason address
}

test_both() { # active-active: all flows take the leg that has its address
	edges_up
	circuit_up er0 mode active-active wtr 0
	expect_counter active both
	ip -n "$cust" addr del 169.254.10.5/30 dev leg2
	expect_counter active primary
	expect_counter secondary/reason address
	carried_by "$pe1"
	ip -n "$cust" addr add 169.254.10.5/30 dev leg2
	becomes active both
}

test_no_leg() { # without any address no leg is usable, and the first one to return carries
	edges_up
	circuit_up er0 wtr 0
	ip -n "$cust" addr del 169.254.10.1/30 dev leg1
	ip -n "$cust" addr del 169.254.10.5/30 dev leg2
	expect_counter active none
	not reaches "$cust" 10.9.0.1
	expect_ge tx_no_leg "$(counter tx_no_leg)" 1
	ip -n "$cust" addr add 169.254.10.5/30 dev leg2
	becomes active secondary
	carried_by "$pe2"
}

test_unnumbered() { # a leg without a next hop needs no address
	edges_up
	circuit_bare
	ip -n "$cust" addr flush dev leg1
	expect_counter primary/state up
	expect_counter active primary
}

ktap_main
