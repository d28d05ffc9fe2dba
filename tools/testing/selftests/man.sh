#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The man pages are well-formed and complete, and their examples work as
# written.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

man=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../Documentation/man" && pwd)

# examples FILE: print the commands in section EXAMPLES: lines that begin with a
# prompt, and their continuations
examples()
{
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE ALSO/p' "$1" | sed 's/\\e/\\/g' |
		awk '/^# / || more { sub(/^# /, ""); print; more = /\\$/ }'
}

# examples_work PAGE: run the page's examples in a namespace with eth1 and eth2
examples_work()
{
	local i

	need jq
	setup_ns cust
	erc_load
	for i in 1 2; do
		ip -n "$cust" link add "eth$i" type veth peer name "far$i"
		ip -n "$cust" link set "far$i" up
	done
	examples "$man/$1" >"$scratch/examples"
	expect_ge "number of examples" "$(grep -c . "$scratch/examples")" 10
	nsx "$cust" bash -e -x -o pipefail "$scratch/examples"
}

test_ercircuit() { # the examples of ercircuit(8)
	examples_work ercircuit.8
}

test_ip_link_ercircuit() { # the examples of ip-link-ercircuit(8)
	examples_work ip-link-ercircuit.8
}

test_words() { # ercircuit(8) describes every command and option
	local words word

	words=$(ercircuit -h | sed -nE 's/^\t(\[ )?([a-z-]+).*/\2/p')
	expect_ge "number of words" "$(wc -w <<<"$words")" 15
	for word in $words; do
		grep -qE "^\.(It )?(Cm|Brq Cm|It Cm .*\|) .*\b$word\b" "$man/ercircuit.8" ||
			fail "$word is not described"
	done
}

test_lint() { # mandoc has no complaint
	need mandoc
	mandoc -Tlint "$man"/*.8 >"$scratch/lint" 2>/dev/null || true
	# mandoc finds other pages only if they are installed
	not grep -v "referenced manual not found" "$scratch/lint"
}

ktap_main
