"""Cognito: user pools, their clients and users, and identity pools."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import hosted_zones, identifiers
from lab_support.mock_aws.find_resources import FindAll, find_by
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import DeletionGuard, ResourceSpec
from lab_support.plan.values import UNKNOWN


def _client_secret(request: ResourceRequest, values: Values) -> str:
    """Only a client that asks for a secret gets one."""
    return identifiers.lower(request.seed, 51) if values.get("generateSecret") is True else ""


def _scopes(request: ResourceRequest, values: Values) -> Any:
    """Each scope with the server before it, as a client asks for it."""
    scopes, server = values.get("scopes", []), values.get("identifier")
    if not isinstance(scopes, list) or not isinstance(server, str):
        return UNKNOWN
    return [f"{server}/{scope.get('scopeName')}" if isinstance(scope, dict) else UNKNOWN for scope in scopes]


_TEXTS: dict[str, Any] = {"deletionProtection": "INACTIVE", "mfaConfiguration": "OFF"}

SPECS = {
    "cognito.UserPool": ResourceSpec(
        id="{region}_{upper9}",
        arn="arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}",
        defaults={**_TEXTS, "userPoolTier": "ESSENTIALS"},
        computed={
            "customDomain": "",
            "domain": "",
            "endpoint": "cognito-idp.{region}.{dns_suffix}/{id}",
            "estimatedNumberOfUsers": 0,
        },
        guards=(
            DeletionGuard(
                "InvalidParameterException",
                "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be "
                "inactivated first.",
                call=("Cognito Identity Provider", "DeleteUserPool"),
                doing="deleting Cognito User Pool ({id})",
                flag=("deletionProtection", "ACTIVE"),
            ),
        ),
        data_sources={
            "cognito.getUserPool": find_by("userPoolId", "Cognito User Pool", "id"),
            "cognito.getUserPools": FindAll({"ids": "id", "arns": "arn"}, {"name": "name"}),
        },
        force_new=("aliasAttributes", "usernameAttributes"),
    ),
    "cognito.UserPoolClient": ResourceSpec(
        id="{lower26}",
        defaults={
            "accessTokenValidity": 0,
            "allowedOauthFlowsUserPoolClient": False,
            "authSessionValidity": 3,
            "enableTokenRevocation": True,
            "idTokenValidity": 0,
            "refreshTokenValidity": 30,
        },
        computed={"clientSecret": _client_secret},
        in_place=("name",),
    ),
    "cognito.UserPoolDomain": ResourceSpec(
        id="{domain}",
        computed={
            "cloudfrontDistribution": "d{lower13}.cloudfront.net",
            "cloudfrontDistributionArn": "d{lower13}.cloudfront.net",
            "cloudfrontDistributionZoneId": hosted_zones.CLOUDFRONT,
            "s3Bucket": "aws-cognito-prod-{region_code}-assets",
            "version": "20250101000000",
        },
    ),
    "cognito.UserGroup": ResourceSpec(id="{userPoolId}/{name}"),
    "cognito.User": ResourceSpec(
        id="{userPoolId}/{username}",
        computed={"status": "FORCE_CHANGE_PASSWORD", "sub": "{uuid}"},
    ),
    "cognito.ResourceServer": ResourceSpec(
        id="{userPoolId}|{identifier}", computed={"scopeIdentifiers": _scopes}
    ),
    "cognito.IdentityProvider": ResourceSpec(id="{userPoolId}:{providerName}"),
    "cognito.IdentityPool": ResourceSpec(
        id="{region}:{uuid}",
        arn="arn:{partition}:cognito-identity:{region}:{account}:identitypool/{id}",
        defaults={"allowUnauthenticatedIdentities": False},
        name="identityPoolName",
    ),
    "cognito.IdentityPoolRoleAttachment": ResourceSpec(id="{identityPoolId}"),
}
