#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tracepoints: each state change and each drop, at the time of the event, with
# names.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/example.sh
. "$(dirname "${BASH_SOURCE[0]}")/example.sh"

# trace_up: turn on all tracepoints of the module
trace_up()
{
	trace=$scratch/tracing
	mkdir -p "$trace"
	mount -t tracefs tracefs "$trace" || skip "no tracefs in this kernel"
	defer rmdir "$trace"
	defer umount "$trace"
	[ -e "$trace/events" ] || skip "no trace events in this kernel"
	[ -e "$trace/events/ercircuit" ] || fail "no trace events of ercircuit"
	echo >"$trace/trace"
	echo 1 >"$trace/events/ercircuit/enable"
	defer trace_off
}

trace_off()
{
	echo 0 >"$trace/events/ercircuit/enable"
}

# traced EVENT TEXT: wait until the event is in the trace
traced()
{
	busywait grep -E ": ercircuit_$1: $2\$" "$trace/trace" ||
		fail "traced: $(cat "$trace/trace")"
}

test_state() { # legs, switches and requests are traced as in the log
	edges_up
	circuit_up er0 wtr 0
	trace_up
	erc leg er0 primary fault down
	traced leg_state "dev=er0 leg=primary from=up to=down reason=fault"
	traced request "dev=er0 from=NR to=SF reason=none"
	traced switch "dev=er0 from=primary to=secondary reason=fault"
	erc leg er0 primary fault none
	traced leg_state "dev=er0 leg=primary from=down to=up reason=none"
	traced switch "dev=er0 from=secondary to=primary reason=revert"
	erc set er0 switch lockout
	traced request "dev=er0 from=NR to=LO reason=command"
	ip -n "$cust" link set leg2 down
	traced leg_state "dev=er0 leg=secondary from=(up|down) to=down reason=admin"
	# Each event occurs once
	expect_eq switches "$(grep -c ': ercircuit_switch:' "$trace/trace")" 2
}

test_bfd() { # a BFD session is traced with its diagnostic
	edges_up
	erc_load
	trace_up
	erc add er0 primary leg1 via 169.254.10.2 bfd on bfd-tx 50ms bfd-rx 50ms
	ip -n "$cust" link set er0 up
	ip -n "$pe1" link add ef up type ercircuit primary c1 \
		via 169.254.10.1 bfd on bfd-tx 50ms bfd-rx 50ms
	traced bfd "dev=er0 leg=primary from=(down|init) to=up reason=none"
	ip -n "$pe1" link set c1 type ercircuit_slave fault blackhole
	traced bfd "dev=er0 leg=primary from=up to=down reason=expired"
	traced leg_state "dev=er0 leg=primary from=up to=down reason=bfd"
}

test_drop() { # drops are traced with the names of their counters
	edges_up
	circuit_up er0 wtr 0
	reaches "$cust" 10.9.0.1
	trace_up
	erc leg er0 primary fault tx
	flow_send "$cust" -n 5 10.9.0.1
	traced drop "dev=er0 leg=primary counter=tx_fault"
	expect_eq drops "$(grep -c 'counter=tx_fault' "$trace/trace")" 5
	erc leg er0 primary fault none
	erc set er0 switch lockout
	ip -n "$cust" link set leg1 down
	flow_send "$cust" -n 1 10.9.0.1
	traced drop "dev=er0 leg=none counter=tx_no_leg"
	# With the tracepoints off, nothing is traced
	trace_off
	echo >"$trace/trace"
	flow_send "$cust" -n 5 10.9.0.1
	expect_eq lines "$(grep -c ': ercircuit_' "$trace/trace" || true)" 0
}

test_refused() { # a packet that the leg refuses on the short path is traced
	edges_up
	circuit_up er0
	reaches "$cust" 10.9.0.1
	nsx "$cust" tc qdisc add dev leg1 root tbf rate 8kbit burst 200 limit 200
	trace_up
	flow_send "$cust" -n 50 10.9.0.1
	traced drop "dev=er0 leg=primary counter=tx_error"
	expect_eq drops "$(grep -c 'counter=tx_error' "$trace/trace")" \
		"$(counter primary/tx_error)"
}

test_programs() { # trace-cmd and bpftrace work as documented
	need trace-cmd bpftrace
	[ -e /sys/kernel/btf/vmlinux ] || skip "no BPF in this kernel"
	edges_up
	circuit_up er0 wtr 0
	examples_run "$cust" "$" ercircuit.rst 3
}

ktap_main
