#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The leg's own traffic on a leg of a circuit: DHCP clients, router
# advertisements, a routing daemon.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# circuit_waits VIA...: create a circuit whose primary leg has no IPv4 address
# yet
circuit_waits()
{
	edges_up
	ip -n "$cust" -4 addr flush dev leg1
	erc_load
	nsx "$cust" ercircuit add er0 wtr 0 primary leg1 "$@" \
		secondary leg2 via 169.254.10.6
	circuit_routes er0
}

# dnsmasq_up OPTIONS...: start it at pe1's end of the leg, without ping probes
dnsmasq_up()
{
	mkdir -p "$scratch/dnsmasq"
	nsx_exec "$pe1" dnsmasq --keep-in-foreground --conf-file=/dev/null \
		--port=0 --interface=c1 --bind-interfaces --no-ping --user=root \
		--leasefile-ro --pid-file="$scratch/dnsmasq/pid" \
		--log-facility="$scratch/dnsmasq/log" --log-dhcp "$@" &
	defer kill $!
	busywait grep -q started "$scratch/dnsmasq/log"
}

dhcp_up()
{
	dnsmasq_up --dhcp-range=169.254.10.1,169.254.10.1,255.255.255.252,2m
}

# leased: leg1 has the address that the server assigned
leased()
{
	grep -q 169.254.10.1 <<<"$(ip -n "$cust" -4 addr show dev leg1)"
}

lease_carries()
{
	busywait leased
	erc leg er0 primary novia via 169.254.10.2
	busywait counter_is active primary
	busywait reaches "$cust" 10.9.0.1
	reaches "$pe1" 169.254.10.1
}

test_dhcp_offer() { # a unicast DHCP offer stays with a leg without an address, other packets do not
	local was to from

	circuit_waits "${via6_leg1[@]}"
	to=$(net_file "$cust" leg1/address)
	from=$(net_file "$pe1" c1/address)
	was=$(counter primary/rx_packets)
	offer 68
	offer 69
	busywait counter_is primary/rx_packets $((was + 1))
	offer 68
	offer 69
	busywait counter_is primary/rx_packets $((was + 2))
	# If the leg has another address, it does not wait for an offer
	ip -n "$cust" addr add 198.51.100.1/30 dev leg1
	offer 68
	busywait counter_is primary/rx_packets $((was + 3))
}

# offer PORT: send a packet from the server to the offered address
offer()
{
	nsx "$pe1" python3 "$selftests_dir/packet.py" raw c1 \
		0x0800 "${to//:/}${from//:/}0800+udp,203.0.113.2,203.0.113.1,$1"
}

test_udhcpc() { # busybox's DHCP client on an unnumbered leg
	local busybox

	need dnsmasq
	busybox=$("${ERC_TOP:-}/tools/testing/kernels" busybox 2>/dev/null ||
		command -v busybox) || skip "no busybox"
	circuit_waits
	dhcp_up
	cat >"$scratch/script" <<-'EOF'
		#!/bin/sh
		[ "$1" != bound ] || ip addr add $ip/$mask dev $interface
	EOF
	chmod +x "$scratch/script"
	nsx "$cust" timeout 60 "$busybox" udhcpc -i leg1 -n -q -f -t 20 -T 1 \
		-s "$scratch/script"
	lease_carries
}

test_dhclient() { # ISC's DHCP client on a leg with IPv6 next hops
	need dnsmasq dhclient
	circuit_waits "${via6_leg1[@]}"
	dhcp_up
	cat >"$scratch/script" <<-'EOF'
		#!/bin/sh
		[ "$reason" != BOUND ] ||
			ip addr add $new_ip_address/$new_subnet_mask dev $interface
	EOF
	chmod +x "$scratch/script"
	nsx "$cust" timeout 60 dhclient -4 -1 -d -sf "$scratch/script" \
		-lf "$scratch/leases" -pf "$scratch/pid" leg1 >"$scratch/log" 2>&1 &
	defer kill $!
	lease_carries
}

test_networkd() { # systemd-networkd's DHCP client
	local networkd=/lib/systemd/systemd-networkd

	need dnsmasq "$networkd"
	circuit_waits
	dhcp_up
	mkdir -p /run/systemd/network /run/systemd/netif
	defer rm -rf /run/systemd/network /run/systemd/netif
	chown systemd-network: /run/systemd/netif
	cat >/run/systemd/network/10-leg1.network <<-EOF
		[Match]
		Name=leg1
		[Network]
		KeepMaster=yes
		DHCP=ipv4
		LinkLocalAddressing=no
		IPv6AcceptRA=no
	EOF
	# Without udev, networkd accepts the devices if sysfs is read-only
	nsx_exec "$cust" unshare -m bash -c "mount -t sysfs -o ro sysfs /sys
		exec env SYSTEMD_LOG_TARGET=console $networkd" >"$scratch/log" 2>&1 &
	defer kill $!
	busywait leased || fail "$(tail -n 20 "$scratch/log")"
	lease_carries
}

# autoconfigured: leg1 has an address that it created from the prefix
autoconfigured()
{
	grep -q "inet6 fd00:77:.*scope global.*dynamic" \
		<<<"$(ip -n "$cust" -6 addr show dev leg1)"
}

test_ra() { # the leg processes router advertisements and gets an address from one (SLAAC)
	need dnsmasq
	edges_up
	circuit_up
	addr_add "$pe1" c1 fd00:77::2/64
	"$netns" write "$cust" ipv6/conf/leg1/accept_ra 2 \
		ipv6/conf/leg1/router_solicitations 3
	dnsmasq_up --enable-ra --ra-param=c1,4,60 \
		--dhcp-range=fd00:77::,ra-only,64,2m
	busywait autoconfigured
	grep "default via fe80" <<<"$(ip -n "$cust" -6 route show dev leg1)"
	reaches "$cust" fd00:77::2
	reaches "$cust" fd09::1
	expect_counter active primary
}

# ospf_up NS DEV ROUTER-ID NETWORK: start FRR's zebra and ospfd
ospf_up()
{
	local dir=$scratch/frr-$1

	mkdir -p "$dir"
	chmod 755 "$scratch"
	echo "hostname $3" >"$dir/zebra.conf"
	cat >"$dir/ospfd.conf" <<-EOF
		interface $2
		 ip ospf network point-to-point
		 ip ospf hello-interval 1
		 ip ospf dead-interval 10
		router ospf
		 ospf router-id $3
		 network 169.254.10.0/30 area 0
		 network $4 area 0
	EOF
	chown -R frr:frr "$dir"
	frr_daemon "$1" zebra
	frr_daemon "$1" ospfd
}

frr_daemon()
{
	nsx_exec "$1" "/usr/lib/frr/$2" -f "$dir/$2.conf" --vty_socket "$dir" \
		-z "$dir/zserv.api" -i "$dir/$2.pid" -P 0 >"$dir/$2.log" 2>&1 &
	defer kill $!
	busywait test -S "$dir/$2.vty" || fail "$(cat "$dir/$2.log")"
}

learned()
{
	grep -q "$1" <<<"$(ip -n "$cust" route show proto ospf dev leg1)"
}

test_ospf() { # FRR's OSPF forms an adjacency over a leg
	need /usr/lib/frr/zebra /usr/lib/frr/ospfd
	edges_up
	circuit_up
	ip -n "$pe1" addr add 203.0.113.1/24 dev net0
	ospf_up "$pe1" c1 192.0.2.1 203.0.113.0/24
	ospf_up "$cust" leg1 192.0.2.2 10.1.0.1/32
	busywait learned 203.0.113.0/24
	reaches "$cust" 203.0.113.1
	reaches "$cust" 10.9.0.1
}

ktap_main
