#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whoever watches, changes or queues what the circuit carries sees every
# packet of it, in both directions: the short way through the driver is for
# packets nobody looks at.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

count=10

# exchange: count echos and as many answers cross the circuit
exchange()
{
	pings "$count" "$cust" 10.9.0.1
}

watched_up()
{
	topology_up
	circuit_up
	# The first packet resolves what there is to be resolved
	busywait 5000 reaches "$cust" 10.9.0.1
	busywait 5000 reaches "$cust" fd09::1
}

# captured FILE DIRECTION: packets in a capture of raw IP
captured()
{
	tcpdump -nr "$1" 2>/dev/null | grep -c "$2" || true
}

captured_is()
{
	[ "$(captured "$1" "$2")" = "$3" ]
}

test_tcpdump() { # a packet socket sees both directions, as raw IP
	need tcpdump
	watched_up
	tcpdump_start "$cust" "$scratch/tcpdump" -U -ni er0 -w "$scratch/cap" icmp
	defer kill $!
	grep -q 'link-type RAW' "$scratch/tcpdump"
	exchange
	busywait 5000 captured_is "$scratch/cap" 'echo request' "$count"
	busywait 5000 captured_is "$scratch/cap" 'echo reply' "$count"
}

test_tcpdump_any() { # so does one that listens on all devices
	need tcpdump
	watched_up
	tcpdump_start "$cust" "$scratch/tcpdump" -U -ni any -w "$scratch/cap" icmp
	defer kill $!
	exchange
	# Once on er0, once on leg1
	busywait 5000 captured_is "$scratch/cap" 'echo request' $((2 * count))
	busywait 5000 captured_is "$scratch/cap" 'echo reply' $((2 * count))
}

# tc_seen HOOK: packets that the filter on er0 matched
tc_seen()
{
	nsx "$cust" tc -s -j filter show dev er0 "$1" |
		jq '[.. | .actions? // empty | .[].stats.packets] | add'
}

test_tc() { # filters of clsact on er0 match every packet
	watched_up
	nsx "$cust" tc qdisc add dev er0 clsact
	nsx "$cust" tc filter add dev er0 egress protocol ip flower \
		ip_proto icmp action pass
	nsx "$cust" tc filter add dev er0 ingress protocol ip flower \
		ip_proto icmp action pass
	exchange
	expect_eq egress "$(tc_seen egress)" "$count"
	expect_eq ingress "$(tc_seen ingress)" "$count"
}

test_tc_drop() { # and can drop them
	watched_up
	nsx "$cust" tc qdisc add dev er0 clsact
	nsx "$cust" tc filter add dev er0 egress protocol ipv6 matchall \
		action drop
	not reaches "$cust" fd09::1
	reaches "$cust" 10.9.0.1
	nsx "$cust" tc filter del dev er0 egress
	nsx "$cust" tc filter add dev er0 ingress protocol ip matchall \
		action drop
	not reaches "$cust" 10.9.0.1
	nsx "$cust" tc qdisc del dev er0 clsact
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
}

nft_seen()
{
	nsx "$cust" nft -j list counter netdev watch "$1" |
		jq '.nftables[] | .counter? // empty | .packets'
}

test_nft() { # netdev chains on er0 count every packet
	need nft jq
	watched_up
	nsx "$cust" nft -f - <<-EOF
		table netdev watch {
			counter out { }
			counter in { }
			chain egress {
				type filter hook egress device "er0" priority 0;
				icmp type echo-request counter name out
			}
			chain ingress {
				type filter hook ingress device "er0" priority 0;
				icmp type echo-reply counter name in
			}
		}
	EOF
	exchange
	expect_eq egress "$(nft_seen out)" "$count"
	expect_eq ingress "$(nft_seen in)" "$count"
}

test_qdisc() { # a qdisc on er0 queues every packet
	local sent

	watched_up
	nsx "$cust" tc qdisc add dev er0 root fq_codel
	exchange
	sent=$(nsx "$cust" tc -s -j qdisc show dev er0 | jq '.[0].packets')
	expect_ge sent "$sent" "$count"
	nsx "$cust" tc qdisc replace dev er0 root netem loss 100%
	not reaches "$cust" 10.9.0.1
	nsx "$cust" tc qdisc del dev er0 root
	reaches "$cust" 10.9.0.1
}

test_leg() { # what watches a leg sees the packets with their link header
	need tcpdump
	watched_up
	tcpdump_start "$cust" "$scratch/tcpdump" -U -ni leg1 -w "$scratch/cap" icmp
	defer kill $!
	grep -q 'link-type EN10MB' "$scratch/tcpdump"
	exchange
	busywait 5000 captured_is "$scratch/cap" 'echo request' "$count"
	busywait 5000 captured_is "$scratch/cap" 'echo reply' "$count"
}

ktap_main
