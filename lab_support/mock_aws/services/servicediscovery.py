"""Cloud Map: namespaces and services."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "servicediscovery.PrivateDnsNamespace": ResourceSpec(
        id="ns-{lower16}",
        arn="arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
        computed={"hostedZone": "Z{upper20}"},
    ),
    "servicediscovery.HttpNamespace": ResourceSpec(
        id="ns-{lower16}",
        arn="arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
        computed={"httpName": "{name}"},
    ),
    "servicediscovery.Service": ResourceSpec(
        id="srv-{lower16}", arn="arn:{partition}:servicediscovery:{region}:{account}:service/{id}"
    ),
}
