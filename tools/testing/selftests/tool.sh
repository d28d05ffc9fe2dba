#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The ercircuit tool: every option in both directions, bad options, usage.
. "$(dirname "${BASH_SOURCE[0]}")/options.sh"

door_add()
{
	erc add "$@"
}

door_set()
{
	erc set "$@"
}

# status STATUS COMMAND [ARGS]...: COMMAND exits with STATUS
status()
{
	local status=0

	"${@:2}" || status=$?
	expect_eq "exit status of ${*:2}" "$status" "$1"
}

# says MESSAGE WORD...: "ercircuit WORD..." must print MESSAGE and end with status 1
says()
{
	errs "$1" erc "${@:2}"
	status 1 erc "${@:2}"
}

test_read_back() { # the tool shows every option that it set
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

test_version() { # module, interface and tool have the version of Kbuild
	local version

	version=$(sed -n 's/^ERC_VERSION ?= //p' "$ERC_TOP/Kbuild")
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "version '$version'"
	devices_up
	erc add er0
	expect_eq "of the tool" "$(erc -V)" "ercircuit $version"
	expect_eq "of the module" "$(cat /sys/module/ercircuit/version)" "$version"
	nsx "$cust" ethtool -i er0 >"$scratch/ethtool"
	grep -qx "version: $version" "$scratch/ethtool"
}

test_usage() { # bad usage exits with status 1, a refusal of the kernel with 2
	devices_up
	status 1 erc
	says "\"frobnicate\" is not a command, see ercircuit -h" frobnicate
	says "NAME is missing: name a circuit, \"ercircuit show\" lists them" add
	says "\"a-name-too-long-for-a-device\" is not a name for a device: use 1 to 15 characters" \
		add a-name-too-long-for-a-device
	says "\"mtu\" needs a value: a number of bytes" add er0 mtu
	says "mtu: \"many\" is not a number of bytes" add er0 mtu many
	status 1 erc add er0 mtu 99999999999
	status 1 erc set
	says "\"eth1\" is not a circuit: \"ercircuit show\" lists them" show eth1
	says "there is no device \"er0\": \"ercircuit show\" lists circuits" show er0
	status 1 erc del
	status 1 erc del eth1
	status 1 erc leg
	status 1 erc -x show
	not ip -n "$cust" link show er0
	ip -n "$cust" link show eth1
	erc add er0
	says "nothing to set: give at least one option, see ercircuit -h" set er0
	status 1 erc set er0 wtr 800s
	status 1 erc set eth1 wtr 8s
	status 1 erc del er0 er0
	says "\"er0\" is one word too many: leave it out" show er0 er0
	says "primary or secondary is missing: name the leg" leg er0
	says "\"third\" is neither primary nor secondary" leg er0 third neigh on
	status 1 erc leg er0 primary
	status 1 erc leg er0 primary wtr 5s
	status 1 erc leg er0 primary device eth1
	status 2 erc add er0
	status 2 erc set er0 primary er0
	status 0 erc -h
	status 0 erc -V
}

test_help() { # each command has its grammar, a sentence and an example
	local command n=0

	setup_ns cust
	expect_eq help "$(erc help)" "$(erc -h)"
	expect_eq --help "$(erc --help)" "$(erc -h)"
	expect_eq --version "$(erc --version)" "$(erc -V)"
	for command in $(erc -h | sed -n '/^COMMAND/,/^CIRCUIT/s/^\t\([a-z]*\) .*/\1/p'); do
		erc help "$command" >"$scratch/help"
		grep -q "^Usage: ercircuit $command " "$scratch/help"
		grep -q "^	[a-z].*" "$scratch/help"
		grep -q "^	ercircuit $command" "$scratch/help"
		erc "$command" help | diff - "$scratch/help"
		erc "$command" --help | diff - "$scratch/help"
		n=$((n + 1))
	done
	expect_eq commands "$n" 17
	has "$(erc leg help)" "LEG-OPTS :="
	not grep CIRCUIT-OPTS <<<"$(erc leg help)"
	says "\"frobnicate\" is not a command" help frobnicate
}

test_reserved() { # the word of an option is refused as the name of a circuit
	local word

	devices_up
	for word in primary via wtr mtu help; do
		says "\"$word\" is the word of an option: put a NAME before it" \
			add "$word" eth1
	done
	expect_eq circuits "$(erc show)" ""
}

test_not_loaded() { # without the module, the refusal names the command that loads it
	setup_ns cust
	[ ! -e /sys/module/ercircuit ] || skip "the module is loaded or built in"
	refused "the module is not loaded: modprobe ercircuit, or insmod ercircuit.ko" \
		nsx "$cust" ercircuit add er0
}

test_unprivileged() { # without permission, the kernel refuses, and the tool says so
	need setpriv
	devices_up
	erc add er0
	refused "Error: Operation not permitted: run it as root" nsx "$cust" setpriv \
		--reuid=65534 --clear-groups "$(command -v ercircuit)" \
		set er0 wtr 5s
}

test_add_del() { # add with an MTU, show, and delete a circuit
	devices_up
	erc add er0 mtu 1400 primary eth1
	has "$(erc show -j er0)" '"mtu":1400,'
	refused "mtu must be at most 1500, the mtu of leg eth2, not 9000" erc add er1 mtu 9000 primary eth2
	ip -n "$cust" link set er0 name er7
	erc show er7 | grep '^er7: mtu 1400 down$'
	erc del er7
	not ip -n "$cust" link show er7
	expect_eq "circuits left" "$(erc show)" ""
	expect_eq "circuits left" "$(erc show -j)" "[]"
}

test_leg() { # leg sets options of a slot without naming its device
	devices_up
	erc add er0 primary eth1 secondary eth2
	erc leg er0 primary via 169.254.11.2 via fd00:11::2
	erc leg er0 secondary neigh off
	has "$(tool_words er0)" "primary eth1 via 169.254.11.2 via fd00:11::2 neigh on secondary eth2 neigh off"
	erc leg er0 primary novia via 169.254.11.2
	has "$(tool_words er0)" "primary eth1 via 169.254.11.2 neigh on"
	refused "subnet" erc leg er0 primary via 10.0.0.1
}

# row CIRCUIT: print its row of "show -b", with single blanks
row()
{
	erc -b show "$1" | tr -s ' '
}

test_brief() { # show -b prints a row for each circuit
	devices_up
	erc add er0 primary eth1
	erc add er1 late on secondary eth9
	expect_eq rows "$(erc show -b | wc -l)" 2
	expect_eq "row of er0" "$(row er0)" "er0 down primary eth1 up - empty,link "
	expect_eq "row of er1" "$(row er1)" "er1 down none - empty,link eth9 empty,link "
	refused "-b is an option of \"show\": leave it out" erc -b stats er0
}

test_all() { # show, stats and log without a name include all circuits
	devices_up
	erc add er0 primary eth1
	erc add er1 primary eth2
	expect_eq show "$(erc show -j | jq -c '[.[].name]')" '["er0","er1"]'
	expect_eq stats "$(erc stats -j | jq -c '[.[].name]')" '["er0","er1"]'
	expect_eq log "$(erc log -j | jq -c '[.[].name] | unique')" '["er0","er1"]'
	expect_eq pretty "$(erc show -p | jq -cS .)" "$(erc show -j | jq -cS .)"
}

ktap_main
