#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The commands in the documentation work as written, and print what it says.
#
# In a literal block, a line that begins with "# " is a command (and those it
# continues on); the other lines are what it prints: "..." stands for any
# text, and each line must be found, in any order, within five seconds of
# trying.  Blocks without such a line are not commands.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Turn a document into a script of calls of "example"
script()
{
	awk '
	function flush() { if (command) print "example " quote(command) " " quote(wanted); command = "" }
	function quote(s) { gsub(/\047/, "\047\\\047\047", s); return "\047" s "\047" }
	more { command = command "\n" $0; more = /\\$/; next }
	/^    # / { flush(); command = substr($0, 7); wanted = ""; more = /\\$/; next }
	/^    ./ && command { wanted = wanted substr($0, 5) "\n"; next }
	{ flush() }
	END { flush() }' "$1"
}

# Succeed if every line of $2 is in the output of command $1; spaces count as
# one, "..." as any text
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

# example COMMAND OUTPUT
example()
{
	echo "+ $1"
	if [ -z "$2" ]; then
		eval "$1"
	elif ! busywait 5000 prints "$1" "$2"; then
		fail "printed: $(eval "$1" 2>&1 || true)"
	fi
}

# Run a document in a namespace of its own, in this shell's functions
document_works()
{
	local home ns

	need jq wg
	setup_ns home
	for ns in pe1 pe2 tenant; do
		defer ns_del "$ns"
	done
	erc_load
	script "$ERC_TOP/Documentation/$1" >"$scratch/script"
	expect_ge "number of examples" "$(grep -c '^example' "$scratch/script")" "$2"
	{
		declare -f
		echo "set -euo pipefail"
		# As in lib.sh
		echo "exec {never}<> <(:)"
		cat "$scratch/script"
	} >"$scratch/whole"
	# With a sysfs of its own, which the examples read
	# shellcheck disable=SC2154
	ip netns exec "$home" bash "$scratch/whole"
}

test_ercircuit() { # Documentation/ercircuit.rst
	document_works ercircuit.rst 60
}

ktap_main
