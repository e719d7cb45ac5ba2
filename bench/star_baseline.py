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

TURNS = [1, 2, 3]
SHARES = [0.25, 0.5, 0.75, 1.0]


def read_examples(paths):
    """(time, utterances of the last call as (seq, speaker, text), items), ordered by time of purchase."""
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
            examples.append((utterances, sorted(set(event["items"]))))
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


def measures(scores, items, classes):
    """HR@1, HR@3, MAP@3."""
    hits1 = hits3 = precision = 0.0
    for row, bought in zip(scores, items):
        ranked = [classes[i] for i in numpy.argsort(-row, kind="stable")[:3]]
        hits1 += ranked[0] in bought
        hits3 += any(item in bought for item in ranked)
        found = total = 0.0
        for position, item in enumerate(ranked, 1):
            if item in bought:
                found += 1
                total += found / position
        precision += total / min(3, len(bought))
    return hits1 / len(items), hits3 / len(items), precision / len(items)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", nargs="+", help="files of events, .jsonl or .jsonl.gz")
    parser.add_argument("--test-share", type=float, default=0.2, help="the last part, by time, is for measuring")
    parser.add_argument("--c", type=float, default=10.0, help="inverse strength of the regularisation")
    options = parser.parse_args()

    examples = read_examples(options.events)
    first_test = len(examples) - round(options.test_share * len(examples))
    train, test = examples[:first_test], examples[first_test:]
    texts, items = [], []
    for utterances, bought in train:
        prefixes = {turns for turns in TURNS} | {turns_of_share(utterances, share) for share in SHARES}
        for text in sorted({text_of(cut(utterances, turns)) for turns in prefixes}):
            texts.append(text)
            items.append(bought)
    binarizer = MultiLabelBinarizer()
    labels = binarizer.fit_transform(items)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = OneVsRestClassifier(LogisticRegression(C=options.c, max_iter=1000, solver="liblinear"))
    model.fit(vectorizer.fit_transform(texts), labels)

    print(f"{len(train)} examples ({len(texts)} prefixes) for training, {len(test)} for measuring")
    print(f"{'last call':36} {'HR@1':>7} {'HR@3':>7} {'MAP@3':>7}")
    cuts = [(f"after {n} customer turns", lambda said, n=n: n) for n in TURNS]
    cuts += [(f"after {share:.0%} of the customer turns", lambda said, s=share: turns_of_share(said, s)) for share in SHARES]
    for name, turns in cuts:
        scores = model.predict_proba(vectorizer.transform([text_of(cut(said, turns(said))) for said, _ in test]))
        row = measures(scores, [bought for _, bought in test], binarizer.classes_)
        print(f"{name:36} " + " ".join(f"{value:7.4f}" for value in row))


if __name__ == "__main__":
    main()
