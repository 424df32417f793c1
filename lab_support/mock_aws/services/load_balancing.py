"""Load balancers: the application, network and gateway kinds, their listeners and target groups, and the classic one.

Formats: Service Authorization Reference, "AWS Elastic Load Balancing V2"; DNS names: Elastic Load Balancing API
Reference, CreateLoadBalancer; defaults: the provider's documentation of `aws_lb` and its parts.
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import hosted_zones, identifiers
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import placement
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:elasticloadbalancing:{region}:{account}:"
_LETTERS = {"application": "app", "network": "net", "gateway": "gwy"}


def _letters(values: Values) -> Any:
    return _LETTERS.get(values.get("loadBalancerType", "application"), "app")


def _arn_suffix(request: ResourceRequest, values: Values) -> Any:
    """The end of the ARN, which names the load balancer in CloudWatch: `app/my-load-balancer/50dc6c495c0c9188`."""
    name = values.get("name")
    if not isinstance(name, str):
        return UNKNOWN
    return f"{_letters(values)}/{name}/{identifiers.hexadecimal(request.seed, 16)}"


def _dns_name(request: ResourceRequest, values: Values) -> Any:
    name, inside = values.get("name"), values.get("internal")
    if not isinstance(name, str) or inside is UNKNOWN:
        return UNKNOWN
    lead = "internal-" if inside is True else ""
    if _letters(values) == "app":
        number = identifiers.digits(request.seed, 10)
        return f"{lead}{name}-{number}.{request.region}.elb.amazonaws.com"
    drawn = identifiers.hexadecimal(request.seed, 16)
    return f"{name}-{drawn}.elb.{request.region}.amazonaws.com"


def _zone_id(request: ResourceRequest, values: Values) -> Any:
    zones = hosted_zones.APPLICATION if _letters(values) == "app" else hosted_zones.NETWORK
    return hosted_zones.hosted_zone(zones, request.region)


def _below(resource: str, owner: str) -> Any:
    """The ARN of a listener under its load balancer, or of a rule under its listener."""

    def value(request: ResourceRequest, values: Values) -> Any:
        above = values.get(owner)
        if not isinstance(above, str):
            return UNKNOWN
        head, _, tail = above.partition("/")
        lead = head.rpartition(":")[0]
        return f"{lead}:{resource}/{tail}/{identifiers.hexadecimal(request.seed, 16)}"

    return value


def _algorithm(request: ResourceRequest, values: Values) -> Any:
    return "round_robin" if values.get("protocol") in ("HTTP", "HTTPS") else ""


def _http_version(request: ResourceRequest, values: Values) -> Any:
    return "HTTP1" if values.get("protocol") in ("HTTP", "HTTPS") else ""


def _health_check(request: ResourceRequest, values: Values) -> Any:
    """What the provider and ELB take where a program says nothing (CreateTargetGroup)."""
    protocol = values.get("protocol")
    if protocol in ("HTTP", "HTTPS"):
        return {
            "enabled": True,
            "healthyThreshold": 3,
            "interval": 30,
            "matcher": "200",
            "path": "/",
            "port": "traffic-port",
            "protocol": "HTTP",
            "timeout": 5,
            "unhealthyThreshold": 3,
        }
    return UNKNOWN


_LOAD_BALANCER = ResourceSpec(
    id="{arn}",
    arn=_ARN + "loadbalancer/{arnSuffix}",
    generated="tf-lb-",
    defaults={
        "arnSuffix": _arn_suffix,
        "loadBalancerType": "application",
        "internal": False,
        "ipAddressType": "ipv4",
        "desyncMitigationMode": "defensive",
        "dropInvalidHeaderFields": False,
        "enableCrossZoneLoadBalancing": lambda request, values: _letters(values) == "app",
        "enableDeletionProtection": False,
        "enableHttp2": True,
        "enableTlsVersionAndCipherSuiteHeaders": False,
        "enableWafFailOpen": False,
        "enableXffClientPort": False,
        "enableZonalShift": False,
        "idleTimeout": 60,
        "clientKeepAlive": 3600,
        "preserveHostHeader": False,
        "xffHeaderProcessingMode": "append",
        "securityGroups": [],
    },
    computed={
        "dnsName": _dns_name,
        "zoneId": _zone_id,
        "vpcId": placement.of_subnet("vpcId", "subnets"),
    },
)
_LISTENER = ResourceSpec(
    id="{arn}",
    name="",
    defaults={
        "arn": _below("listener", "loadBalancerArn"),
        "protocol": "HTTP",
        "routingHttpResponseServerEnabled": True,
    },
)
_TARGET_GROUP = ResourceSpec(
    id="{arn}",
    arn=_ARN + "{arnSuffix}",
    generated="tf-",
    defaults={
        "arnSuffix": "targetgroup/{name}/{hex16}",
        "targetType": "instance",
        "deregistrationDelay": 300,
        "slowStart": 0,
        "ipAddressType": "ipv4",
        "protocolVersion": _http_version,
        "proxyProtocolV2": False,
        "lambdaMultiValueHeadersEnabled": False,
        "loadBalancingAlgorithmType": _algorithm,
        "loadBalancingAnomalyMitigation": "off",
        "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
        "healthCheck": _health_check,
    },
    computed={"loadBalancerArns": []},
)
_BOTH = {
    "LoadBalancer": _LOAD_BALANCER,
    "Listener": _LISTENER,
    "ListenerRule": ResourceSpec(
        id="{arn}", name="", defaults={"arn": _below("listener-rule", "listenerArn")}
    ),
    "ListenerCertificate": ResourceSpec(id="{listenerArn}_{certificateArn}", name=""),
    "TargetGroup": _TARGET_GROUP,
    "TargetGroupAttachment": ResourceSpec(id="{targetGroupArn}-{digits26}", name=""),
}

ROWS = {
    **{f"lb.{name}": row for name, row in _BOTH.items()},
    **{f"alb.{name}": row for name, row in _BOTH.items()},
    "elb.LoadBalancer": ResourceSpec(
        id="{name}",
        arn=_ARN + "loadbalancer/{name}",
        generated="tf-lb-",
        defaults={
            "connectionDraining": False,
            "connectionDrainingTimeout": 300,
            "crossZoneLoadBalancing": True,
            "desyncMitigationMode": "defensive",
            "idleTimeout": 60,
            "internal": False,
            "instances": [],
            "sourceSecurityGroup": "{account}/default_elb",
        },
        computed={"dnsName": _dns_name, "zoneId": _zone_id, "sourceSecurityGroupId": "sg-{hex17}"},
    ),
}
