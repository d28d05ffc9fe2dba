#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Measure iperf3 TCP through a bare veth pair, bonding and a circuit, in turn.
# Each round begins with another kind. QEMU counts instructions here, on one CPU
# that is always busy. In user-mode Linux, other load of the host and the
# scheduler's placement of client and server change the result ten times more
# than the device does.
#
# ERC_BENCH_RUNS sets the rounds, ERC_BENCH_SECONDS the duration of each.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/benches/net.sh
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

runs=${ERC_BENCH_RUNS:-5}
seconds=${ERC_BENCH_SECONDS:-1}
kinds=(bare er0 bond100)

# transfer KIND RUN: run one connection and print the Mbit/s that arrived
transfer()
{
	local mbit

	mbit=$(iperf3 -c "${address[$1]}" -t "$seconds" -O 1 -J |
		jq '.end.sum_received.bits_per_second / 1e6 | floor')
	result part=throughput kind="$1" run="$2" mbit="$mbit"
}

main()
{
	local i run

	net_up
	ip netns exec $far iperf3 -s -D
	within 10000 listens $far 5201
	for ((run = 1; run <= runs; run++)); do
		for i in "${!kinds[@]}"; do
			transfer "${kinds[(run + i) % ${#kinds[@]}]}" "$run"
		done
	done
	ip netns pids $far | xargs -r kill
	net_down
}

main
