# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Tests that tool.sh and plugin.sh share: options set by the tool or by ip are
# shown by both. The script that reads this file defines two functions
#
#	door_add NAME OPTS...	create a circuit
#	door_set NAME OPTS...	change it
#
# for namespace $cust, in which devices_up creates eth1 and eth2.

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

# printed KIND DEV: print the output of "ip -d link show" after the kind
printed()
{
	local out pattern="    $1 ([^\\\\]*[^\\\\ ]) *\\\\"

	out=$(ip -n "$cust" -o -d link show "$2")
	[[ $out =~ $pattern ]] || fail "no $1: $out"
	echo "${BASH_REMATCH[1]}"
}

# ip_words NAME: print the options of a circuit as ip shows them
ip_words()
{
	printed ercircuit "$1"
}

# tool_words NAME: print the options as "ercircuit show" shows them
tool_words()
{
	local out

	mapfile -t out < <(erc show "$1")
	[[ ${out[1]} =~ ^'    '(.*)' '$ ]] || fail "no circuit: ${out[*]}"
	echo "${BASH_REMATCH[1]}"
}

# options: lines of TYPED|PRINTED|JSON: the options to set, as text and as JSON
options()
{
	local a=169.254.11.2 b=fd00:11::2
	local k=01234567-89ab-cdef-0000-fedcba987654

	cat <<EOF
mode active-active|mode active-active|"mode":"active-active"
mode active-backup|mode active-backup|"mode":"active-backup"
hash l3l4|hash l3l4|"hash":"l3l4"
hash l3|hash l3|"hash":"l3"
revertive off|revertive off|"revertive":false
revertive on|revertive on|"revertive":true
wtr 0|wtr 0s|"wtr":0
wtr 0.0|wtr 0s|"wtr":0
wtr 720s|wtr 720s|"wtr":720000
wtr 1.5m|wtr 90s|"wtr":90000
wtr 2000000us|wtr 2s|"wtr":2000
wtr 1.5s|wtr 1500ms|"wtr":1500
wtr 3000000ns|wtr 3ms|"wtr":3
hold-off 10s|hold-off 10s|"hold-off":10000
hold-off 20ms|hold-off 20ms|"hold-off":20
bandwidth 50mbit|bandwidth 50mbit|"bandwidth":50000000
bandwidth 1.5Gbit|bandwidth 1500mbit|"bandwidth":1500000000
bandwidth 1000001|bandwidth 1000001bit|"bandwidth":1000001
bandwidth 1mibit|bandwidth 1048576bit|"bandwidth":1048576
bandwidth 1.25kbps|bandwidth 10kbit|"bandwidth":10000
bandwidth 1tbit|bandwidth 1tbit|"bandwidth":1000000000000
bandwidth 0 mode active-backup|mode active-backup|"bandwidth":0,"burst":10,"police":true,"sla":99.95
burst 0|burst 0s|"burst":0
burst 1500us|burst 1.5ms|"burst":1.5
burst 10ms police off|police off|"police":false
police on sla 99.9999|sla 99.9999|"sla":99.9999
sla 100%|sla 100|"sla":100
sla 0|sla 0|"sla":0
sla 99.950 mode active-backup|mode active-backup|"sla":99.95
peering microsoft|peering microsoft|"peering":"microsoft"
peering none mode active-backup|mode active-backup|"peering":"none"
fail open|fail open|"fail":"open"
fail closed|mode active-backup|"fail":"closed"
model ipvpn bandwidth 1gbit|model ipvpn bandwidth 1gbit police on|"model":"ipvpn"
model direct|model direct bandwidth 1gbit police off|"model":"direct"
model direct police on|model direct bandwidth 1gbit police on|"police":true
model p2p police off|model p2p bandwidth 1gbit police off|"police":false
model none bandwidth 0 police on|mode active-backup|"model":"none"
key $k|key $k provider-state not-provisioned|"key":"$k","provider-state":"not-provisioned","circuit-state":"enabled"
provider-state provisioning circuit-state disabled|provider-state provisioning circuit-state disabled|"circuit-state":"disabled"
key ${k//[1-9a-f]/0}|mode active-backup|"sla":99.95
primary eth1|primary eth1 neigh on|"primary":{"device":"eth1","via":[],"neigh":true
primary eth1 neigh off|primary eth1 neigh off|"primary":{"device":"eth1","via":[],"neigh":false
primary eth1 via $a|primary eth1 via $a neigh off|"via":["$a"]
primary eth1 via $b|primary eth1 via $a via $b neigh|"via":["$a","$b"]
primary eth1 drain on|neigh off drain on nosecondary|"drain":true
primary eth1 drain off|neigh off nosecondary|"drain":false
primary eth1 fault down|neigh off fault down nosecondary|"fault":"down"
primary eth1 fault none|neigh off nosecondary|"fault":"none"
primary eth1 bfd on via $a|neigh off bfd on nosecondary|"bfd":true,"bfd-tx":300,"bfd-rx":300,"bfd-mult":3
primary eth1 bfd-tx 10 bfd-rx 2s|bfd on bfd-tx 10ms bfd-rx 2s nosecondary|"bfd-tx":10,"bfd-rx":2000
primary eth1 bfd-tx 1500us bfd-mult 255|bfd-tx 1.5ms bfd-rx 2s bfd-mult 255|"bfd-tx":1.5,"bfd-rx":2000,"bfd-mult":255
primary eth1 bfd-tx 3.3ms bfd-rx 0.0033s|bfd-tx 3.3ms bfd-rx 3.3ms bfd-mult 255|"bfd-tx":3.3,"bfd-rx":3.3
primary eth1 bfd-tx 3.3 bfd-rx 12.345ms|bfd-tx 3.3ms bfd-rx 12.345ms bfd-mult 255|"bfd-tx":3.3,"bfd-rx":12.345
primary eth1 bfd off bfd-tx 300000us bfd-rx 300ms bfd-mult 3|via $a via $b neigh off nosecondary|"bfd":false
primary eth1 novia neigh on|primary eth1 neigh on|"primary":{"device":"eth1","via":[],
primary eth1 novia via $b|primary eth1 via $b neigh on|"via":["$b"]
secondary eth2 via fd00:12::2 via 169.254.12.2|secondary eth2 via 169.254.12.2 via fd00:12::2 neigh on|"via":["169.254.12.2","fd00:12::2"]
late on|late on|"late":true
primary eth9 novia via 169.254.19.2|primary eth9 via 169.254.19.2 neigh on|"primary":{"device":"","via":["169.254.19.2"]
late off|noprimary secondary eth2|"late":false
primary eth1 novia|primary eth1 neigh|"primary":{"device":"eth1","via":[]
noprimary|noprimary secondary eth2|"primary":{"device":""
nosecondary|noprimary nosecondary|"secondary":{"device":""
EOF
}

# has TEXT PART: TEXT contains PART
has()
{
	[[ " $1 " == *"$2"* ]] || fail "no '$2' in '$1'"
}

# options_read_back: ip and the tool show each option that was set, as text and
# as JSON
options_read_back()
{
	local typed printed json words

	devices_up
	door_add er0
	while IFS='|' read -r typed printed json; do
		echo "$typed"
		read -ra words <<<"$typed"
		door_set er0 "${words[@]}"
		has "$(ip_words er0)" " $printed "
		has "$(tool_words er0)" " $printed "
		has "$(ip -n "$cust" -d -j link show er0)" "$json"
		has "$(erc show -j er0)" "$json"
	done < <(options)
}

# circuits: print circuits to create, show and create again
circuits()
{
	cat <<EOF

noprimary secondary eth2 neigh off drain on
bandwidth 333333bit burst 1ms police off sla 99.9 key 00000000-0000-0000-0000-000000000001 provider-state provisioned circuit-state disabled
primary eth1 via fd00:11::2 bfd on bfd-tx 33500us bfd-rx 60s bfd-mult 1
primary eth1 via 169.254.11.2 via fd00:11::2 secondary eth2 via 169.254.12.2 mode active-active hash l3l4
primary eth9 via 169.254.19.2 bfd on secondary eth2 late on
peering private secondary eth1 fault blackhole primary eth2 neigh off revertive off wtr 1ms hold-off 9999ms mode active-backup
EOF
}

# options_round_trip: the printed options, given again, create the same circuit
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

# bad_words: lines of OPTIONS|MESSAGE: the options are refused with the message
bad_words()
{
	cat <<EOF
foo|"foo" is not an option here, see ercircuit -h
mode|"mode" needs a value
mode foo|mode: "foo" is none of its words, which follow
mode active|mode: "active" is none of
mode ACTIVE-ACTIVE|mode: "ACTIVE-ACTIVE" is none of
mode active-active mode active-backup|"mode" is given twice: give it once
hash l4|hash: "l4" is none of
revertive maybe|revertive: "maybe" is none of
revertive 1|revertive: "1" is none of
wtr|"wtr" needs a value
wtr foo|wtr: "foo" is not a time, such as 300ms or 5s
wtr 5x|wtr: "5x" is not a time
wtr ms|wtr: "ms" is not a time
wtr -1|wtr: "-1" is not a time
wtr 0x10|wtr: "0x10" is not a time
wtr 1.2.3s|wtr: "1.2.3s" is not a time
wtr .5s|wtr: ".5s" is not a time
wtr 0.5ns|wtr: "0.5ns" is not a time
wtr 1.5ms|wtr: "1.5ms" is not a whole number of ms
wtr 18446744073709551616|wtr: "18446744073709551616" is not a time
wtr 18446744074s|wtr: "18446744074s" is not a time
wtr 18446744073.71s|wtr: "18446744073.71s" is not a time
wtr 721s|wtr: "721s" is more than 720s
wtr 720001ms|wtr: "720001ms" is more than 720s
wtr 5|wtr: "5" has no unit: write 5ms or 5s
hold-off 0.5|hold-off: "0.5" has no unit: write 0.5ms or 0.5s
wtr 10us|wtr: "10us" is not a whole number of ms
hold-off 11s|hold-off: "11s" is more than 10s
hold-off 5ms wtr 6s hold-off 5ms|"hold-off" is given twice
bandwidth|"bandwidth" needs a value
bandwidth fast|bandwidth: "fast" is not a rate, such as 50mbit or 1.5gbit
bandwidth 1.5|bandwidth: "1.5" is not a rate
bandwidth 1.2.3mbit|bandwidth: "1.2.3mbit" is not a rate
bandwidth -5mbit|bandwidth: "-5mbit" is not a rate
bandwidth 5mb|bandwidth: "5mb" is not a rate
bandwidth 0.1kibit|bandwidth: "0.1kibit" is not a rate
bandwidth 999bit|bandwidth: "999bit" is neither 0 nor between 1kbit and 1tbit
bandwidth 2tbit|bandwidth: "2tbit" is neither 0 nor between
bandwidth 99999999999tbit|bandwidth: "99999999999tbit" is not a rate
bandwidth 18446744.9tbit|bandwidth: "18446744.9tbit" is not a rate
burst 11s|burst: "11s" is not between 0ms and 10s
police 1|police: "1" is none of
sla 100.1|sla: "100.1" is more than 100
sla 99.99999|sla: "99.99999" is not a percentage
sla 99,95|sla: "99,95" is not a percentage, such as 99.95
key 1234|key: "1234" is not a UUID, such as 00000000-0000-0000-0000-000000000000
key 01234567-89ab-cdef-0000_fedcba987654|key: "01234567-89ab-cdef-0000_fedcba987654" is not
key 01234567-89ab-cdef-0000-fedcba98765x|key: "01234567-89ab-cdef-0000-fedcba98765x" is not
provider-state foo|provider-state: "foo" is none of
peering public|peering: "public" is none of
fail ajar|fail: "ajar" is none of
model vpn|model: "vpn" is none of
circuit-state provisioned|circuit-state: "provisioned" is none of
primary|"primary" needs a value
primary eth9|No device eth9: create it, or wait for it with late on
primary eth1 via|"via" needs a value
primary eth1 via 1.2.3|via: "1.2.3" is not an IPv4 or IPv6 address
primary eth1 via fd00::x|via: "fd00::x" is not an IPv4 or IPv6 address
primary eth1 via 169.254.11.2/30|via: "169.254.11.2/30" is not
primary eth1 via 169.254.11.2 via 169.254.11.3|"via" takes one IPv4 and one IPv6 address: leave the others out
primary eth1 via fd00:11::2 via fd00:11::3|"via" takes one IPv4
primary eth1 novia novia|"novia" is given twice
primary eth1 neigh maybe|neigh: "maybe" is none of
primary eth1 drain maybe|drain: "maybe" is none of
primary eth1 fault up|fault: "up" is none of
primary eth1 bfd maybe|bfd: "maybe" is none of
primary eth1 bfd-tx|"bfd-tx" needs a value
primary eth1 bfd-tx 5x|bfd-tx: "5x" is not a time
primary eth1 bfd-tx 999us|bfd-tx: "999us" is not between 1ms and 60s
primary eth1 bfd-rx 61s|bfd-rx: "61s" is not between 1ms and 60s
primary eth1 bfd-tx 0.9ms|bfd-tx: "0.9ms" is not between 1ms and 60s
primary eth1 bfd-tx 3.3333ms|bfd-tx: "3.3333ms" is not a whole number of us
primary eth1 bfd-rx 1000001ns|bfd-rx: "1000001ns" is not a whole number of us
primary eth1 bfd-mult 0|bfd-mult: "0" is not a number between 1 and 255
primary eth1 bfd-mult 256|bfd-mult: "256" is not a number between 1 and 255
primary eth1 bfd-mult 3x|bfd-mult: "3x" is not a number between 1 and 255
primary eth1 bfd_state up|"bfd_state" is read-only: leave it out
primary eth1 neigh on neigh on|"neigh" is given twice
primary eth1 primary eth2|"primary" is given twice
primary eth1 noprimary|"noprimary" contradicts "primary": give one of them
nosecondary secondary eth2|"secondary" contradicts "nosecondary"
primary eth1 state up|"state" is read-only
primary eth1 slot primary|"slot" is read-only
via 169.254.11.2|"via" belongs behind "primary DEV" or "secondary DEV"
mode active-active neigh on|"neigh" belongs behind "primary DEV"
switch|"switch" needs a value
switch foo|switch: "foo" is none of
switch clear switch clear|"switch" is given twice
active both|"active" is read-only
request NR|"request" is read-only
last_switch_ns 5|"last_switch_ns" is read-only
EOF
}

# errs TEXT COMMAND [ARGS]...: COMMAND fails with an error that begins with TEXT
errs()
{
	local out

	out=$("${@:2}" 2>&1) && fail "accepted: ${*:2}"
	[[ $out == "Error: $1"* ]] || fail "expected '$1', got '$out'"
}

# options_bad_words: a refusal names the bad option, creates no circuit and
# applies no other option
options_bad_words()
{
	local typed text words before

	devices_up
	door_add er1 primary eth2 hash l3l4
	before=$(ip_words er1)
	while IFS='|' read -r typed text; do
		echo "$typed"
		read -ra words <<<"$typed"
		errs "$text" door_add er0 "${words[@]}"
		errs "" door_set er1 hash l3 "${words[@]}"
	done < <(bad_words)
	expect_eq "er1" "$(ip_words er1)" "$before"
	not ip -n "$cust" link show er0
}

# options_kernel_refuses: the kernel's message is shown
options_kernel_refuses()
{
	devices_up
	refused "primary and secondary are both eth1" door_add er0 primary eth1 secondary eth1
	not ip -n "$cust" link show er0
	refused "must be on the leg's subnet" \
		door_add er0 primary eth1 via 10.0.0.1
	door_add er0 primary eth1
	refused "cannot be its own leg" door_set er0 secondary er0
	refused "File exists" door_add er0
}
