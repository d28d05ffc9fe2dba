# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the benches.  tools/testing/bench runs a bench, which is a script, in
# a guest.  A bench prints each measurement as a line of JSON on stdout, and all
# other output on stderr.  report.py summarises the measurements.
#
# Environment, set by tools/testing/bench:
#	ERC_KO		ercircuit.ko of the running kernel
#	ERC_BENCH_BIN	folder of the compiled helpers
#	ERC_BENCH_PATH	folder of the ercircuit tool

set -euo pipefail

# shellcheck source=tools/testing/lib/wait.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/wait.sh"

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

# dummies_up: circuit er0 over two dummies, whose carrier can be switched without a
# far end
dummies_up()
{
	ip -batch - <<-EOF
		link add leg1 up type dummy
		link add leg2 up type dummy
		addr add 169.254.10.1/30 dev leg1
		addr add 169.254.10.5/30 dev leg2
		link add er0 up type ercircuit wtr 0 primary leg1 via 169.254.10.2 secondary leg2 via 169.254.10.6
		route add 10.9.0.0/24 dev er0
	EOF
}

# number DEV NAME: sets $number from sysfs, e.g. "leg1 ifindex", without a
# subshell, which costs more than the read.
number()
{
	# shellcheck disable=SC2034
	read -r number <"/sys/class/net/$1/$2"
}

# --- pktgen ------------------------------------------------------------------

# Packets that pktgen injects per second
rate=100000

# inject_up: create in0, where pktgen injects packets as if from a network behind it
inject_up()
{
	modprobe pktgen
	ip link add in0 type dummy
	ip addr add 10.1.0.1/24 dev in0
	ip link set in0 up
	sysctl -qw net.ipv4.ip_forward=1
}

# inject DEV COUNT SOURCE FIRST-DST LAST-DST: set up the packets that pktgen injects
# on DEV once it is started; COUNT 0 = until it is stopped
inject()
{
	local line number

	number "$1" address
	[ -e "/proc/net/pktgen/$1" ] ||
		echo "add_device $1" >/proc/net/pktgen/kpktgend_0
	for line in "xmit_mode netif_receive" "flag !SHARED" "pkt_size 64" \
		"count $2" "ratep $rate" "dst_mac $number" \
		"src_min $3" "src_max $3" "dst_min $4" "dst_max $5"; do
		echo "$line" >"/proc/net/pktgen/$1"
	done
}

inject_end()
{
	echo rem_device_all >/proc/net/pktgen/kpktgend_0
}
