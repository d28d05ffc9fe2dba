#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Create, fill and delete many circuits, and as many bonds. The bench measures
# two values per device: the CPU time of tasks, minus that of an empty "ip
# -batch" (with one CPU and -icount, 1 us is 1000 instructions); and the
# kernel's memory, which is too coarse for fewer than 64 devices. The legs are
# dummies that exist beforehand.
#
# ERC_BENCH_COUNTS sets the numbers of devices.

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

# used_kb: sets $used to the kernel's memory in slabs, stacks and per-CPU areas;
# MemFree would include the page cache
used_kb()
{
	local word kb

	echo 3 >/proc/sys/vm/drop_caches
	used=0
	while read -r word kb _; do
		case $word in
		Slab:|KernelStack:|Percpu:) used=$((used + kb)) ;;
		esac
	done </proc/meminfo
}

# batch FILE: run a batch; sets $spent, in ns
batch()
{
	local busy start

	clock
	start=$busy
	ip -batch "$1"
	clock
	spent=$((busy - start))
}

# step FILE: run a batch and compute its time per device; sets $us
step()
{
	local spent nothing

	# The first run loads the program into memory
	batch /dev/null
	batch /dev/null
	nothing=$spent
	batch "$1"
	us=$(((spent - nothing) / n / 1000))
}

# batches KIND: write the files of the steps for $n devices
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

legs_add()
{
	local i

	for ((i = 1; i <= n; i++)); do
		printf 'link add %s group 1 type dummy\n' "a$i" "b$i"
	done | ip -batch -
}

# Use one batch, as each single deletion would wait for a grace period
legs_del()
{
	ip link del group 1
}

measure()
{
	local used before created filled us create fill

	batches "$1"
	used_kb; before=$used
	step /tmp/create; create=$us
	used_kb; created=$used
	step /tmp/fill; fill=$us
	used_kb; filled=$used
	step /tmp/delete
	result part=scale kind="$1" count="$n" \
		create_us="$create" fill_us="$fill" delete_us="$us" \
		empty_kb=$(((created - before) / n)) \
		full_kb=$(((filled - before) / n))
}

main()
{
	local n kind

	insmod "$ERC_KO"
	modprobe dummy numdummies=0
	modprobe bonding max_bonds=0
	# The first device of each kind allocates caches that later ones share
	n=1
	legs_add
	for kind in bond er0; do
		measure $kind >/dev/null
	done
	legs_del
	for n in $counts; do
		legs_add
		for kind in bond er0; do
			measure $kind
		done
		legs_del
	done
	rmmod ercircuit
}

main
