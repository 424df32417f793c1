"""AWS Directory Service."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "directoryservice.Directory": ResourceSpec(
        name="", computed_inside={"vpcSettings": ("availabilityZones",)}
    )
}
