#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Strict reverse path filtering on the circuit, the legs and both: packets that
# the far router itself sends still arrive, at this host and at a host behind
# it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# strict DEV...: rp_filter is strict on these devices, and off on others
strict()
{
	local dev files=(ipv4/conf/all/rp_filter 0)

	for dev in er0 leg1 leg2 lan0; do
		files+=("ipv4/conf/$dev/rp_filter" 0)
	done
	for dev in "$@"; do
		files+=("ipv4/conf/$dev/rp_filter" 1)
	done
	"$netns" write "$cust" "${files[@]}"
}

# strict6: the IPv6 rule that firewalld installs by default
strict6()
{
	nsx "$cust" nft -f - <<-EOF
		table ip6 rpf {
			chain pre {
				type filter hook prerouting priority -290
				icmpv6 type nd-router-advert accept
				icmpv6 type nd-neighbor-solicit accept
				fib saddr . mark . iif oif missing counter drop
			}
		}
	EOF
}

# topology_strict: the topology with a small MTU behind pe1, and a host on a LAN
# behind cust
topology_strict()
{
	topology_up
	setup_ns lan
	# shellcheck disable=SC2154
	veth_pair "$cust" lan0 "$lan" eth0
	addr_add "$cust" lan0 10.1.0.129/25 fd01::1:1/112
	addr_add "$lan" eth0 10.1.0.130/25 fd01::1:2/112
	ipb "$lan" <<-EOF
		route add default via 10.1.0.129
		route add default via fd01::1:1
	EOF
	forwarding_on "$cust"
	circuit_up
	ip -n "$pe1" link set core mtu 1300
	busywait reaches "$lan" 10.9.0.1
	busywait reaches "$lan" fd09::1
}

# told_small NS ADDRESS: NS learns the path MTU from the error for a packet that
# was too large
told_small()
{
	nsx "$1" ping -q -c1 -W1 -M "do" -s 1400 "$2" || true
	grep -q "mtu 1300" <<<"$(ip -n "$1" route get "$2")"
}

# first_hop NS ADDRESS HOP [OPTIONS]...: a traceroute shows HOP as the first hop
first_hop()
{
	grep -q "From $3 " <<<"$(nsx "$1" ping -n -c1 -W1 -t1 "${@:4}" "$2")"
}

# all_arrives: packets of the far router itself arrive, local and forwarded
all_arrives()
{
	head -c 200000 /dev/zero >"$scratch/bulk"
	reaches "$pe1" 10.1.0.1
	reaches "$pe1" fd01::1
	reaches "$pe1" 10.1.0.130
	reaches "$pe1" fd01::1:2
	busywait told_small "$cust" 10.9.0.1
	busywait told_small "$cust" fd09::1
	busywait told_small "$lan" 10.9.0.1
	busywait told_small "$lan" fd09::1
	busywait first_hop "$cust" 10.9.0.3 169.254.10.2
	busywait first_hop "$cust" fd09::3 fd00:10::2
	busywait first_hop "$lan" 10.9.0.3 169.254.10.2 -t2
	busywait first_hop "$lan" fd09::3 fd00:10::2 -t2
	bulk "$cust" "$cloud" 10.9.0.2
	bulk "$cust" "$cloud" fd09::2
	bulk "$lan" "$cloud" 10.9.0.2
	bulk "$lan" "$cloud" fd09::2
	expect_ge "counted" "$(counter primary/rx_packets)" 12
}

test_off() { # no device is strict
	topology_strict
	strict
	all_arrives
}

test_er0() { # the circuit is strict, IPv6 with the fib rule of a firewall
	topology_strict
	strict er0
	strict6
	all_arrives
}

test_legs() { # the legs are strict
	topology_strict
	strict leg1 leg2
	all_arrives
}

test_both() { # all devices are strict
	topology_strict
	strict er0 leg1 leg2 lan0
	strict6
	all_arrives
}

test_bound() { # a socket bound to er0 receives errors from the far router, if er0 is not strict
	topology_strict
	strict leg1 leg2
	busywait first_hop "$cust" 10.9.0.3 169.254.10.2 -I er0
	# If er0 is strict, the error arrives on the leg
	strict er0
	not first_hop "$cust" 10.9.0.3 169.254.10.2 -I er0
	busywait first_hop "$cust" 10.9.0.3 169.254.10.2 -I 10.1.0.1
}

test_elsewhere() { # if er0 is in a VRF or another namespace, all packets arrive on the circuit
	local was

	need_kind vrf table 100
	topology_strict
	strict er0 leg1 leg2
	was=$(counter primary/rx_packets)
	ip -n "$cust" link add red type vrf table 100
	ip -n "$cust" link set red up
	ip -n "$cust" link set er0 master red
	strict leg1 leg2
	tcpdump_start "$cust" "$scratch/tcpdump" -i er0 -nn -c 1 -w /dev/null \
		icmp and src 169.254.10.2
	nsx "$pe1" ping -q -c1 -W1 10.1.0.1 || true
	wait $!
	expect_ge counted "$(counter primary/rx_packets)" $((was + 1))
}

test_closed() { # a packet that the contract refuses does not arrive on the leg either
	topology_strict
	strict er0
	erc set er0 key 3d1f2a77-6c04-4b6e-9a39-0d5f8f5ae001 \
		provider-state provisioned
	reaches "$pe1" 10.1.0.1
	erc set er0 circuit-state disabled
	not reaches "$pe1" 10.1.0.1
	not reaches "$pe1" fd01::1
	erc set er0 circuit-state enabled
	reaches "$pe1" 10.1.0.1
	erc leg er0 primary fault rx
	not reaches "$pe1" 10.1.0.1
}

ktap_main
