#!/usr/bin/env python3
"""The table of models and text encoders on call transcripts, beside TF-IDF and logistic regression.

Trains each row with `eddy train` on the first part of the purchases by time, measures it with `eddy evaluate` on the
rest, the last call cut after 1, 2, 3 and after 25, 50, 75 and 100 % of the customer's turns. A row is
MODEL:TEXT[:SHARE]: a name of `eddy train --model`, hashed or bert, and the share of the training calls that it learns
from (default 1; the last ones before the test, so that the test part stays the same). The row `baseline[:SHARE]` is
bench/star_baseline.py, which needs scikit-learn: name its Python with --python.

Texts are encoded once, with `eddy encode`, into --out. What was measured is kept there, too, a line of JSON a row; a row
that is there is not measured again. So an interrupted table goes on where it stopped, and rows may be added later. The
table is printed at the end, and written to OUT/table.md. Behind it each row is compared with the baseline purchase by purchase, of
which a figure is the mean over the seeds: a difference counts as beyond chance if p < .05 (two-sided; z of the paired differences).

    bench/star_table.py EVENTS.jsonl.gz --out star --encoder all-MiniLM-L6-v2
    bench/star_table.py EVENTS.jsonl.gz --out star --rows latent-feature:hashed baseline:.1 --python .venv/bin/python
    bench/star_table.py EVENTS.jsonl.gz --out star --rows          # only prints what is there
"""

import argparse
import gzip
import json
import math
import pathlib
import re
import subprocess
import sys
import time
from statistics import mean, stdev

TURNS = [1, 2, 3]
SHARES = [0.25, 0.5, 0.75, 1.0]
CUTS = [f"{n} turn{'s' * (n > 1)}" for n in TURNS] + [f"{share:.0%}" for share in SHARES]
MODELS = ["conversation", "keyword", "latent-feature", "wide-and-deep"]  # keyword reads no text, so no encoder either
ROWS = [
    f"{row}{share}"
    for share in ("", ":.1")
    for row in ("baseline", *(f"{model}:{text}" for text in ("hashed", "bert") for model in MODELS if (model, text) != ("keyword", "bert")))
]
ROOT = pathlib.Path(__file__).resolve().parent.parent


def opened(path, mode):
    return (gzip.open if str(path).endswith(".gz") else open)(path, mode, encoding="utf-8")


def write_last_share(events, share, test_share, out):
    """The events of the users whose purchases are in the test part, or the last `share` of those before it, once.

    Returns the test part's share of what is left."""
    purchases = []
    for line in opened(events, "rt"):
        if '"purchase"' in line and (event := json.loads(line))["type"] == "purchase":
            purchases.append((event["time"], event["user"]))
    purchases.sort()
    test = round(test_share * len(purchases))
    train = round(share * (len(purchases) - test))
    kept = {user for _, user in purchases[len(purchases) - test - train :]}
    if not out.exists():
        part = out.with_name("part-" + out.name)
        with gzip.open(part, "wt", encoding="utf-8") as lines:
            lines.writelines(line for line in opened(events, "rt") if json.loads(line)["user"] in kept)
        part.rename(out)
    return test / (test + train)


def run(command, log):
    """Standard output. Standard error goes to the log, which a failure names."""
    with open(log, "a", encoding="utf-8") as said:
        said.write(" ".join(map(str, command)) + "\n")
        said.flush()
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=said, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed ({done.returncode}); see {log}")
    return done.stdout


def figures_of(report, model):
    """For each cut and purchase HR@1, HR@3 and AP@3; the purchases are in the order of their times and users."""
    items = [purchase["items"] for purchase in report["purchases"]]
    order = sorted(range(len(items)), key=lambda i: (report["purchases"][i]["time"], report["purchases"][i]["user"]))
    cuts = []
    for result in report["results"]:
        if result["model"] == model and result["kind"] == "all":
            measured = [measures_of(hit, bought) for hit, bought in zip(result["places"], items)]
            cuts.append([measured[i] for i in order])
    return cuts


def measures_of(hit, items):
    """HR@1, HR@3, AP@3 of one purchase: the places that have a bought item, and how many items were bought."""
    hit = [place for place in hit if place <= 3]
    return float(1 in hit), float(bool(hit)), sum(found / place for found, place in enumerate(hit, 1)) / min(3, items)


def mean_of_seeds(seeds):
    return [[[mean(values) for values in zip(*of_purchase)] for of_purchase in zip(*cut)] for cut in zip(*seeds)]


def measure_model(options, model, text, events, test_share, log):
    bundle = options.out / f"bundle-{model}-{text}"
    encoder = ["--text-encoder", options.encoder] if text == "bert" else []
    seeds = []
    for seed in range(options.seed, options.seed + options.seeds):
        run([options.eddy, "train", "--events", events, "--model", model, "--text", text, *encoder, "--test-share", test_share,
             "--validation-share", 0, "--seed", seed, "--out", bundle, *options.train_options], log)  # fmt: skip
        report = json.loads(run([options.eddy, "evaluate", "--each-purchase", "--bundle", bundle, "--events", events,
                                 "--at-customer-turns", ",".join(map(str, TURNS)), "--at-call-share", ",".join(map(str, SHARES))], log))  # fmt: skip
        seeds.append(figures_of(report, model))
    return mean_of_seeds(seeds)


def measure_baseline(options, events, test_share, log):
    report = json.loads(run([options.python, ROOT / "bench" / "star_baseline.py", events, "--json", "--test-share", test_share], log))
    return figures_of(report, "baseline")


def encoded(options, events, log):
    """The events with the vectors of their texts, made once."""
    out = options.out / f"{events.name.split('.jsonl')[0]}-encoded.jsonl"
    if not out.exists():
        part = out.with_name("part-" + out.name)
        run([options.eddy, "encode", "--encoder", options.encoder, "--events", events, "--single", part], log)
        part.rename(out)
    return out


def measure(options, row):
    parts = row.split(":")
    share = float(parts.pop()) if re.fullmatch(r"[.\d]+", parts[-1]) else 1.0
    log = options.out / "programs.log"
    begin = time.monotonic()
    events, test_share = options.events, options.test_share
    if share < 1:
        events = options.out / f"last-{share:g}.jsonl.gz"
        test_share = write_last_share(options.events, share, options.test_share, events)
    if parts[0] == "baseline":
        purchases = measure_baseline(options, events, test_share, log)
    else:
        model, text = parts
        if text == "bert":
            events = encoded(options, events, log)
        purchases = measure_model(options, model, text, events, test_share, log)
    if len(purchases) != len(CUTS):
        sys.exit(f"{row}: {len(purchases)} cuts were measured, not {len(CUTS)}; see {log}")
    return {
        "row": row,
        "share": share,
        "cuts": [[mean(values) for values in zip(*cut)] for cut in purchases],
        "examples": len(purchases[0]),
        "seconds": round(time.monotonic() - begin),
        "purchases": purchases,
    }


def chance(differences):
    """Two-sided p of no difference."""
    deviation = stdev(differences)
    return 1.0 if deviation == 0 else math.erfc(abs(mean(differences)) / deviation * math.sqrt(len(differences) / 2))


def comparison(result, baseline):
    """Of the 21 figures: ahead, beyond chance, behind, beyond chance, and the one that is furthest behind."""
    ahead = ahead_beyond = behind = behind_beyond = 0
    worst = (0.0, "")
    for cut, own, other in zip(CUTS, result["purchases"], baseline["purchases"]):
        for place, measure in enumerate(["HR@1", "HR@3", "MAP@3"]):
            differences = [a[place] - b[place] for a, b in zip(own, other)]
            difference, p = mean(differences), chance(differences)
            ahead += difference > 1e-9
            ahead_beyond += difference > 1e-9 and p < 0.05
            behind += difference < -1e-9
            behind_beyond += difference < -1e-9 and p < 0.05
            worst = min(worst, (difference, f"{measure} at {cut}, p {p:.2f}"))
    return ahead, ahead_beyond, behind, behind_beyond, f"{worst[0]:+.4f} {worst[1]}" if worst[1] else ""


def comparisons(rows):
    baseline = next((row for row in rows if row["row"].startswith("baseline")), None)
    others = [row for row in rows if row is not baseline]
    if baseline is None or not others:
        return []
    lines = ["Of 21 figures, beside the baseline:", "", "| row | ahead | beyond chance | behind | beyond chance | furthest behind |",
             "| --- | --: | --: | --: | --: | --- |"]  # fmt: skip
    for row in others:
        lines.append(f"| {row['row']} | " + " | ".join(map(str, comparison(row, baseline))) + " |")
    return [*lines, ""]


def read_results(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def table(results):
    lines = []
    for share in sorted({result["share"] for result in results}, reverse=True):
        rows = [result for result in results if result["share"] == share]
        lines += [f"Learned from {share:.0%} of the training calls, measured on {rows[0]['examples']}; HR@1 / HR@3 / MAP@3:", ""]
        lines.append("| row | " + " | ".join(CUTS) + " | seconds |")
        lines.append("| --- |" + " --: |" * (len(CUTS) + 1))
        for result in rows:
            name = result["row"].rsplit(":", 1)[0] if share < 1 else result["row"]
            cells = [" / ".join(f"{value:.3f}".lstrip("0") for value in cut) for cut in result["cuts"]]
            lines.append(f"| {name} | " + " | ".join(cells) + f" | {result['seconds']} |")
        lines += ["", *comparisons(rows)]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=pathlib.Path, help="a file of events, .jsonl or .jsonl.gz")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of what was measured, and of the bundles")
    parser.add_argument("--rows", nargs="*", default=ROWS, metavar="ROW", help="MODEL:TEXT[:SHARE] or baseline[:SHARE]; default: " + " ".join(ROWS))
    parser.add_argument("--encoder", type=pathlib.Path, help="directory of the text encoder, for rows with bert")
    parser.add_argument("--eddy", type=pathlib.Path, default=ROOT / "build" / "release" / "eddy", help="the program")
    parser.add_argument("--python", default=sys.executable, help="a Python with scikit-learn, for rows with baseline")
    parser.add_argument("--test-share", type=float, default=0.2, help="the last part, by time, is for measuring")
    parser.add_argument("--seed", type=int, default=1, help="of the first training of a row")
    parser.add_argument("--seeds", type=int, default=1, help="trainings of a row, of which it is the mean")
    parser.add_argument("--train-options", nargs="*", default=[], metavar="WORD", help="more options of eddy train, such as --train-options=--epochs=5")
    options = parser.parse_args()
    if options.encoder is None and any(row.split(":")[1:2] == ["bert"] for row in options.rows):
        parser.error("rows with bert want --encoder DIR")
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "results.jsonl"
    for number, row in enumerate(options.rows, 1):
        if row in {result["row"] for result in read_results(file)}:
            continue
        print(f"{number} of {len(options.rows)}: {row}", file=sys.stderr, flush=True)
        result = measure(options, row)
        with open(file, "a", encoding="utf-8") as lines:
            lines.write(json.dumps(result) + "\n")
    text = table(read_results(file))
    (options.out / "table.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
