#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The completion of bash offers words that are valid.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# offers WORD...: print the words that are offered for the last one
offers()
{
	(
		# shellcheck source=tools/completion/ercircuit
		. "$ERC_TOP/tools/completion/ercircuit"
		# shellcheck disable=SC2034
		COMP_WORDS=(ercircuit "$@") COMP_CWORD=$#
		_ercircuit
		echo "${COMPREPLY[*]}"
	)
}

# offered WORD WORD...: the first one is among those that are offered for the others
offered()
{
	grep -qw -e "$1" <<<"$(offers "${@:2}")" || fail "$1 is not offered"
}

test_commands() { # commands, behind "help" too
	offered leg ""
	offered help ""
	expect_eq "of s" "$(offers s)" "save set show sla stats"
	expect_eq "of help s" "$(offers help s)" "save set show sla stats"
	expect_eq "of -j s" "$(offers -j s)" "save set show sla stats"
}

test_circuits() { # names of circuits, and nothing else, where a circuit is expected
	local command

	erc_load
	ip link add er0 type ercircuit
	defer ip link del er0
	ip link add er1 type ercircuit
	defer ip link del er1
	for command in set del leg show stats log sla metrics watch breakout save diff apply doctor; do
		expect_eq "of $command" "$(offers "$command" "")" "er0 er1"
	done
	expect_eq "of reach" "$(offers set er0 reach "")" "er0 er1"
	expect_eq "of noreach" "$(offers set er0 noreach "")" "er0 er1"
	expect_eq "of add" "$(offers add "")" ""
}

test_force() { # --force is offered only if a dash has been typed
	expect_eq "of del er0" "$(offers del er0 "")" ""
	expect_eq "of del er0 -" "$(offers del er0 -)" --force
}

test_options() { # options and their values
	expect_eq "of leg" "$(offers leg er0 "")" "primary secondary"
	expect_eq "of leg er0 primary bfd" "$(offers leg er0 primary bfd)" \
		"bfd bfd-mult bfd-rx bfd-tx"
	expect_eq "of set er0 mo" "$(offers set er0 mo)" "mode model"
	expect_eq "of mode" "$(offers set er0 mode "")" "active-active active-backup"
	offered lo add er9 primary ""
}

ktap_main
