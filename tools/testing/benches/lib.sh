# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the benches.  A bench is a script that tools/testing/bench runs
# in a guest; each measurement is a line of JSON on stdout, which report.py
# sums up.  Everything else goes to stderr.
#
# Environment, set by tools/testing/bench:
#	ERC_KO		ercircuit.ko of the running kernel
#	ERC_BENCH_BIN	folder of the helpers that were compiled
#	ERC_BENCH_PATH	folder of the ercircuit tool

set -euo pipefail

PATH=${ERC_BENCH_PATH:-}:$PATH
export IP_LIB_DIR=${ERC_BENCH_PATH:-}

# result NAME=VALUE...: print one measurement; numbers stay numbers.
result()
{
	local pair json=

	for pair in "$@"; do
		json+="${json:+, }\"${pair%%=*}\": "
		if [[ ${pair#*=} =~ ^-?[0-9]+(\.[0-9]+)?$ ]]; then
			json+=${pair#*=}
		else
			json+="\"${pair#*=}\""
		fi
	done
	echo "{$json}"
}

say()
{
	echo "bench: $*" >&2
}

die()
{
	say "$*"
	exit 1
}

# now_ms: milliseconds of the monotonic clock.
now_ms()
{
	local up

	read -r up _ </proc/uptime
	up=${up/./}0
	echo $((10#$up))
}

# wait_for TIMEOUT_MS COMMAND [ARGS]...: poll COMMAND until it succeeds.
wait_for()
{
	local timeout=$1 start

	shift
	start=$(now_ms)
	until "$@" >/dev/null 2>&1; do
		[ $(($(now_ms) - start)) -le "$timeout" ] ||
			die "not within $timeout ms: $*"
		sleep .01
	done
}

# number DEV NAME: a number the kernel keeps of a device, e.g. "leg1 ifindex".
# Sets $number, as a subshell costs more than the reading.
number()
{
	# shellcheck disable=SC2034
	read -r number <"/sys/class/net/$1/$2"
}
