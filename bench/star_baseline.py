#!/usr/bin/env python3
"""TF-IDF (1-2-grams) and logistic regression on call transcripts, as a yardstick for `eddy train`.

Reads events as `eddy train` does (docs/events.md), takes an example at each purchase with the calls before it, splits
by time, cuts the last call after a number of the customer's utterances, and measures as `eddy evaluate` does. One
classifier for each item (one against the rest) learns from each training call cut after 1, 2, 3 and after 25, 50, 75
and 100 % of the customer's turns.

    python3 -m venv .venv && .venv/bin/pip install scikit-learn
    .venv/bin/python bench/star_baseline.py EVENTS.jsonl.gz
"""

import argparse
import collections
import gzip
import json
import math

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer
from star_table import SHARES, TURNS, measures_of


def read_examples(paths):
    """(utterances of the last call as (speaker, text), items, user, time), ordered by time of purchase."""
    events = []
    for path in paths:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
            events.extend(json.loads(line) for line in lines)
    events.sort(key=lambda event: event["time"])
    calls = collections.defaultdict(lambda: collections.defaultdict(dict))
    examples = []
    for event in events:
        if event["type"] == "utterance":
            calls[event["user"]][event["call"]][event["seq"]] = (event["time"], event["speaker"], event["text"])
        elif event["type"] == "purchase" and calls[event["user"]]:
            last = max(calls[event["user"]].values(), key=lambda call: min(said[0] for said in call.values()))
            utterances = [last[seq][1:] for seq in sorted(last)]
            examples.append((utterances, sorted(set(event["items"])), event["user"], event["time"]))
    return examples


def cut(utterances, turns):
    """The call right after the customer's turn of that number; whole if there are fewer."""
    heard = 0
    for position, (speaker, _) in enumerate(utterances):
        heard += speaker == "customer"
        if speaker == "customer" and heard == turns:
            return utterances[: position + 1]
    return utterances


def turns_of_share(utterances, share):
    turns = sum(speaker == "customer" for speaker, _ in utterances)
    return max(1, math.ceil(share * turns - 1e-9))


def text_of(utterances):
    return " \n ".join(text for _, text in utterances)


def places(scores, items, classes):
    """For each purchase those of the first five places that have a bought item."""
    first = numpy.argsort(-scores, kind="stable")[:, :5]
    return [[place for place, i in enumerate(row, 1) if classes[i] in bought] for row, bought in zip(first, items)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", nargs="+", help="files of events, .jsonl or .jsonl.gz")
    parser.add_argument("--test-share", type=float, default=0.2, help="the last part, by time, is for measuring")
    parser.add_argument("--c", type=float, default=10.0, help="inverse strength of the regularisation")
    parser.add_argument("--json", action="store_true", help="print JSON, with the places that hit for each purchase, as eddy evaluate --each-purchase")
    options = parser.parse_args()

    examples = read_examples(options.events)
    first_test = len(examples) - round(options.test_share * len(examples))
    train, test = examples[:first_test], examples[first_test:]
    texts, items = [], []
    for utterances, bought, _, _ in train:
        prefixes = {turns for turns in TURNS} | {turns_of_share(utterances, share) for share in SHARES}
        for text in sorted({text_of(cut(utterances, turns)) for turns in prefixes}):
            texts.append(text)
            items.append(bought)
    binarizer = MultiLabelBinarizer()
    labels = binarizer.fit_transform(items)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = OneVsRestClassifier(LogisticRegression(C=options.c, max_iter=1000, solver="liblinear"))
    model.fit(vectorizer.fit_transform(texts), labels)

    cuts = [({"at_customer_turns": n}, f"after {n} customer turns", lambda said, n=n: n) for n in TURNS]
    cuts += [({"at_call_share": s}, f"after {s:.0%} of the customer turns", lambda said, s=s: turns_of_share(said, s)) for s in SHARES]
    bought = [items for _, items, _, _ in test]
    results = []
    for where, name, turns in cuts:
        scores = model.predict_proba(vectorizer.transform([text_of(cut(said, turns(said))) for said, *_ in test]))
        results.append((where, name, places(scores, bought, binarizer.classes_)))

    if options.json:
        print(json.dumps({
            "model": "baseline",
            "examples": len(test),
            "results": [{"model": "baseline", "kind": "all", **where, "places": hits} for where, _, hits in results],
            "purchases": [{"user": user, "time": time, "items": len(items)} for _, items, user, time in test],
        }))  # fmt: skip
        return
    print(f"{len(train)} examples ({len(texts)} prefixes) for training, {len(test)} for measuring")
    print(f"{'last call':36} {'HR@1':>7} {'HR@3':>7} {'MAP@3':>7}")
    for _, name, hits in results:
        row = numpy.mean([measures_of(hit, len(items)) for hit, items in zip(hits, bought)], axis=0)
        print(f"{name:36} " + " ".join(f"{value:7.4f}" for value in row))


if __name__ == "__main__":
    main()
