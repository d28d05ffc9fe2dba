#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On an idle machine, BFD sessions to the daemons of Debian stay Up: FRR, BIRD
# and keepalived. At the faster rate, a daemon must get a processor within 30
# ms.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_wires.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_wires.sh"

silence=$(dirname "${BASH_SOURCE[0]}")/bfd_silence.py

# hold TX_MS SECONDS: keep the sessions for SECONDS and capture at the far ends
hold()
{
	local d i=0

	wires
	peers_up 4 "$1"
	agreed $(($1 * 3))
	for d in "${daemons[@]}"; do
		tap_start "${!d}" "$scratch/$d.$1"
	done
	pause $(($2 * 1000))
	for d in "${daemons[@]}"; do
		i=$((i + 1))
		tap_end "$scratch/$d.$1"
		echo "$d at $1 ms: $(counter primary/bfd_rx "er_$d") received," \
			"$(counter primary/bfd_tx "er_$d") sent," \
			"$(counter primary/bfd_missed "er_$d") missed"
		blame "$d" "$1" "169.254.$i.1"
	done
}

# blame DAEMON TX_MS ADDRESS: no session may have ended; if one has, say which
# end caused it
blame()
{
	local silent deaf we_silent we_deaf

	read -r silent we_deaf we_silent deaf < <("$silence" \
		"$scratch/$1.$2" "$3" $(($2 * 3)))
	echo "silent: $1 $silent times, we $we_silent times;" \
		"did not hear the other: $1 $deaf times, we $we_deaf times"
	expect_eq "sessions that ended though $1 had sent" "$we_deaf" 0
	expect_eq "down_events with $1" \
		"$(counter primary/bfd_down_events "er_$1")" 0
}

test_hold() { # at 300 ms x 3 (the service's timers) and at 10 ms x 3, we end no session
	local failed='' service fast seconds

	seconds=$(soak 10 60)
	need_daemons
	need tcpdump
	# Load the module here. Otherwise the first subshell that ends unloads
	# it.
	erc_load
	# In a guest with a simulated clock, a look-up of a file on the host can
	# advance the clock past all deadlines. This run loads all files first.
	( ktap_body hold 300 1 ) >/dev/null 2>&1 || true
	( ktap_body hold 300 "$seconds" ) &
	service=$!
	( ktap_body hold 10 "$seconds" ) &
	fast=$!
	wait "$service" || failed=1
	wait "$fast" || failed=1
	[ -z "$failed" ]
}

ktap_main
