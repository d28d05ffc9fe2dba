# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Network namespaces and devices.
#
# Part of selftests/lib.sh, which sets the variables that this file uses.

# shellcheck disable=SC2154

# Each test uses several namespaces.  Starting a program is slow in user-mode Linux and
# in QEMU, so netns does much in one process, and functions read files themselves.

netns=$selftests_dir/netns
[ -x "$netns" ] || make -s -C "$selftests_dir" netns

# setup_ns VARIABLE...: create one namespace per variable, with lo up, until the end of
# the test.  The variable gets its unique name.  Addresses are usable at once, and the
# kernel sends no packets of its own.
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

# rp_filter_strict VARIABLE...: make reverse path filtering strict in these namespaces,
# except in the cloud: it receives packets through the edge of their leg, and answers
# through the edge of cloud_via.  An edge that has the addresses of the cloud itself
# would send ARP requests from one of them, which is not in the leg's subnet.
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

# watch_devices NS: if ERC_WATCHED is set, run a tcpdump on each interface of NS until
# the end of the test or of the interface.
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

# ns_sys NS: print the folder where the sysfs of NS is mounted.
ns_sys()
{
	echo "/run/sys-$1"
}

# ns_del NS: kill the processes in NS, delete it, and wait until it is deleted.
ns_del()
{
	"$netns" del "$1"
}

# nsx NS COMMAND [ARGS]...: run COMMAND in namespace NS.
nsx()
{
	"$netns" exec "$@"
}

# nsx_exec NS COMMAND [ARGS]... &: the same in the background; $! is the process of
# COMMAND.
nsx_exec()
{
	exec "$netns" exec "$@"
}

# tcpdump_start NS FILE OPTIONS...: start to capture in the background.  The messages of
# tcpdump go to FILE, and the packets to stdout.  $! is the process.
tcpdump_start()
{
	# Remove the messages of an earlier tcpdump; the shell in the background may
	# open FILE late
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

# veth_pair NS1 DEV1 NS2 DEV2: create a veth pair, with both ends up.
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
	addr_lines "${@:2}" | ipb "$1"
}

# addr_lines DEV ADDRESS...: print the same as lines for ipb.
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

# forwarding_on NS...: let NS forward packets of both families.
forwarding_on()
{
	"$netns" forward "$@"
}
