"""Cognito: user pools, their clients and users, and identity pools."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.data.regions import CLOUDFRONT_ZONE
from lab_support.mock_aws.find_resources import FindAll, find_by
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import DeletionGuard, ResourceSpec
from lab_support.plan.values import UNKNOWN


def _scopes(request: ResourceRequest, values: Values) -> Any:
    """Each scope with the server before it, as a client asks for it."""
    scopes, server = values.get("scopes", []), values.get("identifier")
    if not isinstance(scopes, list) or not isinstance(server, str):
        return UNKNOWN
    return [f"{server}/{scope.get('scopeName')}" if isinstance(scope, dict) else UNKNOWN for scope in scopes]


SPECS = {
    "cognito.UserPool": ResourceSpec(
        id="{region}_{upper9}",
        arn="arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}",
        defaults={"mfaConfiguration": "OFF", "userPoolTier": "ESSENTIALS"},
        computed={
            "customDomain": "",
            "domain": "",
            "endpoint": "cognito-idp.{region}.{dns_suffix}/{id}",
            "estimatedNumberOfUsers": 0,
        },
        deletion=("Cognito Identity Provider", "DeleteUserPool", "deleting Cognito User Pool ({id})"),
        guards=(
            DeletionGuard(
                "InvalidParameterException",
                "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be "
                "inactivated first.",
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
        computed={"clientSecret": when("generateSecret", True, "{lower51}")},
        in_place=("name",),
    ),
    "cognito.UserPoolDomain": ResourceSpec(
        id="{domain}",
        computed={
            "cloudfrontDistribution": "d{lower13}.cloudfront.net",
            "cloudfrontDistributionArn": "d{lower13}.cloudfront.net",
            "cloudfrontDistributionZoneId": CLOUDFRONT_ZONE,
            "s3Bucket": "aws-cognito-prod-{region_code}-assets",
            "version": "20250101000000",
        },
    ),
    "cognito.User": ResourceSpec(computed={"status": "FORCE_CHANGE_PASSWORD", "sub": "{uuid}"}),
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
}
