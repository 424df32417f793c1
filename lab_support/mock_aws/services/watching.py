"""What watches and records: CloudWatch alarms and logs."""

from __future__ import annotations

from lab_support.mock_aws.answers import Answer
from lab_support.mock_aws.services import watching_rules as rules

_ALARM_ARN = "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"

ROWS = {
    "cloudwatch.MetricAlarm": Answer(
        id="{name}",
        arn=_ALARM_ARN,
        # PutMetricAlarm overwrites an alarm of the same name, so no name is ever taken.
        defaults={
            "actionsEnabled": True,
            "treatMissingData": "missing",
        },
        rules=rules.METRIC_ALARM,
    ),
    "cloudwatch.CompositeAlarm": Answer(
        id="{alarmName}",
        arn="arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarmName}",
        name="alarmName",
        defaults={"actionsEnabled": True},
        rules=rules.COMPOSITE_ALARM,
    ),
    "cloudwatch.LogGroup": Answer(
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
    "cloudwatch.Dashboard": Answer(
        id="{dashboardName}",
        name="dashboardName",
        computed={"dashboardArn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}"},
    ),
    "cloudwatch.LogStream": Answer(
        id="{name}",
        arn="arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}:log-stream:{name}",
    ),
    "cloudwatch.LogMetricFilter": Answer(id="{name}", defaults={"applyOnTransformedLogs": False}),
    "cloudwatch.LogSubscriptionFilter": Answer(
        id="cwlsf-{digits10}", defaults={"applyOnTransformedLogs": False, "distribution": "ByLogStream"}
    ),
    "cloudwatch.LogResourcePolicy": Answer(id="{policyName}", name="policyName"),
}
