#!/usr/bin/env python3
"""Holds config/monitoring and docs/operations.md against the metrics of the sources.

    check_monitoring.py [ROOT] > RULES

Every metric that rules, tests and dashboard name is one of the sources, and so is every one that the document names, which
names all of them. The YAML and JSON files of config/monitoring can be read. RULES are the dashboard's queries as a rules
file, so that promtool can judge their grammar. Mistakes go to standard error; exit code 1.
"""
import json
import pathlib
import re
import sys

import yaml

METRIC = re.compile(r"\beddy_[a-z0-9_]+")
FUNCTION_PREFIX = "eddy_plugin_"  # names of a plug-in's entry points, not of metrics
READERS = {".json": json.loads, ".yml": yaml.safe_load}
HISTOGRAM_PARTS = ("_bucket", "_sum", "_count")
# What Grafana puts in place of its variables.
VARIABLES = {"$__rate_interval": "1m", "$instance": ".*"}


def metrics_of_sources(root):
    names = set()
    for path in root.rglob("*.cpp"):
        folder = path.relative_to(root).parts[0]
        if folder in ("build", "tests", "bench") or folder.startswith("."):
            continue
        names.update(re.findall(r'"(eddy_[a-z0-9_]+)"', path.read_text(encoding="utf-8")))
    return {name for name in names if not name.startswith(FUNCTION_PREFIX)}


def unknown_metrics(text, known):
    """The names in a text that are neither a metric nor a part of a histogram."""
    parts = {name + part for name in known if name.endswith("_seconds") for part in HISTOGRAM_PARTS}
    return sorted(set(METRIC.findall(text)) - known - parts)


def queries_of(dashboard):
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for variable, value in VARIABLES.items():
                query = query.replace(variable, value)
            yield query


def main(root):
    known = metrics_of_sources(root)
    monitoring = root / "config" / "monitoring"
    document = root / "docs" / "operations.md"
    mistakes = []
    files = sorted(path for path in monitoring.rglob("*") if path.suffix in READERS)
    for path in [*files, document]:
        text = path.read_text(encoding="utf-8")
        try:
            READERS.get(path.suffix, str)(text)
        except (ValueError, yaml.YAMLError) as error:
            mistakes.append(f"{path.relative_to(root)}: cannot be read: {error}")
        for name in unknown_metrics(text, known):
            mistakes.append(f"{path.relative_to(root)}: no source has a metric {name}")
    explained = set(METRIC.findall(document.read_text(encoding="utf-8")))
    for name in sorted(known - explained):
        mistakes.append(f"{document.relative_to(root)}: does not explain {name}")
    if mistakes:
        print("\n".join(mistakes), file=sys.stderr)
        return 1
    queries = queries_of(json.loads((monitoring / "grafana" / "eddy.json").read_text(encoding="utf-8")))
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(queries)]
    json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, sys.stdout, indent=1)  # JSON is YAML
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
