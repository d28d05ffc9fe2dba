#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# All operations at the same time for ERC_STRESS_SECONDS (15, or 300 in "make
# soak"), under traffic: attach, detach and flap legs, and reconfigure the
# circuit and set it down and up.
#
# The balance: er0 sent or dropped each packet that a socket accepted (UDP
# hides ENOBUFS). It dropped the packet in a named counter or because er0 was
# down. One packet of each sender is missing whenever er0 goes down, as its
# route was just deleted (dst_discard_out).
#
# Each packet that er0 sent was passed to a leg's device, where a tc filter
# counts it; or is in unresolved_discards of the legs' neighbour entries; or
# waited in a neighbour entry that was destroyed. The kernel does not count the
# last; an entry's queue holds at most 212992 bytes, or 277 packets.
#
# An edge receives each packet that was passed to its leg, except for those
# that the leg counts as dropped, together with its own packets for ARP and
# IPv6.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seconds=${ERC_STRESS_SECONDS:-$(soak 15 300)}

# arp_cache COLUMN: print a statistic of all neighbour entries of the machine
arp_cache()
{
	local line column total=0

	while read -r -a line; do
		if [ -z "${column:-}" ]; then
			for column in "${!line[@]}"; do
				[ "${line[column]}" != "$1" ] || break
			done
			continue
		fi
		total=$((total + 16#${line[column]}))
	done <"/proc/net/stat/arp_cache"
	echo "$total"
}

# again COMMAND...: repeat COMMAND until the time is over; ignore failures
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
	echo >>"$scratch/downs"
	ip -n "$cust" link set er0 up
	ip -n "$cust" route replace 10.9.0.0/24 dev er0 src 10.1.0.1
	pause 200
}

look()
{
	nsx "$cust" ethtool -S er0
	ip -n "$cust" -d -s link show er0
	erc log er0
}

count_handed()
{
	nsx "$cust" tc qdisc add dev "$1" clsact
	nsx "$cust" tc filter add dev "$1" egress protocol ip flower \
		ip_proto udp dst_port "$flow_port" action pass
}

handed()
{
	nsx "$cust" tc -s -j filter show dev "$1" egress |
		jq '[.. | .stats? | .packets? // empty] | max // 0'
}

# legs NAME: print the sum of the legs' counters NAME
legs()
{
	echo $(($(counter "primary/$1") + $(counter "secondary/$1")))
}

leg_devices_dropped()
{
	echo $(($(net_file "$cust" leg1/statistics/tx_dropped) +
		$(net_file "$cust" leg2/statistics/tx_dropped)))
}

test_stress() { # every packet sent is received or in a named counter
	local until discards destroyed handed i jobs=()
	local accepted=0 sent dropped received flow_port=$flow_port_counts

	edges_up
	circuit_up er0 wtr 0
	count_handed leg1
	count_handed leg2
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	discards=$(arp_cache unresolved_discards)
	destroyed=$(arp_cache destroys)
	until=$((SECONDS + seconds))
	for i in 1 2; do
		flow_start "$i" "$cust" -d "$seconds" -r 2000 -f 16 \
			-S 10.1.0.1 10.9.0.1
	done
	for i in attach_detach flap configure up_down look; do
		again "$i" &
		jobs+=($!)
	done
	wait "${jobs[@]}"
	for i in 1 2; do
		flow_wait "$i"
		accepted=$((accepted + $(flow_accepted "$i")))
	done
	received=$(($(flow_result one received) + $(flow_result two received)))
	discards=$(($(arp_cache unresolved_discards) - discards))
	destroyed=$(($(arp_cache destroys) - destroyed))
	sent=$(legs tx_packets)
	dropped=$(net_file "$cust" er0/statistics/tx_dropped)
	handed=$(($(handed leg1) + $(handed leg2)))
	echo "accepted $accepted, sent $sent, dropped $dropped, handed to" \
		"legs $handed, discarded $discards, received $received"
	expect_le "sent or dropped" $((sent + dropped)) "$accepted"
	expect_ge "sent or dropped" $((sent + dropped)) \
		$((accepted - 2 * $(wc -l <"$scratch/downs")))
	# A leg that goes down refuses packets that the filter has counted
	expect_le "handed or discarded" $((handed + discards)) \
		$((sent + $(legs tx_error)))
	expect_ge "handed or discarded" $((handed + discards)) \
		$((sent - destroyed * 277))
	expect_le received "$received" "$handed"
	expect_ge received "$received" $((handed - $(leg_devices_dropped)))
	# Check that the system was busy
	expect_ge received "$received" $((accepted / 10))
	expect_ge switches "$(counter switches)" 10
}

ktap_main
