"""What watches and records: CloudWatch alarms and logs."""

from __future__ import annotations

from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import watching_rules as rules

_ALARM_ARN = "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"

ROWS = {
    "cloudwatch.MetricAlarm": ResourceSpec(
        id="{name}",
        arn=_ALARM_ARN,
        # PutMetricAlarm overwrites an alarm of the same name, so no name is ever taken.
        defaults={
            "actionsEnabled": True,
            "treatMissingData": "missing",
        },
        rules=rules.METRIC_ALARM,
    ),
    "cloudwatch.CompositeAlarm": ResourceSpec(
        id="{alarmName}",
        arn="arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarmName}",
        name="alarmName",
        defaults={"actionsEnabled": True},
        rules=rules.COMPOSITE_ALARM,
    ),
    "cloudwatch.LogGroup": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:logs:{region}:{account}:log-group:{name}",
        generated="terraform-",
        defaults={
            "deletionProtectionEnabled": False,
            "logGroupClass": "STANDARD",
            "retentionInDays": 0,
            "skipDestroy": False,
        },
    ),
    "cloudwatch.Dashboard": ResourceSpec(
        id="{dashboardName}",
        name="dashboardName",
        computed={"dashboardArn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}"},
    ),
    "cloudwatch.LogStream": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}:log-stream:{name}",
    ),
    "cloudwatch.LogMetricFilter": ResourceSpec(id="{name}", defaults={"applyOnTransformedLogs": False}),
    "cloudwatch.LogSubscriptionFilter": ResourceSpec(
        id="cwlsf-{digits10}", defaults={"applyOnTransformedLogs": False, "distribution": "ByLogStream"}
    ),
    "cloudwatch.LogResourcePolicy": ResourceSpec(id="{policyName}", name="policyName"),
}
