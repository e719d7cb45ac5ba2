#!/usr/bin/env python3
"""Where the processor time of `eddy run` goes on the standard work, by perf: by thread, by library, by function.

Own time: a function's without what it calls. Needs perf (Debian: linux-perf) and the right to use it.

examples:
  bench/where_time_goes.py
  bench/where_time_goes.py --set delivery=at_least_once --callers rd_kafka_producev
"""
import argparse
import pathlib
import subprocess

from standard_work_run import HERE, StandardWork, session


def report(data, sort, at_least, more=()):
    printed = subprocess.run(["perf", "report", "-i", data, "--stdio", "--no-children", "--sort", sort, "--percent-limit",
                              str(at_least), *(more or ["-g", "none"])], check=True, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True).stdout
    return "\n".join(line for line in printed.splitlines() if line.strip() and not line.startswith("#"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build/release", help="where ./dev build has put it")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8, help="how long to look, after a quarter of the events")
    parser.add_argument("--at-least", type=float, default=0.7, metavar="PERCENT", help="leave out functions below")
    parser.add_argument("--callers", metavar="FUNCTION", help="also say who calls it")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="a setting of Eddy; repeatable")
    options = parser.parse_args()
    with session() as (folder, broker):
        work = StandardWork(options.build, folder, broker.address)
        work.fill(options.events, options.users)
        data = f"{folder}/perf.data"
        with work.start("perf", *options.set) as eddy:
            eddy.wait_for_refreshes(options.events // 4)
            before = eddy.metric("eddy_refreshes_total"), eddy.cpu_seconds()
            subprocess.run(["perf", "record", "-o", data, "-F", "499", "-g", "-p", str(eddy.process.pid), "--", "sleep",
                            str(options.seconds)], check=True, stdout=work.log, stderr=work.log)
            after = eddy.metric("eddy_refreshes_total"), eddy.cpu_seconds()
        events, cpu = (end - begin for begin, end in zip(before, after))
        print(f"{events:,.0f} events, {cpu * 1e6 / events:.1f} us of CPU an event (perf included)")
        for sort in ("comm", "dso", "dso,symbol"):
            print(f"\nby {sort}\n" + report(data, sort, options.at_least))
        if options.callers:
            print(f"\nwho calls {options.callers}\n" +
                  report(data, "symbol", 0, ["-S", options.callers, "-g", "caller,0.5,callee,function,percent"]))


if __name__ == "__main__":
    main()
