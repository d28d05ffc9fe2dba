#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The contract: its bandwidth limits the traffic, its states permit or stop it,
# and circuits with the same key share it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=6f9619ff-8b86-d011-b42d-00cf4fc964ff

# Layer-3 bytes of a packet of -s 1000
size=1000
bytes=$((size + 28))

# Terms for the metering tests. On a busy machine a sender is slow and waits for
# a processor, so the rate is low and the burst is longer than the wait.
terms=(bandwidth 2mbit burst 3s)
per_ms=250

# due MS: print the bytes that the terms allow in MS milliseconds
due()
{
	echo $((per_ms * ($1 + 3000)))
}

# measured FILE...: set ms to the time from the first to the last packet of all
# senders, and gap to the longest time without a packet
measured()
{
	local file from to first='' last=0

	gap=0
	for file in "$@"; do
		cat "$file"
		from=$(json from_ms <"$file")
		to=$(json to_ms <"$file")
		first=${first:-$from}
		# A sender that began after the others had ended
		[ "$last" = 0 ] || [ $((from - last)) -le "$gap" ] || gap=$((from - last))
		[ "$from" -ge "$first" ] || first=$from
		[ "$to" -le "$last" ] || last=$to
		[ "$(json gap_ms <"$file")" -le "$gap" ] || gap=$(json gap_ms <"$file")
	done
	ms=$((last - first))
}

# accepted PACKETS: PACKETS equals the allowance of the measured time, within
# 0.5 % and one packet. Less may have passed if there was a gap.
accepted()
{
	local due slack

	due=$(due "$ms")
	slack=$((due / 200 + bytes))
	expect_ge "bytes in $ms ms" $(($1 * bytes)) \
		$((due - slack - 2 * per_ms * gap))
	expect_le "bytes in $ms ms" $(($1 * bytes)) $((due + slack))
}

# offered BYTES: skip unless at least 1.5 times the allowance was sent
offered()
{
	[ "$1" -ge $((3 * $(due "$ms") / 2)) ] ||
		skip "this machine sends too little: $1 bytes in $ms ms"
}

# flood NS SECONDS [OPTIONS]... ADDRESS: send as fast as possible
flood()
{
	nsx "$1" "$flow" send -s "$size" -d "$2" "${@:3}" \
		"${flow_port:-5000}" >"$scratch/flood"
	measured "$scratch/flood"
	offered "$(($(json accepted <"$scratch/flood") * bytes))"
}

test_tx() { # sent packets are policed, and each is counted
	local ms gap sent

	edges_up
	circuit_up er0 "${terms[@]}"
	flow_listen there "$pe1"
	reaches "$cust" 10.9.0.1
	flood "$cust" 2 10.9.0.1
	accepted "$(flow_result there received)"
	# Subtract the ping
	sent=$(($(counter primary/tx_packets) - 1))
	expect_eq "received" "$(flow_result there received)" "$sent"
	expect_eq "policed" "$(counter primary/tx_policed_packets)" \
		"$(($(json accepted <"$scratch/flood") - sent))"
	expect_eq "policed bytes" "$(counter primary/tx_policed_bytes)" \
		"$(($(counter primary/tx_policed_packets) * bytes))"
	expect_eq tx_dropped "$(net_file "$cust" er0/statistics/tx_dropped)" \
		"$(counter primary/tx_policed_packets)"
	expect_counter primary/rx_policed_packets 0
	expect_counter secondary/tx_policed_packets 0
}

test_rx() { # received packets are policed, and each is counted
	local ms gap

	edges_up
	circuit_up er0 "${terms[@]}"
	flow_listen here "$cust"
	flood "$pe1" 2 -S 10.9.0.1 10.1.0.1
	accepted "$(flow_result here received)"
	expect_eq "received" "$(flow_result here received)" \
		"$(counter primary/rx_packets)"
	expect_eq "both" \
		"$(($(counter primary/rx_packets) + $(counter primary/rx_policed_packets)))" \
		"$(json accepted <"$scratch/flood")"
	expect_eq rx_dropped "$(net_file "$cust" er0/statistics/rx_dropped)" \
		"$(counter primary/rx_policed_packets)"
	expect_counter primary/tx_policed_packets 0
}

# send_two [OPTIONS]...: send from two processors as fast as possible
send_two()
{
	local first

	nsx_exec "$cust" taskset -c 0 "$flow" send "$@" -d "$(soak 4 10)" \
		10.9.0.1 5000 \
		>"$scratch/first" &
	first=$!
	busywait not counter_is primary/tx_policed_packets 0
	# Usually it begins and ends while the first sender runs
	nsx "$cust" taskset -c $((1 % $(nproc))) "$flow" send "$@" \
		-d "$(soak 3 8)" \
		10.9.0.2 5000 >"$scratch/second"
	wait "$first"
	measured "$scratch/first" "$scratch/second"
}

test_processors() { # policing is exact with two senders at the same time
	local ms gap

	edges_up
	circuit_up er0 "${terms[@]}"
	flow_listen there "$pe1"
	reaches "$cust" 10.9.0.1
	send_two -s "$size"
	accepted "$(flow_result there received)"
}

# rate WORD [OPTIONS]...: two senders offer packets of 50 segments to bandwidth
# WORD
rate()
{
	local bytes=$((60000 + 50 * 28)) offered ms gap

	edges_up
	circuit_up er0 bandwidth "$1" burst 3s
	shift
	reaches "$cust" 10.9.0.1
	send_two -s 60000 -g 1200 "$@"
	offered=$(($(counter primary/tx_packets) - 1 +
		$(counter primary/tx_policed_packets)))
	offered $((offered * bytes))
	accepted $(($(counter primary/tx_packets) - 1))
}

test_rate_50m() { # the same at 50 Mbit/s, with at least twice that offered
	per_ms=6250
	rate 50mbit -r 600
}

test_rate_1g() { # the same at 1 Gbit/s
	per_ms=125000
	rate 1gbit
}

test_legs() { # each leg has the full bandwidth
	local ms gap flow_port=$flow_port_counts

	edges_up
	circuit_up er0 "${terms[@]}" mode active-active hash l3l4
	flow_listen one "$pe1"
	flow_listen two "$pe2"
	# Packets that wait for a next hop could be lost
	peers_known
	flood "$cust" 2 -f 16 10.9.0.1
	accepted "$(flow_result one received)"
	accepted "$(flow_result two received)"
}

# At 1 kbit/s, a packet of -s 1400 takes 11 seconds, so a second one must be
# refused
test_long_way() { # a packet without a cached path is policed, too
	edges_up
	circuit_bare
	peers_known
	ip -n "$cust" link set er0 type ercircuit bandwidth 1kbit burst 0
	flow_send "$cust" -n 50 -s 1400 10.9.0.1
	expect_counter primary/tx_packets 1
	expect_counter primary/tx_policed_packets 49
}

test_off() { # police off: all packets pass, and those over the limit are counted
	edges_up
	circuit_up er0 bandwidth 1kbit burst 0 police off
	# Without listeners there would be ICMP errors
	flow_listen there "$pe1"
	flow_listen here "$cust"
	flow_send "$cust" -n 50 -s 1400 10.9.0.1
	expect_counter primary/tx_packets 50
	expect_counter primary/tx_over_packets 49
	expect_counter primary/tx_over_bytes $((49 * 1428))
	expect_counter primary/tx_policed_packets 0
	nsx "$pe1" "$flow" send -n 50 -s 1400 -S 10.9.0.1 10.1.0.1 5000
	expect_counter primary/rx_packets 50
	expect_counter primary/rx_over_packets 49
	expect_eq tx_dropped "$(net_file "$cust" er0/statistics/tx_dropped)" 0
	expect_eq rx_dropped "$(net_file "$cust" er0/statistics/rx_dropped)" 0
}

test_gso() { # a GSO packet counts as its segments
	edges_up
	circuit_up er0 bandwidth 1kbit burst 0
	expect_eq sent "$(flow_send "$cust" -n 2 -s 1000 -g 100 10.9.0.1)" 20
	expect_counter primary/tx_packets 1
	expect_counter primary/tx_policed_packets 1
	# Ten segments with a header each
	expect_counter primary/tx_policed_bytes 1280
	# TCP headers may be longer; the second segment exceeds the limit
	nsx "$pe1" socat -u TCP-LISTEN:5001,reuseaddr OPEN:/dev/null &
	defer kill $!
	erc set er0 bandwidth 0
	busywait nsx "$pe1" sh -c 'ss -Hltn sport = 5001 | grep .'
	erc set er0 bandwidth 1kbit burst 0 police off
	head -c 20000 /dev/zero |
		nsx "$cust" socat -u STDIN TCP:10.9.0.1:5001
	# All bytes that TCP sent, without 20 bytes of options in each header
	expect_ge over "$(counter primary/tx_over_bytes)" 20000
}

test_burst() { # a burst passes as a whole, and nothing above it
	edges_up
	circuit_up er0 bandwidth 1kbit burst 10s
	# 125 bytes a second: ten seconds of that, the packet that exceeds it,
	# and another packet after each 800 ms
	nsx "$cust" "$flow" send -n 50 -s 72 10.9.0.1 5000 >"$scratch/burst"
	expect_ge packets "$(counter primary/tx_packets)" 13
	expect_le packets "$(counter primary/tx_packets)" \
		$((14 + $(json ms <"$scratch/burst") / 800))
}

test_underlay() { # the contract does not police underlay traffic
	edges_up
	circuit_up er0 bandwidth 1kbit burst 0 key "$key"
	reaches "$cust" 169.254.10.2
	reaches "$cust" 169.254.10.2
	reaches "$pe1" 169.254.10.1
	expect_counter primary/rx_policed_packets 0
	expect_counter rx_state 0
}

test_no_limit() { # bandwidth 0 removes the limit at run time
	edges_up
	circuit_up er0 bandwidth 1kbit burst 0
	# Without listeners there would be ICMP errors
	flow_listen there "$pe1"
	flow_listen here "$cust"
	flow_send "$cust" -n 50 -s 1400 10.9.0.1
	expect_counter primary/tx_packets 1
	erc set er0 bandwidth 0
	flow_send "$cust" -n 50 10.9.0.1
	expect_counter primary/tx_packets 51
	nsx "$pe1" "$flow" send -n 50 -S 10.9.0.1 10.1.0.1 5000
	expect_counter primary/rx_packets 50
}

test_speed() { # ethtool reports the bandwidth as speed
	edges_up
	circuit_up er0 bandwidth 200mbit
	nsx "$cust" ethtool er0 | grep 'Speed: 200Mb/s'
	erc set er0 bandwidth 0
	not grep 'Speed: 200Mb/s' <<<"$(nsx "$cust" ethtool er0)"
}

# nothing_passes: no packet passes in either direction, and each is counted
nothing_passes()
{
	local tx rx

	tx=$(counter tx_state)
	rx=$(counter rx_state)
	flow_send "$cust" -n 50 10.9.0.1
	nsx "$pe1" "$flow" send -n 50 -S 10.9.0.1 10.1.0.1 5000
	expect_counter tx_state $((tx + 50))
	expect_counter rx_state $((rx + 50))
}

test_states() { # a circuit with a key passes packets only while it is provisioned and enabled
	edges_up
	circuit_up er0 key "$key"
	nothing_passes
	expect_counter primary/tx_packets 0
	expect_counter primary/rx_packets 0
	erc set er0 provider-state provisioning
	nothing_passes
	erc set er0 provider-state provisioned
	reaches "$cust" 10.9.0.1
	erc set er0 circuit-state disabled
	nothing_passes
	erc set er0 circuit-state enabled
	reaches "$cust" 10.9.0.1
	erc set er0 provider-state deprovisioning
	nothing_passes
	erc set er0 provider-state not-provisioned
	nothing_passes
	expect_counter tx_state 250
	expect_eq tx_dropped "$(net_file "$cust" er0/statistics/tx_dropped)" 250
	expect_eq rx_dropped "$(net_file "$cust" er0/statistics/rx_dropped)" 250
	# A circuit without a key always passes packets
	erc set er0 key 00000000-0000-0000-0000-000000000000
	reaches "$cust" 10.9.0.1
}

test_steps() { # the provider state changes only in the steps that the service defines
	setup_ns cust
	erc_load
	refused "need a service key: set key" \
		erc add er0 provider-state provisioned
	erc add er0
	refused "need a service key: set key" \
		erc set er0 circuit-state disabled
	erc set er0 key "$key"
	refused "provider-state is not-provisioned and can only become provisioning" \
		erc set er0 provider-state provisioned bandwidth 1gbit
	erc show er0 | grep -w "provider-state not-provisioned"
	not grep -w bandwidth <<<"$(erc show er0)"
	erc set er0 provider-state provisioning
	refused "provider-state is provisioning and can only become provisioned or not-provisioned" \
		erc set er0 provider-state deprovisioning
	erc set er0 provider-state provisioned
	refused "provider-state is provisioned and can only become deprovisioning" \
		erc set er0 provider-state not-provisioned
	erc set er0 provider-state deprovisioning
	refused "provider-state is deprovisioning and can only become not-provisioned" \
		erc set er0 provider-state provisioned
	erc set er0 provider-state not-provisioned
}

test_delete() { # the tool deletes a provisioned circuit only with --force
	setup_ns cust
	erc_load
	erc add er0 key "$key" provider-state provisioned
	refused '"er0" is provisioned: set provider-state deprovisioning first, or use --force' \
		erc del er0
	erc set er0 provider-state deprovisioning
	erc del er0
	erc add er0 key "$key" provider-state provisioned
	erc del er0 --force
	not ip -n "$cust" link show er0
}

# terms_of NAME: print the terms of a circuit's contract
terms_of()
{
	ip -n "$cust" -d -j link show "$1" | jq -c '.[0].linkinfo.info_data |
		[.bandwidth, .burst, .police, .sla, .key, ."provider-state"]'
}

test_share() { # circuits with the same key share its terms; others do not
	need jq
	setup_ns cust
	erc_load
	erc add er1 bandwidth 10mbit sla 99.9 key "$key"
	# A circuit that joins takes the existing terms, but sets those that it
	# names
	erc add er2 bandwidth 20mbit police off key "$key"
	expect_eq er2 "$(terms_of er2)" \
		"[20000000,10,false,99.9,\"$key\",\"not-provisioned\"]"
	expect_eq er1 "$(terms_of er1)" "$(terms_of er2)"
	erc add er3 bandwidth 1gbit key "${key/6/7}"
	erc set er2 provider-state provisioning burst 5ms
	expect_eq er1 "$(terms_of er1)" "$(terms_of er2)"
	expect_eq er3 "$(terms_of er3)" \
		"[1000000000,10,true,99.95,\"${key/6/7}\",\"not-provisioned\"]"
	# A circuit that leaves keeps a copy of the terms
	erc set er1 key "${key/6/8}"
	erc set er1 bandwidth 5mbit
	expect_eq er2 "$(terms_of er2)" \
		"[20000000,5,false,99.9,\"$key\",\"provisioning\"]"
	expect_eq er1 "$(terms_of er1)" \
		"[5000000,5,false,99.9,\"${key/6/8}\",\"not-provisioned\"]"
	# The contract exists until its last circuit leaves
	erc set er1 key "$key"
	expect_eq er1 "$(terms_of er1)" "$(terms_of er2)"
	erc del er2 --force
	expect_eq er1 "$(terms_of er1)" \
		"[20000000,5,false,99.9,\"$key\",\"provisioning\"]"
	erc del er1 --force
	erc add er1 key "$key"
	expect_eq er1 "$(terms_of er1)" \
		"[0,10,true,99.95,\"$key\",\"not-provisioned\"]"
}

test_event() { # a change through one circuit sends an event for each
	setup_ns cust
	erc_load
	erc add er1 key "$key"
	erc add er2 key "$key"
	nsx_exec "$cust" ip monitor link >"$scratch/monitor" &
	defer kill $!
	# The monitor works after its first output
	busywait eval "ip -n $cust link set lo mtu 1400;
		ip -n $cust link set lo mtu 1500; test -s $scratch/monitor"
	erc set er1 bandwidth 1gbit
	busywait grep -w er2 "$scratch/monitor"
}

test_netns() { # a circuit that changes namespace leaves its contract and joins one there
	local there

	need jq
	setup_ns cust other
	erc_load
	erc add er1 bandwidth 10mbit key "$key"
	erc add er2 key "$key"
	# shellcheck disable=SC2154
	ip -n "$cust" link set er2 netns "$other"
	erc set er1 bandwidth 20mbit
	there=$(cust=$other terms_of er2)
	expect_eq er2 "$there" "[10000000,10,true,99.95,\"$key\",\"not-provisioned\"]"
	ip -n "$other" link set er2 netns "$cust"
	expect_eq er2 "$(terms_of er2)" "$there"
	expect_eq er1 "$(terms_of er1)" "$there"
	ip -n "$cust" link del er1
	erc set er2 bandwidth 30mbit
	expect_eq er2 "$(terms_of er2)" \
		"[30000000,10,true,99.95,\"$key\",\"not-provisioned\"]"
}

# peering_up NAME VLAN SUBNET PREFIX CIRCUIT-OPTS...: create a circuit over
# VLANs of leg1 and leg2, with its own /30s and a route to PREFIX.1 in pe1
peering_up()
{
	local n=$3 v=$2

	ipb "$cust" <<-EOF
		link add link leg1 name leg1.$v type vlan id $v
		link add link leg2 name leg2.$v type vlan id $v
		addr add 169.254.$n.1/30 dev leg1.$v
		addr add 169.254.$n.5/30 dev leg2.$v
		link set leg1.$v up
		link set leg2.$v up
	EOF
	ipb "$pe1" <<-EOF
		link add link c1 name c1.$v type vlan id $v
		addr add 169.254.$n.2/30 dev c1.$v
		addr add $4.1/32 dev c1.$v
		link set c1.$v up
	EOF
	ipb "$pe2" <<-EOF
		link add link c2 name c2.$v type vlan id $v
		addr add 169.254.$n.6/30 dev c2.$v
		link set c2.$v up
	EOF
	erc add "$1" primary "leg1.$v" via "169.254.$n.2" \
		secondary "leg2.$v" via "169.254.$n.6" "${@:5}"
	ipb "$cust" <<-EOF
		link set $1 up
		addr add $4.2/32 dev $1
		route add $4.1 dev $1 src $4.2
	EOF
	ip -n "$pe1" route add "$4.2" via "169.254.$n.1"
}

# one_more: er1 can send another packet; its unused allowance runs out first
one_more()
{
	flow_send "$cust" -s "$size" -n 1 10.20.0.1
	not counter_is primary/tx_packets "$one" er1
}

test_peerings() { # two peerings with one key over the same ports share its bandwidth
	local ms gap one two

	wires_up
	erc_load
	peering_up er1 100 20 10.20.0 key "$key" provider-state provisioned \
		"${terms[@]}"
	peering_up er2 200 21 10.21.0 key "$key"
	reaches "$cust" 10.20.0.1
	reaches "$cust" 10.21.0.1
	flow_listen there "$pe1"
	flow_start one "$cust" -s "$size" -d 4 10.20.0.1
	busywait not counter_is primary/tx_policed_packets 0 er1
	nsx "$cust" "$flow" send -s "$size" -d 3 10.21.0.1 5000 >"$scratch/second"
	flow_wait one
	measured "$scratch/one.sent" "$scratch/second"
	accepted "$(flow_result there received)"
	one=$(counter primary/tx_packets er1)
	two=$(counter primary/tx_packets er2)
	expect_ge "of the first peering" "$one" 100
	expect_ge "of the second peering" "$two" 100
	# One circuit uses the allowance of both: a packet of 1400 bytes takes
	# 11 s
	erc set er2 bandwidth 1kbit burst 0
	size=1400
	busywait one_more
	two=$(counter primary/tx_packets er2)
	flow_send "$cust" -n 5 10.21.0.1
	expect_eq "er2" "$(counter primary/tx_packets er2)" "$two"
	# A state that stops one circuit stops the other
	erc set er2 bandwidth 0
	reaches "$cust" 10.20.0.1
	erc set er2 provider-state deprovisioning
	not reaches "$cust" 10.20.0.1
	not reaches "$cust" 10.21.0.1
	# Ping repeats a refused packet
	expect_ge tx_state "$(counter tx_state er1)" 1
	expect_ge tx_state "$(counter tx_state er2)" 1
}

test_failover() { # the leg that takes over has the bandwidth, too
	edges_up
	circuit_up er0 bandwidth 1gbit
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	ip -n "$cust" link set leg1 down
	busywait counter_is active secondary
	reaches "$cust" 10.9.0.1
	reaches "$cust" fd09::1
	expect_counter secondary/tx_packets 2
}

ktap_main
