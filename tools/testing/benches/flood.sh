#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A session at 10 ms x 3 under a flood of BFD packets that are valid except for the
# discriminator: 100,000 per second, and then as many as the sender can. QEMU
# counts instructions here, so the guest, with the sender, executes 10^9 of them
# per second.
#
# ERC_BENCH_SECONDS sets the duration of the first part (20).

# shellcheck source=tools/testing/selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../selftests/lib.sh"

PATH=$ERC_BENCH_PATH:$PATH
export IP_LIB_DIR=$ERC_BENCH_PATH
send=$(dirname "${BASH_SOURCE[0]}")/../selftests/bfd_packet.py
timers="bfd on bfd-tx 10ms bfd-rx 10ms"
counts=(bfd_rx bfd_tx bfd_bad bfd_missed bfd_down_events)
declare -A before more

# counted: sets more[NAME] to the growth of each counter since the last call
counted()
{
	local name value

	for name in "${counts[@]}"; do
		value=$(counter "primary/$name")
		more[$name]=$((value - ${before[$name]:-0}))
		before[$name]=$value
	done
}

# flood KIND COUNT [RATE]: send a flood and print the growth of the counters
flood()
{
	local sent ms lines

	lines=$(dmesg | wc -l)
	counted
	read -r sent ms < <(nsx "$pe1" "$send" c1 "$mac" 169.254.10.2 \
		169.254.10.1 flood "${@:2}")
	counted
	echo "{\"part\": \"flood\", \"kind\": \"$1\", \"sent\": $sent," \
		"\"ms\": $ms, \"refused\": ${more[bfd_bad]}," \
		"\"rx\": ${more[bfd_rx]}, \"tx\": ${more[bfd_tx]}," \
		"\"missed\": ${more[bfd_missed]}," \
		"\"down\": ${more[bfd_down_events]}," \
		"\"log\": $(($(dmesg | wc -l) - lines))}"
}

main()
{
	local mac seconds=${ERC_BENCH_SECONDS:-20}

	wires_up
	erc_load
	# shellcheck disable=SC2086
	erc add er0 primary leg1 via 169.254.10.2 $timers
	ip -n "$cust" link set er0 up
	# shellcheck disable=SC2086
	nsx "$pe1" ercircuit add peer primary c1 via 169.254.10.1 $timers
	ip -n "$pe1" link set peer up
	busywait counter_is primary/bfd_state up
	mac=$(net_file "$cust" leg1/address)
	# The kernel logs a message when a program first uses random numbers
	nsx "$pe1" "$send" c1 "$mac" 169.254.10.2 169.254.10.1
	flood paced $((seconds * 100000)) 100000
	flood full $((seconds * 100000))
}

main
