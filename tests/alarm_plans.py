"""A hand-made database, topic and alarms, for tests that need no engine."""

from __future__ import annotations

from typing import Any

from lab_support.plan.resource import Resource
from tests.plans import a_resource

REGION = "ap-southeast-1"
ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:topic"
OPEN_POLICY = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Resource": TOPIC,
         "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}
    ]
}  # fmt: skip


def a_database(name: str = "db", **properties: Any) -> Resource:
    usual = {"engine": "postgres", "identifier": name, "multi_az": False, "region": REGION}
    return a_resource("rds.Instance", name, id=f"db-{name.upper()}", **{**usual, **properties})


def a_topic(name: str = "topic", **properties: Any) -> Resource:
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}"
    usual = {"arn": arn, "name": name, "region": REGION, "policy": OPEN_POLICY}
    return a_resource("sns.Topic", name, id=arn, **{**usual, **properties})


def an_alarm(alarm: str = "alarm", **properties: Any) -> Resource:
    """An alarm on the CPU of `db`: an average above 80 in two periods of five minutes, which notifies `topic`."""
    usual: dict[str, Any] = {
        "name": alarm,
        "arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{alarm}",
        "region": REGION,
        "namespace": "AWS/RDS",
        "metric_name": "CPUUtilization",
        "dimensions": {"DBInstanceIdentifier": "db"},
        "statistic": "Average",
        "period": 300,
        "evaluation_periods": 2,
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 80,
        "actions_enabled": True,
        "alarm_actions": [TOPIC],
        "treat_missing_data": "missing",
    }
    return a_resource("cloudwatch.MetricAlarm", alarm, id=alarm, **{**usual, **properties})


def a_composite(rule: str, alarm: str = "composite", **properties: Any) -> Resource:
    usual: dict[str, Any] = {
        "alarm_name": alarm,
        "alarm_rule": rule,
        "arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{alarm}",
        "region": REGION,
        "actions_enabled": True,
        "alarm_actions": [TOPIC],
    }
    return a_resource("cloudwatch.CompositeAlarm", alarm, id=alarm, **{**usual, **properties})


def a_query(name: str, expression: str | None = None, returns: bool = False, **metric: Any) -> dict[str, Any]:
    """One of `metric_queries`: the CPU of `db` per minute, or an expression."""
    query: dict[str, Any] = {"id": name, "return_data": returns}
    if expression is not None:
        return {**query, "expression": expression}
    usual = {"namespace": "AWS/RDS", "metric_name": "CPUUtilization", "period": 60, "stat": "Average",
             "dimensions": {"DBInstanceIdentifier": "db"}}  # fmt: skip
    return {**query, "metric": {**usual, **metric}}


NO_METRIC: dict[str, Any] = dict.fromkeys(("namespace", "metric_name", "dimensions", "statistic", "period"))
