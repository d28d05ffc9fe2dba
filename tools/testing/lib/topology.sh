# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Create the topology, a customer and a cloud with two edges between them, and the
# circuit.
#
# Part of selftests/lib.sh, which sets the variables that this file uses.

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
# Each PE routes the customer's prefixes, 10.1.0.0/24 and fd01::/64, to its leg, and the
# cloud's prefixes to the cloud.  The cloud sends everything to pe1, until cloud_via
# changes that.

# wires_up [LINES1 LINES2]: create cust, pe1, pe2 and the legs, without routes.  The
# lines are ip commands for pe1 and pe2.
wires_up()
{
	setup_ns cust pe1 pe2
	legs_up "$@"
}

# keep_addresses NS: devices that are created in NS from now on keep their IPv6 addresses
# when they are set down, as the user has to add them again otherwise.
keep_addresses()
{
	[ -z "$has_ipv6" ] || "$netns" write "$1" ipv6/conf/default/keep_addr_on_down 1
}

# legs_up [LINES1 LINES2]: create the legs between the namespaces.
legs_up()
{
	keep_addresses "$cust"
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

# pe_up NS NUMBER ADDRESS4 ADDRESS6 LINES: set up the edge's end of the leg.
pe_up()
{
	ipb "$1" <<-EOF
		link set c$2 up
		addr add $3 dev c$2
		addr add $4 dev c$2 nodad
		$5
	EOF
}

# edge_leg N LINES: create legN from cust to the existing namespace peN.  The addresses
# are 169.254.10.(4N+1) and fd00:1N::1 in cust, and the next ones in peN.
edge_leg()
{
	local ns=pe$1

	keep_addresses "$cust"
	ipb "$cust" <<-EOF
		link add leg$1 type veth peer name c$1 netns ${!ns}
		addr add 169.254.10.$((4 * $1 + 1))/30 dev leg$1
		addr add fd00:1$1::1/64 dev leg$1 nodad
		link set leg$1 up
	EOF
	pe_up "${!ns}" "$1" "169.254.10.$((4 * $1 + 2))/30" "fd00:1$1::2/64" "$2"
}

# topology_up: create the topology, and set cust, pe1, pe2 and cloud to its namespaces.
topology_up()
{
	local core1 core2

	setup_ns cust pe1 pe2 cloud
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
	core_lines core1 1
	core_lines core2 2
	legs_up "$core1" "$core2"
	forwarding_on "$pe1" "$pe2"
	cloud_via pe1
}

# core_lines VARIABLE N: set VARIABLE to the ip commands for peN's routes, and for its
# link to the cloud.
core_lines()
{
	local lines

	routes_to_customer lines "169.254.10.$((4 * $2 - 3))" "fd00:1$(($2 - 1))::1"
	printf -v "$1" '%s\n' "link set core up" \
		"addr add 10.255.$2.1/30 dev core" \
		"addr add fd00:a$2::1/64 dev core nodad" "$lines" \
		"route replace 10.9.0.0/24 via 10.255.$2.2" \
		"route replace fd09::/64 via fd00:a$2::2"
}

# edges_up: create the topology without the cloud: each edge has the addresses of net0
# itself, so that it receives and answers the packets of its leg.
edges_up()
{
	local lines1 lines2

	routes_to_customer lines1 169.254.10.1 fd00:10::1
	routes_to_customer lines2 169.254.10.5 fd00:11::1
	wires_up "$cloud_lines$lines1" "$cloud_lines$lines2"
	forwarding_on "$pe1" "$pe2"
}

# cloud_addresses NS: create net0 with the addresses of the cloud.
cloud_addresses()
{
	ipb "$1" <<<"$cloud_lines"
}

# The ip commands for that
printf -v cloud_lines '%s\n' "link add net0 type dummy" "link set net0 up" \
	"addr add "10.9.0.{1..8}"/24 dev net0" \
	"addr add fd09::"{1..8}"/64 dev net0 nodad"

# pe_routes NS CUSTOMER4 CUSTOMER6 [CLOUD4 CLOUD6]: make NS a provider edge, with routes
# by these next hops.
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

# customer_lines CUSTOMER4 CUSTOMER6: print the ip commands for the routes to the
# customer by these next hops.
customer_lines()
{
	local lines

	routes_to_customer lines "$@"
	echo "$lines"
}

# routes_to_customer VARIABLE CUSTOMER4 CUSTOMER6: set VARIABLE to the same.
routes_to_customer()
{
	printf -v "$1" '%s\n' "route replace 10.1.0.0/24 via $2" \
		"route replace fd01::/64 via $3"
}

# cloud_via pe1|pe2 [PREFIX]...: route the prefixes (by default all of the customer's)
# from the cloud through this edge.  The provider switches the return path, so a test
# does it.
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

# edge_circuit N [CIRCUIT-OPTIONS]...: create circuit erN over legN only, to peN, which
# has the addresses 10.20.N.1 and fd20:N::1 and sends everything to the customer.
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

# lan_up [HOST4 ROUTER4 HOST6 ROUTER6]: create namespace lan, a host whose router is the
# customer: l0 in lan and l1 in cust, with these addresses.
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

# The IPv6 next hops of leg1 and leg2, as arguments of the tool
via6_leg1=(via fd00:10::2) via6_leg2=(via fd00:11::2)
[ -n "$has_ipv6" ] || via6_leg1=() via6_leg2=()

# circuit_up [NAME [CIRCUIT-OPTIONS]...]: load the module, create circuit NAME (er0) over
# leg1 and leg2 in cust with the options, and set it up with the customer's addresses
# and routes to the cloud.
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

# circuit_bare: the same without next hops and options, by the stock ip.
circuit_bare()
{
	erc_load
	ipb "$cust" <<<"$bare_lines"
	circuit_routes er0
}

# The ip commands for the circuit only
bare_lines="link add er0 type ercircuit
link set leg1 master er0
link set leg2 master er0"

# dummies_up [DEV1 DEV2]: create cust with two dummy devices, by default leg1 and leg2.
dummies_up()
{
	setup_ns cust
	ipb "$cust" <<-EOF
		link add ${1:-leg1} up type dummy
		link add ${2:-leg2} up type dummy
	EOF
}

# circuit_routes NAME: set circuit NAME up, with addresses and routes.
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

# peers_known: let each edge send a frame.  Without next hops the circuit learns the
# peer's address from it, and before that it broadcasts; routers do not forward these.
peers_known()
{
	reaches "$pe1" 169.254.10.1
	reaches "$pe2" 169.254.10.5
}

# erc_load: load ERC_KO, or the module of the kernel, which may also be built in; skip
# the test if there is none.
erc_load()
{
	if [ -n "${ERC_KO:-}" ]; then
		load_module "$ERC_KO"
		return
	fi
	command -v ercircuit >/dev/null || skip "no tool ercircuit here"
	[[ $(modprobe -n -v ercircuit 2>/dev/null) = builtin* ]] ||
		load_module ercircuit
}

# erc ARGS...: run the ercircuit tool in the customer's namespace.
erc()
{
	nsx "$cust" ercircuit "$@"
}

# counter NAME [CIRCUIT]: print the value of /sys/class/net/er0/ercircuit/NAME in cust,
# e.g. "counter primary/tx_packets".
counter()
{
	net_file "$cust" "${2:-er0}/ercircuit/$1"
}

# net_file NS PATH: print the content of /sys/class/net/PATH of NS.
net_file()
{
	local value

	# $(<file) would not report an error if there is no file
	read -r value <"/run/sys-$1/class/net/$2" || [ -n "$value" ] ||
		[ -e "/run/sys-$1/class/net/$2" ] || return
	echo "$value"
}

# counter_is NAME VALUE [CIRCUIT]: has the counter this value?  For busywait.
counter_is()
{
	local value=

	# Without a subshell, as tests poll it
	read -r value <"/run/sys-$cust/class/net/${3:-er0}/ercircuit/$1" ||
		[ -n "$value" ] || return
	[ "$value" = "$2" ]
}

# link_local NS DEV: store the device's link-local address in ll.  The kernel adds it
# after it has seen the carrier, so use busywait.
link_local()
{
	# shellcheck disable=SC2034
	ll=$(ip -n "$1" -o -6 addr show dev "$2" scope link | grep -o 'fe80[^/]*')
}

# reaches NS ADDRESS [OPTIONS]...: is one ping from NS (of either family) answered?
reaches()
{
	nsx "$1" ping -q -c1 -W "$answer_wait" "${@:3}" "$2"
}

# pings N NS ADDRESS [OPTIONS]...: are all of N pings answered?
pings()
{
	nsx "$2" ping -q -c "$1" -i 0.01 -W "$answer_wait" "${@:4}" "$3"
}
