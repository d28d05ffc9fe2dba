#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packets do not pass between circuits that are not paired, however this host
# processes a packet between them.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# two_up: create er1 to pe1 and er2 to pe2 in $cust, which forwards. Edge N has
# 10.20.N.1 and fd20:N::1, and sends all packets to the customer.
two_up()
{
	local n

	setup_ns cust pe1 pe2
	erc_load
	forwarding_on "$cust"
	for n in 1 2; do
		edge_circuit "$n"
		ipb "$cust" <<-EOF
			link set er$n up
			addr add 10.1.0.$n/32 dev er$n
			addr add fd01::$n/128 dev er$n nodad
		EOF
		routes_by "er$n" "$n"
	done
}

# routes_by DEV N [ARGS]...: add the customer's routes to the networks of pe N
routes_by()
{
	local a

	for a in "10.20.$2.0/24" "fd20:$2::/64"; do
		echo "route replace $a dev $1 ${*:3}"
	done | ipb "$cust"
}

both=(10.20.2.1 fd20:2::1)

# barred [ADDRESS]...: er2 refuses packets that pe1 sends to ADDRESS: in one
# buffer, in two fragments, and with many segments. er2 sends nothing.
barred()
{
	local a out

	[ $# -gt 0 ] || set -- "${both[@]}"
	out=$(counter primary/tx_packets er2)
	for a; do
		refuses 5 "$a"
		refuses 5 -s 2800 "$a"
		refuses 5 -g 1000 -s 5000 "$a"
	done
	expect_eq "sent by er2" "$(counter primary/tx_packets er2)" "$out"
}

# refuses N [OPTIONS] ADDRESS: er2 refuses all N packets
refuses()
{
	local before

	before=$(counter tx_reach er2)
	flow_send "$pe1" -n "$@" >/dev/null
	busywait counter_least tx_reach $((before + $1))
}

# counter_least NAME VALUE: er2's counter is at least VALUE
counter_least()
{
	[ "$(counter "$1" er2)" -ge "$2" ]
}

# carries [ADDRESS]...: pair the circuits; er2 then sends the packets, which
# shows that a path between the circuits exists
carries()
{
	local a out

	[ $# -gt 0 ] || set -- "${both[@]}"
	erc set er1 reach er2
	for a; do
		out=$(counter primary/tx_packets er2)
		flow_send "$pe1" -n 5 "$a" >/dev/null
		busywait counter_least primary/tx_packets $((out + 5))
	done
	erc set er1 noreach er2
}

# apart [ADDRESS]...: packets pass only while the circuits are paired
apart()
{
	carries "$@"
	barred "$@"
}

# --- the IP stack ----------------------------------------------------------------

test_plain() { # forwarded packets, also while tcpdump runs
	two_up
	apart
	nsx_exec "$cust" tcpdump -i er2 -w /dev/null 2>"$scratch/tcpdump" &
	defer kill $!
	busywait grep -q "listening on" "$scratch/tcpdump"
	apart
	ip -n "$cust" link set er1 down
	# The kernel deleted the routes with the link
	ip -n "$cust" link set er1 up
	routes_by er1 1
	apart
}

conntrack_on()
{
	nsx "$cust" nft -f - <<-EOF
		table inet f {
			chain c {
				type filter hook forward priority 0;
				ct state new,established counter accept
			}
		}
	EOF
}

# uneven: send a datagram in two fragments; only the first has a hop-by-hop
# header
uneven()
{
	nsx "$pe1" python3 - "$(net_file "$cust" leg1/address)" <<-'EOF'
		import socket, struct, sys
		P = lambda a: socket.inet_pton(socket.AF_INET6, a)
		src, dst = P("fd20:1::1"), P("fd20:2::1")
		udp = struct.pack("!HHHH", 4000, 5000, 2888, 0) + b"x" * 2880
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("c1", 0))
		mac = bytes.fromhex(sys.argv[1].replace(":", ""))
		for where, more, part in (0, 1, udp[:1440]), (1440, 0, udp[1440:]):
		    kind, p = 44, struct.pack("!BBHI", 17, 0, where | more, 7) + part
		    if more:
		        kind, p = 0, struct.pack("!BBBB4x", 44, 0, 1, 4) + p
		    s.send(mac + b"\x02\0\0\0\0\x01\x86\xdd" +
		           struct.pack("!IHBB", 6 << 28, len(p), kind, 64) +
		           src + dst + p)
	EOF
}

test_conntrack() { # packets that conntrack reassembles and fragments again
	local before out

	two_up
	conntrack_on
	apart
	before=$(counter tx_reach er2)
	out=$(counter primary/tx_packets er2)
	uneven
	busywait counter_least tx_reach $((before + 1))
	expect_eq "sent by er2" "$(counter primary/tx_packets er2)" "$out"
}

test_nat() { # packets whose addresses are translated
	two_up
	nsx "$cust" nft -f - <<-EOF
		table inet n {
			chain pre {
				type nat hook prerouting priority dstnat;
				ip daddr 10.20.3.1 dnat ip to 10.20.2.1
				ip6 daddr fd20:3::1 dnat ip6 to fd20:2::1
			}
			chain post {
				type nat hook postrouting priority srcnat;
				oifname er2 masquerade
			}
		}
	EOF
	apart 10.20.3.1 fd20:3::1
}

test_vrf() { # both circuits in one VRF, also with conntrack
	two_up
	ipb "$cust" <<-EOF || skip "no VRF here"
		link add red type vrf table 10
		link set red up
		link set er1 master red
		link set er2 master red
	EOF
	routes_by er1 1 table 10
	routes_by er2 2 table 10
	apart
	conntrack_on
	apart
}

test_vrf_leak() { # circuits in two VRFs, with a route from one into the other
	two_up
	ipb "$cust" <<-EOF || skip "no VRF here"
		link add red type vrf table 10
		link set red up
		link set er1 master red
		link add blue type vrf table 20
		link set blue up
		link set er2 master blue
	EOF
	routes_by er1 1 table 10
	routes_by er2 2 table 10
	apart
}

# --- tunnels and namespaces between the circuits
# ---------------------------------

# tunnel_up NAME LINK-OPTS: create a tunnel from the customer to pe 2, and
# routes by it
tunnel_up()
{
	ipb "$cust" <<<"link add $*" || skip "no $4 here"
	ipb "$cust" <<-EOF
		link set $1 up
		route add 10.40.2.1 dev $1
		route add fd40:2::1 dev $1
	EOF
}

via_tunnel=(10.40.2.1 fd40:2::1)

test_gre() { # packets enter a GRE tunnel between the circuits
	two_up
	tunnel_up t0 type gre local 10.1.0.2 remote 10.20.2.1
	apart "${via_tunnel[@]}"
}

test_ip6gre() { # packets enter a GRE tunnel over IPv6
	two_up
	tunnel_up t0 type ip6gre local fd01::2 remote fd20:2::1
	apart "${via_tunnel[@]}"
}

test_ipip() { # packets enter an IPIP tunnel, which adds no header besides IP
	two_up
	tunnel_up t0 type ipip local 10.1.0.2 remote 10.20.2.1
	apart 10.40.2.1
}

test_vxlan() { # packets enter a VXLAN tunnel, which adds Ethernet and UDP headers
	two_up
	tunnel_up t0 type vxlan id 7 local 10.1.0.2 remote 10.20.2.1 dstport 4789
	ipb "$cust" <<-EOF
		neigh add 10.40.2.1 dev t0 lladdr 02:00:00:00:00:02
		neigh add fd40:2::1 dev t0 lladdr 02:00:00:00:00:02
	EOF
	# The tunnel device must send no packets of its own
	nsx "$cust" nft -f - <<-EOF
		table ip6 quiet {
			chain o {
				type filter hook output priority 0;
				oifname t0 drop
			}
		}
	EOF
	apart "${via_tunnel[@]}"
}

test_tunnel_in() { # a packet that leaves a tunnel counts as received by the circuit below it
	two_up
	ipb "$cust" <<<"link add t0 type gre local 10.1.0.1 remote 10.20.1.1" ||
		skip "no gre here"
	ip -n "$cust" link set t0 up
	routes_by t0 4
	ip -n "$pe1" link add t0 type gre local 10.20.1.1 remote 10.1.0.1
	ipb "$pe1" <<-EOF
		link set t0 up
		addr add 10.20.4.1/32 dev t0
		addr add fd20:4::1/128 dev t0 nodad
		route add 10.1.0.1 via 169.254.10.5
		route add 10.20.2.1 dev t0 src 10.20.4.1
		route add fd20:2::1 dev t0 src fd20:4::1
	EOF
	apart
}

test_xfrm() { # packets are encrypted between the circuits
	two_up
	ipb "$cust" <<-EOF || skip "no IPsec here"
		xfrm state add src 10.1.0.2 dst 10.20.2.1 proto esp spi 7 mode tunnel sel src 0.0.0.0/0 dst 10.40.2.0/24 auth hmac(sha1) 0x0123456789012345678901234567890123456789 enc cbc(aes) 0x01234567890123456789012345678901
		xfrm policy add src 0.0.0.0/0 dst 10.40.2.0/24 dir out tmpl src 10.1.0.2 dst 10.20.2.1 proto esp mode tunnel
		xfrm policy add src 0.0.0.0/0 dst 10.40.2.0/24 dir fwd tmpl src 10.1.0.2 dst 10.20.2.1 proto esp mode tunnel level use
		route add 10.40.2.0/24 dev er2 src 10.1.0.2
	EOF
	apart 10.40.2.1
}

# pair_up NS: create veth pairs from the customer to NS, which sends packets
# back
pair_up()
{
	ip -n "$cust" link add v0 type veth peer name v1 netns "$1"
	ip -n "$cust" link add w0 type veth peer name w1 netns "$1"
	forwarding_on "$1"
	ipb "$cust" <<-EOF
		link set v0 up
		link set w0 up
		addr add 10.50.0.1/30 dev v0
		addr add fd50::1/64 dev v0 nodad
		addr add 10.51.0.1/30 dev w0
		addr add fd51::1/64 dev w0 nodad
		route add 10.20.2.0/24 via 10.50.0.2 table 9
		route add fd20:2::/64 via fd50::2 table 9
		route add 10.20.1.0/24 via 10.50.0.2 metric 100
	EOF
	ip -n "$cust" rule add iif er1 table 9
	ip -n "$cust" -6 rule add iif er1 table 9
	# w0 receives packets whose way back is er1, or v0 if er1 is gone
	"$netns" write "$cust" ipv4/conf/w0/rp_filter 2
	ipb "$1" <<-EOF
		link set v1 up
		link set w1 up
		addr add 10.50.0.2/30 dev v1
		addr add fd50::2/64 dev v1 nodad
		addr add 10.51.0.2/30 dev w1
		addr add fd51::2/64 dev w1 nodad
		route add default via 10.51.0.1
		route add default via fd51::1
		route add 10.20.1.0/24 via 10.50.0.1
		route add fd20:1::/64 via fd50::1
	EOF
}

test_netns() { # packets pass through another namespace and return
	two_up
	setup_ns other
	# shellcheck disable=SC2154
	pair_up "$other"
	apart
}

test_elsewhere() { # packets pass between circuits in different namespaces
	local out

	two_up
	setup_ns other
	forwarding_on "$other"
	ip -n "$cust" link set er2 netns "$other"
	veth_pair "$cust" v0 "$other" v1
	addr_add "$cust" v0 10.50.0.1/30 fd50::1/64
	addr_add "$other" v1 10.50.0.2/30 fd50::2/64
	ipb "$cust" <<-EOF
		route add 10.20.2.0/24 via 10.50.0.2
		route add fd20:2::/64 via fd50::2
	EOF
	ipb "$other" <<-EOF
		link set er2 up
		route add 10.20.1.0/24 via 10.50.0.1
		route add fd20:1::/64 via fd50::1
		route add 10.20.2.0/24 dev er2
		route add fd20:2::/64 dev er2
	EOF
	out=$(net_file "$other" er2/ercircuit/primary/tx_packets)
	flow_send "$pe1" -n 5 10.20.2.1 >/dev/null
	flow_send "$pe1" -n 5 fd20:2::1 >/dev/null
	expect_eq "sent by er2" \
		"$(net_file "$other" er2/ercircuit/primary/tx_packets)" $((out + 10))
	expect_eq refused "$(net_file "$other" er2/ercircuit/tx_reach)" 0
}

test_gone() { # a queued packet whose circuit is deleted or moves to another namespace
	local what

	for what in "link del er1" "link set er1 netns"; do
		two_up
		setup_ns other
		pair_up "$other"
		tc -n "$other" qdisc add dev w1 root netem delay 3s ||
			skip "no netem here"
		carries 10.20.2.1
		flow_send "$pe1" -n 5 10.20.2.1 >/dev/null
		[ "${what##* }" != netns ] || what+=" $other"
		# shellcheck disable=SC2086
		ip -n "$cust" $what
		erc add er1
		busywait counter_least tx_reach 5
		expect_eq "sent by er2" "$(counter primary/tx_packets er2)" 5
	done
}

# --- without the IP stack
# ----------------------------------------------------------

test_tc() { # packets are redirected by tc, and back
	two_up
	tc -n "$cust" qdisc add dev er1 clsact
	tc -n "$cust" filter add dev er1 ingress matchall \
		action mirred egress redirect dev er2 || skip "no mirred here"
	apart
}

test_tc_pass() { # packets whose tc_index a tc filter overwrites
	two_up
	tc -n "$cust" qdisc add dev er2 clsact
	tc -n "$cust" filter add dev er2 egress matchall classid 1:1 action ok ||
		skip "no gact here"
	apart
	tc -n "$cust" qdisc add dev er1 clsact
	tc -n "$cust" filter add dev er1 ingress matchall classid 1:1 action ok
	barred
}

test_nft_fwd() { # packets are forwarded by nftables at ingress
	two_up
	nsx "$cust" nft -f - <<-EOF || skip "no nft fwd here"
		table netdev d {
			chain c {
				type filter hook ingress device er1 priority 0;
				udp dport 5000 fwd to er2
			}
		}
	EOF
	apart
}

test_nft_dup() { # packets are duplicated by nftables
	two_up
	nsx "$cust" nft -f - <<-EOF || skip "no nft dup here"
		table ip d {
			chain c {
				type filter hook prerouting priority 0;
				ip daddr 10.20.3.1 dup to 10.20.2.1 device er2 drop
			}
		}
		table ip6 d {
			chain c {
				type filter hook prerouting priority 0;
				ip6 daddr fd20:3::1 dup to fd20:2::1 device er2 drop
			}
		}
	EOF
	apart 10.20.3.1 fd20:3::1
}

test_flowtable() { # a flow table entry from the time when they were paired
	[ ! -e /proc/lockdep ] || skip "nftables itself fails the lock checks"
	two_up
	nsx "$cust" nft -f - <<-EOF || skip "no flow tables here"
		table inet f {
			flowtable t {
				hook ingress priority 0;
				devices = { er1, er2 };
			}
			chain c {
				type filter hook forward priority 0;
				meta l4proto udp flow add @t
			}
		}
	EOF
	apart
}

# redirect_by IFINDEX PATH: load and pin a program that sends all packets to a
# device
redirect_by()
{
	python3 - "$1" "$2" <<-'EOF'
		import ctypes, struct, sys
		index, path = int(sys.argv[1]), sys.argv[2].encode() + b"\0"
		libc = ctypes.CDLL(None, use_errno=True)
		# r1 = index; r2 = 0; call bpf_redirect; exit
		code = b"".join(struct.pack("=BBhi", *i) for i in (
		    (0xb7, 1, 0, index), (0xb7, 2, 0, 0), (0x85, 0, 0, 23),
		    (0x95, 0, 0, 0)))
		buf, gpl = ctypes.create_string_buffer(code), ctypes.create_string_buffer(b"GPL")
		def bpf(command, attr):
		    b = ctypes.create_string_buffer(attr, 128)
		    r = libc.syscall(NR, command, b, 128)
		    if r < 0:
		        sys.exit("bpf: errno %d" % ctypes.get_errno())
		    return r
		NR = 321
		fd = bpf(5, struct.pack("=IIQQ", 6, 4, ctypes.addressof(buf),
		                        ctypes.addressof(gpl)))
		name = ctypes.create_string_buffer(path)
		bpf(6, struct.pack("=QII", ctypes.addressof(name), fd, 0))
	EOF
}

test_xdp() { # packets are redirected by XDP
	local a

	two_up
	mkdir -p "$scratch/bpf"
	mount -t bpf bpf "$scratch/bpf" || skip "no BPF file system here"
	defer umount "$scratch/bpf"
	redirect_by "$(net_file "$cust" er2/ifindex)" "$scratch/bpf/x" ||
		skip "no BPF here"
	nsx "$cust" ip link set er1 xdpgeneric pinned "$scratch/bpf/x"
	carries
	# The kernel itself drops packets above the MTU
	for a in "${both[@]}"; do
		refuses 5 "$a"
		refuses 5 -s 2800 "$a"
	done
	expect_eq "sent by er2" "$(counter primary/tx_packets er2)" 10
}

test_ipvs() { # packets are balanced by IPVS
	two_up
	modprobe ip_vs_rr || skip "no IPVS here"
	nsx "$cust" python3 - <<-'EOF' || skip "no IPVS over IPv4 here"
		import socket, struct
		A = socket.inet_aton
		s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
		# struct ip_vs_service_user, ip_vs_dest_user
		service = struct.pack("=H2x4s2sxxI16sIIi", 17, A("10.1.0.1"),
		                      struct.pack("!H", 5000), 0, b"rr", 0, 0, -1)
		real = struct.pack("=4s2sxxIiII", A("10.20.2.1"),
		                   struct.pack("!H", 5000), 0, 1, 0, 0)
		s.setsockopt(socket.IPPROTO_IP, 1154, service)
		s.setsockopt(socket.IPPROTO_IP, 1159, service + real)
	EOF
	apart 10.1.0.1
}

ktap_main
