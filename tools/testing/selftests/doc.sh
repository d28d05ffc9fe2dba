#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The commands in the documentation work as written, and print what it says.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/example.sh
. "$(dirname "${BASH_SOURCE[0]}")/example.sh"

test_ercircuit() { # Documentation/ercircuit.rst
	local home ns

	need jq wg
	setup_ns home
	for ns in pe1 pe2 tenant; do
		defer ns_del "$ns"
	done
	erc_load
	examples_run "$home" "#" ercircuit.rst 60
}

ktap_main
