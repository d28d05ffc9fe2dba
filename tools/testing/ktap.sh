# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Results in KTAP form from a bash script. The selftests (through their lib.sh)
# and the suites of tools/testing/check read this file.
#
# A script defines functions named test_* and ends in "ktap_main". Each such
# function is one KTAP line, described by the comment after its name. It runs in
# a subshell of its own under "set -e": any failing command fails the test, and
# the test's output is shown. Commands that it deferred run when it ends, in
# every case. A script that is no list of functions can use ktap_plan, ktap_ok,
# ktap_not_ok, ktap_skip and ktap_run.
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

# defer COMMAND [ARGS]...: run COMMAND when the test (or the script) ends; the
# last deferred command runs first, and failures are ignored.
defer()
{
	local command

	printf -v command '%q ' "$@"
	deferred+=("$command")
}

# Run the deferred commands, the last one first.
defer_run()
{
	local i

	for ((i = ${#deferred[@]} - 1; i >= 0; i--)); do
		eval "${deferred[i]}" >/dev/null 2>&1 || true
	done
	deferred=()
}

# selftest_exit [STATUS]: leave with this status, by default that of the last command
selftest_exit()
{
	local status=${1:-$?}

	trap - EXIT
	set +e
	defer_run
	rm -rf "$scratch"
	exit "$status"
}
trap selftest_exit EXIT

# --- KTAP ------------------------------------------------------------------

# ktap_plan N: announce N results; a script without ktap_main calls this first.
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

# ktap_skip NAME REASON: the next result could not be tested here.
ktap_skip()
{
	ktap_skipped=$((ktap_skipped + 1))
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count $1 # SKIP $2"
}

# ktap_note TEXT...: print a diagnostic line.
ktap_note()
{
	echo "# $*"
}

# ktap_exit: exit with the status of the results so far.
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

# fail TEXT: print TEXT and fail the running test_* function.
fail()
{
	echo "$*" >&2
	exit 1
}

# before_test NAME: runs before each test, in its subshell. A script may
# redefine it to skip tests.
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

# ktap_run NAME COMMAND [ARGS]...: run COMMAND in a subshell under "set -e"; its
# status is the next result. Its output is shown only if it fails, or always if
# VERBOSE is set.
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

# ktap_main: run the test_* functions of the script in their order. Run only
# those that the command line names, or that match the bash glob in the
# environment variable ONLY.
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
