# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The topology of a circuit between a customer and a cloud, and the circuit.
# selftests/lib.sh reads this file, and sets the variables that it takes from elsewhere.

# shellcheck disable=SC2154

#	            .-- leg1 ========== c1 [pe1] core ---- up1 --.
#	[cust] er0 -|                                            |- [cloud] net0
#	            '-- leg2 ========== c2 [pe2] core ---- up2 --'
#
#	cust	leg1	169.254.10.1/30	fd00:10::1/64	er0 10.1.0.1/32 fd01::1/128
#		leg2	169.254.10.5/30	fd00:11::1/64
#	pe1	c1	169.254.10.2/30	fd00:10::2/64	core 10.255.1.1/30 fd00:a1::1/64
#	pe2	c2	169.254.10.6/30	fd00:11::2/64	core 10.255.2.1/30 fd00:a2::1/64
#	cloud	up1	10.255.1.2/30	fd00:a1::2/64	net0 10.9.0.1..10.9.0.8/24
#		up2	10.255.2.2/30	fd00:a2::2/64	     fd09::1..fd09::8/64
#
# The PEs route the customer's prefixes 10.1.0.0/24 and fd01::/64 to their
# leg and the cloud's to the cloud.  The cloud returns everything by pe1;
# cloud_via changes that.

# wires_up [LINES1 LINES2]: cust, pe1, pe2 and the legs between them; no
# routes.  The lines are for ipb, in pe1 and in pe2.
wires_up()
{
	setup_ns cust pe1 pe2
	# shellcheck disable=SC2154
	ipb "$cust" <<-EOF
		link add leg1 type veth peer name c1 netns $pe1
		link add leg2 type veth peer name c2 netns $pe2
		addr add 169.254.10.1/30 dev leg1
		addr add fd00:10::1/64 dev leg1 nodad
		addr add 169.254.10.5/30 dev leg2
		addr add fd00:11::1/64 dev leg2 nodad
		link set leg1 up
		link set leg2 up
	EOF
	pe_up "$pe1" 1 169.254.10.2/30 fd00:10::2/64 "${1:-}"
	pe_up "$pe2" 2 169.254.10.6/30 fd00:11::2/64 "${2:-}"
}

# pe_up NS NUMBER ADDRESS4 ADDRESS6 LINES: its end of the leg.
pe_up()
{
	ipb "$1" <<-EOF
		link set c$2 up
		addr add $3 dev c$2
		addr add $4 dev c$2 nodad
		$5
	EOF
}

# edge_leg N LINES: legN of cust to peN, which is a namespace already: the
# addresses are 169.254.10.(4N+1) and fd00:1N::1 here, the next ones there.
edge_leg()
{
	local ns=pe$1

	ipb "$cust" <<-EOF
		link add leg$1 type veth peer name c$1 netns ${!ns}
		addr add 169.254.10.$((4 * $1 + 1))/30 dev leg$1
		addr add fd00:1$1::1/64 dev leg$1 nodad
		link set leg$1 up
	EOF
	pe_up "${!ns}" "$1" "169.254.10.$((4 * $1 + 2))/30" "fd00:1$1::2/64" "$2"
}

# topology_up: make it; sets cust, pe1, pe2 and cloud to the namespaces.
topology_up()
{
	wires_up
	setup_ns cloud
	# shellcheck disable=SC2154
	ipb "$cloud" <<-EOF
		link add up1 type veth peer name core netns $pe1
		link add up2 type veth peer name core netns $pe2
		addr add 10.255.1.2/30 dev up1
		addr add fd00:a1::2/64 dev up1 nodad
		addr add 10.255.2.2/30 dev up2
		addr add fd00:a2::2/64 dev up2 nodad
		link set up1 up
		link set up2 up
		$cloud_lines
	EOF
	pe_core_up "$pe1" 1
	pe_core_up "$pe2" 2
	pe_routes "$pe1" 169.254.10.1 fd00:10::1 10.255.1.2 fd00:a1::2
	pe_routes "$pe2" 169.254.10.5 fd00:11::1 10.255.2.2 fd00:a2::2
	cloud_via pe1
}

# pe_core_up NS NUMBER: its link to the cloud.
pe_core_up()
{
	ipb "$1" <<-EOF
		link set core up
		addr add 10.255.$2.1/30 dev core
		addr add fd00:a$2::1/64 dev core nodad
	EOF
}

# edges_up: the same without the cloud: each edge has the addresses of net0
# itself, so that it receives and answers what comes by its leg.
edges_up()
{
	wires_up "$cloud_lines
		$(customer_lines 169.254.10.1 fd00:10::1)" "$cloud_lines
		$(customer_lines 169.254.10.5 fd00:11::1)"
	forwarding_on "$pe1" "$pe2"
}

# cloud_addresses NS: net0 with the addresses of the cloud.
cloud_addresses()
{
	ipb "$1" <<<"$cloud_lines"
}

# The same as lines for ipb
cloud_lines=$(
	printf '%s\n' "link add net0 type dummy" "link set net0 up"
	printf 'addr add %s dev net0\n' 10.9.0.{1..8}/24
	printf 'addr add %s dev net0 nodad\n' fd09::{1..8}/64
)

# pe_routes NS CUSTOMER4 CUSTOMER6 [CLOUD4 CLOUD6]: make NS a provider edge.
pe_routes()
{
	local cloud=

	[ $# = 3 ] || cloud="route replace 10.9.0.0/24 via $4
		route replace fd09::/64 via $5"
	forwarding_on "$1"
	ipb "$1" <<-EOF
		$(customer_lines "$2" "$3")
		$cloud
	EOF
}

# customer_lines CUSTOMER4 CUSTOMER6: routes to the customer as lines for ipb.
customer_lines()
{
	echo "route replace 10.1.0.0/24 via $1"
	echo "route replace fd01::/64 via $2"
}

# cloud_via pe1|pe2 [PREFIX]...: let the cloud reach the prefixes (all of the
# customer's by default) through this edge.  Failover of the return path is
# the provider's business, hence the test's.
cloud_via()
{
	local n=${1#pe} p lines=

	shift
	[ $# -gt 0 ] || set -- 10.1.0.0/24 fd01::/64
	for p in "$@"; do
		case $p in
		*:*)	lines+="route replace $p via fd00:a$n::1"$'\n' ;;
		*)	lines+="route replace $p via 10.255.$n.1"$'\n' ;;
		esac
	done
	ipb "$cloud" <<<"$lines"
}

# edge_circuit N [CIRCUIT-OPTIONS]...: circuit erN over legN alone, to peN, which has
# 10.20.N.1 and fd20:N::1 and sends everything to the customer.
edge_circuit()
{
	edge_leg "$1" \
		"addr add 10.20.$1.1/32 dev lo
		addr add fd20:$1::1/128 dev lo nodad
		route add default via 169.254.10.$((4 * $1 + 1)) src 10.20.$1.1
		route add default via fd00:1$1::1 src fd20:$1::1"
	erc add "er$1" primary "leg$1" via "169.254.10.$((4 * $1 + 2))" \
		via "fd00:1$1::2" "${@:2}"
}

# lan_up [HOST4 ROUTER4 HOST6 ROUTER6]: namespace lan with a host, l0, behind port l1
# of the customer, its router.
lan_up()
{
	[ $# != 0 ] || set -- 10.1.0.130/25 10.1.0.129/25 \
		fd01::8000:2/113 fd01::8000:1/113
	setup_ns lan
	# shellcheck disable=SC2154
	veth_pair "$lan" l0 "$cust" l1
	addr_add "$lan" l0 "$1" "$3"
	addr_add "$cust" l1 "$2" "$4"
	ipb "$lan" <<-EOF
		route add default via ${2%/*}
		route add default via ${4%/*}
	EOF
}

# The IPv6 next hops of leg1 and leg2, as words for the tool
via6_leg1=(via fd00:10::2) via6_leg2=(via fd00:11::2)
[ -n "$has_ipv6" ] || via6_leg1=() via6_leg2=()

# circuit_up [NAME [CIRCUIT-OPTS]...]: add circuit NAME (er0) over leg1 and
# leg2 in cust with the options, up, with the customer's addresses on it and
# routes to the cloud through it.  The module gets loaded if need be.
circuit_up()
{
	local name=${1:-er0}

	shift || true
	erc_load
	nsx "$cust" ercircuit add "$name" \
		primary leg1 via 169.254.10.2 "${via6_leg1[@]}" \
		secondary leg2 via 169.254.10.6 "${via6_leg2[@]}" "$@"
	circuit_routes "$name"
}

# circuit_bare: the same with neither next hops nor options, by stock ip.
circuit_bare()
{
	erc_load
	ipb "$cust" <<<"$bare_lines"
	circuit_routes er0
}

# The circuit alone, as lines for ipb
bare_lines="link add er0 type ercircuit
link set leg1 master er0
link set leg2 master er0"

# dummies_up [DEV1 DEV2]: cust with two dummy devices, leg1 and leg2 by default.
dummies_up()
{
	setup_ns cust
	ipb "$cust" <<-EOF
		link add ${1:-leg1} up type dummy
		link add ${2:-leg2} up type dummy
	EOF
}

# circuit_routes NAME: bring circuit NAME up with addresses and routes.
circuit_routes()
{
	ipb "$cust" <<-EOF
		link set $1 up
		addr add 10.1.0.1/32 dev $1
		addr add fd01::1/128 dev $1 nodad
		route add 10.9.0.0/24 dev $1 src 10.1.0.1
		route add fd09::/64 dev $1 src fd01::1
	EOF
	watch_devices "$cust"
}

# peers_known: an unnumbered peer is known from its first frame; until then
# ours are broadcast, which a router does not forward.
peers_known()
{
	reaches "$pe1" 169.254.10.1
	reaches "$pe2" 169.254.10.5
}

# erc_load: load ercircuit.ko; skip the test if there is none.
erc_load()
{
	[ -n "${ERC_KO:-}" ] || skip "no ercircuit.ko for this kernel"
	load_module "$ERC_KO"
}

# erc ARGS...: the ercircuit tool in the customer's namespace.
erc()
{
	nsx "$cust" ercircuit "$@"
}

# counter NAME [CIRCUIT]: value of /sys/class/net/er0/ercircuit/NAME in cust,
# e.g. "counter primary/tx_packets".
counter()
{
	net_file "$cust" "${2:-er0}/ercircuit/$1"
}

# net_file NS PATH: content of /sys/class/net/PATH, as NS sees it.
net_file()
{
	local value

	# Not $(<file), which says nothing when there is no file
	read -r value <"/run/sys-$1/class/net/$2" || [ -n "$value" ] ||
		[ -e "/run/sys-$1/class/net/$2" ] || return
	echo "$value"
}

# counter_is NAME VALUE [CIRCUIT]: for use with busywait.
counter_is()
{
	local value=

	# Polled: without a subshell
	read -r value <"/run/sys-$cust/class/net/${3:-er0}/ercircuit/$1" ||
		[ -n "$value" ] || return
	[ "$value" = "$2" ]
}

# reaches NS ADDRESS [OPTIONS]...: one ping (either family) is answered.
reaches()
{
	nsx "$1" ping -q -c1 -W "$answer_wait" "${@:3}" "$2"
}

# pings N NS ADDRESS [OPTIONS]...: so many, and each is answered.
pings()
{
	nsx "$2" ping -q -c "$1" -i 0.01 -W "$answer_wait" "${@:4}" "$3"
}
