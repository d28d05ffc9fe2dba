#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Count false alarms of BFD at 50 ms x 3 while programs and traffic keep both
# processors busy. Three circuits run at the same time on one machine. Their far
# ends are another circuit, FRR's bfdd and BIRD. The legs never fail, so each
# leg that goes down is a false alarm: one of its ends was late.
#
# ERC_BENCH_SECONDS sets the duration (600).

# shellcheck source=tools/testing/selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../selftests/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_peer.sh
. "$(dirname "${BASH_SOURCE[0]}")/../selftests/bfd_peer.sh"

PATH=$ERC_BENCH_PATH:$PATH
export IP_LIB_DIR=$ERC_BENCH_PATH
seconds=${ERC_BENCH_SECONDS:-600}
tx=50
kinds=(er0 frr bird)

# pair KIND NUMBER: create circuit er-KIND here, and its far end in namespace
# KIND
pair()
{
	ipb "$cust" <<-EOF
		link add $1 type veth peer name c netns ${!1}
		link set $1 up
		addr add 169.254.$2.1/30 dev $1
		link add er-$1 up type ercircuit primary $1 via 169.254.$2.2 bfd on bfd-tx ${tx}ms bfd-rx ${tx}ms
	EOF
	ipb "${!1}" <<-EOF
		link set c up
		addr add 169.254.$2.2/30 dev c
	EOF
	if [ "$1" = er0 ]; then
		ip -n "${!1}" link add far up type ercircuit primary c \
			via "169.254.$2.1" bfd on bfd-tx ${tx}ms bfd-rx ${tx}ms
	else
		"$1_up" "${!1}" $tx c "169.254.$2.2" "169.254.$2.1"
	fi
}

# favour: set the priority of the daemons to that of Debian's unit of FRR
favour()
{
	cat "$scratch"/frr-*/*pid "$scratch"/bird-*/*pid |
		xargs renice -n -5 -p >/dev/null
}

spin()
{
	while :; do :; done
}

# load_up: start two busy programs per processor, and send UDP at full speed
# over the circuit whose far end is a circuit, too
load_up()
{
	local i

	ipb "$cust" <<-EOF
		addr add 10.1.0.1/32 dev er-er0
		route add 10.9.0.0/24 dev er-er0 src 10.1.0.1
	EOF
	# shellcheck disable=SC2154
	ipb "$er0" <<-EOF
		addr add 10.9.0.1/32 dev far
		route add 10.1.0.0/24 dev far
	EOF
	flow_listen payload "$er0"
	for i in 1 2 3 4; do
		spin &
		defer kill $!
	done
	for i in 1 2; do
		nsx_exec "$cust" "$flow" send -d "$seconds" -r 1000000 -f 16 \
			10.9.0.1 5000 >"$scratch/sent.$i" &
		senders+=($!)
	done
}

# count KIND NAME: print a counter
count()
{
	counter "primary/$2" "er-$1"
}

main()
{
	local kind i=0 senders=() downs=() missed=() sent=0

	load_module "$ERC_KO"
	setup_ns cust "${kinds[@]}"
	for kind in "${kinds[@]}"; do
		i=$((i + 1))
		pair "$kind" $i
	done
	for kind in "${kinds[@]}"; do
		busywait counter_is primary/bfd_state up "er-$kind" ||
			fail "$kind is not up"
	done
	favour
	for kind in "${kinds[@]}"; do
		downs+=("$(count "$kind" bfd_down_events)")
		missed+=("$(count "$kind" bfd_missed)")
	done
	load_up
	wait "${senders[@]}"
	for i in 1 2; do
		sent=$((sent + $(json accepted <"$scratch/sent.$i")))
	done
	for i in "${!kinds[@]}"; do
		kind=${kinds[i]}
		echo "{\"part\": \"alarms\", \"kind\": \"$kind\"," \
			"\"seconds\": $seconds, \"packets\": $sent, \"down\":" \
			"$(($(count "$kind" bfd_down_events) - downs[i]))," \
			"\"missed\": $(($(count "$kind" bfd_missed) - missed[i]))}"
	done
}

main
