"""When ElastiCache refuses, or the provider before it: what failover, encryption and authentication need.

hashicorp/terraform-provider-aws, internal/service/elasticache/replication_group.go.
"""

from __future__ import annotations

import re

from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.plan.invalid_input import InvalidInput


def failover_needs_replicas(request: ResourceRequest, values: Values) -> None:
    if values.get("multiAzEnabled") is True and values.get("automaticFailoverEnabled") is False:
        text = "automatic_failover_enabled must be true if multi_az_enabled is true"
        raise InvalidInput("automaticFailoverEnabled", text)
    count = request.inputs.get("numCacheClusters")
    if values.get("automaticFailoverEnabled") is True and isinstance(count, (int, float)) and count < 2:
        text = '"num_cache_clusters": must be at least 2 if automatic_failover_enabled is true'
        raise InvalidInput("numCacheClusters", text)


def token_is_well_formed(request: ResourceRequest, values: Values) -> None:
    """An AUTH token travels in a command, so it needs encryption in transit."""
    token = values.get("authToken")
    if not isinstance(token, str) or not token:
        return
    if not 16 <= len(token) <= 128:
        text = '"auth_token" must contain from 16 to 128 alphanumeric characters or symbols (excluding @, ", and /)'
        raise InvalidInput("authToken", text)
    if not re.fullmatch(r'[^@"/]+', token):
        text = 'only alphanumeric characters or symbols (excluding @, ", and /) allowed in "auth_token"'
        raise InvalidInput("authToken", text)
    if values.get("transitEncryptionEnabled") is False:
        text = "The AUTH token is only supported when encryption-in-transit is enabled"
        raise CreationRefused("InvalidParameterCombination", text)
