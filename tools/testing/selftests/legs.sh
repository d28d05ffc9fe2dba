#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Kinds of leg: every device that carries IP, with any MTU, each with and
# without next hops.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# underlay_up: devices "low" and "far" join cust and pe1, and carry the legs
# under test; a plain leg2 joins cust and pe2
underlay_up()
{
	setup_ns cust pe1 pe2
	veth_pair "$cust" low "$pe1" far
	veth_pair "$cust" leg2 "$pe2" c2
	addr_add "$cust" low 192.0.2.1/30 2001:db8::1/64
	addr_add "$pe1" far 192.0.2.2/30 2001:db8::2/64
	addr_add "$cust" leg2 169.254.10.5/30 fd00:11::1/64
}

# answers_from ADDRESS: print the customer's address of the same family
answers_from()
{
	case $1 in
	*:*)	echo "$customer6" ;;
	*)	echo 10.1.0.1 ;;
	esac
}
customer6=fd01::1

# exchange: ping both ways in both families, all over the primary leg
exchange()
{
	local tx rx to

	tx=$(counter primary/tx_packets)
	rx=$(counter primary/rx_packets)
	for to in "${cloud_each[@]}"; do
		pings 3 "$cust" "$to"
		pings 3 "$pe1" "$(answers_from "$to")" -I "$to"
		tx=$((tx + 6))
		rx=$((rx + 6))
	done
	expect_counter primary/tx_packets "$tx"
	expect_counter primary/rx_packets "$rx"
	expect_counter secondary/tx_packets 0
	expect_counter secondary/rx_packets 0
}

# leg_numbered: add addresses and routes to leg1 and its other end, c1
leg_numbered()
{
	ip -n "$cust" link set leg1 up
	ip -n "$pe1" link set c1 up
	addr_add "$cust" leg1 169.254.10.1/30 fd00:10::1/64
	addr_add "$pe1" c1 169.254.10.2/30 fd00:10::2/64
	cloud_addresses "$pe1"
	pe_routes "$pe1" 169.254.10.1 fd00:10::1
}

# leg_carries: leg1 passes packets with next hops, without them, and after down
# and up
leg_carries()
{
	leg_numbered
	erc_load
	nsx "$cust" ercircuit add er0 secondary leg2 \
		primary leg1 via 169.254.10.2 "${via6_leg1[@]}"
	circuit_routes er0
	exchange
	erc leg er0 primary novia
	# An Ethernet peer is known only after it has sent a packet
	reaches "$pe1" 169.254.10.1
	exchange
	erc leg er0 primary via 169.254.10.2
	leg_bounces
	exchange
}

# leg_bounces: leg1 goes down and up; the circuit notices and reverts
# immediately
leg_bounces()
{
	erc set er0 wtr 0
	ip -n "$cust" link set leg1 down
	busywait counter_is active secondary
	expect_counter primary/reason admin
	ip -n "$cust" link set leg1 up
	# The kernel deleted the IPv6 addresses with the link
	addr_add "$cust" leg1 fd00:10::1/64
	busywait counter_is active primary
	busywait reaches "$cust" 10.9.0.1
}

test_veth() { # veth
	setup_ns cust pe1 pe2
	veth_pair "$cust" leg1 "$pe1" c1
	veth_pair "$cust" leg2 "$pe2" c2
	leg_carries
}

test_vlan() { # VLAN
	underlay_up
	ip -n "$cust" link add leg1 link low type vlan id 10
	ip -n "$pe1" link add c1 link far type vlan id 10
	leg_carries
}

test_qinq() { # 802.1Q in 802.1ad
	underlay_up
	ip -n "$cust" link add s1 link low type vlan proto 802.1ad id 100
	ip -n "$cust" link add leg1 link s1 type vlan id 10
	ip -n "$pe1" link add s1 link far type vlan proto 802.1ad id 100
	ip -n "$pe1" link add c1 link s1 type vlan id 10
	ip -n "$cust" link set s1 up
	ip -n "$pe1" link set s1 up
	leg_carries
}

# tunnel_between TYPE LOCAL REMOTE [OPTS]...: create the tunnel ends leg1 and c1
tunnel_between()
{
	local type=$1 here=$2 there=$3

	shift 3
	need_kind "$type" local "$here" remote "$there" "$@"
	underlay_up
	ip -n "$cust" link add leg1 type "$type" local "$here" remote "$there" "$@"
	ip -n "$pe1" link add c1 type "$type" local "$there" remote "$here" "$@"
}

test_gre() { # GRE
	tunnel_between gre 192.0.2.1 192.0.2.2
	leg_carries
	elsewhere_carries
}

test_gre_key() { # GRE with key, checksum and sequence numbers
	tunnel_between gre 192.0.2.1 192.0.2.2 key 7 csum seq
	leg_carries
}

test_ip6gre() { # GRE over IPv6
	tunnel_between ip6gre 2001:db8::1 2001:db8::2
	leg_carries
}

test_gretap() { # Ethernet over GRE
	tunnel_between gretap 192.0.2.1 192.0.2.2
	leg_carries
}

test_ip6tnl() { # IPv4 and IPv6 in IPv6
	tunnel_between ip6tnl 2001:db8::1 2001:db8::2 mode any
	leg_carries
}

test_ipip() { # IPIP carries IPv4 only
	tunnel_between ipip 192.0.2.1 192.0.2.2
	leg_numbered
	erc_load
	nsx "$cust" ercircuit add er0 primary leg1 secondary leg2
	circuit_routes er0
	pings 3 "$cust" 10.9.0.1
	erc leg er0 primary via 169.254.10.2
	pings 3 "$cust" 10.9.0.1
	expect_counter primary/tx_packets 6
	expect_counter primary/rx_packets 6
}

test_wireguard() { # WireGuard
	need wg
	need_kind wireguard
	underlay_up
	wg genkey >"$scratch/key1"
	wg genkey >"$scratch/key2"
	ip -n "$cust" link add leg1 type wireguard
	ip -n "$pe1" link add c1 type wireguard
	nsx "$cust" wg set leg1 private-key "$scratch/key1" listen-port 7001 \
		peer "$(wg pubkey <"$scratch/key2")" endpoint 192.0.2.2:7002 \
		allowed-ips 0.0.0.0/0,::/0
	nsx "$pe1" wg set c1 private-key "$scratch/key2" listen-port 7002 \
		peer "$(wg pubkey <"$scratch/key1")" endpoint 192.0.2.1:7001 \
		allowed-ips 0.0.0.0/0,::/0
	leg_carries
	elsewhere_carries
}

# xfrm_words LOCAL REMOTE OPTS...: print states and policies of both directions
# for ip -batch; OPTS distinguish them from others
xfrm_words()
{
	local way from to any key=0x0102030405060708090a0b0c0d0e0f1011121314

	for way in out in fwd; do
		from=$1 to=$2
		[ "$way" = out ] || from=$2 to=$1
		for any in 0.0.0.0/0 ::/0; do
			echo "xfrm policy add src $any dst $any dir $way ${*:3}" \
				"tmpl src $from dst $to proto esp reqid 1 mode tunnel"
		done
		[ "$way" = fwd ] ||
			echo "xfrm state add src $from dst $to proto esp spi 1" \
				"reqid 1 mode tunnel flag af-unspec ${*:3}" \
				"aead rfc4106(gcm(aes)) $key 128"
	done
}

# xfrm_between TYPE OPTS...: prepare IPsec that OPTS match, for leg1 and c1 of
# TYPE
xfrm_between()
{
	modprobe -a esp4 xfrm_user 2>/dev/null || true
	underlay_up
	xfrm_words 192.0.2.1 192.0.2.2 "${@:2}" >"$scratch/xfrm"
	ip -n "$cust" -batch "$scratch/xfrm" || skip "no IPsec here"
	xfrm_words 192.0.2.2 192.0.2.1 "${@:2}" | ipb "$pe1"
}

# elsewhere_carries: the circuit works in its own namespace, too
elsewhere_carries()
{
	local provider=$cust

	setup_ns tenant
	# shellcheck disable=SC2154
	ip -n "$cust" link set er0 netns "$tenant"
	# An xfrm interface or a VTI accepts packets by this route only
	[ -z "$has_ipv6" ] || ip -n "$cust" route replace fd09::/64 dev leg1
	cust=$tenant
	circuit_routes er0
	exchange
	cust=$provider
}

test_xfrm() { # xfrm interface: the policy is checked on the leg for received packets
	need_kind xfrm dev lo if_id 7
	xfrm_between xfrm if_id 7
	ip -n "$cust" link add leg1 type xfrm dev low if_id 7
	ip -n "$pe1" link add c1 type xfrm dev far if_id 7
	leg_carries
	elsewhere_carries
}

test_xfrm_refused() { # xfrm interface: packets that its policy does not allow are dropped
	local dropped

	need_kind xfrm dev lo if_id 7
	xfrm_between xfrm if_id 7
	ip -n "$cust" link add leg1 type xfrm dev low if_id 7
	ip -n "$pe1" link add c1 type xfrm dev far if_id 7
	leg_numbered
	erc_load
	nsx "$cust" ercircuit add er0 primary leg1 secondary leg2
	circuit_routes er0
	exchange
	ip -n "$cust" xfrm policy del src 0.0.0.0/0 dst 0.0.0.0/0 dir in if_id 7
	dropped=$(net_file "$cust" er0/statistics/rx_dropped)
	not nsx "$pe1" ping -q -c1 -W1 -I 10.9.0.1 10.1.0.1
	expect_eq dropped "$(net_file "$cust" er0/statistics/rx_dropped)" \
		$((dropped + 1))
}

test_vti() { # VTI
	need_kind vti local 192.0.2.1 remote 192.0.2.2 key 7
	xfrm_between vti mark 7
	ip -n "$cust" link add leg1 type vti local 192.0.2.1 remote 192.0.2.2 key 7
	ip -n "$pe1" link add c1 type vti local 192.0.2.2 remote 192.0.2.1 key 7
	leg_carries
	elsewhere_carries
}

test_tun() { # tun, with a program at the far end
	modprobe tun 2>/dev/null || true
	[ -e /dev/net/tun ] || skip "no tun here"
	setup_ns cust pe1 pe2
	veth_pair "$cust" leg2 "$pe2" c2
	nsx_exec "$cust" "$(dirname "${BASH_SOURCE[0]}")/tun.py" leg1 c1 \
		>"$scratch/tun" &
	defer kill -9 $!
	busywait grep -q ready "$scratch/tun"
	ip -n "$cust" link set c1 netns "$pe1"
	leg_carries
}

test_dummy() { # dummy discards packets; the circuit follows each change of its state
	setup_ns cust pe2
	erc_load
	veth_pair "$cust" leg2 "$pe2" c2
	ip -n "$cust" link add leg1 type dummy
	ip -n "$cust" link set leg1 up
	nsx "$cust" ercircuit add er0 primary leg1 secondary leg2 wtr 0
	circuit_routes er0
	not reaches "$cust" 10.9.0.1
	expect_counter primary/tx_packets 1
	ip -n "$cust" link set leg1 carrier off
	busywait counter_is active secondary
	expect_counter primary/reason link
	ip -n "$cust" link set leg1 carrier on
	busywait counter_is active primary
	ip -n "$cust" link set leg1 mtu 1400
	expect_eq mtu "$(net_file "$cust" er0/mtu)" 1400
	ip -n "$cust" link set leg1 name leg9
	expect_counter primary/device leg9
	ip -n "$cust" link set leg9 down
	busywait counter_is active secondary
	ip -n "$cust" link set leg9 nomaster
	ip -n "$cust" link set leg9 master er0
	ip -n "$cust" link del leg9
	expect_counter primary/state empty
}

test_netkit() { # netkit
	need_kind netkit
	setup_ns cust pe1 pe2
	veth_pair "$cust" leg2 "$pe2" c2
	# The ip of Debian 12 knows no option of netkit
	ip -n "$cust" link add leg1 type netkit
	ip -n "$cust" link set "$(peer_of leg1)" name c1 netns "$pe1"
	leg_carries
}

# peer_of DEV: print the name of the device's other end in the same namespace
peer_of()
{
	ip -n "$cust" -o link show "$1" | sed -nE "s/^[0-9]+: $1@([^:]+):.*/\1/p"
}

# nested_up OPTIONS...: er1 over er0 over leg1 and leg2; OPTIONS are for er1's
# primary leg
nested_up()
{
	edges_up
	circuit_up
	addr_add "$cust" er0 169.254.20.1/30
	erc set er0 fail open
	nsx "$cust" ercircuit add er1 primary er0 "$@"
	ip -n "$cust" addr flush dev er0 to 10.1.0.1
	ip -n "$cust" addr flush dev er0 to fd01::1
	ip -n "$cust" route flush dev er0 proto boot
	ip -n "$cust" -6 route flush dev er0 proto boot
	circuit_routes er1
}

test_circuit() { # another circuit
	nested_up
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	expect_eq "tx of er1" "$(counter primary/tx_packets er1)" 2
	expect_eq "rx of er1" "$(counter primary/rx_packets er1)" 2
	expect_eq "tx of er0" "$(counter primary/tx_packets er0)" 2
	ip -n "$pe1" link set c1 down
	reaches "$cust" 10.9.0.2
	expect_eq "tx of er0" "$(counter secondary/tx_packets er0)" 1
	ip -n "$cust" link del er0
	expect_eq state "$(counter primary/state er1)" empty
}

test_circuit_via() { # another circuit, with a next hop on it
	nested_up via 169.254.20.2
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	expect_eq "tx of er1" "$(counter primary/tx_packets er1)" 2
	expect_eq "rx of er1" "$(counter primary/rx_packets er1)" 2
}

# kind_refused TEXT TYPE OPTS...: a device of TYPE is refused with TEXT
kind_refused()
{
	(need_kind "${@:2}") || { rm -f "$scratch/skip"; return 0; }
	ip -n "$cust" link add odd type "${@:2}"
	refused "$1" ip -n "$cust" link set odd master er0
	refused "$1" ip -n "$cust" link set er0 type ercircuit secondary odd
	ip -n "$cust" link del odd
	tried+=("$2")
}

test_kinds() { # devices that cannot carry IP for others are refused with a message about their kind
	local tried=() doc=${ERC_TOP:-}/Documentation/legs.rst

	# Load the modules that these devices need; not all kernels have them
	modprobe -aq vcan vxcan ifb nlmon vsockmon ipvlan vrf || true
	need_kind dummy
	edges_up
	circuit_up
	erc set er0 nosecondary
	ip -n "$cust" link add low type dummy
	for kind in vcan vxcan nlmon vsockmon; do
		kind_refused "leg odd ($kind) does not carry IP, as a leg must" "$kind"
	done
	kind_refused "leg odd (ifb) gets only what tc redirects to it: use that device" ifb
	kind_refused "leg odd (vrf) is a routing table: use an Ethernet device or a tunnel" vrf table 9
	refused "leg lo is a loopback device: use another device" ip -n "$cust" link set lo master er0
	ip -n "$cust" link add odd link low type ipvlan mode l2
	refused "leg odd (ipvlan) gets only its own packets: use its lower device" \
		ip -n "$cust" link set odd master er0
	echo "refused: ${tried[*]}"
	expect_ge kinds "${#tried[@]}" 2
	reaches "$cust" 10.9.0.1
	[ -n "${ERC_TOP:-}" ] || return 0
	for kind in "${tried[@]}" ipvlan; do
		grep -qF "\`\`$kind\`\`" "$doc" || fail "$doc does not name $kind"
	done
}

test_kinds_accepted() { # accepted kinds over Ethernet: macvlan, macsec, bridge, geneve, hsr
	underlay_up
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	for kind in "macvlan link low mode bridge" "macsec link low" bridge \
		"geneve id 7 remote 192.0.2.2" "vxlan id 7 remote 192.0.2.2 dstport 4789"; do
		# shellcheck disable=SC2086
		kind_accepted $kind
	done
}

# kind_accepted KIND [link DEV] OPTS...: a device of this kind becomes a leg
kind_accepted()
{
	local kind=$1 link=()

	shift
	if [ "${1:-}" = link ]; then
		link=(link "$2")
		shift 2
	fi
	ip -n "$cust" link add "${link[@]}" odd type "$kind" "$@" 2>/dev/null ||
		return 0
	ip -n "$cust" link set odd master er0
	ip -n "$cust" link set odd nomaster
	ip -n "$cust" link del odd
}

mtu()
{
	net_file "$cust" "${1:-er0}/mtu"
}

test_mtu() { # the circuit's MTU is that of the smaller leg, and follows both legs
	edges_up
	ip -n "$cust" link set leg1 mtu 1400
	ip -n "$cust" link set leg2 mtu 1300
	circuit_up
	expect_eq "smaller of two" "$(mtu)" 1300
	ip -n "$cust" link set leg2 mtu 9000
	expect_eq "leg2 grew" "$(mtu)" 1400
	ip -n "$cust" link set leg1 mtu 8000
	expect_eq "leg1 grew" "$(mtu)" 8000
	ip -n "$cust" link set leg1 nomaster
	expect_eq "leg1 left" "$(mtu)" 9000
	ip -n "$cust" link set leg1 master er0
	expect_eq "leg1 came" "$(mtu)" 8000
}

# only4_up: create er0 with IPv4 next hops only, as legs with a small MTU have no IPv6
only4_up()
{
	edges_up
	erc_load
	erc add er0 wtr 0 primary leg1 via 169.254.10.2 \
		secondary leg2 via 169.254.10.6
	circuit_routes er0
	becomes active primary
}

test_mtu_ipv6() { # er0 keeps its IPv6 while a leg's MTU is below 1280; that leg is degraded
	[ -n "$has_ipv6" ] || skip "no IPv6 here"
	only4_up
	ip -n "$cust" link set leg1 mtu 1000
	expect_eq mtu "$(mtu)" 1280
	expect_counter primary/state degraded
	expect_counter primary/reason mtu
	expect_counter active secondary
	reaches "$cust" fd09::1
	ip -n "$cust" link set leg1 mtu 1500
	expect_eq "mtu again" "$(mtu)" 1500
	expect_counter primary/state up
	becomes active primary
	grep -q fd01::1 <<<"$(ip -n "$cust" -6 addr show dev er0)"
	grep -q fd09::/64 <<<"$(ip -n "$cust" -6 route show dev er0)"
}

test_mtu_ipv6_both() { # with two such legs, packets that fit still pass
	[ -n "$has_ipv6" ] || skip "no IPv6 here"
	only4_up
	ip -n "$cust" link set leg1 mtu 1000
	ip -n "$cust" link set leg2 mtu 1000
	expect_counter secondary/reason mtu
	expect_eq mtu "$(mtu)" 1280
	reaches "$cust" 10.9.0.1
	# The edge cannot ask a leg without IPv6 for its link address: one way only
	expect_counter active secondary
	flow_listen there "$pe2"
	expect_eq sent "$(flow_send "$cust" -n 5 fd09::1)" 5
	expect_eq received "$(flow_result there received)" 5
}

test_mtu_small() { # an MTU below 1280 is the user's choice; without IPv6 er0 follows its legs
	only4_up
	ip -n "$cust" link set er0 mtu 1000
	ip -n "$cust" link set leg1 mtu 1000
	expect_counter primary/state up
	ip -n "$cust" link set leg1 mtu 900
	expect_eq mtu "$(mtu)" 900
	expect_counter primary/state up
}

test_mtu_wanted() { # a configured MTU is kept while the legs allow it
	edges_up
	circuit_up
	ip -n "$cust" link set er0 mtu 1350
	ip -n "$cust" link set leg1 mtu 1400
	expect_eq "legs larger" "$(mtu)" 1350
	ip -n "$cust" link set leg1 mtu 1290
	expect_eq "leg smaller" "$(mtu)" 1290
	ip -n "$cust" link set leg1 mtu 1500
	expect_eq "legs larger again" "$(mtu)" 1350
}

test_mtu_refused() { # an MTU above that of a leg is refused with a message
	edges_up
	ip -n "$cust" link set leg2 mtu 1400
	circuit_up
	refused "mtu greater than device maximum" \
		ip -n "$cust" link set er0 mtu 1401
	expect_eq mtu "$(mtu)" 1400
	ip -n "$cust" link set leg2 nomaster
	refused "mtu must be at most 1400, the mtu of leg leg2, not 1401" \
		ip -n "$cust" link add er1 mtu 1401 type ercircuit primary leg2
	not ip -n "$cust" link show er1
	not grep -q master <<<"$(ip -n "$cust" link show leg2)"
	ip -n "$cust" link add er1 mtu 1399 type ercircuit primary leg2
	expect_eq mtu "$(mtu er1)" 1399
}

test_mtu_packets() { # packets of the full MTU pass, larger ones cause an error to the sender
	edges_up
	ip -n "$cust" link set leg2 mtu 1400
	circuit_up
	pings 2 "$cust" 10.9.0.1 -M "do" -s 1372
	refused "message too long" \
		nsx "$cust" ping -c1 -W1 -M "do" -s 1373 10.9.0.1
	pings 2 "$cust" 10.9.0.1 -s 4000
	pings 2 "$cust" fd09::1 -s 4000
}

ktap_main
