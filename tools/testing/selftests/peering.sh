#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Peerings: the addresses that each one carries, and the DSCP values that it
# keeps.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# peering_up OPTIONS...: create a circuit with the options; both ends have
# public addresses, too
peering_up()
{
	edges_up
	circuit_up er0 "$@"
	ipb "$cust" <<-EOF
		addr add 198.51.100.1/32 dev er0
		addr add 2001:db8:1::1/128 dev er0 nodad
		route add 203.0.113.1 dev er0 src 198.51.100.1
		route add 2001:db8:9::1 dev er0 src 2001:db8:1::1
		route add 100.64.0.0/10 dev er0 src 198.51.100.1
		route add 192.168.0.0/16 dev er0 src 198.51.100.1
		route add 172.16.0.0/12 dev er0 src 198.51.100.1
	EOF
	ipb "$pe1" <<-EOF
		addr add 203.0.113.1/32 dev net0
		addr add 2001:db8:9::1/128 dev net0 nodad
		route add 198.51.100.1 via 169.254.10.1 src 203.0.113.1
		route add 2001:db8:1::1 via fd00:10::1
	EOF
}

# sent OPTIONS...: send fifty packets; received OPTIONS...: send them from the
# edge
sent()
{
	flow_send "$cust" -n 50 "$@"
}

received()
{
	nsx "$pe1" "$flow" send -n 50 "$@" 5000
}

test_none() { # without a peering, packets of all addresses pass
	peering_up
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	reaches "$cust" 203.0.113.1
	expect_counter tx_peering 0
	expect_counter rx_peering 0
}

test_private() { # private peering: all unicast packets pass
	peering_up peering private
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	reaches "$cust" 203.0.113.1
	reaches "$cust" 2001:db8:9::1
	expect_counter tx_peering 0
	expect_counter rx_peering 0
}

test_microsoft() { # Microsoft peering: only packets of public addresses pass
	peering_up peering microsoft
	reaches "$cust" 203.0.113.1
	reaches "$cust" 2001:db8:9::1
	expect_counter tx_peering 0
	expect_counter rx_peering 0
	# Refused because of the destination
	sent 10.9.0.1
	sent 172.31.0.1
	sent 192.168.3.4
	sent 100.64.0.1
	sent fd09::1
	expect_counter tx_peering 250
	# Refused because of the source
	sent -S 10.1.0.1 203.0.113.1
	sent -S fd01::1 2001:db8:9::1
	expect_counter tx_peering 350
	received -S 10.9.0.1 198.51.100.1
	received -S 203.0.113.1 10.1.0.1
	received -S fd09::1 2001:db8:1::1
	expect_counter rx_peering 150
	expect_eq tx_dropped "$(net_file "$cust" er0/statistics/tx_dropped)" 350
	expect_eq rx_dropped "$(net_file "$cust" er0/statistics/rx_dropped)" 150
	# The peering changes at run time
	erc set er0 peering none
	reaches "$cust" 10.9.0.1
}

# DSCP and ECN bits of the echo requests
tos=(0xb8 0x88 0x48 0x28 0x60 0xb9 0x61 0x00)

# marks ADDRESS WORD: send the echo requests, and print the received values that
# tcpdump shows after WORD
marks()
{
	local file=$scratch/$2.pcap pid t

	# The capture must not miss the first packet
	busywait reaches "$cust" "$1"
	tcpdump_start "$pe1" "$scratch/tcpdump" -q -U -i c1 -w "$file" \
		-c ${#tos[@]} 'icmp[0] == 8 or ip6[40] == 128' >/dev/null
	pid=$!
	for t in "${tos[@]}"; do
		reaches "$cust" "$1" -Q "$t" >&2
	done
	busywait not kill -0 "$pid"
	tcpdump -nvr "$file" >"$scratch/marks" 2>/dev/null
	not grep 'bad cksum' "$scratch/marks" >&2
	grep -o "$2 0x[0-9a-f]*" "$scratch/marks" | cut -d' ' -f2 | xargs
}

test_dscp() { # Microsoft peering resets unknown DSCP values and keeps ECN
	need tcpdump
	peering_up
	expect_eq none "$(marks 203.0.113.1 tos)" \
		"0xb8 0x88 0x48 0x28 0x60 0xb9 0x61 0x0"
	erc set er0 peering microsoft
	expect_eq microsoft "$(marks 203.0.113.1 tos)" \
		"0xb8 0x88 0x48 0x28 0x0 0xb9 0x1 0x0"
	erc set er0 peering private
	expect_eq private "$(marks 203.0.113.1 tos)" \
		"0x0 0x0 0x0 0x0 0x0 0x1 0x1 0x0"
}

test_dscp6() { # the same for IPv6; tcpdump does not print a class of 0
	need tcpdump
	peering_up peering microsoft
	expect_eq microsoft "$(marks 2001:db8:9::1 class)" \
		"0xb8 0x88 0x48 0x28 0xb9 0x01"
}

ktap_main
