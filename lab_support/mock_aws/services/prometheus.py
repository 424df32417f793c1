"""Amazon Managed Service for Prometheus."""

from __future__ import annotations

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {"amp.QueryLoggingConfiguration": ResourceSpec(composed_id="{workspaceId}")}
