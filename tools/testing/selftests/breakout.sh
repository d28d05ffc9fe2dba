#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Break-out: traffic that the service does not carry leaves by the internet
# device; all other traffic stays on the circuit.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Both the cloud and the internet have the public addresses, so the answer shows
# which way a question took. Only the cloud has the private addresses.
#
#	[lan] -- lan0 [cust] er0 == legs == [cloud]
#	                     wan0 --------- [internet]
public="203.0.113.53 203.0.113.200 2001:db8:53::53"
private="10.9.0.8 fd09::8"

# answers NS NAME ADDRESS...: answer NAME to each question at port 53 or 80
answers()
{
	nsx_exec "$1" python3 - "${@:2}" 2>"$scratch/$2.err" <<-'EOF_PY' &
		import selectors, socket, sys
		name, select = sys.argv[1].encode() + b"\n", selectors.DefaultSelector()
		for address in sys.argv[2:]:
		    family = socket.AF_INET6 if ":" in address else socket.AF_INET
		    for port in 53, 80:
		        for kind in socket.SOCK_DGRAM, socket.SOCK_STREAM:
		            s = socket.socket(family, kind)
		            s.bind((address, port))
		            if kind == socket.SOCK_STREAM:
		                s.listen()
		            select.register(s, selectors.EVENT_READ)
		print("ready", file=sys.stderr, flush=True)
		while True:
		    for key, _ in select.select():
		        s = key.fileobj
		        if s.type == socket.SOCK_DGRAM:
		            s.sendto(name, s.recvfrom(99)[1])
		        else:
		            c = s.accept()[0]
		            c.sendall(name)
		            c.close()
	EOF_PY
	defer kill $!
	busywait grep -q ready "$scratch/$2.err"
}

# ask NS udp|tcp ADDRESS [PORT]: print the name of the host that answers
ask()
{
	# shellcheck disable=SC2016
	nsx "$1" bash -c 'exec 3<>"$1" && echo "?" >&3 &&
		timeout "$2" head -n1 <&3' - "/dev/$2/$3/${4:-53}" "$answer_wait"
}

# goes WHERE ADDRESS [PORT]: WHERE answers our own and forwarded questions over
# UDP and TCP
goes()
{
	local ns protocol

	# shellcheck disable=SC2154
	for ns in "$cust" "$lan"; do
		for protocol in udp tcp; do
			expect_eq "$protocol to $2 port ${3:-53} from $ns" \
				"$(ask "$ns" "$protocol" "$2" "${3:-}")" "$1"
		done
	done
}

# all_go WHERE ADDRESS...: goes, for each ADDRESS
all_go()
{
	local address

	for address in "${@:2}"; do
		goes "$1" "$address"
	done
}

# public_lines: print lines for ipb that add the public addresses
public_lines()
{
	local a

	echo "link add pub0 type dummy"
	echo "link set pub0 up"
	for a in $public; do
		[[ $a != *:* ]] || a="$a nodad"
		echo "addr add $a dev pub0"
	done
}

# internet_up: build the topology. The default route is er0; a second default
# route with a larger metric leads to the internet.
internet_up()
{
	local pe n

	need python3
	topology_up
	circuit_up er0
	setup_ns lan internet
	# shellcheck disable=SC2154
	ipb "$cust" <<-EOF
		link add wan0 type veth peer name isp netns $internet
		link add lan0 type veth peer name host netns $lan
		link set wan0 up
		link set lan0 up
		addr add 198.51.100.2/24 dev wan0
		addr add 2001:db8:1::2/64 dev wan0 nodad
		addr add 10.1.0.65/26 dev lan0
		addr add fd01::1:0:0:1/80 dev lan0 nodad
		route add default dev er0 src 10.1.0.1 metric 10
		route add default dev er0 src fd01::1 metric 10
		route add default via 198.51.100.1 metric 100
		route add default via 2001:db8:1::1 dev wan0 metric 2000
		rule add ipproto udp dport 53 lookup main suppress_prefixlength 0 priority 30000
		rule add to 192.0.2.0/24 lookup 999 priority 30001
	EOF
	ipb "$lan" <<-EOF
		link set host up
		addr add 10.1.0.66/26 dev host
		addr add fd01::1:0:0:2/80 dev host nodad
		route add default via 10.1.0.65
		route add default via fd01::1:0:0:1
	EOF
	ipb "$internet" <<-EOF
		link set isp up
		addr add 198.51.100.1/24 dev isp
		addr add 2001:db8:1::1/64 dev isp nodad
		route add 10.1.0.0/24 via 198.51.100.2
		route add fd01::/64 via 2001:db8:1::2
		$(public_lines)
	EOF
	ipb "$cloud" <<<"$(public_lines)"
	for n in 1 2; do
		pe=pe$n
		ipb "${!pe}" <<-EOF
			route add 203.0.113.0/24 via 10.255.$n.2
			route add 2001:db8:53::/64 via fd00:a$n::2
		EOF
	done
	forwarding_on "$cust"
	# Drop answers that arrive by the wrong device
	nsx "$cust" sysctl -q net.ipv4.conf.all.rp_filter=1
}

servers_up()
{
	# shellcheck disable=SC2086
	answers "$internet" internet $public
	# shellcheck disable=SC2086
	answers "$cloud" cloud $public $private
}

# routing: print all rules and routes of the customer
routing()
{
	local f

	for f in -4 -6; do
		nsx "$cust" ip "$f" rule
		nsx "$cust" ip "$f" route show table all
	done
}

# rules_ours -4|-6: print the rules that the tool added
rules_ours()
{
	nsx "$cust" ip "$1" -d rule | grep -w "proto 211" || true
}

test_dns() { # DNS questions leave by the internet, those to private addresses by the circuit
	internet_up
	servers_up
	routing >"$scratch/before"
	# shellcheck disable=SC2086
	all_go cloud $public $private
	erc breakout er0 add dns dev wan0
	# shellcheck disable=SC2086
	all_go internet $public
	# shellcheck disable=SC2086
	all_go cloud $private
	goes cloud 203.0.113.53 80
	goes cloud 2001:db8:53::53 80
	expect_eq show "$(erc breakout er0 show)" \
		"er0: dns dev wan0 state: via 198.51.100.1 via 2001:db8:1::1 current"
	expect_eq json "$(erc -j breakout er0 show)" \
		'[{"name":"er0","what":"dns","dev":"wan0","via":["198.51.100.1","2001:db8:1::1"],"stale":false}]'
	erc breakout er0 del dns
	diff "$scratch/before" <(routing)
	# shellcheck disable=SC2086
	all_go cloud $public $private
}

test_prefix() { # packets to a prefix leave by the internet, except where a longer route exists
	internet_up
	servers_up
	routing >"$scratch/before"
	erc breakout er0 add 203.0.113.0/24 dev wan0
	goes internet 203.0.113.53 80
	goes internet 203.0.113.200
	goes cloud 2001:db8:53::53
	ip -n "$cust" route add 203.0.113.128/25 dev er0 src 10.1.0.1
	goes cloud 203.0.113.200
	ip -n "$cust" route del 203.0.113.128/25
	# A route in the main table that is as long as the prefix does not win
	ip -n "$cust" route add 203.0.113.0/24 dev er0 src 10.1.0.1
	goes internet 203.0.113.53 80
	ip -n "$cust" route del 203.0.113.0/24
	erc breakout er0 add 2001:db8:53::53 dev wan0
	goes internet 2001:db8:53::53 80
	expect_eq show "$(erc breakout er0 show | cut -d' ' -f2)" \
		$'203.0.113.0/24\n2001:db8:53::53/128'
	erc breakout er0 del 203.0.113.0/24
	goes cloud 203.0.113.53
	goes internet 2001:db8:53::53
	erc breakout er0 del
	diff "$scratch/before" <(routing)
}

test_two() { # two circuits break out at the same time, and each removes only its own rules
	internet_up
	servers_up
	erc add er1
	erc breakout er0 add dns dev wan0
	routing >"$scratch/before"
	erc breakout er1 add dns dev wan0
	erc breakout er1 add 192.0.2.0/24 dev wan0
	erc breakout er1 del
	diff "$scratch/before" <(routing)
	goes internet 203.0.113.53
	goes cloud 10.9.0.8
	# Rules outlive their circuit; the tool finds them by its name
	erc del er0
	erc breakout er0 show | grep "^er0: dns"
	erc breakout er0 del
	expect_eq "rules left" "$(rules_ours -4)" ""
}

test_gateway() { # show marks a rule as stale if the default gateway has changed since
	internet_up
	erc breakout er0 add dns dev wan0
	ip -n "$cust" route replace default via 198.51.100.3 metric 100
	erc breakout er0 show | grep "via 198.51.100.1 via 2001:db8:1::1 stale$"
	erc breakout er0 add 192.0.2.1/32 dev wan0
	erc breakout er0 show | grep "dns dev wan0 state: via 198.51.100.3 via 2001:db8:1::1 current$"
	ip -n "$cust" link set wan0 down
	expect_eq show "$(erc breakout er0 show | sort)" \
		$'er0: 192.0.2.1/32 state: stale\ner0: dns state: stale'
	erc breakout er0 del
	expect_eq "rules left" "$(rules_ours -6)" ""
}

test_families() { # a family without an internet gateway keeps its routes
	internet_up
	ip -n "$cust" -6 route del default dev wan0
	erc breakout er0 add dns dev wan0
	expect_eq "IPv6 rules" "$(rules_ours -6)" ""
	expect_ge "IPv4 rules" "$(rules_ours -4 | wc -l)" 4
	erc breakout er0 show | grep "state: via 198.51.100.1 current$"
	refused "no default route by \"wan0\": ip route add default via GW dev wan0" \
		erc breakout er0 add 2001:db8::/32 dev wan0
	erc breakout er0 del
	# A multipath route, and an IPv6 gateway for IPv4
	ip -4 -n "$cust" route replace default metric 100 \
		nexthop dev er0 nexthop via inet6 2001:db8:1::1 dev wan0
	erc breakout er0 add dns dev wan0
	erc breakout er0 show | grep "state: via 2001:db8:1::1 current$"
}

test_point_to_point() { # a point-to-point device needs no gateway
	internet_up
	ipb "$cust" <<-EOF
		tuntap add ppp0 mode tun
		addr add 198.51.100.130 peer 198.51.100.129 dev ppp0
		link set ppp0 up
	EOF
	erc breakout er0 add dns dev ppp0
	expect_eq show "$(erc breakout er0 show)" \
		"er0: dns dev ppp0 state: current"
	expect_eq "IPv6 rules" "$(rules_ours -6)" ""
	expect_ge "IPv4 rules" "$(rules_ours -4 | wc -l)" 4
	nsx "$cust" ip route show table all proto 211 |
		grep "default dev ppp0 .*scope link"
}

test_refused() { # each refusal has a message and changes nothing
	internet_up
	erc add er1
	erc breakout er0 add dns dev wan0
	routing >"$scratch/before"
	refused "breakout of \"er0\": add, del or show is missing" erc breakout er0
	refused "add, del or show is missing" erc breakout er0 set
	refused "NAME is missing: name a circuit, \"ercircuit show\" lists them" \
		erc breakout
	refused "dns or a prefix is missing: name what breaks out" \
		erc breakout er0 add
	refused "dev DEV is missing: name the internet device" \
		erc breakout er0 add 192.0.2.0/24
	refused "\"dev\" needs a value" erc breakout er0 add 192.0.2.0/24 dev
	refused "dev: there is no device \"wan9\": \"ip link\" lists them" \
		erc breakout er0 add 192.0.2.0/24 dev wan9
	refused "there is no device \"er9\": \"ercircuit show\" lists circuits" \
		erc breakout er9 add dns dev wan0
	refused "\"wan0\" is not a circuit: \"ercircuit show\" lists them" \
		erc breakout wan0 add dns dev wan0
	refused "dev: \"er0\" is a circuit: name the internet device" \
		erc breakout er0 add 192.0.2.0/24 dev er0
	refused "dev: \"leg2\" is a leg of \"er0\": name the internet device" \
		erc breakout er0 add 192.0.2.0/24 dev leg2
	refused "no default route by \"lan0\"" erc breakout er1 add dns dev lan0
	refused "\"er0\" breaks out by \"wan0\" already: use that device" \
		erc breakout er0 add 192.0.2.0/24 dev lan0
	refused "\"dns\" breaks out already: ercircuit breakout er0 del dns" \
		erc breakout er0 add dns dev wan0
	refused "\"192.0.2.1/24\" has bits set behind the first 24: they must be 0" \
		erc breakout er0 add 192.0.2.1/24 dev wan0
	refused "\"dnss\" is neither dns nor a prefix such as 192.0.2.0/24" \
		erc breakout er0 add dnss dev wan0
	refused "neither dns nor a prefix" erc breakout er0 add 192.0.2.0/33 dev wan0
	refused "neither dns nor a prefix" erc breakout er0 add 192.0.2.0/ dev wan0
	refused "neither dns nor a prefix" erc breakout er0 add ::/129 dev wan0
	refused "\"dev\" is one word too many: leave it out" \
		erc breakout er0 del dns dev wan0
	refused "one word too many" erc breakout er0 show er0
	refused "\"192.0.2.0/24\" does not break out: see ercircuit breakout er0 show" \
		erc breakout er0 del 192.0.2.0/24
	refused "nothing breaks out of \"er1\": there is nothing to delete" \
		erc breakout er1 del
	refused "no device \"er9\"" erc breakout er9 show
	refused "Operation not permitted" nsx "$cust" setpriv --reuid=65534 \
		--clear-groups "$(command -v ercircuit)" \
		breakout er0 add 192.0.2.0/24 dev wan0
	diff "$scratch/before" <(routing)
}

ktap_main
