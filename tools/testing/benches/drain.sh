#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Drains and commands with packets in either direction, 100,000 a second, and in
# both at once, which is more than the machine can do: what they lose, send
# twice or reorder. In QEMU that counts instructions, as a machine that executes
# 10^9 of them in a second.
#
# pktgen injects on in0 what er0 sends by its legs, dummies, and on a leg what
# er0 receives and the host forwards to in0.
#
# ERC_BENCH_RUNS sets the repeats.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=${ERC_BENCH_RUNS:-20}
count=$((rate * (runs * 40 + 200) / 1000))

# measure MODE out|in|both
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
	ip -batch - <<-EOF
		link add leg1 up type dummy
		link add leg2 up type dummy
		addr add 169.254.10.1/30 dev leg1
		addr add 169.254.10.5/30 dev leg2
		link add er0 up type ercircuit wtr 0 primary leg1 via 169.254.10.2 secondary leg2 via 169.254.10.6
		route add 10.9.0.0/24 dev er0
	EOF
	# One CPU has to do all of it
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
