"""AWS-managed policies by ARN: the documents behind `arn:aws:iam::aws:policy/...`, as far as the lab knows them.

managed_policies.json.gz holds, for each ARN, AWS's document, its version and the date of its last change. It was taken
from moto 5.2.5 in November 2026 and compared with a second collection: equal versions had equal texts.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from lab_support.iam.policy import Policy, parse


@cache
def _documents() -> Mapping[str, Any]:
    packed = files("lab_support.iam").joinpath("managed_policies.json.gz").read_bytes()
    documents: Mapping[str, Any] = json.loads(gzip.decompress(packed))
    return documents


def is_managed_arn(arn: str) -> bool:
    """Whether an ARN is that of an AWS-managed policy; they belong to the account `aws`."""
    return arn.split(":")[2:5] == ["iam", "", "aws"]


@cache
def managed_policy(arn: str) -> Policy | None:
    """The AWS-managed policy with this ARN, or None if the lab does not know it."""
    found = _documents().get(arn)
    return parse(found["document"]) if found else None


def managed_document(arn: str) -> Mapping[str, Any] | None:
    """The policy document as published by AWS, or None."""
    found = _documents().get(arn)
    return None if found is None else found["document"]


def known_arns() -> tuple[str, ...]:
    """The ARNs of all AWS-managed policies that the lab knows."""
    return tuple(_documents())
