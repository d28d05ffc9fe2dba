#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The example of a job for CI, on a runner and in a container.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

job=$ERC_TOP/tools/testing/ci-job

# Docker's default capabilities, and the one that its option --cap-add NET_ADMIN adds
capabilities=chown,dac_override,fowner,fsetid,kill,setgid,setuid,setpcap
capabilities+=,net_bind_service,net_raw,sys_chroot,mknod,audit_write,setfcap
capabilities+=,net_admin

# container COMMAND [ARGS]...: run it in new namespaces, with read-only /sys and these
# capabilities only
container()
{
	# shellcheck disable=SC2016
	unshare --net --mount --pid --ipc --uts --fork --kill-child --mount-proc bash -c '
		mount -t sysfs -o ro sysfs /sys
		ip link set lo up
		list=-all,+${1//,/,+}
		exec setpriv --bounding-set "$list" --inh-caps "$list" "${@:2}"
		' container "$capabilities" "$@"
}

# The job printed its three results and its time
succeeded()
{
	cat "$scratch/out"
	expect_eq "results" "$(grep -c '^ok: ' "$scratch/out")" 3
	grep -q '^time: ' "$scratch/out"
}

test_runner() { # on a runner, in a network namespace, the job succeeds
	erc_load
	unshare --net "$job" >"$scratch/out"
	succeeded
	expect_eq namespaces "$(ip netns list | grep -c ^pe || true)" 0
}

test_container() { # in a container with CAP_NET_ADMIN, the job succeeds
	need setpriv
	need_kind vrf table 9
	erc_load
	not container ip netns add other
	not container mount -t tmpfs tmpfs /mnt
	container "$job" >"$scratch/out"
	succeeded
}

test_container_without() { # in a container without CAP_NET_ADMIN, the job fails
	need setpriv
	erc_load
	capabilities=${capabilities%,net_admin}
	not container "$job"
}

test_user() { # in a user namespace of an unprivileged user, the job succeeds
	unshare --user --map-root-user --net true || skip "no user namespaces here"
	erc_load
	# The user can read neither the tree nor the folder of the test
	chmod 755 "$scratch"
	install -m 755 "$job" "$ERC_TOP/tools/ercircuit" "$scratch"
	# shellcheck disable=SC2016
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		unshare --user --map-root-user --net --mount bash -c \
		'mount -t tmpfs tmpfs /run && PATH=$0:$PATH exec "$0/ci-job"' \
		"$scratch" >"$scratch/out"
	succeeded
}

test_outcome() { # the job fails if the circuit does not switch
	erc_load
	sed 's/ secondary leg2 via 169.254.10.6//; s/SECONDS + 60/SECONDS + 5/' \
		"$job" >"$scratch/job"
	refused "not within 60 s: active secondary" unshare --net bash "$scratch/job"
}

test_page() { # Documentation/ci.rst shows the job as it is
	sed -n '/^main()/,/^}/p' "$job" | sed 's/^./    &/' >"$scratch/main"
	sed -n '/^    main()/,/^    }/p' "$ERC_TOP/Documentation/ci.rst" |
		diff "$scratch/main" -
}

ktap_main
