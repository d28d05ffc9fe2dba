#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Our plugin for the stock ip: every option in both directions, bad options,
# legs.
. "$(dirname "${BASH_SOURCE[0]}")/options.sh"

door_add()
{
	ip -n "$cust" link add "$1" type ercircuit "${@:2}"
}

door_set()
{
	ip -n "$cust" link set "$1" type ercircuit "${@:2}"
}

test_read_back() { # ip shows every option that ip set, as text and as JSON
	options_read_back
}

test_round_trip() { # the printed options, given again, create the same circuit
	options_round_trip
}

test_bad_words() { # a refusal names the bad option, creates and changes nothing
	options_bad_words
}

test_kernel_refuses() { # the kernel's message is shown
	options_kernel_refuses
}

slave_words()
{
	printed ercircuit_slave "$1"
}

test_slave() { # ip sets and shows options of a leg by its device, and shows its slot and state
	local json

	devices_up
	door_add er0 secondary eth2
	ip -n "$cust" link set eth2 type ercircuit_slave \
		via 169.254.12.2 via fd00:12::2 neigh off
	expect_eq "the leg" "$(slave_words eth2)" \
		"via 169.254.12.2 via fd00:12::2 neigh off"
	json=$(ip -n "$cust" -d -j link show eth2)
	has "$json" '"via":["169.254.12.2","fd00:12::2"],"neigh":false'
	has "$json" '"slot":"secondary","state":"up","reason":"none"'
	has "$(ip -n "$cust" -d link show eth2)" \
		"state: slot secondary state up reason none "
	ip -n "$cust" link set eth2 type ercircuit_slave novia via 169.254.12.2
	expect_eq "the leg" "$(slave_words eth2)" "via 169.254.12.2 neigh off"
}

test_slave_bad_words() { # a bad option of a leg changes nothing
	local words

	devices_up
	door_add er0 primary eth1 via 169.254.11.2
	while read -ra words; do
		echo "${words[*]}"
		refused "Error: " ip -n "$cust" link set eth1 \
			type ercircuit_slave "${words[@]}"
	done <<-EOF
		foo
		novia wtr 5s
		novia via
		novia via x
		novia neigh 2
		novia device eth2
		novia state up
	EOF
	expect_eq "the leg" "$(slave_words eth1)" "via 169.254.11.2 neigh on"
	refused "must be on the leg's subnet" ip -n "$cust" link set eth1 \
		type ercircuit_slave via 10.0.0.1
}

test_state() { # the state is printed apart from the options
	local json

	devices_up
	door_add er0 primary eth1
	ip -n "$cust" link set er0 up
	has "$(ip -n "$cust" -d link show er0)" \
		"    state: primary state up reason none secondary state empty "
	json=$(ip -n "$cust" -d -j link show er0)
	has "$json" '"state":"up","reason":"none"'
	has "$json" '"state":"empty"'
	has "$json" '"active":"primary","request":"SF-P",'
	[[ $json =~ '"last_switch_ns":'[1-9] ]]
}

test_help() { # ip link help names every option
	local word

	{
		ip link help ercircuit
		ip link help ercircuit_slave
	} >"$scratch/help" 2>&1
	for word in primary secondary noprimary nosecondary mode hash \
		revertive wtr hold-off via novia neigh; do
		grep -q "\[ $word" "$scratch/help"
	done
	not grep -q "\[ active" "$scratch/help"
}

test_xstats() { # ip link xstats shows the same as ercircuit stats
	local filter='del(.. | .up_ns?, .down_ns?, .degraded_ns?)'

	devices_up
	door_add er0 primary eth1
	door_add er1 primary eth2
	ip -n "$cust" link set er0 up
	ip -n "$cust" link xstats type ercircuit | grep -c tx_bytes | grep -x 2
	expect_eq counters "$(ip -n "$cust" -j link xstats type ercircuit dev er0 |
		jq -cS ".[0] | $filter")" \
		"$(erc -j stats er0 | jq -cS ".[0] | $filter")"
	refused '"er0" is not an option here: give "dev NAME" or nothing' \
		ip -n "$cust" link xstats type ercircuit er0
	refused 'there is no device "eth9": "ip link" lists them' ip -n "$cust" link xstats type ercircuit dev eth9
}

ktap_main
