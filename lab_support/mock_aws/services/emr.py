"""EMR: clusters."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "emr.Cluster": ResourceSpec(
        id="j-{upper13}",
        arn="arn:{partition}:elasticmapreduce:{region}:{account}:cluster/{id}",
        computed={"clusterState": "WAITING"},
    )
}
