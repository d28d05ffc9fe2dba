#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The file of a circuit: save, diff and apply.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# conf [LINE]...: write the lines to a file, and print its path
conf()
{
	printf '%s\n' "$@" >"$scratch/er0.conf"
	echo "$scratch/er0.conf"
}

# applies NAME [LINE]...: the circuit gets the options of the lines
applies()
{
	erc apply "$1" "$(conf "${@:2}")"
	same "$1"
}

# same NAME: nothing differs between the circuit and the file
same()
{
	expect_eq differences "$(erc diff "$1" "$scratch/er0.conf")" ""
}

# differs NAME TEXT: diff prints TEXT and exits with 1
differs()
{
	local out status=0

	out=$(erc diff "$1" "$scratch/er0.conf") || status=$?
	expect_eq status "$status" 1
	expect_eq differences "$out" "$2"
}

test_create() { # apply creates the circuit; the file has comments, and any number of options in a line
	dummies_up
	erc_load
	applies er0 "# a comment" "wtr 5s mode active-active # another one" "" \
		"	primary leg1" "secondary leg2 neigh off" "#"
	expect_counter primary/device leg1
	grep -q "mode active-active .*wtr 5s" <<<"$(erc show er0)"
	# An empty file is a circuit with the initial options
	applies er0
	expect_counter primary/state empty
	grep -q "noprimary nosecondary mode active-backup hash l3 revertive on wtr 300s" \
		<<<"$(erc show er0)"
}

# settings NAME: print all options and states, without the last switch, and without the
# difference between a slot that was always empty and one that the user has emptied
settings()
{
	erc -j show "$1" | sed 's/"last_switch.*//; s/"reason":"config"/"reason":"link"/g'
}

test_initial() { # apply of an empty file equals a new circuit, option by option
	local shown

	dummies_up
	erc_load
	erc add er0
	shown=$(settings er0)
	erc set er0 mode active-active hash l3l4 revertive off wtr 1s hold-off 1s \
		police off bandwidth 1gbit burst 1s sla 90 late on \
		key 01234567-89ab-cdef-0000-fedcba987654 peering private fail open \
		primary leg1 neigh off
	applies er0
	erc leg er0 primary neigh on
	expect_eq shown "$(settings er0)" "$shown"
}

test_changes() { # apply changes what differs, and diff says what that is
	dummies_up
	ipb "$cust" <<-EOF
		link add link leg1 name vlan1 up type vlan id 100
		link add link leg2 name vlan2 up type vlan id 100
		addr add 169.254.10.1/30 dev vlan1
	EOF
	erc_load
	erc add er0 wtr 1m bandwidth 1gbit primary vlan1 via 169.254.10.2 secondary vlan2
	conf "primary vlan1 via 169.254.10.2 bfd on" "secondary vlan2" "bandwidth 1gbit" \
		"model p2p" "police off" >/dev/null
	differs er0 "- primary vlan1 via 169.254.10.2 neigh on
+ primary vlan1 via 169.254.10.2 neigh on bfd on
- wtr 60s
+ wtr 300s
+ model p2p
- police on
+ police off"
	erc apply er0 "$scratch/er0.conf"
	same er0
	grep -q "police off" <<<"$(erc show er0)"
	expect_eq json "$(conf "primary vlan1 via 169.254.10.2 bfd on" "secondary vlan2" \
		"bandwidth 1gbit" "model p2p" "police off" "wtr 1s" >/dev/null; erc -j diff er0 "$scratch/er0.conf")" \
		'[{"option":"wtr","from":"wtr 300s","to":"wtr 1s"}]'
}

test_diff_new() { # diff with a circuit that does not exist prints all options, and creates none
	setup_ns cust
	erc_load
	conf "wtr 5s" "primary leg1 via 10.0.0.1" >/dev/null
	differs er0 "+ primary leg1 via 10.0.0.1 neigh on
+ mode active-backup
+ hash l3
+ revertive on
+ wtr 5s
+ hold-off 0s
+ police on"
	not ip -n "$cust" link show er0
}

test_saved() { # what save prints, apply takes: the same circuit
	local saved

	dummies_up
	erc_load
	erc add er2
	erc add er0 wtr 1500ms mode active-active late on bandwidth 1gbit reach er2 \
		key 01234567-89ab-cdef-0000-fedcba987654 provider-state provisioned \
		primary leg1 drain on secondary leg9 via 169.254.10.6 via fd00:11::2 bfd on \
		fail open sla 99.9
	saved=$(erc save er0)
	expect_eq header "${saved%%$'\n'*}" "# /etc/ercircuit/er0.conf"
	# A drain is no configuration
	not grep -q drain <<<"$saved"
	echo "$saved" >"$scratch/er0.conf"
	same er0
	ip -n "$cust" link del er0
	erc apply er0 - <"$scratch/er0.conf"
	same er0
	expect_eq "saved again" "$(erc save er0)" "$saved"
	grep -q "secondary leg9" <<<"$saved"
	# All circuits
	grep -qx "# /etc/ercircuit/er2.conf" <<<"$(erc save)"
	grep -q '"options":\["primary leg1 neigh on"' <<<"$(erc -j save er0)"
}

test_states() { # states that a person or the provider changes stay
	dummies_up
	erc_load
	applies er0 "key 01234567-89ab-cdef-0000-fedcba987654" "primary leg1"
	erc set er0 provider-state provisioning circuit-state disabled
	erc set er0 provider-state provisioned
	erc leg er0 primary drain on fault tx
	applies er0 "key 01234567-89ab-cdef-0000-fedcba987654" "primary leg1" "wtr 5s"
	grep -q "drain on fault tx .*provider-state provisioned circuit-state disabled" \
		<<<"$(erc show er0)"
	# The file may decide them, too
	applies er0 "key 01234567-89ab-cdef-0000-fedcba987654" "circuit-state enabled" \
		"primary leg1 drain off fault none"
	not grep -q "drain on" <<<"$(erc show er0)"
}

test_pairs() { # pairs are added and removed
	setup_ns cust
	erc_load
	erc add er1
	erc add er2
	erc add er3
	applies er0 "reach er2 reach er1"
	applies er0 "reach er1 reach er2"
	applies er0 "reach er3 reach er1"
	conf "reach er2" >/dev/null
	differs er0 "- reach er1 reach er3
+ reach er2"
	applies er0
	not grep -q reach <<<"$(erc show er0)"
}

test_wrong() { # a file that is wrong changes nothing, and the error names the line
	local shown

	dummies_up
	erc_load
	erc add er0 wtr 1s primary leg1
	shown=$(settings er0)
	refused "wtr: \"5\" has no unit: write 5ms or 5s" erc apply er0 "$(conf "" "wtr 5")"
	refused "er0.conf, line 2: mend it there" erc apply er0 "$(conf "" "wtr 5")"
	refused "er0.conf, line 3" erc apply er0 "$(conf "wtr 5s" "hash l3" "foo" "mode")"
	refused "er0.conf, line 1" erc apply er0 "$(conf "wtr 5s wtr 6s" "hash l3")"
	refused "er0.conf, line 2" erc apply er0 "$(conf "hash l3" "wtr")"
	refused "er0.conf, line 2" erc diff er0 "$(conf "hash l3" "active both")"
	refused ": switch and noreach are commands: leave them out" \
		erc apply er0 "$(conf "switch forced")"
	refused "No device leg9: create it" erc apply er0 "$(conf "wtr 2s" "primary leg9")"
	refused ": cannot open it: No such file" erc apply er0 "$scratch/missing"
	refused ": cannot read it: Is a directory" erc apply er0 "$scratch"
	refused "FILE is missing: name the file with the options of \"er0\"" erc apply er0
	refused "FILE is missing" erc diff er0
	refused "is the word of an option" erc apply wtr "$(conf)"
	refused "\"leg1\" is not a circuit" erc apply leg1 "$(conf)"
	refused ": more than 1024 words: one circuit has one file" erc apply er0 "$(conf "$(printf 'wtr %.0s' {1..1025})")"
	expect_eq shown "$(settings er0)" "$shown"
	# A circuit that is refused is not created
	refused "No device leg9" erc apply er1 "$(conf "primary leg9")"
	not ip -n "$cust" link show er1
	expect_eq status "$(erc diff er0 "$scratch/missing" 2>/dev/null || echo $?)" 2
}

# events: print the log without times, which are those of the reader's clock
events()
{
	erc log er0 | cut -d' ' -f2-
}

test_alive() { # apply loses no packet, ends no session and switches nothing that does not change
	local log

	edges_up
	circuit_up er0 wtr 0
	erc save er0 >"$scratch/er0.conf"
	flow_listen there "$pe1"
	flow_send "$cust" -n 20000 -r 10000 10.9.0.1 >"$scratch/sent" &
	log=$(events)
	while [ -n "$(jobs -r)" ]; do
		erc apply er0 "$scratch/er0.conf"
	done
	wait
	expect_eq received "$(flow_result there received)" "$(cat "$scratch/sent")"
	expect_eq log "$(events)" "$log"
	# A change of another option neither
	sed -i 's/^wtr .*/wtr 7s/' "$scratch/er0.conf"
	differs er0 "- wtr 0s
+ wtr 7s"
	erc apply er0 "$scratch/er0.conf"
	expect_eq log "$(events)" "$log"
}

test_altname() { # a circuit and its legs by alternative names
	local long=circuit-to-the-provider-in-the-cellar

	dummies_up
	erc_load
	erc add er0 primary leg1
	ip -n "$cust" link property add dev er0 altname "$long"
	ip -n "$cust" link property add dev leg1 altname leg-with-a-long-name-1
	applies "$long" "primary leg-with-a-long-name-1" "wtr 9s"
	grep -q "^er0: .*" <<<"$(erc show "$long")"
	grep -q "wtr 9s" <<<"$(erc show "$long")"
	erc leg "$long" primary drain on
	erc set "$long" noprimary
	erc add er1 reach "$long"
	grep -q "reach er0" <<<"$(erc show er1)"
	erc del "$long"
	not ip -n "$cust" link show er0
}

ktap_main
