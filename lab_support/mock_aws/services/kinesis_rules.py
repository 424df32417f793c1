"""When Kinesis refuses: the modes of a stream, its shards, its retention and its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.services.kms import key_behind
from lab_support.plan.invalid_input import InvalidInput

_HOURS = (24, 8760)


def _mode(values: Values) -> str:
    details = values.get("streamModeDetails")
    return str(details.get("streamMode")) if isinstance(details, Mapping) else "PROVISIONED"


def name_is_valid(request: ResourceRequest, values: Values) -> None:
    """Amazon Kinesis Data Streams API Reference, CreateStream: letters, digits, `_`, `.` and `-`, 1 to 128."""
    name = values.get("name")
    if isinstance(name, str) and not re.fullmatch(r"[a-zA-Z0-9_.-]{1,128}", name):
        reason = f'invalid value for name ({name}): 1 to 128 letters, digits, "_", "." and "-" are allowed'
        raise InvalidInput("name", reason)


def shards_fit_the_mode(request: ResourceRequest, values: Values) -> None:
    count = values.get("shardCount")
    if _mode(values) not in ("PROVISIONED", "ON_DEMAND"):
        reason = f'expected stream_mode to be one of ["PROVISIONED" "ON_DEMAND"], got {_mode(values)}'
        raise InvalidInput("streamModeDetails.streamMode", reason)
    if _mode(values) == "ON_DEMAND" and count:
        raise InvalidInput("shardCount", "shard_count must not be set when stream_mode is ON_DEMAND")
    if _mode(values) == "PROVISIONED" and not count:
        raise InvalidInput("shardCount", "shard_count must be at least 1 when stream_mode is PROVISIONED")


def retention(request: ResourceRequest, values: Values) -> None:
    hours = values.get("retentionPeriod")
    if isinstance(hours, (int, float)) and not _HOURS[0] <= hours <= _HOURS[1]:
        low, high = _HOURS
        text = f"expected retention_period to be in the range ({low} - {high}), got {hours}"
        raise InvalidInput("retentionPeriod", text)


def key_is_usable(request: ResourceRequest, values: Values) -> None:
    """StartStreamEncryption takes a key id or ARN, or an alias; the AWS-managed key is `alias/aws/kinesis`."""
    if values.get("encryptionType") != "KMS":
        return
    key: Any = values.get("kmsKeyId")
    if not key:
        text = "KMS Key ID required when setting encryption_type is not set as NONE"
        raise InvalidInput("kmsKeyId", text, on_creation=True)
    if not isinstance(key, str) or "alias/aws/kinesis" in key:
        return
    found = key_behind(request.account, key, request.region)
    doing = f"creating Kinesis Stream ({values.get('name')}): starting encryption"
    if found is None:
        text = f"Invalid keyId {key}: no such key in this account and region"
        raise AwsApiError("Kinesis", "StartStreamEncryption", "KMSNotFoundException", text, doing)
    if found.values.get("isEnabled", found.values.get("enabled")) is False:
        text = f"{found.values.get('arn')} is disabled."
        raise AwsApiError("Kinesis", "StartStreamEncryption", "KMSDisabledException", text, doing)
