#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Protection switching as a user sees it: which failures switch, which leg is
# active, when traffic returns, and that no packet is lost needlessly.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# cut LEG: cut the cable of a leg at the far end
cut()
{
	case $1 in
	leg1)	ip -n "$pe1" link set c1 down ;;
	leg2)	ip -n "$pe2" link set c2 down ;;
	esac
}

# mend LEG: bring the cable up, and restore the address and routes
mend()
{
	case $1 in
	leg1)	ip -n "$pe1" link set c1 up
		addr_add "$pe1" c1 fd00:10::2/64
		pe_routes "$pe1" 169.254.10.1 fd00:10::1 ;;
	leg2)	ip -n "$pe2" link set c2 up
		addr_add "$pe2" c2 fd00:11::2/64
		pe_routes "$pe2" 169.254.10.5 fd00:11::1 ;;
	esac
}

# --- packets ----------------------------------------------------------------

# The devices that send the packets of the legs, by default the legs themselves
declare -A port=([leg1]=leg1 [leg2]=leg2)

# flaps_up OPTIONS...: create er0 over two dummies, which have a switchable
# carrier and count packets. Packets sent at full speed go nowhere.
flaps_up()
{
	dummies_up "${port[leg1]}" "${port[leg2]}"
	[ "${port[leg1]}" = leg1 ] || ipb "$cust" <<-EOF
		link add leg1 link ${port[leg1]} up type vlan id 10
		link add tag2 link ${port[leg2]} up type vlan proto 802.1ad id 10
		link add leg2 link tag2 up type vlan id 10
	EOF
	circuit_bare
	erc set er0 wtr 0 "$@"
}

# vlans_up: the same, over a VLAN and a QinQ device on the dummies
vlans_up()
{
	port=([leg1]=port1 [leg2]=port2)
	flaps_up "$@"
}

# entered LEG: print the number of packets that entered a leg
entered()
{
	net_file "$cust" "${port[$1]}/statistics/tx_packets"
}

entered_more()
{
	[ "$(entered "$1")" -gt "$2" ]
}

# leg_flap DEAD OTHER OFF ON: fail a leg once. The other leg must take over, and
# no packet may enter the dead leg.
leg_flap()
{
	local dead=$1 other=$2 off=$3 on=$4 was others

	# shellcheck disable=SC2086
	ip -n "$cust" link set "${port[$dead]}" $off
	was=$(entered "$dead")
	others=$(entered "$other")
	busywait entered_more "$other" $((others + 20))
	expect_eq "entered $dead while dead" "$(entered "$dead")" "$was"
	# shellcheck disable=SC2086
	ip -n "$cust" link set "${port[$dead]}" $on
	busywait entered_more "$dead" "$was"
}

# flap_all OFF ON MODE: flap both legs in turns while 16 flows send
flap_all()
{
	local i sent flaps=12

	flow_start there "$cust" -d 600 -f 16 10.9.0.1
	busywait entered_more leg1 100
	for ((i = 0; i < flaps; i++)); do
		leg_flap leg1 leg2 "$1" "$2"
		[ "$3" = backup ] || leg_flap leg2 leg1 "$1" "$2"
	done
	flow_stop there
	sent=$(flow_accepted there)
	# Sometimes a packet has passed the check when the carrier is lost. A
	# leg that is used before the kernel has restarted it loses more than
	# one packet each time.
	[ "$3" = backup ] || flaps=$((flaps * 2))
	expect_le "lost" $((sent - $(entered leg1) - $(entered leg2))) \
		$((flaps / 2))
	expect_counter primary/tx_error 0
	expect_counter tx_no_leg 0
}

test_carrier_flaps() { # no packet enters a leg without carrier, and none is lost afterwards
	flaps_up
	flap_all "carrier off" "carrier on" backup
}

test_carrier_flaps_both() { # the same in active-active, on both legs
	local flow_port=$flow_port_counts

	flaps_up mode active-active hash l3l4
	flap_all "carrier off" "carrier on" both
}

test_port_flaps() { # no packet enters a VLAN whose port has lost its carrier
	vlans_up
	flap_all "carrier off" "carrier on" backup
}

test_port_flaps_both() { # the same in active-active, on both ports
	local flow_port=$flow_port_counts

	vlans_up mode active-active hash l3l4
	flap_all "carrier off" "carrier on" both
}

# told DEV STATE: the kernel has reported the device's carrier
told()
{
	[ "$(net_file "$cust" "$1/operstate")" = "$2" ]
}

test_port_blip() { # a port's carrier returns before the kernel reports its loss
	vlans_up
	ip -n "$cust" link add other up type dummy
	becomes active primary
	# The kernel reports the next link change a second after this one
	ip -n "$cust" link set other carrier off
	busywait told other down
	ip -n "$cust" link set port1 carrier off
	flow_send "$cust" -n 5 10.9.0.1
	becomes active secondary
	# Do not use ip here: it makes the kernel report at once
	echo 1 >"$(ns_sys "$cust")/class/net/port1/carrier"
	becomes active primary
	expect_counter tx_no_leg 0
}

test_admin_flaps() { # no packet enters a leg that is down, and none is lost afterwards
	flaps_up
	flap_all down up backup
}

test_admin_flaps_both() { # the same in active-active, on both legs
	local flow_port=$flow_port_counts

	flaps_up mode active-active hash l3l4
	flap_all down up both
}

test_admin_reason() { # the reason is "admin" while a leg goes down, not "carrier"
	local i

	flaps_up
	# The kernel waits for queues when it closes them
	for i in 1 2; do
		nsx "$cust" tc qdisc add dev "leg$i" root pfifo
		flow_port=500$i flow_start "$i" "$cust" -d 600 10.9.0.1
	done
	for ((i = 0; i < 10; i++)); do
		becomes active primary
		ipb "$cust" <<-EOF
			link set leg1 down
			link set leg2 down
		EOF
		erc log er0 | tail -n 8 | grep -w leg >"$scratch/log"
		not grep -w "down reason link" "$scratch/log"
		ipb "$cust" <<-EOF
			link set leg1 up
			link set leg2 up
		EOF
	done
}

# everything_arrives N OPTIONS...: all packets arrive in order over the active
# legs
everything_arrives()
{
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	expect_eq sent "$(flow_send "$cust" -n "$@")" "$1"
	expect_eq received "$(($(flow_result one received) +
			       $(flow_result two received)))" "$1"
	expect_eq reordered "$(flow_result one reordered)" 0
	expect_eq reordered "$(flow_result two reordered)" 0
}

test_order() { # with both legs up, no flow loses or reorders a packet
	edges_up
	circuit_up
	everything_arrives 20000 -f 16 10.9.0.1
	everything_arrives 20000 -f 16 fd09::1
	expect_counter primary/tx_packets 40000
}

test_order_both() { # the same in active-active
	local flow_port=$flow_port_counts

	edges_up
	circuit_up er0 mode active-active hash l3l4
	everything_arrives 20000 -f 16 10.9.0.1
	everything_arrives 20000 -f 16 fd09::1
	expect_ge "tx of leg 1" "$(counter primary/tx_packets)" 2000
	expect_ge "tx of leg 2" "$(counter secondary/tx_packets)" 2000
}

test_switch_by_config() { # changed settings lose no packet under traffic
	local i flow_port=$flow_port_counts

	edges_up
	circuit_up er0 hash l3l4
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	flow_start there "$cust" -d 600 -f 16 -r 10000 10.9.0.1
	for i in 1 2 3 4 5; do
		erc set er0 mode active-active wtr "$i"s
		erc set er0 mode active-backup hold-off "$i"00ms
		erc set er0 revertive off
		erc set er0 revertive on hash l3
		erc set er0 hash l3l4
	done
	flow_stop there
	expect_eq received "$(($(flow_result one received) +
		$(flow_result two received)))" "$(flow_accepted there)"
}

# --- state ------------------------------------------------------------------

test_carrier() { # a lost carrier switches, and all values report it
	edges_up
	circuit_up
	expect_counter request NR
	expect_counter switches 1
	cut leg1
	becomes active secondary
	expect_counter request SF
	expect_counter primary/state down
	expect_counter primary/reason link
	expect_counter last_switch_reason link
	expect_counter primary/sf_events 1
	expect_counter switches 2
	# The first selection counts, too
	expect_counter switches_auto 2
	expect_ge last_switch_ns "$(counter last_switch_ns)" 1
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
}

test_admin() { # a leg's admin state switches, too
	edges_up
	circuit_up
	ip -n "$cust" link set leg1 down
	becomes active secondary
	expect_counter primary/reason admin
	expect_counter last_switch_reason admin
	reaches "$cust" 10.9.0.1
}

test_secondary() { # a failure of the secondary is shown, but does not switch
	edges_up
	circuit_up
	cut leg2
	becomes request SF-P
	expect_counter active primary
	expect_counter secondary/state down
	expect_counter switches 1
	mend leg2
	becomes request NR
	expect_counter active primary
}

# ms_between FILTER FILTER: print the time between the last two matching entries
# of the log
ms_between()
{
	erc -j log er0 >"$scratch/log"
	jq "[.[] | select($1)][-1].when_ns as \$from |
		([.[] | select($2)][-1].when_ns - \$from) / 1000000 | floor" \
		"$scratch/log"
}

# The log records a leg's state a moment after the state machine, so a wait of 1
# s can appear a few ms shorter.
primary_up='.kind == "leg" and .leg == "primary" and .to == "up"'
reverted='.kind == "switch" and .to == "primary" and .reason == "revert"'

test_wtr() { # after the wait to restore, traffic returns to the primary
	edges_up
	circuit_up er0 wtr 1s
	cut leg1
	becomes active secondary
	mend leg1
	becomes active primary
	expect_ge "time waited" "$(ms_between '.to == "WTR"' "$reverted")" 990
	expect_ge "time waited" "$(ms_between "$primary_up" "$reverted")" 990
	expect_counter request NR
	expect_counter last_switch_reason revert
	reaches "$cust" 10.9.0.1
	expect_counter primary/tx_packets 1
}

test_wtr_restart() { # a second failure restarts the wait to restore
	edges_up
	circuit_up er0 wtr 300s
	cut leg1
	becomes active secondary
	mend leg1
	becomes request WTR
	cut leg1
	becomes request SF
	erc set er0 wtr 1s
	mend leg1
	becomes active primary
	expect_ge "time waited" "$(ms_between '.to == "WTR"' "$reverted")" 990
	expect_counter primary/sf_events 2
}

test_wtr_changed() { # a shortened wait to restore takes effect while it runs
	edges_up
	circuit_up er0 wtr 300s
	cut leg1
	becomes active secondary
	mend leg1
	becomes request WTR
	erc set er0 wtr 100ms
	becomes active primary
}

test_wtr_other_leg() { # if the other leg fails, the wait to restore ends
	edges_up
	circuit_up er0 wtr 300s
	cut leg1
	becomes active secondary
	mend leg1
	becomes request WTR
	cut leg2
	becomes active primary
	expect_counter request SF-P
	reaches "$cust" 10.9.0.1
}

test_wtr_zero() { # without a wait to restore, traffic returns immediately
	edges_up
	circuit_up er0 wtr 0
	cut leg1
	becomes active secondary
	mend leg1
	becomes active primary
	expect_counter request NR
}

test_nonrevertive() { # non-revertive: traffic stays until it is switched manually
	edges_up
	circuit_up er0 revertive off wtr 100ms
	cut leg1
	becomes active secondary
	mend leg1
	becomes request DNR
	# Wait for three times the wait to restore
	lasts 300 counter_is active secondary
	erc set er0 revertive on
	becomes active primary
	expect_counter request NR
}

test_hold_off() { # a defect shorter than the hold-off does not switch
	edges_up
	circuit_up er0 hold-off 10s
	cut leg1
	reaches "$cust" 10.9.0.1
	expect_counter secondary/tx_packets 1
	mend leg1
	# The kernel reports the carrier with a delay
	busywait counter_is primary/reason none
	expect_counter switches 1
	expect_counter primary/sf_events 0
	expect_counter active primary
}

test_hold_off_over() { # a longer defect switches at the end of the hold-off
	local start switched

	edges_up
	circuit_up er0 hold-off 1s
	now_ms start
	cut leg1
	becomes active secondary
	switched=$(erc -j log er0 | jq '[.[] | select(.kind == "switch" and
		.to == "secondary")][-1].when_ns / 1000000 | floor')
	expect_ge "time held" $((switched - start)) 1000
}

# works_woken COMMAND...: print how often COMMAND caused the circuit's work to
# be queued
works_woken()
{
	local events=/sys/kernel/tracing/events/workqueue/workqueue_queue_work

	echo 'workqueue == "ercircuit"' >"$events/filter"
	echo >/sys/kernel/tracing/trace
	echo 1 >"$events/enable"
	"$@" >/dev/null || true
	echo 0 >"$events/enable"
	echo 0 >"$events/filter"
	grep -c workqueue_queue_work: /sys/kernel/tracing/trace || true
}

# while_held: send packets while hold-off holds a defect. Fails if a slow host
# let the hold-off end.
while_held()
{
	mend leg1
	becomes request NR
	becomes primary/reason none
	cut leg1
	becomes primary/reason link
	flow_listen two "$pe2"
	works=$(works_woken flow_send "$cust" -n 100 -r 100 -S 10.1.0.1 10.9.0.1)
	counter_is active primary
}

test_hold_off_rests() { # packets during hold-off queue no work
	local works

	[ -e /sys/kernel/tracing/events/workqueue ] ||
		skip "no trace of workqueues in this kernel"
	edges_up
	circuit_up er0 hold-off 10s wtr 0
	while_held || while_held || while_held ||
		skip "this machine is too slow for a hold-off of 10 s"
	expect_le "works" "$works" 10
	expect_eq received "$(flow_result two received)" 100
}

test_hold_off_changed() { # a shortened hold-off takes effect while it runs
	edges_up
	circuit_up er0 hold-off 10s
	cut leg1
	busywait counter_is primary/reason link
	expect_counter active primary
	erc set er0 hold-off 0
	becomes active secondary
}

# flap_until_left: one batch, so that each defect is short on a slow host, too
flap_until_left()
{
	ip -n "$cust" -batch "$scratch/flaps"
	counter_is active secondary
}

test_hold_off_flaps() { # the circuit leaves a leg that flaps, however short each defect is
	local i

	flaps_up hold-off 500ms
	erc set er0 wtr 300s
	becomes active primary
	for ((i = 0; i < 1000; i++)); do
		echo "link set leg1 down"
		echo "link set leg1 up"
	done >"$scratch/flaps"
	# About every second hold-off ends while the leg is down
	busywait flap_until_left
	expect_ge sf_events "$(counter primary/sf_events)" 1
	expect_counter last_switch_reason admin
}

test_hold_off_wtr() { # a leg whose next defect is held does not become active again
	flaps_up hold-off 10s
	erc set er0 wtr 300s
	erc leg er0 primary fault down
	becomes active secondary
	erc leg er0 primary fault none
	becomes request WTR
	ip -n "$cust" link set leg1 down
	expect_counter primary/reason admin
	# End the wait to restore
	erc set er0 wtr 0
	expect_counter active secondary
	ip -n "$cust" link set leg1 up
	expect_counter primary/reason none
	# End the hold-off
	erc set er0 hold-off 0
	becomes active primary
	expect_counter request NR
}

test_both_down() { # both legs fail and return, in either order
	edges_up
	circuit_up er0 wtr 300s
	cut leg1
	cut leg2
	becomes active none
	expect_counter request SF-P
	not reaches "$cust" 10.9.0.1
	expect_ge tx_no_leg "$(counter tx_no_leg)" 1
	mend leg2
	becomes active secondary
	reaches "$cust" 10.9.0.1
	mend leg1
	becomes request WTR
	cut leg1
	cut leg2
	becomes active none
	# The first leg to return becomes active without a wait
	mend leg1
	becomes active primary
	reaches "$cust" 10.9.0.1
}

# flows_by: send 64 flows; set one_flows and two_flows to the flows on each leg
flows_by()
{
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	flow_send "$cust" -n 640 -f 64 -S 10.1.0.1 -P 20000 10.9.0.1
	one_flows=$(flow_result one flows)
	two_flows=$(flow_result two flows)
}

test_active_active() { # active-active: only the flows of a failed leg move
	local was one_was two_was flow_port=$flow_port_counts

	edges_up
	circuit_up er0 mode active-active hash l3l4 wtr 300s
	expect_counter active both
	flows_by
	one_was=$one_flows
	two_was=$two_flows
	expect_ge "flows of leg 1" "$(wc -w <<<"$one_flows")" 12
	cut leg1
	becomes active secondary
	flows_by
	expect_eq "flows of leg 1" "$one_flows" ""
	erc set er0 wtr 1s
	mend leg1
	becomes active both
	expect_ge "time waited" "$(ms_between '.to == "WTR"' \
		'.kind == "switch" and .to == "both"')" 1000
	expect_counter last_switch_reason revert
	flows_by
	expect_eq "flows of leg 1" "$one_flows" "$one_was"
	expect_eq "flows of leg 2" "$two_flows" "$two_was"
	was=$(counter switches)
	cut leg2
	becomes active primary
	expect_counter switches $((was + 1))
	flows_by
	expect_eq "flows of leg 2" "$two_flows" ""
}

test_times() { # up time and down time of a leg add up to the elapsed time
	local up down

	edges_up
	circuit_up er0 wtr 0
	cut leg1
	becomes primary/state down
	busywait time_is down 300
	mend leg1
	becomes primary/state up
	up=$(counter primary/up_ns)
	busywait time_is up $((up / 1000000 + 100))
	down=$(counter primary/down_ns)
	expect_counter primary/down_ns "$down"
}

# time_is up|down MS: the leg was up or down for at least MS milliseconds
time_is()
{
	[ "$(counter "primary/$1_ns")" -ge "${2}000000" ]
}

test_open() { # fail closed: er0 keeps its carrier without a leg
	edges_up
	circuit_up
	cut leg1
	cut leg2
	becomes active none
	expect_eq carrier "$(net_file "$cust" er0/carrier)" 1
	ip -n "$cust" route get 10.9.0.1 | grep "dev er0"
}

ktap_main
