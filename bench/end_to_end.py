#!/usr/bin/env python3
"""Events a second of the whole program on the standard work: `eddy replay` from files and `eddy run` from Kafka.

  bench/end_to_end.py                      five replays from files
  bench/end_to_end.py --brokers HOST:PORT  and five runs from Kafka (topics web, calls, recommendations, dead_letters
                                           are deleted and made anew)
  bench/end_to_end.py --peer DIR           and, in between, the peer of that folder (its run.sh full), in the same run

Prints every run, medians, and ratios. Build first: ./dev build.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
WARM_UP = 250_000  # records of a Kafka run that do not count, as the peer does


def say(text):
    print(text, flush=True)


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Bench:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.eddy = options.build / "eddy"
        self.events = work / "events.jsonl"
        self.bundle = work / "bundle"
        subprocess.run([options.build / "bench/standard_bundle", self.bundle], check=True)
        self.simulate("--single", str(self.events))

    def simulate(self, *where):
        subprocess.run([self.eddy, "simulate", "--standard-work", "--events", str(self.options.events), "--users",
                        str(self.options.users), *where], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def environment(self, name):
        directory = self.work / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        return dict(os.environ, EDDY_BENCH_EVENTS=str(self.events), EDDY_BENCH_BUNDLE=str(self.bundle),
                    EDDY_BENCH_DIR=str(directory), EDDY_BENCH_BROKERS=self.options.brokers or "",
                    EDDY_BENCH_RUN=f"{name}-{time.time_ns()}")

    def replay(self, run):
        environment = self.environment("replay")
        start, before = time.time(), os.times()
        subprocess.run([self.eddy, "replay", HERE / "standard_work.yaml", "--state",
                        environment["EDDY_BENCH_DIR"] + "/fresh", "--out", environment["EDDY_BENCH_DIR"] + "/out"],
                       check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds, after = time.time() - start, os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        outputs = sum(1 for _ in open(environment["EDDY_BENCH_DIR"] + "/out/recommendations.jsonl", "rb"))
        if outputs != self.options.events:
            sys.exit(f"replay wrote {outputs} outputs for {self.options.events} events")
        rate = self.options.events / seconds
        say(f"replay {run}: {rate:,.0f} events/s, start and stop included; {cpu * 1e6 / self.options.events:.1f} us of CPU an event")
        return rate

    def fill(self):
        topics = [("web", 4), ("calls", 4), ("recommendations", 4), ("dead_letters", 1)]
        subprocess.run([self.eddy, "topics", "create", HERE / "standard_work_kafka.yaml", "--partitions", "4"],
                       check=True, env=self.environment("fill"), stdout=subprocess.DEVNULL)
        self.simulate("--kafka", self.options.brokers)
        say(f"filled {', '.join(name for name, _ in topics[:2])}")

    def metric(self, name):
        try:
            with urllib.request.urlopen("http://127.0.0.1:18080/metrics", timeout=5) as page:
                for line in page.read().decode().splitlines():
                    if line.startswith(name + " "):
                        return float(line.split()[1])
        except OSError:
            pass
        return 0.0

    def run(self, run):
        environment = self.environment("kafka")
        process = subprocess.Popen([self.eddy, "run", HERE / "standard_work_kafka.yaml"], env=environment)
        first = None
        try:
            while True:
                time.sleep(0.02)
                if process.poll() is not None:
                    sys.exit("eddy run ended by itself")
                done = self.metric("eddy_refreshes_total")
                if first is None and done >= min(WARM_UP, self.options.events / 4):
                    first = (time.time(), done, cpu_seconds(process.pid))
                if done >= self.options.events:
                    break
            last = (time.time(), done, cpu_seconds(process.pid))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
        rate = (last[1] - first[1]) / (last[0] - first[0])
        cpu = (last[2] - first[2]) * 1e6 / (last[1] - first[1])
        say(f"kafka {run}: {rate:,.0f} events/s; {cpu:.1f} us of CPU an event")
        return rate

    def peer(self, run):
        environment = dict(os.environ, PEER_WORK=str(self.work / "peer"), REPS="1", EVENTS=str(self.options.events),
                           USERS=str(self.options.users), QUIET_S="1")
        steps = ["build", "model", "broker", "fill"] if run == 1 else []
        raw = self.work / "peer/raw.jsonl"
        seen = len(raw.read_text().splitlines()) if raw.exists() else 0
        with open(self.work / "peer.log", "ab") as log:
            subprocess.run([self.options.peer / "run.sh", *steps, "full"], check=True, env=environment, stdout=log,
                           stderr=log)
        figures = [json.loads(line) for line in raw.read_text().splitlines()[seen:]]
        rates = [figure["per_s"] for figure in figures if figure.get("name") == "full"]
        say(f"peer {run}: {rates[-1]:,.0f} events/s")
        return rates[-1]

    def stop_peer(self):
        subprocess.run([self.options.peer / "run.sh", "stop"], env=dict(os.environ, PEER_WORK=str(self.work / "peer")))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build/release")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--brokers", help="a Kafka broker whose topics web, calls, … may be written")
    parser.add_argument("--peer", type=pathlib.Path, help="folder of the peer program")
    options = parser.parse_args()
    rates = {"replay": [], "kafka": [], "peer": []}
    with tempfile.TemporaryDirectory(prefix="eddy-bench-") as directory:
        bench = Bench(options, pathlib.Path(directory))
        if options.brokers:
            bench.fill()
        for run in range(1, options.runs + 1):
            rates["replay"].append(bench.replay(run))
            if options.brokers:
                rates["kafka"].append(bench.run(run))
            if options.peer:
                rates["peer"].append(bench.peer(run))
        if options.peer:
            bench.stop_peer()
    medians = {name: statistics.median(values) for name, values in rates.items() if values}
    for name, median in medians.items():
        ratio = f", {median / medians['peer']:.2f} x the peer" if "peer" in medians and name != "peer" else ""
        say(f"{name}: median {median:,.0f} events/s{ratio}")


if __name__ == "__main__":
    main()
