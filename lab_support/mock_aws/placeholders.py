"""Values for the unknown fields of a lookup's result, so that no program finds None where AWS has a value.

A preview of any program meets resources that exist only in its owner's account: a cluster with an endpoint, an
organization with a root. What they look like follows from the type and the name of each field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from lab_support.iam.regions import partition_of
from lab_support.mock_aws import identifiers
from lab_support.mock_aws.data import read
from lab_support.mock_aws.templates import fill
from lab_support.plan.values import python_name
from lab_support.toolchain.sdk_types import Properties, TypeRef, object_type

# How deep results are nested; deeper than this they are recursive.
_DEPTH: Final = 5


@dataclass(frozen=True)
class Where:
    """What made-up values follow from: the service, the account, the region, a seed and `Account.said`."""

    service: str
    account: str
    region: str
    seed: str
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def filled(values: Mapping[str, Any], properties: Properties, where: Where, depth: int = 0) -> dict[str, Any]:
    """The values, and one for each property that has none."""
    missing = {
        name: _value(prop.type, name, where, depth)
        for name, prop in properties.items()
        if values.get(name) is None and name != "filters"
    }
    return {**values, **{name: value for name, value in missing.items() if value is not None}}


def ids_of(function: str, where: Where) -> list[str]:
    """Two ids that a plural lookup (`getSubnets`) could find: a program that takes the second one runs, too."""
    resource = re.sub(r"^get(?:Ebs)?|(?:Ids?|s)$", "", function)
    seeds = [f"{where.seed}:{number}" for number in range(2)]
    if resource == "UserPool":
        return [f"{where.region}_{identifiers.upper(seed, 9)}" for seed in seeds]
    return [identifier(resource, seed) for seed in seeds]


def identifier(resource: str, seed: str) -> str:
    """An id as a resource of this kind would have it: `vpc-…` for a `Vpc`, else hexadecimal digits."""
    return f"{_prefix(resource)}-{identifiers.hexadecimal(seed, 17)}".lstrip("-")


def _prefix(resource: str) -> str:
    """What ids of this kind begin with; empty for kinds whose ids have no prefix."""
    kind = resource.lower()
    prefixes = read("id_prefixes")
    endings = sorted((known for known in prefixes["endings"] if kind.endswith(known)), key=len)
    return str(prefixes["endings"][endings[-1]] if endings else prefixes["alone"].get(kind, ""))


def _value(kind: TypeRef, name: str, where: Where, depth: int) -> Any:
    if kind.kind == "list" and kind.element is not None:
        singular = name.removesuffix("s")
        element = _value(kind.element, singular, where, depth)
        another = _value(kind.element, singular, replace(where, seed=f"{where.seed}:2"), depth)
        # Texts are mostly ids or names, and a program may take the second one.
        both = [element, another] if isinstance(element, str) else [element, *_as_said(element, where)]
        return [] if element is None else list(dict.fromkeys(both)) if isinstance(element, str) else both
    if kind.kind == "object" and kind.object and depth < _DEPTH:
        return filled({}, object_type(kind.object).properties, where, depth + 1)
    if kind.kind in ("string", "enum"):
        return _text(name, where)
    if kind.kind == "map":
        return {key: _text(key[:1].lower() + key[1:], where) for key in _said(f"{name}[]", where)}
    return {"boolean": False, "integer": 1, "number": 1}.get(kind.kind)


def _as_said(element: Any, where: Where) -> list[Any]:
    """More of a block, one for each text that the program looks for among such blocks."""
    texts = (
        {name: _said(name, where) for name, value in element.items() if isinstance(value, str)}
        if element
        else {}
    )
    return [{**element, name: text} for name, wanted in texts.items() for text in wanted]


def _said(name: str, where: Where) -> tuple[str, ...]:
    return where.said.get(name if name in where.said else python_name(name), ())


def _text(name: str, where: Where) -> str:
    """A string as AWS would have it under this name."""
    seed = f"{where.seed}:{name}"
    drawn = identifiers.hexadecimal(seed, 17)
    for words, template in _FORMS:
        if words.search(name):
            partition = partition_of(where.region)
            fields = {
                "drawn": drawn,
                "uuid": identifiers.uuid_of(seed),
                "hex10": identifiers.hexadecimal(seed, 10),
                "hex64": identifiers.hexadecimal(seed, 64),
                "zone": f"Z{identifiers.upper(seed, 20)}",
                "public": identifiers.address(seed, "203.0.113.0/24"),
                "prefix": _prefix(re.sub(r"(?:Id|Arn|id|arn)$", "", name)),
                "kind": re.sub(r"(?:Arn|arn)$", "", name).lower() or "resource",
                "service": where.service,
                "account": where.account,
                "region": where.region,
                "partition": partition.name,
                "dns_suffix": partition.dns_suffix,
            }
            return fill(template, fields).lstrip("-")
    return f"{name}-{drawn[:7]}"


_FORMS: Final = tuple(
    (re.compile(words), template)
    for words, template in (
        (r"[rR]oleArn$|^(?:iamR|r)ole$", "arn:{partition}:iam::{account}:role/{drawn}"),
        (r"[kK]eyArn$", "arn:{partition}:kms:{region}:{account}:key/{uuid}"),
        (r"[cC]ertificateArn$", "arn:{partition}:acm:{region}:{account}:certificate/{uuid}"),
        (r"[tT]opicArn$", "arn:{partition}:sns:{region}:{account}:{drawn}"),
        (r"[bB]ucketArn$", "arn:{partition}:s3:::{drawn}"),
        (r"[sS]ecretArn$", "arn:{partition}:secretsmanager:{region}:{account}:secret:{drawn}"),
        (r"[oO]utpostArn$", "arn:{partition}:outposts:{region}:{account}:outpost/op-{drawn}"),
        (r"^layer$", "arn:{partition}:lambda:{region}:{account}:layer:{drawn}:1"),
        (r"^taskDefinition(?:Arn)?$", "arn:{partition}:ecs:{region}:{account}:task-definition/{drawn}:1"),
        (r"[aA]rn$", "arn:{partition}:{service}:{region}:{account}:{kind}/{drawn}"),
        (r"(?:[oO]wner|[aA]ccount|^master)Id$", "{account}"),
        (r"(?:[hH]ostedZone|^zone)Id$", "{zone}"),
        (r"^identityStoreId$", "d-{hex10}"),
        (r"[kK]eyId$", "{uuid}"),
        (r"^(?:subnet|ami|(?:vpcS|s)ecurityGroup)$|(?:^i|I)d$", "{prefix}-{drawn}"),
        (r"[dD]igest$", "sha256:{hex64}"),
        (r"^(?:imageUri|repositoryUr[il])$", "{account}.dkr.ecr.{region}.{dns_suffix}/{drawn}"),
        (r"[pP]olicy$|[jJ]son$|[dD]ocument$", "{}"),
        (r"[iI]pv6.*[cC]idr", "2001:db8::/56"),
        (r"[cC]idr", "10.0.0.0/16"),
        (r"[pP]ublicIp(?:Address|v4)?$", "{public}"),
        (r"[eE]ndpointAddress$", "{drawn}.{service}.{region}.{dns_suffix}"),
        (r"(?:^i|I)p(?:Address)?$|[aA]ddress$", "10.0.0.10"),
        (r"[uU]r[li]$|[iI]ssuer$|apiEndpoint$", "https://{drawn}.{service}.{region}.{dns_suffix}"),
        (
            r"[eE]ndpoint$|[dD]ns(?:Name)?$|[dD]omainName$|[hH]ost(?:name)?$",
            "{drawn}.{service}.{region}.{dns_suffix}",
        ),
        (r"[aA]vailabilityZone$|^zone$", "{region}a"),
        (r"(?:(?:^t|T)ime(?:stamp)?|(?:^d|D)ate|At)$", "2026-01-01T00:00:00Z"),
        (r"[vV]ersion$", "1"),
        (r"^runtime$", "python3.13"),
        (r"^instanceType$", "m5.large"),
        (r"^(?:status|state)$", "available"),
        (r"^data$", "bW9jaw=="),
        (r"[rR]egion$", "{region}"),
    )
)
