# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Results in KTAP form from a bash script; read by the selftests (through
# their lib.sh) and by the suites of tools/testing/check.
#
# A script defines functions named test_* and ends in "ktap_main".  Each such
# function is one KTAP line, described by the comment behind its name, and
# runs in a subshell of its own under "set -e": any failing command fails the
# test, and what it printed is shown.  What it deferred is undone when it
# ends, however it ends.  ktap_plan, ktap_ok, ktap_not_ok, ktap_skip and
# ktap_run serve the rare script that is no list of functions.
#
# Exit status of a script: 0 all passed, 1 something failed, 4 all skipped.

set -euo pipefail

# Tests that the command line of the script names
ktap_named=("$@")

ktap_skip_status=4
ktap_passed=0
ktap_failed=0
ktap_skipped=0
ktap_count=0

# Folder for scratch files, removed at the end
scratch=$(mktemp -d "${TMPDIR:-/tmp}/selftest.XXXXXX")

# --- clean-up --------------------------------------------------------------

deferred=()

# defer COMMAND [ARGS]...: run COMMAND when the test (or the script) ends;
# last deferred first, failures ignored.
defer()
{
	deferred+=("$(printf '%q ' "$@")")
}

# Run what was deferred, last first.
defer_run()
{
	local i

	for ((i = ${#deferred[@]} - 1; i >= 0; i--)); do
		eval "${deferred[i]}" >/dev/null 2>&1 || true
	done
	deferred=()
}

selftest_exit()
{
	local status=$?

	trap - EXIT
	set +e
	defer_run
	rm -rf "$scratch"
	exit "$status"
}
trap selftest_exit EXIT

# --- KTAP ------------------------------------------------------------------

# ktap_plan N: announce N results; first thing in a script without ktap_main.
ktap_plan()
{
	echo "KTAP version 1"
	echo "1..$1"
}

# ktap_ok NAME: the next result passed.
ktap_ok()
{
	ktap_passed=$((ktap_passed + 1))
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count $1"
}

# ktap_not_ok NAME: the next result failed.
ktap_not_ok()
{
	ktap_failed=$((ktap_failed + 1))
	ktap_count=$((ktap_count + 1))
	echo "not ok $ktap_count $1"
}

# ktap_skip NAME REASON: the next result could not be had here.
ktap_skip()
{
	ktap_skipped=$((ktap_skipped + 1))
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count $1 # SKIP $2"
}

# ktap_note TEXT...: a diagnostic line.
ktap_note()
{
	echo "# $*"
}

# ktap_exit: leave with the status that the results so far ask for.
ktap_exit()
{
	[ "$ktap_failed" = 0 ] || exit 1
	[ "$ktap_passed" != 0 ] || exit "$ktap_skip_status"
	exit 0
}

# skip REASON: leave the running test_* function; it counts as skipped.
skip()
{
	echo "$*" >"$scratch/skip"
	exit "$ktap_skip_status"
}

# fail TEXT: say what is wrong and fail the running test_* function.
fail()
{
	echo "$*" >&2
	exit 1
}

# before_test NAME: runs before each test, in its subshell; a script may define it
# anew, to skip tests.
before_test()
{
	:
}

# The body of ktap_run, in a subshell with a clean-up list of its own
ktap_body()
{
	deferred=()
	trap 'status=$?; trap - EXIT; set +e; defer_run; exit $status' EXIT
	set -e
	before_test "$1"
	"$@"
}

# ktap_run NAME COMMAND [ARGS]...: run COMMAND in a subshell under "set -e";
# its status is the next result.  Its output is shown only if it fails, or
# always when VERBOSE is set.
ktap_run()
{
	local name=$1 status=0

	shift
	[ ! -e "$scratch/skip" ] || rm "$scratch/skip"
	set +e
	( ktap_body "$@" ) >"$scratch/output" 2>&1 </dev/null
	status=$?
	set -e
	if [ $status != 0 ] && [ ! -e "$scratch/skip" ] || [ -n "${VERBOSE:-}" ]; then
		tail -n "${OUTPUT_LINES:-60}" "$scratch/output" | sed 's/^/# /'
	fi
	if [ -e "$scratch/skip" ]; then
		ktap_skip "$name" "$(cat "$scratch/skip")"
	elif [ $status = 0 ]; then
		ktap_ok "$name"
	else
		ktap_note "$name: exit status $status"
		ktap_not_ok "$name"
	fi
}

# ktap_main: run the test_* functions of the script in the order they stand in
# it; only those that its command line names, or whose name matches the bash glob
# in the environment variable ONLY.
ktap_main()
{
	local pattern=${ONLY:-*} line name comment names=() comments=()

	[ ${#ktap_named[@]} = 0 ] || printf -v pattern '@(%s)' \
		"$(IFS='|'; echo "${ktap_named[*]}")"
	while IFS= read -r line; do
		[[ $line =~ ^(test_[a-z0-9_]+)\(\)[[:space:]]*\{?[[:space:]]*(#[[:space:]]*(.*))?$ ]] || continue
		name=${BASH_REMATCH[1]}
		comment=${BASH_REMATCH[3]:-}
		# shellcheck disable=SC2053
		[[ ${name#test_} == $pattern ]] || continue
		names+=("$name")
		comments+=("${name#test_}${comment:+: $comment}")
	done <"$0"

	ktap_plan "${#names[@]}"
	for name in "${!names[@]}"; do
		ktap_run "${comments[name]//#/}" "${names[name]}"
	done
	ktap_exit
}
