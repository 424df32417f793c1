"""The harm that an intruder can do with an action, in words, and which grants are the worst.

The words follow the descriptions in the Kinesis, KMS, IAM and STS API references.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from lab_support.drills.grants import Grant
from lab_support.iam.actions import LEVELS

# Worst first.
HARM: Final[Mapping[str, str]] = {
    "kinesis:DeleteStream": "delete a stream, with every record in it",
    "kinesis:PutResourcePolicy": "let another AWS account read a stream or write to it",
    "kinesis:StopStreamEncryption": "stop encrypting new records",
    "kinesis:PutRecord": "write records, such as a false alert",
    "kinesis:PutRecords": "write many records at once",
    "kinesis:GetRecords": "read every record",
    "kinesis:DecreaseStreamRetentionPeriod": "make older records unreadable",
    "kinesis:UpdateShardCount": "reduce capacity, or run up costs",
    "iam:AttachRolePolicy": "give a role any permission",
    "iam:PutRolePolicy": "give a role any permission",
    "iam:CreateAccessKey": "create long-term credentials",
    "sts:AssumeRole": "act as another role",
    "kms:ScheduleKeyDeletion": "delete a key, which makes everything it encrypts unreadable",
    "kms:PutKeyPolicy": "give others control of a key",
    "kms:CreateGrant": "let others use a key",
    "kms:Decrypt": "decrypt what a key protects",
    "secretsmanager:GetSecretValue": "read a secret",
    "s3:DeleteObject": "delete a file",
    "s3:GetObject": "read a file",
}


def worst(grants: Iterable[Grant], count: int) -> tuple[Grant, ...]:
    """One grant for each of the worst actions, the worst first: those in HARM, then by access level."""
    ranks = {name: rank for rank, name in enumerate(HARM)}
    ordered = sorted(grants, key=lambda g: (ranks.get(g.action, len(ranks)), -LEVELS.index(g.level)))
    first: dict[str, Grant] = {}
    for grant in ordered:
        first.setdefault(grant.action, grant)
    return tuple(first.values())[:count]


def places(action: str, grants: Iterable[Grant]) -> str:
    """Where an action reaches, in words: `its own stream and any other stream`."""
    found = list(dict.fromkeys(str(grant.where) for grant in grants if grant.action == action))
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def in_words(grant: Grant) -> str:
    """`kinesis:DeleteStream (delete a stream, with every record in it)`; just the name if HARM has no words for it."""
    words = HARM.get(grant.action)
    return f"{grant.action} ({words})" if words else grant.action
