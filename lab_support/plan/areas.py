"""The areas of a system in review order, and the services that belong to each.

Stored data and access to it come first; the network, which is large and similar everywhere, comes last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from lab_support.plan.resource import Resource

AREAS: Final[Mapping[str, tuple[str, ...]]] = {
    "data stores": (
        *("rds", "docdb", "neptune", "dynamodb", "redshift", "elasticache", "memorydb"),
        *("efs", "fsx", "s3", "ebs", "backup", "secretsmanager", "ssm"),
    ),
    "streams": ("kinesis", "kinesisanalyticsv2", "msk", "mq", "sqs", "glue"),
    "access": ("iam", "cognito", "organizations"),
    "keys": ("kms", "acm", "acmpca", "cloudhsmv2"),
    "alarms": ("cloudwatch", "cloudtrail", "guardduty", "securityhub", "config"),
    "notifications": ("sns", "chatbot", "ses", "sesv2"),
    "compute": ("ecs", "ecr", "eks", "lambda", "batch", "sfn", "autoscaling", "appautoscaling", "scheduler"),
    "interfaces": ("apigateway", "apigatewayv2", "lb", "alb", "cloudfront", "wafv2"),
    "other": (),
    "network": ("ec2", "vpc", "ec2transitgateway", "route53", "servicediscovery"),
}
# Types that only complete another resource, by the end of their name; and exceptions, because a reviewer reads every
# permission.
_SATELLITES: Final = re.compile(
    r"(Alias|Association|Attachment|Grant|MountTarget|Permission|Policy|Record|Rule|Subscription|Target|Version"
    r"|OptionGroup|ParameterGroup|SubnetGroup|apigateway\.(Deployment|Integration|Method|Resource|Stage))$"
)
_NO_SATELLITES: Final = re.compile(r"^iam\.\w*Policy$|^cloudwatch\.EventRule$")
_AREA_OF: Final = {service: area for area, services in AREAS.items() for service in services}
_RANK: Final = {
    service: (place, number)
    for place, services in enumerate(AREAS.values())
    for number, service in enumerate(services)
}
_OTHER: Final = (list(AREAS).index("other"), 0)


def service_of(resource: Resource) -> str:
    """The service as a program writes it: `rds` for `rds.Instance`."""
    return resource.kind.rpartition(".")[0] or resource.kind


def area_of(service: str) -> str:
    """The area that a service belongs to."""
    return _AREA_OF.get(service, "other")


def is_satellite(resource: Resource) -> bool:
    """Whether a resource only completes another one, as an alias, an association or a mount target does."""
    return bool(_SATELLITES.search(resource.kind)) and not _NO_SATELLITES.search(resource.kind)


def by_service(resources: Iterable[Resource]) -> list[tuple[str, list[Resource]]]:
    """Resources by service, in review order, however they are ordered now.

    Within a service, resources that change come first, then main resources before their satellites, then by type and
    name.
    """

    def order(resource: Resource) -> tuple[object, ...]:
        service = service_of(resource)
        names = (resource.kind, resource.name, resource.urn)
        rank = _RANK.get(service, _OTHER)
        return rank, service, resource.op == "same", is_satellite(resource), *names

    return [(service, list(group)) for service, group in groupby(sorted(resources, key=order), service_of)]
