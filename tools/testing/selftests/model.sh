#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Connectivity models: a circuit that the service does not sell is refused; the
# message names the rule and the values that break it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=6f9619ff-8b86-d011-b42d-00cf4fc964ff

# ports_up [MBIT]: create namespace cust with ports eth1 and eth2 of that speed
ports_up()
{
	local n

	modprobe tun 2>/dev/null || true
	[ -e /dev/net/tun ] || skip "no tap devices here"
	setup_ns cust
	for n in 1 2; do
		ip -n "$cust" tuntap add dev "eth$n" mode tap
		nsx "$cust" ethtool -s "eth$n" speed "${1:-10000}" duplex full
	done
	erc_load
}

# vlan PORT ID [PROTOCOL]: create PORT.ID
vlan()
{
	ip -n "$cust" link add link "$1" name "$1.$2" type vlan \
		protocol "${3:-802.1q}" id "$2"
}

# vlans PORT... ID: create the same VLAN on each port
vlans()
{
	local port

	for port in "${@:1:$#-1}"; do
		vlan "$port" "${*: -1}"
	done
}

# keeps SENTENCE COMMAND...: COMMAND is refused with SENTENCE, and changes no
# circuit
keeps()
{
	local before

	before=$(erc show)
	refused "$@"
	expect_eq "circuits" "$(erc show)" "$before"
}

test_p2p() { # point-to-point Ethernet: both legs must be alike
	ports_up
	vlans eth1 eth2 7
	vlan eth2 8
	ip -n "$cust" link add gre1 type gre local 192.0.2.1 remote 192.0.2.2
	keeps "model p2p: the secondary leg must be an Ethernet device, not a tunnel" \
		erc add er0 model p2p bandwidth 1gbit secondary gre1
	keeps "model p2p: both legs must have the same VLAN ID (7 and 8)" \
		erc add er0 model p2p bandwidth 1gbit primary eth1.7 \
		secondary eth2.8
	keeps "model p2p: both legs must be VLANs, or neither (only the secondary is)" \
		erc add er0 model p2p bandwidth 1gbit primary eth1 \
		secondary eth2.8
	keeps "model p2p: bandwidth 0 mbit: use 50/100/200/500/1000/2000/5000/10000" \
		erc add er0 model p2p primary eth1.7 secondary eth2.7
	erc add er0 model p2p bandwidth 1gbit primary eth1.7 secondary eth2.7
	keeps "model p2p: both legs must have the same VLAN ID (7 and 8)" \
		erc set er0 secondary eth2.8
	keeps "model p2p: bandwidth 3000 mbit: use 50/" erc set er0 bandwidth 3gbit
	keeps "model p2p: bandwidth can only be raised (1000 to 500 mbit)" \
		erc set er0 bandwidth 500mbit
	erc set er0 bandwidth 2gbit
	# A circuit with another contract is accepted
	erc set er0 bandwidth 50mbit key "$key"
	# "ip link set master" is refused in the same way
	erc set er0 nosecondary
	keeps "model p2p: both legs must have the same VLAN ID (7 and 8)" \
		ip -n "$cust" link set eth2.8 master er0
	ip -n "$cust" link set eth2.7 master er0
	# Without a model, all of this is accepted
	erc set er0 model none bandwidth 3gbit secondary eth2.8 primary gre1
	keeps "model p2p: the primary leg must be an Ethernet device" \
		erc set er0 model p2p bandwidth 1gbit
}

test_exchange() { # circuits share a port of a cloud exchange
	ports_up
	vlan eth1 20 802.1ad
	vlan eth2 21 802.1ad
	vlans eth1.20 eth2.21 7
	vlans eth1 eth1.20 eth1.20.7 8
	keeps "model exchange: the secondary leg must be a VLAN of its port (it has no tag)" \
		erc add er0 model exchange bandwidth 1gbit secondary eth1
	keeps "model exchange: bandwidth 0 mbit: use 50/100/200/500/1000/2000/5000/10000" \
		erc add er0 model exchange primary eth1.8
	keeps "model exchange: both legs must have the same VLAN ID (8 and 7)" \
		erc add er0 model exchange bandwidth 1gbit primary eth1.20.8 \
		secondary eth2.21.7
	keeps "model exchange: the primary leg must have at most 2 tags (it has 3)" \
		erc add er0 model exchange bandwidth 1gbit primary eth1.20.7.8
	erc add er0 model exchange bandwidth 1gbit primary eth1.20.7 \
		secondary eth2.21.7
}

test_ipvpn() { # any-to-any: the provider routes, so the legs may differ
	ports_up
	vlan eth1 7
	vlan eth2 8
	ip -n "$cust" link add gre1 type gre local 192.0.2.1 remote 192.0.2.2
	ipb "$cust" <<-EOF
		addr add 169.254.10.1/30 dev eth1.7
		addr add 169.254.10.5/30 dev eth2.8
	EOF
	keeps "model ipvpn: the primary leg is Ethernet and needs a next hop: set via" \
		erc add er0 model ipvpn bandwidth 1gbit primary eth1.7
	erc add er0 model ipvpn bandwidth 1gbit primary eth1.7 via 169.254.10.2 \
		secondary eth2.8 via 169.254.10.6
	keeps "model ipvpn: the secondary leg is Ethernet and needs a next hop" \
		erc leg er0 secondary novia
	erc set er0 primary gre1 novia
}

test_speed() { # both ports must have the same speed, if it is known
	ports_up 1000
	nsx "$cust" ethtool -s eth2 speed 10000 duplex full
	keeps "model p2p: both ports must have the same speed (1000 and 10000 Mbit/s)" \
		erc add er0 model p2p bandwidth 1gbit primary eth1 secondary eth2
	vlans eth1 eth2 7
	keeps "model direct: the primary port must have 10 or 100 Gbit/s (1000 Mbit/s)" \
		erc add er0 model direct bandwidth 1gbit primary eth1.7
	nsx "$cust" ethtool -s eth1 speed 10000 duplex full
	erc add er0 model direct bandwidth 1gbit primary eth1.7 secondary eth2.7
	# A port whose speed changes does not block changes of other options
	nsx "$cust" ethtool -s eth1 speed 1000 duplex full
	erc set er0 wtr 1s primary eth1.7 drain on
	keeps "model direct: the primary port must have 10 or 100 Gbit/s" \
		erc set er0 bandwidth 2gbit
}

test_direct() { # circuits share a pair of ports
	ports_up
	vlans eth1 eth2 300
	vlans eth1.300 eth2.300 100
	vlans eth1.300 eth2.300 200
	vlans eth1 eth2 400
	vlans eth1.400 eth2.400 100
	vlan eth1 500 802.1ad
	vlan eth2.300 600 802.1ad
	keeps "model direct: the legs must be on different ports (both are on one)" \
		erc add er0 model direct bandwidth 1gbit primary eth1.300.100 \
		secondary eth1.400.100
	keeps "model direct: both legs must have the same outer tag (300 and 400)" \
		erc add er0 model direct bandwidth 1gbit primary eth1.300.100 \
		secondary eth2.400.100
	keeps "model direct: the primary inner tag must be 802.1Q (it is 0x88a8)" \
		erc add er0 model direct bandwidth 1gbit primary eth2.300.600
	keeps "model direct: bandwidth 500 mbit: use 1000/2000/5000/10000 on 10G" \
		erc add er0 model direct bandwidth 500mbit primary eth1.300.100
	keeps "model direct: bandwidth 500 mbit: use 1000/2000/5000/10000/40000/100000" \
		erc add er0 model direct bandwidth 500mbit
	erc add er0 key "$key" model direct bandwidth 10gbit \
		primary eth1.300.100 secondary eth2.300.100
	keeps "model direct: outer tag 300 is er0's on this port: use another" \
		erc add er1 model direct bandwidth 1gbit primary eth1.300.200
	keeps "model direct: same key needs the same ports and outer tag as er0" \
		erc add er1 key "$key" primary eth1.400.100
	keeps "model direct: same key needs the same ports" \
		erc add er1 key "$key" primary eth2.300.200
	erc add er1 key "$key" primary eth1.300.200 secondary eth2.300.200
	# 10 + 5 + 10: two peerings of one circuit count once
	erc add er2 model direct bandwidth 5gbit primary eth1.400.100 \
		secondary eth2.400.100
	vlan eth1 700
	keeps "model direct: circuits on a port: at most 20000 mbit together, not 25000" \
		erc add er3 model direct bandwidth 10gbit primary eth1.700
	erc add er3 model direct bandwidth 5gbit primary eth1.700
	keeps "model direct: circuits on a port: at most 20000 mbit" \
		erc set er2 bandwidth 10gbit
	keeps "model direct: outer tag 300 is er1's on this port" \
		erc set er0 key 00000000-0000-0000-0000-000000000000
	erc del er3
	erc set er2 bandwidth 10gbit
}

test_direct_100g() { # ports of 100 Gbit/s have a list of bandwidths of their own
	ports_up 100000
	vlans eth1 eth2 300
	keeps "model direct: bandwidth 2000 mbit: use 5000/10000/40000/100000 on 100G" \
		erc add er0 model direct bandwidth 2gbit primary eth1.300
	erc add er0 model direct bandwidth 40gbit primary eth1.300 \
		secondary eth2.300
	ip -n "$cust" link set er0 up
	expect_eq speed "$(net_file "$cust" er0/speed)" 40000
}

test_shared() { # a contract's model applies to all its circuits
	ports_up
	vlans eth1 eth2 7
	vlan eth1 8
	erc add er1 key "$key" bandwidth 1gbit primary eth1.7 secondary eth2.7
	erc add er2 key "$key" primary eth1.8 secondary eth2
	keeps "model p2p: both legs must be VLANs, or neither (only the primary is)" \
		erc set er1 model p2p
	erc set er2 nosecondary
	erc set er1 model p2p
	erc show er2 | grep ' model p2p '
	keeps "model p2p: both legs must be VLANs" erc set er2 secondary eth2
	keeps "model p2p: bandwidth 30 mbit: use 50/" erc set er2 bandwidth 30mbit
}

test_police() { # Direct polices only if the user sets police on
	ports_up
	erc add er0 bandwidth 1gbit model direct
	expect_eq police "$(erc -j show er0 | jq '.[0].police')" false
	erc set er0 police on
	expect_eq police "$(erc -j show er0 | jq '.[0].police')" true
	# The same model again does not change police
	erc set er0 model direct
	expect_eq police "$(erc -j show er0 | jq '.[0].police')" true
	erc set er0 police off model p2p
	expect_eq police "$(erc -j show er0 | jq '.[0].police')" false
	erc set er0 model direct police on
	expect_eq police "$(erc -j show er0 | jq '.[0].police')" true
	erc set er0 police off
	erc set er0 model ipvpn
	expect_eq police "$(erc -j show er0 | jq '.[0].police')" true
}

test_provider_side() { # ports in another network namespace count, too
	ports_up
	setup_ns tenant
	vlans eth1 eth2 300
	vlans eth1 eth2 301
	vlans eth1 eth2 302
	erc add er0 model direct bandwidth 10gbit primary eth1.300 \
		secondary eth2.300
	erc add er1 model direct bandwidth 10gbit primary eth1.301
	# shellcheck disable=SC2154
	ip -n "$cust" link set er0 netns "$tenant"
	keeps "model direct: circuits on a port: at most 20000 mbit together, not 21000" \
		erc add er2 model direct bandwidth 1gbit secondary eth2.302 \
		primary eth1.302
	erc add er2 model direct bandwidth 1gbit secondary eth2.302
}

ktap_main
