"""When EFS refuses: encryption and its key, mount targets, lifecycle, throughput."""

from __future__ import annotations

from lab_support.mock_aws.aws_errors import AwsApiError, CreationRefused
from lab_support.mock_aws.default_network import SUBNET
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.services.kms import key_arn_given, key_behind, managed_key_arn
from lab_support.plan.invalid_input import InvalidInput

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"


def key_goes_with_encryption(request: ResourceRequest, values: Values) -> None:
    if request.inputs.get("kmsKeyId") and values.get("encrypted") is not True:
        text = "encrypted must be set to true when kms_key_id is specified"
        raise InvalidInput("encrypted", text, on_creation=True)


def key_is_usable(request: ResourceRequest, values: Values) -> None:
    key = key_arn_given(request)
    if key is None:
        return
    found = key_behind(request.account, key, request.region) if f":{request.account.id}:" in key else None
    if (
        found is None
        and key != managed_key_arn(request.account.id, "elasticfilesystem", values["region"])
        and ":alias/aws/" not in key
    ):
        raise CreationRefused("BadRequest", f"KMS key {key} could not be found.")


def one_mount_target_a_zone(request: ResourceRequest, values: Values) -> None:
    """EFS takes one mount target in an availability zone (Amazon EFS User Guide, "Managing mount targets")."""
    file_system = request.account.find(values.get("fileSystemId"), FILE_SYSTEM)
    subnet = request.account.find(values.get("subnetId"), SUBNET)
    if file_system is None:
        text = f"File system '{values.get('fileSystemId')}' does not exist."
        raise CreationRefused("FileSystemNotFound", text)
    if subnet is None:
        return
    zone = subnet.values.get("availabilityZone")
    only = file_system.values.get("availabilityZoneName")
    if only and zone != only:
        text = f"One Zone file system {file_system.id} takes a mount target in {only} only"
        raise CreationRefused("AvailabilityZonesMismatch", text)
    for other in request.account.of_type(request.type):
        if other.urn == request.urn or other.values.get("fileSystemId") != file_system.id:
            continue
        if other.values.get("availabilityZoneName") == zone:
            raise CreationRefused("MountTargetConflict", "mount target already exists in this AZ")


_MODES = {
    "performanceMode": ("generalPurpose", "maxIO"),
    "throughputMode": ("bursting", "provisioned", "elastic"),
}
_DAYS = ("AFTER_1_DAY", "AFTER_7_DAYS", "AFTER_14_DAYS", "AFTER_30_DAYS", "AFTER_60_DAYS", "AFTER_90_DAYS",
         "AFTER_180_DAYS", "AFTER_270_DAYS", "AFTER_365_DAYS")  # fmt: skip


def values_are_known(request: ResourceRequest, values: Values) -> None:
    """The provider knows the words that EFS understands."""
    for name, words in _MODES.items():
        if isinstance(values.get(name), str) and values[name] not in words:
            raise InvalidInput(name, f"expected {name} to be one of {list(words)}, got {values[name]}")
    if values.get("throughputMode") == "provisioned" and not values.get("provisionedThroughputInMibps"):
        text = "provisioned_throughput_in_mibps is required when throughput_mode is provisioned"
        raise InvalidInput("throughputMode", text)
    for number, policy in enumerate(values.get("lifecyclePolicies") or ()):
        if isinstance(policy, dict) and sum(1 for value in policy.values() if value) > 1:
            text = "LifecyclePolicies: each policy object must have a single transition"
            doing = "putting EFS File System lifecycle configuration"
            raise AwsApiError("EFS", "PutLifecycleConfiguration", "BadRequest", text, doing)
        for name in ("transitionToIa", "transitionToArchive"):
            days = policy.get(name) if isinstance(policy, dict) else None
            if isinstance(days, str) and days and days not in _DAYS:
                path = f"lifecyclePolicies[{number}].{name}"
                raise InvalidInput(path, f"expected {path} to be one of {list(_DAYS)}, got {days}")
