"""Athena: workgroups, databases and queries."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "athena.Workgroup": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:athena:{region}:{account}:workgroup/{name}",
        defaults={"forceDestroy": False},
    ),
    "athena.Database": ResourceSpec(
        id="{name}", defaults={"forceDestroy": False}, autoname=Autoname(separator="_")
    ),
    "athena.NamedQuery": ResourceSpec(id="{uuid}"),
}
