"""What CloudWatch and SNS in the mock account take, fill in and refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.request import ResourceRequest
from lab_support.plan.invalid_input import InvalidInput
from lab_support.toolchain.sdk_types import resource_type, token_of

REGION = "ap-southeast-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:topic"
ALARM: dict[str, Any] = {
    "name": "alarm",
    "namespace": "AWS/RDS",
    "metricName": "CPUUtilization",
    "statistic": "Average",
    "period": 300,
    "evaluationPeriods": 2,
    "comparisonOperator": "GreaterThanThreshold",
    "threshold": 80,
}
QUERY = {"id": "m", "metric": {"metricName": "CPUUtilization", "namespace": "AWS/RDS", "period": 60, "stat": "p90"},
         "returnData": True}  # fmt: skip
EXPRESSION = {
    "name": "alarm",
    "evaluationPeriods": 2,
    "comparisonOperator": "LessThanThreshold",
    "threshold": 0,
}


def created(kind: str, inputs: dict[str, Any], account: Account | None = None) -> dict[str, Any]:
    """The outputs of a resource of this kind, by wire name."""
    token = token_of(kind)
    assert token is not None
    given = {name: value for name, value in inputs.items() if value is not None}
    asked = ResourceRequest(token, f"urn:pulumi:dev::p::{token}::x", given, account or Account(), REGION)
    identity, outputs = answer(asked, services.specs()[kind], resource_type(token))
    return {"id": identity, **outputs}


def test_an_alarm_and_what_cloudwatch_adds() -> None:
    found = created("cloudwatch.MetricAlarm", {**ALARM, "alarmActions": [TOPIC]})
    assert found["id"] == "alarm"
    assert found["arn"] == f"arn:aws:cloudwatch:{REGION}:123456789012:alarm:alarm"
    assert (found["actionsEnabled"], found["treatMissingData"]) == (True, "missing")


@pytest.mark.parametrize(
    "changes",
    [
        {"threshold": 0},
        {"period": 10},
        {"period": 3600, "evaluationPeriods": 168},
        {"period": 60, "evaluationPeriods": 1440},
        {"statistic": None, "extendedStatistic": "TM(10%:90%)"},
        {"alarmActions": ["arn:aws:automate:ap-southeast-1:ec2:reboot"]},
        {"alarmActions": [TOPIC.replace("topic", "nobody-has-this-one")]},
        {"threshold": None, "thresholdMetricId": "band"},
        {"metricName": "NoSuchMetric", "dimensions": {"a": "b"}},
    ],
)
def test_what_cloudwatch_takes(changes: dict[str, Any]) -> None:
    created("cloudwatch.MetricAlarm", {**ALARM, **changes})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"metricName": None}, "MetricName"),
        ({"namespace": None}, "Namespace"),
        ({"period": None}, "Period"),
        ({"statistic": None}, "One of `statistic` or `extended_statistic` must be set"),
        ({"extendedStatistic": "p90"}, "conflicts with statistic"),
        ({"statistic": "Mean"}, "expected statistic to be one of"),
        ({"statistic": None, "extendedStatistic": "Average"}, "invalid statistic"),
        ({"statistic": None, "extendedStatistic": "p101"}, "invalid statistic"),
        ({"comparisonOperator": None}, "ComparisonOperator"),
        ({"comparisonOperator": ">"}, "expected comparison_operator to be one of"),
        ({"threshold": None}, "Threshold"),
        ({"thresholdMetricId": "band"}, "conflicts with threshold_metric_id"),
        ({"evaluationPeriods": None}, "EvaluationPeriods"),
        ({"evaluationPeriods": 0}, "at least (1)"),
        ({"datapointsToAlarm": 3}, "DatapointsToAlarm must be less than or equal to EvaluationPeriods"),
        ({"period": 90}, "divisible by 60"),
        ({"period": 60, "evaluationPeriods": 1441}, "more than a day"),
        ({"period": 3600, "evaluationPeriods": 169}, "more than a week"),
        ({"treatMissingData": "bad"}, "treat_missing_data"),
        ({"alarmActions": ["topic"]}, "is an invalid ARN"),
        ({"okActions": ["arn:aws:sns"]}, "is an invalid ARN"),
        ({"alarmActions": [TOPIC.replace(REGION, "us-east-1")]}, "Invalid region us-east-1 specified"),
        ({"alarmActions": [TOPIC] * 6}, "length less than or equal to 5"),
        ({"metricQueries": [QUERY]}, "conflicts with metric_query"),
    ],
)
def test_what_cloudwatch_refuses(changes: dict[str, Any], says: str) -> None:
    with pytest.raises((AwsApiError, InvalidInput)) as refused:
        created("cloudwatch.MetricAlarm", {**ALARM, **changes})
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("queries", "says"),
    [
        ([QUERY], ""),
        ([{**QUERY, "returnData": False}, {"id": "e", "expression": "m * 2", "returnData": True}], ""),
        ([{**QUERY, "returnData": False}], "Exactly one element"),
        ([QUERY, {"id": "e", "expression": "m * 2", "returnData": True}], "Exactly one element"),
        ([{**QUERY, "expression": "m"}], "both `expression` and a `metric`"),
        ([QUERY, {"id": "m", "expression": "m"}], "not unique"),
        ([{**QUERY, "id": "CPU"}], "expected pattern"),
        ([{**QUERY, "metric": {**QUERY["metric"], "stat": "Mean"}}], "stat"),
        ([{**QUERY, "metric": {**QUERY["metric"], "period": 61}}], "divisible by 60"),
    ],
)  # fmt: skip
def test_alarms_on_queries(queries: list[dict[str, Any]], says: str) -> None:
    inputs = {**EXPRESSION, "metricQueries": queries}
    if not says:
        created("cloudwatch.MetricAlarm", inputs)
        return
    with pytest.raises((AwsApiError, InvalidInput)) as refused:
        created("cloudwatch.MetricAlarm", inputs)
    assert says in str(refused.value)


def test_a_second_alarm_of_a_name_overwrites_the_first() -> None:
    account = Account()
    token = token_of("cloudwatch.MetricAlarm")
    account.add(StoredResource("urn:other", str(token), "alarm", REGION, {"name": "alarm"}))
    assert created("cloudwatch.MetricAlarm", ALARM, account)["id"] == "alarm"


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("ALARM(a) OR NOT OK(b)", ""),
        ("ALARM(a) AND", "Invalid AlarmRule"),
        (" TRUE", "whitespace"),
        ("", "null"),
    ],
)
def test_rules_of_composite_alarms(rule: str, says: str) -> None:
    inputs = {"alarmName": "composite", "alarmRule": rule}
    if not says:
        assert created("cloudwatch.CompositeAlarm", inputs)["id"] == "composite"
        return
    with pytest.raises(AwsApiError, match=says):
        created("cloudwatch.CompositeAlarm", inputs)


def test_a_topic_gets_the_policy_that_lets_its_account_publish() -> None:
    found = created("sns.Topic", {"name": "topic"})
    assert found["id"] == found["arn"] == TOPIC
    (statement,) = json.loads(found["policy"])["Statement"]
    assert statement["Resource"] == TOPIC
    assert "SNS:Publish" in statement["Action"]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": "123456789012"}}
    assert created("sns.Topic", {"name": "topic", "policy": "{}"})["policy"] == "{}"


@pytest.mark.parametrize(("name", "fifo"), [("a topic", False), ("topic.fifo", False), ("topic", True)])
def test_names_of_topics(name: str, fifo: bool) -> None:
    with pytest.raises(InvalidInput, match="invalid topic name"):
        created("sns.Topic", {"name": name, "fifoTopic": fifo})
    assert created("sns.Topic", {"name": "t.fifo", "fifoTopic": True})["fifoTopic"] is True


@pytest.mark.parametrize("kind", ["sns.Topic", "sns.TopicPolicy"])
def test_a_topics_policy_is_about_sns_only(kind: str) -> None:
    def policy(action: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["sns:Publish", action],
            "Resource": TOPIC,
        }
        return json.dumps({"Version": "2012-10-17", "Statement": statement})

    named = {"name": "topic"} if kind == "sns.Topic" else {"arn": TOPIC}
    assert created(kind, {**named, "policy": policy("SNS:Subscribe")})["policy"]
    with pytest.raises(AwsApiError) as error:
        created(kind, {**named, "policy": policy("kms:Decrypt")})
    assert error.value.code == "InvalidParameter"
    assert "out of service scope" in error.value.text
