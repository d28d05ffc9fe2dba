# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The network of the benches that measure time: this namespace sends, and the
# namespace "far" receives.  Each kind of device has its own veth pairs, pair of
# addresses and destination, so that runs of different kinds can alternate.
#
#	kind	device	legs here / there	destination
#	bare	bare1	bare1 / far-bare1	10.9.0.1
#	er0	er0	er1 er2 / far-er1..2	10.9.0.2
#	bond	bondN	bondNa bondNb / bridge	10.9.0.N
#
# A bond's far end is a bridge, as bonding needs both legs in one L2 domain.

far=far

# pair DEV: create a veth pair DEV / far-DEV and set it up
pair()
{
	ip link add "$1" type veth peer name "far-$1" netns $far
	ip link set "$1" up
	ip -n $far link set "far-$1" up
}

far_address()
{
	ip -n $far addr add "10.9.0.$1/32" dev lo
}

net_bare()
{
	pair bare1
	ip addr add 10.3.0.1/30 dev bare1
	ip -n $far addr add 10.3.0.2/30 dev far-bare1
	ip route add 10.9.0.1 via 10.3.0.2
	far_address 1
}

# far_route: add the route back to the circuit
far_route()
{
	ip -n $far route replace 10.5.0.1 via 169.254.10.1
}

# legs_up DEV1 DEV2: the primary and the secondary leg, with the addresses of both ends
legs_up()
{
	local dev n=1

	for dev in "$@"; do
		pair "$dev"
		ip addr add "169.254.10.$n/30" dev "$dev"
		ip -n $far addr add "169.254.10.$((n + 1))/30" dev "far-$dev"
		n=$((n + 4))
	done
}

net_er0()
{
	legs_up er1 er2
	ercircuit add er0 primary er1 via 169.254.10.2 \
		secondary er2 via 169.254.10.6 wtr 0
	ip link set er0 up
	ip addr add 10.5.0.1/32 dev er0
	ip route add 10.9.0.2 dev er0 src 10.5.0.1
	far_route
	far_address 2
}

# net_bond NAME NUMBER MIIMON: create a bond and its far end
net_bond()
{
	local leg

	ip link add "$1" type bond mode active-backup miimon "$3"
	ip -n $far link add "$1" type bridge
	ip -n $far link set "$1" up
	for leg in "${1}a" "${1}b"; do
		pair "$leg"
		ip link set "$leg" down
		ip link set "$leg" master "$1"
		ip -n $far link set "far-$leg" master "$1"
	done
	ip link set "$1" type bond primary "${1}a"
	ip link set "$1" up
	ip addr add "10.$((10 + $2)).0.1/30" dev "$1"
	ip -n $far addr add "10.$((10 + $2)).0.2/30" dev "$1"
	ip route add "10.9.0.$2" via "10.$((10 + $2)).0.2"
	far_address "$2"
}

# answers ADDRESS: the far end answers
answers()
{
	ping -q -c1 -W1 "$1"
}

# net_up: create the network; the destination of a kind is in ${address[KIND]}
declare -A address=([bare]=10.9.0.1 [er0]=10.9.0.2 [bond1]=10.9.0.3
	[bond100]=10.9.0.4)

net_up()
{
	local kind

	insmod "$ERC_KO"
	modprobe bonding max_bonds=0
	ip netns add $far
	ip -n $far link set lo up
	net_bare
	net_er0
	net_bond bond1 3 1
	net_bond bond100 4 100
	for kind in "${!address[@]}"; do
		within 10000 answers "${address[$kind]}"
	done
}

net_down()
{
	ip link del er0
	ip link del bond1
	ip link del bond100
	ip netns del $far
	rmmod ercircuit
}
