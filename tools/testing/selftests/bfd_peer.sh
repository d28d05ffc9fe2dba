# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# BFD daemons as the far router. Each daemon has three functions, prefixed with
# KIND:
#
#	KIND_up NS TX_MS [DEV LOCAL PEER]...	start it, with a multiplier of 3;
#						keepalived takes one session
#	KIND_is NS STATE			up or down, as the daemon sees
#						any session
#	KIND_down NS				end it, without a word
#
# FRR is the only one of the three in Debian 12 that can announce maintenance:
# frr_maintenance NS {on|off}.
#
# A daemon writes its files to a folder of its own, $scratch/KIND-NS.

# --- FRR: bfdd alone ----------------------------------------------------------

frr_up()
{
	local dir=$scratch/frr-$1

	mkdir -p "$dir"
	chmod 755 "$scratch"
	echo "peer $5 local-address $4" >"$dir/peer"
	frr_conf "${@:2}" >"$dir/bfdd.conf"
	chown -R frr:frr "$dir"
	nsx_exec "$1" /usr/lib/frr/bfdd -f "$dir/bfdd.conf" \
		--vty_socket "$dir" -z "$dir/zserv.api" -i "$dir/bfdd.pid" \
		-P 0 --bfdctl "$dir/bfdd.sock" >"$dir/log" 2>&1 &
	echo $! >"$dir/pid"
	defer frr_down "$1"
	busywait test -S "$dir/bfdd.vty" || fail "$(cat "$dir/log")"
}

frr_conf()
{
	local tx=$1

	echo bfd
	while [ $# -ge 4 ]; do
		cat <<-EOT
			 peer $4 local-address $3
			  detect-multiplier 3
			  receive-interval $tx
			  transmit-interval $tx
			  no shutdown
		EOT
		shift 3
	done
}

# frr_vty NS COMMAND...: send commands like vtysh, but faster
frr_vty()
{
	printf '%s\0' "${@:2}" |
		socat -t "$patience" - UNIX-CONNECT:"$scratch/frr-$1/bfdd.vty" | tr -d '\0'
}

frr_is()
{
	frr_vty "$1" enable "show bfd peers json" | grep "\"status\":\"$2\""
}

frr_maintenance()
{
	local word="shutdown"

	[ "$2" = on ] || word="no shutdown"
	frr_vty "$1" enable "configure terminal" bfd \
		"$(cat "$scratch/frr-$1/peer")" "$word" end >/dev/null
}

frr_down()
{
	daemon_kill "$scratch/frr-$1"
}

# --- BIRD ---------------------------------------------------------------------

bird_up()
{
	local dir=$scratch/bird-$1

	mkdir -p "$dir"
	bird_conf "${@:2}" >"$dir/bird.conf"
	nsx_exec "$1" bird -f -c "$dir/bird.conf" -s "$dir/ctl" >"$dir/log" 2>&1 &
	echo $! >"$dir/pid"
	defer bird_down "$1"
	busywait test -S "$dir/ctl" || fail "$(cat "$dir/log")"
}

bird_conf()
{
	cat <<-EOT
		router id 192.0.2.1;
		protocol device { }
		protocol bfd bfd1 {
			interface "*" {
				min rx interval $1 ms;
				min tx interval $1 ms;
				multiplier 3;
			};
	EOT
	while [ $# -ge 4 ]; do
		echo "neighbor $4 dev \"$2\" local $3;"
		shift 3
	done
	echo "}"
}

bird_is()
{
	birdc -s "$scratch/bird-$1/ctl" show bfd sessions |
		grep -qiE "^[0-9a-f.:]+ +[^ ]+ +$2 "
}

bird_down()
{
	daemon_kill "$scratch/bird-$1"
}

# --- keepalived: its BFD process writes session states to a log ---------------
# Over IPv6, its packets have a hop limit of 64 unless it is configured

keepalived_up()
{
	local dir=$scratch/keepalived-$1

	mkdir -p "$dir"
	cat >"$dir/conf" <<-EOT
		global_defs {
			router_id edge
		}
		bfd_instance edge {
			neighbor_ip $5
			source_ip $4
			min_rx $2
			min_tx $2
			idle_tx 1000
			multiplier 3
			ttl 255
		}
	EOT
	nsx_exec "$1" keepalived -n -l -D -f "$dir/conf" -p "$dir/main.pid" \
		-r "$dir/vrrp.pid" -b "$dir/bfd.pid" >"$dir/log" 2>&1 &
	echo $! >"$dir/pid"
	defer keepalived_down "$1"
	busywait test -s "$dir/bfd.pid" || fail "$(cat "$dir/log")"
}

keepalived_is()
{
	grep -oiE "entering (up|down|init|admin down) state" \
		"$scratch/keepalived-$1/log" | tail -n1 | grep -iw "$2"
}

keepalived_down()
{
	daemon_kill "$scratch/keepalived-$1"
}

# daemon_kill DIR: end the daemon and its children, and wait until they are
# gone. End the daemon first, as keepalived restarts its children. Wait for all,
# as keepalived does not start while a process of an old PID file exists.
daemon_kill()
{
	local pid

	while read -r pid; do
		kill -9 "$pid" 2>/dev/null || true
		# Reap our own children, which would stay zombies
		wait "$pid" 2>/dev/null || true
		busywait not kill -0 "$pid"
	done < <(cat "$1/pid" "$1"/*.pid 2>/dev/null)
	rm -f "$1/pid" "$1"/*.pid
}
