# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Numbered packets between namespaces, by flow.c of the selftests.
# selftests/lib.sh reads this file, and sets the variables that it takes from elsewhere.

# shellcheck disable=SC2154

flow=$selftests_dir/flow
declare -A flow_pid=()

# The port of GENEVE: to "hash l3l4" the ports of UDP count where it is one of
# them, and with flow_port set to it each flow of a test is one of its own.
# shellcheck disable=SC2034
flow_port_counts=6081

# flow_listen NAME NS [PORT]: receive in NS, until flow_result NAME.
flow_listen()
{
	local pid

	[ -x "$flow" ] || make -s -C "$selftests_dir" flow
	pid=$(nsx "$2" "$flow" recv "$scratch/$1.flow" \
		"${3:-${flow_port:-5000}}")
	echo "$pid" >"$scratch/$1.pid"
	rm -f "$scratch/$1.flow"
	defer kill -9 "$pid"
}

# flow_end NAME: take what is under way, and stop receiving.
flow_end()
{
	[ ! -e "$scratch/$1.flow" ] || return 0
	kill "$(cat "$scratch/$1.pid")"
	busywait test -s "$scratch/$1.flow"
}

# flow_result NAME FIELD: received, lost, reordered, or flows: "0 3 ...".
flow_result()
{
	flow_end "$1"
	case $2 in
	flows)	flows_seen "$scratch/$1.flow" ;;
	*)	json "$2" <"$scratch/$1.flow" ;;
	esac
}

# flows_seen FILE: the keys in "flows": {"0": 20, "3": 20}
flows_seen()
{
	local line pairs flows=() i

	read -r line <"$1"
	line=${line#*'"flows":{'}
	IFS=, read -ra pairs <<<"${line%%\}*}"
	for i in "${pairs[@]}"; do
		i=${i#\"}
		flows+=("${i%%\"*}")
	done
	echo "${flows[*]}"
}

# flow_start NAME NS [OPTIONS]... ADDRESS: send in NS, in the background; all its
# flows are connected by then, and whatever happens next happens under traffic.
flow_start()
{
	: >"$scratch/$1.sent"
	nsx_exec "$2" "$flow" send "${@:3}" "${flow_port:-5000}" \
		>"$scratch/$1.sent" &
	flow_pid[$1]=$!
	defer kill -9 $!
	busywait test -s "$scratch/$1.sent"
}

# flow_wait NAME: until it has sent all
flow_wait()
{
	wait "${flow_pid[$1]}"
}

# flow_stop NAME: send no more
flow_stop()
{
	kill "${flow_pid[$1]}"
	flow_wait "$1"
}

# flow_accepted NAME: what a sender, whose end was waited for, has sent
flow_accepted()
{
	json accepted <"$scratch/$1.sent"
}

# traffic_by LEG: packets go out by this leg, now
traffic_by()
{
	local was

	was=$(counter "$1/tx_packets")
	[ "$(counter "$1/tx_packets")" -gt "$was" ] ||
		[ "$(counter "$1/tx_packets")" -gt "$was" ]
}

# flow_send NS [OPTIONS]... ADDRESS: send in NS; prints how many went out.
flow_send()
{
	nsx "$1" "$flow" send "${@:2}" "${flow_port:-5000}" | json accepted
}

# json FIELD: the number of a field, of one line of flat JSON on stdin.
json()
{
	local line

	read -r line || [ -n "$line" ]
	[[ $line =~ \"$1\":\ *(-?[0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# bulk FROM TO ADDRESS [SOURCE]: a TCP connection between two namespaces carries
# $scratch/bulk unchanged.
bulk()
{
	local type=TCP4 address=$3 source=${4:-} port=6000

	case $address in
	*:*)	type=TCP6 address="[$address]" source=${source:+"[$source]"} ;;
	esac
	rm -f "$scratch/copy"
	nsx_exec "$2" socat -u "$type-LISTEN:$port,reuseaddr" \
		"CREATE:$scratch/copy" &
	defer kill $!
	busywait listens "$2" "$port"
	nsx "$1" timeout "$patience" socat -u "FILE:$scratch/bulk" \
		"$type:$address:$port${source:+,bind=$source}"
	wait $!
	cmp "$scratch/bulk" "$scratch/copy"
}
