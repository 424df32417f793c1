"""SQS: queues and their policies.

Defaults: Amazon SQS API Reference, CreateQueue and SetQueueAttributes; encrypted with SSE-SQS since October 2022.
"""

from __future__ import annotations

from typing import Final

from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.resource_spec import Autoname, NameForm, ResourceSpec, Unique

_ATTRIBUTES: Final = {
    "visibilityTimeoutSeconds": "VisibilityTimeout",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "maxMessageSize": "MaximumMessageSize",
    "delaySeconds": "DelaySeconds",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "redrivePolicy": "RedrivePolicy",
    "policy": "Policy",
    "contentBasedDeduplication": "ContentBasedDeduplication",
}

SPECS = {
    "sqs.Queue": ResourceSpec(
        creation=("SQS", "CreateQueue", "creating SQS Queue ({name})"),
        id="https://sqs.{region}.{dns_suffix}/{account}/{name}",
        arn="arn:{partition}:sqs:{region}:{account}:{name}",
        generated="terraform-",
        # CreateQueue and SetQueueAttributes, Amazon SQS API Reference; encrypted with SSE-SQS since October 2022.
        defaults={
            "contentBasedDeduplication": False,
            "deduplicationScope": when("fifoQueue", True, "queue"),
            "delaySeconds": 0,
            "fifoQueue": False,
            "fifoThroughputLimit": when("fifoQueue", True, "perQueue"),
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
        inline={
            "policy": "sqs.QueuePolicy",
            "redrivePolicy": "sqs.RedrivePolicy",
            "redriveAllowPolicy": "sqs.RedriveAllowPolicy",
        },
        autoname=Autoname(longest=80, fifo="fifoQueue"),
        unique=Unique(
            "QueueAlreadyExists",
            "A queue already exists with the same name and a different value for attribute {attribute}",
            takes_equals=_ATTRIBUTES,
        ),
        name_forms=(
            NameForm(r"[0-9A-Za-z_-]{1,80}|[0-9A-Za-z_-]{1,75}\.fifo", "invalid queue name: {name}"),
        ),
        data_sources={
            "sqs.getQueue": FindOne(
                {"name": "name"},
                "reading SQS Queue ({name}) URL: operation error SQS: GetQueueUrl, https response "
                "error StatusCode: 400, "
                "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.",
                gives={"url": "id"},
            )
        },
    ),
    "sqs.QueuePolicy": ResourceSpec(overwrites=("queueUrl",)),
    "sqs.RedrivePolicy": ResourceSpec(id="{queueUrl}", overwrites=("queueUrl",)),
    "sqs.RedriveAllowPolicy": ResourceSpec(id="{queueUrl}", overwrites=("queueUrl",)),
}
