# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Network namespaces and devices.
# selftests/lib.sh reads this file, and sets the variables that it takes from elsewhere.

# shellcheck disable=SC2154

# Each test takes a few of them. To start a program is what costs time in
# user-mode Linux and under QEMU, so that one here does much at once, and what
# can be read from a file is.

netns=$selftests_dir/netns
[ -x "$netns" ] || make -s -C "$selftests_dir" netns

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
