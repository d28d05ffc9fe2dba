# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tool.sh and plugin.sh have in common: the same words go in by either
# door, and come out by both.  The script that reads this file defines
#
#	door_add NAME OPTS...	make a circuit
#	door_set NAME OPTS...	change it
#
# both in namespace $cust, where devices_up has put eth1 and eth2.

# shellcheck source=tools/testing/selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

devices_up()
{
	local i

	setup_ns cust
	erc_load
	for i in 1 2; do
		veth_pair "$cust" "eth$i" "$cust" "far$i"
		addr_add "$cust" "eth$i" "169.254.1$i.1/30" "fd00:1$i::1/64"
		addr_add "$cust" "far$i" "169.254.1$i.2/30" "fd00:1$i::2/64"
	done
}

# ip_words NAME: the options of a circuit as "ip -d link show" prints them
ip_words()
{
	ip -n "$cust" -o -d link show "$1" |
		sed -E 's/.*\\    ercircuit ([^\\]*[^\\ ]) *\\.*/\1/'
}

# tool_words NAME: as "ercircuit show" prints them
tool_words()
{
	erc show "$1" | sed -n '2{s/^ *//;s/ *$//;p}'
}

# ip_json NAME FILTER, tool_json NAME FILTER: a value of the JSON
ip_json()
{
	ip -n "$cust" -d -j link show "$1" |
		jq -c ".[0].linkinfo.info_data | $2"
}

tool_json()
{
	erc show -j "$1" | jq -c ".[0] | $2"
}

# Words to type behind a circuit's name, those printed, where in the JSON, what
options()
{
	cat <<EOF
mode active-active|mode active-active|.mode|"active-active"
mode active-backup|mode active-backup|.mode|"active-backup"
hash l3l4|hash l3l4|.hash|"l3l4"
hash l3|hash l3|.hash|"l3"
revertive off|revertive off|.revertive|false
revertive on|revertive on|.revertive|true
wtr 0|wtr 0s|.wtr|0
wtr 1500|wtr 1500ms|.wtr|1500
wtr 250ms|wtr 250ms|.wtr|250
wtr 720s|wtr 720s|.wtr|720000
wtr 2000000us|wtr 2s|.wtr|2000
wtr 3000000ns|wtr 3ms|.wtr|3
hold-off 10s|hold-off 10s|."hold-off"|10000
hold-off 20|hold-off 20ms|."hold-off"|20
primary eth1|primary eth1 neigh on|.primary.device|"eth1"
primary eth1 neigh off|primary eth1 neigh off|.primary.neigh|false
primary eth1 via 169.254.11.2|primary eth1 via 169.254.11.2 neigh off|.primary.via|["169.254.11.2"]
primary eth1 via fd00:11::2|via 169.254.11.2 via fd00:11::2 neigh|.primary.via|["169.254.11.2","fd00:11::2"]
primary eth1 novia|primary eth1 neigh off|.primary.via|[]
primary eth1 novia via fd00:11::3 neigh on|primary eth1 via fd00:11::3 neigh on|.primary.via|["fd00:11::3"]
secondary eth2 via fd00:12::2 via 169.254.12.2|secondary eth2 via 169.254.12.2 via fd00:12::2 neigh on|.secondary.via|["169.254.12.2","fd00:12::2"]
noprimary|noprimary secondary eth2|.primary.device|""
nosecondary|noprimary nosecondary|.secondary.device|""
EOF
}

# Each word that goes in comes out, by ip and by the tool, as text and JSON
options_read_back()
{
	local typed printed filter value words

	devices_up
	door_add er0
	while IFS='|' read -r typed printed filter value; do
		echo "$typed"
		read -ra words <<<"$typed"
		door_set er0 "${words[@]}"
		grep -F -e "$printed" <<<" $(ip_words er0) "
		grep -F -e "$printed" <<<" $(tool_words er0) "
		expect_eq "$filter of ip" "$(ip_json er0 "$filter")" "$value"
		expect_eq "$filter of ercircuit" \
			"$(tool_json er0 "$filter")" "$value"
	done < <(options)
}

# Circuits to describe and make again
circuits()
{
	cat <<EOF

noprimary secondary eth2 neigh off
primary eth1 via 169.254.11.2 via fd00:11::2 secondary eth2 via 169.254.12.2 mode active-active hash l3l4
secondary eth1 primary eth2 neigh off revertive off wtr 1ms hold-off 9999 mode active-backup
EOF
}

# The printed words, typed again, make the same circuit
options_round_trip()
{
	local circuit words again

	devices_up
	while read -ra circuit; do
		echo "${circuit[*]}"
		door_add er0 "${circuit[@]}"
		words=$(ip_words er0)
		expect_eq "what ercircuit prints" "$(tool_words er0)" "$words"
		ip -n "$cust" link del er0
		read -ra again <<<"$words"
		door_add er0 "${again[@]}"
		expect_eq "the second circuit" "$(ip_words er0)" "$words"
		ip -n "$cust" link del er0
	done < <(circuits)
}

# Words that are refused, and what the refusal says
bad_words()
{
	cat <<EOF
foo|"foo" is not an option
mode|"mode" needs a value
mode foo|mode: "foo" is none of
mode active|mode: "active" is none of
mode ACTIVE-ACTIVE|mode: "ACTIVE-ACTIVE" is none of
mode active-active mode active-backup|"mode" is given twice
hash l4|hash: "l4" is none of
revertive maybe|revertive: "maybe" is none of
revertive 1|revertive: "1" is none of
wtr|"wtr" needs a value
wtr foo|wtr: "foo" is not a time
wtr 5x|wtr: "5x" is not a time
wtr ms|wtr: "ms" is not a time
wtr -1|wtr: "-1" is not a time
wtr 0x10|wtr: "0x10" is not a time
wtr 1.5s|wtr: "1.5s" is not a time
wtr 18446744073709551616|wtr: "18446744073709551616" is not a time
wtr 18446744074s|wtr: "18446744074s" is not a time
wtr 721s|wtr: "721s" is more than 720s
wtr 720001|wtr: "720001" is more than 720s
wtr 10us|wtr: "10us" is not a whole number of ms
hold-off 11s|hold-off: "11s" is more than 10s
hold-off 5 wtr 6 hold-off 5|"hold-off" is given twice
primary|"primary" needs a value
primary eth9|primary: there is no device "eth9"
primary eth1 via|"via" needs a value
primary eth1 via 1.2.3|via: "1.2.3" is not an IPv4 or IPv6 address
primary eth1 via fd00::x|via: "fd00::x" is not an IPv4 or IPv6 address
primary eth1 via 169.254.11.2/30|via: "169.254.11.2/30" is not
primary eth1 via 169.254.11.2 via 169.254.11.3|"via" takes one IPv4
primary eth1 via fd00:11::2 via fd00:11::3|"via" takes one IPv4
primary eth1 novia novia|"novia" is given twice
primary eth1 neigh maybe|neigh: "maybe" is none of
primary eth1 neigh on neigh on|"neigh" is given twice
primary eth1 primary eth2|"primary" is given twice
primary eth1 noprimary|"noprimary" contradicts "primary"
nosecondary secondary eth2|"secondary" contradicts "nosecondary"
primary eth1 state up|"state" is read-only
primary eth1 slot primary|"slot" is read-only
via 169.254.11.2|"via" belongs behind "primary DEV"
mode active-active neigh on|"neigh" belongs behind "primary DEV"
active both|"active" is read-only
request NR|"request" is read-only
last_switch_ns 5|"last_switch_ns" is read-only
EOF
}

# Bad words are named, nothing is made and nothing is changed
options_bad_words()
{
	local typed text words before

	devices_up
	door_add er1 primary eth2 wtr 7s
	before=$(ip_words er1)
	while IFS='|' read -r typed text; do
		echo "$typed"
		read -ra words <<<"$typed"
		refused "^Error: $text" door_add er0 "${words[@]}"
		not ip -n "$cust" link show er0
		refused "^Error: $text" door_set er1 "${words[@]}"
		refused "^Error: " door_set er1 wtr 8s "${words[@]}"
		expect_eq "er1" "$(ip_words er1)" "$before"
	done < <(bad_words)
}

# The word of the kernel gets through
options_kernel_refuses()
{
	devices_up
	refused "same device" door_add er0 primary eth1 secondary eth1
	not ip -n "$cust" link show er0
	refused "not on the leg's subnet" \
		door_add er0 primary eth1 via 10.0.0.1
	door_add er0 primary eth1
	refused "cannot be its own leg" door_set er0 secondary er0
	refused "File exists" door_add er0
}
