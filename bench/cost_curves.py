#!/usr/bin/env python3
"""Processor time of an event, against the length of a user's history and against the number of users, by `eddy replay`.

  history   256 users who have had 1, 10, … 10,000 sessions each; then events of all of them in turn
  users     1,000 … 5,000,000 users, two events each; then events of the standard work, of uniform users

What is drawn is the part after that: Eddy's processor time over its refreshes. Points of one curve differ in one number only.
In the second curve the hot profiles have a budget (--hot-profiles): what does not fit in is read from the store.

examples:
  bench/cost_curves.py --out figures
  bench/cost_curves.py --curve history --most 100 --measured 100000
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import tempfile

from processes import Sampler, cpu_seconds, machine, wait_until
from standard_work_run import HERE, RunningEddy, StandardWork, free_port
from svg_chart import Chart

HISTORIES = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000]
USERS = [1_000, 10_000, 100_000, 1_000_000, 5_000_000]
HISTORY_USERS = 256
MEBIBYTE = 1 << 20


def write_history(path, length, measured, seed=1):
    """Sessions of one action for the history, then sessions of eight. Returns how many events come before the measured ones."""
    chance = random.Random(seed)
    time = 1_700_000_000_000
    with open(path, "w", encoding="utf-8") as lines:
        def action(user, session):
            nonlocal time
            time += 1
            tags = ",".join(f'"t{chance.randrange(512)}"' for _ in range(3))
            lines.write(f'{{"type":"action","id":"a-{time}","user":"u-{user}","session":"s-{user}-{session}",'
                        f'"time":{time},"tags":[{tags}]}}\n')

        for session in range(length):
            for user in range(HISTORY_USERS):
                action(user, session)
        for number in range(measured):
            action(number % HISTORY_USERS, length + number // HISTORY_USERS // 8)
    return length * HISTORY_USERS


class Curves:
    def __init__(self, options, folder):
        self.options, self.work = options, StandardWork(options.build, folder)

    def replay(self, before, measured, *settings):
        """Processor microseconds of an event, between `before` refreshes and the end, and the share found in memory."""
        environment = self.work.environment("curve", free_port())
        port = int(environment["EDDY_BENCH_HTTP"].rsplit(":", 1)[1])
        options = [option for setting in settings for option in ("--set", setting)]
        process = subprocess.Popen([self.work.eddy, "replay", HERE / "standard_work.yaml", "--http", "--state",
                                    environment["EDDY_BENCH_DIR"] + "/fresh", *options], env=environment,
                                   stdout=self.work.log, stderr=self.work.log)
        eddy = RunningEddy(process, environment, port, 0)

        def figures():
            names = ("eddy_refreshes_total", "eddy_hot_profile_hits_total", "eddy_hot_profile_misses_total")
            values = eddy.metrics(names)
            return [*(values[name] for name in names), cpu_seconds(process.pid)]

        try:
            with Sampler(figures, 0.1) as sampler:
                wait_until(lambda: process.poll() is not None, 3_600, "the replay ends")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode != 0:
            raise RuntimeError("eddy replay failed; see programs.log")
        shutil.rmtree(environment["EDDY_BENCH_DIR"])
        rows = [row for _, row in sampler.rows if row[0] >= before]
        if len(rows) < 2 or rows[-1][0] - rows[0][0] < measured / 2:
            raise RuntimeError(f"too few samples after {before} events: give --measured more than {measured}")
        refreshes, hits, misses, cpu = (end - begin for begin, end in zip(rows[0], rows[-1]))
        return cpu * 1e6 / refreshes, hits / max(hits + misses, 1)

    def write_events(self, name, place):
        """The events of one point. Returns their file, and how many come before the measured ones."""
        path = self.work.folder / f"{name}-{place}.jsonl"
        if name == "history":
            return path, write_history(path, place, self.options.measured)
        self.work.simulate(2 * place + self.options.measured, place, "--single", str(path))
        return path, 2 * place

    def measure(self, name):
        """The points take turns, so that a slow hour of the machine raises all of them."""
        places = [place for place in (HISTORIES if name == "history" else USERS) if place <= self.options.most]
        events = {place: self.write_events(name, place) for place in places}
        settings = [] if name == "history" else [f"state.hot_profiles={self.options.hot_profiles}MiB"]
        runs = {place: [] for place in places}
        for number in range(1, self.options.rounds + 1):
            for place, (path, before) in events.items():
                self.work.events_file = path
                cost, hits = self.replay(before, self.options.measured, *settings)
                runs[place].append((cost, hits))
                print(f"round {number}, {name} {place:,}: {cost:.1f} us of CPU an event, {hits:.1%} of the profiles found in memory",
                      flush=True)
        for path, _ in events.values():
            path.unlink()
        rows = []
        for place in places:
            cost, hits = sorted(runs[place])[len(runs[place]) // 2]
            rows.append({name: place, "cpu_us": cost, "hits": hits, "runs": [run[0] for run in runs[place]]})
        print("medians: " + ", ".join(f"{row[name]:,}: {row['cpu_us']:.1f}" for row in rows), flush=True)
        return rows


def draw(name, rows, hot_profiles, folder):
    title, x_name = {"history": ("Cost of an event by the length of the history", "interactions of each user before"),
                     "users": (f"Cost of an event by the number of users, {hot_profiles} MiB of hot profiles", "users")}[name]
    chart = Chart(title, x_name, "CPU us an event", x_log=True)
    chart.line("CPU us", [(row[name], row["cpu_us"]) for row in rows], with_dots=True)
    chart.write(folder / f"cost_by_{name}.svg")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build/release", help="where ./dev build has put it")
    parser.add_argument("--curve", nargs="+", choices=["history", "users"], default=["history", "users"])
    parser.add_argument("--measured", type=int, default=500_000, help="events after the first part")
    parser.add_argument("--most", type=int, default=5_000_000, help="the longest history or most users to measure")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each point, by turns; the median counts")
    parser.add_argument("--hot-profiles", type=int, default=8192, metavar="MIB", help="memory for decoded profiles")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", help="write cost_by_….json and .svg here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="eddy-bench-") as folder:
        curves = Curves(options, pathlib.Path(folder))
        for name in options.curve:
            rows = curves.measure(name)
            if options.out:
                options.out.mkdir(parents=True, exist_ok=True)
                figures = {"machine": machine(), "measured": options.measured, "hot_profiles_mib": options.hot_profiles,
                           "rows": rows}
                (options.out / f"cost_by_{name}.json").write_text(json.dumps(figures, indent=1) + "\n")
                draw(name, rows, options.hot_profiles, options.out)


if __name__ == "__main__":
    main()
