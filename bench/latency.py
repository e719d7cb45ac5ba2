#!/usr/bin/env python3
"""Latency at a quarter, half and all of a rate: from sending an event to the HTTP event stream, and to a read_committed reader.

Each round starts a broker and `eddy run` (exactly_once, committed every 100 ms), lets it catch up with the standard work, then
sends the events that come next at a fixed rate, whether they are processed or not (latency_probe). The load program, the broker
and Eddy share the machine, so that all of the rate is more than the machine can do. Figures are medians of the rounds.

There are as many users that each has ten events at the end, as in end_to_end.py. With 36 an event costs more than twice
as much: in the standard work a call lasts for 40 events of its user, and each utterance walks through all sessions behind it.

examples:
  bench/latency.py --rate 50000 --out figures          the rate of exactly_once in end_to_end.json
  bench/latency.py --figures figures/end_to_end.json --out figures
  bench/latency.py --rate 10000 --events 50000 --warm-up 0 --seconds 15 --rounds 1
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import time

from processes import cpu_seconds, machine, machine_cpu_seconds
from standard_work_run import HERE, StandardWork, committed_lines, session
from svg_chart import Chart

SHARES = [0.25, 0.5, 1.0]
GOALS_MS = {"stream": 20, "committed": 100}  # p99 at half of the rate
NAMES = {"stream": "HTTP event stream", "committed": "read_committed reader"}


QUANTILES = ["p50_ms", "p90_ms", "p99_ms", "max_ms"]


def bins(rounds):
    """(end of the bin in ms, share of the events of all rounds); latency_record.h says where bins end."""
    counts = [sum(of_bin) for of_bin in zip(*(one["bins"] for one in rounds))]
    used = [n for n, count in enumerate(counts) if count]
    first, last = max(used[0] - 1, 0), used[-1]
    shares = [(0.1 * 10 ** (n / 10), counts[n] / sum(counts)) for n in range(first, last + 1)]
    return [*shares, (shares[-1][0], 0)]


def summary(rounds):
    """Of one rate: medians of the rounds, and the lowest and highest p99."""
    row = {"share": rounds[0]["share"], "rate": rounds[0]["rate"], "rounds": rounds}
    row["cores"] = {name: statistics.median(one["cores"][name] for one in rounds) for name in rounds[0]["cores"]}
    for place in NAMES:
        of_place = [one[place] for one in rounds]
        row[place] = {name: statistics.median(one[name] for one in of_place) for name in QUANTILES}
        row[place]["count"] = sum(one["count"] for one in of_place)
        row[place]["missing"] = sum(one["missing"] for one in of_place)
        row[place]["p99_range_ms"] = [min(one["p99_ms"] for one in of_place), max(one["p99_ms"] for one in of_place)]
    return row


def draw(rows, folder):
    for place in NAMES:
        chart = Chart(f"From sending an event to the {NAMES[place]}", "latency, ms", "share of the events", x_log=True)
        for row in rows:
            chart.steps(f"{row['share']:.0%}: {row['rate']:,.0f}/s", bins([one[place] for one in row["rounds"]]))
        chart.x_mark(GOALS_MS[place], f"p99 at half: {GOALS_MS[place]} ms")
        chart.write(folder / f"latency_{place}.svg")


def table(rows):
    lines = ["| of the rate | events/s | to | events timed | p50 ms | p90 ms | p99 ms | p99 of the rounds | max ms | missing |",
             "| --- | --: | --- | --: | --: | --: | --: | --: | --: | --: |"]
    for row in rows:
        for place, name in NAMES.items():
            one = row[place]
            low, high = one["p99_range_ms"]
            lines.append(f"| {row['share']:.0%} | {row['rate']:,.0f} | {name} | {one['count']:,} | {one['p50_ms']:.1f} "
                         f"| {one['p90_ms']:.1f} | {one['p99_ms']:.1f} | {low:.1f} to {high:.1f} | {one['max_ms']:.1f} | {one['missing']} |")
    return "\n".join(lines)


def cores(eddy, broker):
    """Time, and processor time of Eddy, the broker, the load programs that have ended, and all programs."""
    times = os.times()
    return (time.monotonic(), eddy.cpu_seconds(), cpu_seconds(broker.pid), times.children_user + times.children_system,
            machine_cpu_seconds())


def probe(options, work, eddy, rate, seconds, sent):
    """What latency_probe says of one rate, after `sent` events."""
    done = subprocess.run([options.build / "bench/latency_probe", "--brokers", work.brokers, "--http-port", str(eddy.port),
                           "--output", eddy.environment["EDDY_BENCH_OUTPUT"], "--rate", str(rate), "--seconds", str(seconds),
                           "--users", str(options.users), "--skip", str(sent), "--streams",
                           str(min(options.streams, options.users))], check=True, stdout=subprocess.PIPE, stderr=work.log,
                          text=True)
    return json.loads(done.stdout)


def measure(options, folder, broker):
    """One round: what latency_probe says of each rate."""
    work = StandardWork(options.build, folder, broker.address)
    work.fill(options.events, options.users)
    rows, sent = [], options.events
    with work.start("latency", "state.hot_profiles=8GiB", *options.set) as eddy:
        with work.committed(eddy.group, sent) as watcher:
            for _ in committed_lines(watcher):
                pass
        # The broker's code for small requests is compiled now, which takes a third of a core meanwhile.
        if options.warm_up > 0:
            rate = options.rate * SHARES[0]
            probe(options, work, eddy, rate, options.warm_up, sent)
            sent += int(rate * options.warm_up)
        for share in SHARES:
            with work.committed(eddy.group, sent) as watcher:
                for _ in committed_lines(watcher):
                    pass
            rate = options.rate * share
            before = cores(eddy, broker)
            row = {"share": share, **probe(options, work, eddy, rate, options.seconds, sent)}
            sent += int(rate * options.seconds)
            seconds, *used = (end - begin for begin, end in zip(before, cores(eddy, broker)))
            row["cores"] = dict(zip(("eddy", "broker", "load_program", "machine"), (one / seconds for one in used)))
            rows.append(row)
            print(f"{share:.0%}, {rate:,.0f}/s: " + "; ".join(
                f"{NAMES[place]} p50 {row[place]['p50_ms']:.1f} p99 {row[place]['p99_ms']:.1f} ms" for place in NAMES) +
                  f"; {row['doubled']} doubled, {row['closed_streams']} streams closed, feed behind by at most "
                  f"{row['most_behind_ms']:.0f} ms; cores " +
                  ", ".join(f"{name} {used:.2f}" for name, used in row["cores"].items()), flush=True)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build/release", help="where ./dev build has put it")
    parser.add_argument("--rate", type=float, help="events a second that count as all")
    parser.add_argument("--figures", type=pathlib.Path, metavar="FILE", help="take the rate from this end_to_end.json")
    parser.add_argument("--events", type=int, default=800_000, help="processed before")
    parser.add_argument("--users", type=int, help="default: a tenth of all events")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=45, help="a rate is held so long; the first 10 do not count")
    parser.add_argument("--warm-up", type=float, default=90, metavar="SECONDS", help="at a quarter, before the first rate")
    parser.add_argument("--streams", type=int, default=900, help="users whose live streams are read; at most 1,000")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="a setting of Eddy; repeatable")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", help="write latency.json, .md and .svg here")
    options = parser.parse_args()
    if options.figures:
        options.rate = json.loads(options.figures.read_text())["medians"]["exactly_once"]["per_s"]
    if not options.rate:
        parser.error("give --rate or --figures")
    if not options.users:
        sent = options.rate * (SHARES[0] * options.warm_up + sum(SHARES) * options.seconds)
        options.users = round((options.events + sent) / 10)
    rounds = []
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}, {options.users:,} users", flush=True)
        with session(options.out) as (folder, broker):
            rounds.append(measure(options, folder, broker))
    rows = [summary(of_rate) for of_rate in zip(*rounds)]
    print("\n" + table(rows))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        figures = {"machine": machine(), "rate": options.rate, "users": options.users, "rows": rows}
        (options.out / "latency.json").write_text(json.dumps(figures) + "\n")
        (options.out / "latency.md").write_text(table(rows) + "\n")
        draw(rows, options.out)


if __name__ == "__main__":
    main()
