"""What a process costs, from /proc: processor time, resident memory."""
import os
import pathlib
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """Processor time of a living process, all its threads, user and system."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def machine_cpu_seconds():
    """Processor time that all programs of this machine have taken so far."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(int(fields[i]) for i in (0, 1, 2, 5, 6, 7)) / TICKS


def resident_bytes(pid):
    """(all, anonymous) bytes of a living process that are in memory. The rest of all are mapped files: its program and libraries."""
    fields = {}
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "RssAnon"):
            fields[name] = int(value.split()[0]) * 1024
    return fields["VmRSS"], fields["RssAnon"]


def processor_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def machine():
    """What a figure has to name: processor, cores, memory."""
    memory = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) / 2**20
    return f"{os.cpu_count()} cores, {processor_name()}, {memory:.0f} GiB"


def wait_until(condition, seconds, what, process=None):
    """Asks every 20 ms until the condition holds; its value comes back. Raises after so many seconds, and where the process ends."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"waiting until {what}: the program ended with {process.returncode}")
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds} s in vain until {what}")
        time.sleep(0.02)


class Sampler:
    """Calls read() every so many seconds in a thread of its own; rows are [monotonic seconds, value]."""

    def __init__(self, read, interval=0.25):
        self.rows, self.read, self.interval = [], read, interval
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.over.wait(self.interval):
            try:
                self.rows.append([time.monotonic(), self.read()])
            except (OSError, ValueError, KeyError):
                pass  # the process has ended or does not answer yet: no row

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def stop(process, seconds=120):
    """SIGTERM, then waits; a process that does not end in time is killed and that is an error."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
