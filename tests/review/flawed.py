"""The source of tests/whole_system.py with each of the five flaws put in: an edit of the program's text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests import whole_system

# The finding, the text that is replaced, and the flaw.
FLAWS = {
    "NAME-COLLISION": (
        'named("stream"),\n        name=named("stream"),',
        '"emergency-alert-stream",',
    ),
    "SINGLE-ZONE": ("multi_az=True", "multi_az=False"),
    "UNENCRYPTED-AT-REST": ('named("files"), encrypted=True, kms_key_id=key.arn,', 'named("files"),'),
    "EXCESS-PRIVILEGE": (
        '("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"), stream.arn',
        '("kinesis:*",), pulumi.Output.from_input("*")',
    ),
    "NOBODY-PAGED": ('("CPUUtilization", "AWS/RDS", {"DBInstanceIdentifier": named("db")}),', ""),
}
# What must change, by logical name in environment dev.
CULPRITS = {
    "NAME-COLLISION": "emergency-alert-stream",
    "SINGLE-ZONE": "emergency-alert-db-dev",
    "UNENCRYPTED-AT-REST": "emergency-alert-files-dev",
    "EXCESS-PRIVILEGE": "emergency-alert-task-policy-dev",
    "NOBODY-PAGED": "emergency-alert-db-dev",
}


def source_with(flaws: Iterable[str]) -> str:
    """The program's source with these flaws."""
    text = Path(whole_system.__file__).read_text(encoding="utf-8")
    for flaw in flaws:
        right, wrong = FLAWS[flaw]
        assert text.count(right) == 1, f"{flaw} has no place in the program any more"
        text = text.replace(right, wrong)
    return text
