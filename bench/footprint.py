#!/usr/bin/env python3
"""What users take: bytes on disk, in the changelog, in memory when hot; and the memory of a process with a budget.

  bytes    `eddy run` (exactly_once) over ten events a user, for two numbers of users that all fit into memory. Disk: the
           state directory at the end. Changelog: what it holds as it was written, and what is left when only each user's last
           record is kept; before compression. Memory: the difference of the two processes' anonymous memory over the
           difference of their users; both have the same small RocksDB cache, so that it is the decoded profiles'.
  budget   two events of each of five million users, through a process whose limits add up to less than 512 MiB:
           its resident memory over time, as a plot

examples:
  bench/footprint.py --out figures
  bench/footprint.py --only budget --users 200000
"""
import argparse
import json
import pathlib
import subprocess
import time

from processes import Sampler, machine, resident_bytes
from standard_work_run import HERE, StandardWork, committed_lines, session
from svg_chart import Chart

MEBIBYTE = 1 << 20
EVENTS_A_USER = 10
SMALL_CACHE = ["state.hot_profiles=16GiB", "state.block_cache=64MiB", "state.write_buffers=32MiB"]
# What is under way, read ahead and waiting to be sent is bounded too; docs/operations.md has the list.
BUDGET = ["state.hot_profiles=32MiB", "state.block_cache=40MiB", "state.write_buffers=16MiB", "limits.in_flight=8MiB",
          "sources.0.kafka.properties.queued.max.messages.kbytes=512",
          "sinks.recommendations.kafka.properties.queue.buffering.max.kbytes=4096"]
BUDGET_MIB = 512
ALLOCATOR = {"MALLOC_CONF": "narenas:2,dirty_decay_ms:1000"}  # freed memory goes back after a second instead of ten


def folder_bytes(folder):
    return sum(file.stat().st_size for file in pathlib.Path(folder).rglob("*") if file.is_file())


class Footprint:
    def __init__(self, options, folder, broker):
        self.options, self.folder, self.broker = options, folder, broker
        self.work = StandardWork(options.build, folder, broker.address)

    def run(self, name, events, settings, environment=None):
        """Processes all that is in the topics; memory over time, and the environment."""
        eddy = self.work.start(name, *settings, environment=environment)
        with eddy, Sampler(lambda: [*resident_bytes(eddy.process.pid), eddy.metric("eddy_refreshes_total")]) as sampler:
            with self.work.committed(eddy.group, events) as watcher:
                for _ in committed_lines(watcher):
                    pass
            time.sleep(1)  # a last row of the process at rest
        return [[at - eddy.started, *row] for at, row in sampler.rows], eddy.environment

    def contents(self, topic):
        printed = subprocess.run([self.options.build / "bench/topic_contents", "--brokers", self.broker.address, "--topic",
                                  topic], check=True, stdout=subprocess.PIPE, stderr=self.work.log, text=True).stdout
        return json.loads(printed)

    def of_users(self, users):
        events = EVENTS_A_USER * users
        self.work.fill(events, users)
        rows, environment = self.run("bytes", events, SMALL_CACHE)
        changelog = environment["EDDY_BENCH_RUN"] + "-changelog"
        contents = self.contents(changelog)
        profiles = contents["last"]["p"]
        return {"users": profiles["keys"], "anonymous_bytes": max(row[2] for row in rows),
                "disk_bytes_a_user": folder_bytes(environment["EDDY_BENCH_DIR"] + "/state") / profiles["keys"],
                "changelog_records_an_event": contents["records"] / events,
                "changelog_bytes_a_record": contents["bytes"] / contents["records"],
                "changelog_bytes_on_disk": self.broker.topic_bytes(changelog),
                "changelog_last_bytes_a_user": profiles["bytes"] / profiles["keys"]}

    def budget(self):
        events = 2 * self.options.users
        self.work.fill(events, self.options.users)
        rows, environment = self.run("budget", events, BUDGET, self.work.environment("budget") | ALLOCATOR)
        disk = folder_bytes(environment["EDDY_BENCH_DIR"] + "/state")
        return {"users": self.options.users, "events": events, "settings": BUDGET, "allocator": ALLOCATOR, "budget_mib": BUDGET_MIB,
                "most_resident_mib": max(row[1] for row in rows) / MEBIBYTE,
                "most_anonymous_mib": max(row[2] for row in rows) / MEBIBYTE, "disk_bytes": disk, "rows": rows}


def draw(figures, folder):
    chart = Chart(f"Memory of eddy run while {figures['users']:,} users' events pass", "seconds", "MiB")
    chart.line("resident", [(row[0], row[1] / MEBIBYTE) for row in figures["rows"]])
    chart.line("of it anonymous", [(row[0], row[2] / MEBIBYTE) for row in figures["rows"]])
    chart.y_mark(BUDGET_MIB, f"budget {BUDGET_MIB} MiB")
    chart.write(folder / "memory.svg")


def measure_bytes(options, in_session):
    """Each number of users on a broker of its own, since the topics are filled anew."""
    rows = [in_session(lambda footprint, users=users: footprint.of_users(users)) for users in options.bytes_users]
    small, large = rows[0], rows[-1]
    figures = {"machine": machine(), "rows": rows, "hot_bytes_a_user":
               (large["anonymous_bytes"] - small["anonymous_bytes"]) / (large["users"] - small["users"])}
    for row in rows:
        print(f"{row['users']:,} users: disk {row['disk_bytes_a_user']:.0f} bytes a user; changelog "
              f"{row['changelog_bytes_a_record']:.0f} bytes a record, {row['changelog_records_an_event']:.2f} records an event, "
              f"{row['changelog_last_bytes_a_user']:.0f} bytes a user in the end", flush=True)
    print(f"memory when hot: {figures['hot_bytes_a_user']:.0f} bytes a user", flush=True)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build/release", help="where ./dev build has put it")
    parser.add_argument("--only", nargs="+", choices=["bytes", "budget"], default=["bytes", "budget"])
    parser.add_argument("--users", type=int, default=5_000_000, help="of the budget")
    parser.add_argument("--bytes-users", type=int, nargs=2, default=[50_000, 250_000], metavar="N")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", help="write bytes.json, memory.json and memory.svg here")
    options = parser.parse_args()

    def in_session(measure):
        with session(options.out) as (folder, broker):
            return measure(Footprint(options, folder, broker))

    def keep(name, figures):
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / name).write_text(json.dumps(figures) + "\n")

    if "bytes" in options.only:
        keep("bytes.json", measure_bytes(options, in_session))
    if "budget" in options.only:
        figures = {"machine": machine(), **in_session(Footprint.budget)}
        print(f"{figures['users']:,} users: at most {figures['most_resident_mib']:.0f} MiB resident, "
              f"{figures['most_anonymous_mib']:.0f} of them anonymous; budget {BUDGET_MIB} MiB")
        keep("memory.json", figures)
        if options.out:
            draw(figures, options.out)


if __name__ == "__main__":
    main()
