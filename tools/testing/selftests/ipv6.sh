#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Hosts without IPv6. After a boot with ipv6.disable=1, no packet and no setting
# reaches IPv6 code that was never initialised. Also: the sysctl disable_ipv6 on
# a leg.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Do not skip any test here when IPv6 is off
before_test()
{
	:
}

need_off()
{
	[ -z "$has_ipv6" ] || skip "for a guest with ipv6.disable=1"
}

# frames6 NS DEV MAC SOURCE: send IPv6 packets; each line of stdin has the destination,
# the protocol and the payload of one
frames6()
{
	nsx "$1" python3 -c '
import socket, struct, sys
dev, mac, source = sys.argv[1:]
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
for line in sys.stdin:
	destination, protocol, payload = line.split()
	payload = bytes.fromhex(payload)
	s.sendto(struct.pack("!IHBB", 6 << 28, len(payload), int(protocol), 64) +
		 socket.inet_pton(socket.AF_INET6, source) +
		 socket.inet_pton(socket.AF_INET6, destination) + payload,
		 (dev, 0x86dd, 0, 0, bytes.fromhex(mac.replace(":", ""))))
' "${@:2}"
}

# frames6_arrive: send ICMPv6 packets of all kinds (echo, solicitation,
# advertisement, router's, error), UDP to the BFD port and others, and a
# fragment; to a global address, a link-local one, and all nodes
frames6_arrive()
{
	local mac to kind

	mac=$(net_file "$cust" leg1/address)
	for to in fd01::1 fe80::1 ff02::1; do
		for kind in 80 87 88 85 86 89 02; do
			echo "$to 58 ${kind}00000000010001"
		done
		echo "$to 17 c0000ec800080000"
		echo "$to 44 3a00000100000001"
	done | frames6 "$pe1" c1 "$mac" fd09::1
}

test_off_frames() { # received IPv6 packets do no harm, IPv4 works (ipv6.disable=1)
	need_off
	topology_up
	circuit_up
	busywait reaches "$cust" 10.9.0.1
	frames6_arrive
	reaches "$cust" 10.9.0.1
	# Without a next hop, and with a contract that inspects each packet
	erc leg er0 primary novia
	frames6_arrive
	erc set er0 bandwidth 1gbit
	frames6_arrive
	reaches "$cust" 10.9.0.1
	ip -n "$cust" link set leg1 nomaster
	reaches "$cust" 10.9.0.1
}

test_off_sends() { # the circuit drops a sent IPv6 packet (ipv6.disable=1)
	need_off
	topology_up
	circuit_up
	busywait reaches "$cust" 10.9.0.1
	frames6 "$cust" er0 000000000000 fd01::1 <<-'EOF'
		fd09::1 17 c0000ec800080000
		fd09::1 58 8000000000010001
	EOF
	reaches "$cust" 10.9.0.1
}

test_off_refused() { # an IPv6 next hop is refused with a message (ipv6.disable=1)
	need_off
	topology_up
	circuit_up
	refused "via is IPv6, which is off: boot without ipv6.disable=1" \
		erc leg er0 primary via fd00:10::2
	refused "boot without ipv6.disable=1" erc leg er0 primary via fe80::1
	refused "boot without ipv6.disable=1" \
		ip -n "$cust" link set er0 type ercircuit secondary leg2 via fd00:11::2
	busywait reaches "$cust" 10.9.0.1
}

test_off_life() { # circuits are created, switch and are deleted (ipv6.disable=1)
	need_off
	topology_up
	circuit_up er0 wtr 0
	busywait reaches "$cust" 10.9.0.1
	ip -n "$cust" link set leg1 down
	cloud_via pe2
	busywait reaches "$cust" 10.9.0.1
	ip -n "$cust" link set leg1 up
	busywait counter_is active primary
	erc leg er0 primary bfd on
	busywait counter_is primary/bfd_state down
	ip -n "$cust" link del er0
}

test_sysctl() { # net.ipv6.conf.all.disable_ipv6=1: IPv6 is refused, IPv4 works
	[ -n "$has_ipv6" ] || skip "there is no such sysctl"
	topology_up
	circuit_up
	busywait reaches "$cust" fd09::1
	"$netns" write "$cust" ipv6/conf/all/disable_ipv6 1
	frames6_arrive
	busywait reaches "$cust" 10.9.0.1
	refused "via: leg has IPv6 off: sysctl net/ipv6/conf/leg1/disable_ipv6=0" \
		erc leg er0 primary novia via fd00:10::2
	refused "via: leg has IPv6 off: sysctl net/ipv6/conf/leg1/disable_ipv6=0" \
		erc leg er0 primary novia via fe80::1
	"$netns" write "$cust" ipv6/conf/all/disable_ipv6 0
	addr_add "$cust" leg1 fd00:10::1/64
	addr_add "$cust" er0 fd01::1/128
	ip -n "$cust" route replace fd09::/64 dev er0 src fd01::1
	busywait reaches "$cust" fd09::1
}

test_small() { # a leg whose MTU is too small for IPv6
	need_ipv6
	wires_up
	erc_load
	ip -n "$cust" link set leg1 mtu 1279
	refused "IPv6 via needs mtu 1280, not 1279: ip link set leg1 mtu 1280" \
		nsx "$cust" ercircuit add er0 primary leg1 via fd00:10::2
}

ktap_main
