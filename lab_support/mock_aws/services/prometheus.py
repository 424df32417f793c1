"""Amazon Managed Service for Prometheus."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {"amp.QueryLoggingConfiguration": ResourceSpec(composed_id="{workspaceId}")}
