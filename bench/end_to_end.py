#!/usr/bin/env python3
"""Events a second of the whole program on the standard work, beside a copy that does nothing else, and beside a peer.

In one session, on one fresh broker, in rounds that take turns:

  exactly_once   eddy run from and to Kafka, in transactions, committed every 100 ms
  at_least_once  the same, without transactions
  replay_kafka   eddy replay of the same topics, outputs to a file
  replay_files   eddy replay of the same events from a file, outputs to a file
  copy           transaction_copy: the same topics and outputs in the same transactions, and nothing else: the ceiling
  peer           with --peer: exactly_once as well, on the same topics and broker

A run of exactly_once before the first round does not count: a new broker is slow in its first minute. A rate is that of what
is committed to the group, without the first quarter (at most 250,000 events), as the peer counts. Of Eddy's events those do
not count that were refreshed, but not committed, when the window began: a unit of commit may hold many. A replay's rate counts
its whole process, start and stop included. All have a refresh and an output at every event.

examples:
  bench/end_to_end.py --out figures                      five rounds, without a peer
  bench/end_to_end.py --out figures --peer DIR           and with the peer of that folder (its run.sh)
  bench/end_to_end.py --events 50000 --users 5000 --rounds 1 --no-warm-broker --only exactly_once copy
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

from processes import cpu_seconds, machine, machine_cpu_seconds
from standard_work_run import HERE, StandardWork, committed_lines, session

PROGRAMS = ["exactly_once", "at_least_once", "replay_kafka", "replay_files", "copy", "peer"]


def say(text):
    print(text, flush=True)


class Session:
    def __init__(self, options, folder, broker):
        self.options, self.folder, self.broker = options, folder, broker
        self.warm_up = min(250_000, options.events // 4)
        self.work = StandardWork(options.build, folder, broker.address)

    def prepare(self):
        self.work.fill(self.options.events, self.options.users)
        if "replay_files" in self.options.only:
            self.work.simulate(self.options.events, self.options.users, "--single", str(self.work.events_file))
        if "peer" in self.options.only:
            self.prepare_peer()
        say(f"{self.options.events:,} events of {self.options.users:,} users are in the topics")
        if self.options.warm_broker:
            self.exactly_once()

    def window(self, group, process, done=lambda committed: committed):
        """Rate and cost between the warm-up and the end of what the group commits. `done`: how many events the program is done
        with when so many are committed, at the window's beginning."""
        first = last = None
        with self.work.committed(group, self.options.events) as watcher:
            for at, committed in committed_lines(watcher):
                if process.poll() not in (None, 0):
                    watcher.kill()
                    sys.exit(f"the program ended with {process.returncode}; see programs.log")
                if first is None and committed < self.warm_up:
                    continue
                last = [at, committed, self.cost(process.pid), self.cost(self.broker.pid), machine_cpu_seconds()]
                if first is None:
                    first = [at, done(committed), *last[2:]]
        seconds, events, own, broker, machine_seconds = (end - begin for begin, end in zip(first, last))
        return {"per_s": events / seconds, "cpu_us": own * 1e6 / events, "broker_cpu_us": broker * 1e6 / events,
                "others_cores": (machine_seconds - own - broker) / seconds}

    @staticmethod
    def cost(pid):
        try:
            return cpu_seconds(pid)
        except FileNotFoundError:  # a broker that is not ours, or a copy that has just ended
            return 0.0

    def run_eddy(self, name, *settings):
        with self.work.start(name, *settings) as eddy:
            return self.window(eddy.group, eddy.process, lambda _: eddy.metric("eddy_refreshes_total"))

    def exactly_once(self):
        return self.run_eddy("exactly_once", "delivery=exactly_once")

    def at_least_once(self):
        return self.run_eddy("at_least_once", "delivery=at_least_once")

    def replay(self, configuration, name):
        seconds, cpu, outputs, own_rate = self.work.replay(configuration, name)
        if outputs != self.options.events:
            sys.exit(f"{name} wrote {outputs} outputs for {self.options.events} events")
        return {"per_s": outputs / seconds, "cpu_us": cpu * 1e6 / outputs, "own_per_s": own_rate}

    def replay_kafka(self):
        return self.replay("standard_work_kafka.yaml", "replay_kafka")

    def replay_files(self):
        return self.replay("standard_work.yaml", "replay_files")

    def copy(self):
        environment = self.work.environment("copy")
        self.work.create_topics(environment)
        # The last commit is seen before the process ends, so it is told to copy more than there is, and then stopped.
        process = subprocess.Popen([self.options.build / "bench/transaction_copy", "--brokers", self.broker.address,
                                    "--group", environment["EDDY_BENCH_RUN"], "--output",
                                    environment["EDDY_BENCH_OUTPUT"], "--events", str(self.options.events + 1)],
                                   stdout=subprocess.DEVNULL, stderr=self.work.log)
        try:
            return self.window(environment["EDDY_BENCH_RUN"], process)
        finally:
            process.terminate()
            process.wait()

    def peer_environment(self):
        return dict(os.environ, PEER_WORK=str(self.options.peer_work or self.folder / "peer"), PORT=self.broker.port,
                    EVENTS=str(self.options.events), USERS=str(self.options.users))

    def peer_step(self, script):
        return subprocess.run(["bash", "-c", 'source "$1"; ' + script, "peer", self.options.peer / "run.sh"], check=True,
                              env=self.peer_environment(), stdout=subprocess.PIPE, stderr=self.work.log, text=True).stdout

    def prepare_peer(self):
        folder = pathlib.Path(self.peer_environment()["PEER_WORK"])
        folder.mkdir(parents=True, exist_ok=True)
        self.peer_step("build; model")
        (folder / "broker.pid").write_text(str(self.broker.pid))

    def peer(self):
        printed = self.peer_step(f"app full stop={self.options.events} warm={self.warm_up}")
        figures = json.loads(re.search(r"^\{.*\}$", printed, re.MULTILINE).group(0))
        return {"per_s": figures["per_s"], "cpu_us": figures["jvm_cpu_us"], "broker_cpu_us": figures["broker_cpu_us"],
                "others_cores": figures["others_cores"]}


def summary(options, runs):
    """Medians, and how they stand to the copy and to the peer."""
    rows = {}
    for program in options.only:
        own = [run for run in runs if run["program"] == program]
        rows[program] = {field: statistics.median([run[field] for run in own])
                         for field in own[0] if field not in ("program", "round")}
    for row in rows.values():
        for other in ("copy", "peer"):
            if other in rows:
                row[f"to_{other}"] = row["per_s"] / rows[other]["per_s"]
    return rows


def table(rows, runs):
    lines = ["| program | events/s, median | lowest to highest | CPU us an event | broker's CPU us | to the copy | to the peer |",
             "| --- | --: | --: | --: | --: | --: | --: |"]
    for program, row in rows.items():
        rates = [run["per_s"] for run in runs if run["program"] == program]
        broker = f"{row['broker_cpu_us']:.1f}" if "broker_cpu_us" in row else ""
        ratios = [f"{row[name]:.2f}" if name in row else "" for name in ("to_copy", "to_peer")]
        lines.append(f"| {program} | {row['per_s']:,.0f} | {min(rates):,.0f} to {max(rates):,.0f} | {row['cpu_us']:.1f} "
                     f"| {broker} | {ratios[0]} | {ratios[1]} |")
    return "\n".join(lines)


def write(options, runs):
    rows = summary(options, runs)
    text = table(rows, runs)
    say("\n" + text)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        figures = {"machine": machine(), "events": options.events, "users": options.users, "rounds": options.rounds,
                   "medians": rows, "runs": runs}
        (options.out / "end_to_end.json").write_text(json.dumps(figures, indent=1) + "\n")
        (options.out / "end_to_end.md").write_text(text + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build/release", help="where ./dev build has put it")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-warm-broker", dest="warm_broker", action="store_false",
                        help="leave out the run before the first round, in which the broker's code is compiled")
    parser.add_argument("--only", nargs="+", choices=PROGRAMS, help="these programs; default: all, the peer if it is given")
    parser.add_argument("--peer", type=pathlib.Path, metavar="DIR", help="the peer's folder")
    parser.add_argument("--peer-work", type=pathlib.Path, metavar="DIR", help="where the peer is built; default: anew")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", help="write end_to_end.json and end_to_end.md here")
    options = parser.parse_args()
    options.only = options.only or [name for name in PROGRAMS if name != "peer" or options.peer]
    if "peer" in options.only and not options.peer:
        parser.error("--only peer needs --peer DIR")
    runs = []
    with session(options.out) as (folder, broker):
        programs = Session(options, folder, broker)
        programs.prepare()
        for number in range(1, options.rounds + 1):
            for program in options.only:
                begin = time.monotonic()
                figures = getattr(programs, program)()
                runs.append({"program": program, "round": number, **figures})
                others = f", others {figures['others_cores']:.2f} cores" if "others_cores" in figures else ""
                say(f"{program} {number}: {figures['per_s']:,.0f} events/s, {figures['cpu_us']:.1f} us of CPU an event{others}; "
                    f"{time.monotonic() - begin:.0f} s in all")
    write(options, runs)


if __name__ == "__main__":
    main()
