# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Compare values, and skip a test that cannot run on this machine.
#
# Part of selftests/lib.sh, which sets the variables that this file uses.

# shellcheck disable=SC2154

# expect_eq NAME GOT WANTED: fail unless GOT is WANTED.
expect_eq()
{
	[ "$2" = "$3" ] || fail "$1 is '$2', expected '$3'"
}

# expect_ge NAME GOT MINIMUM, expect_le NAME GOT MAXIMUM: compare integers.
expect_ge()
{
	[ "$2" -ge "$3" ] || fail "$1 is $2, expected at least $3"
}

expect_le()
{
	[ "$2" -le "$3" ] || fail "$1 is $2, expected at most $3"
}

# expect_counter NAME VALUE: fail unless counter NAME of er0 has this value at present.
expect_counter()
{
	counter_is "$1" "$2" || fail "$1 is '$(counter "$1")', expected '$2'"
}

# becomes NAME VALUE [CIRCUIT]: wait until counter NAME has this value.
becomes()
{
	busywait counter_is "$@" ||
		fail "$1 is '$(counter "$1" "${3:-er0}")', expected '$2'"
}

# now REQUEST ACTIVE: fail unless er0 has this request and this active leg at present.
now()
{
	expect_counter request "$1"
	expect_counter active "$2"
}

# leg_free DEV: does the device in cust have no master?
leg_free()
{
	not grep -q master <<<"$(ip -n "$cust" link show "$1")"
}

# refused TEXT COMMAND [ARGS]...: COMMAND must fail and print TEXT on stdout or
# stderr; "" means any text.
refused()
{
	local text=$1 out

	shift
	if out=$("$@" 2>&1); then
		fail "accepted, and must be refused: $*"
	fi
	[[ -n $out && $out = *"$text"* ]] || fail "expected '$text', got: $out"
}

# soak SHORT LONG: print SHORT in "make check", and LONG in "make soak".
soak()
{
	if [ -n "${ERC_SOAK:-}" ]; then
		echo "$2"
	else
		echo "$1"
	fi
}

# --- requirements ----------------------------------------------------------

# need COMMAND...: skip the test if one of the programs is missing.
need()
{
	local c

	for c in "$@"; do
		command -v "$c" >/dev/null || skip "no $c here"
	done
}

# need_kind KIND [OPTS]...: skip the test if the kernel cannot create a link of
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

# load_module NAME|FILE.ko [PARAMS]...: load a module that is not loaded yet, and
# unload it at the end of the test.
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

# A guest that was booted with ipv6.disable=1 runs the tests of IPv4: the functions of
# the library omit their IPv6 addresses, and a test that has one itself is skipped.

if [ -e /proc/sys/net/ipv6 ]; then
	has_ipv6=yes
else
	has_ipv6=
	before_test() { ! names_ipv6 "$1" || need_ipv6; }
fi

# need_ipv6: skip the test if the guest has no IPv6.
need_ipv6()
{
	[ -n "$has_ipv6" ] || skip "it needs IPv6"
}

# The addresses of the cloud, one of each family that the guest has
# shellcheck disable=SC2034
cloud_each=(10.9.0.1 fd09::1)
# shellcheck disable=SC2034
[ -n "$has_ipv6" ] || cloud_each=(10.9.0.1)

# names_ipv6 FUNCTION: does this function, or one of the same file that it calls, have an
# IPv6 address, or use ip or ping with -6?  Arguments of functions that omit IPv6
# addresses do not count.
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
