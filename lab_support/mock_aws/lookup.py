"""One call of a data source, and how what the account holds is searched for it."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.iam.regions import Partition, partition_of
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.existing import find_existing
from lab_support.toolchain.sdk_types import token_of

Values = dict[str, Any]


@dataclass(frozen=True)
class Lookup:
    """One call of a data source: `args` by wire name, in one region of the account.

    `type` is the token of the type whose entry has the data source; `is_global` says that it belongs to no region.
    """

    token: str
    args: Mapping[str, Any]
    account: Account
    region: str
    type: str = ""
    is_global: bool = False

    @property
    def partition(self) -> Partition:
        return partition_of(self.region)

    def arn(self, service: str, resource: str, *, is_global: bool = False) -> str:
        """An ARN of this account and region."""
        region = "" if is_global else self.region
        return f"arn:{self.partition.name}:{service}:{region}:{self.account.id}:{resource}"

    def resources(self, *types: str) -> Iterator[StoredResource]:
        """The resources of these types (class name or token), else of the entry's own type, the newest first."""
        tokens = [token_of(type) or type for type in types] or [self.type]
        if not self.is_global:
            yield from find_existing(self.account, self.region, *tokens)
            return
        yield from reversed(list(self.account.of_type(*tokens)))
        yield from (resource for resource in self.account.existing if resource.type in tokens)


DataSource = Callable[[Lookup], Values]

# Filters of EC2 whose name is not that of the property.
_FILTERS: Final = {
    "association.subnet-id": "subnetId",
    "cidr": "cidrBlock",
    "group-id": "id",
    "group-name": "name",
    "image-id": "ami",
    "instance-id": "id",
    "internet-gateway-id": "id",
    "is-default": "default",
    "isDefault": "default",
    "network-acl-id": "id",
    "route-table-id": "id",
    "subnet-id": "id",
}


def passes(resource: StoredResource, filters: Any) -> bool:
    """Whether a resource passes all filters: a name, and the values that pass (`*` and `?` allowed)."""
    return all(_passes(resource, condition) for condition in filters or ())


def _passes(resource: StoredResource, one: Mapping[str, Any]) -> bool:
    name, wanted = str(one.get("name")), [str(value) for value in one.get("values") or ()]
    if name.startswith("tag:"):
        found = [_tags(resource).get(name.removeprefix("tag:"))]
    elif name == "tag-key":
        found = list(_tags(resource))
    elif name.endswith("-id") and resource.id.startswith(name.removesuffix("id")):
        found = [resource.id]  # `vpc-id` of a VPC itself
    elif name in ("vpc-id", "attachment.vpc-id"):
        found = [resource.values.get("vpcId")]
    else:
        key = _FILTERS.get(name) or re.sub(r"[-.](\w)", lambda match: match[1].upper(), name)
        found = [resource.id] if key == "id" else [resource.values.get(key)]
    return any(
        fnmatch.fnmatchcase(_text(value), pattern)
        for value in found
        if value is not None
        for pattern in wanted
    )


def has_tags(resource: StoredResource, wanted: Any) -> bool:
    """Whether a resource carries all of these tags."""
    return all(_tags(resource).get(key) == value for key, value in dict(wanted or {}).items())


def is_called(resource: StoredResource, value: Any) -> bool:
    """Whether this is the resource's id, ARN or name."""
    return isinstance(value, str) and value in resource.handles


def not_found(text: str) -> AwsApiError:
    """What the provider says itself when AWS has found nothing."""
    return AwsApiError("", "", "NotFound", text)


def single(found: list[StoredResource], what: str) -> StoredResource:
    """The one resource that was found (hashicorp/terraform-provider-aws, tfresource.SingularDataSourceFindError)."""
    if not found:
        raise not_found(f"no matching {what} found")
    if len(found) > 1:
        text = f"multiple {what}s matched; use additional constraints to reduce matches to a single {what}"
        raise AwsApiError("", "", "TooMany", text)
    return found[0]


def _tags(resource: StoredResource) -> Mapping[str, Any]:
    tags = resource.values.get("tagsAll") or resource.values.get("tags")
    return tags if isinstance(tags, Mapping) else {}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
