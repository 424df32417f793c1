"""EC2: instances, their keys, interfaces and templates."""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.data.combinations import AT_LEAST_ONE, Combination
from lab_support.mock_aws.default_network import SECURITY_GROUP, SUBNET
from lab_support.mock_aws.find_resources import FindAll, FindOne
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Autoname, Computed, DeletionGuard, ResourceSpec, Unique
from lab_support.mock_aws.services import ec2_subnets
from lab_support.mock_aws.services.ec2_common import ARN, SUBNET_EXISTS, ec2_spec, security_group_exists
from lab_support.plan.values import UNKNOWN


def _zone(request: ResourceRequest, values: Values) -> Any:
    """The zone of the subnet; without one EC2 chooses."""
    if values.get("subnetId") is None:
        return identifiers.pick(request.urn, request.zones)
    return ec2_subnets.of_subnet("availabilityZone")(request, values)


def _private_ip(request: ResourceRequest, values: Values) -> Any:
    if values.get("subnetId") is None:
        return identifiers.address(request.seed, "172.31.0.0/20")  # a default subnet
    return ec2_subnets.private_address(request, values)


def _public_ip(request: ResourceRequest, values: Values) -> Any:
    """A public address where the program or the subnet asks for one; a default subnet does."""
    wanted = values.get("associatePublicIpAddress")
    if wanted is None:
        alone = values.get("subnetId") is None
        wanted = True if alone else ec2_subnets.of_subnet("mapPublicIpOnLaunch")(request, values)
    if wanted is UNKNOWN:
        return UNKNOWN
    return ec2_subnets.public_address(request, values) if wanted is True else ""


def _fingerprint(request: ResourceRequest, values: Values) -> Any:
    """Of the kind that EC2 gives an imported RSA key: 16 bytes, a colon between them."""
    digits = identifiers.hexadecimal(str(values.get("publicKey")), 32)
    return ":".join(digits[n : n + 2] for n in range(0, 32, 2))


def _key_type(request: ResourceRequest, values: Values) -> Any:
    return "ed25519" if "ed25519" in str(values.get("publicKey")) else "rsa"


_INSTANCE_DEFAULTS: dict[str, Computed] = {
    **dict.fromkeys(("disableApiStop", "disableApiTermination", "ebsOptimized", "getPasswordData"), False),
    **dict.fromkeys(("hibernation", "monitoring", "userDataReplaceOnChange"), False),
    **dict.fromkeys(("hostId", "iamInstanceProfile", "keyName", "placementGroup", "placementGroupId"), ""),
    **{name: [] for name in ("ebsBlockDevices", "ephemeralBlockDevices", "ipv6Addresses")},
    **{name: [] for name in ("networkInterfaces", "secondaryNetworkInterfaces", "secondaryPrivateIps")},
    "availabilityZone": _zone,
    "associatePublicIpAddress": lambda request, values: bool(
        _public_ip(request, values) not in ("", UNKNOWN)
    ),
    "instanceInitiatedShutdownBehavior": "stop",
    "ipv6AddressCount": 0,
    "privateIp": _private_ip,
    "sourceDestCheck": True,
    "tenancy": "default",
}

# AtLeastOneOf in the provider's schema.
_INSTANCE_COMBINATIONS: Final = (
    Combination(AT_LEAST_ONE, ("ami", "launch_template")),
    Combination(AT_LEAST_ONE, ("instance_type", "launch_template")),
)

_INSTANCE_OUTPUTS: dict[str, Computed] = {
    "instanceState": "running",
    "primaryNetworkInterfaceId": "eni-{hex17}",
    "privateDns": lambda request, values: ec2_subnets.private_name(request.region, values["privateIp"]),
    "publicIp": _public_ip,
    "publicDns": lambda request, values: ec2_subnets.public_name(request.region, values["publicIp"]),
    "passwordData": "",
}


def mac_address(request: ResourceRequest) -> str:
    """A hardware address as EC2 draws them: locally administered."""
    digits = identifiers.hexadecimal(request.seed, 10)
    return ":".join(("02", *(digits[n : n + 2] for n in range(0, 10, 2))))


SPECS = {
    "ec2.Instance": ec2_spec(
        "i",
        "instance",
        computed_inside={"rootBlockDevice": ("deviceName", "volumeId"), "ebsBlockDevices": ("volumeId",)},
        creation=("EC2", "RunInstances", "creating EC2 Instance"),
        holds={"subnetId": SUBNET, "vpcSecurityGroupIds": SECURITY_GROUP},
        combinations=_INSTANCE_COMBINATIONS,
        defaults=_INSTANCE_DEFAULTS,
        computed={**_INSTANCE_OUTPUTS, "instanceLifecycle": "", "spotInstanceRequestId": ""},
        references=(SUBNET_EXISTS, security_group_exists("vpcSecurityGroupIds")),
        deletion=("EC2", "TerminateInstances", "terminating EC2 Instance ({id})"),
        guards=(
            DeletionGuard(
                "OperationNotPermitted",
                "The instance '{id}' may not be terminated. Modify its 'disableApiTermination' "
                "instance attribute and try "
                "again.",
                flag=("disableApiTermination", True),
            ),
        ),
        data_sources={
            "ec2.getInstance": FindOne({"instanceId": "id"}, what="EC2 Instance"),
            "ec2.getInstances": FindAll({"ids": "id", "privateIps": "privateIp", "publicIps": "publicIp"}),
        },
        force_new=(
            *("ami", "associatePublicIpAddress", "hibernation", "placementGroup", "privateIp", "tenancy"),
        ),
        in_place=("hostResourceGroupArn",),
    ),
    "ec2.SpotInstanceRequest": ec2_spec(
        "sir",
        "spot-instances-request",
        computed_inside={"rootBlockDevice": ("deviceName", "volumeId"), "ebsBlockDevices": ("volumeId",)},
        combinations=_INSTANCE_COMBINATIONS,
        defaults=_INSTANCE_DEFAULTS,
        computed={
            **_INSTANCE_OUTPUTS,
            "spotBidStatus": "fulfilled",
            "spotRequestState": "active",
            "spotInstanceId": "i-{hex17}",
        },
    ),
    "ec2.KeyPair": ResourceSpec(
        creation=("EC2", "ImportKeyPair", "importing EC2 Key Pair ({keyName})"),
        id="{keyName}",
        arn=ARN + "key-pair/{keyName}",
        generated="terraform-",
        computed={"keyPairId": "key-{hex17}", "fingerprint": _fingerprint, "keyType": _key_type},
        name="keyName",
        autoname=Autoname(),
        unique=Unique("InvalidKeyPair.Duplicate", "The keypair already exists"),
        data_sources={
            "ec2.getKeyPair": FindOne({"keyName": "keyName", "keyPairId": "keyPairId"}, what="EC2 Key Pair")
        },
        force_new=("publicKey",),
    ),
    "ec2.LaunchTemplate": ec2_spec(
        "lt",
        "launch-template",
        creation=("EC2", "CreateLaunchTemplate", "creating EC2 Launch Template ({name})"),
        defaults={"defaultVersion": 1},
        unique=Unique(
            "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use."
        ),
        data_sources={
            "ec2.getLaunchTemplate": FindOne({"id": "id", "name": "name"}, what="EC2 Launch Template")
        },
    ),
    "ec2.NetworkInterface": ec2_spec(
        "eni",
        "network-interface",
        holds={"subnetId": SUBNET},
        defaults={
            "privateIp": ec2_subnets.private_address,
            "interfaceType": "interface",
            "sourceDestCheck": True,
            "ipv6Addresses": [],
        },
        computed={
            "macAddress": lambda request, values: mac_address(request),
            "privateDnsName": lambda request, values: ec2_subnets.private_name(
                request.region, values["privateIp"]
            ),
        },
        data_sources={"ec2.getNetworkInterface": FindOne({"id": "id"}, what="EC2 Network Interface")},
    ),
    "ec2.PlacementGroup": ResourceSpec(computed={"placementGroupId": "pg-{hex17}"}),
    "ec2.VolumeAttachment": ResourceSpec(id="vai-{digits10}"),
}
