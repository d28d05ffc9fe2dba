#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/ABI describes the files in sysfs: all of them, and no others.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

abi=$ERC_TOP/Documentation/ABI/testing/sysfs-class-net-ercircuit

circuit_bare()
{
	setup_ns cust
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	dir=$(ns_sys "$cust")/class/net/er0/ercircuit
}

# The files there are, below "ercircuit"
files()
{
	find "$dir/" -type f -printf '%P\n'
}

# The files described, with <leg> spelled out
described()
{
	sed -n 's,^What:[[:space:]]*/sys/class/net/<iface>/ercircuit/,,p' "$abi" |
		sed 's,^<leg>/\(.*\),primary/\1\nsecondary/\1,'
}

test_files() { # the files described are the files there are
	circuit_bare
	diff <(described | sort) <(files | sort)
}

test_read() { # each can be read by everybody, written by nobody, and is one line
	local f

	circuit_bare
	while read -r f; do
		expect_eq "mode of $f" "$(stat -c %a "$dir/$f")" 444
		expect_eq "lines of $f" "$(wc -l <"$dir/$f")" 1
	done < <(files)
}

# Names of ethtool -S as paths in sysfs
ethtool_names()
{
	nsx "$cust" ethtool -S er0 | sed -n 's/^ *\([a-z_]*\): [0-9]*$/\1/p' |
		sed 's,^\(primary\|secondary\)_,\1/,'
}

test_ethtool() { # ethtool -S has every counter, and nothing that is not described
	circuit_bare
	diff <(ethtool_names | sort) \
		<(described | grep -v -x -f <(states) | sort)
}

# Files that are no counters, as patterns
states()
{
	printf '%s\n' active request last_switch_reason last_switch_ns \
		'.*/device' '.*/state' '.*/reason' '.*/via' '.*/bfd_state'
}

ktap_main
