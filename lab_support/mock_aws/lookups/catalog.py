"""What AWS offers to everybody: machine images, instance types, engine versions, managed policies of CloudFront."""

from __future__ import annotations

import re
from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.lookups.lookup import DataSource, Lookup, Values, has_tags, not_found, passes
from lab_support.mock_aws.zones import zone_id, zones_of

# Whose images programs ask for most: the owners' accounts (their own documentation of where to find images).
_OWNERS: Final = {
    "amazon": "137112412989",
    "aws-marketplace": "679593333241",
    "aws-backup-vault": "137112412989",
    "microsoft": "801119661308",
}
_NO_IMAGE: Final = "Your query returned no results. Please change your search criteria and try again."
# Amazon CloudFront Developer Guide, "Use managed cache policies", "... origin request policies", "... response headers
# policies".
_POLICIES: Final = {
    "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "Managed-CachingOptimizedForUncompressedObjects": "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
    "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "Managed-Elemental-MediaPackage": "08627262-05a9-4f76-9ded-b50ca2e3a84f",
    "Managed-Amplify": "2e54312d-136d-493c-8eb9-b001f22f67d2",
    "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "Managed-AllViewerAndCloudFrontHeaders-2022-06": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
    "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "Managed-CORS-CustomOrigin": "59781a5b-3903-41f3-afcb-af62929ccde1",
    "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    "Managed-UserAgentRefererHeaders": "acba4595-bd28-49b8-b9fe-13317c0390fa",
    "Managed-CORS-and-SecurityHeadersPolicy": "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    "Managed-CORS-With-Preflight": "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
    "Managed-CORS-with-preflight-and-SecurityHeadersPolicy": "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
    "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
    "Managed-SimpleCORS": "60669652-455b-4ae9-85a4-c4c02393f86c",
}


def _image(lookup: Lookup) -> Values:
    """The newest image that fits: one of the account's own, or one that its owner would have published."""
    own = _own_images(lookup)
    if own:
        return {**own[0].values, "id": own[0].id, "imageId": own[0].id}
    owners = [str(each) for each in lookup.args.get("owners") or ()]
    if owners == ["self"] or (owners and set(owners) == {lookup.account.id}):
        raise not_found(_NO_IMAGE)
    filters = {
        str(each.get("name")): list(each.get("values") or ()) for each in lookup.args.get("filters") or ()
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
    own = [each.id for each in _own_images(lookup)]
    return {"ids": own or [] if lookup.args.get("owners") == ["self"] else own or [_image(lookup)["id"]]}


def _own_images(lookup: Lookup) -> list[Any]:
    kinds = ("ec2.Ami", "ec2.AmiCopy", "ec2.AmiFromInstance")
    return [
        image
        for image in lookup.resources(*kinds)
        if passes(image, lookup.args.get("filters")) and has_tags(image, lookup.args.get("tags"))
    ]


_SIZES: Final = (
    "nano",
    "micro",
    "small",
    "medium",
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "16xlarge",
)


def _instance_type(lookup: Lookup) -> Values:
    """The size of an instance type, by its name: two processors for `large`, twice as many for each next size."""
    name = str(lookup.args.get("instanceType"))
    family, _, size = name.partition(".")
    steps = _SIZES.index(size) - _SIZES.index("large") if size in _SIZES else 0
    processors = 2 * 2 ** max(steps, 0)
    memory = int((8192 if family[:1] in "mt" else 16384 if family[:1] == "r" else 4096) * 2.0**steps)
    architecture = "arm64" if re.match(r"[a-z]+\d+g", family) else "x86_64"
    return {
        "id": name,
        "instanceType": name,
        "currentGeneration": True,
        "defaultVcpus": processors,
        "defaultCores": max(processors // 2, 1),
        "defaultThreadsPerCore": 1 if architecture == "arm64" else 2,
        "memorySize": memory,
        "bareMetal": size.startswith("metal"),
        "burstablePerformanceSupported": family.startswith("t"),
        "hypervisor": "nitro",
        "ebsEncryptionSupport": "supported",
        "enaSupport": "required",
        "supportedArchitectures": [architecture],
        "supportedRootDeviceTypes": ["ebs"],
        "supportedUsagesClasses": ["on-demand", "spot"],
        "supportedVirtualizationTypes": ["hvm"],
    }


def _offerings(lookup: Lookup) -> Values:
    """Which instance types a region offers: those that are asked for, in every zone."""
    kind = lookup.args.get("locationType") or "region"
    places = {
        "region": (lookup.region,),
        "availability-zone": zones_of(lookup.region),
        "availability-zone-id": tuple(zone_id(zone) for zone in zones_of(lookup.region)),
    }.get(str(kind), (lookup.region,))
    types = _asked(lookup, "instance-type") or ["t3.micro"]
    wanted = _asked(lookup, "location")
    pairs = [(each, place) for each in types for place in places if not wanted or place in wanted]
    return {
        "instanceTypes": [each for each, _ in pairs],
        "locations": [place for _, place in pairs],
        "locationTypes": [kind for _ in pairs],
    }


def _offering(lookup: Lookup) -> Values:
    preferred = list(lookup.args.get("preferredInstanceTypes") or ())
    first = next(iter([*preferred, *_asked(lookup, "instance-type")]), "t3.micro")
    return {"id": first, "instanceType": first, "location": lookup.region}


def _instance_types(lookup: Lookup) -> Values:
    return {"instanceTypes": _asked(lookup, "instance-type") or ["t3.micro", "t3.small", "t3.medium"]}


def _asked(lookup: Lookup, name: str) -> list[str]:
    """The values of a filter, less those that are patterns."""
    values = [
        str(v)
        for f in lookup.args.get("filters") or ()
        if f.get("name") == name
        for v in f.get("values") or ()
    ]
    return [value for value in values if not {"*", "?"} & set(value)]


# The newest versions that the lab's exercises know, by engine.
_VERSIONS: Final = {
    "postgres": "17.6",
    "aurora-postgresql": "17.5",
    "mysql": "8.4.6",
    "aurora-mysql": "8.0.mysql_aurora.3.10.0",
    "mariadb": "11.8.3",
}


def _engine_version(lookup: Lookup) -> Values:
    engine = str(lookup.args.get("engine", "postgres"))
    preferred = list(lookup.args.get("preferredVersions") or ())
    wanted = (
        lookup.args.get("version")
        or lookup.args.get("preferredMajorVersion")
        or (preferred[0] if preferred else _VERSIONS.get(engine, "1.0"))
    )
    major = str(wanted).split(".")[0]
    family = f"{engine}{major}" if "postgres" in engine else f"{engine}{'.'.join(str(wanted).split('.')[:2])}"
    return {
        "id": wanted,
        "version": wanted,
        "versionActual": wanted,
        "engine": engine,
        "parameterGroupFamily": family,
        "engineDescription": engine,
        "versionDescription": f"{engine} {wanted}",
        "status": "available",
        "supportsReadReplica": True,
    }


def _orderable(lookup: Lookup) -> Values:
    preferred = list(lookup.args.get("preferredInstanceClasses") or ())
    size = lookup.args.get("instanceClass") or (preferred[0] if preferred else "db.t4g.micro")
    versions = list(lookup.args.get("preferredEngineVersions") or ())
    version = lookup.args.get("engineVersion") or (versions[0] if versions else None)
    return {
        "id": size,
        "instanceClass": size,
        "engineVersion": version or _VERSIONS.get(str(lookup.args.get("engine")), "1.0"),
        "availabilityZones": list(zones_of(lookup.region)),
        "licenseModel": lookup.args.get("licenseModel") or "general-public-license",
        "storageType": lookup.args.get("storageType") or "gp3",
        "multiAzCapable": True,
        "outpostCapable": False,
        "vpc": True,
    }


def _cloudfront_policy(lookup: Lookup) -> Values:
    """A policy of CloudFront: the account's own, or one that AWS manages."""
    own_kind = lookup.token.rpartition(":")[2].removeprefix("get")
    for held in lookup.resources(f"cloudfront.{own_kind}", everywhere=True):
        if lookup.args.get("id") == held.id or lookup.args.get("name") == held.values.get("name"):
            return {**held.values, "id": held.id}
    by_id = {identity: name for name, identity in _POLICIES.items()}
    name = lookup.args.get("name") or by_id.get(str(lookup.args.get("id")))
    if name not in _POLICIES:
        raise not_found(f"no matching CloudFront {re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', own_kind)} found")
    return {"id": _POLICIES[name], "name": name, "etag": "E23ZP02F085DFQ", "comment": ""}


def _ecr_image(lookup: Lookup) -> Values:
    """The prebuilt images of SageMaker; the registries' accounts differ by image and region."""
    name, region = lookup.args.get("repositoryName"), lookup.region
    registry = "763104351884"
    path = f"{registry}.dkr.ecr.{region}.{lookup.partition.dns_suffix}/{name}"
    tag = lookup.args.get("imageTag")
    return {"id": registry, "registryId": registry, "registryPath": f"{path}:{tag}" if tag else path}


DATA_SOURCES: Final[dict[str, DataSource]] = {
    "cloudfront.getCachePolicy": _cloudfront_policy,
    "cloudfront.getLogDeliveryCanonicalUserId": lambda lookup: {
        # Amazon CloudFront Developer Guide, "Configure standard logging (legacy)".
        "id": "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"
    },
    "cloudfront.getOriginRequestPolicy": _cloudfront_policy,
    "cloudfront.getResponseHeadersPolicy": _cloudfront_policy,
    "ec2.getAmi": _image,
    "ec2.getAmiIds": _images,
    "ec2.getInstanceType": _instance_type,
    "ec2.getInstanceTypeOffering": _offering,
    "ec2.getInstanceTypeOfferings": _offerings,
    "ec2.getInstanceTypes": _instance_types,
    "rds.getEngineVersion": _engine_version,
    "rds.getOrderableDbInstance": _orderable,
    "sagemaker.getPrebuiltEcrImage": _ecr_image,
}
