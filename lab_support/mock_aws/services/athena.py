"""Athena: workgroups, databases and queries."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "athena.Workgroup": ResourceSpec(defaults={"forceDestroy": False}),
    "athena.Database": ResourceSpec(defaults={"forceDestroy": False}, autoname=Autoname(separator="_")),
    "athena.NamedQuery": ResourceSpec(id="{uuid}"),
}
