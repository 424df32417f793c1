"""What a replication group needs (the provider's replication_group.go; ElastiCache User Guide, "Redis OSS AUTH")."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.plan.invalid_input import InvalidInput
from tests.mock_aws.asking import a_request, answered

TOKEN = "correct-horse-battery"
GOOD = {"multiAzEnabled": True, "automaticFailoverEnabled": True, "numCacheClusters": 2}


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        (
            {"automaticFailoverEnabled": False},
            "automatic_failover_enabled must be true if multi_az_enabled is true",
        ),
        (
            {"numCacheClusters": 1},
            '"num_cache_clusters": must be at least 2 if automatic_failover_enabled is true',
        ),
        ({"authToken": "short"}, '"auth_token" must contain from 16 to 128'),
        ({"authToken": f"{TOKEN}/"}, "only alphanumeric characters or symbols"),
        ({"authToken": TOKEN}, "InvalidParameterCombination: The AUTH token is only supported when"),
    ],
)
def test_what_is_refused(inputs: dict[str, Any], text: str) -> None:
    request = a_request("elasticache.ReplicationGroup", "cache", replicationGroupId="c", **{**GOOD, **inputs})
    with pytest.raises((InvalidInput, AwsApiError)) as caught:
        answered(request)
    assert text in str(caught.value)


def test_what_is_accepted() -> None:
    inputs = {**GOOD, "authToken": TOKEN, "transitEncryptionEnabled": True}
    answered(a_request("elasticache.ReplicationGroup", "cache", replicationGroupId="c", **inputs))
