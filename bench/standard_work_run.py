"""Runs Eddy on the standard work: makes its bundle and events, its topics, and starts `eddy run` and `eddy replay`."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from kafka_broker import Broker
from processes import cpu_seconds, stop, wait_until

HERE = pathlib.Path(__file__).resolve().parent
PARTITIONS = 4


@contextlib.contextmanager
def session(out=None):
    """A temporary folder and a fresh broker, gone afterwards. After a failure the end of what the programs said is shown, and
    all of it kept as programs.log in `out`."""
    with tempfile.TemporaryDirectory(prefix="eddy-bench-") as name:
        folder = pathlib.Path(name)
        try:
            with Broker(folder / "broker") as broker:
                yield folder, broker
        except Exception:
            log = folder / "programs.log"
            if log.exists():
                last = log.read_text(errors="replace").splitlines()[-15:]
                sys.stderr.write("\n".join(["the last lines of the programs:", *last]) + "\n")
                if out:
                    out.mkdir(parents=True, exist_ok=True)
                    shutil.copy(log, out)
            raise


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class StandardWork:
    """The program, a folder for what it writes, and the model of the standard work."""

    def __init__(self, build, folder, brokers=""):
        self.build, self.folder, self.brokers = pathlib.Path(build), pathlib.Path(folder), brokers
        self.eddy = self.build / "eddy"
        self.bundle = self.folder / "bundle"
        self.events_file = self.folder / "events.jsonl"
        self.log = open(self.folder / "programs.log", "ab")
        if not self.bundle.exists():
            subprocess.run([self.build / "bench/standard_bundle", self.bundle], check=True)

    def environment(self, name, port=0):
        """Fresh folder, consumer group and output topic for one run; see standard_work_kafka.yaml."""
        directory = self.folder / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        run = f"{name}-{time.time_ns()}"
        return dict(os.environ, EDDY_BENCH_EVENTS=str(self.events_file), EDDY_BENCH_BUNDLE=str(self.bundle),
                    EDDY_BENCH_DIR=str(directory), EDDY_BENCH_BROKERS=self.brokers, EDDY_BENCH_RUN=run,
                    EDDY_BENCH_OUTPUT=f"{run}-recommendations", EDDY_BENCH_HTTP=f"127.0.0.1:{port}")

    def run_quietly(self, *command, env=None):
        subprocess.run(command, check=True, env=env, stdout=self.log, stderr=self.log)

    def simulate(self, events, users, *where, seed=1):
        self.run_quietly(self.eddy, "simulate", "--standard-work", "--events", str(events), "--users", str(users),
                         "--seed", str(seed), *where)

    def create_topics(self, environment):
        """Inputs, outputs and changelog. The outputs are not compacted, so that all programs write to the same kind of topic."""
        self.run_quietly(self.eddy, "topics", "create", HERE / "standard_work_kafka.yaml", "--partitions",
                         str(PARTITIONS), "--compacted", "none", env=environment)

    def fill(self, events, users):
        self.create_topics(self.environment("fill"))
        self.simulate(events, users, "--kafka", self.brokers)

    def start(self, name, *settings, environment=None):
        """eddy run, with topics of its own; the environment of an earlier run makes it go on where that one was."""
        environment = dict(environment or self.environment(name))
        port = free_port()
        environment["EDDY_BENCH_HTTP"] = f"127.0.0.1:{port}"
        self.create_topics(environment)
        options = [option for setting in settings for option in ("--set", setting)]
        started = time.monotonic()
        process = subprocess.Popen([self.eddy, "run", HERE / "standard_work_kafka.yaml", *options], env=environment,
                                   stdout=self.log, stderr=self.log)
        return RunningEddy(process, environment, port, started)

    def replay(self, configuration, name, *settings):
        """(seconds with start and stop, processor seconds, outputs, events a second by its own clock)."""
        environment = self.environment(name)
        out = pathlib.Path(environment["EDDY_BENCH_DIR"]) / "out"
        options = [option for setting in settings for option in ("--set", setting)]
        before, start = os.times(), time.monotonic()
        done = subprocess.run([self.eddy, "replay", HERE / configuration, "--state",
                               environment["EDDY_BENCH_DIR"] + "/fresh", "--out", out, *options], check=True,
                              env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        seconds, after = time.monotonic() - start, os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        with open(out / "recommendations.jsonl", "rb") as lines:
            outputs = sum(1 for _ in lines)
        shutil.rmtree(environment["EDDY_BENCH_DIR"])
        return seconds, cpu, outputs, float(re.search(r" s, (\d+) a second", done.stdout).group(1))

    def committed(self, group, until, patience=120):
        """A process whose lines say how much the group has committed, to be read by committed_lines()."""
        return subprocess.Popen([self.build / "bench/committed_offsets", "--brokers", self.brokers, "--group", group,
                                 "--until", str(until), "--patience", str(patience)], stdout=subprocess.PIPE, text=True)


class RunningEddy:
    """A started `eddy run`: its metrics, its cost, and its end."""

    def __init__(self, process, environment, port, started):
        self.process, self.environment, self.port, self.started = process, environment, port, started
        self.group = environment["EDDY_BENCH_RUN"]

    def metrics(self, names):
        """Metrics without labels, by name; those that are not there are 0. OSError: nobody answers."""
        values = dict.fromkeys(names, 0.0)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as page:
            for line in page.read().decode().splitlines():
                name, _, value = line.partition(" ")
                if name in values:
                    values[name] = float(value)
        return values

    def metric(self, name):
        """One of them; 0 as long as nobody answers."""
        try:
            return self.metrics([name])[name]
        except OSError:
            return 0.0

    def wait_for_refreshes(self, count, seconds=600):
        wait_until(lambda: self.metric("eddy_refreshes_total") >= count, seconds, f"{count} refreshes", self.process)

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

    def stop(self):
        code = stop(self.process)
        if code != 0:
            raise RuntimeError(f"eddy run ended with {code}; see programs.log")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            if kind is None:
                self.stop()
            else:
                self.process.kill()
                self.process.wait()


def committed_lines(watcher):
    """(monotonic seconds, records committed), as they come. Raises where they end before there are enough."""
    for line in watcher.stdout:
        figures = json.loads(line)
        yield figures["monotonic"], figures["committed"]
    if watcher.wait() != 0:
        raise RuntimeError("nothing is committed any more; see programs.log")
