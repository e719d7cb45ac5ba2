#!/usr/bin/env python3
"""Computes the aggregates of published_figures.cpp from the published structure of arXiv 2405.04246.

    published_figures.py DIR > published_figures.cpp     (then clang-format -i published_figures.cpp)

DIR holds data_users.csv.gz and data_purchase_events.csv.gz. Only aggregates are written, never a user's row.
What is fitted, and why, is told in simulate/README.md.
"""
import collections
import csv
import gzip
import math
import sys

ITEMS = 24
MOST = 10  # interactions that an event has at most
STEPS = 400


def read(directory):
    users = collections.defaultdict(dict)
    with gzip.open(f"{directory}/data_users.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            is_call = bool(row["conversation_id"])
            key = (is_call, row["conversation_id"] if is_call else row["session_id"])
            users[row["user_id"]].setdefault(row["purchase_event_id"], []).append((int(row["event_number"]), key))
    items = collections.defaultdict(list)
    with gzip.open(f"{directory}/data_purchase_events.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            items[row["purchase_event_id"]].append(int(row["item_id"]) - 1)
    histories = []
    for purchases in users.values():
        ordered = sorted(purchases.items(), key=lambda entry: int(entry[0]))
        histories.append([[key for _, key in sorted(listed)] for _, listed in ordered])
    return histories, list(items.values())


def counts(keys):
    calls = sum(is_call for is_call, _ in keys)
    return (len(keys) - calls, calls)


def normalised(table):
    total = sum(table.values())
    return {key: value / total for key, value in table.items()}


def keep_latest(old, new):
    """Distribution of (sessions, calls) once `new` is added to `old` and the MOST latest are kept."""
    over = sum(old) + sum(new) - MOST
    if over <= 0:
        return {(old[0] + new[0], old[1] + new[1]): 1.0}
    if over >= sum(old):
        return {new: 1.0}
    kept = sum(old) - over
    result = {}
    for sessions in range(max(0, kept - old[1]), min(old[0], kept) + 1):
        ways = math.comb(old[0], sessions) * math.comb(old[1], kept - sessions)
        result[(sessions + new[0], kept - sessions + new[1])] = ways / math.comb(sum(old), kept)
    return result


def fit_first(target, increment, share_of_kth):
    """First purchases' counts such that all purchases together have the target (Richardson-Lucy)."""
    cells = sorted(target)
    kernel = {}
    for first in cells:
        mixed, current = collections.Counter(), {first: 1.0}
        for share in share_of_kth:
            for cell, weight in current.items():
                mixed[cell] += share * weight
            following = collections.Counter()
            for old, weight in current.items():
                for new, chance in increment.items():
                    for cell, part in keep_latest(old, new).items():
                        following[cell] += weight * chance * part
            current = following
        kernel[first] = mixed
    fitted = dict(target)
    for _ in range(STEPS):
        mixture = collections.Counter()
        for first, weight in fitted.items():
            for cell, chance in kernel[first].items():
                mixture[cell] += weight * chance
        for first in cells:
            fitted[first] *= sum(
                chance * target.get(cell, 0.0) / mixture[cell] for cell, chance in kernel[first].items())
        fitted = normalised(fitted)
    return fitted


def inclusion(weights, need, size):
    """Chances of the further items: proportional to the weights, at most 1, in total size - 1."""
    wanted = size - 1
    chances, certain = [0.0] * ITEMS, set()
    while wanted - len(certain) > 0:
        total = sum(w for j, w in enumerate(weights) if j != need and j not in certain)
        scale = (wanted - len(certain)) / total
        over = [j for j, w in enumerate(weights) if j != need and j not in certain and w * scale >= 1.0]
        if not over:
            for j, w in enumerate(weights):
                if j != need and j not in certain:
                    chances[j] = w * scale
            break
        certain.update(over)
    for j in certain:
        chances[j] = 1.0
    return chances


def fit_needs(purchases):
    need_share = [0.0] * ITEMS
    size_given = [[0.0] * MOST for _ in range(ITEMS)]
    together = [[0.0] * ITEMS for _ in range(ITEMS)]
    for items in purchases:
        for main in items:
            need_share[main] += 1 / len(items)
            size_given[main][len(items) - 1] += 1 / len(items)
            for other in items:
                if other != main:
                    together[main][other] += 1 / len(items)
    further = []
    for main in range(ITEMS):
        total = need_share[main]
        size_given[main] = [value / total for value in size_given[main]]
        wanted = [value / total for value in together[main]]
        weights = [value + 1e-6 for value in wanted]
        for _ in range(STEPS):
            reached = [0.0] * ITEMS
            for size, chance in enumerate(size_given[main], start=1):
                for j, value in enumerate(inclusion(weights, main, size)):
                    reached[j] += chance * value
            weights = [w * ((wanted[j] + 1e-9) / (reached[j] + 1e-9)) ** 0.5 for j, w in enumerate(weights)]
            top = max(weights)
            weights = [max(w / top, 1e-6) if j != main else 0.0 for j, w in enumerate(weights)]
        further.append(weights)
    return [value / len(purchases) for value in need_share], size_given, further


def rounded(values, scale):
    return ", ".join(str(round(value * scale)) for value in values)


def main():
    histories, purchases = read(sys.argv[1])
    target, increment, number, kth = (collections.Counter() for _ in range(4))
    for history in histories:
        number[len(history)] += 1
        seen = set()
        for index, keys in enumerate(history):
            kth[index] += 1
            target[counts(keys)] += 1
            new = [key for key in keys if key not in seen]
            seen.update(keys)
            if index > 0 and new:
                increment[counts(new)] += 1
    target, increment = normalised(target), normalised(increment)
    events = sum(kth.values())
    first = fit_first(target, increment, [kth[k] / events for k in range(max(kth) + 1)])
    need_share, size_given, further = fit_needs(purchases)
    popularity = [sum(item in items for items in purchases) / len(purchases) for item in range(ITEMS)]

    def table(name, comment, cells):
        rows = ",\n".join("{{" + rounded((cells.get((s, c), 0.0) for c in range(MOST + 1)), 1e6) + "}}"
                          for s in range(MOST + 1))
        print(f"{comment}\nconst PerKind {name} = {{{{\n{rows}\n}}}};\n")

    print("// Written by published_figures.py; aggregates of the published structure of arXiv 2405.04246.\n"
          "// Rows: sessions, columns: calls, in millionths. Clang-format makes the lines.\n"
          '#include "simulate/published_figures.h"\n\nnamespace eddy::published {\n')
    table("kInteractionsOfAnEvent", "", target)
    table("kFirstInteractions", "", first)
    table("kFurtherInteractions", "", increment)
    print("const std::array<std::int32_t, kMostPurchases> kPurchasesOfAUser = {"
          + rounded((number[k] / len(histories) for k in range(1, 11)), 1e6) + "};\n")
    print("const PerItem kPopularity = {" + rounded(popularity, 1e6) + "};\n")
    print("const PerItem kNeedShare = {" + rounded(need_share, 1e6) + "};\n")
    print("const std::array<std::array<std::int32_t, kMostItems>, kItems> kItemsOfAPurchase = {{"
          + ",\n".join("{{" + rounded(row, 1e6) + "}}" for row in size_given) + "}};\n")
    print("const std::array<PerItem, kItems> kFurtherItemWeights = {{"
          + ",\n".join("{{" + rounded(row, 1e6) + "}}" for row in further) + "}};\n")
    print("}  // namespace eddy::published")


main()
