#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The ercircuit tool watches a circuit: counters, log, monitor.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# counters_of_tool: print the counters, one "PATH VALUE" a line, without times,
# which change by themselves
counters_of_tool()
{
	# shellcheck disable=SC2016
	erc -j stats er0 | jq -r '.[0] | paths(type == "number") as $p |
		"\($p | join("/")) \(getpath($p))"' | grep -v '_ns ' | sort
}

counters_of_sysfs()
{
	(cd "$(ns_sys "$cust")/class/net/er0/ercircuit" &&
	 grep -rE '^[0-9]+$' .) |
		sed -E 's,^\./([^:]*):,\1 ,' | grep -v '_ns ' | sort
}

counters_of_ethtool()
{
	nsx "$cust" ethtool -S er0 | sed -nE \
		's,^ +((primary|secondary)_)?([a-z_]+): ([0-9]+)$,\2/\3 \4,p' |
		sed 's,^/,,' | grep -v '_ns ' | sort
}

counters_agree()
{
	counters_of_tool >"$scratch/tool"
	diff "$scratch/tool" <(counters_of_sysfs) &&
		diff "$scratch/tool" <(counters_of_ethtool)
}

test_stats() { # stats, sysfs and ethtool -S have the same counters
	topology_up
	circuit_up er0
	pings 7 "$cust" 10.9.0.1
	pings 3 "$cust" fd09::1
	# The kernel may send a multicast packet between the readings
	busywait counters_agree
	grep -x "primary/tx_packets 10" "$scratch/tool"
	grep -x "primary/rx_packets 10" "$scratch/tool"
	erc stats er0 | grep -E '^  tx_packets +10 +0$'
	erc stats er0 | grep -E '^  up_ns +[0-9]+ +[0-9]+$'
}

# fail_over: fail the primary leg and restore it
fail_over()
{
	ip -n "$pe1" link set c1 down
	busywait counter_is active secondary
	ip -n "$pe1" link set c1 up
	# Both next hops must answer; the kernel deleted the IPv6 address with
	# the link
	addr_add "$pe1" c1 fd00:10::2/64
	busywait counter_is active primary
}

test_log() { # log shows a failover with its reason and duration
	topology_up
	circuit_up er0 wtr 0
	fail_over
	erc log er0 | tee "$scratch/log"
	grep -E '^20[0-9-]+T[0-9:.]+[+-][0-9]+:[0-9]+ er0 leg primary up -> down reason link$' "$scratch/log"
	grep -E ' er0 leg primary down -> up reason [a-z]+ after [0-9]+\.[0-9]{6}s$' "$scratch/log"
	grep -F ' er0 request NR -> SF' "$scratch/log"
	grep -F ' er0 switch primary -> secondary reason link' "$scratch/log"
	expect_eq JSON "$(erc log -j er0 | jq -c '[.[] | select(.kind == "switch")] |
		last | [.from, .to, .reason]')" '["secondary","primary","revert"]'
	erc log -j er0 | jq -e '[.[] | select(.outage_ns)] | last |
		.outage_ns > 0 and .when_ns > .outage_ns'
}

test_log_clock() { # a clock that is set later does not move the past
	local log switch

	edges_up
	circuit_up er0 wtr 0
	log=$(erc log er0)
	switch=$(erc -j show er0 | jq -r '.[0].last_switch_time')
	expect_eq "the same event" "$(erc -j log er0 |
		jq -r '[.[] | select(.kind == "switch")] | last | .time')" "$switch"
	date -s "+1 hour"
	defer date -s "-1 hour"
	expect_eq log "$(erc log er0)" "$log"
	expect_eq switch "$(erc -j show er0 | jq -r '.[0].last_switch_time')" "$switch"
	# An event after the step has the new time
	erc leg er0 primary fault down
	now SF secondary
	expect_ge "seconds between two switches" "$(erc -j log er0 |
		jq -r '[.[] | select(.kind == "switch") | .time[0:19] + "Z" | fromdate] |
			.[-1] - .[-2]')" 3600
}

# kernel_said TEXT: is it in the kernel log?
kernel_said()
{
	grep -qF "$1" <<<"$(dmesg)"
}

# failure_said: let the primary leg fail and return; is it in the kernel log?  The kernel
# limits the rate of messages of all devices.
failure_said()
{
	erc leg er0 primary fault down
	erc leg er0 primary fault none
	kernel_said "er0: primary leg: up -> down (fault)" &&
		kernel_said "er0: active: primary -> secondary (fault)"
}

test_log_kernel() { # switches and failures of legs are in the kernel log
	edges_up
	circuit_up er0 wtr 0
	dmesg -c >/dev/null
	busywait failure_said
}

test_log_taken() { # a leg that the user takes away has not failed
	local failures

	edges_up
	circuit_up er0 wtr 0
	failures=$(counter primary/sf_events)
	ip -n "$cust" link set leg1 nomaster
	expect_counter primary/reason config
	expect_counter last_switch_reason config
	grep -q "er0 leg primary up -> empty reason config$" <<<"$(erc log er0)"
	expect_counter primary/sf_events "$failures"
	erc set er0 nosecondary
	expect_counter secondary/reason config
	ip -n "$cust" link set leg1 master er0
	expect_counter primary/state up
	# A device that vanishes is a failure
	ip -n "$cust" link del leg1
	expect_counter primary/reason link
	expect_counter primary/sf_events $((failures + 1))
}

# monitor_up ARGS...: start the monitor in the background and wait until it
# listens; sets monitor to its process ID
monitor_up()
{
	nsx "$cust" ercircuit monitor "$@" >"$scratch/monitor" &
	monitor=$!
	defer kill -9 "$monitor"
	busywait monitor_hears
}

monitor_hears()
{
	erc add probe0
	erc del probe0
	grep -q probe0 "$scratch/monitor"
}

# monitor_says TEXT: wait until the monitor has printed TEXT
monitor_says()
{
	busywait grep -e "$1" "$scratch/monitor"
}

test_monitor() { # monitor shows that circuits are created, changed, fail over and are deleted
	topology_up
	erc_load
	monitor_up
	circuit_up er0 wtr 0
	monitor_says ' er0 add .*leg1 via 169.254.10.2 '
	fail_over
	erc set er0 hold-off 5s
	monitor_says ' er0 config primary leg1 .* hold-off 5s'
	erc log er0 >"$scratch/log"
	erc del er0
	monitor_says ' er0 del $'
	# The monitor prints each entry of the log once and in order
	diff <(cut -d' ' -f2- "$scratch/log") \
		<(grep -E ' er0 (leg|switch|request) ' "$scratch/monitor" |
			cut -d' ' -f2-)
}

test_monitor_json() { # monitor -j prints one JSON object a line
	topology_up
	circuit_up er0 wtr 0
	monitor_up -j
	fail_over
	monitor_says '"revert"'
	jq -e -s '[.[] | select(.kind == "switch") | .to] ==
		["secondary", "primary"]' "$scratch/monitor"
	while read -r line; do
		jq -e .name <<<"$line"
	done <"$scratch/monitor"
}

test_monitor_overrun() { # monitor survives lost notifications and catches up
	local i

	topology_up
	circuit_up er0 wtr 0
	monitor_up
	kill -STOP "$monitor"
	# Many more messages than fit into the socket's buffer
	for ((i = 0; i < 400; i++)); do
		echo "link set er0 alias a$i"
	done >"$scratch/batch"
	ip -n "$cust" -batch "$scratch/batch"
	fail_over
	erc add er1
	kill -CONT "$monitor"
	monitor_says ' er1 add '
	grep -F ' er0 switch primary -> secondary reason link' "$scratch/monitor"
	grep -F ' er0 switch secondary -> primary reason revert' "$scratch/monitor"
	kill -0 "$monitor"
}

ktap_main
