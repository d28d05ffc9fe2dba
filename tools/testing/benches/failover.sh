#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets lost when the active leg loses its carrier at 100,000 packets/s. QEMU
# counts instructions here, so the guest executes 10^9 of them per second, however
# busy the host is.
#
# pktgen injects packets on in0, which the device under test forwards.  The bench
# sets the far end of the active leg down.  The kernel first stops receiving
# there, waits for a grace period, and then clears the carrier of our end.
# Packets sent in between are lost on every kind of device, as no device can
# detect the failure yet.  failover.c counts these separately from later ones.
#
# ERC_BENCH_RUNS sets the number of runs.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/benches/net.sh
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

runs=${ERC_BENCH_RUNS:-20}
count=$((rate * 6 / 10))
declare -A leg=([er0]=er1 [bond1]=bond1a [bond100]=bond100a)

# carries KIND: the first leg is active
carries()
{
	case $1 in
	er0)	grep -qx primary /sys/class/net/er0/ercircuit/active ;;
	*)	grep -qx "${leg[$1]}" "/sys/class/net/$1/bonding/active_slave" ;;
	esac
}

# receiver_up: drop packets that have arrived, as the guest's CPUs are slow
receiver_up()
{
	local dev

	for dev in er1 er2 bond1a bond1b bond100a bond100b; do
		tc -n $far qdisc add dev "far-$dev" clsact
		tc -n $far filter add dev "far-$dev" ingress protocol ip \
			u32 match ip protocol 17 0xff action drop
	done
}

# trace_up: trace each loss of a carrier, with the clock that pktgen uses
trace_up()
{
	local trace=/sys/kernel/tracing

	echo tai >$trace/trace_clock
	echo 'p:fell netif_carrier_off ifindex=dev->ifindex' >$trace/kprobe_events
	echo 1 >$trace/events/kprobes/fell/enable
}

# cut KIND RUN: cut the carrier under traffic, then restore it
cut()
{
	local dev=${leg[$1]} out

	within 10000 carries "$1"
	within 10000 answers "${address[$1]}"
	inject in0 $count 10.1.0.7 "${address[$1]}" "${address[$1]}"
	echo >/sys/kernel/tracing/trace
	out=$("$ERC_BENCH_BIN/failover" in0 $count "$dev" $far "far-$dev")
	echo "{\"part\": \"failover\", \"kind\": \"$1\", \"run\": $2, $out}"
	ip -n $far link set "far-$dev" up
	# The kernel deleted the route with the device
	[ "$1" != er0 ] || far_route
}

main()
{
	local kind run

	net_up
	inject_up
	receiver_up
	trace_up
	for ((run = 1; run <= runs; run++)); do
		for kind in er0 bond1 bond100; do
			cut "$kind" "$run"
		done
	done
	inject_end
	ip link del in0
	net_down
}

main
