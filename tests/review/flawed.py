"""The source of tests/whole_system.py with any of the five flaws, as an edit of its text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests import whole_system

# By finding: the text to replace, and the flawed text.
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
# By finding: the logical name of the resource to change, in environment dev.
CULPRITS = {
    "NAME-COLLISION": "emergency-alert-stream",
    "SINGLE-ZONE": "emergency-alert-db-dev",
    "UNENCRYPTED-AT-REST": "emergency-alert-files-dev",
    "EXCESS-PRIVILEGE": "emergency-alert-task-policy-dev",
    "NOBODY-PAGED": "emergency-alert-db-dev",
}


def source_with(flaws: Iterable[str]) -> str:
    """The source of the program with these flaws."""
    text = Path(whole_system.__file__).read_text(encoding="utf-8")
    for flaw in flaws:
        right, wrong = FLAWS[flaw]
        assert text.count(right) == 1, f"the text that {flaw} replaces is not in the program exactly once"
        text = text.replace(right, wrong)
    return text
