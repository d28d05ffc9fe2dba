#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Summarise the results of the benches: a table, bench.json and failover.svg.

usage: report.py FOLDER      the folder has PART.json, a JSON object per line
"""

import json
import os
import statistics
import sys

NAMES = {
    "bare": "bare leg",
    "bond": "bonding active-backup",
    "bond-xor": "bonding balance-xor layer2+3",
    "team": "team activebackup",
    "er0": "ercircuit active-backup",
    "er0-bw": "the same with a bandwidth",
    "er0-two": "the same beside another",
    "er0-aa": "ercircuit active-active",
    "bond1": "bonding, miimon 1",
    "bond100": "bonding, miimon 100",
}
COLOURS = {"er0": "#0a7d38", "bond1": "#c77700", "bond100": "#b3261e"}
# Width and dashes tell the lines apart without their colours
STROKES = {"er0": 'stroke-width="3"',
           "bond1": 'stroke-width="2" stroke-dasharray="7 3"',
           "bond100": 'stroke-width="2" stroke-dasharray="2 3"'}


def read(folder, part):
    path = os.path.join(folder, part + ".json")
    if not os.path.exists(path):
        return []
    with open(path, encoding="ascii") as lines:
        return [json.loads(line) for line in lines]


def table(head, rows):
    """Print a table in Markdown."""
    rows = [head, ["---"] + ["---:"] * (len(head) - 1)] + rows
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def kinds_of(results):
    return list(dict.fromkeys(r["kind"] for r in results))


def cost_cell(best, kind, case):
    over = best[kind, case] - best["bare", case]
    bond = best["bond", case] - best["bare", case]
    return {"instructions": best[kind, case], "over_bare": round(over, 1),
            "of_bonding": round(over / bond, 3) if bond else None}


def cost(results):
    best = {}
    for r in results:
        key = r["kind"], (r["dir"], r["family"], r["size"])
        best[key] = min(best.get(key, 1e9), r["instructions"])
    cases = list(dict.fromkeys(case for _, case in best))
    kinds = kinds_of(results)
    runs = max(r["run"] for r in results)
    print("### Cost: instructions per packet over a bare leg"
          " (ratio to bonding active-backup)\n")
    print('`make bench ARGS=cost`: Debian 6.12 in QEMU -icount, mitigations'
          f' on, pktgen, forwarded; lowest of {runs} runs.\n')
    if not {"bare", "bond"} <= set(kinds):
        print("(needs bare and bond)\n")
        return {}
    summary = {}
    rows = []
    for case in cases:
        name = f"{case[0]} IPv{case[1]} {case[2]} B"
        cells = {k: cost_cell(best, k, case) for k in kinds}
        summary[name] = cells
        rows.append([name, f"{cells['bare']['instructions']:.0f}"] +
                    [f"{cells[k]['over_bare']:.0f}"
                     f" ({cells[k]['of_bonding']:.2f})"
                     for k in kinds if k != "bare"])
    table(["", "bare leg, all of it"] +
          [NAMES[k] for k in kinds if k != "bare"], rows)
    return summary


def failover(results):
    summary = {}
    rows = []
    for kind in kinds_of(results):
        mine = [r for r in results if r["kind"] == kind]
        values = {}
        for name in "lost_after", "lost", "gap_us", "rate":
            all_ = [r[name] for r in mine]
            values[name] = {"median": statistics.median(all_),
                            "worst": (min if name == "rate" else max)(all_)}
        summary[kind] = values
        rows.append([NAMES[kind]] + [
            f"{v['median']:,.0f} / {v['worst']:,}" for v in values.values()])
    runs = max(r["run"] for r in results)
    print("### Failover: packets lost when the carrier falls, median / worst\n")
    print("`make bench ARGS=failover`: Debian 6.12 in QEMU -icount, pktgen at"
          " 100,000 packets/s, forwarded, veth, the carrying leg's far end set"
          f" down, {runs} times; {results[0]['sent']:,} packets each time.\n")
    table(["", "lost of those sent after the carrier fell", "lost in all",
           "longest gap, us", "packets/s in fact"], rows)
    return summary


def percentile(values, percent):
    """The smallest value that is not exceeded by this percentage of the values."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


CAUSES = {
    "carrier": "the leg loses its carrier",
    "command": "`switch forced`",
    "fault": "`fault down`",
}


def switch_one(results):
    summary = {}
    rows = []
    for r in results:
        values = {f"p{p}_ns": percentile(r["ns"], p) for p in (50, 99, 100)}
        summary[r["kind"]] = {**values, "times": len(r["ns"]),
                              "late": r["late"]}
        rows.append([CAUSES[r["kind"]]] +
                    [f"{v / 1000:.1f}" for v in values.values()] +
                    [r["late"]])
    print("### Switching: from the cause to the first packet on the other"
          " leg, us\n")
    print("`make bench ARGS=switch`: Debian 6.12 in QEMU -icount, 1 CPU,"
          " pktgen at 100,000 packets/s, forwarded, dummies,"
          f" {len(results[0]['ns'])} times, system call included.\n")
    table(["", "p50", "p99", "max", "packets into the leg after it"], rows)
    return summary


def switch_port(results):
    rows = []
    for kind, text in (("traffic", "packets on all of them, 100,000/s"),
                       ("idle", "no packets")):
        mine = [r for r in results if r["kind"] == kind]
        rows.append([text, mine[0]["circuits"]] +
                    [f"{f(r['last_us'] for r in mine) / 1000:.1f}"
                     for f in (statistics.median, max)] +
                    [max(r["late"] for r in mine)])
    print("The same for circuits on VLANs of two ports, when one port loses"
          f" its carrier; {len(mine)} times:\n")
    table(["", "circuits", "last one has switched, ms, median", "worst",
           "packets into the port after it"], rows)
    return results


def switch(results):
    return {"one": switch_one([r for r in results if r["part"] == "switch"]),
            "port": switch_port([r for r in results if r["part"] == "port"])}


def bfd(results):
    times = results[0]["ns"]
    values = {f"p{p}_ns": percentile(times, p) for p in (50, 99, 100)}
    print("### BFD: from a silent failure to the first packet on the other leg,"
          " ms\n")
    print("`make bench ARGS=bfd`: Debian 6.12 in QEMU -icount, 1 CPU, idle but"
          f" for a packet each ms, 10 ms x 3, {len(times)} times.\n")
    table(["", "p50", "p99", "max"],
          [["the far end discards everything"] +
           [f"{v / 1e6:.1f}" for v in values.values()]])
    return values


DAEMONS = {"er0": "ercircuit", "frr": "FRR bfdd", "bird": "BIRD"}


def sessions(results):
    """The busy time, minus that of the machine without sessions."""
    share = {(r["kind"], r["count"]): r["busy_us"] / r["us"] for r in results}
    kinds = kinds_of(results)
    summary = {}
    rows = []
    for r in results:
        count, kind = r["count"], r["kind"]
        if count:
            busy = share[kind, count] - share[kind, 0]
            summary[f"{kind} {count}"] = {
                "up": r["up"], "ppm_each": round(busy * 1e6 / count / 2),
                "busy": round(share[kind, count], 3)}
    for count in sorted({r["count"] for r in results} - {0}):
        cells = [summary.get(f"{kind} {count}") for kind in kinds]
        rows.append([f"{count:,}"] + ["-" if not c else f"{c['ppm_each']:,}" if
                                     c["up"] == count else
                                     f"only {c['up']:,} are Up,"
                                     f" {c['busy']:.0%} busy"
                                     for c in cells])
    print("### BFD sessions: processor time each, us per second\n")
    print("`make bench ARGS=sessions`: Debian 6.12 in QEMU -icount, 1 CPU,"
          " 50 ms x 3, each against another of its own over VLANs of a veth"
          " pair; kernel and daemon, either end counted as a session.\n")
    table(["sessions"] + [DAEMONS[kind] for kind in kinds], rows)
    return summary


def alarms(results):
    first = results[0]
    print("### False alarms of BFD on busy processors\n")
    print("`make bench ARGS=alarms`: user-mode Linux 7.2, 2 CPUs, 50 ms x 3,"
          f" {first['seconds']} s; four programs that spin and two that send"
          " UDP as fast as they can; a circuit with each of these at the far"
          " end, the daemons at nice -5.\n")
    table(["far end", "sessions lost", "detection windows nearly missed"],
          [[DAEMONS[r["kind"]], r["down"], r["missed"]] for r in results])
    return results


def drain(results):
    first = results[0]
    print("### Maintenance: drains and commands under traffic\n")
    print("`make bench ARGS=drain`: Debian 6.12 in QEMU -icount, 1 CPU, pktgen"
          f" at 100,000 packets/s in a direction, {first['count']:,} of them,"
          f" forwarded, dummies; {first['actions']} drains, commands and"
          " ends of them.\n")
    names = "switches", "lost", "twice", "reordered"
    table(["", "direction"] + list(names) + ["packets/s in fact"],
          [[r["mode"], r["way"]] + [r[name] for name in names] +
           [f"{r['rate']:,}"] for r in results])
    return results


FLOODS = {"paced": "100,000/s asked for", "full": "as many as go"}


def flood(results):
    print("### BFD: a session at 10 ms x 3 under a flood\n")
    print("`make bench ARGS=flood`: Debian 6.12 in QEMU -icount, 1 CPU, which"
          " sends the flood, too: BFD packets that are good in all but the"
          " discriminator.\n")
    table(["", "packets/s in fact", "sent", "refused, `bfd_bad`",
           "good ones heard", "sessions lost", "windows nearly missed",
           "lines in the log"],
          [[FLOODS[r["kind"]], f"{r['sent'] * 1000 // r['ms']:,}"] +
           [f"{r[name]:,}" for name in ("sent", "refused", "rx", "down",
                                        "missed", "log")] for r in results])
    return results


def noise(ratios):
    """Standard error of the median, from the median deviation."""
    middle = statistics.median(ratios)
    deviation = statistics.median(abs(r - middle) for r in ratios)
    return 1.253 * 1.483 * deviation / len(ratios) ** 0.5


def throughput(results):
    mbit = {}
    for r in results:
        mbit.setdefault(r["kind"], {})[r["run"]] = r["mbit"]
    bare = mbit["bare"]
    summary = {}
    rows = []
    for kind in sorted(mbit, key=list(NAMES).index):
        mine = mbit[kind]
        median = statistics.median(mine.values())
        of_bare = median / statistics.median(bare.values())
        error = noise([mine[run] / bare[run] for run in mine])
        summary[kind] = {"mbit": median, "of_bare": round(of_bare, 3),
                         "noise": round(error, 3)}
        rows.append([NAMES[kind], f"{median:,.0f}", f"{of_bare:.3f}",
                     f"{error:.3f}" if kind != "bare" else "-"])
    print("### Throughput: TCP, Mbit/s, medians\n")
    print("`make bench ARGS=throughput`: Debian 6.12 in QEMU -icount, 1 CPU,"
          f" iperf3, veth, alternated, {len(bare)} rounds.\n")
    table(["", "Mbit/s", "of bare", "standard error"], rows)
    return summary


def scale_row(r):
    memory = [r["empty_kb"], r["full_kb"]] if r["count"] >= 64 else ["-", "-"]
    return ([f"{r['count']} x {NAMES[r['kind']]}"] +
            [r[name] for name in ("create_us", "fill_us", "delete_us")] +
            memory)


def scale(results):
    print("### Scale: per device, thousands of instructions, and memory\n")
    print("`make bench ARGS=scale`: Debian 6.12 in QEMU -icount, 1 CPU;"
          " active-backup, legs are dummies.\n")
    table(["", "create", "add two legs", "delete", "KiB, empty",
           "KiB, with legs"], [scale_row(r) for r in results])
    return results


def polyline(values, width, height, top):
    points = []
    for i, value in enumerate(values):
        x = 60 + i * width / len(values)
        points.append(f"{x:.1f},{20 + height - value * height / top:.1f}")
    return " ".join(points)


def plot_text(x, y, text, extra=""):
    return f'<text x="{x}" y="{y}" {extra}>{text}</text>'


def median_runs(results):
    """The arrivals of each kind, in the run with the median loss."""
    runs = {}
    for kind in kinds_of(results):
        mine = sorted((r for r in results if r["kind"] == kind),
                      key=lambda r: r["lost"])
        runs[kind] = mine[len(mine) // 2]["arrived"]
    return runs


def plot(results, path):
    """Draw the packets that arrived per ms around the cut, of the median runs."""
    width, height = 640, 240
    before = results[0]["before_ms"]
    shown = len(results[0]["arrived"])
    runs = median_runs(results)
    top = min(max(max(values) for values in runs.values()) // 20 * 20 + 20, 200)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 80}"'
           f' height="{height + 80}" font-family="sans-serif"'
           ' font-size="12">',
           f'<rect width="{width + 80}" height="{height + 80}" fill="#fff"/>']
    for tick in range(0, top + 1, 20):
        y = 20 + height - tick * height / top
        out.append(f'<path d="M60 {y:.1f}h{width}" stroke="#ddd"/>')
        out.append(plot_text(52, f"{y + 4:.1f}", tick, 'text-anchor="end"'))
    for tick in range(-before, shown - before + 1, 20):
        x = 60 + (tick + before) * width / shown
        out.append(plot_text(f"{x:.1f}", height + 38, tick,
                             'text-anchor="middle"'))
    x = 60 + before * width / shown
    out.append(f'<path d="M{x:.1f} 20v{height}" stroke="#000"'
               ' stroke-dasharray="4 3"/>')
    for i, (kind, arrived) in enumerate(runs.items()):
        points = polyline([min(v, top) for v in arrived], width, height, top)
        out.append(f'<polyline points="{points}" fill="none"'
                   f' stroke="{COLOURS[kind]}" {STROKES[kind]}/>')
        out.append(f'<path d="M{70 + i * 200} {height + 66}h28"'
                   f' stroke="{COLOURS[kind]}" {STROKES[kind]}/>')
        out.append(plot_text(104 + i * 200, height + 70, NAMES[kind],
                             f'fill="{COLOURS[kind]}"'))
    out.append(plot_text(60, 14, "packets that arrived, per ms of sending"))
    out.append(plot_text(60 + width, height + 54, "ms after the loss of the carrier",
                         'text-anchor="end"'))
    with open(path, "w", encoding="ascii") as svg:
        svg.write("\n".join(out + ["</svg>", ""]))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    summary = {}
    for part in (cost, failover, switch, bfd, sessions, alarms, flood,
                 drain, throughput, scale):
        results = read(folder, part.__name__)
        if results:
            summary[part.__name__] = part(results)
            if part is failover:
                plot(results, os.path.join(folder, "failover.svg"))
    with open(os.path.join(folder, "bench.json"), "w",
              encoding="ascii") as file:
        json.dump(summary, file, indent=1)


main()
