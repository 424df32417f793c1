"""EFS: file systems, mount targets and access points."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.default_network import SECURITY_GROUP, SUBNET
from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.resource_spec import Autoname, Reference, ResourceSpec, Unique, name_length
from lab_support.mock_aws.services import ec2_subnets, efs_rules
from lab_support.mock_aws.services.kms import managed_key
from lab_support.mock_aws.zones import zone_id

_FILE_SYSTEM_ARN = "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/"


def _name_tag(values: Values) -> Any:
    """EFS calls a file system after its tag `Name`."""
    tags = values.get("tags")
    return tags.get("Name", "") if isinstance(tags, dict) else ""


SPECS = {
    "efs.FileSystem": ResourceSpec(
        creation=("EFS", "CreateFileSystem", "creating EFS File System"),
        defaults={
            "creationToken": "{hex26}",
            "encrypted": False,
            "kmsKeyId": managed_key("encrypted", "elasticfilesystem"),
            "availabilityZoneName": "",
            "protection": {"replicationOverwrite": "ENABLED"},
        },
        rules=(efs_rules.values_are_known, efs_rules.key_goes_with_encryption, efs_rules.key_is_usable),
        computed={
            "dnsName": "{id}.efs.{region}.{dns_suffix}",
            "availabilityZoneId": lambda request, values: zone_id(values.get("availabilityZoneName", "")),
            "name": lambda request, values: _name_tag(values),
            "numberOfMountTargets": 0,
            "sizeInBytes": [{"value": 6144, "valueInIa": 0, "valueInStandard": 6144}],
        },
        name="creationToken",
        autoname=Autoname(),
        unique=Unique(
            "FileSystemAlreadyExists",
            "File system '{there}' already exists with creation token '{creationToken}'",
        ),
        name_forms=(name_length("creation_token", 0, 64),),
        data_sources={
            "efs.getFileSystem": FindOne(
                {"fileSystemId": "id", "creationToken": "creationToken"},
                "reading EFS FileSystem: couldn't find resource",
                gives={"fileSystemId": "id"},
            )
        },
    ),
    "efs.MountTarget": ResourceSpec(
        creation=("EFS", "CreateMountTarget", "creating EFS Mount Target ({fileSystemId})"),
        rules=(efs_rules.one_mount_target_a_zone,),
        defaults={"ipAddress": ec2_subnets.private_address, "ipv6Address": ""},
        computed={
            "availabilityZoneName": ec2_subnets.of_subnet("availabilityZone"),
            "availabilityZoneId": lambda request, values: zone_id(values["availabilityZoneName"]),
            "dnsName": "{fileSystemId}.efs.{region}.{dns_suffix}",
            "fileSystemArn": _FILE_SYSTEM_ARN + "{fileSystemId}",
            "mountTargetDnsName": "{availabilityZoneName}.{fileSystemId}.efs.{region}.{dns_suffix}",
            "networkInterfaceId": "eni-{hex17}",
        },
        references=(
            Reference(
                "SubnetNotFound", "The subnet ID '{value}' does not exist", name="subnetId", target=SUBNET
            ),
        ),
        holds={"securityGroups": SECURITY_GROUP, "subnetId": SUBNET},
    ),
    "efs.AccessPoint": ResourceSpec(
        defaults={"rootDirectory": {"path": "/"}},
        computed={"fileSystemArn": _FILE_SYSTEM_ARN + "{fileSystemId}"},
    ),
    "efs.FileSystemPolicy": ResourceSpec(
        id="{fileSystemId}", defaults={"bypassPolicyLockoutSafetyCheck": False}, overwrites=("fileSystemId",)
    ),
    "efs.BackupPolicy": ResourceSpec(id="{fileSystemId}", overwrites=("fileSystemId",)),
}
