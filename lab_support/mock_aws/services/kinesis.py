"""Kinesis Data Streams."""

from lab_support.mock_aws.common_outputs import CREATED
from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.resource_spec import ResourceSpec, Unique
from lab_support.mock_aws.services import ecs_rules, kinesis_rules

SPECS = {
    "kinesis.Stream": ResourceSpec(
        creation=("Kinesis", "CreateStream", "creating Kinesis Stream ({name})"),
        id="{arn}",
        arn="arn:{partition}:kinesis:{region}:{account}:stream/{name}",
        defaults={
            "retentionPeriod": 24,
            "streamModeDetails": {"streamMode": "PROVISIONED"},
            "maxRecordSizeInKib": 1024,
        },
        rules=(
            kinesis_rules.name_is_valid,
            kinesis_rules.shards_fit_the_mode,
            kinesis_rules.retention,
            kinesis_rules.key_is_usable,
        ),
        unique=Unique("ResourceInUseException", "Stream {name} under account {account} already exists."),
        data_sources={"kinesis.getStream": find_by("name", "Kinesis Stream")},
    ),
    "kinesis.ResourcePolicy": ResourceSpec(rules=(ecs_rules.policy_is_json,), overwrites=("resourceArn",)),
    "kinesis.StreamConsumer": ResourceSpec(
        id="{arn}", arn="{streamArn}/consumer/{name}:1735689600", computed={"creationTimestamp": CREATED}
    ),
}
