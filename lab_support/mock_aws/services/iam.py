"""IAM: users, roles, groups and identity providers."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.data import read
from lab_support.mock_aws.find_resources import FindAll, FindOne, find_by
from lab_support.mock_aws.lookup import Lookup, Values, not_found
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Autoname, DeletionGuard, ResourceSpec, Unique
from lab_support.mock_aws.services import iam_rules
from lab_support.mock_aws.services.iam_attachments import attaching, policies_of_role
from lab_support.mock_aws.services.iam_common import named_spec, principal_exists, unique_name
from lab_support.plan.resource import kind_of
from lab_support.plan.values import UNKNOWN


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
    name = read("service_linked_roles")["roles"].get(
        service, f"AWSServiceRoleFor{first[:1].upper()}{first[1:]}"
    )
    return f"{name}_{suffix}" if suffix else name


_CONFLICT = "DeleteConflict"

_ROLE = (
    iam_rules.name_fits,
    iam_rules.policy_is_json,
    iam_rules.trust_is_well_formed,
    iam_rules.policies_in_role,
)


def _session(lookup: Lookup) -> Values:
    """The role behind a session's ARN; any other ARN is its own issuer."""
    arn = str(lookup.args.get("arn"))
    if ":assumed-role/" not in arn:
        return {"id": arn, "issuerArn": arn, "issuerId": "", "issuerName": "", "sessionName": ""}
    _, role, session = arn.split("/", 2)
    held = next((r for r in lookup.resources() if r.values.get("name") == role), None)
    if held is None:
        raise not_found(f"unable to get role ({role}): couldn't find resource")
    return {
        "id": arn,
        "issuerArn": held.values.get("arn"),
        "issuerId": held.values.get("uniqueId"),
        "issuerName": role,
        "sessionName": session,
    }


def _aliases(lookup: Lookup) -> Values:
    raise not_found(f"reading IAM Account Alias ({lookup.account.id}): empty result")


SPECS = {
    "iam.Role": named_spec(
        "Role",
        "role",
        "AROA",
        rules=_ROLE,
        defaults={"inlinePolicies": [], "managedPolicyArns": [], "maxSessionDuration": 3600},
        autoname=Autoname(longest=64),
        creation=("IAM", "CreateRole", "creating IAM Role ({name})"),
        unique=unique_name("Role"),
        inline={"inlinePolicies": kind_of(iam_rules.ROLE_POLICY)},
        **attaching(policies_of_role("managedPolicyArns", "name")),
        deletion=("IAM", "DeleteRole", "deleting IAM Role ({id})"),
        guards=(
            DeletionGuard(
                _CONFLICT,
                "Cannot delete entity, must detach all policies first.",
                users=((iam_rules.ATTACHMENT, "role"), ("iam.PolicyAttachment", "roles")),
                unless="forceDetachPolicies",
            ),
            DeletionGuard(
                _CONFLICT,
                "Cannot delete entity, must delete policies first.",
                users=((iam_rules.ROLE_POLICY, "role"),),
                unless="forceDetachPolicies",
            ),
        ),
        data_sources={
            "iam.getRole": find_by("name", "IAM Role"),
            "iam.getRoles": FindAll({"arns": "arn", "names": "name"}, {"nameRegex": "~name"}),
            "iam.getSessionContext": _session,
        },
    ),
    "iam.User": named_spec(
        "User",
        "user",
        "AIDA",
        defaults={"forceDestroy": False},
        creation=("IAM", "CreateUser", "creating IAM User ({name})"),
        unique=unique_name("User"),
        deletion=("IAM", "DeleteUser", "deleting IAM User ({id})"),
        guards=(
            DeletionGuard(
                _CONFLICT,
                "Cannot delete entity, must detach all policies first.",
                users=(("iam.UserPolicyAttachment", "user"),),
                unless="forceDestroy",
            ),
            DeletionGuard(
                _CONFLICT,
                "Cannot delete entity, must delete access keys first.",
                users=(("iam.AccessKey", "user"),),
                unless="forceDestroy",
            ),
        ),
        data_sources={
            "iam.getUser": find_by(
                "userName", "IAM User", "name", gives={"userId": "uniqueId", "userName": "name"}
            ),
            "iam.getUsers": FindAll({"arns": "arn", "names": "name"}, {"nameRegex": "~name"}),
        },
        in_place=("name",),
    ),
    "iam.Group": named_spec(
        "Group",
        "group",
        "AGPA",
        creation=("IAM", "CreateGroup", "creating IAM Group ({name})"),
        unique=unique_name("Group"),
        data_sources={
            "iam.getGroup": find_by("groupName", "IAM Group", "name", gives={"groupId": "uniqueId"})
        },
        in_place=("name",),
    ),
    "iam.InstanceProfile": named_spec(
        "Instance Profile",
        "instance-profile",
        "AIPA",
        creation=("IAM", "CreateInstanceProfile", "creating IAM Instance Profile ({name})"),
        unique=unique_name("Instance Profile", "Instance Profile {name} already exists."),
        references=(
            principal_exists(
                "role", "Role", "AddRoleToInstanceProfile", "creating IAM Instance Profile ({name})"
            ),
        ),
        data_sources={"iam.getInstanceProfile": find_by("name", "IAM Instance Profile")},
    ),
    "iam.AccessKey": ResourceSpec(
        id="AKIA{upper16}",
        computed={
            "secret": "{lower40}",
            "sesSmtpPasswordV4": "{lower44:smtp}",
            "encryptedSecret": "",
            "encryptedSesSmtpPasswordV4": "",
            "keyFingerprint": "",
        },
        creation=("IAM", "CreateAccessKey", "creating IAM Access Key ({user})"),
        references=(principal_exists("user", "User"),),
        force_new=("pgpKey", "user"),
    ),
    "iam.UserLoginProfile": ResourceSpec(
        id="{user}",
        defaults={"passwordLength": 20, "passwordResetRequired": False},
        computed={"password": "{lower20}", "encryptedPassword": "", "keyFingerprint": ""},
    ),
    "iam.GroupMembership": ResourceSpec(id="{name}"),
    "iam.UserGroupMembership": ResourceSpec(id="terraform-{digits26}"),
    "iam.OpenIdConnectProvider": ResourceSpec(
        creation=("IAM", "CreateOpenIDConnectProvider", "creating IAM OIDC Provider"),
        id="{arn}",
        defaults={"arn": _without_scheme},
        is_global=True,
        name="url",
        unique=Unique("EntityAlreadyExists", "Provider with url {url} already exists."),
        data_sources={
            "iam.getOpenIdConnectProvider": FindOne(
                {"arn": "arn", "url": "url"}, "reading IAM OIDC Provider ({arn|url}): couldn't find resource"
            )
        },
        force_new=("url",),
    ),
    "iam.AccountAlias": ResourceSpec(id="{accountAlias}"),
    "iam.AccountPasswordPolicy": ResourceSpec(
        id="iam-account-password-policy", defaults={"minimumPasswordLength": 6}, overwrites=()
    ),
    "iam.ServiceLinkedRole": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:iam::{account}:role/aws-service-role/{awsServiceName}/{name}",
        defaults={"name": _service_role},
        computed={"path": "/aws-service-role/{awsServiceName}/", "uniqueId": "AROA{upper17}"},
    ),
}
DATA_SOURCES = {"iam.getAccountAlias": _aliases}

# The identity provider for the tokens of GitHub's workflows: its type, and its properties by wire name.
GITHUB_PROVIDER: tuple[str, dict[str, Any]] = (
    "iam.OpenIdConnectProvider",
    {"url": "https://token.actions.githubusercontent.com", "clientIdLists": ["sts.amazonaws.com"]},
)
