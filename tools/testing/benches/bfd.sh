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

runs=${ERC_BENCH_RUNS:-200}
timers="bfd on bfd-tx 10ms bfd-rx 10ms bfd-mult 3"

# far_end N ADDRESS VIA: create the circuit at the far end, in the other
# namespace
far_end()
{
	cat <<-EOF
		link set far$1 up
		addr add $2/30 dev far$1
		link add ef$1 up type ercircuit primary far$1 via $3 $timers
	EOF
}

up()
{
	[ "$(cat /sys/class/net/er0/ercircuit/{primary,secondary}/bfd_state | xargs)" = "up up" ]
}

main()
{
	local out

	insmod "$ERC_KO"
	ip netns add far
	ip -batch - <<-EOF
		link add leg1 up type veth peer name far1 netns far
		link add leg2 up type veth peer name far2 netns far
		addr add 169.254.10.1/30 dev leg1
		addr add 169.254.10.5/30 dev leg2
	EOF
	ip -n far -batch - < <(far_end 1 169.254.10.2 169.254.10.1
		far_end 2 169.254.10.6 169.254.10.5)
	ip -batch - <<-EOF
		link add er0 up type ercircuit wtr 0 primary leg1 via 169.254.10.2 $timers secondary leg2 via 169.254.10.6 $timers
		route add 10.9.0.0/24 dev er0
	EOF
	wait_for 10000 up
	out=$("$ERC_BENCH_BIN/switch" er0 leg1 leg2 silent "$runs" far far1)
	echo "{\"part\": \"bfd\", \"kind\": \"silent\", $out}"
	ip link del er0
	ip netns del far
	rmmod ercircuit
}

main
