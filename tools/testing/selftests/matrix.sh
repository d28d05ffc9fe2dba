#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each failure and command, on either leg and on both, in every mode: which leg
# is active during and after it, which counter it increments, and how many
# packets it may lose. All cells of the table use one topology, so that each
# takes a fraction of a second.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# ACTION|KIND|LOST|EVENT: LOST is the largest number of packets that may be lost
# during the action, on its leg. EVENT is the expected event about that leg.
actions()
{
	cat <<-EOF
		dead|fail|400|up -> down reason neigh
		cut|fail|20|up -> down reason link
		admin|fail|20|up -> down reason admin
		deleted|fail|20|down -> empty reason link
		down|fail|0|up -> down reason fault
		blackhole|silent|400|up -> up reason fault
		tx|silent|400|up -> up reason fault
		rx|silent|0|up -> up reason fault
		drain|degrade|0|up -> degraded reason drain
	EOF
}

# KIND:LEG|REQUEST|ACTIVE in active-backup|in active-active|COUNTER. Commands:
# COMMAND|...
during()
{
	cat <<-EOF
		fail:primary|SF|secondary|secondary|primary/sf_events
		fail:secondary|SF-P|primary|primary|secondary/sf_events
		fail:both|SF-P|none|none|secondary/sf_events
		degrade:primary|SD|secondary|secondary|primary/sd_events
		degrade:secondary|SD|primary|primary|secondary/sd_events
		degrade:both|SD|secondary|secondary|secondary/sd_events
		silent:primary|NR|primary|both|
		silent:secondary|NR|primary|both|
		silent:both|NR|primary|both|
		lockout|LO|primary|primary|
		forced|FS|secondary|secondary|switches_command
		manual-primary|MS|primary|primary|
		manual-secondary|MS|secondary|secondary|switches_command
		exercise|EXER|primary|both|
	EOF
}

# The same after the end. WAIT means WTR or DNR, whichever keeps the leg idle.
after()
{
	cat <<-EOF
		fail:primary|WAIT|secondary|WAIT|secondary
		fail:secondary|NR|primary|WAIT|primary
		fail:both|NR|primary|WAIT|primary
		degrade:primary|WAIT|secondary|WAIT|secondary
		degrade:secondary|NR|primary|WAIT|primary
		degrade:both|NR|primary|WAIT|primary
	EOF
}

declare -A during after

tables_read()
{
	local key rest

	while IFS='|' read -r key rest; do
		during[$key]=$rest
	done < <(during)
	while IFS='|' read -r key rest; do
		after[$key]=$rest
	done < <(after)
}

# --- actions, by one ip process in each namespace -----------------------------

# door VARIABLE NS: start an ip process in NS and set VARIABLE to the descriptor
# for its commands
door()
{
	rm -f "$scratch/$1"
	mkfifo "$scratch/$1"
	ip -n "$2" -batch "$scratch/$1" &
	defer kill -9 $!
	exec {fd}>"$scratch/$1"
	printf -v "$1" %s "$fd"
}

# in_cust COMMAND, in_pe N COMMAND: give a command to the namespace's ip process
in_cust()
{
	# shellcheck disable=SC2154
	echo "$1" >&"$door_cust"
}

in_pe()
{
	local fd=door_pe$1

	echo "$2" >&"${!fd}"
}

declare -A number=([primary]=1 [secondary]=2)

leg_option()
{
	in_cust "link set leg$1 type ercircuit_slave $2"
}

# neigh_settings DEV: send no probes unless a test asks for them, as they would
# find a blackhole; give up after the first unanswered probe
neigh_settings()
{
	"$netns" write "$cust" "ipv4/neigh/$1/base_reachable_time_ms" 3600000
	"$netns" write "$cust" "ipv4/neigh/$1/ucast_solicit" 1
	"$netns" write "$cust" "ipv4/neigh/$1/retrans_time_ms" 20
}

# wire N: create a new pair of devices. Do not use the running ip process: it
# caches the index of the old device of that name.
wire()
{
	local far=pe$1 last=$((4 * $1 - 3))

	ipb "$cust" <<-EOF
		link add leg$1 type veth peer name c$1 netns ${!far}
		addr add 169.254.10.$last/30 dev leg$1
		link set leg$1 up
	EOF
	neigh_settings "leg$1"
	ip -n "$cust" link set "leg$1" master er0
	ipb "${!far}" <<-EOF
		link set c$1 up
		addr add 169.254.10.$((last + 1))/30 dev c$1
	EOF
	route_back "$1"
}

# route_back N: edge N has a route to the customer again, which strict reverse path
# filtering needs
route_back()
{
	in_pe "$1" "route replace 10.1.0.0/24 via 169.254.10.$((4 * $1 - 3))"
}

# mute N: the far end does not answer ARP: IFF_NOARP
mute()
{
	local far=pe$1

	(($(net_file "${!far}" "c$1/flags") & 0x80))
}

# begin ACTION N: begin the action on leg N
begin()
{
	case $1 in
	cut)	in_pe "$2" "link set c$2 down" ;;
	admin)	in_cust "link set leg$2 down" ;;
	deleted)	in_cust "link del leg$2" ;;
	dead)	in_pe "$2" "link set c$2 arp off"
		busywait mute "$2"
		# Probe now, instead of when the entry becomes stale
		in_cust "neigh replace 169.254.10.$((4 * $2 - 2)) lladdr $unused_mac dev leg$2 nud probe" ;;
	drain)	leg_option "$2" "drain on" ;;
	*)	leg_option "$2" "fault $1" ;;
	esac
}

# A MAC address that no device has
unused_mac=02:00:00:00:00:99

# end ACTION N: end the action on leg N
end()
{
	case $1 in
	cut)	in_pe "$2" "link set c$2 up"
		route_back "$2" ;;
	admin)	in_cust "link set leg$2 up" ;;
	deleted)	wire "$2" ;;
	dead)	in_pe "$2" "link set c$2 arp on" ;;
	drain)	leg_option "$2" "drain off" ;;
	*)	leg_option "$2" "fault none" ;;
	esac
}

# --- checks ------------------------------------------------------------------

# value_of FILE: set value. Starts no process, as a cell needs dozens of values.
value_of()
{
	read -r value <"$files/$1"
}

# value_is FILE VALUE: does the file have this value?
value_is()
{
	value_of "$1"
	[ "$value" = "$2" ]
}

# event TEXT: wait until the monitor prints a new line that ends in TEXT
event()
{
	local i line part=

	for ((i = 0; i < 100 * patience; i++)); do
		while read -r line; do
			line=$part$line part=
			# shellcheck disable=SC2053
			[[ $line != *" er0 "$1* ]] || return 0
		done <&"$events"
		# The line may be incomplete
		part+=$line
		pause 10
	done
	tail -n 12 "$scratch/events"
	fail "$cell: no event: $1"
}

# monitor_tells: cause events until the monitor prints one, as it starts to
# listen at an unknown moment
monitor_tells()
{
	in_cust "link set er0 type ercircuit switch exercise"
	in_cust "link set er0 type ercircuit switch clear"
	[ -s "$scratch/events" ]
}

monitor_up()
{
	nsx_exec "$cust" ercircuit monitor >"$scratch/events" &
	defer kill $!
	busywait monitor_tells
	exec {events}<"$scratch/events"
}

# is REQUEST ACTIVE: wait until both have these values
is()
{
	if busywait value_is request "$1" && busywait value_is active "$2"; then
		return
	fi
	fail "$cell: $(counter request) $(counter active), expected $*"
}

# counts NAME WAS: counter NAME grew by one; an empty NAME means no counter
counts()
{
	[ -n "$1" ] || return 0
	busywait value_is "$1" $(($2 + 1)) ||
		fail "$cell: $1 is $value, expected $(($2 + 1))"
}

# got_now: set got to the number of packets that both edges have received
got_now()
{
	local name n

	got=0
	for name in one two; do
		: >"$scratch/$name.flow"
		read -r n <"$scratch/$name.pid"
		kill -USR1 "$n"
		busywait test -s "$scratch/$name.flow"
		read -r n <"$scratch/$name.flow"
		[[ $n =~ '"received":'([0-9]+) ]]
		got=$((got + BASH_REMATCH[1]))
	done
}

got_at_least()
{
	got_now
	[ "$got" -ge "$1" ]
}

# The action happens while this number of packets is sent
packets=400
traffic_begin()
{
	got_now
	before=$got
	flow_start there "$cust" -n "$packets" -r 2000 -f 16 10.9.0.1
}

# traffic_end LOST: at most LOST packets are missing; sets lost
traffic_end()
{
	flow_wait there
	busywait got_at_least $((before + packets - $1)) || {
		cat "$scratch/there.sent"
		nsx "$cust" ethtool -S er0 | grep -v ': 0$'
		nsx "$cust" ip -s -s link
		erc log er0 | tail -n 12
		grep . /proc/net/stat/arp_cache
		fail "$cell: lost $((before + packets - got)), at most $1"
	}
	lost=$((before + packets - got))
}

# drops: set dropped to the number of packets that the circuit counted as
# dropped
drops()
{
	local name

	dropped=0
	for name in tx_no_leg primary/tx_fault secondary/tx_fault; do
		value_of "$name"
		dropped=$((dropped + value))
	done
}

# traffic_all: the missing packets equal the counted drops; sets lost
traffic_all()
{
	local was

	drops
	was=$dropped
	traffic_begin
	flow_wait there
	drops
	lost=$((dropped - was))
	busywait got_at_least $((before + packets - lost)) ||
		fail "$cell: lost $((before + packets - got)), dropped $lost"
	expect_eq "$cell: got" "$((got - before))" $((packets - lost))
}

# lost_by ACTION LEG|both: check the packets lost by a fault that the circuit
# cannot notice
lost_by()
{
	case $mode:$1:$2 in
	*:rx:*|active-backup:*:secondary)
		expect_eq "$cell: lost" "$lost" 0 ;;
	active-backup:*|*:both)
		expect_eq "$cell: lost" "$lost" "$packets" ;;
	*)	expect_ge "$cell: lost" "$lost" 1
		expect_le "$cell: lost" "$lost" $((packets - 1)) ;;
	esac
}

# by_mode BACKUP ACTIVE: set want to the table's column for the mode
by_mode()
{
	want=$1
	[ "$mode" = active-backup ] || want=$2
}

# by_setting: replace WAIT in want by WTR or DNR
by_setting()
{
	[ "$want" = WAIT ] || return 0
	want=WTR
	[ "$revertive" = on ] || want=DNR
}

# is_normal: wait until no request is pending and the normal legs are active
is_normal()
{
	by_mode primary both
	is NR "$want"
}

# cell_begin ACTION KIND TARGET EVENT: begin the action and wait for the table's
# state
cell_begin()
{
	local request backup active counter was legs=$3 leg

	IFS='|' read -r request backup active counter <<<"${during[$2:$3]}"
	[ "$3" != both ] || legs="primary secondary"
	value=
	[ -z "$counter" ] || value_of "$counter"
	was=$value
	for leg in $legs; do
		begin "$1" "${number[$leg]}"
		event "leg $leg $4"
		# Fail the legs one after the other
		[ "$2:$3:$leg" != fail:both:primary ] || is SF secondary
	done
	by_mode "$backup" "$active"
	is "$request" "$want"
	counts "$counter" "$was"
}

# cell_leg TARGET ACTION KIND LOST EVENT: test one row, from begin to end
cell_leg()
{
	local target=$1 action=$2 kind=$3 lost_max=$4 event=$5

	cell="$mode revertive $revertive: $action of $target"
	case $kind:$target in
	silent:*)
		cell_begin "$action" "$kind" "$target" "$event"
		traffic_all
		lost_by "$action" "$target" ;;
	fail:both)
		cell_begin "$action" "$kind" "$target" "$event"
		traffic_all
		expect_eq "$cell: lost" "$lost" "$packets" ;;
	*)
		# A failure of the idle leg loses no packet
		[ "$mode:$target" != active-backup:secondary ] || lost_max=0
		traffic_begin
		cell_begin "$action" "$kind" "$target" "$event"
		traffic_end "$lost_max" ;;
	esac
	cell_end "$action" "$kind" "$target"
}

# cell_end ACTION KIND TARGET: end the action, on the primary leg first
cell_end()
{
	local leg legs=$3 request1 backup request2 active

	[ "$3" != both ] || legs="primary secondary"
	for leg in $legs; do
		end "$1" "${number[$leg]}"
		event "leg $leg * -> up reason none"
	done
	[ "$2" = silent ] || {
		IFS='|' read -r request1 backup request2 active <<<"${after[$2:$3]}"
		by_mode "$request1" "$request2"
		by_setting
		request1=$want
		by_mode "$backup" "$active"
		is "$request1" "$want"
		in_cust "link set er0 type ercircuit switch clear"
	}
	is_normal
}

# cell_command COMMAND: test one command, from begin to end
cell_command()
{
	local request backup active counter was

	cell="$mode revertive $revertive: $1"
	IFS='|' read -r request backup active counter <<<"${during[$1]}"
	value=
	[ -z "$counter" ] || value_of "$counter"
	was=$value
	traffic_begin
	in_cust "link set er0 type ercircuit switch $1"
	event "request NR -> $request reason command"
	by_mode "$backup" "$active"
	is "$request" "$want"
	counts "$counter" "$was"
	in_cust "link set er0 type ercircuit switch clear"
	is_normal
	traffic_end 0
}

# matrix MODE REVERTIVE: test all rows and commands
matrix()
{
	local action kind lost_max event target start now n=0
	local flow_port=$flow_port_counts

	mode=$1 revertive=$2
	tables_read
	edges_up
	neigh_settings leg1
	neigh_settings leg2
	circuit_up er0 mode "$1" revertive "$2" hash l3l4 wtr 300s
	erc set er0 primary leg1 novia via 169.254.10.2 \
		secondary leg2 novia via 169.254.10.6
	door door_cust "$cust"
	door door_pe1 "$pe1"
	door door_pe2 "$pe2"
	files=$(ns_sys "$cust")/class/net/er0/ercircuit
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	is_normal
	monitor_up
	now_ms start
	while IFS='|' read -r action kind lost_max event; do
		for target in primary secondary both; do
			cell_leg "$target" "$action" "$kind" "$lost_max" "$event"
			n=$((n + 1))
			echo "$cell: lost $lost"
		done
	done < <(actions)
	for action in lockout forced manual-primary manual-secondary exercise; do
		cell_command "$action"
		n=$((n + 1))
	done
	now_ms now
	echo "$n cells in $((now - start)) ms"
	expect_eq cells "$n" 32
}

test_backup_revertive() { # active-backup, revertive
	matrix active-backup on
}

test_backup_nonrevertive() { # active-backup, not revertive
	matrix active-backup off
}

test_active_revertive() { # active-active, revertive
	matrix active-active on
}

test_active_nonrevertive() { # active-active, not revertive
	matrix active-active off
}

ktap_main
