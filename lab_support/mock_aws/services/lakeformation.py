"""Lake Formation."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {"lakeformation.LfTagExpression": ResourceSpec(composed_id="{catalogId}__{name}")}
