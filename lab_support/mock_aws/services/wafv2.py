"""WAF: web ACLs, rule groups and IP sets."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ResourceSpec, Unique
from lab_support.plan.values import UNKNOWN


def _firewall(resource: str) -> Any:
    """The ARN of a part of WAF: that of a region, or the global one for CloudFront."""

    def found(request: ResourceRequest, values: Values) -> Any:
        name, scope = values.get("name"), values.get("scope")
        if not isinstance(name, str) or not isinstance(scope, str):
            return UNKNOWN
        place = "global" if scope == "CLOUDFRONT" else "regional"
        region = "us-east-1" if scope == "CLOUDFRONT" else request.region
        lead = f"arn:{request.partition}:wafv2:{region}:{request.account.id}"
        return f"{lead}:{place}/{resource}/{name}/{identifiers.uuid_of(request.seed)}"

    return found


SPECS = {
    "wafv2.WebAcl": ResourceSpec(
        creation=("WAFV2", "CreateWebACL", "creating WAFv2 WebACL ({name})"),
        id="{uuid}",
        generated="terraform-",
        defaults={"arn": _firewall("webacl")},
        computed={"applicationIntegrationUrl": "", "lockToken": "{uuid:lock}"},
        unique=Unique(
            "WAFDuplicateItemException",
            "AWS WAF couldn’t perform the operation because some resource in your request is a "
            "duplicate of an existing "
            "one.",
            within=("region", "scope"),
        ),
    ),
    "wafv2.IpSet": ResourceSpec(
        id="{uuid}", defaults={"arn": _firewall("ipset")}, computed={"lockToken": "{uuid:lock}"}
    ),
    "wafv2.RuleGroup": ResourceSpec(
        id="{uuid}",
        generated="terraform-",
        defaults={"arn": _firewall("rulegroup")},
        computed={"lockToken": "{uuid:lock}"},
    ),
    "wafv2.WebAclAssociation": ResourceSpec(id="{webAclArn},{resourceArn}", overwrites=("resourceArn",)),
    "wafv2.WebAclLoggingConfiguration": ResourceSpec(overwrites=("resourceArn",)),
}
