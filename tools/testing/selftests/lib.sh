# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the selftests.  A test is a bash script that reads this file,
# defines functions named test_* and ends in "ktap_main":
#
#	#!/bin/bash
#	# SPDX-License-Identifier: GPL-2.0
#	# One line on what this file proves.
#	. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
#
#	test_ping() { # the cloud answers
#		topology_up
#		circuit_up
#		reaches "$cust" 10.9.0.1
#	}
#
#	ktap_main
#
# See ../ktap.sh for how results come about, for skip, fail and defer.
#
# Environment, set by tools/testing/selftests/run:
#	ERC_TOP		top of the source tree
#	ERC_KO		ercircuit.ko of the running kernel
#	PATH		finds the ercircuit tool; stock ip finds our plugin

# shellcheck source=tools/testing/ktap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../ktap.sh"

# Nothing is ever written to this pipe
exec {never}<> <(:)

# --- conditions ------------------------------------------------------------

# now_ms VARIABLE: milliseconds of the monotonic clock.
now_ms()
{
	local up

	read -r up _ </proc/uptime
	up=${up/./}0
	printf -v "$1" %d $((10#$up))
}

# How many seconds a test waits for what has to happen. That is no promise of ours: a
# guest whose host is busy is slow, and only a test that hangs waits so long.
patience=${ERC_PATIENCE:-120}

# Seconds in which a ping has to be answered. Who asks again and again, and who
# expects no answer, does not wait for long.
answer_wait=$patience

# busywait COMMAND [ARGS]...: poll COMMAND every 10 ms until it succeeds; fails, saying
# so, when "patience" is over.  Never sleep for a fixed time in a test: wait for
# what you need, and judge what you measure.  A number before COMMAND is ignored:
# scripts from outside give a time there.
busywait()
{
	[[ $1 != [0-9]* ]] || shift
	within $((patience * 1000)) "$@"
}

# within MS COMMAND [ARGS]...: the same for so long.  Only for what is there or is not,
# no matter how busy the host is.
within()
{
	local timeout=$1 start now answer_wait=1

	shift
	now_ms start
	until "$@" >/dev/null 2>&1; do
		now_ms now
		if [ $((now - start)) -gt "$timeout" ]; then
			echo "not within $timeout ms: $*" >&2
			return 1
		fi
		# As sleep does, without a process
		read -rt 0.01 -u "$never" || true
	done
}

# lasts MS COMMAND [ARGS]...: COMMAND succeeds for so long.
lasts()
{
	local time=$1

	shift
	not within "$time" not "$@"
}

# not COMMAND [ARGS]...: succeed if COMMAND fails.  (Under "set -e" a plain
# "! command" never fails a test.)
not()
{
	local answer_wait=1

	if "$@"; then
		echo "succeeded, and should not have: $*" >&2
		return 1
	fi
}

# expect_eq WHAT GOT WANTED: fail unless equal.
expect_eq()
{
	[ "$2" = "$3" ] || fail "$1 is '$2', expected '$3'"
}

# expect_ge WHAT GOT MINIMUM, expect_le WHAT GOT MAXIMUM: compare integers.
expect_ge()
{
	[ "$2" -ge "$3" ] || fail "$1 is $2, expected at least $3"
}

expect_le()
{
	[ "$2" -le "$3" ] || fail "$1 is $2, expected at most $3"
}

# expect_counter NAME VALUE: fail unless counter NAME is that, now.
expect_counter()
{
	counter_is "$1" "$2" || fail "$1 is '$(counter "$1")', expected '$2'"
}

# refused TEXT COMMAND [ARGS]...: COMMAND must fail, and say TEXT on stdout or
# stderr; "" is anything, but something.
refused()
{
	local text=$1 out

	shift
	if out=$("$@" 2>&1); then
		fail "accepted, and should not have been: $*"
	fi
	[[ -n $out && $out = *"$text"* ]] || fail "expected '$text', got: $out"
}

# soak SHORT LONG: prints how much of something "make check" has, or "make soak".
soak()
{
	if [ -n "${ERC_SOAK:-}" ]; then
		echo "$2"
	else
		echo "$1"
	fi
}

# --- requirements ----------------------------------------------------------

# need COMMAND...: skip the test if one of the programs is not there.
need()
{
	local c

	for c in "$@"; do
		command -v "$c" >/dev/null || skip "no $c here"
	done
}

# need_kind KIND [OPTS]...: skip the test if the kernel cannot make a link of
# this kind, e.g. "need_kind netkit".
need_kind()
{
	local kind=$1 ns

	shift
	ns=kind-$$-$RANDOM
	ip netns add "$ns"
	if ! ip -n "$ns" link add probe0 type "$kind" "$@" 2>/dev/null; then
		ip netns del "$ns"
		skip "no $kind links here"
	fi
	ip netns del "$ns"
}

# load_module NAME|FILE.ko [PARAMS]...: load it if it is not loaded, and
# unload it at the end of the test if this did.
load_module()
{
	local name=${1##*/}

	name=${name%.ko}
	name=${name//-/_}
	[ ! -e "/sys/module/$name" ] || return 0
	case $1 in
	*.ko)	insmod "$@" ;;
	*)	modprobe "$@" 2>/dev/null || skip "no module $1 here" ;;
	esac
	defer rmmod "$name"
}

# A guest that was booted with ipv6.disable=1 runs the tests of IPv4: the helpers
# here leave their IPv6 addresses out, and a test that names one itself is skipped.

if [ -e /proc/sys/net/ipv6 ]; then
	has_ipv6=yes
else
	has_ipv6=
	before_test() { ! names_ipv6 "$1" || skip "it needs IPv6"; }
fi

# The addresses of the cloud, one of each family that the guest has
# shellcheck disable=SC2034
# shellcheck disable=SC2034
cloud_each=(10.9.0.1 fd09::1)
# shellcheck disable=SC2034
[ -n "$has_ipv6" ] || cloud_each=(10.9.0.1)

# names_ipv6 FUNCTION: it names an IPv6 address, but for helpers that leave it out, or
# uses ip or ping with -6; so does a function of the same file that it calls.
names_ipv6()
{
	local body f address='(fd|fe|ff|2001:)[0-9a-f:]*::'

	body=$(declare -f "$1" | sed -E '/^ *(addr_add|pe_routes|pe_up|ipb) /d')
	[[ ! $body =~ $address && ! $body =~ [[:space:]]-6[[:space:]] ]] || return 0
	for f in $(compgen -A function); do
		[[ $f != "$1" && $lib_functions != *" $f "* &&
			$body =~ [^a-z0-9_]"$f"[^a-z0-9_] ]] || continue
		! names_ipv6 "$f" || return 0
	done
	return 1
}

# --- network namespaces ----------------------------------------------------

# Each test takes a few of them. To start a program is what costs time in
# user-mode Linux and under QEMU, so that one here does much at once, and what
# can be read from a file is.

netns=$(dirname "${BASH_SOURCE[0]}")/netns
[ -x "$netns" ] || make -s -C "$(dirname "$netns")" netns

# setup_ns VARIABLE...: make one namespace per variable, with lo up; the
# variable gets its unique name.  Gone at the end of the test.  Addresses are
# usable at once, and nothing is sent unasked.
setup_ns()
{
	local var names=()

	for var in "$@"; do
		names+=("$var-$$-$RANDOM")
		printf -v "$var" '%s' "${names[-1]}"
	done
	"$netns" add "${names[@]}"
	defer "$netns" del "${names[@]}"
	[ -z "${ERC_STRICT:-}" ] || rp_filter_strict "$@"
}

# rp_filter_strict VARIABLE...: in these namespaces; in the cloud packets of a circuit
# come in by the edge of the leg and return by the one of cloud_via, so that one
# is loose. An edge that has the addresses of the cloud itself would ask for the
# customer from one of these, which is no address of the leg's subnet.
rp_filter_strict()
{
	local var

	for var in "$@"; do
		[ "$var" != cloud ] || continue
		"$netns" write "${!var}" ipv4/conf/all/rp_filter 1 \
			ipv4/conf/default/rp_filter 1
		[[ $var != pe* ]] ||
			"$netns" write "${!var}" ipv4/conf/all/arp_announce 2
	done
}

# watch_devices NS: with ERC_WATCHED a tcpdump on each interface of NS, until the
# test or the interface ends.
watch_devices()
{
	local dev

	[ -n "${ERC_WATCHED:-}" ] || return 0
	for dev in "/run/sys-$1/class/net/"*; do
		dev=${dev##*/}
		[[ -d /run/sys-$1/class/net/$dev && $dev != lo ]] || continue
		# By index, as a new device may have the name of an old one
		[ ! -e "$scratch/watched-$1-$dev-$(net_file "$1" "$dev/ifindex")" ] ||
			continue
		tcpdump_start "$1" \
			"$scratch/watched-$1-$dev-$(net_file "$1" "$dev/ifindex")" \
			-p -q -i "$dev" -w /dev/null
		defer kill -9 $!
	done
}

# ns_sys NS: where sysfs is mounted as NS sees it.
ns_sys()
{
	echo "/run/sys-$1"
}

# ns_del NS: end the processes in it, then delete it and wait until it is gone.
ns_del()
{
	"$netns" del "$1"
}

# nsx NS COMMAND [ARGS]...: run COMMAND in namespace NS.
nsx()
{
	"$netns" exec "$@"
}

# nsx_exec NS COMMAND [ARGS]... &: the same in the background, so that $! is
# the command itself.
nsx_exec()
{
	exec "$netns" exec "$@"
}

# tcpdump_start NS FILE OPTIONS...: capture in the background, from now on; what
# tcpdump has to say goes to FILE, what it prints where the caller sends it. $! is
# tcpdump.
tcpdump_start()
{
	# What FILE says of an earlier one is no answer, and the shell in the
	# background may come to it late
	: >"$2"
	nsx_exec "$1" tcpdump --immediate-mode "${@:3}" 2>>"$2" &
	busywait grep -q "listening on" "$2"
}

# ipb NS: run the ip commands on stdin in namespace NS, in one process.
ipb()
{
	if [ -n "$has_ipv6" ]; then
		ip -n "$1" -batch -
	else
		sed '/ [0-9a-f:]*::/d' | ip -n "$1" -batch -
	fi
}

# veth_pair NS1 DEV1 NS2 DEV2: a veth pair, both ends up.
veth_pair()
{
	ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

# addr_add NS DEV ADDRESS...: add IPv4 and IPv6 addresses (with prefix
# length), usable at once.
addr_add()
{
	ipb "$1" <<<"$(addr_lines "${@:2}")"
}

# addr_lines DEV ADDRESS...: the same as lines for ipb.
addr_lines()
{
	local a

	for a in "${@:2}"; do
		case $a in
		*:*)	echo "addr add $a dev $1 nodad" ;;
		*)	echo "addr add $a dev $1" ;;
		esac
	done
}

# forwarding_on NS...: route between the interfaces of NS, both families.
forwarding_on()
{
	"$netns" forward "$@"
}

# --- the topology ----------------------------------------------------------
#
#	            .-- leg1 ========== c1 [pe1] core ---- up1 --.
#	[cust] er0 -|                                            |- [cloud] net0
#	            '-- leg2 ========== c2 [pe2] core ---- up2 --'
#
#	cust	leg1	169.254.10.1/30	fd00:10::1/64	er0 10.1.0.1/32 fd01::1/128
#		leg2	169.254.10.5/30	fd00:11::1/64
#	pe1	c1	169.254.10.2/30	fd00:10::2/64	core 10.255.1.1/30 fd00:a1::1/64
#	pe2	c2	169.254.10.6/30	fd00:11::2/64	core 10.255.2.1/30 fd00:a2::1/64
#	cloud	up1	10.255.1.2/30	fd00:a1::2/64	net0 10.9.0.1..10.9.0.8/24
#		up2	10.255.2.2/30	fd00:a2::2/64	     fd09::1..fd09::8/64
#
# The PEs route the customer's prefixes 10.1.0.0/24 and fd01::/64 to their
# leg and the cloud's to the cloud.  The cloud returns everything by pe1;
# cloud_via changes that.

# wires_up [LINES1 LINES2]: cust, pe1, pe2 and the legs between them; no
# routes.  The lines are for ipb, in pe1 and in pe2.
wires_up()
{
	setup_ns cust pe1 pe2
	# shellcheck disable=SC2154
	ipb "$cust" <<-EOF
		link add leg1 type veth peer name c1 netns $pe1
		link add leg2 type veth peer name c2 netns $pe2
		addr add 169.254.10.1/30 dev leg1
		addr add fd00:10::1/64 dev leg1 nodad
		addr add 169.254.10.5/30 dev leg2
		addr add fd00:11::1/64 dev leg2 nodad
		link set leg1 up
		link set leg2 up
	EOF
	pe_up "$pe1" 1 169.254.10.2/30 fd00:10::2/64 "${1:-}"
	pe_up "$pe2" 2 169.254.10.6/30 fd00:11::2/64 "${2:-}"
}

# pe_up NS NUMBER ADDRESS4 ADDRESS6 LINES: its end of the leg.
pe_up()
{
	ipb "$1" <<-EOF
		link set c$2 up
		addr add $3 dev c$2
		addr add $4 dev c$2 nodad
		$5
	EOF
}

# edge_leg N LINES: legN of cust to peN, which is a namespace already: the
# addresses are 169.254.10.(4N+1) and fd00:1N::1 here, the next ones there.
edge_leg()
{
	local ns=pe$1

	ipb "$cust" <<-EOF
		link add leg$1 type veth peer name c$1 netns ${!ns}
		addr add 169.254.10.$((4 * $1 + 1))/30 dev leg$1
		addr add fd00:1$1::1/64 dev leg$1 nodad
		link set leg$1 up
	EOF
	pe_up "${!ns}" "$1" "169.254.10.$((4 * $1 + 2))/30" "fd00:1$1::2/64" "$2"
}

# topology_up: make it; sets cust, pe1, pe2 and cloud to the namespaces.
topology_up()
{
	wires_up
	setup_ns cloud
	# shellcheck disable=SC2154
	ipb "$cloud" <<-EOF
		link add up1 type veth peer name core netns $pe1
		link add up2 type veth peer name core netns $pe2
		addr add 10.255.1.2/30 dev up1
		addr add fd00:a1::2/64 dev up1 nodad
		addr add 10.255.2.2/30 dev up2
		addr add fd00:a2::2/64 dev up2 nodad
		link set up1 up
		link set up2 up
		$cloud_lines
	EOF
	pe_core_up "$pe1" 1
	pe_core_up "$pe2" 2
	pe_routes "$pe1" 169.254.10.1 fd00:10::1 10.255.1.2 fd00:a1::2
	pe_routes "$pe2" 169.254.10.5 fd00:11::1 10.255.2.2 fd00:a2::2
	cloud_via pe1
}

# pe_core_up NS NUMBER: its link to the cloud.
pe_core_up()
{
	ipb "$1" <<-EOF
		link set core up
		addr add 10.255.$2.1/30 dev core
		addr add fd00:a$2::1/64 dev core nodad
	EOF
}

# edges_up: the same without the cloud: each edge has the addresses of net0
# itself, so that it receives and answers what comes by its leg.
edges_up()
{
	wires_up "$cloud_lines
		$(customer_lines 169.254.10.1 fd00:10::1)" "$cloud_lines
		$(customer_lines 169.254.10.5 fd00:11::1)"
	forwarding_on "$pe1" "$pe2"
}

# cloud_addresses NS: net0 with the addresses of the cloud.
cloud_addresses()
{
	ipb "$1" <<<"$cloud_lines"
}

# The same as lines for ipb
cloud_lines=$(
	printf '%s\n' "link add net0 type dummy" "link set net0 up"
	printf 'addr add %s dev net0\n' 10.9.0.{1..8}/24
	printf 'addr add %s dev net0 nodad\n' fd09::{1..8}/64
)

# pe_routes NS CUSTOMER4 CUSTOMER6 [CLOUD4 CLOUD6]: make NS a provider edge.
pe_routes()
{
	local cloud=

	[ $# = 3 ] || cloud="route replace 10.9.0.0/24 via $4
		route replace fd09::/64 via $5"
	forwarding_on "$1"
	ipb "$1" <<-EOF
		$(customer_lines "$2" "$3")
		$cloud
	EOF
}

# customer_lines CUSTOMER4 CUSTOMER6: routes to the customer as lines for ipb.
customer_lines()
{
	echo "route replace 10.1.0.0/24 via $1"
	echo "route replace fd01::/64 via $2"
}

# cloud_via pe1|pe2 [PREFIX]...: let the cloud reach the prefixes (all of the
# customer's by default) through this edge.  Failover of the return path is
# the provider's business, hence the test's.
cloud_via()
{
	local n=${1#pe} p lines=

	shift
	[ $# -gt 0 ] || set -- 10.1.0.0/24 fd01::/64
	for p in "$@"; do
		case $p in
		*:*)	lines+="route replace $p via fd00:a$n::1"$'\n' ;;
		*)	lines+="route replace $p via 10.255.$n.1"$'\n' ;;
		esac
	done
	ipb "$cloud" <<<"$lines"
}

# The IPv6 next hops of leg1 and leg2, as words for the tool
via6_leg1=(via fd00:10::2) via6_leg2=(via fd00:11::2)
[ -n "$has_ipv6" ] || via6_leg1=() via6_leg2=()

# circuit_up [NAME [CIRCUIT-OPTS]...]: add circuit NAME (er0) over leg1 and
# leg2 in cust with the options, up, with the customer's addresses on it and
# routes to the cloud through it.  The module gets loaded if need be.
circuit_up()
{
	local name=${1:-er0}

	shift || true
	erc_load
	nsx "$cust" ercircuit add "$name" \
		primary leg1 via 169.254.10.2 "${via6_leg1[@]}" \
		secondary leg2 via 169.254.10.6 "${via6_leg2[@]}" "$@"
	circuit_routes "$name"
}

# circuit_bare: the same with neither next hops nor options, by stock ip.
circuit_bare()
{
	erc_load
	ipb "$cust" <<-EOF
		link add er0 type ercircuit
		link set leg1 master er0
		link set leg2 master er0
	EOF
	circuit_routes er0
}

# circuit_routes NAME: bring circuit NAME up with addresses and routes.
circuit_routes()
{
	ipb "$cust" <<-EOF
		link set $1 up
		addr add 10.1.0.1/32 dev $1
		addr add fd01::1/128 dev $1 nodad
		route add 10.9.0.0/24 dev $1 src 10.1.0.1
		route add fd09::/64 dev $1 src fd01::1
	EOF
	watch_devices "$cust"
}

# peers_known: an unnumbered peer is known from its first frame; until then
# ours are broadcast, which a router does not forward.
peers_known()
{
	reaches "$pe1" 169.254.10.1
	reaches "$pe2" 169.254.10.5
}

# erc_load: load ercircuit.ko; skip the test if there is none.
erc_load()
{
	[ -n "${ERC_KO:-}" ] || skip "no ercircuit.ko for this kernel"
	load_module "$ERC_KO"
}

# erc ARGS...: the ercircuit tool in the customer's namespace.
erc()
{
	nsx "$cust" ercircuit "$@"
}

# counter NAME [CIRCUIT]: value of /sys/class/net/er0/ercircuit/NAME in cust,
# e.g. "counter primary/tx_packets".
counter()
{
	net_file "$cust" "${2:-er0}/ercircuit/$1"
}

# net_file NS PATH: content of /sys/class/net/PATH, as NS sees it.
net_file()
{
	local value

	# Not $(<file), which says nothing when there is no file
	read -r value <"/run/sys-$1/class/net/$2" || [ -n "$value" ] ||
		[ -e "/run/sys-$1/class/net/$2" ] || return
	echo "$value"
}

# counter_is NAME VALUE [CIRCUIT]: for use with busywait.
counter_is()
{
	local value=

	# Polled: without a subshell
	read -r value <"/run/sys-$cust/class/net/${3:-er0}/ercircuit/$1" ||
		[ -n "$value" ] || return
	[ "$value" = "$2" ]
}

# reaches NS ADDRESS [OPTIONS]...: one ping (either family) is answered.
reaches()
{
	nsx "$1" ping -q -c1 -W "$answer_wait" "${@:3}" "$2"
}

# pings N NS ADDRESS [OPTIONS]...: so many, and each is answered.
pings()
{
	nsx "$2" ping -q -c "$1" -i 0.01 -W "$answer_wait" "${@:4}" "$3"
}

# --- numbered packets, see flow.c -------------------------------------------

flow=$(dirname "${BASH_SOURCE[0]}")/flow
declare -A flow_pid=()

# The port of GENEVE: to "hash l3l4" the ports of UDP count where it is one of
# them, and with flow_port set to it each flow of a test is one of its own.
# shellcheck disable=SC2034
flow_port_counts=6081

# flow_listen NAME NS [PORT]: receive in NS, until flow_result NAME.
flow_listen()
{
	local pid

	[ -x "$flow" ] || make -s -C "$(dirname "$flow")" flow
	pid=$(nsx "$2" "$flow" recv "$scratch/$1.flow" \
		"${3:-${flow_port:-5000}}")
	echo "$pid" >"$scratch/$1.pid"
	rm -f "$scratch/$1.flow"
	defer kill -9 "$pid"
}

# flow_end NAME: take what is under way, and stop receiving.
flow_end()
{
	[ ! -e "$scratch/$1.flow" ] || return 0
	kill "$(cat "$scratch/$1.pid")"
	busywait test -s "$scratch/$1.flow"
}

# flow_result NAME FIELD: received, lost, reordered, or flows: "0 3 ...".
flow_result()
{
	flow_end "$1"
	case $2 in
	flows)	flows_seen "$scratch/$1.flow" ;;
	*)	json "$2" <"$scratch/$1.flow" ;;
	esac
}

# flows_seen FILE: the keys in "flows": {"0": 20, "3": 20}
flows_seen()
{
	local line pairs flows=() i

	read -r line <"$1"
	line=${line#*'"flows":{'}
	IFS=, read -ra pairs <<<"${line%%\}*}"
	for i in "${pairs[@]}"; do
		i=${i#\"}
		flows+=("${i%%\"*}")
	done
	echo "${flows[*]}"
}

# flow_start NAME NS [OPTIONS]... ADDRESS: send in NS, in the background; all its
# flows are connected by then, and whatever happens next happens under traffic.
flow_start()
{
	: >"$scratch/$1.sent"
	nsx_exec "$2" "$flow" send "${@:3}" "${flow_port:-5000}" \
		>"$scratch/$1.sent" &
	flow_pid[$1]=$!
	defer kill -9 $!
	busywait test -s "$scratch/$1.sent"
}

# flow_wait NAME: until it has sent all
flow_wait()
{
	wait "${flow_pid[$1]}"
}

# flow_stop NAME: send no more
flow_stop()
{
	kill "${flow_pid[$1]}"
	flow_wait "$1"
}

# flow_accepted NAME: what a sender, whose end was waited for, has sent
flow_accepted()
{
	json accepted <"$scratch/$1.sent"
}

# traffic_by LEG: packets go out by this leg, now
traffic_by()
{
	local was

	was=$(counter "$1/tx_packets")
	[ "$(counter "$1/tx_packets")" -gt "$was" ] ||
		[ "$(counter "$1/tx_packets")" -gt "$was" ]
}

# flow_send NS [OPTIONS]... ADDRESS: send in NS; prints how many went out.
flow_send()
{
	nsx "$1" "$flow" send "${@:2}" "${flow_port:-5000}" | json accepted
}

# json FIELD: the number of a field, of one line of flat JSON on stdin.
json()
{
	local line

	read -r line || [ -n "$line" ]
	[[ $line =~ \"$1\":\ *(-?[0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# Those of this file, for names_ipv6
[ -n "$has_ipv6" ] || lib_functions=" $(compgen -A function | tr '\n' ' ')"
