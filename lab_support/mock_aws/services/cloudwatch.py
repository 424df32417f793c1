"""CloudWatch: alarms and dashboards."""

from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import cloudwatch_rules

_ALARM_ARN = "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"

SPECS = {
    "cloudwatch.MetricAlarm": ResourceSpec(
        creation=("CloudWatch", "PutMetricAlarm", "creating CloudWatch Metric Alarm ({name})"),
        id="{name}",
        arn=_ALARM_ARN,
        # PutMetricAlarm overwrites an alarm of the same name, so no name is ever taken.
        rules=cloudwatch_rules.METRIC_ALARM,
        overwrites=("name",),
    ),
    "cloudwatch.CompositeAlarm": ResourceSpec(
        creation=("CloudWatch", "PutCompositeAlarm", "creating CloudWatch Composite Alarm ({alarmName})"),
        id="{alarmName}",
        arn="arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarmName}",
        rules=cloudwatch_rules.COMPOSITE_ALARM,
        name="alarmName",
        overwrites=("alarmName",),
    ),
    "cloudwatch.Dashboard": ResourceSpec(
        computed={"dashboardArn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}"},
        name="dashboardName",
        overwrites=("dashboardName",),
    ),
    "cloudwatch.MetricStream": ResourceSpec(overwrites=("name",)),
}
