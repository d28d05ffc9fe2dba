#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Next hops: a leg fails if its next hop does not answer; an idle leg's next hop
# stays resolved; no frame carries an outdated address.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# quick: make neighbour discovery fast on both legs
quick()
{
	# shellcheck disable=SC2016
	nsx "$cust" sh -c 'for dev in leg1 leg2; do for f in 4 6; do
		cd /proc/sys/net/ipv$f/neigh/$dev
		echo 100 >retrans_time_ms
		echo 300 >base_reachable_time_ms
		echo 1 >ucast_solicit
		echo 1 >mcast_solicit
		echo 1 >delay_first_probe_time
	done; done'
}

# answer ADDRESS..., silent ADDRESS...: the first edge owns the addresses, or no
# longer does
answer()
{
	local a

	for a in "$@"; do
		case $a in
		*:*)	ip -n "$pe1" addr add "$a/64" dev c1 nodad ;;
		*)	ip -n "$pe1" addr add "$a/30" dev c1 ;;
		esac
	done
	pe_routes "$pe1" 169.254.10.1 fd00:10::1
}

silent()
{
	local a

	for a in "$@"; do
		case $a in
		*:*)	ip -n "$pe1" addr del "$a/64" dev c1 ;;
		*)	ip -n "$pe1" addr del "$a/30" dev c1 ;;
		esac
	done
}

# resolved ADDRESS: the kernel has a valid neighbour entry
resolved()
{
	ip -n "$cust" neigh show to "$1" |
		grep -qE 'lladdr.*(REACHABLE|STALE|DELAY|PROBE|PERMANENT)'
}

# fails_and_recovers ADDRESS: the leg fails when the next hop falls silent and
# recovers when it answers
fails_and_recovers()
{
	becomes primary/state up
	silent "$1"
	becomes primary/state down
	expect_counter primary/reason neigh
	expect_counter active secondary
	expect_counter last_switch_reason neigh
	reaches "$cust" 10.9.0.1
	expect_ge "tx of leg 2" "$(counter secondary/tx_packets)" 1
	answer "$1"
	becomes active primary
	expect_counter primary/reason none
	reaches "$cust" 10.9.0.1
}

test_fail4() { # a leg without traffic fails if its IPv4 next hop does not answer
	edges_up
	quick
	circuit_up er0 wtr 0
	fails_and_recovers 169.254.10.2
}

test_fail6() { # a leg without traffic fails if its IPv6 next hop does not answer
	edges_up
	quick
	circuit_up er0 wtr 0
	fails_and_recovers fd00:10::2
}

test_never_there() { # a leg fails if its next hop has never answered
	edges_up
	quick
	silent 169.254.10.2
	circuit_up er0 wtr 0
	becomes primary/reason neigh
	expect_counter active secondary
	reaches "$cust" 10.9.0.1
	answer 169.254.10.2
	becomes active primary
}

test_idle_fails() { # an idle leg fails, too
	edges_up
	quick
	circuit_up er0 wtr 0
	becomes secondary/state up
	ip -n "$pe2" addr del 169.254.10.6/30 dev c2
	becomes secondary/reason neigh
	expect_counter active primary
	expect_counter request SF-P
	ip -n "$pe2" addr add 169.254.10.6/30 dev c2
	becomes secondary/state up
	expect_counter request NR
}

test_neigh_off() { # with neigh off, a silent next hop does not fail the leg
	edges_up
	quick
	circuit_up er0 wtr 0
	erc leg er0 primary neigh off
	silent 169.254.10.2
	busywait not resolved 169.254.10.2
	expect_counter primary/state up
	expect_counter active primary
	# With neigh on, the same silence fails the leg
	erc leg er0 primary neigh on
	becomes primary/reason neigh
	erc leg er0 primary neigh off
	becomes primary/state up
}

test_kept_resolved() { # next hops of both legs stay resolved without traffic, and after a flush
	local i via

	edges_up
	quick
	circuit_up
	for i in 1 2 3; do
		for via in 169.254.10.2 169.254.10.6 fd00:10::2 fd00:11::2; do
			busywait resolved "$via"
		done
		# ip complains about entries that reappear immediately
		ip -n "$cust" neigh flush dev leg1 || true
		ip -n "$cust" neigh flush dev leg2 || true
		ip -n "$cust" -6 neigh flush dev leg1 || true
		ip -n "$cust" -6 neigh flush dev leg2 || true
	done
	expect_counter primary/state up
	expect_counter secondary/state up
	expect_counter primary/tx_packets 0
}

test_neigh_deleted() { # a deleted neighbour entry is created again
	edges_up
	circuit_up
	reaches "$cust" 10.9.0.1
	ip -n "$cust" neigh del 169.254.10.2 dev leg1
	ip -n "$cust" neigh del fd00:10::2 dev leg1
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	busywait resolved 169.254.10.2
	busywait resolved fd00:10::2
}

test_peer_mac() { # the circuit follows a next hop that changes its MAC
	edges_up
	quick
	circuit_up
	reaches "$cust" 10.9.0.1
	ip -n "$pe1" link set c1 address 02:00:00:00:10:99
	busywait reaches "$cust" 10.9.0.1
	busywait reaches "$cust" fd09::1
	ip -n "$cust" neigh show to 169.254.10.2 | grep 02:00:00:00:10:99
}

test_peer_announces() { # the circuit uses an announced new MAC immediately
	edges_up
	circuit_up
	reaches "$cust" 10.9.0.1
	"$netns" write "$pe1" ipv4/conf/c1/arp_notify 1 \
		${has_ipv6:+ipv6/conf/c1/ndisc_notify 1}
	ip -n "$pe1" link set c1 down
	ip -n "$pe1" link set c1 address 02:00:00:00:10:99
	ip -n "$pe1" link set c1 up
	addr_add "$pe1" c1 fd00:10::2/64
	answer
	erc set er0 wtr 0
	becomes active primary
	busywait reaches "$cust" 10.9.0.1
	ip -n "$cust" neigh show to 169.254.10.2 | grep 02:00:00:00:10:99
}

# capture: capture frames from cust that reach the first edge, with their
# addresses
capture()
{
	tcpdump_start "$pe1" "$scratch/tcpdump" -i c1 -enn -Q in -l ip or ip6 \
		>"$scratch/frames"
	defer kill $!
}

captured()
{
	[ "$(grep -c "$1" "$scratch/frames")" = "$2" ]
}

# own_mac_changes: the leg gets another MAC; each later frame has it as its
# source, even while the edge still uses the old one
own_mac_changes()
{
	local old

	old=$(net_file "$cust" leg1/address)
	capture
	ip -n "$cust" link set leg1 address 02:00:00:00:01:77
	: >"$scratch/frames"
	flow_send "$cust" -n 20 -r 100 10.9.0.1
	flow_send "$cust" -n 20 -r 100 fd09::1
	busywait captured "02:00:00:00:01:77 .*10.9.0.1.5000" 20
	busywait captured "02:00:00:00:01:77 .*fd09::1.5000" 20
	captured "$old >" 0
}

test_own_mac() { # after a change of the leg's own MAC, no frame has the old source
	edges_up
	circuit_up
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	own_mac_changes
}

test_own_mac_unnumbered() { # the same on an unnumbered leg
	edges_up
	circuit_bare
	peers_known
	own_mac_changes
}

test_dead_entry() { # traffic continues after its neighbour entries are deleted
	local i

	edges_up
	circuit_up
	flow_listen one "$pe1"
	flow_start there "$cust" -d 600 -r 2000 10.9.0.1
	for i in 1 2 3 4 5; do
		ip -n "$cust" link set leg1 address "02:00:00:00:01:7$i"
		ip -n "$cust" neigh flush dev leg1 || true
		ip -n "$pe1" link set c1 address "02:00:00:00:10:9$i"
		ip -n "$pe1" neigh flush dev c1 || true
		ip -n "$cust" neigh flush dev leg1 || true
		busywait reaches "$cust" 10.9.0.1
	done
	flow_stop there
	# ip flushes entries that reappear up to ten times, so the number of
	# lost packets varies
	reaches "$cust" 10.9.0.1
}

# mute_up: create a circuit whose first edge does not answer ARP; the kernel
# probes longer than a test runs
mute_up()
{
	edges_up
	"$netns" write "$cust" ipv4/neigh/leg1/mcast_solicit 600
	ip -n "$pe1" link set c1 arp off
	circuit_up er0 wtr 0
	erc leg er0 primary neigh off
	becomes active primary
}

test_queued() { # packets that wait for a next hop's answer are sent and counted once
	mute_up
	flow_listen one "$pe1"
	flow_send "$cust" -n 20 -r 1000 10.9.0.1 >/dev/null
	expect_counter primary/tx_packets 0
	ip -n "$pe1" link set c1 arp on
	becomes primary/tx_packets 20
	expect_eq received "$(flow_result one received)" 20
	expect_counter primary/tx_packets 20
	expect_counter primary/tx_no_neigh 0
}

# udp_sent N: cust has sent more than N datagrams
udp_sent()
{
	# shellcheck disable=SC2016
	[ "$(nsx "$cust" awk '/^Udp:/ { n = $5 } END { print n }' \
		/proc/net/snmp)" -gt "$1" ]
}

test_queued_in_order() { # no later packet overtakes packets that wait for an answer
	mute_up
	"$netns" write "$cust" ipv4/neigh/leg1/unres_qlen_bytes 100000000
	flow_listen one "$pe1"
	flow_start there "$cust" -d 600 -r 2000 10.9.0.1
	busywait udp_sent 100
	ip -n "$pe1" link set c1 arp on
	busywait traffic_by primary
	flow_stop there
	becomes primary/tx_packets "$(flow_accepted there)"
	expect_eq received "$(flow_result one received)" "$(flow_accepted there)"
	expect_eq reordered "$(flow_result one reordered)" 0
}

# all_dropped SENT: all packets were dropped and counted in tx_no_neigh
all_dropped()
{
	becomes primary/tx_no_neigh "$1"
	expect_counter primary/tx_packets 0
	expect_eq tx_dropped \
		"$(net_file "$cust" er0/statistics/tx_dropped)" "$1"
}

test_unanswered_counted() { # packets to a silent next hop are dropped, and do not count as sent
	local to

	edges_up
	quick
	silent 169.254.10.2 fd00:10::2
	circuit_up
	ip -n "$cust" link set leg2 down
	erc leg er0 primary neigh off
	becomes active primary
	for to in 10.9.0.1 fd09::1; do
		flow_send "$cust" -n 20 -r 1000 "$to" >/dev/null
	done
	all_dropped 40
}

test_unanswered_down() { # waiting packets are dropped and counted when the circuit goes down
	mute_up
	flow_send "$cust" -n 20 -r 1000 10.9.0.1 >/dev/null
	expect_counter primary/tx_no_neigh 0
	ip -n "$cust" link set er0 down
	all_dropped 20
}

test_unanswered_leaves() { # waiting packets are dropped and counted when the only leg leaves
	mute_up
	ip -n "$cust" link set leg2 nomaster
	flow_send "$cust" -n 20 -r 1000 10.9.0.1 >/dev/null
	expect_counter primary/tx_no_neigh 0
	ip -n "$cust" link set leg1 nomaster
	all_dropped 20
	ip -n "$cust" link set leg1 master er0
}

test_unanswered_full() { # the oldest packets are dropped and counted when the queue is full
	local sent

	mute_up
	"$netns" write "$cust" ipv4/neigh/leg1/unres_qlen_bytes 8192
	flow_listen one "$pe1"
	flow_send "$cust" -n 100 -r 2000 10.9.0.1 >/dev/null
	expect_ge tx_no_neigh "$(counter primary/tx_no_neigh)" 50
	ip -n "$pe1" link set c1 arp on
	busywait resolved 169.254.10.2
	sent=$((100 - $(counter primary/tx_no_neigh)))
	becomes primary/tx_packets "$sent"
	expect_eq received "$(flow_result one received)" "$sent"
	expect_ge sent "$sent" 1
}

test_unanswered_moves() { # waiting packets move to the other leg when their leg fails
	edges_up
	silent 169.254.10.2
	"$netns" write "$cust" ipv4/neigh/leg1/mcast_solicit 600
	circuit_up
	becomes active primary
	busywait resolved 169.254.10.6
	flow_listen two "$pe2"
	flow_send "$cust" -n 20 -r 1000 10.9.0.1 >/dev/null
	expect_counter primary/tx_packets 0
	ip -n "$cust" link set leg1 down
	becomes secondary/tx_packets 20
	expect_eq received "$(flow_result two received)" 20
	expect_counter primary/tx_no_neigh 0
	expect_counter primary/tx_packets 0
}

test_unanswered_bfd() { # a BFD packet to an unresolved next hop does not count as sent
	edges_up
	quick
	silent 169.254.10.2
	circuit_up er0
	erc leg er0 primary bfd on
	busywait above primary/tx_no_neigh 0
	expect_counter primary/bfd_tx 0
	answer 169.254.10.2
	busywait above primary/bfd_tx 0
}

above()
{
	[ "$(counter "$1")" -gt "$2" ]
}

# asked N: the first edge has received N requests since the capture began
asked()
{
	[ "$(wc -l <"$scratch/frames")" -ge "$1" ]
}

test_ask_source4() { # an ARP request comes from the leg's address in the next hop's subnet
	local announce seen

	edges_up
	# The first address is in another subnet; a strict edge ignores it
	ip -n "$cust" addr del 169.254.10.1/30 dev leg1
	addr_add "$cust" leg1 192.0.2.1/24 169.254.10.1/30
	# The kernel dropped the settings with the last address
	quick
	"$netns" write "$cust" ipv4/neigh/leg1/mcast_solicit 600
	nsx "$pe1" sysctl -qw net.ipv4.conf.c1.arp_ignore=2
	ip -n "$pe1" link set c1 arp off
	circuit_up
	erc leg er0 primary neigh off
	becomes active primary
	flow_send "$cust" -n 20 -r 1000 10.9.0.1 >/dev/null
	tcpdump_start "$pe1" "$scratch/tcpdump" -i c1 -nn -l -Q in arp \
		>"$scratch/frames"
	defer kill $!
	for announce in 0 1 2; do
		nsx "$cust" sysctl -qw "net.ipv4.conf.leg1.arp_announce=$announce"
		seen=$(wc -l <"$scratch/frames")
		busywait asked $((seen + 3))
	done
	not grep -v "who-has 169.254.10.2 .*tell 169.254.10.1," \
		"$scratch/frames"
	ip -n "$pe1" link set c1 arp on
	becomes primary/tx_packets 20
}

test_ask_source6() { # a neighbour solicitation comes from an address of the leg
	local own

	edges_up
	quick
	"$netns" write "$cust" ipv6/neigh/leg1/mcast_solicit 600
	silent fd00:10::2
	circuit_up
	erc leg er0 primary neigh off
	becomes active primary
	flow_send "$cust" -n 20 -r 1000 fd09::1 >/dev/null
	tcpdump_start "$pe1" "$scratch/tcpdump" -i c1 -nn -l -Q in \
		"icmp6 and ip6[40] == 135" >"$scratch/frames"
	defer kill $!
	busywait asked 3
	own=$(ip -n "$cust" -6 -o addr show dev leg1 scope link |
		sed -E 's,.* inet6 ([^/]*)/.*,\1,')
	not grep -vE "IP6 ($own|fd00:10::1) > " "$scratch/frames"
	answer fd00:10::2
	becomes primary/tx_packets 20
}

# back_mute: the first edge's cable is back, but the edge does not answer yet
back_mute()
{
	ip -n "$pe1" link set c1 down
	becomes active secondary
	ipb "$pe1" <<-EOF
		link set c1 arp off
		link set c1 up
		addr add fd00:10::2/64 dev c1 nodad
	EOF
	busywait grep -q 1 "/run/sys-$cust/class/net/leg1/carrier"
}

test_restored_when_answered() { # a leg that comes back becomes active when its next hop has answered
	edges_up
	# The leg must not fail before the test ends
	"$netns" write "$cust" ipv4/neigh/leg1/mcast_solicit 60
	circuit_up er0 wtr 0
	back_mute
	flow_listen two "$pe2"
	expect_eq sent "$(flow_send "$cust" -n 500 -r 2000 10.9.0.1)" 500
	expect_eq received "$(flow_result two received)" 500
	expect_counter primary/reason neigh
	ip -n "$pe1" link set c1 arp on
	becomes active primary
	# A leg that is the only one becomes active without an answer
	back_mute
	ip -n "$pe2" link set c2 down
	becomes active primary
}

test_circuit_down() { # a circuit that is down sends no probes
	edges_up
	circuit_up
	ip -n "$cust" link set er0 down
	ip -n "$cust" neigh flush dev leg2 || true
	ip -n "$cust" link set er0 up
	busywait resolved 169.254.10.6
}

# own_entries FAMILY DEV: print the neighbour entries on a circuit, one a line
own_entries()
{
	ip -n "$cust" "$1" neigh show nud all dev "$2"
}

test_own_family() { # the circuit's own neighbour entries have the packet's family
	edges_up
	circuit_up
	nsx_exec "$cust" ip monitor neigh >"$scratch/monitor" &
	defer kill $!
	# The monitor works after its first output
	busywait heard_of "$scratch/monitor"
	flow_send "$cust" -n 1 10.9.0.1
	flow_send "$cust" -n 1 fd09::1
	own_entries -4 er0 | grep NOARP
	own_entries -4 er0 | not grep :
	own_entries -6 er0 | grep "fd09::1 .*NOARP"
	own_entries -6 er0 | not grep -F 0.0.0.0
	ip -n "$cust" neigh replace fd09::9 dev er0 nud permanent
	own_entries -6 er0 | grep "fd09::9 .*PERMANENT"
	busywait grep -q "^fd09::9 dev er0 .*PERMANENT" "$scratch/monitor"
	ip -n "$cust" -4 neigh flush dev er0 nud noarp
	expect_eq "IPv4 entries" "$(own_entries -4 er0)" ""
	own_entries -6 er0 | grep fd09::1
	ip -n "$cust" neigh del fd09::9 dev er0
	busywait grep -q "^[dD]eleted fd09::9 dev er0" "$scratch/monitor"
	ip -n "$cust" -6 neigh flush dev er0 nud noarp
	expect_eq "IPv6 entries" "$(own_entries -6 er0)" ""
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
}

# heard_of FILE: change an entry; succeed if FILE has grown
heard_of()
{
	ip -n "$cust" neigh replace fd00:10::77 dev leg1 nud permanent \
		lladdr "02:00:00:00:77:$((10 + RANDOM % 90))"
	test -s "$1"
}

# ndisc_stat COLUMN: print the sum of a column of the IPv6 table's statistics
ndisc_stat()
{
	local column sum=0 value

	column=$(head -n 1 /proc/net/stat/ndisc_cache | tr -s ' ' '\n' |
		grep -nx "$1" | cut -d: -f1)
	while read -ra value; do
		sum=$((sum + 16#${value[column - 1]}))
	done < <(tail -n +2 /proc/net/stat/ndisc_cache)
	echo "$sum"
}

# hosts_get_all DEV ADDRESS: send a datagram to each of 5000 hosts
hosts_get_all()
{
	local was

	was=$(net_file "$cust" "$1/statistics/tx_packets")
	nsx "$cust" "$(dirname "${BASH_SOURCE[0]}")/packet.py" hosts "$2" 5000
	expect_eq "sent by $1" \
		"$(($(net_file "$cust" "$1/statistics/tx_packets") - was))" 5000
	expect_eq "dropped by $1" \
		"$(net_file "$cust" "$1/statistics/tx_dropped")" 0
}

test_own_few() { # thousands of IPv6 hosts need few entries, with any number of circuits
	local share full forced dev

	share=$(($(cat /proc/sys/net/ipv6/neigh/default/gc_thresh3) / 8))
	edges_up
	circuit_up
	# er1's leg needs no resolved neighbour
	ipb "$cust" <<-EOF
		link add leg3 type dummy
		link set leg3 up
		link add er1 type ercircuit
		link set leg3 master er1
		link set er1 up
		route add fd77::/64 dev er0
		route add fd78::/64 dev er1
		route add 10.77.0.0/16 dev er0
		neigh add fd77::ffff dev er0 nud permanent
	EOF
	ip -n "$pe1" route add blackhole fd77::/64
	busywait counter_is active primary
	full=$(ndisc_stat table_fulls)
	forced=$(ndisc_stat forced_gc_runs)
	for dev in er0 er1 er0; do
		hosts_get_all "$dev" "fd7$((7 + ${dev#er}))::1"
	done
	hosts_get_all er0 10.77.0.1
	expect_le "IPv6 entries" \
		"$({ own_entries -6 er0; own_entries -6 er1; } | wc -l)" \
		$((share + 2))
	expect_le "IPv4 entries" "$(own_entries -4 er0 | wc -l)" 1
	own_entries -6 er0 | grep "fd77::ffff .*PERMANENT"
	expect_eq table_fulls "$(ndisc_stat table_fulls)" "$full"
	expect_eq forced_gc_runs "$(ndisc_stat forced_gc_runs)" "$forced"
}

ktap_main
