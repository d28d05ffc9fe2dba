#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs that watch, change or queue the circuit's packets see every packet in
# both directions. The driver uses its short path only for packets that no
# program looks at.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

count=10

# exchange: send count echo requests over the circuit and receive the replies
exchange()
{
	pings "$count" "$cust" 10.9.0.1
}

watched_up()
{
	topology_up
	circuit_up
	# The first packet resolves the neighbour entries
	busywait reaches "$cust" 10.9.0.1
	busywait reaches "$cust" fd09::1
}

# captured FILE DIRECTION: print the number of packets in a capture of raw IP
captured()
{
	tcpdump -nr "$1" 2>/dev/null | grep -c "$2" || true
}

captured_is()
{
	[ "$(captured "$1" "$2")" = "$3" ]
}

# capture_sees DEV N TYPE: tcpdump on DEV sees N packets in each direction, of this link
# type
capture_sees()
{
	need tcpdump
	watched_up
	tcpdump_start "$cust" "$scratch/tcpdump" -U -ni "$1" -w "$scratch/cap" icmp
	defer kill $!
	grep -q "link-type $3" "$scratch/tcpdump"
	exchange
	busywait captured_is "$scratch/cap" 'echo request' "$2"
	busywait captured_is "$scratch/cap" 'echo reply' "$2"
}

test_tcpdump() { # a packet socket sees both directions, as raw IP
	capture_sees er0 "$count" RAW
}

test_tcpdump_any() { # a packet socket for all devices sees both directions, too
	# Once on er0 and once on leg1
	capture_sees any $((2 * count)) LINUX_SLL
}

# tc_seen HOOK: print the number of packets that the filter on er0 matched
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

test_tc_drop() { # filters of clsact on er0 can drop every packet
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

test_leg() { # a packet socket on a leg sees the packets with their link header
	capture_sees leg1 "$count" EN10MB
}

# --- packets that other drivers pass to er0 ---------------------------------

# sender_up: create a sender behind the customer, and a receiver behind the circuit
sender_up()
{
	local mac

	edges_up
	circuit_up
	lan_up 10.5.0.2/24 10.5.0.1/24 fd05::2/64 fd05::1/64
	flow_listen there "$pe1"
	busywait reaches "$cust" 10.9.0.1
	busywait reaches "$cust" fd09::1
	busywait reaches "$cust" 10.5.0.2
	busywait reaches "$cust" fd05::2
	# The sender must not send neighbour requests into er0
	mac=$(net_file "$cust" l1/address)
	ipb "$lan" <<-EOF
		neigh replace 10.5.0.1 lladdr $mac dev l0 nud permanent
		neigh replace fd05::1 lladdr $mac dev l0 nud permanent
	EOF
	ipb "$pe1" <<-EOF
		route add 10.5.0.0/24 via 169.254.10.1
		route add fd05::/64 via fd00:10::1
	EOF
}

# twice COMMAND: run COMMAND without and with tcpdump on er0
twice()
{
	need tcpdump
	"$@"
	tcpdump_start "$cust" "$scratch/tcpdump" -U -ni er0 -w "$scratch/cap"
	defer kill $!
	"$@"
}

at_least()
{
	[ "$(counter "$1")" -ge "$2" ]
}

# refuses NS ADDRESS...: er0 drops the packets as not IP
refuses()
{
	local address not_ip sent

	for address in "${@:2}"; do
		not_ip=$(counter tx_not_ip)
		sent=$(counter primary/tx_packets)
		flow_send "$1" -n "$count" "$address"
		# An MLD message may be counted, too
		busywait at_least tx_not_ip $((not_ip + count))
		expect_counter primary/tx_packets "$sent"
	done
}

# carries NS ADDRESS...: er0 sends the packets as IP, and they arrive
carries()
{
	local address sent not_ip

	not_ip=$(counter tx_not_ip)
	for address in "${@:2}"; do
		sent=$(counter primary/tx_packets)
		flow_send "$1" -n "$count" "$address"
		busywait counter_is primary/tx_packets $((sent + count))
	done
	expect_counter tx_not_ip "$not_ip"
}

# fwd HOOK STATEMENT...: nftables passes packets of l1 to er0
fwd()
{
	modprobe nft_fwd_netdev 2>/dev/null || true
	nsx "$cust" nft -f - <<-EOF 2>"$scratch/nft" || skip "no nft fwd here"
		table netdev t {
			chain c {
				type filter hook $1 device "l1" priority 0;
				meta l4proto udp ${*:2}
			}
		}
	EOF
}

test_fwd_egress_neigh() { # nft fwd to a neighbour from an egress hook: er0 gets Ethernet frames
	need nft
	sender_up
	fwd egress ip version 4 fwd ip to 10.9.0.1 device '"er0"'
	twice refuses "$cust" 10.5.0.2
	nsx "$cust" nft flush ruleset
	fwd egress ip6 version 6 fwd ip6 to fd09::1 device '"er0"'
	twice refuses "$cust" fd05::2
}

test_fwd_egress() { # nft fwd from an egress hook: er0 gets Ethernet frames
	need nft
	sender_up
	fwd egress fwd to '"er0"'
	twice refuses "$cust" 10.5.0.2 fd05::2
}

test_fwd_ingress() { # nft fwd from an ingress hook restores the Ethernet header
	need nft
	sender_up
	fwd ingress fwd to '"er0"'
	twice refuses "$lan" 10.9.0.1 fd09::1
}

test_fwd_ingress_neigh() { # nft fwd to a neighbour from an ingress hook passes IP packets, which are sent
	need nft
	sender_up
	fwd ingress ip version 4 fwd ip to 10.9.0.1 device '"er0"'
	twice carries "$lan" 10.9.0.1
	nsx "$cust" nft flush ruleset
	fwd ingress ip6 version 6 fwd ip6 to fd09::1 device '"er0"'
	twice carries "$lan" fd09::1
	expect_eq received "$(flow_result there received)" $((4 * count))
}

test_mirred() { # tc mirred removes the Ethernet header, and the IP packets are sent
	sender_up
	nsx "$cust" tc qdisc add dev l1 clsact
	nsx "$cust" tc filter add dev l1 ingress matchall action mirred egress \
		redirect dev er0 || skip "no mirred here"
	twice carries "$lan" 10.9.0.1 fd09::1
	expect_eq received "$(flow_result there received)" $((4 * count))
}

# redirect HOOK: a BPF program passes packets of l1 to er0
redirect()
{
	nsx "$cust" "$(dirname "${BASH_SOURCE[0]}")/redirect.py" "$1" l1 er0 ||
		skip "no such BPF program here"
}

test_xdp() { # a redirect by generic XDP passes Ethernet frames
	sender_up
	redirect xdp
	twice refuses "$lan" 10.9.0.1 fd09::1
}

test_bpf_redirect() { # a redirect by a tc program removes the Ethernet header
	sender_up
	nsx "$cust" tc qdisc add dev l1 clsact
	redirect tc
	twice carries "$lan" 10.9.0.1 fd09::1
	expect_eq received "$(flow_result there received)" $((4 * count))
}

test_netconsole() { # netconsole sends Ethernet frames, which a circuit refuses
	local console=/sys/kernel/config/netconsole/erc

	load_module netconsole
	erc_load
	mountpoint -q /sys/kernel/config ||
		mount -t configfs configfs /sys/kernel/config
	# netconsole uses the initial namespace only
	ip link add erc-leg up type dummy
	defer ip link del erc-leg
	ip link add erc-nc up type ercircuit primary erc-leg
	defer ip link del erc-nc
	mkdir "$console"
	defer rmdir "$console"
	echo erc-nc >"$console"/dev_name
	echo 10.1.0.1 >"$console"/local_ip
	echo 10.9.0.1 >"$console"/remote_ip
	not sh -c "echo 1 >\"$console/enabled\""
	expect_eq enabled "$(cat "$console/enabled")" 0
}

ktap_main
