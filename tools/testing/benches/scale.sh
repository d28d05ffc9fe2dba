#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Create, fill and delete many circuits, and as many bonds: per device, the
# time the CPU was busy (with one CPU and -icount, 1 us = 1000 instructions),
# the time that passed, which is mostly waiting for grace periods, and the
# memory that went from MemFree.  Legs are dummies made beforehand.
#
# ERC_BENCH_COUNTS sets how many.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

counts=${ERC_BENCH_COUNTS:-1 64 1024 4096}

# clocks: sets $busy and $elapsed, in ns
clocks()
{
	local line up

	busy=0
	while read -r -a line; do
		[[ ${line[0]} != cpu[0-9]* ]] || busy=$((busy + line[7]))
	done </proc/schedstat
	read -r up _ </proc/uptime
	up=${up/./}
	elapsed=$((10#$up * 10000000))
}

# free_kb: sets $free, once what is freed late has been freed
free_kb()
{
	local word

	echo 3 >/proc/sys/vm/drop_caches
	while read -r word free _; do
		[ "$word" != MemFree: ] || return 0
	done </proc/meminfo
}

# step NAME FILE: run a batch; sets NAME_busy and NAME_elapsed, per device
step()
{
	local busy elapsed busy0 elapsed0

	clocks
	busy0=$busy elapsed0=$elapsed
	ip -batch "$2"
	clocks
	printf -v "$1_busy" '%s' $(((busy - busy0) / n / 1000))
	printf -v "$1_elapsed" '%s' $(((elapsed - elapsed0) / n / 1000))
}

# batches KIND: the files of the steps for $n devices
batches()
{
	local i type=ercircuit

	[ "$1" = er0 ] || type="bond mode active-backup miimon 100"
	for ((i = 1; i <= n; i++)); do
		echo "link add m$i type $type" >&3
		echo "link set a$i master m$i" >&4
		echo "link set b$i master m$i" >&4
		echo "link del m$i" >&5
	done 3>/tmp/create 4>/tmp/fill 5>/tmp/delete
}

legs()
{
	local i

	for ((i = 1; i <= n; i++)); do
		printf "$1"' %s\n' "a$i${2:+ $2}" "b$i${2:+ $2}"
	done | ip -batch -
}

measure()
{
	local free before created filled
	local create_busy create_elapsed fill_busy fill_elapsed
	local delete_busy delete_elapsed

	batches "$1"
	free_kb; before=$free
	step create /tmp/create
	free_kb; created=$free
	step fill /tmp/fill
	free_kb; filled=$free
	step delete /tmp/delete
	result part=scale kind="$1" count="$n" \
		create_us="$create_busy" fill_us="$fill_busy" \
		delete_us="$delete_busy" create_elapsed_us="$create_elapsed" \
		fill_elapsed_us="$fill_elapsed" \
		delete_elapsed_us="$delete_elapsed" \
		empty_kb=$(((before - created) / n)) \
		full_kb=$(((before - filled) / n))
}

main()
{
	local n kind

	insmod "$ERC_KO"
	modprobe dummy numdummies=0
	modprobe bonding max_bonds=0
	sysctl -qw net.ipv6.conf.default.disable_ipv6=0
	# The first of each kind pays for caches that the others find
	n=1
	legs 'link add' 'type dummy'
	for kind in bond er0; do
		measure $kind >/dev/null
	done
	legs 'link del'
	for n in $counts; do
		legs 'link add' 'type dummy'
		for kind in bond er0; do
			measure $kind
		done
		legs 'link del'
	done
	rmmod ercircuit
}

main
