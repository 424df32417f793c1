"""The services that the account knows by heart: one table a service, one row a resource type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lab_support.mock_aws.answers import Answer


@cache
def rows() -> Mapping[str, Answer]:
    """Every row, by the type as a program writes it (`rds.Instance`)."""
    from lab_support.mock_aws.services import ec2, iam, kms, rds, sns, storage, streams, watching

    tables = (ec2.ROWS, iam.ROWS, kms.ROWS, rds.ROWS, sns.ROWS, storage.ROWS, streams.ROWS, watching.ROWS)
    return {kind: row for table in tables for kind, row in table.items()}
