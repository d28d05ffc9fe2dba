#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The test compares Documentation/ABI with the files in sysfs: every file must
# be described, and every described file must exist.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

abi=$ERC_TOP/Documentation/ABI/testing/sysfs-class-net-ercircuit

circuit_alone()
{
	setup_ns cust
	erc_load
	ip -n "$cust" link add er0 type ercircuit
	dir=$(ns_sys "$cust")/class/net/er0/ercircuit
}

# files: print the files in sysfs below "ercircuit"
files()
{
	find "$dir/" -type f -printf '%P\n'
}

# described: print the files that the ABI document describes, one line for each
# leg
described()
{
	sed -n 's,^What:[[:space:]]*/sys/class/net/<iface>/ercircuit/,,p' "$abi" |
		sed 's,^<leg>/\(.*\),primary/\1\nsecondary/\1,'
}

test_files() { # Documentation/ABI describes exactly the files that exist in sysfs
	circuit_alone
	diff <(described | sort) <(files | sort)
}

test_read() { # every user can read each file, no user can write it, and it has one line
	local f

	circuit_alone
	while read -r f; do
		expect_eq "mode of $f" "$(stat -c %a "$dir/$f")" 444
		expect_eq "lines of $f" "$(wc -l <"$dir/$f")" 1
	done < <(files)
}

# ethtool_names: print the names of ethtool -S as paths in sysfs
ethtool_names()
{
	nsx "$cust" ethtool -S er0 | sed -n 's/^ *\([a-z_]*\): [0-9]*$/\1/p' |
		sed 's,^\(primary\|secondary\)_,\1/,'
}

test_ethtool() { # ethtool -S shows every counter that is described, and no other
	circuit_alone
	diff <(ethtool_names | sort) \
		<(described | grep -v -x -f <(states) | sort)
}

# states: print patterns for the files that are no counters
states()
{
	printf '%s\n' active request last_switch_reason last_switch_ns \
		'.*/device' '.*/state' '.*/reason' '.*/via' '.*/bfd_state'
}

ktap_main
