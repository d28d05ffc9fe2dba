#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel's own netlink tool, ynl, with the specification of links: it dumps,
# creates and changes circuits.
#
# Environment: ERC_SOURCE is a kernel tree whose ynl and rt-link.yaml to use.  In the
# kernel's own selftests it is the tree that this file is in.
. "$(dirname "${BASH_SOURCE[0]}")/options.sh"

source=${ERC_SOURCE:-$selftests_dir/../../../../../..}
cli=$source/tools/net/ynl/pyynl/cli.py

# The specification with the attributes of circuits, in the folders that ynl expects
spec_make()
{
	local from=$source/Documentation/netlink

	[ -e "$cli" ] || skip "no kernel tree with ynl here"
	python3 -c "import yaml, jsonschema" 2>/dev/null ||
		skip "no python3-yaml and python3-jsonschema here"
	spec=$from/specs/rt-link.yaml
	header=$source/include/uapi/linux/if_ercircuit.h
	[ -n "${ERC_TOP:-}" ] || return 0
	header=$ERC_TOP/include/uapi/linux/if_ercircuit.h
	mkdir -p "$scratch/netlink/specs"
	cp "$from"/*.yaml "$scratch/netlink/"
	spec=$scratch/netlink/specs/rt-link.yaml
	"$ERC_TOP/tools/packaging/kernel-patch" spec "$from/specs/rt-link.yaml" >"$spec"
}

# ynl ARGS...: the kernel's tool in the customer's namespace.  Validation against the
# schema takes seconds; one test does it.
ynl()
{
	nsx "$cust" env PYTHONDONTWRITEBYTECODE=1 python3 "$cli" --spec "$spec" \
		--no-schema "$@"
}

# ynl and the tool print the same, once nothing changes in between
same()
{
	busywait same_now || fail "$(cat "$scratch/differences")"
}

same_now()
{
	ynl --output-json --dump getlink >"$scratch/links" &&
	erc show -j >"$scratch/show" &&
	"$selftests_dir/ynl.py" "$header" "$scratch/links" "$scratch/show"
} >"$scratch/differences" 2>&1

lines_up()
{
	need ercircuit jq
	spec_make
	devices_up
}

# index DEVICE: its number
index()
{
	net_file "$cust" "$1/ifindex"
}

test_schema() { # the specification is valid
	spec_make
	PYTHONDONTWRITEBYTECODE=1 python3 "$cli" --spec "$spec" --validate
}

test_dump() { # ynl dumps circuits with all attributes, and prints what the tool prints
	lines_up
	erc add er0
	same
	erc set er0 primary eth1 via 169.254.11.2 via fd00:11::2 bfd on bfd-tx 33.3ms \
		secondary eth2 via fd00:12::2 drain on fault tx
	erc add er1 secondary far1 neigh off
	ip -n "$cust" link set er0 up
	erc set er0 mode active-active hash l3l4 revertive off wtr 5s hold-off 50ms \
		bandwidth 50mbit burst 2.5ms police off sla 99.9 peering private \
		fail open reach er1 key 5ba31ba6-b0b2-4e5b-8c09-4f9a3f0c9d11 \
		provider-state provisioned circuit-state disabled
	same
	erc set er0 switch lockout
	same
}

test_create() { # ynl creates a circuit
	lines_up
	ynl --do newlink --create --excl --json '{
		"ifname": "er0", "linkinfo": { "kind": "ercircuit", "data": {
			"primary": { "ifindex": '"$(index eth1)"',
				"via4": "169.254.11.2", "via6": "fd00:11::2",
				"bfd": 1, "bfd-mult": 5 },
			"secondary": { "ifindex": '"$(index eth2)"', "neigh": 0 },
			"mode": "active-active", "wtr": 5000,
			"key": "5ba31ba6b0b24e5b8c094f9a3f0c9d11",
			"provider-state": "provisioned" } } }'
	has "$(tool_words er0)" "primary eth1 via 169.254.11.2 via fd00:11::2"
	has "$(tool_words er0)" "bfd on bfd-mult 5 secondary eth2 neigh off"
	has "$(tool_words er0)" "key 5ba31ba6-b0b2-4e5b-8c09-4f9a3f0c9d11"
	same
}

test_change() { # ynl changes a circuit and a leg, and gives a command
	lines_up
	erc add er0 primary eth1 via 169.254.11.2 secondary eth2
	erc add er1
	ynl --do newlink --json '{ "ifi-index": '"$(index er0)"',
		"linkinfo": { "kind": "ercircuit", "data": {
			"secondary": { "ifindex": 0 }, "hold-off": 50,
			"reach": { "peer": ['"$(index er1)"'] },
			"switch": "lockout" } } }'
	has "$(tool_words er0)" "nosecondary"
	expect_eq request "$(erc show -j er0 | jq -r '.[].request')" LO
	same
	ynl --do newlink --json '{ "ifi-index": '"$(index eth1)"',
		"linkinfo": { "slave-kind": "ercircuit", "slave-data": {
			"novia": true, "neigh": 0, "fault": "rx" } } }'
	has "$(tool_words er0)" "primary eth1 neigh off fault rx"
	same
}

test_refused() { # ynl shows the words and the attribute that the kernel refuses
	lines_up
	erc add er0
	refused "hold-off in ms must be at most 10000, not 10001" ynl --do newlink --json '{
		"ifi-index": '"$(index er0)"', "linkinfo": { "kind": "ercircuit",
			"data": { "hold-off": 10001 } } }'
	refused "data(ercircuit).active" ynl --do newlink --json '{
		"ifi-index": '"$(index er0)"', "linkinfo": { "kind": "ercircuit",
			"data": { "active": "both" } } }'
}

ktap_main
