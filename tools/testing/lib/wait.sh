# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Time and conditions, for selftests, benches, the demo and the lab.  Except for
# listens(), they start no process, which is slow in user-mode Linux and in QEMU.

# No process writes to this pipe: a read from it with a timeout is a sleep
exec {never}<> <(:)

# now_ms VARIABLE: set VARIABLE to the milliseconds since boot.
now_ms()
{
	local up

	read -r up _ </proc/uptime
	up=${up/./}0
	printf -v "$1" %d $((10#$up))
}

# pause MS: sleep.  A test must not wait for a fixed time: it waits for a condition,
# and judges what it measures.
pause()
{
	local seconds

	printf -v seconds %d.%03d $(($1 / 1000)) $(($1 % 1000))
	read -rt "$seconds" -u "$never" || true
}

# Seconds that a test waits for a condition.  The time is no requirement on the driver:
# a guest is slow on a busy host, and only a test that hangs reaches this limit.
patience=${ERC_PATIENCE:-120}

# Seconds that a ping waits for an answer.  A ping that is repeated, or that must get no
# answer, waits for one second.
# shellcheck disable=SC2034
answer_wait=$patience

# busywait COMMAND [ARGS]...: run COMMAND every 10 ms until it succeeds.  It fails, with a
# message, after "patience" seconds.  A number before COMMAND is ignored: scripts from
# outside pass a time there.
busywait()
{
	[[ $1 != [0-9]* ]] || shift
	within $((patience * 1000)) "$@"
}

# within MS COMMAND [ARGS]...: the same, for at most MS milliseconds.
within()
{
	local timeout=$1 start now
	# shellcheck disable=SC2034
	local answer_wait=1

	shift
	now_ms start
	until "$@" >/dev/null 2>&1; do
		now_ms now
		if [ $((now - start)) -gt "$timeout" ]; then
			echo "not within $timeout ms: $*" >&2
			return 1
		fi
		pause 10
	done
}

# lasts MS COMMAND [ARGS]...: COMMAND succeeds all the time for MS milliseconds.
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
	# shellcheck disable=SC2034
	local answer_wait=1

	if "$@"; then
		echo "succeeded, and must fail: $*" >&2
		return 1
	fi
}

# listens NS PORT: a program in namespace NS accepts TCP connections to PORT.
listens()
{
	[ -n "$(ip netns exec "$1" ss -Hltn "sport = :$2")" ]
}
