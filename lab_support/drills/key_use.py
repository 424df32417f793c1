"""The use of a stream's key: Kinesis calls KMS in the caller's name, so the caller needs permission for both.

A producer needs `kms:GenerateDataKey` and a consumer `kms:Decrypt`, by its own policy or by the key's; the stream's ARN
is the encryption context (Kinesis Data Streams Developer Guide, "Permissions to use user-generated KMS keys"). Such a
call carries `kms:ViaService`; a call by the role itself does not (AWS KMS Developer Guide, "AWS KMS condition keys").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.evaluate import AccessRequest, Policies, decide
from lab_support.iam.reach import ReachedAction

# What Kinesis asks of KMS for an encrypted stream.
KEY_ACTIONS: Final[Mapping[str, str]] = {
    "kinesis:GetRecords": "kms:Decrypt",
    "kinesis:SubscribeToShard": "kms:Decrypt",
    "kinesis:PutRecord": "kms:GenerateDataKey",
    "kinesis:PutRecords": "kms:GenerateDataKey",
}


def missing_key_use(
    needs: Iterable[str], key: str, stream: str, policies: Policies, requests: TaskRequests
) -> tuple[str, ...]:
    """The KMS actions on the stream's key that the Kinesis actions in `needs` lead to and that are not allowed."""
    context = requests.through("kinesis", key, {"aws:kinesis:arn": stream})
    actions = dict.fromkeys(KEY_ACTIONS[name] for name in needs if name in KEY_ACTIONS)
    return tuple(name for name in actions if not decide(AccessRequest(name, key, context), policies).allowed)


def services_between(
    reached: ReachedAction, services: Iterable[str], policies: Policies, requests: TaskRequests
) -> frozenset[str] | None:
    """The services (`kinesis`) through which alone a role can make KMS do this; None if it can call KMS itself.

    `services` are those that the role may call. It is empty if none of them leads there.
    """
    name, key = reached.action.name, reached.resource
    if decide(AccessRequest(name, key, requests.to_kms(key)), policies).allowed:
        return None
    return frozenset(
        service
        for service in services
        if decide(AccessRequest(name, key, requests.through(service, key)), policies).allowed
    )
