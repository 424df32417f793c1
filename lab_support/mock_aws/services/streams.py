"""Where events flow: Kinesis and SQS."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.common_outputs import CREATED
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import ecs_rules
from lab_support.mock_aws.services import streams_rules as rules


def _for_fifo(value: str) -> Any:
    """A setting that only queues have that keep the order."""

    def found(request: ResourceRequest, values: Values) -> str:
        return value if values.get("fifoQueue") is True else ""

    return found


ROWS = {
    "kinesis.Stream": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:kinesis:{region}:{account}:stream/{name}",
        defaults={
            "retentionPeriod": 24,
            "encryptionType": "NONE",
            "streamModeDetails": {"streamMode": "PROVISIONED"},
            "enforceConsumerDeletion": False,
            "maxRecordSizeInKib": 1024,
        },
        rules=(
            rules.name_is_valid,
            rules.shards_fit_the_mode,
            rules.retention,
            rules.key_is_usable,
        ),
    ),
    "kinesis.ResourcePolicy": ResourceSpec(
        id="{resourceArn}",
        name="",
        rules=(ecs_rules.policy_is_json,),
    ),
    "kinesis.StreamConsumer": ResourceSpec(
        id="{arn}", arn="{streamArn}/consumer/{name}:1735689600", computed={"creationTimestamp": CREATED}
    ),
    "kinesis.FirehoseDeliveryStream": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:firehose:{region}:{account}:deliverystream/{name}",
        defaults={"destinationId": "destinationId-000000000001", "versionId": "1"},
    ),
    "sqs.Queue": ResourceSpec(
        id="https://sqs.{region}.{dns_suffix}/{account}/{name}",
        arn="arn:{partition}:sqs:{region}:{account}:{name}",
        generated="terraform-",
        # CreateQueue and SetQueueAttributes, Amazon SQS API Reference; encrypted with SSE-SQS since October 2022.
        defaults={
            "contentBasedDeduplication": False,
            "deduplicationScope": _for_fifo("queue"),
            "delaySeconds": 0,
            "fifoQueue": False,
            "fifoThroughputLimit": _for_fifo("perQueue"),
            "kmsDataKeyReusePeriodSeconds": 300,
            "maxMessageSize": 262144,
            "messageRetentionSeconds": 345600,
            "policy": "",
            "receiveWaitTimeSeconds": 0,
            "redriveAllowPolicy": "",
            "redrivePolicy": "",
            "sqsManagedSseEnabled": lambda request, values: values.get("kmsMasterKeyId") in (None, ""),
            "visibilityTimeoutSeconds": 30,
        },
        computed={"url": "{id}"},
    ),
    "sqs.QueuePolicy": ResourceSpec(id="{queueUrl}", name=""),
    "sqs.RedrivePolicy": ResourceSpec(id="{queueUrl}", name=""),
    "sqs.RedriveAllowPolicy": ResourceSpec(id="{queueUrl}", name=""),
}
