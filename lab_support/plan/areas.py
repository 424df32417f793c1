"""The areas of a system, in the order in which a reviewer asks about them, and which services belong to each.

What is kept and who may touch it comes first; the network, which is large and much alike everywhere, comes last.
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
# Types that only complete another resource, by the end of their name, and those that are named like that but stand
# for themselves: a reviewer reads every permission.
_SATELLITES: Final = re.compile(
    r"(Alias|Association|Attachment|Grant|MountTarget|Permission|Policy|Record|Rule|Subscription|Target|Version"
    r"|OptionGroup|ParameterGroup|SubnetGroup|apigateway\.(Deployment|Integration|Method|Resource|Stage))$"
)
_THEMSELVES: Final = re.compile(r"^iam\.\w*Policy$|^cloudwatch\.EventRule$")
_AREA_OF: Final = {service: area for area, services in AREAS.items() for service in services}
_RANK: Final = {
    service: (place, number)
    for place, services in enumerate(AREAS.values())
    for number, service in enumerate(services)
}
_OTHER: Final = (list(AREAS).index("other"), 0)


def service_of(resource: Resource) -> str:
    """The service as a program writes it: `rds` of `rds.Instance`."""
    return resource.kind.rpartition(".")[0] or resource.kind


def area_of(service: str) -> str:
    """The area that a service belongs to."""
    return _AREA_OF.get(service, "other")


def is_satellite(resource: Resource) -> bool:
    """Whether a resource only completes another one, such as an alias, an association or a mount target."""
    return bool(_SATELLITES.search(resource.kind)) and not _THEMSELVES.search(resource.kind)


def by_service(resources: Iterable[Resource]) -> list[tuple[str, list[Resource]]]:
    """Resources by service, in a reviewer's order, whatever order they come in.

    Inside a service what changes stands before what does not, main things before their satellites, then by type and
    name.
    """

    def order(resource: Resource) -> tuple[object, ...]:
        service = service_of(resource)
        names = (resource.kind, resource.name, resource.urn)
        rank = _RANK.get(service, _OTHER)
        return rank, service, resource.op == "same", is_satellite(resource), *names

    return [(service, list(group)) for service, group in groupby(sorted(resources, key=order), service_of)]
