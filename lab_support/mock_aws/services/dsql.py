"""Aurora DSQL."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {"dsql.ClusterPeering": ResourceSpec(composed_id="{identifier}")}
