"""Elastic Load Balancing: load balancers of all kinds, listeners and target groups.

Formats: Service Authorization Reference, "AWS Elastic Load Balancing V2"; DNS names: Elastic Load Balancing API
Reference, CreateLoadBalancer; defaults: the provider's documentation of `aws_lb` and its parts.
"""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.data.regions import facts_of, hosted_zone
from lab_support.mock_aws.default_network import SECURITY_GROUP, SUBNET, VPC
from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.lookup import Lookup, Values, not_found
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import DeletionGuard, NameForm, Reference, ResourceSpec, Unique
from lab_support.mock_aws.services import ec2_subnets
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:elasticloadbalancing:{region}:{account}:"

_HTTP: Final = ("HTTP", "HTTPS")

# What the provider and ELB take where a program says nothing (CreateTargetGroup).
_HEALTH_CHECK: Final = {
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
        return f"{lead}{name}-{number}.{request.region}.elb.{request.dns_suffix}"
    drawn = identifiers.hexadecimal(request.seed, 16)
    return f"{name}-{drawn}.elb.{request.region}.{request.dns_suffix}"


def _zone_id(request: ResourceRequest, values: Values) -> Any:
    return hosted_zone("application_zone" if _letters(values) == "app" else "network_zone", request.region)


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


def _spans_zones(request: ResourceRequest, values: Values) -> None:
    """An application load balancer needs two zones, and every kind takes one subnet of a zone only."""
    mappings = values.get("subnetMappings") or ()
    ids = values.get("subnets") or [mapping.get("subnetId") for mapping in mappings]
    if not ids or not all(isinstance(identity, str) for identity in ids):
        return
    if _letters(values) == "app" and len({*ids}) < 2:
        text = "At least two subnets in two different Availability Zones must be specified"
        raise CreationRefused("ValidationError", text)
    zones = ec2_subnets.zones_chosen(request, [*dict.fromkeys(ids)])
    if zones is not None and len({*zones}) < len(zones):
        text = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise CreationRefused("InvalidConfigurationRequest", text)


def _has_certificate(request: ResourceRequest, values: Values) -> None:
    protocol = values.get("protocol")
    if protocol in ("HTTPS", "TLS") and values.get("certificateArn") is None:
        raise CreationRefused("ValidationError", f"A certificate must be specified for {protocol} listeners")


def _refused_by_provider(resource: str) -> Unique:
    """The provider looks itself whether a load balancer of that name is there."""
    return Unique("", f"ELBv2 {resource} ({{name}}) already exists", call=("", ""))


_NAME_FORMS: Final = (
    NameForm(r".{0,32}", '"name" cannot be longer than 32 characters: "{name}"'),
    NameForm(r"[0-9A-Za-z-]*", 'only alphanumeric characters and hyphens allowed in "name": "{name}"'),
    NameForm(r"(?!-).*", '"name" cannot begin with a hyphen: "{name}"'),
    NameForm(r".*(?<!-)", '"name" cannot end with a hyphen: "{name}"'),
)


def _load_balancers_account(lookup: Lookup) -> Values:
    account = facts_of(lookup.region).get("load_balancer_account")
    if account is None:
        raise not_found(f"unsupported AWS Region: {lookup.region}")
    return {"id": account, "arn": f"arn:{lookup.partition.name}:iam::{account}:root"}


SPECS = {
    "lb.LoadBalancer": ResourceSpec(
        creation=(
            "Elastic Load Balancing v2",
            "CreateLoadBalancer",
            "creating ELBv2 {loadBalancerType} Load Balancer ({name})",
        ),
        id="{arn}",
        arn=_ARN + "loadbalancer/{arnSuffix}",
        generated="tf-lb-",
        defaults={
            "arnSuffix": _arn_suffix,
            "ipAddressType": "ipv4",
            "desyncMitigationMode": "defensive",
            "dropInvalidHeaderFields": False,
            "enableCrossZoneLoadBalancing": lambda request, values: _letters(values) == "app",
            "enableTlsVersionAndCipherSuiteHeaders": False,
            "idleTimeout": 60,
            "clientKeepAlive": 3600,
            "xffHeaderProcessingMode": "append",
            "securityGroups": [],
        },
        computed={
            "dnsName": _dns_name,
            "zoneId": _zone_id,
            "vpcId": ec2_subnets.of_subnet("vpcId", "subnets"),
        },
        unique=_refused_by_provider("Load Balancer"),
        rules=(_spans_zones,),
        name_forms=(
            *_NAME_FORMS,
            NameForm(r"(?!internal-).*", '"name" cannot begin with "internal-": "{name}"'),
        ),
        references=(
            Reference(
                "SubnetNotFound", "The subnet ID '{value}' does not exist", name="subnets", target=SUBNET
            ),
        ),
        deletion=("Elastic Load Balancing v2", "DeleteLoadBalancer", "deleting ELBv2 Load Balancer ({arn})"),
        guards=(
            DeletionGuard(
                "OperationNotPermitted",
                "Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
                flag=("enableDeletionProtection", True),
            ),
        ),
        holds={"securityGroups": SECURITY_GROUP, "subnets": SUBNET},
        data_sources={
            "lb.getLoadBalancer": FindOne({"arn": "arn", "name": "name"}, what="ELBv2 Load Balancer")
        },
        force_new=("customerOwnedIpv4Pool", "internal", "loadBalancerType"),
    ),
    "lb.Listener": ResourceSpec(
        creation=(
            "Elastic Load Balancing v2",
            "CreateListener",
            "creating ELBv2 Listener ({loadBalancerArn})",
        ),
        id="{arn}",
        defaults={
            "arn": _below("listener", "loadBalancerArn"),
            "protocol": "HTTP",
            "routingHttpResponseServerEnabled": True,
        },
        rules=(_has_certificate,),
        references=(
            Reference(
                "LoadBalancerNotFound",
                "One or more load balancers not found",
                name="loadBalancerArn",
                target="lb.LoadBalancer",
            ),
        ),
        data_sources={
            "lb.getListener": FindOne(
                {"arn": "arn", "loadBalancerArn": "loadBalancerArn", "port": "port"},
                "reading ELBv2 Listener ({arn|loadBalancerArn}): couldn't find resource",
            )
        },
    ),
    "lb.ListenerRule": ResourceSpec(id="{arn}", defaults={"arn": _below("listener-rule", "listenerArn")}),
    "lb.ListenerCertificate": ResourceSpec(id="{listenerArn}_{certificateArn}"),
    "lb.TargetGroup": ResourceSpec(
        creation=("Elastic Load Balancing v2", "CreateTargetGroup", "creating ELBv2 Target Group ({name})"),
        id="{arn}",
        arn=_ARN + "{arnSuffix}",
        generated="tf-",
        defaults={
            "arnSuffix": "targetgroup/{name}/{hex16}",
            "deregistrationDelay": 300,
            "slowStart": 0,
            "ipAddressType": "ipv4",
            "protocolVersion": when("protocol", _HTTP, "HTTP1"),
            "lambdaMultiValueHeadersEnabled": False,
            "loadBalancingAlgorithmType": when("protocol", _HTTP, "round_robin"),
            "loadBalancingAnomalyMitigation": "off",
            "healthCheck": when("protocol", _HTTP, _HEALTH_CHECK, UNKNOWN),
        },
        computed={"loadBalancerArns": []},
        unique=_refused_by_provider("Target Group"),
        name_forms=_NAME_FORMS,
        references=(
            Reference("ValidationError", "The VPC ID '{value}' is not found", name="vpcId", target=VPC),
        ),
        deletion=("Elastic Load Balancing v2", "DeleteTargetGroup", "deleting ELBv2 Target Group ({arn})"),
        guards=(
            DeletionGuard(
                "ResourceInUse",
                "Target group '{arn}' is currently in use by a listener or a rule",
                users=(("lb.Listener", "defaultActions"), ("lb.ListenerRule", "actions")),
            ),
        ),
        data_sources={
            "lb.getTargetGroup": FindOne({"arn": "arn", "name": "name"}, what="ELBv2 Target Group")
        },
    ),
    "lb.TargetGroupAttachment": ResourceSpec(
        id="{targetGroupArn}-{digits26}", force_new=("availabilityZone", "port")
    ),
    "elb.LoadBalancer": ResourceSpec(
        generated="tf-lb-",
        defaults={
            "desyncMitigationMode": "defensive",
            "internal": False,
            "instances": [],
            "sourceSecurityGroup": "{account}/default_elb",
        },
        computed={"dnsName": _dns_name, "zoneId": _zone_id, "sourceSecurityGroupId": "sg-{hex17}"},
    ),
}
# The SDK has these types and data sources under two modules.
_TWICE = [*SPECS, *(name for spec in SPECS.values() for name in spec.data_sources)]
ALIASES = {name.replace("lb.", "alb.", 1): name for name in _TWICE if name.startswith("lb.")}


def _zone_in_region(lookup: Lookup) -> Values:
    """The hosted zone of the load balancers of a region: those of Application and Classic ones share it."""
    kind = "network_zone" if lookup.args.get("loadBalancerType") == "network" else "application_zone"
    return {"id": hosted_zone(kind, lookup.args.get("region", lookup.region))}


DATA_SOURCES = {
    "elb.getHostedZoneId": _zone_in_region,
    "lb.getHostedZoneId": _zone_in_region,
    "elb.getServiceAccount": _load_balancers_account,
}
