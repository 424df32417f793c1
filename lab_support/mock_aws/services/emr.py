"""EMR: clusters.

Formats: Service Authorization Reference, "Amazon Elastic MapReduce".
"""

from __future__ import annotations

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "emr.Cluster": ResourceSpec(
        id="j-{upper13}",
        arn="arn:{partition}:elasticmapreduce:{region}:{account}:cluster/{id}",
        defaults={"visibleToAllUsers": True},
        computed={"clusterState": "WAITING"},
    )
}
