"""IAM: roles and policies, the names that are unique in an account, and the documents that it takes."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ApiRule, Computed, ResourceSpec
from lab_support.mock_aws.services import iam_rules as rules
from lab_support.plan.values import UNKNOWN


def _named(
    thing: str,
    path: str,
    unique: str,
    id: str = "{name}",
    checks: tuple[ApiRule, ...] = (),
    **more: dict[str, Computed],
) -> ResourceSpec:
    """A thing with a name and a path; `unique` is how its unique id begins (IAM User Guide, "IAM identifiers")."""
    unique_name = "policyId" if thing == "Policy" else "uniqueId"
    return ResourceSpec(
        id=id,
        arn=f"arn:{{partition}}:iam::{{account}}:{path}{{path}}{{name}}",
        generated="terraform-",
        defaults={"path": "/", **more.get("defaults", {})},
        computed={unique_name: f"{unique}{{upper17}}", **more.get("computed", {})},
        rules=checks,
    )


def _without_scheme(request: ResourceRequest, values: Values) -> Any:
    """The ARN of an OpenID Connect provider names its address without `https://`."""
    url = values.get("url")
    if not isinstance(url, str):
        return UNKNOWN
    return f"arn:{request.partition}:iam::{request.account.id}:oidc-provider/{url.removeprefix('https://')}"


def _service_role(request: ResourceRequest, values: Values) -> Any:
    """`AWSServiceRoleFor` and the service, which IAM writes in capitals of its own; here the first letter only."""
    service, suffix = values.get("awsServiceName"), values.get("customSuffix")
    if not isinstance(service, str) or suffix is UNKNOWN:
        return UNKNOWN
    first = service.partition(".")[0]
    name = _SERVICE_ROLES.get(service, f"AWSServiceRoleFor{first[:1].upper()}{first[1:]}")
    return f"{name}_{suffix}" if suffix else name


_SERVICE_ROLES = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "ecs.amazonaws.com": "AWSServiceRoleForECS",
    "eks.amazonaws.com": "AWSServiceRoleForAmazonEKS",
    "elasticache.amazonaws.com": "AWSServiceRoleForElastiCache",
    "elasticbeanstalk.amazonaws.com": "AWSServiceRoleForElasticBeanstalk",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "opensearchservice.amazonaws.com": "AWSServiceRoleForAmazonOpenSearchService",
    "rds.amazonaws.com": "AWSServiceRoleForRDS",
    "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
}


_ROLE = (rules.name_fits, rules.policy_is_json, rules.trust_is_well_formed, rules.policies_in_role)
_POLICY = (rules.name_fits, rules.policy_is_json, rules.policy_is_well_formed, rules.managed_policy_fits)
_ROLE_POLICY = (
    rules.name_fits,
    rules.policy_is_json,
    rules.role_exists,
    rules.policy_is_well_formed,
    rules.inline_policies_fit,
)

ROWS = {
    "iam.Role": _named(
        "Role",
        "role",
        "AROA",
        checks=_ROLE,
        defaults={
            "forceDetachPolicies": False,
            "inlinePolicies": [],
            "managedPolicyArns": [],
            "maxSessionDuration": 3600,
        },
    ),
    "iam.User": _named("User", "user", "AIDA", defaults={"forceDestroy": False}),
    "iam.Group": _named("Group", "group", "AGPA"),
    "iam.Policy": _named(
        "Policy",
        "policy",
        "ANPA",
        id="{arn}",
        checks=_POLICY,
        computed={"attachmentCount": 0},
    ),
    "iam.InstanceProfile": _named("Instance Profile", "instance-profile", "AIPA"),
    "iam.AccessKey": ResourceSpec(
        id="AKIA{upper16}",
        name="",
        defaults={"status": "Active"},
        computed={
            "secret": "{lower40}",
            "sesSmtpPasswordV4": "{lower44}",
            "encryptedSecret": "",
            "encryptedSesSmtpPasswordV4": "",
            "keyFingerprint": "",
        },
    ),
    "iam.UserLoginProfile": ResourceSpec(
        id="{user}",
        name="",
        defaults={"passwordLength": 20, "passwordResetRequired": False},
        computed={"password": "{lower20}", "encryptedPassword": "", "keyFingerprint": ""},
    ),
    "iam.UserPolicy": ResourceSpec(id="{user}:{name}", generated="terraform-"),
    "iam.GroupPolicy": ResourceSpec(id="{group}:{name}", generated="terraform-"),
    "iam.UserPolicyAttachment": ResourceSpec(id="{user}/{policyArn}", name=""),
    "iam.GroupPolicyAttachment": ResourceSpec(id="{group}/{policyArn}", name=""),
    "iam.GroupMembership": ResourceSpec(id="{name}"),
    "iam.UserGroupMembership": ResourceSpec(id="terraform-{digits26}", name=""),
    "iam.OpenIdConnectProvider": ResourceSpec(id="{arn}", name="", defaults={"arn": _without_scheme}),
    "iam.SamlProvider": ResourceSpec(id="{arn}", arn="arn:{partition}:iam::{account}:saml-provider/{name}"),
    "iam.AccountAlias": ResourceSpec(id="{accountAlias}", name=""),
    "iam.AccountPasswordPolicy": ResourceSpec(
        id="iam-account-password-policy", name="", defaults={"minimumPasswordLength": 6}
    ),
    "iam.RolePolicy": ResourceSpec(
        id="{role}:{name}",
        generated="terraform-",
        rules=_ROLE_POLICY,
        awaits={"role": rules.ROLE},
    ),
    "iam.RolePolicyAttachment": ResourceSpec(
        id="{role}/{policyArn}",
        name="",
        rules=(rules.role_exists, rules.attached_policy_exists),
        awaits={"role": rules.ROLE, "policyArn": rules.POLICY},
    ),
    "iam.PolicyAttachment": ResourceSpec(
        id="{name}",
        rules=(rules.role_exists, rules.attached_policy_exists),
        awaits={"policyArn": rules.POLICY},
    ),
    "iam.RolePoliciesExclusive": ResourceSpec(id="{roleName}", name=""),
    "iam.RolePolicyAttachmentsExclusive": ResourceSpec(id="{roleName}", name=""),
    "iam.ServiceLinkedRole": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:iam::{account}:role/aws-service-role/{awsServiceName}/{name}",
        name="",
        defaults={"name": _service_role},
        computed={"path": "/aws-service-role/{awsServiceName}/", "uniqueId": "AROA{upper17}"},
    ),
}
