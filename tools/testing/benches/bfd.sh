#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Time from a failure that only BFD detects, at 10 ms x 3, to the first packet on
# the other leg. The far end of each leg is a circuit, too. The far end of the
# primary leg falls silent while the carriers stay on. QEMU counts instructions
# here, so the guest is an idle machine that executes 10^9 of them per second.
#
# ERC_BENCH_RUNS sets the number of runs.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/benches/net.sh
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

runs=${ERC_BENCH_RUNS:-200}
timers="bfd on bfd-tx 10ms bfd-rx 10ms bfd-mult 3"

# far_end N VIA: print the circuit at the far end of leg N
far_end()
{
	echo "link add ef$1 up type ercircuit primary far-leg$1 via $2 $timers"
}

up()
{
	[ "$(cat /sys/class/net/er0/ercircuit/{primary,secondary}/bfd_state | xargs)" = "up up" ]
}

main()
{
	local out

	insmod "$ERC_KO"
	ip netns add $far
	legs_up leg1 leg2
	ip -n $far -batch - < <(far_end 1 169.254.10.1; far_end 2 169.254.10.5)
	ip -batch - <<-EOF
		link add er0 up type ercircuit wtr 0 primary leg1 via 169.254.10.2 $timers secondary leg2 via 169.254.10.6 $timers
		route add 10.9.0.0/24 dev er0
	EOF
	within 10000 up
	out=$("$ERC_BENCH_BIN/switch" er0 leg1 leg2 silent "$runs" $far far-leg1)
	echo "{\"part\": \"bfd\", \"kind\": \"silent\", $out}"
	ip link del er0
	ip netns del $far
	rmmod ercircuit
}

main
