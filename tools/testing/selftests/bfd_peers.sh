#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BFD with the daemons of Debian as the far router: FRR, BIRD and keepalived.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/bfd_wires.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_wires.sh"

# peers_down: daemons and circuits go
peers_down()
{
	local d

	for d in "${daemons[@]}"; do
		"${d}_down" "${!d}"
		ip -n "$cust" link del "er_$d"
	done
}

# faults WORD: on all legs, in one process
faults()
{
	printf "link set $near%s type ercircuit_slave fault $1\n" "${daemons[@]}" |
		ipb "$cust"
}

# notices DETECTION_MS: it takes us that long from the fault to the failure, which
# the log knows, and a tenth. A host that is busy lets timers ring late now and then,
# but not each time.
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
		# 0: at 10 ms, a daemon does not get its processor in time, now
		# and then, and was down already
		echo "$d: noticed after $ms ms"
		[ "$ms" -le $(($1 + $1 / 10 + 10)) ] || return
	done
}

test_cut() { # a silent cut of both directions is noticed on both ends
	local d

	wires
	peers_up 4 300
	notices 900
	faults none
	all_become up
	# Of one direction: theirs, by netem
	for d in "${daemons[@]}"; do
		nsx "${!d}" tc qdisc add dev c root netem loss 100%
	done
	for d in "${daemons[@]}"; do
		busywait counter_is primary/bfd_state down "er_$d"
		# It still hears us, and never that we hear it
		busywait not "${d}_is" "${!d}" up
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
	notices 30
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

test_restart() { # a daemon that dies and comes back, with another discriminator
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
