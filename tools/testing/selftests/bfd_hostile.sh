#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BFD packets that must be ignored: each is counted, and the session stays Up.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

send=$(dirname "${BASH_SOURCE[0]}")/bfd_packet.py

# victim_up LOCAL PEER: set up a session between two circuits; sets discr
victim_up()
{
	edges_up
	erc_load
	erc add er0 primary leg1 via "$2" bfd on bfd-mult 20
	ip -n "$cust" link set er0 up
	nsx "$pe1" ercircuit add peer primary c1 via "$1" bfd on bfd-mult 20
	ip -n "$pe1" link set peer up
	becomes primary/bfd_state up
	local=$1
	via=$2
	mac=$(net_file "$cust" leg1/address)
	discr=$(ip -n "$cust" -d -j link show er0 |
		jq .[0].linkinfo.info_data.primary.bfd_discr)
	remote=$(ip -n "$cust" -d -j link show er0 |
		jq .[0].linkinfo.info_data.primary.bfd_remote_discr)
	bad=0
}

# from SOURCE FIELDS...: send five packets that are valid except for these
# fields
from()
{
	nsx "$pe1" "$send" c1 "$mac" "$1" "$local" 5 "your=$discr" \
		"my=$remote" "${@:2}"
}

# bad FIELDS...: the packets are refused and counted
bad()
{
	echo "bad: $*"
	from "$via" "$@"
	bad=$((bad + 5))
	becomes primary/bfd_bad "$bad"
}

unharmed()
{
	expect_counter primary/bfd_bad "$bad"
	expect_counter primary/bfd_state up
	expect_counter primary/bfd_down_events 0
	expect_counter primary/bfd_up_events 1
}

# Send one packet for each check of RFC 5880 section 6.8.6. If a check were
# missing, the packet would end the session.
liars()
{
	bad state=1 ttl=254
	bad state=1 ttl=1
	bad state=1 version=0
	bad state=1 version=2
	bad state=1 length=23
	bad state=1 length=0
	bad state=1 length=25
	bad state=1 mult=0
	bad state=1 my=0
	bad state=2 your=0
	bad state=3 your=0
	bad state=1 flags=0x09
	bad state=1 flags=0x38
	bad state=1 flags=0x0c
	bad state=1 your=$((discr ^ 1))
	bad state=0 your=$((discr ^ 1))
	bad state=1 size=23
	bad state=1 size=0
	bad state=1 udp=100
	bad state=1 udp=7
	bad state=1 sum=1
	unharmed
}

test_ipv4() { # IPv4: each check of RFC 5880 refuses its packet
	victim_up 169.254.10.1 169.254.10.2
	liars
	# A valid packet is accepted, and so is one without a checksum
	from "$via" sum=0
	from "$via"
	# A packet from another address is refused, even with our discriminator
	from 169.254.10.3 state=1
	bad=$((bad + 5))
	becomes primary/bfd_bad "$bad"
	# Packets that are not for the session are not counted
	from 169.254.10.3 state=1 your=0
	from "$via" state=1 port=4784
	from "$via" state=1 fragment=0x2000
	from "$via" state=1 fragment=1
	unharmed
}

test_ipv6() { # IPv6: the same checks
	victim_up fd00:10::1 fd00:10::2
	liars
	bad state=1 sum=0
	# The EtherType decides whether the packet is IPv6
	from "$via" state=1 type=0x88b5
	from "$via" state=1 type=0x0800
	unharmed
}

test_flood() { # a flood of packets with unknown discriminators harms neither session nor log
	local lines before ms

	victim_up 169.254.10.1 169.254.10.2
	lines=$(dmesg | wc -l)
	before=$(counter primary/bfd_rx)
	read -r bad ms < <(nsx "$pe1" "$send" c1 "$mac" "$via" "$local" \
		flood 1000000)
	echo "$bad packets, $((bad * 1000 / ms)) a second"
	becomes primary/bfd_bad "$bad"
	unharmed
	expect_eq "lines in the log" "$(dmesg | wc -l)" "$lines"
	expect_ge bfd_rx "$(counter primary/bfd_rx)" "$before"
}

ktap_main
