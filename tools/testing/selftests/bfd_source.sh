#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The source address of a BFD session: chosen once, and kept.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_pair.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_pair.sh"

# With this multiplier, a busy host does not end a session by being late
quick+=(bfd-mult 60)

# session4, session6: bring up a session to the first edge
session6()
{
	edges_up
	circuit_up er0 wtr 0
	erc set er0 primary leg1 novia via fd00:10::2 "${quick[@]}"
	peer_up 1 fd00:10::1 "${quick[@]}"
	becomes primary/bfd_state up
	peer_becomes bfd_state up
}

session4()
{
	edges_up
	circuit_up er0 wtr 0
	erc leg er0 primary "${quick[@]}"
	peer_up 1 169.254.10.1 "${quick[@]}"
	becomes primary/bfd_state up
	peer_becomes bfd_state up
}

test_more6() { # either end gets more IPv6 addresses in the prefix: the session stays
	session6
	# The kernel lists it before the old address
	ip -n "$cust" addr add fd00:10::1234/64 dev leg1 nodad
	lives "an address of ours"
	ip -n "$pe1" addr add fd00:10::5678/64 dev c1 nodad
	lives "an address of the peer's"
	# Without a session, an address in a smaller subnet would be chosen
	ip -n "$cust" addr add fd00:10::4321/120 dev leg1 nodad
	lives "a smaller subnet"
	# Deprecate the address of the session
	ip -n "$cust" addr change fd00:10::1/64 dev leg1 preferred_lft 0
	lives "a deprecated address"
	ip -n "$cust" addr del fd00:10::1234/64 dev leg1
	lives "one less"
	# The session starts again from the same address: the peer knows no
	# other
	peer fault blackhole
	becomes primary/bfd_state down
	peer fault none
	becomes primary/bfd_state up
}

test_temporary() { # the session survives privacy addresses from SLAAC
	session6
	nsx "$cust" sysctl -qw net.ipv6.conf.leg1.use_tempaddr=2
	ip -n "$cust" addr add fd00:10::aaaa:1/64 dev leg1 nodad mngtmpaddr
	ip -n "$cust" -6 addr show dev leg1
	lives
}

test_more4() { # either end gets more IPv4 addresses in the subnet: the session stays
	session4
	ip -n "$cust" addr add 169.254.10.3/30 dev leg1
	ip -n "$cust" addr add 169.254.10.1/24 dev leg1
	ip -n "$cust" addr add 169.254.10.9/24 dev leg1
	ip -n "$pe1" addr add 169.254.10.3/24 dev c1
	lives "more addresses"
	# Add a subnet that is smaller than that of the session
	ip -n "$cust" addr add 169.254.10.0/31 dev leg1
	ip -n "$cust" addr add 169.254.10.3/31 dev leg1
	lives "a smaller subnet"
}

test_gone6() { # if its address is removed, the session moves to another, if the peer accepts it
	session6
	ip -n "$cust" addr add fd00:10::1234/64 dev leg1 nodad
	lives
	ip -n "$cust" addr del fd00:10::1/64 dev leg1
	# This peer accepts no other address
	becomes primary/bfd_state down
	# Restore the address; the other one is still configured
	ip -n "$cust" addr add fd00:10::1/64 dev leg1 nodad
	becomes primary/bfd_state up
	ip -n "$cust" addr del fd00:10::1/64 dev leg1
	becomes primary/bfd_state down
	peer novia via fd00:10::1234
	becomes primary/bfd_state up
	# The session now keeps the other address
	ip -n "$cust" addr add fd00:10::1/64 dev leg1 nodad
	downs=$(counter primary/bfd_down_events)
	peer_downs=$(peer_counter bfd_down_events)
	lives
	# Remove all addresses
	ip -n "$cust" addr del fd00:10::1/64 dev leg1
	ip -n "$cust" addr del fd00:10::1234/64 dev leg1
	becomes primary/bfd_state down
	ip -n "$cust" addr add fd00:10::1234/64 dev leg1 nodad
	becomes primary/bfd_state up
}

test_gone4() { # IPv4: the same, with the primary address of the subnet
	session4
	ip -n "$pe1" addr add 169.254.10.2/28 dev c1
	nsx "$cust" sysctl -qw net.ipv4.conf.leg1.promote_secondaries=1
	ip -n "$cust" addr add 169.254.10.9/28 dev leg1
	ip -n "$cust" addr add 169.254.10.10/28 dev leg1
	lives
	ip -n "$cust" addr del 169.254.10.1/30 dev leg1
	becomes primary/bfd_state down
	peer via 169.254.10.9
	becomes primary/bfd_state up
	# Restore the preferred address; the session does not use it
	ip -n "$cust" addr add 169.254.10.1/30 dev leg1
	downs=$(counter primary/bfd_down_events)
	peer_downs=$(peer_counter bfd_down_events)
	lives
}

test_choice6() { # a session begins from a stable, preferred address
	edges_up
	nsx "$cust" sysctl -qw net.ipv6.conf.leg1.use_tempaddr=2
	# The kernel lists all of these before fd00:10::1
	ip -n "$cust" addr add fd00:10::dead/64 dev leg1 nodad preferred_lft 0
	ip -n "$cust" addr add fd00:10::2:0:0:1/80 dev leg1 nodad
	circuit_up er0 wtr 0
	erc set er0 primary leg1 novia via fd00:10::2 "${quick[@]}"
	peer_up 1 fd00:10::1 "${quick[@]}"
	becomes primary/bfd_state up
}

test_choice4() { # IPv4: a session begins from the primary address of the smallest subnet
	edges_up
	ipb "$cust" <<-EOF
		addr del 169.254.10.1/30 dev leg1
		addr add 169.254.10.9/24 dev leg1
		addr add 169.254.10.1/30 dev leg1
		addr add 169.254.10.3/30 dev leg1
	EOF
	circuit_up er0 wtr 0
	erc leg er0 primary "${quick[@]}"
	peer_up 1 169.254.10.1 "${quick[@]}"
	becomes primary/bfd_state up
}

test_waits() { # a session does not move to an equal address before it is Up
	edges_up
	circuit_up er0 wtr 0
	erc set er0 primary leg1 novia via fd00:10::2 "${quick[@]}"
	becomes primary/bfd_state down
	ip -n "$cust" addr add fd00:10::1234/64 dev leg1 nodad
	peer_up 1 fd00:10::1 "${quick[@]}"
	becomes primary/bfd_state up
}

ktap_main
