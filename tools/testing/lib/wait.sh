# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Waiting without a process: the clock, and conditions that a script waits for.

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

# listens NS PORT: a program in namespace NS accepts TCP connections to PORT.
listens()
{
	[ -n "$(ip netns exec "$1" ss -Hltn "sport = :$2")" ]
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
	# shellcheck disable=SC2034
	local answer_wait=1

	if "$@"; then
		echo "succeeded, and should not have: $*" >&2
		return 1
	fi
}
