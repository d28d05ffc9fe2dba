#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "ercircuit watch" in a terminal (tmux) and without one.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# tm COMMAND [ARGS]...: run a tmux command on the test's own server
tm()
{
	nsx "$cust" env -u TMUX tmux -u -f /dev/null -S "$scratch/tmux" "$@"
}

# terminal [NAME=VALUE]... COMMAND: run COMMAND in a terminal of 80x24, and
# print its exit status on the original screen
terminal()
{
	need tmux
	tm new-session -d -x 80 -y 24 \
		"echo before; env LC_ALL=C.UTF-8 ${*@Q}; echo status \$?; read -r _"
	defer tm kill-server
}

# shows TEXT: wait until TEXT is on the screen
shows()
{
	busywait has_text "$1" || { tm capture-pane -p; fail "no '$1'"; }
}

has_text()
{
	tm capture-pane -p | grep -F -e "$1"
}

# ended: the command exited with status 0 and restored the terminal
ended()
{
	shows "status 0"
	has_text before
	expect_eq "alternate screen, cursor" \
		"$(tm display-message -p '#{alternate_on} #{cursor_flag}')" "0 1"
}

test_terminal() { # watch shows both legs, their traffic and their changes
	topology_up
	circuit_up er0 wtr 0s
	terminal ercircuit watch er0 interval 200ms
	shows "er0 up  active primary  request NR  available 100.0000%"
	shows "* primary   leg1            up"
	shows "  secondary leg2            up"
	pings 20 "$cust" 10.9.0.1 -i 0.05
	shows "█"
	ip -n "$pe1" link set c1 down
	shows "er0 up  active secondary  request SF"
	shows "  primary   leg1            down (link)"
	shows "* secondary leg2            up"
	shows "leg primary up -> down reason link"
	shows "switch primary -> secondary reason link"
	expect_eq "lines" "$(tm capture-pane -p | wc -l)" 24
	tm send-keys q
	ended
}

test_headline() { # if no leg carries, the first line says so; colours, and none if unwanted
	topology_up
	circuit_up er0 wtr 0s
	erc leg er0 primary fault down
	erc leg er0 secondary fault down
	terminal TERM=screen-256color ercircuit watch er0 interval 200ms
	shows "er0 up  NO LEG CARRIES  request"
	tm capture-pane -p -e >"$scratch/colours"
	grep -q $'\e\[31m\|\e\[7;31m\|\e\[31;' "$scratch/colours"
	erc leg er0 primary fault none
	shows "er0 up  active primary"
	tm kill-server
	terminal TERM=screen-256color NO_COLOR=1 ercircuit watch er0 interval 200ms
	shows "er0 up  active primary"
	tm capture-pane -p -e >"$scratch/colours"
	not grep -q $'\e\[3[12]m' "$scratch/colours"
}

test_keys() { # h shows help and leaves it; events use the whole height; a dumb terminal is a pipe
	local i

	topology_up
	circuit_up er0 wtr 0s
	for i in {1..12}; do
		erc leg er0 primary fault down
		erc leg er0 primary fault none
	done
	terminal ercircuit watch er0 interval 200ms
	shows "q quits, h helps"
	expect_ge "changes" "$(tm capture-pane -p | grep -c reason)" 15
	tm send-keys h
	shows "h  show or leave this page"
	tm send-keys h
	shows "er0 up  active primary"
	tm send-keys q
	ended
	tm kill-server
	terminal TERM=dumb ercircuit watch er0 interval 100ms
	shows "status 0"
	has_text "er0 up  active primary"
}

test_resize() { # a smaller terminal shows less, and no truncated line
	topology_up
	circuit_up er0
	terminal ercircuit watch interval 10s
	shows "promised 99.95%"
	tm resize-window -x 50 -y 7
	shows "request NR  avail"
	not has_text "promised"
	expect_eq lines "$(tm capture-pane -p | grep -c -e primary -e secondary)" 3
	tm resize-window -x 100 -y 30
	shows "promised 99.95%"
	tm send-keys q
	ended
}

test_many() { # watch counts the circuits that do not fit; circuits appear and disappear
	local i

	topology_up
	erc_load
	terminal ercircuit watch interval 100ms
	shows "no circuit"
	for i in {0..9}; do
		erc add "er$i"
	done
	shows "er2 down"
	shows "7 more"
	for i in {1..9}; do
		erc del "er$i"
	done
	busywait not has_text more
	has_text "er0 down"
	tm send-keys q
	ended
}

test_ascii() { # without a UTF-8 locale, watch prints ASCII only
	topology_up
	circuit_up er0
	terminal LC_ALL=C ercircuit watch er0 interval 200ms
	shows "er0 up"
	pings 20 "$cust" 10.9.0.1 -i 0.05
	shows "@"
	tm capture-pane -p >"$scratch/text"
	not grep -P '[^\x00-\x7f]' "$scratch/text"
	tm send-keys q
	ended
}

test_pipe() { # without a terminal, watch prints once, with the rates of one interval
	topology_up
	circuit_up er0
	nsx_exec "$cust" ping -q -c 1000 -i 0.02 -W 1 10.9.0.1 &
	defer kill $!
	busywait not counter_is primary/tx_packets 0
	erc watch er0 interval 500ms >"$scratch/text" </dev/null
	grep "^er0 up  active primary" "$scratch/text"
	grep "^  \* primary   leg1 " "$scratch/text"
	grep "^    secondary leg2 " "$scratch/text"
	grep -E "^    tx +[1-9][0-9.]*kbit" "$scratch/text"
	expect_eq heads "$(grep -c ^er0 "$scratch/text")" 1
	erc del er0
	expect_eq "without a circuit" "$(erc watch interval 10ms)" "no circuit"
}

test_refused() { # bad options and unsuitable terminals are refused
	topology_up
	circuit_up er0
	refused "no device \"er9\"" erc watch er9
	refused "\"leg1\" is not a circuit" erc watch leg1
	refused "interval" erc watch er0 interval 1ms
	refused "interval" erc watch interval
	refused "\"er1\" is not an option" erc watch er0 er1
	terminal TERM=nonesuch ercircuit watch er0
	shows "Error: terminal type \"nonesuch\" is unknown: set TERM, or pipe the output."
	shows "status 1"
}

ktap_main
