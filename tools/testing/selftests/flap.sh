#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A flapping leg: the circuit switches only as the settings allow, sends few
# messages, and counts every failure.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

flaps=1000

flaps_up()
{
	local i

	dummies_up
	erc_load
	ipb "$cust" <<-EOF
		$bare_lines
		link set er0 up
	EOF
	for ((i = 0; i < flaps; i++)); do
		echo "link set leg1 down"
		echo "link set leg1 up"
	done >"$scratch/flaps"
}

# messages: print the number of messages about er0 that the monitor has received
messages()
{
	grep -c '^[0-9]*: er0: ' "$scratch/monitor" || true
}

# mark N: wait until the monitor has received all earlier messages
mark()
{
	ip -n "$cust" link set er0 group "$1"
	grep -q " group $1 " "$scratch/monitor"
}

# flap_all N NAME: flap leg1; print the time that it took and the number of
# messages
flap_all()
{
	local start was

	busywait mark "$1"
	was=$(messages)
	now_ms start
	ip -n "$cust" -batch "$scratch/flaps"
	now_ms now
	took=$((now - start))
	told=$(($(messages) - was))
	echo "$2: $flaps flaps in $took ms, $told messages"
}

# few_messages: one message at the begin, ten a second, and one at the end
few_messages()
{
	expect_le "messages" "$told" $((took / 100 + 2))
}

test_flaps() { # hold-off, wait to restore and neither, with 1000 flaps each
	local was failed

	flaps_up
	ip -n "$cust" -o monitor link >"$scratch/monitor" &
	defer kill -9 $!
	erc set er0 hold-off 10s wtr 300s
	was=$(counter switches)
	flap_all 1001 "held off"
	# If the flaps take longer than the hold-off, the leg may be down at its
	# end
	if [ "$took" -lt 10000 ]; then
		expect_counter primary/sf_events 0
		expect_counter switches "$was"
		expect_le "messages" "$told" 1
	fi
	erc set er0 hold-off 0
	failed=$(counter primary/sf_events)
	expect_le sf_events "$failed" $((took / 10000))
	flap_all 1002 "waiting to restore"
	few_messages
	expect_counter primary/sf_events $((failed + flaps))
	expect_counter switches $((was + 1))
	expect_counter request WTR
	erc set er0 wtr 0
	expect_counter active primary
	flap_all 1003 neither
	few_messages
	expect_ge "messages" "$told" 1
	expect_counter primary/sf_events $((failed + 2 * flaps))
	expect_counter switches $((was + 2 + 2 * flaps))
	expect_eq "entries of the log" "$(erc log er0 | wc -l)" 64
}

ktap_main
