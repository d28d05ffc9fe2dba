#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BFD with the daemons of Debian as the far router: FRR, BIRD and keepalived.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_peer.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_peer.sh"

daemons=(frr bird keepalived)
silence=$(dirname "${BASH_SOURCE[0]}")/bfd_silence.py

# Each daemon has a namespace and a circuit of its own, so that all that takes
# time is done at once: er_frr over leg_frr and so on; c is at the far end.
# Over VLANs of these it is v_frr, and c.7
near=leg_
far=c

need_daemons()
{
	need /usr/lib/frr/bfdd bird keepalived socat
}

# wires [vlan]: on a VLAN of the legs
wires()
{
	local d i=0

	need_daemons
	erc_load
	setup_ns cust "${daemons[@]}"
	for d in "${daemons[@]}"; do
		ip -n "$cust" link add "leg_$d" up type veth \
			peer name c netns "${!d}"
		ip -n "${!d}" link set c up
	done
	[ -z "${1:-}" ] || vlans_up
	for d in "${daemons[@]}"; do
		i=$((i + 1))
		addr_add "$cust" "$near$d" "169.254.$i.1/30" "fd00:$i::1/64"
		addr_add "${!d}" "$far" "169.254.$i.2/30" "fd00:$i::2/64"
	done
}

vlans_up()
{
	local d

	near=v_
	far=c.7
	for d in "${daemons[@]}"; do
		ip -n "$cust" link add link "leg_$d" name "v_$d" up \
			type vlan id 7
		ip -n "${!d}" link add link c name c.7 up type vlan id 7
	done
}

# peers_up 4|6 TX_MS: circuits and daemons, all sessions up
peers_up()
{
	local d i=0 net

	for d in "${daemons[@]}"; do
		i=$((i + 1))
		net=169.254.$i.
		[ "$1" = 4 ] || net=fd00:$i::
		erc add "er_$d" primary "$near$d" via "${net}2" \
			bfd on bfd-tx "$2ms" bfd-rx "$2ms"
		ip -n "$cust" link set "er_$d" up
		"${d}_up" "${!d}" "$2" "$far" "${net}2" "${net}1"
	done
	all_become up
}

# peers_down: daemons and circuits go
peers_down()
{
	local d

	for d in "${daemons[@]}"; do
		"${d}_down" "${!d}"
		ip -n "$cust" link del "er_$d"
	done
}

# all_become STATE: on both ends
all_become()
{
	local d

	for d in "${daemons[@]}"; do
		busywait 15000 counter_is primary/bfd_state "$1" "er_$d" ||
			fail "$d: we are $(counter primary/bfd_state "er_$d")"
		busywait 15000 "${d}_is" "${!d}" "$1" ||
			fail "$d is not $1: $(tail -n5 "$scratch/$d-${!d}/log")"
	done
}

shown()
{
	ip -n "$cust" -d -j link show "er_$1" |
		jq -c ".[0].linkinfo.info_data.primary.$2"
}

# What each daemon is asked, in either family
agreed()
{
	local d

	for d in "${daemons[@]}"; do
		busywait 5000 eval "[ \"\$(shown $d bfd_detection)\" = $1 ]" ||
			fail "$d: detection time $(shown "$d" bfd_detection)"
		expect_eq "bfd_bad with $d" \
			"$(counter primary/bfd_bad "er_$d")" 0
	done
}

# tap_start NS FILE: capture what comes and goes at the far end
tap_start()
{
	nsx_exec "$1" tcpdump -q -U --nano --immediate-mode -i "$far" -w "$2" \
		udp port 3784 2>"$2.log" &
	echo $! >"$2.pid"
	defer kill $!
	busywait 10000 grep listening "$2.log"
}

tap_end()
{
	local pid

	pid=$(cat "$1.pid")
	kill "$pid"
	wait "$pid" || true
}

# faults WORD: on all legs, in one process
faults()
{
	printf "link set $near%s type ercircuit_slave fault $1\n" "${daemons[@]}" |
		ipb "$cust"
}

# noticed DETECTION_MS: how long it took us from the fault to the failure, which
# the log knows; a tenth more is for guests whose host is busy
noticed()
{
	local d ms

	for d in "${daemons[@]}"; do
		ms=$(erc -j log "er_$d" | jq '[.[] | select(.leg == "primary")] |
			if map(.reason)[-2:] != ["fault", "bfd"] then 0
			else (.[-1].when_ns - .[-2].when_ns) / 1000000 end |
			floor')
		# 0: at 10 ms, a daemon does not get its processor in time, now
		# and then, and was down already
		echo "$d: noticed after $ms ms"
		expect_le "time to notice" "$ms" $(($1 + $1 / 10 + 10))
	done
}

# hold TX_MS: for a minute, while the far ends are captured
hold()
{
	local d i=0

	wires
	peers_up 4 "$1"
	agreed $(($1 * 3))
	for d in "${daemons[@]}"; do
		tap_start "${!d}" "$scratch/$d.$1"
	done
	read -rt 60 -u "$never" || true
	for d in "${daemons[@]}"; do
		i=$((i + 1))
		tap_end "$scratch/$d.$1"
		echo "$d at $1 ms: $(counter primary/bfd_rx "er_$d") received," \
			"$(counter primary/bfd_tx "er_$d") sent," \
			"$(counter primary/bfd_missed "er_$d") missed"
		blame "$d" "$1" "169.254.$i.1"
	done
}

# blame DAEMON TX_MS ADDRESS: who made sessions end.  Where others can keep us
# from a processor, all that is ours is that a peer was heard whenever it sent
blame()
{
	local silent deaf we_silent we_deaf

	read -r silent we_deaf we_silent deaf < <("$silence" \
		"$scratch/$1.$2" "$3" $(($2 * 3)))
	echo "silent: $1 $silent times, we $we_silent times;" \
		"did not hear the other: $1 $deaf times, we $we_deaf times"
	expect_eq "sessions that ended though $1 had sent" "$we_deaf" 0
	[ -z "${ERC_QUIET:-}" ] || expect_eq "down_events with $1" \
		"$(counter primary/bfd_down_events "er_$1")" 0
}

test_hold() { # 300 ms x 3, as the service has it, and 10 ms x 3: none ends by us
	local failed='' service fast

	need_daemons
	need tcpdump
	# In here, or the first of the two that ends unloads it
	erc_load
	( ktap_body hold 300 ) &
	service=$!
	( ktap_body hold 10 ) &
	fast=$!
	wait "$service" || failed=1
	wait "$fast" || failed=1
	[ -z "$failed" ]
}

test_cut() { # a silent cut of both directions is noticed on both ends
	local d

	wires
	peers_up 4 300
	faults blackhole
	all_become down
	noticed 900
	faults none
	all_become up
	# Of one direction: theirs, by netem
	for d in "${daemons[@]}"; do
		nsx "${!d}" tc qdisc add dev c root netem loss 100%
	done
	for d in "${daemons[@]}"; do
		busywait 15000 counter_is primary/bfd_state down "er_$d"
		# It still hears us, and never that we hear it
		busywait 5000 not "${d}_is" "${!d}" up
		expect_eq "diagnostic with $d" "$(shown "$d" bfd_diag)" '"expired"'
		nsx "${!d}" tc qdisc del dev c root
	done
	all_become up
}

# cut_and_back: no word, and they talk again
cut_and_back()
{
	faults blackhole
	all_become down
	faults none
	all_become up
}

test_fast() { # 10 ms x 3, with those who can: up, and a cut in time
	wires
	peers_up 4 10
	agreed 30
	faults blackhole
	all_become down
	noticed 30
	faults none
	all_become up
}

test_ipv6() { # the same over IPv6
	wires
	peers_up 6 300
	agreed 900
	cut_and_back
}

test_vlan() { # on VLANs of the legs, as peerings are, over IPv4 and IPv6
	local family

	wires vlan
	for family in 4 6; do
		peers_up "$family" 300
		agreed 900
		cut_and_back
		peers_down
	done
}

# capture FAMILY: what goes over the leg to FRR from the first packet to the
# last, and what tshark thinks of it
capture()
{
	local daemons=(frr) file=$scratch/$1.pcap source="ip.src == 169.254.1.1"

	[ "$1" = 4 ] || source="ipv6.src == fd00:1::1"
	# shellcheck disable=SC2154
	tap_start "$frr" "$file"
	peers_up "$1" 300
	agreed 900
	erc leg er_frr primary bfd-tx 100ms
	busywait 5000 shows_frr bfd_interval 300
	erc leg er_frr primary drain on
	busywait 5000 not frr_is "$frr" up
	tap_end "$file"
	tshark -r "$file" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
		-Y "$source" -T fields \
		-e bfd.sta -e bfd.flags.p -e bfd.flags.f -e udp.checksum.status \
		-e _ws.expert.message -e _ws.malformed >"$scratch/fields"
	sort "$scratch/fields" | uniq -c
	expect_ge packets "$(wc -l <"$scratch/fields")" 5
	# Good checksums, and nothing to remark
	not grep -vP '^0x0[0-3]\t[01]\t[01]\t1\t*$' "$scratch/fields"
	grep -qP '^0x03\t1' "$scratch/fields" || fail "no Poll"
	grep -qP '^0x00\t' "$scratch/fields" || fail "no AdminDown"
}

shows_frr()
{
	[ "$(shown frr "$1")" = "$2" ]
}

test_decodes() { # tshark has nothing to say against our packets
	need tshark tcpdump
	wires
	capture 4
	frr_down "$frr"
	ip -n "$cust" link del er_frr
	capture 6
}

test_admin() { # maintenance of either side is no failure
	local d failed

	wires
	peers_up 4 300
	frr_maintenance "$frr" on
	busywait 5000 counter_is primary/reason peer-admin-down er_frr ||
		fail "the reason is $(counter primary/reason er_frr)"
	failed=$(counter primary/sf_events er_frr)
	frr_maintenance "$frr" off
	busywait 15000 counter_is primary/state up er_frr ||
		fail "the state is $(counter primary/state er_frr)"
	expect_eq sf_events "$(counter primary/sf_events er_frr)" "$failed"
	for d in "${daemons[@]}"; do
		erc leg "er_$d" primary drain on
		busywait 5000 not "${d}_is" "${!d}" up
		expect_eq "reason with $d" "$(counter primary/reason "er_$d")" drain
		erc leg "er_$d" primary drain off
	done
	all_become up
}

test_restart() { # a daemon that dies and comes back, with another discriminator
	local d discr=()

	wires
	peers_up 4 300
	for d in "${daemons[@]}"; do
		discr+=("$(shown "$d" bfd_remote_discr)")
		"${d}_down" "${!d}"
		busywait 5000 counter_is primary/bfd_state down "er_$d"
	done
	for d in "${daemons[@]}"; do
		ip -n "$cust" link del "er_$d"
	done
	peers_up 4 300
	for d in "${daemons[@]}"; do
		[ "$(shown "$d" bfd_remote_discr)" != "${discr[0]}" ]
		discr=("${discr[@]:1}")
	done
}

ktap_main
