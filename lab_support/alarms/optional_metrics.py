"""Metrics that a service publishes only where a setting asks for them, or in one region only.

    unpublished(plan, metric)   # why an alarm on this metric never has data; None if it may have

CloudWatch accepts an alarm on a metric that does not exist. Whether one of these exists depends on a resource of the
plan, so it can be told; nothing is said about resources of other programs. Each entry of the table names its source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from lab_support.alarms.metrics import Metric
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN, UNKNOWN_MARK


@dataclass(frozen=True)
class Unpublished:
    """Why a metric has no data, as a sentence without its full stop, and what to change.

    `is_certain` is False where something outside the program decides.
    """

    why: str
    repair: str
    is_certain: bool = True


@dataclass(frozen=True)
class OptionalMetrics:
    """Metrics of a kind of resource: `dimension` of the metric is `attribute` of the resource.

    `is_on` says whether the setting is on, which may be UNKNOWN. `names` are the metrics in question; if it is empty,
    all of the namespace are. `also` are dimensions that one must have. `why` and `repair` may use {name}, {metric} and
    {filter}. `decided` says what decides where the program leaves the setting open.
    """

    namespace: str
    names: frozenset[str]
    kinds: tuple[str, ...]
    dimension: str
    attribute: str
    is_on: Callable[[Plan, Resource, Metric], Any]
    why: str
    repair: str
    also: frozenset[str] = frozenset()
    decided: str = ""

    def include(self, metric: Metric) -> bool:
        """Whether a metric is one of these."""
        if metric.namespace != self.namespace or (self.names and metric.name not in self.names):
            return False
        return not self.also or any(name in self.also for name, _ in metric.dimensions)


def unpublished(plan: Plan, metric: Metric) -> Unpublished | None:
    """Why nothing publishes a metric, as far as the plan shows; None if something does, or may."""
    home = _ONE_REGION.get(metric.namespace)
    if (
        home
        and not metric.region.startswith(("cn-", "us-gov-"))
        and metric.region not in (home, UNKNOWN_MARK)
    ):
        why = f"{metric.namespace} has its metrics in {home} only, and the alarm is in {metric.region}"
        return Unpublished(why, f"Create it in {home}, with a topic there.")
    for group in OPTIONAL_METRICS:
        if not group.include(metric) or not (resource := _resource(plan, group, metric)):
            continue
        is_on = group.is_on(plan, resource, metric)
        texts = {"name": resource.name, "metric": metric.name, "filter": _value(metric, "FilterId")}
        if is_on is False:
            return Unpublished(group.why.format(**texts), group.repair.format(**texts))
        if is_on is UNKNOWN and group.decided:
            return Unpublished(group.decided.format(**texts), group.repair.format(**texts), is_certain=False)
    return None


def _resource(plan: Plan, group: OptionalMetrics, metric: Metric) -> Resource | None:
    """The resource of the program that a metric is about."""
    value = _value(metric, group.dimension)
    return next(
        (
            resource
            for resource in plan.of_type(*group.kinds)
            if resource.op not in ("read", "delete")
            and value
            and resource.get(group.attribute) == value
            and str(resource.get("region", plan.region)) in (metric.region, UNKNOWN_MARK)
        ),
        None,
    )


def _value(metric: Metric, dimension: str) -> str:
    return dict(metric.dimensions).get(dimension, "")


def _any(settings: list[Any]) -> Any:
    """True if a setting is on, False if none can be, else UNKNOWN."""
    if any(setting is True for setting in settings):
        return True
    return UNKNOWN if any(setting is UNKNOWN for setting in settings) else False


def _has(values: Any, *wanted: str) -> Any:
    """Whether a list has one of the texts, or UNKNOWN."""
    if values is UNKNOWN:
        return UNKNOWN
    listed = list(values or ())
    return _any(
        [True if value in wanted else value for value in listed if value is UNKNOWN or value in wanted]
    )


def _of(plan: Plan, kind: str, name: str, resource: Resource) -> list[Resource]:
    """The resources of a kind whose property refers to this one, or may."""
    return [
        other
        for other in plan.of_type(kind)
        if other.op != "delete"
        and (other.get(name) is UNKNOWN or resource in plan.referenced(other, name, resource.kind))
    ]


def _performance_insights(plan: Plan, resource: Resource, _: Metric) -> Any:
    related = [resource, *plan.referenced(resource, "cluster_identifier", "rds.Cluster")]
    if resource.kind == "rds.Cluster":
        related += _of(plan, "rds.ClusterInstance", "cluster_identifier", resource)
    settings = [one.get("performance_insights_enabled") for one in related]
    modes = [one.get("database_insights_mode") for one in related]
    return _any([*settings, *(mode if mode is UNKNOWN else mode == "advanced" for mode in modes)])


def _is_replica(plan: Plan, instance: Resource, _: Metric) -> Any:
    source = instance.get("replicate_source_db")
    return UNKNOWN if source is UNKNOWN else bool(source)


def _is_burstable(plan: Plan, instance: Resource, _: Metric) -> Any:
    size = instance.get("instance_class")
    return size.startswith("db.t") if isinstance(size, str) else UNKNOWN


def _has_burst_credits(plan: Plan, instance: Resource, _: Metric) -> Any:
    storage = instance.get("storage_type")
    return storage == "gp2" if isinstance(storage, str) else UNKNOWN


def _insights_of_documents(plan: Plan, resource: Resource, _: Metric) -> Any:
    return _any([resource.get("enable_performance_insights")])


def _request_metrics(plan: Plan, bucket: Resource, metric: Metric) -> Any:
    names = [configuration.get("name") for configuration in _of(plan, "s3.BucketMetric", "bucket", bucket)]
    wanted = _value(metric, "FilterId")
    return UNKNOWN if wanted.startswith(UNKNOWN_MARK) else _has(names, wanted)


def _container_insights(plan: Plan, cluster: Resource, _: Metric) -> Any:
    given = cluster.inputs.get("settings")
    account = [
        setting.get("value")
        for setting in plan.of_type("ecs.AccountSettingDefault")
        if setting.get("name") == "containerInsights"
    ]
    if given is UNKNOWN or not (given or account):
        return UNKNOWN
    values = [setting if setting is UNKNOWN else setting.get("value") for setting in given or ()]
    return _has(values or account, "enabled", "enhanced")


def _shard_level(plan: Plan, stream: Resource, metric: Metric) -> Any:
    return _has(stream.get("shard_level_metrics"), metric.name, "ALL")


def _group_metrics(plan: Plan, group: Resource, metric: Metric) -> Any:
    return _has(group.get("enabled_metrics"), metric.name)


def _additional_metrics(plan: Plan, distribution: Resource, _: Metric) -> Any:
    return bool(_of(plan, "cloudfront.MonitoringSubscription", "distribution_id", distribution))


def _general_purpose(plan: Plan, files: Resource, _: Metric) -> Any:
    mode = files.get("performance_mode", "generalPurpose")
    return UNKNOWN if mode is UNKNOWN else mode == "generalPurpose"


def _detailed_metrics(plan: Plan, api: Resource, _: Metric) -> Any:
    blocks = [one.get("settings", {}) for one in _of(plan, "apigateway.MethodSettings", "rest_api", api)]
    return _any([block if block is UNKNOWN else block.get("metrics_enabled") for block in blocks])


def _route_metrics(plan: Plan, api: Resource, _: Metric) -> Any:
    blocks: list[Any] = []
    for stage in _of(plan, "apigatewayv2.Stage", "api_id", api):
        routes = stage.get("route_settings", [])
        blocks += [stage.get("default_route_settings", {}), *([routes] if routes is UNKNOWN else routes)]
    return _any([block if block is UNKNOWN else block.get("detailed_metrics_enabled") for block in blocks])


# Amazon CloudFront Developer Guide, "Types of metrics for CloudFront"; Amazon Route 53 Developer Guide, "Monitoring
# health checks using CloudWatch"; CloudWatch User Guide, "Create a billing alarm to monitor your estimated charges".
_ONE_REGION: Final = dict.fromkeys(("AWS/CloudFront", "AWS/Route53", "AWS/Billing"), "us-east-1")

_LOAD: Final = frozenset("DBLoad DBLoadCPU DBLoadNonCPU DBLoadRelativeToNumVCPUs".split())
_INSIGHTS: Final = "{metric} comes from Performance Insights, which is off for {name}"
_DETAILED: Final = frozenset({"Method", "Resource", "Route"})

OPTIONAL_METRICS: Final = (
    # Amazon RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS Performance Insights".
    *(
        OptionalMetrics(
            "AWS/RDS",
            _LOAD,
            kinds,
            dimension,
            attribute,
            _performance_insights,
            _INSIGHTS,
            "Set performance_insights_enabled=True on {name}, or watch CPUUtilization, which RDS always publishes.",
        )
        for kinds, dimension, attribute in (
            (("rds.Instance", "rds.ClusterInstance"), "DBInstanceIdentifier", "identifier"),
            (("rds.Cluster",), "DBClusterIdentifier", "cluster_identifier"),
        )
    ),
    # Amazon RDS User Guide, "Amazon CloudWatch instance-level metrics for Amazon RDS".
    *(
        OptionalMetrics(
            "AWS/RDS",
            frozenset(names.split()),
            kinds,
            "DBInstanceIdentifier",
            "identifier",
            is_on,
            why,
            repair,
        )
        for names, kinds, is_on, why, repair in (
            (
                "ReplicaLag",
                ("rds.Instance",),
                _is_replica,
                "RDS publishes {metric} for replicas only, and {name} is none",
                "Watch the replica, or CPUUtilization of {name}.",
            ),
            (
                "CPUCreditUsage CPUCreditBalance CPUSurplusCreditBalance CPUSurplusCreditsCharged",
                ("rds.Instance", "rds.ClusterInstance"),
                _is_burstable,
                "RDS publishes {metric} for the classes db.t only, and that of {name} is another",
                "Watch CPUUtilization of {name}.",
            ),
            (
                "BurstBalance",
                ("rds.Instance",),
                _has_burst_credits,
                "RDS publishes {metric} for the storage gp2 only, and that of {name} is another",
                "Watch DiskQueueDepth of {name}.",
            ),
        )
    ),
    # Amazon DocumentDB Developer Guide, "Amazon CloudWatch metrics for Performance Insights".
    OptionalMetrics(
        "AWS/DocDB",
        _LOAD,
        ("docdb.ClusterInstance",),
        "DBInstanceIdentifier",
        "identifier",
        _insights_of_documents,
        _INSIGHTS,
        "Set enable_performance_insights=True on {name}.",
    ),
    # Amazon S3 User Guide, "CloudWatch metrics configurations": "You must create a metrics configuration".
    OptionalMetrics(
        "AWS/S3",
        frozenset(
            """
            AllRequests GetRequests PutRequests DeleteRequests HeadRequests PostRequests SelectRequests ListRequests
            SelectBytesScanned SelectBytesReturned BytesDownloaded BytesUploaded 4xxErrors 5xxErrors FirstByteLatency
            TotalRequestLatency
            """.split()
        ),
        ("s3.Bucket", "s3.BucketV2"),
        "BucketName",
        "bucket",
        _request_metrics,
        "S3 publishes request metrics such as {metric} for an aws.s3.BucketMetric only, by its name as FilterId, and "
        "{name} has none that fits",
        "Add an aws.s3.BucketMetric to {name}, and its name as the dimension FilterId.",
    ),
    # Amazon ECS API Reference, ClusterSetting: without one, the setting of the account counts.
    OptionalMetrics(
        "ECS/ContainerInsights",
        frozenset(),
        ("ecs.Cluster",),
        "ClusterName",
        "name",
        _container_insights,
        "{metric} comes from Container Insights, which is off for {name}",
        'Set settings=[{{"name": "containerInsights", "value": "enabled"}}] on {name}.',
        decided="{metric} comes from Container Insights, which {name} does not set, so the account's setting decides",
    ),
    # Amazon Kinesis Data Streams API Reference, EnhancedMetrics.
    OptionalMetrics(
        "AWS/Kinesis",
        frozenset(),
        ("kinesis.Stream",),
        "StreamName",
        "name",
        _shard_level,
        "Kinesis publishes {metric} for each shard only if shard_level_metrics lists it, and that of {name} does not",
        'Add "{metric}" to shard_level_metrics of {name}, or watch the stream without ShardId.',
        also=frozenset({"ShardId"}),
    ),
    # Amazon EC2 Auto Scaling API Reference, EnableMetricsCollection.
    OptionalMetrics(
        "AWS/AutoScaling",
        frozenset(
            [
                *("GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity"),
                *(
                    f"Group{state}{unit}"
                    for state in ("InService", "Pending", "Standby", "Terminating", "Total")
                    for unit in ("Instances", "Capacity")
                ),
            ]
        ),
        ("autoscaling.Group",),
        "AutoScalingGroupName",
        "name",
        _group_metrics,
        "a group publishes {metric} only if enabled_metrics lists it, and that of {name} does not",
        'Add "{metric}" to enabled_metrics of {name}.',
    ),
    # Amazon CloudFront API Reference, CreateMonitoringSubscription; Developer Guide, "Additional distribution metrics".
    OptionalMetrics(
        "AWS/CloudFront",
        frozenset(
            ["CacheHitRate", "OriginLatency", *(f"{c}ErrorRate" for c in (401, 403, 404, 502, 503, 504))]
        ),
        ("cloudfront.Distribution",),
        "DistributionId",
        "id",
        _additional_metrics,
        "{metric} is one of CloudFront's additional metrics, which are off for {name}",
        "Add an aws.cloudfront.MonitoringSubscription for {name}.",
    ),
    # Amazon EFS User Guide, "CloudWatch metrics for Amazon EFS".
    OptionalMetrics(
        "AWS/EFS",
        frozenset({"PercentIOLimit"}),
        ("efs.FileSystem",),
        "FileSystemId",
        "id",
        _general_purpose,
        "EFS publishes {metric} only in the performance mode generalPurpose, which {name} does not use",
        "Watch another metric of {name}, such as ClientConnections.",
    ),
    # Amazon API Gateway Developer Guide, "View API Gateway metrics in the CloudWatch console", and "Monitor CloudWatch
    # metrics for HTTP APIs".
    OptionalMetrics(
        "AWS/ApiGateway",
        frozenset(),
        ("apigateway.RestApi",),
        "ApiName",
        "name",
        _detailed_metrics,
        "API Gateway publishes metrics of a method only with detailed metrics, which are off for {name}",
        'Add an aws.apigateway.MethodSettings with settings={{"metrics_enabled": True}}, or watch the stage.',
        also=_DETAILED,
    ),
    OptionalMetrics(
        "AWS/ApiGateway",
        frozenset(),
        ("apigatewayv2.Api",),
        "ApiId",
        "id",
        _route_metrics,
        "API Gateway publishes metrics of a route only with detailed metrics, which are off for {name}",
        "Set detailed_metrics_enabled to True in default_route_settings of the stage, or watch the stage.",
        also=_DETAILED,
    ),
)
