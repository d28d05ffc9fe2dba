# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Numbered packets between namespaces, by flow.c of the selftests.
#
# Part of selftests/lib.sh, which sets the variables that this file uses.

# shellcheck disable=SC2154

flow=$selftests_dir/flow
declare -A flow_pid=()

# The port of GENEVE: "hash l3l4" uses the ports of a UDP packet only if one of them is
# such a port.  A test that sets flow_port to it gets flows that differ by their ports.
# shellcheck disable=SC2034
flow_port_counts=6081

# flow_listen NAME NS [PORT]: receive packets in NS until flow_result NAME.
flow_listen()
{
	local pid

	[ -x "$flow" ] || make -s -C "$selftests_dir" flow
	pid=$(nsx "$2" "$flow" recv "$scratch/$1.flow" \
		"${3:-${flow_port:-5000}}")
	echo "$pid" >"$scratch/$1.pid"
	[ ! -e "$scratch/$1.flow" ] || rm "$scratch/$1.flow"
	defer kill -9 "$pid"
}

# flow_end NAME: receive the packets that are still in transit, and stop.
flow_end()
{
	local pid

	[ ! -e "$scratch/$1.flow" ] || return 0
	read -r pid <"$scratch/$1.pid"
	kill "$pid"
	busywait test -s "$scratch/$1.flow"
}

# flow_result NAME FIELD: stop receiving, and print the number of packets "received",
# "lost" or "reordered", or the numbers of the "flows", such as "0 3".
flow_result()
{
	flow_end "$1"
	case $2 in
	flows)	flows_seen "$scratch/$1.flow" ;;
	*)	json "$2" <"$scratch/$1.flow" ;;
	esac
}

# flows_seen FILE: print the keys in "flows": {"0": 20, "3": 20}
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

# flow_start NAME NS [OPTIONS]... ADDRESS: send packets in NS, in the background.  When
# it returns, all flows are connected and the traffic has begun.
flow_start()
{
	: >"$scratch/$1.sent"
	nsx_exec "$2" "$flow" send "${@:3}" "${flow_port:-5000}" \
		>"$scratch/$1.sent" &
	flow_pid[$1]=$!
	defer kill -9 $!
	busywait test -s "$scratch/$1.sent"
}

# flow_wait NAME: wait until all packets are sent.
flow_wait()
{
	wait "${flow_pid[$1]}"
}

# flow_stop NAME: stop sending.
flow_stop()
{
	kill "${flow_pid[$1]}"
	flow_wait "$1"
}

# flow_accepted NAME: print the number of packets sent, after flow_wait or flow_stop.
flow_accepted()
{
	json accepted <"$scratch/$1.sent"
}

# traffic_by LEG: does the leg send packets at present?
traffic_by()
{
	local was

	was=$(counter "$1/tx_packets")
	[ "$(counter "$1/tx_packets")" -gt "$was" ] ||
		[ "$(counter "$1/tx_packets")" -gt "$was" ]
}

# flow_send NS [OPTIONS]... ADDRESS: send packets in NS, and print their number.
flow_send()
{
	nsx "$1" "$flow" send "${@:2}" "${flow_port:-5000}" | json accepted
}

# json FIELD: print the number in a field of one line of flat JSON on stdin.
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
