# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Run the examples in the documentation.
#
# A literal block is an example if a line begins with "# ", or with "$ " where
# not every kernel can run it. Such a line and its continuations are a command;
# the other lines are its output. "..." matches any text. Each line must be
# printed, in any order, before the test's patience ends.

# script PROMPT FILE: print a document as a script that calls "example"
script()
{
	awk -v "prompt=    $1 " '
	function flush() { if (command) print "example " quote(command) " " quote(wanted); command = "" }
	function quote(s) { gsub(/\047/, "\047\\\047\047", s); return "\047" s "\047" }
	more { command = command "\n" $0; more = /\\$/; next }
	index($0, prompt) == 1 { flush(); command = substr($0, 7); wanted = ""; more = /\\$/; next }
	/^    ./ && command { wanted = wanted substr($0, 5) "\n"; next }
	{ flush() }
	END { flush() }' "$2"
}

# prints COMMAND OUTPUT: succeed if COMMAND prints every line of OUTPUT. Several
# spaces match one, "..." matches any text.
prints()
{
	local line pattern lines

	mapfile -t lines < <(eval "$1" 2>&1 | tr -s ' ' | sed 's/^ //; s/ $//')
	while IFS= read -r pattern; do
		for line in "${lines[@]}"; do
			# shellcheck disable=SC2053
			[[ $line != $pattern ]] || continue 2
		done
		return 1
	done < <(tr -s ' ' <<<"${2%$'\n'}" |
		sed 's/^ //; s/[][*?\\]/\\&/g; s/\.\.\./*/g')
}

# example COMMAND OUTPUT: run COMMAND until it prints OUTPUT
example()
{
	echo "+ $1"
	if [ -z "$2" ]; then
		eval "$1"
	elif ! busywait prints "$1" "$2"; then
		fail "printed: $(eval "$1" 2>&1 || true)"
	fi
}

# examples_run NS PROMPT FILE NUMBER: run the examples, at least NUMBER of them,
# in NS with its own sysfs and with this shell's functions
examples_run()
{
	# shellcheck disable=SC2154
	script "$2" "$ERC_TOP/Documentation/$3" >"$scratch/script"
	expect_ge "number of examples" "$(grep -c '^example' "$scratch/script")" "$4"
	{
		declare -f
		# shellcheck disable=SC2154
		declare -p patience answer_wait
		echo "set -euo pipefail"
		# As in lib.sh
		echo "exec {never}<> <(:)"
		cat "$scratch/script"
	} >"$scratch/whole"
	cd "$scratch" || return
	ip netns exec "$1" bash "$scratch/whole"
}
