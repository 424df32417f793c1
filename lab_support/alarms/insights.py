"""Metrics Insights: an alarm's SQL query over the metrics of a namespace.

CloudWatch User Guide, "Metrics Insights query components and syntax": cloudwatch-metrics-insights-querylanguage.html.
A query with GROUP BY returns a series per metric, and its alarm is in ALARM while one of them is breaching ("Metrics
Insights alarms"). Metrics that are published outside the plan are not found.
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
    """A query: a statistic over all metrics that it finds together or, if `grouped`, over each of them separately."""

    statistic: str
    namespace: str
    name: str
    keys: tuple[str, ...] | None
    tests: tuple[tuple[str, str, str], ...]
    grouped: bool

    def finds(self, metric: Metric, region: str) -> bool:
        """Whether the query finds a metric; its dimensions must be exactly the keys of the schema, if there is one."""
        values: Mapping[str, str] = dict(metric.dimensions)
        return (
            (metric.region, metric.namespace, metric.name) == (region, self.namespace, self.name)
            and (self.keys is None or set(self.keys) == set(values))
            and all(
                key in values and (values[key] == value) == (sign == "=") for key, sign, value in self.tests
            )
        )


def is_query(text: str) -> bool:
    """Whether an expression is a Metrics Insights query, not metric math."""
    return text.lstrip().upper().startswith("SELECT ")


def parse_query(text: str) -> InsightsQuery:
    """The query in a text. Raises CannotEvaluate if the lab cannot compute it."""
    match = _QUERY.match(text)
    if match is None:
        raise CannotEvaluate(f"the lab cannot parse its Metrics Insights query {text!r}")
    parts = [part.strip().strip('"') for part in match["schema"].split(",")] if match["schema"] else []
    tests = []
    for part in re.split(r"\s+AND\s+", match["where"] or "", flags=re.IGNORECASE):
        test = _TEST.match(part)
        if test is None and part:
            raise CannotEvaluate(f"the lab cannot parse {part!r} in its Metrics Insights query")
        if test is not None:
            value = test["value"] if test["value"] is not None else test["bare"]
            tests.append((test["key"], test["sign"], value))
    namespace = parts[0] if parts else str(match["namespace"]).strip('"')
    keys = tuple(parts[1:]) if parts else None
    grouped = "GROUP" in (match["rest"] or "").upper()
    statistic = _STATISTICS[match["function"].upper()]
    return InsightsQuery(statistic, namespace, match["metric"], keys, tuple(tests), grouped)
