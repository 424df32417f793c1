"""Metrics Insights: an alarm's query in SQL over the metrics of a namespace.

CloudWatch User Guide, "Metrics Insights query components and syntax": cloudwatch-metrics-insights-querylanguage.html.
A query that groups results in a series for each metric, and its alarm is in ALARM while one of them is ("Metrics
Insights alarms"). What a program outside of the plan publishes is not found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lab_support.alarms.math_values import CannotEvaluate
from lab_support.alarms.metrics import Metric

_QUERY = re.compile(
    r"""^\s*SELECT\s+(?P<function>AVG|COUNT|MAX|MIN|SUM)\s*\(\s*"?(?P<metric>[\w.]+)"?\s*\)
    \s+FROM\s+(?:SCHEMA\s*\(\s*(?P<schema>[^)]*?)\s*\)|(?P<namespace>"[^"]+"|\w+))
    (?:\s+WHERE\s+(?P<where>.+?))?(?P<rest>\s+(?:GROUP\s+BY|ORDER\s+BY|LIMIT)\b.*)?\s*;?\s*$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_TEST = re.compile(
    r"""^\s*"?(?P<key>[\w.]+)"?\s*(?P<sign>=|!=)\s*(?:'(?P<value>[^']*)'|(?P<bare>[\w.-]+))\s*$"""
)
_STATISTICS: Final = {
    "AVG": "Average",
    "COUNT": "SampleCount",
    "MAX": "Maximum",
    "MIN": "Minimum",
    "SUM": "Sum",
}


@dataclass(frozen=True)
class InsightsQuery:
    """A query: a statistic over all the metrics that it finds, taken together or, if `grouped`, each by itself."""

    statistic: str
    namespace: str
    name: str
    keys: tuple[str, ...] | None
    tests: tuple[tuple[str, str, str], ...]
    grouped: bool

    def finds(self, metric: Metric, region: str) -> bool:
        """Whether a metric is among those that the query is about: exactly the keys of its schema, if it has one."""
        values: Mapping[str, str] = dict(metric.dimensions)
        return (
            (metric.region, metric.namespace, metric.name) == (region, self.namespace, self.name)
            and (self.keys is None or set(self.keys) == set(values))
            and all(
                key in values and (values[key] == value) == (sign == "=") for key, sign, value in self.tests
            )
        )


def is_query(text: str) -> bool:
    """Whether an expression is a query instead of metric math."""
    return text.lstrip().upper().startswith("SELECT ")


def parse_query(text: str) -> InsightsQuery:
    """The query in a text. Raises CannotEvaluate for one that the lab cannot compute."""
    match = _QUERY.match(text)
    if match is None:
        raise CannotEvaluate(f"the lab cannot read its Metrics Insights query {text!r}")
    parts = [part.strip().strip('"') for part in match["schema"].split(",")] if match["schema"] else []
    tests = []
    for part in re.split(r"\s+AND\s+", match["where"] or "", flags=re.IGNORECASE):
        test = _TEST.match(part)
        if test is None and part:
            raise CannotEvaluate(f"the lab cannot read {part!r} in its Metrics Insights query")
        if test is not None:
            value = test["value"] if test["value"] is not None else test["bare"]
            tests.append((test["key"], test["sign"], value))
    namespace = parts[0] if parts else str(match["namespace"]).strip('"')
    keys = tuple(parts[1:]) if parts else None
    grouped = "GROUP" in (match["rest"] or "").upper()
    statistic = _STATISTICS[match["function"].upper()]
    return InsightsQuery(statistic, namespace, match["metric"], keys, tuple(tests), grouped)
