"""EC2's security groups and their rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.default_network import SECURITY_GROUP, VPC, VPCS
from lab_support.mock_aws.find_resources import FindAll, FindOne, fits
from lab_support.mock_aws.lookup import Lookup, Values, single
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import DeletionGuard, NameForm, ResourceSpec, Unique, name_length
from lab_support.mock_aws.services.ec2_common import ARN, VPC_EXISTS, ec2_spec, security_group_exists
from lab_support.mock_aws.services.ec2_permissions import OWN, SEPARATE, rule_is_new
from lab_support.plan.values import UNKNOWN


def _default_group(request: ResourceRequest, values: Values) -> Any:
    """The group that came with the VPC; without one, with the default VPC."""
    wanted = values.get("vpcId")
    if wanted is None:
        return f"sg-{identifiers.hexadecimal(f'{request.account.id}:{request.region}', 17)}"
    vpc = request.account.find(wanted, *VPCS)
    return vpc.values.get("defaultSecurityGroupId", UNKNOWN) if vpc else UNKNOWN


_RULE = ResourceSpec(
    id="sgr-{hex17}",
    arn=ARN + "security-group-rule/{id}",
    name="",
    computed={"securityGroupRuleId": "{id}"},
    rules=(rule_is_new,),
    **SEPARATE,
)

_RULE_TYPES: Final = ("vpc.SecurityGroupIngressRule", "vpc.SecurityGroupEgressRule")


def _find_rule(lookup: Lookup) -> Values:
    wanted = lookup.args.get("securityGroupRuleId")
    found = [rule for rule in lookup.resources(*_RULE_TYPES) if wanted in (None, rule.id)]
    rule = single(found, "EC2 Security Group ApiRule")
    return {**rule.values, "id": rule.id, "isEgress": "Egress" in rule.type}


SPECS = {
    "ec2.SecurityGroup": ec2_spec(
        "sg",
        "security-group",
        creation=("EC2", "CreateSecurityGroup", "creating Security Group ({name})"),
        holds={"vpcId": VPC},
        # The provider takes away the rule that EC2 gives a new group, which lets everything out.
        defaults={"description": "Managed by Pulumi", "ingress": [], "egress": []},
        unique=Unique(
            "InvalidGroup.Duplicate",
            "The security group '{name}' already exists for VPC '{vpcId}'",
            within=("region", "vpcId"),
        ),
        name_forms=(
            name_length("name", 0, 255),
            NameForm(r"(?!sg-).*", "invalid value for name (cannot begin with sg-)"),
        ),
        references=(VPC_EXISTS,),
        deletion=("EC2", "DeleteSecurityGroup", "deleting Security Group ({id})"),
        guards=(DeletionGuard("DependencyViolation", "resource {id} has a dependent object"),),
        data_sources={
            "ec2.getSecurityGroup": FindOne(
                {"id": "id", "name": "name", "vpcId": "vpcId"}, what="EC2 Security Group"
            ),
            "ec2.getSecurityGroups": FindAll({"ids": "id", "arns": "arn", "vpcIds": "vpcId"}),
        },
        force_new=("description",),
        **OWN,
    ),
    "ec2.SecurityGroupRule": ResourceSpec(
        id="sgrule-{digits10}",
        holds={"sourceSecurityGroupId": SECURITY_GROUP},
        defaults={"self": False},
        computed={"securityGroupRuleId": "sgr-{hex17}"},
        rules=(rule_is_new,),
        **SEPARATE,
        force_new=(
            *("cidrBlocks", "fromPort", "ipv6CidrBlocks", "prefixListIds", "protocol", "securityGroupId"),
            *("self", "sourceSecurityGroupId", "toPort", "type"),
        ),
    ),
    "vpc.SecurityGroupIngressRule": replace(
        _RULE,
        creation=("EC2", "AuthorizeSecurityGroupIngress", "creating VPC Security Group Rule"),
        references=(security_group_exists("securityGroupId"),),
        force_new=("securityGroupId",),
    ),
    "vpc.SecurityGroupEgressRule": replace(
        _RULE,
        creation=("EC2", "AuthorizeSecurityGroupEgress", "creating VPC Security Group Rule"),
        references=(security_group_exists("securityGroupId"),),
        force_new=("securityGroupId",),
    ),
    "ec2.DefaultSecurityGroup": ResourceSpec(
        id=_default_group,
        arn=ARN + "security-group/{id}",
        defaults={"ingress": [], "egress": []},
        computed={"namePrefix": "", "name": "default", "description": "default VPC security group"},
    ),
}
DATA_SOURCES = {
    "vpc.getSecurityGroupRule": _find_rule,
    "vpc.getSecurityGroupRules": lambda lookup: {
        "ids": [rule.id for rule in lookup.resources(*_RULE_TYPES) if fits(rule, lookup, {})]
    },
}
