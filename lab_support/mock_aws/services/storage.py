"""Where files and backups lie: EFS and AWS Backup."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.request import Values
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import placement
from lab_support.mock_aws.services import storage_rules as rules
from lab_support.mock_aws.zones import zone_id

_FILE_SYSTEM_ARN = "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/"


def _name_tag(values: Values) -> Any:
    """EFS calls a file system after its tag `Name`."""
    tags = values.get("tags")
    return tags.get("Name", "") if isinstance(tags, dict) else ""


ROWS = {
    "efs.FileSystem": ResourceSpec(
        id="fs-{hex17}",
        arn=_FILE_SYSTEM_ARN + "{id}",
        name="",
        defaults={
            "creationToken": "{hex26}",
            "encrypted": False,
            "performanceMode": "generalPurpose",
            "throughputMode": "bursting",
            "kmsKeyId": rules.managed_key,
            "availabilityZoneName": "",
            "protection": {"replicationOverwrite": "ENABLED"},
        },
        rules=(rules.values_are_known, rules.key_goes_with_encryption, rules.key_is_usable),
        computed={
            "dnsName": "{id}.efs.{region}.amazonaws.com",
            "availabilityZoneId": lambda request, values: zone_id(values.get("availabilityZoneName", "")),
            "name": lambda request, values: _name_tag(values),
            "numberOfMountTargets": 0,
            "sizeInBytes": [{"value": 6144, "valueInIa": 0, "valueInStandard": 6144}],
        },
    ),
    "efs.MountTarget": ResourceSpec(
        id="fsmt-{hex17}",
        name="",
        rules=(rules.one_mount_target_a_zone,),
        defaults={
            "ipAddress": placement.private_address,
            "ipAddressType": "IPV4_ONLY",
            "ipv6Address": "",
        },
        computed={
            "availabilityZoneName": rules.zone_of_subnet,
            "availabilityZoneId": lambda request, values: zone_id(values["availabilityZoneName"]),
            "dnsName": "{fileSystemId}.efs.{region}.amazonaws.com",
            "fileSystemArn": _FILE_SYSTEM_ARN + "{fileSystemId}",
            "mountTargetDnsName": "{availabilityZoneName}.{fileSystemId}.efs.{region}.amazonaws.com",
            "networkInterfaceId": "eni-{hex17}",
        },
    ),
    "efs.AccessPoint": ResourceSpec(
        id="fsap-{hex17}",
        arn="arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{id}",
        name="",
        defaults={"rootDirectory": {"path": "/"}},
        computed={"fileSystemArn": _FILE_SYSTEM_ARN + "{fileSystemId}"},
    ),
    "efs.FileSystemPolicy": ResourceSpec(
        id="{fileSystemId}", name="", defaults={"bypassPolicyLockoutSafetyCheck": False}
    ),
    "efs.BackupPolicy": ResourceSpec(id="{fileSystemId}", name=""),
    "backup.Vault": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:backup:{region}:{account}:backup-vault:{name}",
        defaults={"forceDestroy": False},
        computed={"recoveryPoints": 0},
    ),
    "backup.Plan": ResourceSpec(
        id="{uuid}",
        arn="arn:{partition}:backup:{region}:{account}:backup-plan:{id}",
        computed={"version": "{lower48}"},
    ),
    "backup.Selection": ResourceSpec(id="{uuid}"),
}
