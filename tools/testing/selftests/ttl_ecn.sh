#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The circuit is no hop and no queue: it leaves TTL and ECN as they are, whether er0
# is watched or not.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

fields=$(dirname "${BASH_SOURCE[0]}")/ttl_ecn.py

# receive NS NAME: record the datagrams that NS receives in $scratch/NAME
receive()
{
	: >"$scratch/$2"
	nsx_exec "$1" python3 "$fields" recv >>"$scratch/$2" &
	defer kill $!
	busywait grep -q ready "$scratch/$2"
}

# received NAME COUNT: so many datagrams are recorded
received()
{
	[ "$(wc -l <"$scratch/$1")" -ge "$2" ]
}

# expect_fields NAME SENDER TTL...: the records of NAME are one datagram with each value
# of ECN, for each SENDER and TTL; forget them
expect_fields()
{
	local name=$1 ecn wanted=()

	shift
	while [ $# != 0 ]; do
		for ecn in 0 1 2 3; do
			wanted+=("$1 $2 $ecn")
		done
		shift 2
	done
	busywait received "$name" ${#wanted[@]}
	expect_eq "$name" "$(grep -v ready "$scratch/$name" | sort | xargs)" \
		"$(printf '%s\n' "${wanted[@]}" | sort | xargs)"
	: >"$scratch/$name"
}

# passes NS TO NAME TTL FROM: datagrams that NS sends from one address to another, here
# given as "IPv4 IPv6", arrive at NAME with this TTL
passes()
{
	local from to ends wanted

	read -ra from <<<"$5"
	read -ra to <<<"$2"
	ends=("${from[0]}>${to[0]}")
	wanted=("${from[0]}" "$4")
	if [ -n "$has_ipv6" ]; then
		ends+=("${from[1]}>${to[1]}")
		wanted+=("${from[1]}" "$4")
	fi
	nsx "$1" python3 "$fields" send "${ends[@]}"
	expect_fields "$3" "${wanted[@]}"
}

edge="10.9.0.1 fd09::1" host="10.1.0.1 fd01::1" far="10.1.0.130 fd01::8000:2"

# kept: packets of the host keep the TTL, and those that it forwards lose one, in both
# directions; all keep ECN
kept()
{
	# shellcheck disable=SC2154
	passes "$cust" "$edge" edge 37 "$host"
	# shellcheck disable=SC2154
	passes "$lan" "$edge" edge 36 "$far"
	# shellcheck disable=SC2154
	passes "$pe1" "$host" host 37 "$edge"
	passes "$pe1" "$far" lan 36 "$edge"
}

# receivers_up: a circuit with a LAN behind it, and a program in each place that receives
receivers_up()
{
	edges_up
	lan_up
	forwarding_on "$cust"
	circuit_up
	receive "$cust" host
	receive "$lan" lan
	receive "$pe1" edge
}

test_unwatched() { # TTL and ECN are unchanged, both ways, sent or forwarded
	receivers_up
	kept
}

test_watched() { # the same while tcpdump runs on er0
	receivers_up
	tcpdump_start "$cust" "$scratch/tcpdump" -i er0 -w /dev/null
	kept
}

test_queued() { # the same while er0 has a queueing discipline
	receivers_up
	tc -n "$cust" qdisc add dev er0 root fq_codel
	kept
}

ktap_main
