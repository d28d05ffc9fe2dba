#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The commands in the documentation work as written, and print the documented
# output.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/testing/selftests/example.sh
. "$(dirname "${BASH_SOURCE[0]}")/example.sh"

test_ercircuit() { # Documentation/ercircuit.rst
	local home ns

	need jq wg
	need_ipv6
	setup_ns home
	for ns in pe1 pe2 tenant; do
		defer ns_del "$ns"
	done
	erc_load
	examples_run "$home" "#" ercircuit.rst 60
}

test_models() { # Documentation/models.rst
	local home ns

	need jq wg
	setup_ns home
	for ns in pe1 pe2; do
		defer ns_del "$ns"
	done
	erc_load
	examples_run "$home" "#" models.rst 120
}

test_testing() { # the example in Documentation/testing.rst
	local page=$ERC_TOP/Documentation/testing.rst

	awk '/^    #!/ { on = 1 } on && /^[^ ]/ { exit } on { sub(/^    /, ""); print }' \
		"$page" | sed "s,\"\$(dirname .*/lib.sh,\"$selftests_dir/lib.sh," >"$scratch/example.sh"
	sed -n 's/^    \(ok 1 \)/\1/p' "$page" >"$scratch/expected"
	expect_eq "number of results" "$(wc -l <"$scratch/expected")" 1
	ONLY='' bash "$scratch/example.sh" | tee "$scratch/ktap"
	grep -Fxf "$scratch/expected" "$scratch/ktap"
}

test_sites() { # Documentation/sites.rst
	local home n

	need jq
	setup_ns home
	for n in 1 2 3 4; do
		defer ns_del "pe$n"
	done
	erc_load
	examples_run "$home" "#" sites.rst 30
}

# host_up: edges_up with the device names of the documentation's examples
host_up()
{
	edges_up
	ipb "$cust" <<-EOF
		link set leg1 down
		link set leg1 name eth1
		link set eth1 up
		link set leg2 down
		link set leg2 name eth2
		link set eth2 up
	EOF
	erc_load
}

test_readme() { # README.md, section "By hand", without building and loading
	host_up
	sed -n '/^## By hand/,/^## Figures/s/^    //p' "$ERC_TOP/README.md" |
		sed -e 's/^sudo //' -e '/^make/d' -e '/^insmod/d' \
		>"$scratch/script"
	expect_ge lines "$(wc -l <"$scratch/script")" 6
	ip netns exec "$cust" bash -e "$scratch/script"
	reaches "$cust" 10.9.0.1
	expect_counter active primary
}

# unit KEY: run the unit's command for er0 with the test's files
unit()
{
	sed -n "s/^$1=-\?//p" "$ERC_TOP/tools/packaging/ercircuit@.service" |
		sed "s,/usr/lib/ercircuit,$ERC_TOP/tools/packaging,; s/%i/er0/" \
		>"$scratch/$1"
	expect_eq "lines of $1" "$(wc -l <"$scratch/$1")" 1
	ERC_ETC=$scratch nsx "$cust" bash -e "$scratch/$1"
}

# example N: print the Nth block of commands in the chapter about the unit
example()
{
	# shellcheck disable=SC2016
	sed -n '/^The unit ``ercircuit@er0`` applies/,/^``systemctl enable/p' \
		"$ERC_TOP/Documentation/ercircuit.rst" |
		awk -v n="$1" '/^    / { if (!inside) i++; inside = 1
				if (i == n) print substr($0, 5); next } /./ { inside = 0 }'
}

test_boot() { # the files and the commands of the systemd unit
	host_up
	example 1 >"$scratch/er0.conf"
	example 2 >"$scratch/er0.batch"
	expect_eq lines "$(cat "$scratch"/er0.{conf,batch} | wc -l)" 6
	# The package has them as examples
	cmp "$scratch/er0.conf" "$ERC_TOP/tools/packaging/examples/er0.conf"
	cmp "$scratch/er0.batch" "$ERC_TOP/tools/packaging/examples/er0.batch"
	# A leg without an address does not fail the start
	ip -n "$cust" addr flush dev eth2
	unit ExecStart
	reaches "$cust" 10.9.0.1
	expect_counter secondary/reason address
	ip -n "$cust" addr add 169.254.10.5/30 dev eth2
	becomes secondary/state up
	# A reload changes the living circuit
	echo "wtr 7s" >>"$scratch/er0.conf"
	unit ExecReload
	grep -q "wtr 7s" <<<"$(erc show er0)"
	reaches "$cust" 10.9.0.1
}

test_boot_batch() { # a batch file alone, as in older versions
	host_up
	rm -f "$scratch/er0.conf"
	cat >"$scratch/er0.batch" <<-EOF
		link add er0 type ercircuit primary eth1 via 169.254.10.2 secondary eth2 via 169.254.10.6
		link set er0 up
		addr add 10.1.0.1/32 dev er0
		route add 10.9.0.0/24 dev er0 src 10.1.0.1
	EOF
	# A leg without an address fails the start, but not a later one
	ip -n "$cust" addr flush dev eth2
	not unit ExecStart
	not ip -n "$cust" link show er0
	ip -n "$cust" addr add 169.254.10.5/30 dev eth2
	unit ExecStart
	reaches "$cust" 10.9.0.1
	# A restart keeps the circuit
	unit ExecStart
	reaches "$cust" 10.9.0.1
}

ktap_main
