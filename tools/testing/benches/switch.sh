#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Measure the time from the cause of a switch to the first packet on the other
# leg. Measure the same for a thousand circuits on VLANs of two ports, one of
# which loses its carrier. QEMU counts instructions here, so the guest executes
# 10^9 of them per second. Traffic is 100,000 packets/s: one every 10 us.
#
# pktgen injects packets on in0, which are forwarded. Legs and ports are dummies,
# whose carrier can be switched without a far end.
#
# ERC_BENCH_RUNS sets the number of switches, ERC_BENCH_COUNTS the number of
# circuits that share a port.

# shellcheck source=tools/testing/benches/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=${ERC_BENCH_RUNS:-1000}
circuits=${ERC_BENCH_COUNTS:-1000}
port_runs=5
trace=/sys/kernel/tracing

# --- one circuit -------------------------------------------------------------

switches()
{
	local kind out

	dummies_up
	inject in0 0 10.1.0.7 10.9.0.1 10.9.0.1
	for kind in carrier command fault; do
		say "$kind"
		out=$("$ERC_BENCH_BIN/switch" er0 leg1 leg2 $kind "$runs")
		echo "{\"part\": \"switch\", \"kind\": \"$kind\", $out}"
	done
	ip link del er0
	ip link del leg1
	ip link del leg2
}

# --- many, on two ports ------------------------------------------------------

# ports_lines: one circuit per VLAN, with a /30 on each leg and one destination
ports_lines()
{
	local i net

	for ((i = 1; i <= circuits; i++)); do
		net=$((i >> 6)).$((i % 64 * 4))
		cat <<-EOF
			link add a$i link port1 up type vlan id $i
			link add b$i link port2 up type vlan id $i
			addr add 172.16.${net%.*}.$((${net#*.} + 1))/30 dev a$i
			addr add 172.17.${net%.*}.$((${net#*.} + 1))/30 dev b$i
			link add er$i up type ercircuit wtr 0 primary a$i via 172.16.${net%.*}.$((${net#*.} + 2)) secondary b$i via 172.17.${net%.*}.$((${net#*.} + 2))
			route add 10.9.$((i >> 8)).$((i & 255))/32 dev er$i
		EOF
	done
}

# all_carry LEG: sysfs shows that LEG is active on each circuit
all_carry()
{
	[ "$(cat /sys/class/net/er*/ercircuit/active | grep -cx "$1")" = "$circuits" ]
}

# tracing: trace losses of carrier, switches of circuits and packets that enter port1
trace_up()
{
	echo 65536 >$trace/buffer_size_kb
	echo 'p:fell netif_carrier_off ifindex=dev->ifindex' >$trace/kprobe_events
	echo 'name == "port1"' >$trace/events/net/net_dev_start_xmit/filter
	echo 1 >$trace/events/kprobes/fell/enable
	echo 1 >$trace/events/ercircuit/ercircuit_switch/enable
	echo 1 >$trace/events/net/net_dev_start_xmit/enable
}

# trace_read IFINDEX: print from the trace, after port IFINDEX lost its carrier,
# the number of circuits that switched, the time of the last switch in us, and
# the number of late packets
trace_read()
{
	awk -v "port=ifindex=$1" '
		{ when = 0; for (i = 1; i <= NF && !when; i++)
			if ($i ~ /^[0-9]+\.[0-9]+:$/) when = $i + 0 }
		/ fell:/ && $NF == port	{ fell = when }
		!fell			{ next }
		/ ercircuit_switch:/	{ n++; last = when }
		/ net_dev_start_xmit:/	{ late++ }
		END { printf "circuits=%d last_us=%d late=%d\n", n,
			(last - fell) * 1e6, late }' $trace/trace
}

# sent_more NUMBER: port1 has sent more packets than NUMBER
sent_more()
{
	local number

	number port1 statistics/tx_packets
	[ "$number" -gt "$1" ]
}

# port_cut KIND RUN: port1 loses its carrier; KIND selects traffic on all circuits
# and another link that has just changed, or neither
port_cut()
{
	local number sent figures

	number port1 statistics/tx_packets
	sent=$number
	number port1 ifindex
	echo >$trace/trace
	if [ "$1" = traffic ]; then
		echo start >/proc/net/pktgen/pgctrl &
		within 5000 sent_more $((sent + 2 * circuits))
		echo 0 >/sys/class/net/other/carrier
	fi
	echo 0 >/sys/class/net/port1/carrier
	within 60000 all_carry secondary
	wait
	read -r -a figures < <(trace_read "$number")
	result part=port kind="$1" run="$2" "${figures[@]}"
	echo 1 >/sys/class/net/other/carrier
	echo 1 >/sys/class/net/port1/carrier
	within 60000 all_carry primary
	settle
}

# quiet_since MS: the kernel's link watch has been quiet for more than a second
quiet_since()
{
	local now

	now_ms now
	[ $((now - $1)) -gt 1100 ]
}

# The kernel's link watch reports a link at once only if it has reported none for a
# second; otherwise it reports a hundred per second
settle()
{
	local told

	echo 0 >/sys/class/net/other/carrier
	within 60000 grep -qx down /sys/class/net/other/operstate
	echo 1 >/sys/class/net/other/carrier
	within 60000 grep -qxv down /sys/class/net/other/operstate
	now_ms told
	within 5000 quiet_since "$told"
}

ports()
{
	local run kind

	sysctl -qw net.ipv4.neigh.default.gc_thresh3=8192 \
		net.ipv6.conf.default.disable_ipv6=1
	ip -batch - <<-EOF
		link add port1 up type dummy
		link add port2 up type dummy
		link add other up type dummy
	EOF
	modprobe 8021q
	say "$circuits circuits"
	ports_lines | ip -batch -
	within 60000 all_carry primary
	settle
	inject in0 $((rate / 2)) 10.1.0.7 10.9.0.1 "10.9.$((circuits >> 8)).$((circuits & 255))"
	trace_up
	for ((run = 1; run <= port_runs; run++)); do
		for kind in traffic idle; do
			port_cut $kind "$run"
		done
	done
}

insmod "$ERC_KO"
modprobe dummy numdummies=0
inject_up
switches
ports
inject_end
rmmod ercircuit
