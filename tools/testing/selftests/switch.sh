#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Commands: the effect of each, the requests that override it, and that none
# loses a packet.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

netlink=$(dirname "${BASH_SOURCE[0]}")/netlink.py

# says REQUEST TEXT WORDS...: WORDS are refused with TEXT; request and legs stay
says()
{
	local active

	active=$(counter active)
	refused "Error: switch ${*: -1}: overridden by $2" erc set er0 "${@:3}"
	now "$1" "$active"
}

test_commands() { # each command sets its request, active leg and counter, in every interface
	edges_up
	circuit_up
	now NR primary
	erc set er0 switch forced
	now FS secondary
	expect_counter last_switch_reason command
	ip -n "$cust" link set er0 type ercircuit switch lockout
	now LO primary
	nsx "$cust" "$netlink" set er0 switch=u8:5
	now NR primary
	expect_counter switches_command 2
	erc set er0 switch manual-secondary
	now MS secondary
	erc set er0 switch clear
	now NR primary
	erc set er0 switch manual-primary
	now MS primary
	erc set er0 switch clear
	erc set er0 switch exercise
	now EXER primary
	erc set er0 switch clear
	now NR primary
	expect_counter switches_command 4
	# The first selection was automatic.
	expect_counter switches_auto 1
	expect_counter switches 5
	erc log er0 >"$scratch/log"
	grep ' er0 request NR -> FS reason command$' "$scratch/log"
	grep ' er0 switch primary -> secondary reason command$' "$scratch/log"
}

test_both() { # in active-active, a command restricts the active legs
	edges_up
	circuit_up er0 mode active-active
	now NR both
	erc set er0 switch forced
	now FS secondary
	erc set er0 switch lockout
	now LO primary
	erc set er0 switch clear
	now NR both
	erc set er0 switch manual-secondary
	now MS secondary
	erc set er0 switch clear
	erc set er0 switch exercise
	now EXER both
}

test_refused() { # if a request overrides a command, the refusal names that request
	edges_up
	circuit_up er0 wtr 300s
	erc set er0 switch forced
	says FS "forced switch (FS): use switch clear" switch manual-primary
	erc set er0 switch lockout
	says LO "lockout (LO): use switch clear" switch forced
	erc set er0 switch clear
	erc set er0 switch manual-secondary
	says MS "manual switch (MS): use switch clear" switch manual-primary
	says MS "manual switch (MS): use switch clear" switch exercise
	erc set er0 switch clear
	ip -n "$cust" link set leg1 down
	now SF secondary
	says SF "signal fail on primary (SF): mend it" switch manual-secondary
	ip -n "$cust" link set leg2 down
	now SF-P none
	says SF-P "signal fail on secondary (SF-P): mend it" switch forced
	ip -n "$cust" link set leg2 up
	busywait counter_is request SF
	ip -n "$cust" link set leg1 up
	busywait counter_is request WTR
	says WTR "wait to restore (WTR): use switch clear" switch exercise
	erc set er0 switch clear
	now NR primary
}

test_forgotten() { # an overridden command is not restored
	edges_up
	circuit_up
	erc set er0 switch forced
	ip -n "$cust" link set leg2 down
	now SF-P primary
	ip -n "$cust" link set leg2 up
	busywait counter_is request NR
	now NR primary
}

test_whole() { # a refused command refuses the whole request, including a new leg
	local before

	edges_up
	circuit_up er0 wtr 7s
	erc set er0 nosecondary
	ip -n "$cust" link add leg3 type dummy
	before=$(erc show er0 | sed -n 2p)
	says SF-P "signal fail on secondary (SF-P): mend it" \
		wtr 5s mode active-active switch forced
	# leg3 is down
	says SF-P "signal fail on secondary (SF-P): mend it" \
		secondary leg3 novia wtr 5s switch forced
	expect_eq circuit "$(erc show er0 | sed -n 2p)" "$before"
	[ ! -e "/run/sys-$cust/class/net/leg3/master" ] || fail "leg3 stayed"
	refused "switch manual-primary: overridden by signal fail" erc add er1 primary leg3 \
		switch manual-primary
	not ip -n "$cust" link show er1
	# The refusal considers the state after the request
	ip -n "$cust" link set leg3 up
	erc set er0 secondary leg3 novia wtr 5s switch forced
	now FS secondary
	expect_counter secondary/device leg3
}

test_action() { # a command is no setting: it is not printed
	need jq
	edges_up
	circuit_up er0 switch forced
	now FS secondary
	not grep -w -e switch -e forced <<<"$(ip -n "$cust" -d link show er0)"
	not grep -w -e switch -e forced <<<"$(erc show er0)"
	expect_eq JSON "$(erc -j show er0 |
		jq -c '.[0] | [.request, has("switch")]')" '["FS",false]'
}

test_lockout() { # under lockout, no packet uses the secondary, whatever fails
	edges_up
	circuit_up er0 hold-off 10s switch lockout
	reaches "$cust" 10.9.0.1
	ip -n "$cust" link set leg1 down
	not reaches "$cust" 10.9.0.1
	# No detour either while hold-off holds the defect
	now LO primary
	erc set er0 hold-off 0
	now LO none
	not reaches "$cust" 10.9.0.1
	expect_counter secondary/tx_packets 0
	expect_ge tx_no_leg "$(counter tx_no_leg)" 2
	erc set er0 switch clear
	now SF secondary
	reaches "$cust" 10.9.0.1
}

test_exercise() { # neither an exercise nor its end moves the traffic
	edges_up
	circuit_up er0 revertive off
	erc leg er0 primary fault down
	now SF secondary
	erc leg er0 primary fault none
	busywait counter_is request DNR
	erc set er0 switch exercise
	now EXER secondary
	erc set er0 switch clear
	now DNR secondary
	# The end of DNR moves it
	erc set er0 switch clear
	now NR primary
}

test_traffic() { # commands under traffic lose, duplicate and reorder no packet
	local i step steps=("forced secondary" "lockout primary" "clear primary"
		"manual-secondary secondary" "clear primary")

	edges_up
	circuit_up
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	flow_listen back "$cust"
	flow_start there "$cust" -d 600 -f 16 -r 20000 10.9.0.1
	flow_start back "$pe1" -d 600 -f 16 -r 20000 -S 10.9.0.1 10.1.0.1
	for i in 1 2 3 4 5; do
		# In quick succession, and then each one until it has taken
		# effect
		printf 'link set er0 type ercircuit switch %s\n' "${steps[@]% *}" |
			ipb "$cust"
		for step in "${steps[@]}"; do
			erc set er0 switch "${step% *}"
			busywait traffic_by "${step#* }"
		done
	done
	flow_stop there
	flow_stop back
	expect_eq received "$(($(flow_result one received) +
		$(flow_result two received)))" "$(flow_accepted there)"
	expect_eq "reordered on leg 1" "$(flow_result one reordered)" 0
	expect_eq "reordered on leg 2" "$(flow_result two reordered)" 0
	expect_eq "received back" "$(flow_result back received)" \
		"$(flow_accepted back)"
	expect_eq "lost back" "$(flow_result back lost)" 0
	expect_eq "reordered back" "$(flow_result back reordered)" 0
	expect_counter switches_command 40
	expect_ge "tx of secondary" "$(counter secondary/tx_packets)" 1
}

ktap_main
