"""NOBODY-PAGED on small plans: which alarms count, and when the rule does not apply."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.nobody_paged import check, check_notices
from lab_support.review.rule import Observation, ReviewSubject
from tests.alarm_plans import NO_METRIC, REGION, TOPIC, a_composite, a_database, a_query, a_topic, an_alarm
from tests.plans import a_plan, a_resource

ON_STREAM: dict[str, Any] = {
    "namespace": "AWS/Kinesis",
    "metric_name": "GetRecords.IteratorAgeMilliseconds",
    "dimensions": {"StreamName": "events"},
}
OTHER_ALARM = an_alarm("stream-alarm", **ON_STREAM)


def observations(*resources: Resource, **more: Any) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources, **more))))


def test_a_database_without_an_alarm_is_a_finding() -> None:
    (found,) = observations(a_database(), a_topic(), OTHER_ALARM)
    assert found.resource is not None
    assert found.resource.name == "db"
    assert "only alarm" in found.what
    assert "the dimension DBInstanceIdentifier of db, and the topic topic" in found.repair


def test_the_second_of_two_databases_without_an_alarm_is_a_finding() -> None:
    (found,) = observations(a_database(), a_database("reports"), a_topic(), an_alarm(), OTHER_ALARM)
    assert found.resource is not None
    assert found.resource.name == "reports"
    assert "2 alarms" in found.what


@pytest.mark.parametrize(
    "alarms",
    [
        [an_alarm()],
        [an_alarm(metric_name="FreeStorageSpace", comparison_operator="LessThanThreshold", threshold=1e9)],
        [an_alarm(metric_name="DatabaseConnections")],
        [an_alarm(dimensions={"DBInstanceIdentifier": UNKNOWN})],
        [an_alarm(dimensions={})],
        [an_alarm(dimensions={"EngineName": "postgres"})],
        [an_alarm(alarm_actions=["arn:aws:sns:ap-southeast-1:123456789012:on-call"])],
        [an_alarm(alarm_actions=UNKNOWN)],
        [an_alarm(metric_queries=[a_query("m", returns=True)], **NO_METRIC)],
        [an_alarm("part", alarm_actions=[]), a_composite('ALARM("part")')],
        [an_alarm(threshold=99)],
        [an_alarm(metric_name="DBLoadCPU", dimensions={"DBInstanceIdentifier": UNKNOWN})],
    ],
    ids=[
        *("cpu", "storage", "connections", "unknown", "all databases", "engine", "topic elsewhere"),
        *("unknown action", "query", "composite", "at 99 %", "load of an unknown instance"),
    ],
)
def test_any_alarm_with_an_action_on_the_database_is_enough(alarms: list[Resource]) -> None:
    assert observations(a_database(), a_topic(), OTHER_ALARM, *alarms) == []


@pytest.mark.parametrize(
    ("alarm", "reason"),
    [
        (an_alarm(alarm_actions=[]), "no action"),
        (an_alarm(actions_enabled=False), "no action"),
        (an_alarm(threshold=101), "CPUUtilization cannot pass 101 %"),
        (an_alarm(metric_name="CPU"), "no metric CPU"),
        (an_alarm(namespace="RDS"), "the namespace RDS"),
        (an_alarm(namespace="AWS.RDS"), "the namespace AWS.RDS"),
        (an_alarm(metric_name="FreeStorageSpace", threshold=1e10), "triggers when FreeStorageSpace is high"),
        (
            an_alarm(dimensions={"DBInstanceIdentifier": "db", "EngineName": "postgres"}),
            "with the dimension EngineName",
        ),
        (an_alarm(dimensions={"EngineName": "mysql"}), "none of the program's 2 alarms"),
        (an_alarm(dimensions={"DBInstanceIdentifier": "db-DB"}), "resource id"),
        (an_alarm(dimensions={"DBInstanceIdentifier": "reports"}), "none of the program's 2 alarms"),
        (an_alarm(namespace="AWS/EC2", dimensions={"InstanceId": "i-1"}), "none of the program's 2 alarms"),
    ],
)
def test_an_alarm_that_cannot_help_is_a_finding_with_the_reason(alarm: Resource, reason: str) -> None:
    (found,) = observations(a_database(), a_topic(), OTHER_ALARM, alarm)
    assert reason in found.what


def test_an_alarm_on_a_metric_that_aws_does_not_document_is_unknown() -> None:
    (found,) = observations(a_database(), a_topic(), an_alarm(metric_name="SomethingNewFromAws"))
    assert found.unknown == "alarm watches it, but AWS documents no metric SomethingNewFromAws in AWS/RDS"


@pytest.mark.parametrize(("watched", "findings"), [("db.t3.medium", 0), ("db.x2g.large", 1)])
def test_an_alarm_on_a_class_watches_the_databases_of_that_class(watched: str, findings: int) -> None:
    database = a_database(instance_class="db.t3.medium")
    alarm = an_alarm(dimensions={"DatabaseClass": watched})
    assert len(observations(database, a_topic(), OTHER_ALARM, alarm)) == findings


def test_a_program_without_notifying_alarms_has_no_finding() -> None:
    assert observations(a_database(), a_topic()) == []
    scaling = an_alarm(
        **{**ON_STREAM, "alarm_actions": ["arn:aws:autoscaling:ap-southeast-1:1:scalingPolicy:x"]}
    )
    assert observations(a_database(), scaling) == []


def test_a_whole_system_without_alarms_has_a_finding() -> None:
    parts = [
        a_resource("ec2.Vpc", "vpc"),
        a_resource("ecs.Service", "service"),
        *(a_resource("ec2.Subnet", f"s{n}") for n in range(40)),
    ]
    (found,) = observations(a_database(), *parts)
    assert "no alarm watches it" in found.what


@pytest.mark.parametrize(
    ("alarm", "cause"),
    [
        (an_alarm(dimensions={"DbInstanceIdentifier": "db"}), "no dimension DbInstanceIdentifier"),
        (an_alarm(dimensions={"InstanceId": "db"}), "no dimension InstanceId"),
        (an_alarm(dimensions={"DBClusterIdentifier": "db"}), "no DBClusterIdentifier db"),
        (an_alarm(namespace="AWS/EC2"), "the namespace AWS/EC2"),
        (an_alarm(namespace="aws/rds"), "the namespace aws/rds"),
        (an_alarm(metric_name="CpuUtilization"), "no metric CpuUtilization"),
        (an_alarm(metric_name="MemoryUtilization"), "no metric MemoryUtilization"),
        (an_alarm(metric_name="DBLoadCPU"), "never has data: DBLoadCPU comes from Performance Insights"),
        (an_alarm(metric_name="ReplicaLag"), "never has data: RDS publishes ReplicaLag for replicas only"),
        (an_alarm(region="eu-west-1", alarm_actions=["arn:aws:sns:eu-west-1:1:t"]), "is in eu-west-1"),
        (an_alarm(threshold=-1), "always in ALARM"),
        (an_alarm(threshold=0.5), "already in ALARM when the CPU load is 1 %"),
        (an_alarm(comparison_operator="LessThanThreshold"), "already in ALARM when the CPU load is 1 %"),
        (an_alarm(evaluation_periods=20), "does not trigger in an hour at 100 %"),
        (
            an_alarm(metric_name="FreeStorageSpace", comparison_operator="LessThanThreshold", threshold=10),
            "its threshold is 10 bytes",
        ),
        (
            an_alarm(metric_name="FreeableMemory", comparison_operator="LessThanThreshold", threshold=0),
            "never",
        ),
    ],
)
def test_an_alarm_that_never_tells_anyone_is_a_finding_with_the_cause(alarm: Resource, cause: str) -> None:
    (found,) = observations(a_database(), a_topic(), OTHER_ALARM, alarm)
    assert found.resource is not None
    assert found.resource.name == "db"
    assert cause in found.what
    assert found.repair.startswith("In alarm: ") or "MetricAlarm" in found.repair


def test_an_alarm_on_a_dimension_that_rds_does_not_publish_silences_no_database() -> None:
    wrong = an_alarm(dimensions={"InstanceId": "elsewhere"})
    found = observations(a_database("a"), a_database("b"), a_topic(), wrong)
    assert [finding.resource.name for finding in found if finding.resource] == ["a", "b"]
    assert all("no dimension InstanceId" in finding.what for finding in found)


@pytest.mark.parametrize(("name", "cause"), [("arn", "the ARN"), ("address", "the host name")])
def test_another_name_of_the_database_as_the_dimension_is_a_finding(name: str, cause: str) -> None:
    names = {"arn": "arn:aws:rds:ap-southeast-1:123456789012:db:db", "address": "db.x.rds.amazonaws.com"}
    alarm = an_alarm(dimensions={"DBInstanceIdentifier": names[name]})
    (found,) = observations(a_database(**names), a_topic(), alarm)
    assert cause in found.what


def test_an_unknown_endpoint_leaves_a_wrong_dimension_a_finding() -> None:
    alarm = an_alarm(dimensions={"DBClusterIdentifier": "db"})
    (found,) = observations(a_database(endpoint=UNKNOWN, address=UNKNOWN), a_topic(), alarm)
    assert "no DBClusterIdentifier db" in found.what


def test_the_fault_of_another_databases_alarm_is_not_told() -> None:
    wrong = an_alarm(metric_name="CpuUtilization")
    of_db, of_reports = observations(a_database(), a_database("reports"), a_topic(), wrong)
    assert "CpuUtilization" in of_db.what
    assert "CpuUtilization" not in of_reports.what


def test_a_composite_on_an_alarm_without_data_is_a_finding() -> None:
    part = an_alarm("part", alarm_actions=[], dimensions={"InstanceId": "db"})
    (found,) = observations(a_database(), a_topic(), part, a_composite('ALARM("part")'))
    assert "composite depends on part, which never has data" in found.what


@pytest.mark.parametrize(
    "alarm",
    [
        an_alarm(namespace="Shop/Database", metric_name="slow_queries"),
        an_alarm(metric_name="CheckpointLag", threshold=-1),
        an_alarm(metric_name="DatabaseConnections", threshold=0),
        an_alarm(metric_name="CPUUtilization", statistic="Sum", threshold=150),
    ],
    ids=["own namespace", "lag", "any connection", "sum"],
)
def test_an_alarm_that_may_work_is_no_finding(alarm: Resource) -> None:
    assert observations(a_database(), a_topic(), alarm) == []


KEY = "arn:aws:kms:ap-southeast-1:123456789012:key/k"


def a_key(*actions: str, **more: Any) -> Resource:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": list(actions) or ["kms:Nothing"],
        "Resource": "*",
    }
    usual = {"arn": KEY, "region": "ap-southeast-1", "policy": {"Statement": [statement]}}
    return a_resource("kms.Key", "key", id="k", **{**usual, **more})


LOST = [
    (
        [a_topic(policy={"Statement": []})],
        "the policy of topic does not let CloudWatch publish",
        "sns:Publish",
    ),
    ([a_topic(kms_master_key_id="alias/aws/sns")], "alias/aws/sns", "a key of your own"),
    ([a_topic(kms_master_key_id=KEY), a_key()], "the policy of key does not", "in the policy of key"),
    (
        [a_topic(kms_master_key_id=KEY), a_key("kms:*", is_enabled=False)],
        "is disabled",
        "enabled symmetric key",
    ),
    ([a_topic(fifo_topic=True)], "FIFO", "standard topic"),
]


@pytest.mark.parametrize(("resources", "cause", "repair"), LOST)
def test_a_notice_that_cannot_arrive_is_a_finding_of_the_database(
    resources: list[Resource], cause: str, repair: str
) -> None:
    plan = (a_database(), *resources, an_alarm())
    (found,) = observations(*plan)
    assert found.resource is not None
    assert found.resource.name == "db"
    assert cause in found.what
    assert repair in found.repair
    assert list(check_notices(ReviewSubject(a_plan(*plan)))) == []  # told once


@pytest.mark.parametrize(("resources", "cause", "repair"), LOST)
def test_a_notice_of_another_alarm_that_cannot_arrive_is_a_finding_of_its_topic(
    resources: list[Resource], cause: str, repair: str
) -> None:
    alarms = [OTHER_ALARM, an_alarm("second", **ON_STREAM)]
    (found,) = check_notices(ReviewSubject(a_plan(*resources, *alarms)))
    assert found.resource is not None
    assert found.resource.name == "topic"
    assert found.what.startswith("When second and stream-alarm go to ALARM")
    assert cause in found.what
    assert repair in found.repair


@pytest.mark.parametrize(
    "resources",
    [
        [a_topic()],
        [a_topic(policy=UNKNOWN)],
        [a_topic(kms_master_key_id=UNKNOWN)],
        [a_topic(kms_master_key_id="arn:aws:kms:ap-southeast-1:1:key/elsewhere")],
        [a_topic(kms_master_key_id=KEY), a_key(policy=UNKNOWN)],
        [a_topic(kms_master_key_id=KEY), a_key("kms:Decrypt", "kms:GenerateDataKey*")],
    ],
)
def test_a_notice_that_may_arrive_is_not_lost(resources: list[Resource]) -> None:
    assert list(check_notices(ReviewSubject(a_plan(*resources, OTHER_ALARM)))) == []
    assert not [found for found in observations(a_database(), *resources, an_alarm()) if found.what]


@pytest.mark.parametrize(
    ("metric", "without", "with_it"),
    [
        ("CPUCreditBalance", {"instance_class": "db.m6g.large"}, {"instance_class": "db.t4g.small"}),
        ("BurstBalance", {"storage_type": "gp3"}, {"storage_type": "gp2"}),
    ],
)
def test_an_alarm_on_credits_needs_a_database_that_has_them(
    metric: str, without: dict[str, Any], with_it: dict[str, Any]
) -> None:
    alarm = an_alarm(metric_name=metric, comparison_operator="LessThanThreshold", threshold=20)
    (found,) = observations(a_database(**without), a_topic(), alarm)
    assert f"never has data: RDS publishes {metric}" in found.what
    assert observations(a_database(**with_it), a_topic(), alarm) == []
    assert observations(a_database(**dict.fromkeys(with_it, UNKNOWN)), a_topic(), alarm) == []


def test_an_alarm_on_the_cpu_of_the_readers_only_is_a_finding() -> None:
    cluster = a_resource(
        "rds.Cluster", "c", id="c", engine="aurora-mysql", cluster_identifier="c", region=REGION
    )
    members = [
        a_resource("rds.ClusterInstance", f"m{n}", cluster_identifier="c", identifier=f"m{n}", region=REGION)
        for n in (1, 2)
    ]
    found = {
        role: observations(
            cluster, *members, a_topic(), an_alarm(dimensions={"DBClusterIdentifier": "c", "Role": role})
        )
        for role in ("READER", "WRITER")
    }
    assert "watches the readers only" in found["READER"][0].what
    assert found["WRITER"] == []


@pytest.mark.parametrize(
    "setting", [{"performance_insights_enabled": True}, {"database_insights_mode": "advanced"}]
)
def test_an_alarm_on_the_load_that_performance_insights_measures_counts(setting: dict[str, Any]) -> None:
    assert observations(a_database(**setting), a_topic(), an_alarm(metric_name="DBLoad")) == []


BY_FILTER = {"namespace": "AWS/S3", "metric_name": "5xxErrors"}
IN_SHARD = {"namespace": "AWS/Kinesis", "metric_name": "IncomingBytes"}
OF_METHOD = {"namespace": "AWS/ApiGateway", "metric_name": "5XXError"}
# The alarm, its resource without and with the setting, and a word of the finding.
OPTIONAL: list[tuple[dict[str, Any], list[Resource], list[Resource], str]] = [
    (
        {**BY_FILTER, "dimensions": {"BucketName": "files", "FilterId": "all"}},
        [a_resource("s3.Bucket", "files", id="files", bucket="files")],
        [a_resource("s3.BucketMetric", "all", bucket="files", name="all")],
        "aws.s3.BucketMetric",
    ),
    (
        {**IN_SHARD, "dimensions": {"StreamName": "events", "ShardId": "shardId-000000000000"}},
        [a_resource("kinesis.Stream", "events", name="events")],
        [a_resource("kinesis.Stream", "events", name="events", shard_level_metrics=["ALL"])],
        "shard_level_metrics",
    ),
    (
        {
            "namespace": "ECS/ContainerInsights",
            "metric_name": "RunningTaskCount",
            "dimensions": {"ClusterName": "app", "ServiceName": "web"},
        },
        [a_resource("ecs.Cluster", "app", name="app", inputs={"settings": [{"value": "disabled"}]})],
        [a_resource("ecs.Cluster", "app", name="app", inputs={"settings": [{"value": "enhanced"}]})],
        "Container Insights",
    ),
    (
        {
            "namespace": "AWS/AutoScaling",
            "metric_name": "GroupInServiceInstances",
            "dimensions": {"AutoScalingGroupName": "web"},
        },
        [a_resource("autoscaling.Group", "web", name="web", enabled_metrics=["GroupMaxSize"])],
        [a_resource("autoscaling.Group", "web", name="web", enabled_metrics=["GroupInServiceInstances"])],
        "enabled_metrics",
    ),
    (
        {
            "namespace": "AWS/CloudFront",
            "metric_name": "502ErrorRate",
            "dimensions": {"DistributionId": "E1", "Region": "Global"},
            "region": "us-east-1",
            "alarm_actions": [TOPIC.replace(REGION, "us-east-1")],
        },
        [a_resource("cloudfront.Distribution", "site", id="E1", region="us-east-1")],
        [a_resource("cloudfront.MonitoringSubscription", "more", distribution_id="E1")],
        "aws.cloudfront.MonitoringSubscription",
    ),
    (
        {**OF_METHOD, "dimensions": {"ApiName": "api", "Resource": "/", "Method": "GET", "Stage": "v1"}},
        [a_resource("apigateway.RestApi", "api", id="a1", name="api")],
        [a_resource("apigateway.MethodSettings", "more", rest_api="a1", settings={"metrics_enabled": True})],
        "metrics_enabled",
    ),
    (
        {**OF_METHOD, "dimensions": {"ApiId": "a1", "Route": "GET /", "Stage": "v1"}},
        [a_resource("apigatewayv2.Api", "api", id="a1")],
        [
            a_resource(
                "apigatewayv2.Stage", "v1", api_id="a1", route_settings=[{"detailed_metrics_enabled": True}]
            )
        ],
        "detailed_metrics_enabled",
    ),
    (
        {"namespace": "AWS/EFS", "metric_name": "PercentIOLimit", "dimensions": {"FileSystemId": "fs-1"}},
        [a_resource("efs.FileSystem", "shared", id="fs-1", performance_mode="maxIO")],
        [a_resource("efs.FileSystem", "shared", id="fs-1", performance_mode="generalPurpose")],
        "generalPurpose",
    ),
    (
        {
            "namespace": "AWS/DocDB",
            "metric_name": "DBLoad",
            "dimensions": {"DBInstanceIdentifier": "docs"},
        },
        [a_resource("docdb.ClusterInstance", "docs", identifier="docs")],
        [a_resource("docdb.ClusterInstance", "docs", identifier="docs", enable_performance_insights=True)],
        "Performance Insights",
    ),
]


def _with_unknowns(resource: Resource) -> Resource:
    """The resource without anything known about its setting."""
    names = {"bucket", "identifier", "name", "rest_api", "api_id", "distribution_id"}
    outputs = {name: value if name in names else UNKNOWN for name, value in resource.outputs.items()}
    return replace(resource, outputs=outputs, inputs=dict.fromkeys(resource.inputs, UNKNOWN))


@pytest.mark.parametrize(("alarm", "off", "on", "word"), OPTIONAL, ids=[case[3] for case in OPTIONAL])
def test_an_alarm_on_a_metric_that_a_setting_leaves_out_is_a_finding(
    alarm: dict[str, Any], off: list[Resource], on: list[Resource], word: str
) -> None:
    def found(*resources: Resource) -> list[Observation]:
        return list(check_notices(ReviewSubject(a_plan(*resources, a_topic(), an_alarm(**alarm)))))

    (finding,) = found(*off)
    assert finding.resource is not None
    assert finding.resource.name == "alarm"
    assert word in finding.what + finding.repair
    assert found(*(off if off[0].kind != on[0].kind else []), *on) == []
    unknown = [_with_unknowns(resource) for resource in on]
    assert not [one.what for one in found(*(off if off[0].kind != on[0].kind else []), *unknown) if one.what]
    assert found() == []  # the resource of another program


def test_metrics_of_services_that_publish_in_one_region_need_their_alarm_there() -> None:
    health = {
        "namespace": "AWS/Route53",
        "metric_name": "HealthCheckStatus",
        "dimensions": {"HealthCheckId": "1"},
    }
    (found,) = check_notices(ReviewSubject(a_plan(a_topic(), an_alarm(**health))))
    assert "us-east-1 only" in found.what
    there = an_alarm(**health, region="us-east-1", alarm_actions=["arn:aws:sns:us-east-1:1:t"])
    assert list(check_notices(ReviewSubject(a_plan(there)))) == []


def test_container_insights_that_the_account_decides_about_are_unknown() -> None:
    alarm = an_alarm(namespace="ECS/ContainerInsights", dimensions={"ClusterName": "app"})
    cluster = a_resource("ecs.Cluster", "app", name="app")
    (found,) = check_notices(ReviewSubject(a_plan(cluster, a_topic(), alarm)))
    assert "the account's setting decides" in found.unknown
    default = a_resource("ecs.AccountSettingDefault", "on", name="containerInsights", value="enabled")
    assert list(check_notices(ReviewSubject(a_plan(default, cluster, a_topic(), alarm)))) == []


def test_a_notice_through_a_key_of_another_program_is_unknown() -> None:
    topic = a_topic(kms_master_key_id="arn:aws:kms:ap-southeast-1:1:key/elsewhere")
    (found,) = observations(a_database(), topic, an_alarm())
    assert "its notice may not arrive" in found.unknown


def test_a_monitoring_service_makes_the_result_unknown() -> None:
    (found,) = observations(a_database(), a_topic(), OTHER_ALARM, mocked_packages=("datadog",))
    assert "datadog" in found.unknown


def test_a_database_that_is_only_read_is_no_finding() -> None:
    assert observations(a_database(op="read"), a_topic(), OTHER_ALARM) == []
