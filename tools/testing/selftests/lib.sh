# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the selftests.  A test is a bash script that reads this file,
# defines functions named test_* and ends in "ktap_main":
#
#	#!/bin/bash
#	# SPDX-License-Identifier: GPL-2.0
#	# One line on what this file proves.
#	. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
#
#	test_ping() { # the cloud answers
#		topology_up
#		circuit_up
#		reaches "$cust" 10.9.0.1
#	}
#
#	ktap_main
#
# ../ktap.sh describes results, skip, fail and defer.
#
# Environment, set by tools/testing/selftests/run:
#	ERC_TOP		top of the source tree
#	ERC_KO		ercircuit.ko of the running kernel
#	PATH		finds the ercircuit tool; stock ip finds our plugin

# The parts of the library are in tools/testing/lib: benches, the demo and the lab
# use them, too.
selftests_dir=${BASH_SOURCE[0]%/*}
[ "$selftests_dir" != "${BASH_SOURCE[0]}" ] || selftests_dir=.
lib_dir=$selftests_dir/../lib

# shellcheck source=tools/testing/ktap.sh
. "$lib_dir/../ktap.sh"
# shellcheck source=tools/testing/lib/wait.sh
. "$lib_dir/wait.sh"
# shellcheck source=tools/testing/lib/expect.sh
. "$lib_dir/expect.sh"
# shellcheck source=tools/testing/lib/netns.sh
. "$lib_dir/netns.sh"
# shellcheck source=tools/testing/lib/topology.sh
. "$lib_dir/topology.sh"
# shellcheck source=tools/testing/lib/flow.sh
. "$lib_dir/flow.sh"

# The functions of the library, for names_ipv6
[ -n "$has_ipv6" ] || lib_functions=" $(compgen -A function | tr '\n' ' ')"
