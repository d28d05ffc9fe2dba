#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Cost of BFD sessions at 50 ms x 3, for circuits, FRR's bfdd and BIRD. Both
# ends of a session are of the same kind; sessions use VLANs of one veth pair.
# QEMU counts instructions here, and an instruction takes 1 ns: the busy time is
# the time of the kernel and the daemons of both ends.
#
# ERC_BENCH_COUNTS and ERC_BENCH_KINDS set the numbers of sessions and the kinds.

# shellcheck source=tools/testing/selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../selftests/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_peer.sh
. "$(dirname "${BASH_SOURCE[0]}")/../selftests/bfd_peer.sh"

PATH=$ERC_BENCH_PATH:$PATH
export IP_LIB_DIR=$ERC_BENCH_PATH
tx=50
timers="bfd on bfd-tx ${tx}ms bfd-rx ${tx}ms"

# each LINE OWN PEER: print LINE for every session, with N replaced by its number,
# and OWN and PEER by the addresses of this and the other end
each()
{
	local i net host line

	for ((i = 1; i <= count; i++)); do
		net=10.$((i >> 6)).1 host=$((i % 64 * 4))
		line=${1//OWN/$net.$((host + $2))}
		line=${line//PEER/$net.$((host + $3))}
		echo "${line//N/$i}"
	done
}

# end_up NS OWN PEER: configure all sessions of one end
end_up()
{
	local sessions

	each "link add vN link port up type vlan id N" "$2" "$3" | ipb "$1"
	each "addr add OWN/30 dev vN" "$2" "$3" | ipb "$1"
	if [ "$kind" = er0 ]; then
		each "link add erN up type ercircuit primary vN via PEER $timers" \
			"$2" "$3" | ipb "$1"
	elif [ "$count" != 0 ]; then
		read -d '' -ra sessions < <(each "vN OWN PEER" "$2" "$3") || true
		"${kind}_up" "$1" $tx "${sessions[@]}"
	fi
}

# ups: the number of sessions that are Up on one end
ups()
{
	case $kind in
	er0)	cat "/run/sys-$near/class/net/er"*/ercircuit/primary/bfd_state |
			grep -cx up ;;
	frr)	frr_vty "$near" enable "show bfd peers json" |
			grep -o '"status":"up"' | wc -l ;;
	bird)	birdc -s "$scratch/bird-$near/ctl" show bfd sessions |
			grep -c ' Up ' ;;
	esac || true
}

all_up()
{
	[ "$(ups)" = "$count" ]
}

# idle VARIABLE: the idle time since boot, in hundredths of a second
idle()
{
	local idle

	read -r _ idle </proc/uptime
	printf -v "$1" %d $((10#${idle/./}))
}

# busy MS: print the time that the processor was busy in MS, in us; sets passed to
# the time that really passed, in us
busy()
{
	local start now idle_start idle_now

	now_ms start
	idle idle_start
	pause "$1"
	now_ms now
	idle idle_now
	passed=$(((now - start) * 1000))
	busy=$((passed - (idle_now - idle_start) * 10000))
}

# one KIND COUNT: set up, measure and clean up, in a subshell
one()
{
	local kind=$1 count=$2 near far net passed busy

	trap 'defer_run' EXIT
	[ "$kind" != er0 ] || load_module "$ERC_KO"
	setup_ns near far
	ip -n "$near" link add port type veth peer name port netns "$far"
	# A port with a VLAN runs timers even without sessions, so measure with
	# both
	for net in "$near" "$far"; do
		ip -n "$net" link set port up
		ip -n "$net" link add spare link port up type vlan id 4094
	done
	end_up "$near" 1 2
	end_up "$far" 2 1
	busywait all_up || true
	# A session that has just come up is slow until the timers are negotiated
	busy 3000
	# A few sessions cause little work, so measure longer
	busy $((count < 99 ? 1000000 / (count + 1) : 10000))
	echo "{\"part\": \"sessions\", \"kind\": \"$kind\", \"count\": $count," \
		"\"up\": $(ups), \"us\": $passed, \"busy_us\": $busy}"
}

modprobe 8021q
sysctl -qw net.ipv4.neigh.default.gc_thresh3=8192 \
	net.ipv6.conf.default.disable_ipv6=1
for count in ${ERC_BENCH_COUNTS:-0 1 100 1000}; do
	for kind in ${ERC_BENCH_KINDS:-er0 frr bird}; do
		echo "bench: $kind, $count sessions" >&2
		( one "$kind" "$count" )
	done
done
