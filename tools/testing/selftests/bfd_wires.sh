# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Circuits to each of the daemons of bfd_peer.sh.

# shellcheck source=tools/testing/selftests/bfd_peer.sh
. "$(dirname "${BASH_SOURCE[0]}")/bfd_peer.sh"

daemons=(frr bird keepalived)

# Each daemon has a namespace and a circuit of its own, so that the daemons work
# at the same time. er_frr uses the leg leg_frr, and so on; the far end is c.
# With VLANs, these are v_frr and c.7.
near=leg_
far=c

need_daemons()
{
	need /usr/lib/frr/bfdd bird keepalived socat
}

# wires [vlan]: create the legs, and VLANs on them if asked
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

# peers_up 4|6 TX_MS: create circuits and daemons, and wait until all sessions
# are Up
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

# all_become STATE: wait until both ends of each session are in STATE
all_become()
{
	local d

	for d in "${daemons[@]}"; do
		busywait counter_is primary/bfd_state "$1" "er_$d" ||
			fail "$d: our state is $(counter primary/bfd_state "er_$d")"
		busywait "${d}_is" "${!d}" "$1" ||
			fail "$d: the daemon is not $1: $(tail -n5 "$scratch/$d-${!d}/log")"
	done
}

shown()
{
	ip -n "$cust" -d -j link show "er_$1" |
		jq -c ".[0].linkinfo.info_data.primary.$2"
}

# agreed DETECTION_MS: check each session's detection time and errors
agreed()
{
	local d

	for d in "${daemons[@]}"; do
		busywait eval "[ \"\$(shown $d bfd_detection)\" = $1 ]" ||
			fail "$d: detection time $(shown "$d" bfd_detection)"
		expect_eq "bfd_bad with $d" \
			"$(counter primary/bfd_bad "er_$d")" 0
	done
}

# tap_start NS FILE: capture the BFD packets at the far end
tap_start()
{
	tcpdump_start "$1" "$2.log" -q -U --nano -i "$far" -w "$2" udp port 3784
	echo $! >"$2.pid"
	defer kill $!
}

tap_end()
{
	local pid

	pid=$(cat "$1.pid")
	kill "$pid"
	wait "$pid" || true
}
