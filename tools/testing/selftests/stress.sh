#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Everything at once for ERC_STRESS_SECONDS (60): legs attached, detached and
# flapped, the circuit reconfigured and taken down and up, under traffic.
#
# The ledger.  What a socket accepted (UDP swallows ENOBUFS) took one way:
#   received at an edge
#   er0's tx_dropped: every named drop of the circuit, and what the stack
#   dropped before it as it was down
#   the legs' tx_dropped: veth refused as its peer was down
#   leg neighbour entries' unresolved_discards, of the whole machine
#   what waited in such an entry when it died, which the kernel does not count:
#   at most a queue of 212992 bytes, which is 277 packets
# Nothing else; and nothing twice, but that a leg which is just going down
# counts what it refuses, too, which is er0's tx_error.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seconds=${ERC_STRESS_SECONDS:-60}

unresolved()
{
	local line column total=0

	while read -r -a line; do
		if [ -z "${column:-}" ]; then
			for column in "${!line[@]}"; do
				[ "${line[column]}" != unresolved_discards ] ||
					break
			done
			continue
		fi
		total=$((total + 16#${line[column]}))
	done <"/proc/net/stat/arp_cache"
	echo "$total"
}

# again COMMAND...: until the time is up, whether it works or not
again()
{
	while [ "$SECONDS" -lt "$until" ]; do
		"$@" >/dev/null 2>&1 || true
	done
}

attach_detach()
{
	ip -n "$cust" link set leg1 nomaster
	erc set er0 primary leg1
	ip -n "$cust" link set leg2 nomaster
	erc set er0 secondary leg2
}

flap()
{
	ip -n "$cust" link set leg1 carrier off || ip -n "$cust" link set leg1 down
	ip -n "$cust" link set leg1 up
	ip -n "$cust" link set leg2 down
	ip -n "$cust" link set leg2 up
}

configure()
{
	erc set er0 mode active-active hash l3l4 wtr 10ms
	erc set er0 hold-off 10ms neigh off
	erc set er0 mode active-backup hold-off 0 revertive off
	erc set er0 revertive on wtr 0
}

up_down()
{
	ip -n "$cust" link set er0 down
	ip -n "$cust" link set er0 up
	ip -n "$cust" route replace 10.9.0.0/24 dev er0 src 10.1.0.1
	read -rt 0.2 -u "$never" || true
}

look()
{
	nsx "$cust" ethtool -S er0
	ip -n "$cust" -d -s link show er0
	erc log er0
}

# Sum of what was dropped by name so far
dropped()
{
	local sum=0 dev

	for dev in er0 leg1 leg2; do
		sum=$((sum + $(net_file "$cust" "$dev/statistics/tx_dropped")))
	done
	echo $((sum + $(unresolved)))
}

test_stress() { # every packet sent is received or in a named counter
	local until was i jobs=() senders=() sent=0 received accounted

	edges_up
	# A leg that was down comes back as it was
	"$netns" write "$cust" ipv6/conf/all/keep_addr_on_down 1
	circuit_up er0 wtr 0
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	was=$(dropped)
	until=$((SECONDS + seconds))
	for i in 1 2; do
		nsx_exec "$cust" "$flow" send -d "$seconds" -r 2000 -f 16 \
			-S 10.1.0.1 10.9.0.1 5000 >"$scratch/sent.$i" &
		senders+=($!)
	done
	for i in attach_detach flap configure up_down look; do
		again "$i" &
		jobs+=($!)
	done
	wait "${senders[@]}" "${jobs[@]}"
	for i in 1 2; do
		sent=$((sent + $(json accepted <"$scratch/sent.$i")))
	done
	received=$(($(flow_result one received) + $(flow_result two received)))
	echo "sent $sent, received $received, dropped $(($(dropped) - was))"
	accounted=$((received + $(dropped) - was))
	expect_ge "accounted for" "$accounted" $((sent - 277))
	expect_le "accounted for" "$accounted" $((sent +
		$(counter primary/tx_error) + $(counter secondary/tx_error)))
	# It was no rest that was tested
	expect_ge received "$received" $((sent / 10))
	expect_ge switches "$(counter switches)" "$seconds"
}

ktap_main
