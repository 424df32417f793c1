"""EC2's machine images: an account's own, and those that others publish."""

from __future__ import annotations

import re
from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.lookup import Lookup, Values, has_tags, not_found, passes
from lab_support.mock_aws.services.ec2_common import ec2_spec

# Whose images programs ask for most: the owners' accounts (their own documentation of where to find images).
_OWNERS: Final = {
    "amazon": "137112412989",
    "aws-marketplace": "679593333241",
    "aws-backup-vault": "137112412989",
    "microsoft": "801119661308",
}

_NO_IMAGE: Final = "Your query returned no results. Please change your search criteria and try again."


def _image(lookup: Lookup) -> Values:
    """The newest image that fits: one of the account's own, or one that its owner would have published."""
    own = _own_images(lookup)
    if own:
        return {**own[0].values, "id": own[0].id, "imageId": own[0].id}
    owners = [str(owner) for owner in lookup.args.get("owners") or ()]
    if owners == ["self"] or (owners and set(owners) == {lookup.account.id}):
        raise not_found(_NO_IMAGE)
    filters = {
        str(condition.get("name")): list(condition.get("values") or ())
        for condition in lookup.args.get("filters") or ()
    }
    pattern = str(next(iter(filters.get("name", ())), lookup.args.get("nameRegex") or "image"))
    name = re.sub(r"[*?]+", "20250101", pattern) if "name" in filters else "image-20250101"
    architecture = str(next(iter(filters.get("architecture", ())), "arm64" if "arm64" in name else "x86_64"))
    owner = _OWNERS.get(owners[0], owners[0]) if owners else _OWNERS["amazon"]
    windows = "windows" in name.lower()
    seed = f"{lookup.region}:{owner}:{name}:{architecture}"
    identity = f"ami-{identifiers.hexadecimal(seed, 17)}"
    root = "/dev/sda1" if windows or owner != _OWNERS["amazon"] else "/dev/xvda"
    snapshot = f"snap-{identifiers.hexadecimal(f'{seed}:root', 17)}"
    return {
        "id": identity,
        "imageId": identity,
        "arn": f"arn:{lookup.partition.name}:ec2:{lookup.region}::image/{identity}",
        "architecture": architecture,
        "blockDeviceMappings": [
            {
                "deviceName": root,
                "ebs": {"snapshot_id": snapshot, "volume_size": "8", "volume_type": "gp3"},
                "noDevice": "",
                "virtualName": "",
            }
        ],
        "bootMode": "uefi-preferred",
        "creationDate": "2025-01-01T00:00:00.000Z",
        "deprecationTime": "2027-01-01T00:00:00.000Z",
        "description": "",
        "enaSupport": True,
        "hypervisor": "xen",
        "imageLocation": f"amazon/{name}",
        "imageOwnerAlias": "amazon" if owner == _OWNERS["amazon"] else "",
        "imageType": "machine",
        "name": name,
        "ownerId": owner,
        "platform": "windows" if windows else "",
        "platformDetails": "Windows" if windows else "Linux/UNIX",
        "public": True,
        "rootDeviceName": root,
        "rootDeviceType": "ebs",
        "rootSnapshotId": snapshot,
        "sriovNetSupport": "simple",
        "state": "available",
        "stateReason": {"code": "UNSET", "message": "UNSET"},
        "usageOperation": "RunInstances:0002" if windows else "RunInstances",
        "virtualizationType": "hvm",
        "productCodes": [],
        "tags": {},
    }


def _images(lookup: Lookup) -> Values:
    own = [image.id for image in _own_images(lookup)]
    return {"ids": own or [] if lookup.args.get("owners") == ["self"] else own or [_image(lookup)["id"]]}


def _own_images(lookup: Lookup) -> list[Any]:
    kinds = ("ec2.Ami", "ec2.AmiCopy", "ec2.AmiFromInstance")
    return [
        image
        for image in lookup.resources(*kinds)
        if passes(image, lookup.args.get("filters")) and has_tags(image, lookup.args.get("tags"))
    ]


SPECS = {
    "ec2.Ami": ec2_spec(
        "ami",
        "image",
        computed={"hypervisor": "xen", "imageType": "machine", "platformDetails": "Linux/UNIX"},
        data_sources={"ec2.getAmi": _image, "ec2.getAmiIds": _images},
    )
}
