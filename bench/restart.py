#!/usr/bin/env python3
"""How soon Eddy works again: after kill -9, and after its disk was lost.

`eddy run` (exactly_once, a static member of its group) has processed two events of each user. Then, in turns:

  kill -9     under load; started anew: seconds from the start of the process until its first refresh, and until all shards
              have committed
  lost disk   stopped, its state directory removed, started anew: the same, and users a second while the changelog is read

examples:
  bench/restart.py --out figures
  bench/restart.py --users 20000 --load 20000 --rounds 2
"""
import argparse
import json
import pathlib
import shutil
import statistics
import time

from processes import Sampler, machine
from standard_work_run import HERE, StandardWork, committed_lines, session

SETTINGS = ["sources.0.kafka.instance=one", "http.enabled=true"]


class Restarts:
    def __init__(self, options, folder, broker):
        self.options = options
        self.work = StandardWork(options.build, folder, broker.address)
        self.sent = 0
        self.environment = None

    def send(self, events):
        """More events, of the same users; each call draws others."""
        self.work.simulate(events, self.options.users, "--kafka", self.work.brokers, seed=self.sent + 1)
        self.sent += events

    def start(self):
        eddy = self.work.start("restart", *SETTINGS, f"state.hot_profiles={self.options.hot_profiles}MiB",
                               environment=self.environment)
        self.environment = eddy.environment
        return eddy

    def wait_until_committed(self, group):
        with self.work.committed(group, self.sent) as watcher:
            for _ in committed_lines(watcher):
                pass

    def prepare(self):
        self.environment = self.work.environment("restart")
        self.work.create_topics(self.environment)
        self.send(2 * self.options.users)
        with self.start() as eddy:
            self.wait_until_committed(eddy.group)

    def first_events(self, eddy):
        """Seconds from the process's start to its first refresh, and to its catching up."""
        eddy.wait_for_refreshes(1)
        first = time.monotonic() - eddy.started
        self.wait_until_committed(eddy.group)
        return {"first_refresh_s": first, "caught_up_s": time.monotonic() - eddy.started}

    def kill(self):
        with self.start() as eddy:
            self.send(self.options.load)
            eddy.wait_for_refreshes(self.options.load // 4)
            eddy.process.kill()
            eddy.process.wait()
        with self.start() as eddy:
            return self.first_events(eddy)

    def lost_disk(self):
        shutil.rmtree(pathlib.Path(self.environment["EDDY_BENCH_DIR"]) / "state")
        self.send(self.options.load)
        with self.start() as eddy:
            names = ("eddy_restored_records_total", "eddy_restore_remaining_records")
            with Sampler(lambda: eddy.metrics(names), 0.05) as sampler:
                figures = self.first_events(eddy)
        rows = [(at, row[names[0]]) for at, row in sampler.rows]
        records = rows[-1][1]
        begin = max((at for at, done in rows if done == 0), default=eddy.started)
        end = next(at for at, done in rows if done == records)
        return {**figures, "records": records, "restore_s": end - begin,
                "users_per_s": self.options.users / (end - begin), "records_per_s": records / (end - begin)}


def medians(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build/release", help="where ./dev build has put it")
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--load", type=int, default=200_000, help="events that are there to be processed at a restart")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hot-profiles", type=int, default=2048, metavar="MIB")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", help="write restart.json here")
    options = parser.parse_args()
    with session(options.out) as (folder, broker):
        restarts = Restarts(options, folder, broker)
        restarts.prepare()
        print(f"{options.users:,} users are stored", flush=True)
        runs = {"kill": [], "lost_disk": []}
        for number in range(1, options.rounds + 1):
            for name, its_runs in runs.items():
                its_runs.append(getattr(restarts, name)())
                print(f"{name} {number}: " + ", ".join(f"{field} {value:,.2f}" for field, value in its_runs[-1].items()),
                      flush=True)
    figures = {"machine": machine(), "users": options.users, "load": options.load, "runs": runs,
               "medians": {name: medians(one) for name, one in runs.items()}}
    print("medians: " + json.dumps(figures["medians"]))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "restart.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
