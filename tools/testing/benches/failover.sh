#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets lost when the carrying leg loses its carrier at 100,000 packets/s.
#
# The far end of the leg is set down.  The kernel then first stops taking
# packets there, waits for a grace period, and only then clears the carrier
# of our end: what is sent in between is lost on every kind of device, as
# nobody can know.  The sender (flow.c) reads carrier_down_count of the leg,
# which takes no lock, before each burst: a packet sent after it has changed
# was sent after the carrier bit fell, whatever else happens, and if it does
# not arrive, it is counted in "lost_after".
#
# ERC_BENCH_RUNS sets the repeats.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/benches/net.sh
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

runs=${ERC_BENCH_RUNS:-20}
rate=100000
declare -A leg=([er0]=er1 [bond1]=bond1a [bond100]=bond100a)

# carries KIND: the first leg carries
carries()
{
	case $1 in
	er0)	grep -qx primary /sys/class/net/er0/ercircuit/active ;;
	*)	grep -qx "${leg[$1]}" "/sys/class/net/$1/bonding/active_slave" ;;
	esac
}


# cut KIND RUN: lose the carrier under traffic, then mend it
cut()
{
	local dev=${leg[$1]} out

	wait_for 10000 carries "$1"
	wait_for 10000 answers "${address[$1]}"
	out=$("$ERC_BENCH_BIN/flow" "$rate" 1000 300 "${address[$1]}" "$dev" \
		$far -- ip -n $far link set "far-$dev" down)
	echo "{\"part\": \"failover\", \"kind\": \"$1\", \"run\": $2, $out}"
	ip -n $far link set "far-$dev" up
	# Went with the device
	[ "$1" != er0 ] || far_route
}

main()
{
	local kind run

	net_up
	for ((run = 1; run <= runs; run++)); do
		for kind in er0 bond1 bond100; do
			cut "$kind" "$run"
		done
	done
	net_down
}

main
