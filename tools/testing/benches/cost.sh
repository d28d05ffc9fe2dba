#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Instructions per packet of a bare leg, and of devices over two legs.
#
#	tx: in0 -> forwarded -> the device -> leg1
#	rx: leg1 -> the device -> forwarded -> out0
#
# All devices except the one under test are dummies.  pktgen injects packets as if
# a NIC had received them; the time is the instruction count (QEMU -icount
# shift=0, one CPU).  Every kind has the same addresses, prefixes and neighbours,
# because the shape of the FIB alone costs up to 30 instructions.  Every run
# creates its devices again, because the neighbour tables hash by a random key.
# The lowest run counts.
#
# er0-bw has a bandwidth that is never used up; er0-two is one of two circuits.
#
# ERC_BENCH_KINDS limits the kinds, ERC_BENCH_RUNS sets the runs.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

kinds=${ERC_BENCH_KINDS:-bare bond team er0 er0-bw er0-two bond-xor er0-aa}
runs=${ERC_BENCH_RUNS:-5}
packets=4000
pktgen=/proc/net/pktgen

# batch_common DEVICE: print the setup that all kinds share
batch_common()
{
	cat <<-EOF
		addr add 10.1.0.1/24 dev in0
		addr add fd01::1/64 dev in0 nodad
		addr add 10.2.0.1/24 dev $1
		addr add fd02::1/64 dev $1 nodad
		route add 10.9.0.0/24 via 10.2.0.2 dev $1
		route add fd09::/64 via fd02::2 dev $1
		addr add 10.3.0.1/24 dev out0
		addr add fd03::1/64 dev out0 nodad
		neigh add 10.3.0.2 lladdr 02:00:00:00:03:02 dev out0
		neigh add fd03::2 lladdr 02:00:00:00:03:02 dev out0
		route add 10.8.0.0/24 via 10.3.0.2 dev out0
		route add fd08::/64 via fd03::2 dev out0
	EOF
}

batch_links()
{
	local dev i=0

	for dev in in0 leg1 leg2 out0 spare1 spare2; do
		i=$((i + 1))
		echo "link add $dev address 02:00:00:00:00:0$i type dummy"
		echo "link set $dev addrgenmode none"
	done
}

batch_up()
{
	printf 'link set %s up\n' in0 leg1 leg2 out0 spare1 spare2
}

# Addresses of the legs, or of spare devices if the legs need none
batch_leg_addresses()
{
	cat <<-EOF
		addr add 169.254.10.1/30 dev ${1}1
		addr add fd00:10::1/64 dev ${1}1 nodad
		addr add 169.254.10.5/30 dev ${1}2
		addr add fd00:11::1/64 dev ${1}2 nodad
	EOF
}

# batch_neigh DEV4 ADDRESS4 ADDRESS6: print the neighbours of DEV4
batch_neigh()
{
	echo "neigh add $2 lladdr 02:00:00:00:02:02 dev $1"
	echo "neigh add $3 lladdr 02:00:00:00:02:02 dev $1"
}

masters()
{
	printf 'link set leg1 down\nlink set leg2 down\n'
	printf 'link set leg1 master %s\nlink set leg2 master %s\n' "$1" "$1"
}

setup_bare()
{
	dut=leg1
	batch_neigh leg1 10.2.0.2 fd02::2 | ip -batch -
}

setup_bond()
{
	dut=bond0
	{
		echo "link add bond0 type bond $*"
		echo "link set bond0 addrgenmode none"
		masters bond0
		echo "link set bond0 up"
		batch_neigh bond0 10.2.0.2 fd02::2
	} | ip -batch -
}

setup_team()
{
	dut=team0
	ip link add team0 type team
	ip link set team0 addrgenmode none
	teamnl team0 setoption mode activebackup
	{
		masters team0
		echo "link set team0 up"
		batch_neigh team0 10.2.0.2 fd02::2
	} | ip -batch -
	batch_up | ip -batch -
	number leg1 ifindex
	teamnl team0 setoption activeport "$number"
}

setup_er0()
{
	dut=er0
	{
		batch_leg_addresses leg
		batch_neigh leg1 169.254.10.2 fd00:10::2
		batch_neigh leg2 169.254.10.6 fd00:11::2
	} | ip -batch -
	ercircuit add er0 primary leg1 via 169.254.10.2 via fd00:10::2 \
		secondary leg2 via 169.254.10.6 via fd00:11::2 "$@"
	ip link set er0 addrgenmode none
	ip link set er0 up
}

setup()
{
	{ batch_links; batch_up; } | ip -batch -
	case $1 in
	bare)		setup_bare ;;
	bond)		setup_bond mode active-backup miimon 100 primary_reselect always ;;
	bond-xor)	setup_bond mode balance-xor miimon 100 \
				xmit_hash_policy layer2+3 ;;
	team)		setup_team ;;
	er0)		setup_er0 ;;
	er0-bw)		setup_er0 bandwidth 100gbit ;;
	er0-two)	setup_er0
			ip link add er1 type ercircuit ;;
	er0-aa)		setup_er0 mode active-active ;;
	esac
	[ "$dut" = er0 ] || batch_leg_addresses spare | ip -batch -
	batch_common "$dut" | ip -batch -
}

teardown()
{
	{
		[ "$dut" = leg1 ] || echo "link del $dut"
		[ ! -e /sys/class/net/er1 ] || echo "link del er1"
		printf 'link del %s\n' in0 leg1 leg2 out0 spare1 spare2
	} | ip -batch -
}

# forwarded DIR: sets $forwarded to the number of packets that left
forwarded()
{
	case $1 in
	tx)	number leg1 statistics/tx_packets
		forwarded=$number
		number leg2 statistics/tx_packets
		forwarded=$((forwarded + number)) ;;
	rx)	number out0 statistics/tx_packets
		forwarded=$number ;;
	esac
}

# inject DEV COUNT: sets $usec to the time taken
inject()
{
	local line

	echo "count $2" >"$pktgen/$1"
	echo start >"$pktgen/pgctrl"
	while read -r line; do
		[[ $line =~ OK:\ [0-9]+\(c([0-9]+)\+d[0-9]+\)\ usec,\ $2\  ]] || continue
		usec=${BASH_REMATCH[1]}
		return
	done <"$pktgen/$1"
	die "pktgen: $(cat "$pktgen/$1")"
}

# pktgen_setup DEV FAMILY SIZE NET: send to the MAC of DEV from the other
# network
pktgen_setup()
{
	local dev=$1 family=$2 size=$3 dir=$4 src=1 dst=9 line mac

	[ "$dir" = tx ] || { src=9 dst=8; }
	read -r mac <"/sys/class/net/$dev/address"
	echo rem_device_all >"$pktgen/kpktgend_0"
	echo "add_device $dev" >"$pktgen/kpktgend_0"
	for line in "xmit_mode netif_receive" "flag !SHARED" "delay 0" \
		"pkt_size $size" "dst_mac $mac"; do
		echo "$line" >"$pktgen/$dev"
	done
	if [ "$family" = 4 ]; then
		echo "dst_min 10.$dst.0.9" >"$pktgen/$dev"
		echo "dst_max 10.$dst.0.9" >"$pktgen/$dev"
		echo "src_min 10.$src.0.7" >"$pktgen/$dev"
		echo "src_max 10.$src.0.7" >"$pktgen/$dev"
	else
		echo "dst6 fd0$dst::9" >"$pktgen/$dev"
		echo "src6 fd0$src::7" >"$pktgen/$dev"
	fi
}

# measure KIND RUN DIR FAMILY SIZE: print the lowest number of instructions per
# packet
measure()
{
	local dev=in0 before best

	[ "$3" = tx ] || dev=leg1
	pktgen_setup "$dev" "$4" "$5" "$3"
	inject "$dev" 300
	forwarded "$3"
	before=$forwarded
	inject "$dev" $packets
	best=$usec
	inject "$dev" $packets
	[ "$usec" -ge "$best" ] || best=$usec
	forwarded "$3"
	[ $((forwarded - before)) -ge $((2 * packets)) ] ||
		die "$1 $3 IPv$4: $((forwarded - before)) of $((2 * packets)) packets arrived"
	result part=cost kind="$1" run="$2" dir="$3" family="$4" size="$5" \
		instructions="$((best * 1000 / packets)).$((best * 10000 / packets % 10))"
}

run_kind()
{
	local dir family size

	setup "$1"
	for dir in tx rx; do
		for family in 4 6; do
			for size in $((family == 4 ? 60 : 80)) 1500; do
				measure "$1" "$2" $dir $family $size
			done
		done
	done
	echo rem_device_all >"$pktgen/kpktgend_0"
	teardown
}

main()
{
	local kind run

	insmod "$ERC_KO"
	modprobe -a pktgen dummy bonding team team_mode_activebackup
	sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
		net.ipv6.conf.default.accept_dad=0
	for ((run = 1; run <= runs; run++)); do
		for kind in $kinds; do
			run_kind "$kind" "$run"
		done
	done
	rmmod ercircuit
}

main
