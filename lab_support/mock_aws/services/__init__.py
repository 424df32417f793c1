"""The services that the account knows by heart: one table a service, one row a resource type.

To add a default, an ARN or an endpoint, find the type in its table (`grep -rn '"sqs.Queue"' services/`) and change the
row; what a row may say is told in answers.py, what a template may name in templates.py. A type that has no row yet
gets one in the table of its service; a new table is added to TABLES.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final

from lab_support.mock_aws.resource_spec import ResourceSpec

TABLES: Final = (
    "analytics",
    "caches",
    "containers",
    "databases",
    "delivery",
    "ec2",
    "edge",
    "events",
    "functions",
    "gateway_apis",
    "gateways",
    "iam",
    "identity",
    "instances",
    "kms",
    "load_balancing",
    "rds",
    "s3",
    "secrets",
    "sns",
    "storage",
    "streams",
    "watching",
)


@cache
def rows() -> Mapping[str, ResourceSpec]:
    """Every row, by the type as a program writes it (`rds.Instance`)."""
    tables = (import_module(f"{__name__}.{name}").ROWS for name in TABLES)
    return {kind: row for table in tables for kind, row in table.items()}
