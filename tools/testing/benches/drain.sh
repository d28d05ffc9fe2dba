#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets that drains and commands lose, duplicate or reorder, at 100,000 packets/s
# in either direction, and in both at once, which overloads the machine. QEMU
# counts instructions here, so the guest executes 10^9 of them per second.
#
# The legs are dummies. pktgen injects packets on in0, which er0 sends by its
# legs, and on a leg, from which er0 receives them and the host forwards them to
# in0.
#
# ERC_BENCH_RUNS sets the number of runs.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=${ERC_BENCH_RUNS:-20}
count=$((rate * (runs * 40 + 200) / 1000))

# measure MODE out|in|both: run the helper in this mode and direction
measure()
{
	local out was now

	ercircuit set er0 mode "$1"
	[ "$2" = in ] || inject in0 $count 10.1.0.7 10.9.0.1 10.9.0.1
	[ "$2" = out ] || inject leg1 $count 10.9.0.1 10.1.0.7 10.1.0.7
	read -r was </sys/class/net/er0/ercircuit/switches
	out=$("$ERC_BENCH_BIN/drain" er0 in0 leg1 leg2 $count "$runs" "$2")
	read -r now </sys/class/net/er0/ercircuit/switches
	echo "{\"part\": \"drain\", \"mode\": \"$1\", \"way\": \"$2\"," \
		"\"switches\": $((now - was)), $out}"
	inject_end
}

main()
{
	local mode way

	insmod "$ERC_KO"
	modprobe dummy numdummies=0
	inject_up
	dummies_up
	# One CPU does all the work, so turn off optional parts
	sysctl -qw net.ipv4.ip_early_demux=0 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.send_redirects=0
	for mode in active-backup active-active; do
		for way in out in both; do
			measure $mode $way
		done
	done
	ip link del er0
	rmmod ercircuit
}

main
