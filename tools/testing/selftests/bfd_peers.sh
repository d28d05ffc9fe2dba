#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BFD with the daemons of Debian as the far router: FRR, BIRD and keepalived.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_wires.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_wires.sh"

# peers_down: stop the daemons and delete the circuits
peers_down()
{
	local d

	for d in "${daemons[@]}"; do
		"${d}_down" "${!d}"
		ip -n "$cust" link del "er_$d"
	done
}

# faults WORD: set fault WORD on all legs, in one process
faults()
{
	printf "link set $near%s type ercircuit_slave fault $1\n" "${daemons[@]}" |
		ipb "$cust"
}

# notices DETECTION_MS: by the log, a failure follows its fault within the
# detection time plus a tenth. On a busy host timers can be late; one success in
# twenty tries is enough.
notices()
{
	local i

	for ((i = 0; i < 20; i++)); do
		faults blackhole
		all_become down
		! noticed "$1" || return 0
		faults none
		all_become up
	done
	return 1
}

noticed()
{
	local d ms

	for d in "${daemons[@]}"; do
		ms=$(erc -j log "er_$d" | jq '[.[] | select(.leg == "primary")] |
			if map(.reason)[-2:] != ["fault", "bfd"] then 0
			else (.[-1].when_ns - .[-2].when_ns) / 1000000 end |
			floor')
		# 0: at 10 ms, the daemon may have been late, and the session
		# was down before the fault
		echo "$d: noticed after $ms ms"
		[ "$ms" -le $(($1 + $1 / 10 + 10)) ] || return
	done
}

test_cut() { # both ends notice a silent cut of both directions
	local d

	wires
	peers_up 4 300
	notices 900
	faults none
	all_become up
	# Cut one direction, from the daemons to us, with netem
	for d in "${daemons[@]}"; do
		nsx "${!d}" tc qdisc add dev c root netem loss 100%
	done
	for d in "${daemons[@]}"; do
		busywait counter_is primary/bfd_state down "er_$d"
		# The daemon still receives our packets, but they never say Up
		busywait not "${d}_is" "${!d}" up
		expect_eq "diagnostic with $d" "$(shown "$d" bfd_diag)" '"expired"'
		nsx "${!d}" tc qdisc del dev c root
	done
	all_become up
}

# cut_and_back: cut the legs and wait until the sessions are Up again
cut_and_back()
{
	faults blackhole
	all_become down
	faults none
	all_become up
}

test_fast() { # 10 ms x 3, with the daemons that can: sessions come up, and a cut is noticed in time
	wires
	peers_up 4 10
	agreed 30
	notices 30
	faults none
	all_become up
}

test_ipv6() { # the same over IPv6
	need_ipv6
	wires
	peers_up 6 300
	agreed 900
	cut_and_back
}

test_vlan() { # over VLANs of the legs, as in peerings, with IPv4 and IPv6
	local family

	wires vlan
	for family in 4 ${has_ipv6:+6}; do
		peers_up "$family" 300
		agreed 900
		cut_and_back
		peers_down
	done
}

# capture FAMILY: capture the leg to FRR from the first packet to the last, and
# decode the packets with tshark
capture()
{
	local daemons=(frr) file=$scratch/$1.pcap source="ip.src == 169.254.1.1"

	[ "$1" = 4 ] || source="ipv6.src == fd00:1::1"
	# shellcheck disable=SC2154
	tap_start "$frr" "$file"
	peers_up "$1" 300
	agreed 900
	erc leg er_frr primary bfd-tx 100ms
	busywait shows_frr bfd_interval 300
	erc leg er_frr primary drain on
	busywait not frr_is "$frr" up
	tap_end "$file"
	tshark -r "$file" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
		-Y "$source" -T fields \
		-e bfd.sta -e bfd.flags.p -e bfd.flags.f -e udp.checksum.status \
		-e _ws.expert.message -e _ws.malformed >"$scratch/fields"
	sort "$scratch/fields" | uniq -c
	expect_ge packets "$(wc -l <"$scratch/fields")" 5
	# Checksums are good, and tshark reports nothing
	not grep -vP '^0x0[0-3]\t[01]\t[01]\t1\t*$' "$scratch/fields"
	grep -qP '^0x03\t1' "$scratch/fields" || fail "no Poll"
	grep -qP '^0x00\t' "$scratch/fields" || fail "no AdminDown"
}

shows_frr()
{
	[ "$(shown frr "$1")" = "$2" ]
}

test_decodes() { # tshark decodes our packets without complaint
	need tshark tcpdump
	wires
	capture 4
	frr_down "$frr"
	ip -n "$cust" link del er_frr
	capture 6
}

test_admin() { # maintenance of either end is no failure
	local d failed

	wires
	peers_up 4 300
	frr_maintenance "$frr" on
	busywait counter_is primary/reason peer-admin-down er_frr ||
		fail "the reason is $(counter primary/reason er_frr)"
	failed=$(counter primary/sf_events er_frr)
	frr_maintenance "$frr" off
	busywait counter_is primary/state up er_frr ||
		fail "the state is $(counter primary/state er_frr)"
	expect_eq sf_events "$(counter primary/sf_events er_frr)" "$failed"
	for d in "${daemons[@]}"; do
		erc leg "er_$d" primary drain on
		busywait not "${d}_is" "${!d}" up
		expect_eq "reason with $d" "$(counter primary/reason "er_$d")" drain
		erc leg "er_$d" primary drain off
	done
	all_become up
}

test_restart() { # a daemon restarts with another discriminator, and the session comes back
	local d discr=()

	wires
	peers_up 4 300
	for d in "${daemons[@]}"; do
		discr+=("$(shown "$d" bfd_remote_discr)")
		"${d}_down" "${!d}"
		busywait counter_is primary/bfd_state down "er_$d"
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
