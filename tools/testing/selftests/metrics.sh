#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Metrics show the same counters and states as the other commands, in the format
# of Prometheus; Prometheus evaluates the documented expressions and alerts.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

shipped=$ERC_TOP/tools/prometheus

# has LINE: LINE is among the metrics
has()
{
	grep -qxF "$1" <<<"$(erc metrics)" || fail "there is no $1"
}

# stats_wanted: print the counters of "stats -j" as metrics
stats_wanted()
{
	erc -j stats | jq -r '
		{ availability_ppm: ["availability_ratio", 1e6],
		  budget_ns: ["budget_seconds", 1e9],
		  longest_outage_ns: ["longest_outage_seconds", 1e9] } as $gauges |
		.[] | "{device=\"\(.name)\"" as $circuit | to_entries[] |
		if .key == "reach" then
			.value | to_entries[] |
			"\($circuit),peer=\"\(.key)\"}" as $labels |
			.value | to_entries[] |
			"ercircuit_reach_\(.key)_total\($labels) \(.value)"
		elif .value | type == "object" then
			"\($circuit),leg=\"\(.key)\"}" as $labels |
			.value | to_entries[] |
			"ercircuit_leg_\(.key)_total\($labels) \(.value)"
		elif .key == "name" then empty
		else
			($gauges[.key] // ["\(.key)_total", 1]) as [$name, $per] |
			"ercircuit_\($name)\($circuit)} \(.value / $per)"
		end'
}

test_all() { # metrics contain every counter of every circuit with its value, and no other
	need jq
	edges_up
	circuit_up er0 mode active-active
	erc add er1 reach er0
	ip -n "$cust" link set leg1 down
	flow_send "$cust" -n 50 10.9.0.1
	stats_wanted >"$scratch/before"
	erc metrics >"$scratch/metrics"
	stats_wanted >"$scratch/after"
	expect_ge counters "$(wc -l <"$scratch/before")" 100
	# Times have grown in the meantime
	awk 'FNR == 1 { file++ }
		/^#/ { next }
		{ value[file, $1] = $2 + 0 }
		file == 1 { wanted[$1] }
		file == 2 && /_total/ { wanted[$1] }
		END {
			for (w in wanted) {
				from = value[1, w]; is = value[2, w]; to = value[3, w]
				if (!((1, w) in value) || !((2, w) in value) ||
				    (is - from) * (is - to) > 0) {
					print w, from, is, to
					bad = 1
				}
			}
			exit bad
		}' "$scratch/before" "$scratch/metrics" "$scratch/after"
	erc metrics er1 >"$scratch/metrics"
	not grep -F 'device="er0"' "$scratch/metrics"
	grep -F er1 "$scratch/metrics"
}

test_packets() { # packets are counted in the metric of their outcome
	edges_up
	circuit_up er0 bandwidth 8kbit burst 0
	busywait counter_is primary/state up
	flow_send "$cust" -n 50 10.9.0.1
	has 'ercircuit_leg_tx_packets_total{device="er0",leg="primary"} 1'
	has 'ercircuit_leg_tx_policed_packets_total{device="er0",leg="primary"} 49'
	has 'ercircuit_leg_tx_packets_total{device="er0",leg="secondary"} 0'
	has 'ercircuit_bandwidth_bytes_per_second{device="er0"} 1000'
	ip -n "$cust" link set leg1 down
	erc set er0 bandwidth 0
	busywait counter_is active secondary
	flow_send "$cust" -n 50 10.9.0.1
	has 'ercircuit_leg_tx_packets_total{device="er0",leg="secondary"} 50'
	has 'ercircuit_switches_auto_total{device="er0"} '"$(counter switches_auto)"
	has 'ercircuit_bandwidth_bytes_per_second{device="er0"} 0'
}

test_states() { # of the metrics of a state, the current one is 1 and the others 0
	local key=6f9619ff-8b86-d011-b42d-00cf4fc964ff

	edges_up
	circuit_up er0 sla 99.9 key "$key" provider-state provisioned \
		peering private
	busywait counter_is secondary/state up
	erc leg er0 primary fault down
	has 'ercircuit_leg_up{device="er0",leg="primary"} 0'
	has 'ercircuit_leg_up{device="er0",leg="secondary"} 1'
	has 'ercircuit_leg_state{device="er0",leg="primary",state="down"} 1'
	has 'ercircuit_leg_state{device="er0",leg="primary",state="up"} 0'
	has 'ercircuit_leg_reason{device="er0",leg="primary",reason="fault"} 1'
	has 'ercircuit_leg_info{device="er0",leg="primary",lower="leg1",fault="down"} 1'
	has 'ercircuit_active{device="er0",active="secondary"} 1'
	has 'ercircuit_request{device="er0",request="SF"} 1'
	has 'ercircuit_provider_state{device="er0",provider_state="provisioned"} 1'
	has 'ercircuit_sla_ratio{device="er0"} 0.999'
	has 'ercircuit_budget_seconds{device="er0"} 2592'
	has 'ercircuit_police{device="er0"} 1'
	has 'ercircuit_admin_up{device="er0"} 1'
	grep "^ercircuit_info{device=\"er0\",.*,key=\"$key\",.*peering=\"private\".*} 1$" \
		<<<"$(erc metrics)"
	# Exactly one metric of each state is 1
	erc metrics | awk -F '[{} ]' '!/^#/ {
			name = $1
			sub(/^ercircuit_(leg_)?/, "", name)
			if (match($2, "," name "=\"[^\"]*\"$"))
				sum[$1 substr($2, 1, RSTART)] += $NF
		}
		END {
			for (s in sum)
				if (++n && sum[s] != 1)
					bad = bad s " " sum[s] "\n"
			printf "%s%d states\n", bad, n
			exit bad != "" || n < 14
		}'
	erc leg er0 primary bfd on drain on fault none
	has 'ercircuit_leg_bfd{device="er0",leg="primary"} 1'
	has 'ercircuit_leg_drain{device="er0",leg="primary"} 1'
	has 'ercircuit_leg_bfd_interval_seconds{device="er0",leg="primary"} 1'
	has 'ercircuit_leg_bfd_state{device="er0",leg="primary",bfd_state="admin-down"} 1'
}

test_promtool() { # promtool accepts the metrics for any device name
	need promtool
	edges_up
	circuit_up er0
	erc add 'a"b\c'
	erc metrics >"$scratch/metrics"
	grep -F '{device="a\"b\\c"}' "$scratch/metrics"
	# promtool complains only about the names of times, which end in _ns
	promtool check metrics <"$scratch/metrics" >"$scratch/said" 2>&1 || true
	expect_eq complaints "$(wc -l <"$scratch/said")" 5
	not grep -v '^ercircuit_.*_ns_total metric names should not contain abbreviated units$' \
		"$scratch/said"
}

test_refused() { # options for other formats are refused, and a failed write is an error
	setup_ns cust
	erc_load
	erc add er0
	refused "metrics have one format only: leave -j and -p out" erc -j metrics
	refused 'there is no device "er1"' erc metrics er1
	refused 'is not a circuit' erc metrics lo
	refused "one word too many" erc metrics er0 er0
	refused "cannot write the metrics: No space left on device" \
		eval "erc metrics 2>&1 >/dev/full"
}

# --- with a real Prometheus -------------------------------------------------

# collect: do the same as the service that the timer starts
collect()
{
	local start

	start=$(sed -n 's/^ExecStart=//p' "$shipped/ercircuit-metrics.service")
	(cd "$scratch/files" && nsx "$cust" bash -c "$start")
}

# prometheus_up: start node_exporter and Prometheus with the shipped alerts,
# which fire faster here
prometheus_up()
{
	need prometheus prometheus-node-exporter curl jq
	mkdir "$scratch/files"
	sed 's/for: 30s/for: 1s/' "$shipped/ercircuit.rules.yml" \
		>"$scratch/rules.yml"
	cat >"$scratch/prometheus.yml" <<-EOF
		global: {scrape_interval: 500ms, evaluation_interval: 500ms}
		rule_files: [rules.yml]
		scrape_configs:
		- job_name: node
		  static_configs: [{targets: ['127.0.0.1:9100']}]
	EOF
	nsx_exec "$cust" prometheus-node-exporter --collector.disable-defaults \
		--collector.textfile --collector.textfile.directory="$scratch/files" \
		--web.listen-address=127.0.0.1:9100 &
	defer kill $!
	nsx_exec "$cust" prometheus --config.file="$scratch/prometheus.yml" \
		--storage.tsdb.path="$scratch/data" \
		--web.listen-address=127.0.0.1:9090 &
	defer kill $!
}

# api PATH JQ [CURL-ARGS]...: query Prometheus and filter its answer
api()
{
	nsx "$cust" curl -sfG "127.0.0.1:9090/api/v1/$1" "${@:3}" |
		jq -re "$2"
}

# ask EXPRESSION JQ: collect the metrics, evaluate EXPRESSION and filter each
# result
ask()
{
	collect
	api query ".data.result[] | $2" --data-urlencode "query=$1"
}

# alert NAME STATE LEG: the alert has this state for the leg
alert()
{
	collect
	api alerts ".data.alerts[] | select(.labels.alertname == \"$1\" and
		.state == \"$2\" and .labels.leg == \"$3\")"
}

# expressions: print the expressions in Documentation/metrics.rst
expressions()
{
	sed -n "/^The service's own/,\$s/^    //p" "$ERC_TOP/Documentation/metrics.rst"
}

test_scrape() { # Prometheus stores our values and raises an alert when a leg is down
	local expression

	edges_up
	circuit_up er0 bandwidth 1gbit
	erc add er1 reach er0
	erc leg er0 primary bfd on
	busywait counter_is active secondary
	flow_send "$cust" -n 50 10.9.0.1
	prometheus_up
	collect
	busywait ask 'ercircuit_leg_tx_packets_total{device="er0"}' \
		'select(.metric.leg == "secondary" and .value[1] == "50")'
	ask 'ercircuit_leg_tx_packets_total{device="er0"}' \
		'select(.metric.leg == "primary" and .value[1] == "0")'
	expect_ge expressions "$(expressions | wc -l)" 13
	while read -r expression; do
		busywait ask "$expression" \
			'select(.metric.peer or
				(.metric | [.device, .leg]) == ["er0", "primary"])'
	done < <(expressions)
	erc leg er0 primary bfd off
	busywait not alert ErcircuitLegDown firing primary
	not alert ErcircuitLegDown firing secondary
	ip -n "$pe2" link set c2 down
	busywait alert ErcircuitLegDown firing secondary
	not alert ErcircuitLegDown firing primary
}

ktap_main
