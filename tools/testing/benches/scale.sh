#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Create, fill and delete many circuits, and as many bonds: per device, the
# time that tasks kept the CPU busy (one CPU and -icount: 1 us = 1000
# instructions), less what an empty "ip -batch" takes, and the memory that went
# from MemFree, which is too coarse to tell for less than 64.  Legs are
# dummies made beforehand.
#
# ERC_BENCH_COUNTS sets how many.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

counts=${ERC_BENCH_COUNTS:-1 64 1024 4096}

# clock: sets $busy, in ns
clock()
{
	local line

	busy=0
	while read -r -a line; do
		[[ ${line[0]} != cpu[0-9]* ]] || busy=$((busy + line[7]))
	done </proc/schedstat
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

# batch FILE: run it; sets $spent, in ns
batch()
{
	local busy start

	clock
	start=$busy
	ip -batch "$1"
	clock
	spent=$((busy - start))
}

# step FILE: run a batch; sets $us, per device
step()
{
	local spent nothing

	batch /dev/null
	nothing=$spent
	batch "$1"
	us=$(((spent - nothing) / n / 1000))
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
	local free before created filled us create fill

	batches "$1"
	free_kb; before=$free
	step /tmp/create; create=$us
	free_kb; created=$free
	step /tmp/fill; fill=$us
	free_kb; filled=$free
	step /tmp/delete
	result part=scale kind="$1" count="$n" \
		create_us="$create" fill_us="$fill" delete_us="$us" \
		empty_kb=$(((before - created) / n)) \
		full_kb=$(((before - filled) / n))
}

main()
{
	local n kind

	insmod "$ERC_KO"
	modprobe dummy numdummies=0
	modprobe bonding max_bonds=0
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
