"""CloudWatch Logs: log groups and what reads them."""

from __future__ import annotations

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.resource_spec import NameForm, Reference, ResourceSpec, Unique


def _log_group_exists(name: str, operation: str, resource: str, verb: str) -> Reference:
    return Reference(
        "ResourceNotFoundException",
        "The specified log group does not exist.",
        call=("CloudWatch Logs", operation),
        doing=f"{verb} CloudWatch Logs {resource} ({{name}})",
        name=name,
        target="cloudwatch.LogGroup",
    )


SPECS = {
    "cloudwatch.LogGroup": ResourceSpec(
        creation=("CloudWatch Logs", "CreateLogGroup", "creating CloudWatch Logs Log Group ({name})"),
        id="{name}",
        arn="arn:{partition}:logs:{region}:{account}:log-group:{name}",
        generated="terraform-",
        defaults={"logGroupClass": "STANDARD", "retentionInDays": 0, "skipDestroy": False},
        unique=Unique("ResourceAlreadyExistsException", "The specified log group already exists"),
        name_forms=(
            NameForm(r".{0,512}", '"name" cannot be longer than 512 characters: "{name}"'),
            NameForm(
                r"[A-Za-z0-9\-_/#.]+",
                '"name" isn\'t a valid log group name (alphanumeric characters, underscores, '
                "hyphens, slashes, hash signs "
                'and dots are allowed): "{name}"',
            ),
        ),
        data_sources={"cloudwatch.getLogGroup": find_by("name", "CloudWatch Logs Log Group")},
        force_new=("logGroupClass",),
    ),
    "cloudwatch.LogStream": ResourceSpec(
        creation=("CloudWatch Logs", "CreateLogStream", "creating CloudWatch Logs Log Stream ({name})"),
        id="{name}",
        arn="arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}:log-stream:{name}",
        unique=Unique(
            "ResourceAlreadyExistsException",
            "The specified log stream already exists",
            within=("region", "logGroupName"),
        ),
        references=(_log_group_exists("logGroupName", "CreateLogStream", "Log Stream", "creating"),),
    ),
    "cloudwatch.LogMetricFilter": ResourceSpec(
        defaults={"applyOnTransformedLogs": False},
        references=(_log_group_exists("logGroupName", "PutMetricFilter", "Metric Filter", "putting"),),
        overwrites=("logGroupName", "name"),
    ),
    "cloudwatch.LogSubscriptionFilter": ResourceSpec(
        id="cwlsf-{digits10}",
        defaults={"applyOnTransformedLogs": False, "distribution": "ByLogStream"},
        references=(
            _log_group_exists("logGroup", "PutSubscriptionFilter", "Subscription Filter", "putting"),
        ),
        overwrites=("logGroup", "name"),
        force_new=("logGroup",),
    ),
    "cloudwatch.LogResourcePolicy": ResourceSpec(
        id="{policyName}", name="policyName", overwrites=("policyName",)
    ),
    "cloudwatch.LogDataProtectionPolicy": ResourceSpec(overwrites=("logGroupName",)),
}
