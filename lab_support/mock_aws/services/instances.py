"""EC2's machines: instances, their disks, keys and templates, and the groups that scale them.

Formats of ids and ARNs: Service Authorization Reference, "Amazon EC2" and "Amazon EC2 Auto Scaling".
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.common_outputs import CREATED
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import Computed, ResourceSpec
from lab_support.mock_aws.services import placement
from lab_support.mock_aws.services.ec2 import thing
from lab_support.plan.values import UNKNOWN

_EC2 = "arn:{partition}:ec2:{region}:{account}:"
_SCALING = "arn:{partition}:autoscaling:{region}:{account}:"


def _zone(request: ResourceRequest, values: Values) -> Any:
    """The zone of the subnet; without one EC2 chooses."""
    if values.get("subnetId") is None:
        return identifiers.pick(request.urn, request.zones)
    return placement.of_subnet("availabilityZone")(request, values)


def _private_ip(request: ResourceRequest, values: Values) -> Any:
    if values.get("subnetId") is None:
        return identifiers.address(request.seed, "172.31.0.0/20")  # a default subnet
    return placement.private_address(request, values)


def _public_ip(request: ResourceRequest, values: Values) -> Any:
    """A public address where the program or the subnet asks for one; a default subnet does."""
    wanted = values.get("associatePublicIpAddress")
    if wanted is None:
        alone = values.get("subnetId") is None
        wanted = True if alone else placement.of_subnet("mapPublicIpOnLaunch")(request, values)
    if wanted is UNKNOWN:
        return UNKNOWN
    return placement.public_address(request, values) if wanted is True else ""


def _fingerprint(request: ResourceRequest, values: Values) -> Any:
    """Of the kind that EC2 gives an imported RSA key: 16 bytes, a colon between them."""
    digits = identifiers.hexadecimal(str(values.get("publicKey")), 32)
    return ":".join(digits[n : n + 2] for n in range(0, 32, 2))


def _key_type(request: ResourceRequest, values: Values) -> Any:
    return "ed25519" if "ed25519" in str(values.get("publicKey")) else "rsa"


_INSTANCE_DEFAULTS: dict[str, Computed] = {
    "availabilityZone": _zone,
    "associatePublicIpAddress": lambda request, values: bool(
        _public_ip(request, values) not in ("", UNKNOWN)
    ),
    "disableApiStop": False,
    "disableApiTermination": False,
    "ebsBlockDevices": [],
    "ebsOptimized": False,
    "ephemeralBlockDevices": [],
    "forceDestroy": False,
    "getPasswordData": False,
    "hostId": "",
    "iamInstanceProfile": "",
    "keyName": "",
    "placementGroup": "",
    "placementGroupId": "",
    "secondaryNetworkInterfaces": [],
    "hibernation": False,
    "instanceInitiatedShutdownBehavior": "stop",
    "ipv6AddressCount": 0,
    "ipv6Addresses": [],
    "monitoring": False,
    "networkInterfaces": [],
    "privateIp": _private_ip,
    "secondaryPrivateIps": [],
    "sourceDestCheck": True,
    "tenancy": "default",
    "userDataReplaceOnChange": False,
}
_INSTANCE_OUTPUTS: dict[str, Computed] = {
    "instanceState": "running",
    "primaryNetworkInterfaceId": "eni-{hex17}",
    "privateDns": lambda request, values: placement.private_name(request.region, values["privateIp"]),
    "publicIp": _public_ip,
    "publicDns": lambda request, values: placement.public_name(request.region, values["publicIp"]),
    "outpostArn": "",
    "passwordData": "",
}

ROWS = {
    "ec2.Instance": thing(
        "i",
        "instance",
        defaults=_INSTANCE_DEFAULTS,
        computed={**_INSTANCE_OUTPUTS, "instanceLifecycle": "", "spotInstanceRequestId": ""},
    ),
    "ec2.SpotInstanceRequest": thing(
        "sir",
        "spot-instances-request",
        defaults=_INSTANCE_DEFAULTS,
        computed={
            **_INSTANCE_OUTPUTS,
            "spotBidStatus": "fulfilled",
            "spotRequestState": "active",
            "spotInstanceId": "i-{hex17}",
        },
    ),
    "ec2.KeyPair": ResourceSpec(
        id="{keyName}",
        arn=_EC2 + "key-pair/{keyName}",
        name="keyName",
        generated="terraform-",
        computed={"keyPairId": "key-{hex17}", "fingerprint": _fingerprint, "keyType": _key_type},
    ),
    "ec2.LaunchTemplate": thing(
        "lt",
        "launch-template",
        name="name",
        defaults={"defaultVersion": 1},
        computed={"latestVersion": 1},
    ),
    "ec2.LaunchConfiguration": ResourceSpec(
        id="{name}",
        arn=_SCALING + "launchConfiguration:{uuid}:launchConfigurationName/{name}",
        defaults={"associatePublicIpAddress": False, "ebsOptimized": False, "enableMonitoring": True},
    ),
    "ec2.NetworkInterface": thing(
        "eni",
        "network-interface",
        defaults={
            "privateIp": placement.private_address,
            "interfaceType": "interface",
            "sourceDestCheck": True,
            "ipv6Addresses": [],
        },
        computed={
            "macAddress": lambda request, values: mac_address(request),
            "privateDnsName": lambda request, values: placement.private_name(
                request.region, values["privateIp"]
            ),
            "outpostArn": "",
        },
    ),
    "ec2.PlacementGroup": ResourceSpec(
        id="{name}", arn=_EC2 + "placement-group/{name}", computed={"placementGroupId": "pg-{hex17}"}
    ),
    "ec2.VolumeAttachment": ResourceSpec(id="vai-{digits10}", name=""),
    "ec2.Ami": thing(
        "ami",
        "image",
        name="name",
        computed={
            "hypervisor": "xen",
            "imageType": "machine",
            "platformDetails": "Linux/UNIX",
            "public": False,
        },
    ),
    "ebs.Volume": thing(
        "vol",
        "volume",
        defaults={"encrypted": False, "type": "gp2", "finalSnapshot": False, "multiAttachEnabled": False},
        computed={"createTime": CREATED},
    ),
    "ebs.Snapshot": thing(
        "snap",
        "snapshot",
        arn="arn:{partition}:ec2:{region}::snapshot/{id}",
        defaults={"storageTier": "standard"},
    ),
    "autoscaling.Group": ResourceSpec(
        id="{name}",
        arn=_SCALING + "autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
        generated="terraform-",
        defaults={
            "capacityRebalance": False,
            "defaultCooldown": 300,
            "desiredCapacity": lambda request, values: values.get("minSize"),
            "forceDelete": False,
            "forceDeleteWarmPool": False,
            "healthCheckGracePeriod": 300,
            "healthCheckType": "EC2",
            "metricsGranularity": "1Minute",
            "protectFromScaleIn": False,
            "serviceLinkedRoleArn": (
                "arn:{partition}:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/"
                "AWSServiceRoleForAutoScaling"
            ),
            "waitForCapacityTimeout": "10m",
            "loadBalancers": [],
            "targetGroupArns": [],
        },
        computed={"predictedCapacity": 0, "warmPoolSize": 0},
    ),
    "autoscaling.Policy": ResourceSpec(
        id="{name}",
        arn=_SCALING + "scalingPolicy:{uuid}:autoScalingGroupName/{autoscalingGroupName}:policyName/{name}",
        defaults={"enabled": True, "policyType": "SimpleScaling"},
    ),
    "autoscaling.Schedule": ResourceSpec(
        id="{scheduledActionName}",
        arn=_SCALING
        + (
            "scheduledUpdateGroupAction:{uuid}:autoScalingGroupName/{autoscalingGroupName}:"
            "scheduledActionName/{scheduledActionName}"
        ),
        name="scheduledActionName",
    ),
    "autoscaling.Attachment": ResourceSpec(id="{autoscalingGroupName}-{digits26}", name=""),
    "autoscaling.LifecycleHook": ResourceSpec(id="{name}", defaults={"defaultResult": "ABANDON"}),
}


def mac_address(request: ResourceRequest) -> str:
    """A hardware address as EC2 draws them: locally administered."""
    digits = identifiers.hexadecimal(request.seed, 10)
    return ":".join(("02", *(digits[n : n + 2] for n in range(0, 10, 2))))
