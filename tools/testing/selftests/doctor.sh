#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "ercircuit doctor" finds problems of a host and its circuits, and names the command
# that mends each.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# synchronised STATUS: set the status of the kernel's clock: 0 = synchronised, 64 = not
synchronised()
{
	python3 - "$1" <<-'EOF'
		import ctypes, struct, sys
		timex = ctypes.create_string_buffer(256)
		# ADJ_STATUS, and no error that grows beyond the limit
		struct.pack_into("I", timex, 0, 0x1c)
		struct.pack_into("i", timex, 40, int(sys.argv[1]))
		if ctypes.CDLL(None).adjtimex(timex) < 0:
		    sys.exit("adjtimex failed")
	EOF
}

# doctor [ARGS]...: run it where the plugin is found; never fails
doctor()
{
	ip netns exec "$cust" ercircuit doctor "$@" || true
}

# well: it finds nothing, and exits with 0
well()
{
	local out

	out=$(ip netns exec "$cust" ercircuit doctor er0) || fail "$out"
	expect_eq problems "$out" ""
	expect_eq json "$(ip netns exec "$cust" ercircuit doctor -j er0)" "[]"
}

# finds PROBLEM COMMAND: it finds this problem only, prints this command, and exits with 1
finds()
{
	local out status=0

	out=$(ip netns exec "$cust" ercircuit doctor er0) || status=$?
	expect_eq problems "$out" "$1.
    $2"
	expect_eq status "$status" 1
}

# healthy: create a host and a circuit without a problem
healthy()
{
	edges_up
	circuit_up er0 wtr 0
	synchronised 0
	becomes primary/state up
	becomes secondary/state up
	well
}

test_well() { # nothing is found on a healthy host, and the commands mend each problem
	healthy
	expect_eq "of a name" "$(refused "there is no device" erc doctor er9 || echo bad)" ""
	expect_eq status "$(erc doctor er9 2>/dev/null || echo $?)" 2
}

test_legs() { # a leg that does not work, or carries nothing
	healthy
	ip -n "$cust" link set leg1 down
	finds "er0: The primary leg leg1 is set down" "ip link set leg1 up"
	ip -n "$cust" link set leg1 up
	becomes primary/state up
	ip -n "$pe2" link set c2 down
	finds "er0: The secondary leg leg2 has no carrier" "ethtool leg2"
	ip -n "$pe2" link set c2 up
	# It lost its IPv6 address
	addr_add "$pe2" c2 fd00:11::2/64
	becomes secondary/state up
	ip -n "$cust" addr del 169.254.10.1/30 dev leg1
	finds "er0: The primary leg leg1 has no address on the subnet of its next hop" \
		"ip addr add PREFIX dev leg1"
	addr_add "$cust" leg1 169.254.10.1/30
	becomes primary/state up
	erc leg er0 secondary drain on
	finds "er0: The secondary leg leg2 is drained" "ercircuit leg er0 secondary drain off"
	erc leg er0 secondary drain off fault tx
	finds "er0: The secondary leg leg2 has an injected fault" \
		"ercircuit leg er0 secondary fault none"
	erc leg er0 secondary fault none
	ip -n "$cust" link set er0 down
	finds "er0: The circuit is set down" "ip link set er0 up"
}

test_missing() { # a leg that is missing
	setup_ns cust
	erc_load
	synchronised 0
	ip -n "$cust" link add leg1 up type dummy
	erc add er0 late on primary leg1 secondary leg2
	ip -n "$cust" link set er0 up
	finds "er0: The secondary leg waits for leg2, which does not exist" "ip link"
	erc set er0 nosecondary
	finds "er0: There is no secondary leg, so a failure of the other one is an outage" \
		"ercircuit set er0 secondary DEV via ADDRESS"
}

test_bfd() { # a router that never answered by BFD
	local out

	healthy
	erc leg er0 secondary bfd on
	becomes secondary/reason bfd
	busywait test "$(counter secondary/bfd_tx)" != 0
	out=$(doctor er0)
	grep -qx "er0: The router of the secondary leg has never answered by BFD." <<<"$out"
	grep -qx "er0: The secondary leg leg2 has no BFD session that is Up." <<<"$out"
	grep -qx "    ercircuit leg er0 secondary bfd off" <<<"$out"
}

test_source() { # routes whose packets have the address of a leg
	local text="own packets to 10.9.0.0/24 have the address of a leg, and get no answer when that leg fails"

	healthy
	ip -n "$cust" route replace 10.9.0.0/24 dev er0 src 169.254.10.1
	finds "er0: This host's $text" \
		"ip addr add ADDRESS dev er0 && ip route change 10.9.0.0/24 dev er0 src ADDRESS"
	ip -n "$cust" route replace 10.9.0.0/24 dev er0
	well
	ip -n "$cust" addr del 10.1.0.1/32 dev er0
	ip -n "$cust" route replace 10.9.0.0/24 dev er0
	finds "er0: This host's $text" \
		"ip addr add ADDRESS dev er0 && ip route change 10.9.0.0/24 dev er0 src ADDRESS"
	ip -n "$cust" route del 10.9.0.0/24
	well
	ip -n "$cust" route add default dev er0
	grep -q "own packets to default have" <<<"$(doctor)"
}

test_kernel() { # settings of the kernel
	healthy
	ip -n "$cust" link set leg2 mtu 1400
	finds "er0: The legs have MTUs of 1500 and 1400, and the circuit has the smaller one" \
		"ip link set leg2 mtu 1500"
	ip -n "$cust" link set leg2 mtu 1500
	erc set er0 fail open
	finds "er0: Routes by the circuit are used without a carrier, so fail open has no effect" \
		"sysctl -w net.ipv4.conf.er0.ignore_routes_with_linkdown=1"
	"$netns" write "$cust" ipv4/conf/er0/ignore_routes_with_linkdown 1
	well
	ip -n "$cust" link add red up type vrf table 10 || skip "no VRF here"
	"$netns" write "$cust" ipv4/conf/er0/rp_filter 1
	well
	ip -n "$cust" link set er0 master red
	grep -qx "    sysctl -w net.ipv4.conf.er0.rp_filter=2" <<<"$(doctor er0)"
}

test_ipv6() { # IPv6 is off on a leg that has an IPv6 next hop
	[ -n "$has_ipv6" ] || skip "no IPv6 here"
	healthy
	"$netns" write "$cust" ipv6/conf/leg1/disable_ipv6 1
	grep -qx "    sysctl -w net/ipv6/conf/leg1/disable_ipv6=0" <<<"$(doctor er0)"
}

test_networkd() { # systemd-networkd manages a leg, and would take it
	local file=$scratch/10-leg.network state

	healthy
	mkdir -p /run/systemd/netif/links
	state=/run/systemd/netif/links/$(net_file "$cust" leg1/ifindex)
	printf '%s\n' "ADMIN_STATE=configured" "NETWORK_FILE=$file" >"$state"
	defer rm -f "$state"
	printf '[Match]\nName=leg1\n[Network]\nDHCP=no\n' >"$file"
	finds "er0: systemd-networkd takes the primary leg leg1 at its next restart" \
		"sed -i '/^.Network.$/a KeepMaster=yes' $file && networkctl reload"
	sed -i '/^.Network.$/a KeepMaster=yes' "$file"
	well
}

test_host() { # the clock, the plugin, and the headers of installed kernels
	healthy
	synchronised 64
	finds "The clock is not synchronised, so the times of an outage prove little" \
		"timedatectl set-ntp true"
	synchronised 0
	expect_eq plugin "$(IP_LIB_DIR=$scratch ip netns exec "$cust" ercircuit doctor er0 |
		sed -n 1p)" "ip does not find its plugin link_ercircuit.so, and prints and sets no options."
	# shellcheck disable=SC2016
	grep -qx "    apt install linux-headers-9.9.9" <<<"$(unshare -m bash -c '
		mount -t tmpfs none /boot && mount -t tmpfs none /lib/modules &&
		mkdir -p /lib/modules/9.9.9 && touch /boot/vmlinuz-9.9.9 &&
		ip netns exec "$0" ercircuit doctor er0' "$cust")"
	expect_eq json "$(IP_LIB_DIR=$scratch ip netns exec "$cust" ercircuit doctor -j er0 |
		grep -o '"check":"[a-z]*","device":""')" '"check":"plugin","device":""'
}

test_unloaded() { # the module is not loaded
	setup_ns cust
	not grep -q "^ercircuit " /proc/modules || rmmod ercircuit
	grep -qx "The module ercircuit is not loaded." <<<"$(doctor)"
}

ktap_main
