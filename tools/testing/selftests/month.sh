#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Availability over 31 days. The values must equal those computed by hand, to
# the nanosecond. Needs a guest with a simulated clock.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

at=$(dirname "${BASH_SOURCE[0]}")/at.py
key=6f9619ff-8b86-d011-b42d-00cf4fc964ff

need_time_travel()
{
	grep -q time-travel=inf-cpu /proc/cmdline ||
		skip "this guest has no simulated clock"
}

# quiet: turn off periodic work of the kernel
quiet()
{
	sysctl -qw kernel.hung_task_timeout_secs=0 \
		net.netfilter.nf_conntrack_buckets=512
	printf 2000000000 | tee /proc/sys/net/ipv[46]/neigh/default/{interval_probe,base_reachable}_time_ms
}

# month_up: create legs that send no probes, as a month has many seconds
month_up()
{
	need_time_travel
	quiet
	erc_load
	setup_ns cust
	# shellcheck disable=SC2154
	ipb "$cust" <<-EOF
		link add leg1 up type dummy
		link add leg2 up type dummy
	EOF
}

# "fault down" and "fault none"
readonly fail="fault=u8:4" mend="fault=u8:0"

# at_times HOUR: run the schedule on stdin, and print er0's counters at each
# "read"
at_times()
{
	local shown="/run/sys-$cust/class/net/er0/ercircuit up_ns degraded_ns"

	shown+=" down_ns outages longest_outage_ns availability_ppm budget_ns"
	sed "s|read\$|read $shown|" | nsx "$cust" "$at" "$1"
}

# flaps DAY: print five outages of one second, ten seconds apart
flaps()
{
	local i second

	echo "$1 00:00:00 slave leg2 $fail"
	for ((i = 0; i < 5; i++)); do
		for second in 5:"$fail" 6:"$mend"; do
			TZ=UTC printf "$1 %(%T)T slave leg1 %s\n" \
				$((i * 10 + ${second%%:*})) "${second#*:}"
		done
	done
	echo "$1 00:16:40 slave leg2 $mend"
}

# schedule: print the schedule. No time is counted during a "read", as reading
# takes time, too.
schedule()
{
	cat <<-EOF
		0 00:00:00 up er0
		1 00:59:50 slave leg1 $fail
		1 00:59:55 slave leg2 $fail
		1 01:00:05 slave leg2 $mend
		1 01:00:10 slave leg1 $mend
		1 02:00:00 down er0
		1 02:00:01 read
		1 03:00:00 up er0
		3 12:00:00 slave leg2 $fail
		3 13:00:00 slave leg2 $mend
		7 09:00:00 set er0 circuit-state=u8:1
		7 09:02:00 set er0 circuit-state=u8:0
		10 00:00:00 down er0
		10 02:00:00 up er0
		12 23:55:00 set er0 primary[ $fail ] secondary[ $fail ]
		13 00:05:00 set er0 primary[ $mend ] secondary[ $mend ]
		$(flaps 20)
		30 22:00:00 down er0
		30 23:59:59 read
		31 00:00:00 read
		31 01:00:00 read
	EOF
}

# In seconds, from the schedule above:
#
#	day 0	86400 and until 2:00 of day 1, minus 20
#	day 1	5 degraded, 10 down over the full hour, 5 degraded; 3600 not measured
#	day 3	3600 degraded
#	day 7	120 down, by the contract
#	day 10	7200 not measured
#	day 12	600 down over midnight, the longest
#	day 20	5 outages of 1 in 1000 in which one leg is there
#	day 30	until 22:00: 2671200, of which 10800 were not measured
#
# The last 30 days are 720 hours, including the current one. The permitted
# 0.05 % are 1296. On day 31, 5 of day 1 leave the 30 days at 0:00, and 5 more at
# 1:00.
by_hand()
{
	cat <<-EOF
		1 02:00:01
		up_ns 93580000000000
		degraded_ns 10000000000
		down_ns 10000000000
		outages 1
		longest_outage_ns 10000000000
		availability_ppm 999893
		budget_ns 1286000000000
	EOF
	by_hand_later "30 23:59:59" 561000000000
	by_hand_later "31 00:00:00" 566000000000
	by_hand_later "31 01:00:00" 571000000000
}

by_hand_later()
{
	cat <<-EOF
		$1
		up_ns 2655060000000000
		degraded_ns 4605000000000
		down_ns 735000000000
		outages 8
		longest_outage_ns 600000000000
		availability_ppm 999723
		budget_ns $2
	EOF
}

# first: print the day and two hours up to the first read; "make soak" runs the
# whole month
if [ -n "${ERC_SOAK:-}" ]; then
	first() { cat; }
else
	first() { sed '/^1 02:00:01/q'; }
	by_hand_later() { :; }
fi

# month: run the schedule with a new circuit, from a full hour on
month()
{
	local now

	erc add er0 primary leg1 secondary leg2 wtr 0 key "$key" \
		provider-state provisioned
	now_ms now
	schedule | first | at_times $((now / 3600000 + 2)) >"$scratch/read"
	erc del er0 --force
	diff -u <(by_hand) "$scratch/read"
}

test_month() { # outages of a day or a month are counted to the nanosecond
	month_up
	# If a program reads the clock in the moment of an outage, the clock
	# moves by 256 ns, the cost of a read. This happens in about one outage
	# of a hundred.
	month || month || month
}

ktap_main
