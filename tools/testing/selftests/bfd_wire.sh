#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BFD packets on the wire: past what is queued, in order, and no two sessions
# that could be taken for each other.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_pair.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_pair.sh"

quick+=(bfd-mult 60)

test_unique() { # no two sessions have a source port or a discriminator in common
	local i lines= circuits=150

	setup_ns cust
	erc_load
	for ((i = 0; i < circuits; i++)); do
		lines+="link add a$i up type dummy"$'\n'
		lines+="link add b$i up type dummy"$'\n'
		lines+="addr add 10.$i.0.1/30 dev a$i"$'\n'
		lines+="addr add 10.$i.1.1/30 dev b$i"$'\n'
		lines+="link add er$i up type ercircuit "
		lines+="primary a$i via 10.$i.0.2 bfd on "
		lines+="secondary b$i via 10.$i.1.2 bfd on"$'\n'
	done
	ipb "$cust" <<<"$lines"
	ip -n "$cust" -d -j link show type ercircuit |
		jq '.[].linkinfo.info_data | .primary, .secondary |
			.bfd_discr' >"$scratch/discr"
	expect_eq sessions "$(wc -l <"$scratch/discr")" $((2 * circuits))
	expect_eq discriminators "$(sort -u "$scratch/discr" | wc -l)" \
		$((2 * circuits))
	# The port is 49152 and the low 14 bits
	expect_eq ports "$(jq '. % 16384' "$scratch/discr" | sort -u | wc -l)" \
		$((2 * circuits))
}

ktap_main
