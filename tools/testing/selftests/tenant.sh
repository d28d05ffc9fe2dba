#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A circuit moves to the container of an unprivileged user, while its legs stay.
# The tenant gets the device, but neither sees nor changes the provider's part.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

key=6f9619ff-8b86-d011-b42d-00cf4fc964ff

# container_up: create a user namespace with its own network, mounts and sysfs,
# in which an unprivileged user is root; sets $container to a process in it
container_up()
{
	need unshare nsenter setpriv
	tools_for_all
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		unshare --user --map-root-user --net --mount \
		sleep infinity &
	container=$!
	defer kill "$container"
	busywait container_ready
	tenant ip link set lo up
}

# tools_for_all: mount the tools in a folder that every user can read; the
# checkout may be below /root
tools_for_all()
{
	[ -n "${ERC_TOP:-}" ] || return 0
	mkdir -p /run/tools
	mount --bind "$ERC_TOP/tools" /run/tools
	defer umount /run/tools
	export PATH=/run/tools:$PATH IP_LIB_DIR=/run/tools
}

container_ready()
{
	[ "$(cat "/proc/$container/comm")" = sleep ]
}

# tenant COMMAND [ARGS]...: run COMMAND as root of the container
tenant()
{
	nsenter -t "$container" --user --net --mount "$@"
}

# let_up [CIRCUIT-OPTS]...: create er0 and move it to the container
let_up()
{
	edges_up
	container_up
	circuit_up er0 "$@"
	ip -n "$cust" link set er0 netns "$container"
	tenant ip -batch - <<-EOF
		addr add 10.1.0.1/32 dev er0
		addr add fd01::1/128 dev er0 nodad
		link set er0 up
		route add default dev er0
		route add default dev er0 src fd01::1
	EOF
}

test_carries() { # the tenant uses the circuit, also after a failover and a return
	let_up
	tenant ping -q -c1 -W "$patience" 10.9.0.1
	tenant ping -q -c1 -W "$patience" fd09::1
	ip -n "$pe1" link set c1 down
	tenant ping -q -c1 -W "$patience" 10.9.0.1
	tenant ping -q -c1 -W "$patience" fd09::1
	tenant ip -s -s -j link show er0 | jq -e '.[0].stats64.tx.packets >= 4'
	tenant ip link set er0 mtu 1400
	tenant ip link set er0 down
	nsenter -t "$container" --net ip link set er0 netns "$cust"
	ip -n "$cust" link set er0 up
	circuit_routes er0
	reaches "$cust" 10.9.0.1
	expect_counter secondary/device leg2
}

test_hidden() { # the tenant does not see the provider's devices and addresses
	local seen

	let_up
	tenant ip -d -j link show >"$scratch/links"
	expect_eq links "$(jq -r '[.[].ifname] | sort | join(" ")' "$scratch/links")" \
		"er0 lo"
	seen=$(
		cat "$scratch/links"
		tenant ip -d link show
		tenant ercircuit show
		tenant ercircuit -j show
		tenant ercircuit stats
		tenant ercircuit log er0
		tenant ercircuit metrics
		tenant ip -4 neigh
		tenant ethtool -i er0
		tenant ethtool -S er0
	)
	not grep -E 'leg[12]|169\.254\.10|fd00:1[01]' <<<"$seen"
	# The tenant sees the state
	jq -e '.[] | select(.ifname == "er0").linkinfo.info_data |
		.primary.state == "up" and .active == "primary"' "$scratch/links"
	tenant mount -t sysfs sysfs /sys
	tenant bash -c 'cd /sys/class/net/er0 && ls . ercircuit/*/ &&
		cat ercircuit/*/{device,via}' >"$scratch/sys"
	not grep -E 'leg[12]|169\.254\.10|fd00:1[01]' "$scratch/sys"
	# The provider sees its own devices
	ip -n "$cust" -d link show leg1 | grep 'via 169.254.10.2'
	# The tenant's packets to the provider's addresses use the circuit
	tenant ip route get 169.254.10.1 | grep 'dev er0'
}

belongs="The circuit's legs are in another network namespace: use CAP_NET_ADMIN of that one"

test_master() { # the link between leg and circuit, as each side sees it
	local index leg

	let_up
	index=$(tenant ip -j link show er0 | jq '.[0].ifindex')
	ip -n "$cust" link add innocent index "$index" type dummy ||
		skip "the index is in use here"
	# The provider sees a master with the index that er0 has at the tenant, and the
	# kind and the options of the leg
	leg=$(ip -n "$cust" -d -j link show leg1)
	jq -e '.[0].linkinfo.info_slave_kind == "ercircuit"' <<<"$leg"
	jq -e '.[0].linkinfo.info_slave_data.via[0] == "169.254.10.2"' <<<"$leg"
	jq -e '.[0].master == "innocent"' <<<"$leg"
	# That device has no leg, and its removal changes none
	not ip -n "$cust" link set innocent type ercircuit noprimary
	ip -n "$cust" link del innocent
	tenant ping -q -c1 -W "$patience" 10.9.0.1
	# The provider still configures the leg, and takes it away
	ip -n "$cust" link set leg1 type ercircuit_slave drain on
	ip -n "$cust" link set leg2 nomaster
	leg_free leg2
	# The tenant sees neither
	tenant ip -d -j link show er0 |
		jq -e '.[0].linkinfo.info_data.primary | has("device") | not'
}

test_refused() { # the tenant changes neither the circuit nor its contract
	let_up bandwidth 8mbit key "$key" provider-state provisioned
	tenant ip -d -j link show er0 >"$scratch/before"
	refused "$belongs" tenant ercircuit set er0 mode active-active
	refused "$belongs" tenant ercircuit set er0 bandwidth 0
	refused "$belongs" tenant ercircuit set er0 noprimary
	refused "$belongs" tenant ercircuit set er0 circuit-state disabled
	refused "$belongs" tenant ercircuit leg er0 primary fault blackhole
	refused "$belongs" tenant ip link set er0 type ercircuit switch lockout
	tenant ip link add leg3 type dummy
	refused "$belongs" tenant ip link set leg3 master er0
	# The tenant cannot change the contract through another circuit either
	refused "A circuit with the same key has legs in another network namespace: use CAP_NET_ADMIN of that one" \
		tenant ercircuit add er1 key "$key" \
		bandwidth 0
	tenant ercircuit add er1 key "$key"
	refused "A circuit with the same key has legs in another" tenant ercircuit set er1 police off
	tenant ercircuit set er1 mode active-active
	refused "reach er0: its legs must be in this network namespace" tenant ercircuit set er1 reach er0
	tenant ip link del er1
	tenant ip -d -j link show er0 >"$scratch/after"
	expect_eq options "$(options_in after)" "$(options_in before)"
	# The administrator of the legs can
	nsenter -t "$container" --net ercircuit set er0 bandwidth 16mbit
}

# options_in FILE: print the options without values that change by themselves
options_in()
{
	jq -c '.[0].linkinfo.info_data | del(.last_switch_ns, .last_switch_time)' "$scratch/$1"
}

test_terms() { # a contract that the tenant created does not change the provider's
	edges_up
	container_up
	circuit_up er0 bandwidth 8mbit key "$key" provider-state provisioned
	tenant ercircuit add er1 key "$key" bandwidth 1gbit
	ip -n "$cust" link set er0 netns "$container"
	terms_are er0 er1
}

# terms_are NAME...: the circuits have the provider's terms
terms_are()
{
	local name

	for name; do
		expect_eq "terms of $name" "$(tenant ercircuit -j show "$name" |
			jq '.[0] | "\(.bandwidth) \(."provider-state")"')" \
			'"8000000 provisioned"'
	done
}

test_terms_moved() { # a circuit that the tenant moves does not change the provider's contract
	local other

	let_up bandwidth 8mbit key "$key" provider-state provisioned
	# tenant() would make a shell the background process
	nsenter -t "$container" --user --net --mount \
		unshare --net sleep infinity &
	other=$!
	defer kill "$other"
	busywait other_ready "$other"
	nsenter -t "$other" --user --net --mount ercircuit add er1 key "$key" \
		bandwidth 1gbit
	nsenter -t "$other" --user --net --mount ip link set er1 netns "$container"
	terms_are er0 er1
}

# other_ready PID: the process has its own network namespace by now
other_ready()
{
	[ "$(cat "/proc/$1/comm")" = sleep ] &&
		not [ "/proc/$1/ns/net" -ef "/proc/$container/ns/net" ]
}

test_scrubbed() { # marks that one namespace writes on packets are cleared for the other
	let_up
	nsx "$cust" nft -f - <<-EOF
		table netdev t {
			chain out1 {
				type filter hook egress device leg1 priority 0;
				meta mark 7 counter
				meta priority 1:7 counter
			}
		}
	EOF
	tenant nft -f - <<-EOF
		table inet t {
			chain out {
				type route hook output priority 0;
				meta mark set 7
				meta priority set 1:7
			}
			chain in {
				type filter hook input priority 0;
				meta mark 9 counter
				meta priority 1:9 counter
			}
		}
	EOF
	nsx "$cust" nft -f - <<-EOF
		table netdev u {
			chain in1 {
				type filter hook ingress device leg1 priority 0;
				meta mark set 9
				meta priority set 1:9
			}
		}
	EOF
	tenant ping -q -c3 -i0.01 -W "$patience" 10.9.0.1
	not grep -E 'counter packets [1-9]' <<<"$(nsx "$cust" nft list ruleset)"
	not grep -E 'counter packets [1-9]' <<<"$(tenant nft list ruleset)"
}

# forge PACKET...: the tenant sends packets by er0, in the syntax of packet.py.
# er0 refuses and counts each, and sends nothing.
forge()
{
	local before out p four='' six=''

	before=$(tenant_counter tx_underlay)
	out=$(tenant_counter primary_tx_packets)
	for p; do
		case $p in
		6*|udp,*:*)	six+=" $p" ;;
		*)		four+=" $p" ;;
		esac
	done
	[ -z "$four" ] || by_hand 0x0800 "$four"
	[ -z "$six" ] || by_hand 0x86dd "$six"
	expect_eq "tx_underlay" "$(tenant_counter tx_underlay)" $((before + $#))
	expect_eq "sent" "$(tenant_counter primary_tx_packets)" "$out"
}

# by_hand TYPE PACKET: send a packet as the tenant; opens packet.py as root, as
# the tenant cannot read this folder
by_hand()
{
	nsenter -t "$container" --net python3 \
		"$selftests_dir/packet.py" send er0 "$@"
}

tenant_counter()
{
	tenant ethtool -S er0 | awk -v name="$1:" '$1 == name { print $2 }'
}

# Addresses that the tests use, in hexadecimal
declare -A in_hex=(
	[10.1.0.1]=0a010001
	[198.51.100.2]=c6336402
	[fd00:10::1]=fd000010000000000000000000000001
	[fd00:10::2]=fd000010000000000000000000000002
	[fd01::1]=fd010000000000000000000000000001
	[fd09::1]=fd090000000000000000000000000001
)

# icmp6 SOURCE DESTINATION TYPE [EXTENSION [KIND]]: print an ICMPv6 packet with
# hop limit 255, after an extension header of KIND
icmp6()
{
	local body=${4:-}${3}00000000000000

	printf '6000000000%02x%sff%s%s' $((${#body} / 2)) "${5:-3a}" \
		"${in_hex[$1]}${in_hex[$2]}" "$body"
}

# fragment4 SOURCE DESTINATION OFFSET: print a UDP fragment
fragment4()
{
	printf '4500001c0001%s40110000%s0fa00ec800080000' "$3" "${in_hex[$1]}${in_hex[$2]}"
}

test_underlay() { # the tenant cannot send packets that look like the provider's
	local type mac before packets=()

	let_up
	nsx "$cust" ping -q -c1 -W1 fd00:10::2
	mac=$(ip -n "$pe1" neigh show fd00:10::1 dev c1 | grep -o 'lladdr [^ ]*')
	# Neighbour discovery of each type, without and with extension headers
	for type in 85 86 87 88 89; do
		packets+=("$(icmp6 fd01::1 fd00:10::2 "$type")"
			"$(icmp6 fd00:10::1 fd00:10::2 "$type")"
			"$(icmp6 fd01::1 fd09::1 "$type")"
			"$(icmp6 fd01::1 fd00:10::2 "$type" 3a00010400000000 00)"
			"$(icmp6 fd01::1 fd00:10::2 "$type" 3a00010400000000 3c)"
			"$(icmp6 fd01::1 fd00:10::2 "$type" 3a00000100000007 2c)")
	done
	forge "${packets[@]}"
	# A truncated extension header
	forge "$(icmp6 fd01::1 fd00:10::2 88 3aff010400000000 00)"
	# Addresses of the leg's subnet, of both legs, and link-local ones
	forge udp,169.254.10.1,10.9.0.1,5000 udp,fd00:10::1,fd09::1,5000 \
		udp,169.254.10.5,10.9.0.1,5000 udp,fd00:11::2,fd09::1,5000 \
		udp,fe80::1,fd09::1,5000 udp,fd01::1,fe80::2,5000 \
		udp,10.1.0.1,169.254.10.2,5000 udp,0.0.0.0,10.9.0.1,67 \
		udp,127.0.0.1,10.9.0.1,5000 udp,::1,fd09::1,5000
	# BFD
	forge udp,fd01::1,fd00:10::2,3784 udp,fd01::1,fd00:10::2,3785 \
		udp,10.1.0.1,169.254.10.2,3784
	expect_ge "dropped in all" "$(tenant ip -s -s -j link show er0 |
		jq '.[0].stats64.tx.dropped')" "$(tenant_counter tx_underlay)"
	# Other packets pass
	tenant ping -q -c1 -W1 -s 2000 10.9.0.1
	tenant ping -q -c1 -W1 -s 2000 fd09::1
	tenant ping -q -c1 -W1 fd00:10::2
	before=$(tenant_counter primary_tx_packets)
	by_hand 0x0800 udp,10.1.0.1,10.9.0.1,3784
	expect_eq sent "$(tenant_counter primary_tx_packets)" $((before + 1))
	expect_eq "the far router's entry" "$(ip -n "$pe1" neigh show fd00:10::1 \
		dev c1 | grep -o 'lladdr [^ ]*')" "$mac"
}

test_underlay_numbered() { # a leg with a public address, and fragments to it
	let_up
	addr_add "$cust" leg1 198.51.100.1/30
	forge udp,198.51.100.1,10.9.0.1,5000 udp,198.51.100.2,10.9.0.1,5000 \
		udp,10.1.0.1,198.51.100.2,3784 \
		"$(fragment4 10.1.0.1 198.51.100.2 2000)" \
		"$(fragment4 10.1.0.1 198.51.100.2 0001)"
}

test_dies() { # the container ends, and the legs are free
	let_up
	tenant ping -q -c1 -W "$patience" 10.9.0.1
	kill -9 "$container"
	busywait leg_free leg1
	busywait leg_free leg2
	circuit_up er0
	reaches "$cust" 10.9.0.1
}

test_provider_dies() { # the legs' namespace is deleted, and the tenant's circuit has no legs
	let_up
	ns_del "$cust"
	busywait tenant_empty
	tenant ip -d link show er0
	tenant ip link del er0
}

tenant_empty()
{
	[ "$(tenant ercircuit -j show er0 |
		jq -r '.[0] | .primary.state + .secondary.state')" = emptyempty ]
}

ktap_main
