#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Availability: the states, the length of outages, and the figures that are
# computed from them.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=6f9619ff-8b86-d011-b42d-00cf4fc964ff
budget=1296000000000

# grows NAME: succeed if the counter increases. stays NAME: succeed if it does
# not.
grows()
{
	local was

	was=$(counter "$1")
	[ "$(counter "$1")" -gt "$was" ] || fail "$1 does not grow"
}

stays()
{
	local was

	was=$(counter "$1")
	expect_counter "$1" "$was"
}

# exceeds NAME VALUE: for busywait: the counter is larger than VALUE
exceeds()
{
	[ "$(counter "$1")" -gt "$2" ]
}

# only NAME: of the three times, this one grows and the others do not
only()
{
	local name

	for name in up_ns degraded_ns down_ns; do
		if [ "$name" = "$1" ]; then
			grows "$name"
		else
			stays "$name"
		fi
	done
}

test_states() { # the states are up, degraded, down, and not measured
	edges_up
	erc_load
	erc add er0 primary leg1 secondary leg2
	only none
	expect_counter availability_ppm 1000000
	expect_counter budget_ns "$budget"
	ip -n "$cust" link set er0 up
	busywait exceeds up_ns 0
	only up_ns
	ip -n "$cust" link set leg2 down
	only degraded_ns
	ip -n "$cust" link set leg1 down
	only down_ns
	expect_counter outages 1
	expect_eq longest "$(($(counter longest_outage_ns) <= $(counter down_ns)))" 1
	expect_eq budget "$(($(counter budget_ns) < budget))" 1
	ip -n "$cust" link set er0 down
	only none
	ip -n "$cust" link set leg1 up
	ip -n "$cust" link set er0 up
	busywait counter_is primary/state up
	only degraded_ns
	# The earlier outage is still counted
	expect_counter outages 1
	expect_eq "longest" "$(counter longest_outage_ns)" "$(counter down_ns)"
	expect_eq "budget" "$(counter budget_ns)" $((budget - $(counter down_ns)))
}

test_exact() { # the length of an outage agrees with the times in the log
	local began ended

	need jq
	edges_up
	circuit_up er0 wtr 0
	busywait counter_is primary/state up
	erc leg er0 secondary fault down
	erc leg er0 primary fault down
	busywait exceeds down_ns 300000000
	erc leg er0 primary fault none
	busywait counter_is primary/state up
	erc -j log er0 >"$scratch/log"
	began=$(jq '[.[] | select(.kind == "leg" and .leg == "primary" and
		.to == "down")][-1].when_ns' "$scratch/log")
	ended=$(jq '[.[] | select(.kind == "leg" and .leg == "primary" and
		.to == "up")][-1].when_ns' "$scratch/log")
	expect_counter outages 1
	# They agree within a millisecond: the log and the counter read the
	# clock one after the other
	expect_ge longest "$(counter longest_outage_ns)" $((ended - began - 1000000))
	expect_le longest "$(counter longest_outage_ns)" $((ended - began + 1000000))
	expect_counter down_ns "$(counter longest_outage_ns)"
}

test_contract() { # time with a closed contract counts as an outage
	edges_up
	circuit_up er0 key "$key"
	busywait counter_is primary/state up
	only down_ns
	erc set er0 provider-state provisioning
	only down_ns
	erc set er0 provider-state provisioned
	only up_ns
	erc set er0 circuit-state disabled
	only down_ns
	expect_counter outages 2
	erc set er0 circuit-state enabled
	only up_ns
}

test_lockout() { # under lockout, a failed primary is an outage: no leg replaces it
	edges_up
	circuit_up er0 wtr 0
	busywait counter_is primary/state up
	only up_ns
	erc set er0 switch lockout
	only degraded_ns
	expect_counter outages 0
	erc leg er0 primary fault down
	expect_counter active none
	only down_ns
	expect_counter outages 1
	erc set er0 switch clear
	only degraded_ns
	erc leg er0 primary fault none
	busywait counter_is active primary
	only up_ns
	expect_counter outages 1
}

test_held() { # a defect counts during hold-off, too; packets use the other leg if it works
	edges_up
	circuit_bare
	erc set er0 hold-off 10s
	busywait counter_is primary/state up
	ip -n "$cust" link set leg1 down
	only degraded_ns
	expect_counter active primary
	expect_counter outages 0
	ip -n "$cust" link set leg2 down
	only down_ns
	expect_counter outages 1
	ip -n "$cust" link set leg2 up
	only degraded_ns
	ip -n "$cust" link set leg1 up
	only up_ns
	expect_counter outages 1
}

test_held_bfd() { # a leg with an expired session keeps the packets during hold-off
	edges_up
	circuit_up er0 hold-off 10s
	busywait counter_is primary/state up
	only up_ns
	# No peer answers
	erc leg er0 primary bfd on
	busywait exceeds down_ns 0
	busywait counter_is active secondary
	only degraded_ns
	expect_counter outages 1
}

test_fault() { # packets that an injected fault discards count as an outage
	local fault

	edges_up
	circuit_bare
	busywait counter_is primary/state up
	for fault in blackhole tx; do
		erc leg er0 secondary fault "$fault"
		only degraded_ns
		erc leg er0 primary fault "$fault"
		only down_ns
		erc leg er0 secondary fault none
		# The circuit does not detect the fault: it keeps the primary
		# active
		only down_ns
		erc set er0 switch forced
		only degraded_ns
		erc set er0 switch clear
		erc leg er0 primary fault none
		only up_ns
	done
	expect_counter outages 4
	# With this fault, packets are sent
	erc leg er0 primary fault rx
	only up_ns
}

test_both() { # in active-active, one failed leg means degraded
	edges_up
	circuit_bare
	erc set er0 mode active-active hold-off 10s
	busywait counter_is active both
	only up_ns
	erc leg er0 secondary fault blackhole
	only degraded_ns
	erc leg er0 primary fault blackhole
	only down_ns
	erc leg er0 secondary fault none
	only degraded_ns
}

test_drain() { # a drained leg is usable: it becomes active if the other leg fails
	edges_up
	circuit_up er0
	busywait counter_is primary/state up
	erc leg er0 primary drain on
	only up_ns
}

test_budget() { # the budget is the downtime in 30 days that sla permits
	edges_up
	circuit_up er0
	expect_counter outages 0
	expect_counter budget_ns "$budget"
	erc set er0 sla 99.9
	expect_counter budget_ns $((2 * budget))
	erc set er0 sla 100
	expect_counter budget_ns 0
}

test_sla() { # ercircuit sla prints a table, and JSON
	need jq
	edges_up
	circuit_up er0
	busywait counter_is primary/state up
	erc sla er0 | tee "$scratch/sla"
	grep '^er0: available 100.0000% of .*, promised 99.95%$' "$scratch/sla"
	grep '^    primary   up up ' "$scratch/sla"
	grep '^    secondary up up ' "$scratch/sla"
	grep -F '    30 days   [.............................=]' "$scratch/sla"
	grep '^    outages   0, the longest 0.000s, degraded 0.000s$' "$scratch/sla"
	grep '^    budget    21m36s in 30 days, 21m36s left, 0% used$' "$scratch/sla"
	not grep 'not valid' "$scratch/sla"
	ip -n "$cust" link set leg2 nomaster
	erc sla er0 | tee "$scratch/sla"
	grep '^    secondary empty ' "$scratch/sla"
	grep -F '    30 days   [.............................-]' "$scratch/sla"
	grep '^    not valid: one leg is not configured$' "$scratch/sla"
	ip -n "$cust" link set leg1 nomaster
	erc sla er0 | tee "$scratch/sla"
	grep -F '    30 days   [.............................X]' "$scratch/sla"
	grep '^    not valid: no leg is configured$' "$scratch/sla"
	grep '^    outages   1, ' "$scratch/sla"
	erc -j sla er0 >"$scratch/json"
	jq -e '.[0] | .valid == false and .sla == 99.95 and .outages == 1 and
		.allowed_ns == 1296000000000 and (.days | length) == 30 and
		.days[29].down_ns > 0 and .days[0].up_ns == 0 and
		.secondary.state == "empty" and .primary.up_ns > 0' "$scratch/json"
	# Today equals the total, as no other day was recorded
	jq -e '.[0] | .days[29].up_ns == .up_ns and
		.days[29].degraded_ns == .degraded_ns' "$scratch/json"
}

ktap_main
