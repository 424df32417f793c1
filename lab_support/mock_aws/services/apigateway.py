"""API Gateway, version 1: REST APIs.

Formats: API Gateway Developer Guide, "ARN format reference"; addresses: "Invoke REST APIs". The ids of what lies inside
an API are those that the provider makes (`agm-API-RESOURCE-METHOD`).
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.data.regions import CLOUDFRONT_ZONE
from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.follows import of_named
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest, fields_of
from lab_support.mock_aws.resource_spec import Reference, ResourceSpec, Unique
from lab_support.mock_aws.templates import render
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:apigateway:{region}::"

_EXECUTE = "arn:{partition}:execute-api:{region}:{account}:"

_RESOURCE = "aws:apigateway/resource:Resource"

_KEY = "aws:apigateway/apiKey:ApiKey"


def _path(request: ResourceRequest, values: Values) -> Any:
    """The path of a resource: its parent's, and its own part."""
    parent, part = request.account.find(values.get("parentId"), _RESOURCE), values.get("pathPart")
    if not isinstance(part, str) or not isinstance(values.get("parentId"), str):
        return UNKNOWN
    return f"{parent.values['path']}/{part}" if parent else f"/{part}"


def _is_edge(values: Values) -> bool:
    """Whether a domain name is served by CloudFront: it is where its certificate is not a regional one."""
    return values.get("regionalCertificateArn") is None and values.get("regionalCertificateName") is None


def _of_kind(edge: bool, value: str) -> Any:
    def found(request: ResourceRequest, values: Values) -> Any:
        return render(value, fields_of(request, values)) if _is_edge(values) is edge else ""

    return found


def drawn_id(length: int = 6, **more: Any) -> ResourceSpec:
    """Something in an API with an id that API Gateway draws."""
    return ResourceSpec(id=f"{{lower{length}}}", **more)


def _rest_api_exists(operation: str, resource: str) -> Reference:
    return Reference(
        "NotFoundException",
        "Invalid API identifier specified {account}:{value}",
        call=("API Gateway", operation),
        doing=f"creating API Gateway {resource}",
        name="restApi",
        target="apigateway.RestApi",
    )


SPECS = {
    "apigateway.RestApi": ResourceSpec(
        defaults={
            "apiKeySource": "HEADER",
            "binaryMediaTypes": [],
            "description": "",
            "endpointConfiguration": {"types": "EDGE", "ipAddressType": "ipv4", "vpcEndpointIds": []},
            "minimumCompressionSize": "",
            "policy": "",
        },
        computed={"executionArn": _EXECUTE + "{id}", "rootResourceId": "{lower10:root}"},
        inline={"policy": "apigateway.RestApiPolicy"},
        data_sources={
            "apigateway.getRestApi": FindOne(
                {"name": "name"}, "no REST APIs with name {name} found in this region"
            )
        },
    ),
    "apigateway.Resource": drawn_id(
        creation=("API Gateway", "CreateResource", "creating API Gateway Resource"),
        computed={"path": _path},
        name="pathPart",
        unique=Unique(
            "ConflictException",
            "Another resource with the same parent already has this name: {pathPart}",
            within=("region", "restApi", "parentId"),
        ),
        references=(_rest_api_exists("CreateResource", "Resource"),),
        force_new=("restApi",),
        in_place=("parentId", "pathPart"),
    ),
    "apigateway.Method": ResourceSpec(
        creation=("API Gateway", "PutMethod", "creating API Gateway Method"),
        id="agm-{restApi}-{resourceId}-{httpMethod}",
        defaults={"apiKeyRequired": False},
        name="httpMethod",
        unique=Unique(
            "ConflictException",
            "Method already exists for this resource",
            within=("region", "restApi", "resourceId"),
        ),
        references=(_rest_api_exists("PutMethod", "Method"),),
    ),
    "apigateway.MethodResponse": ResourceSpec(id="agmr-{restApi}-{resourceId}-{httpMethod}-{statusCode}"),
    "apigateway.Integration": ResourceSpec(
        id="agi-{restApi}-{resourceId}-{httpMethod}",
        defaults={
            "cacheNamespace": "{resourceId}",
            "connectionType": "INTERNET",
            "passthroughBehavior": "WHEN_NO_MATCH",
            "timeoutMilliseconds": 29000,
        },
        overwrites=("restApi", "resourceId", "httpMethod"),
        force_new=("integrationHttpMethod", "type"),
    ),
    "apigateway.IntegrationResponse": ResourceSpec(
        id="agir-{restApi}-{resourceId}-{httpMethod}-{statusCode}"
    ),
    "apigateway.Deployment": drawn_id(
        references=(_rest_api_exists("CreateDeployment", "Deployment"),), force_new=("restApi", "triggers")
    ),
    "apigateway.Stage": ResourceSpec(
        creation=("API Gateway", "CreateStage", "creating API Gateway Stage ({stageName})"),
        id="ags-{restApi}-{stageName}",
        arn=_ARN + "/restapis/{restApi}/stages/{stageName}",
        defaults={"cacheClusterEnabled": False},
        computed={
            "executionArn": _EXECUTE + "{restApi}/{stageName}",
            "invokeUrl": "https://{restApi}.execute-api.{region}.{dns_suffix}/{stageName}",
            "webAclArn": "",
        },
        name="stageName",
        unique=Unique("ConflictException", "Stage already exists", within=("region", "restApi")),
    ),
    "apigateway.MethodSettings": ResourceSpec(id="{restApi}-{stageName}-{methodPath}"),
    "apigateway.Account": ResourceSpec(
        computed={
            "apiKeyVersion": "4",
            "features": ["UsagePlans"],
            "throttleSettings": [{"burstLimit": 5000, "rateLimit": 10000}],
        }
    ),
    "apigateway.ApiKey": drawn_id(
        10, arn=_ARN + "/apikeys/{id}", defaults={"description": "Managed by Pulumi", "value": "{lower40}"}
    ),
    "apigateway.UsagePlan": drawn_id(arn=_ARN + "/usageplans/{id}"),
    "apigateway.UsagePlanKey": ResourceSpec(
        computed={"name": of_named("keyId", _KEY, "name"), "value": of_named("keyId", _KEY, "value")}
    ),
    "apigateway.Authorizer": drawn_id(arn=_ARN + "/restapis/{restApi}/authorizers/{id}"),
    "apigateway.RequestValidator": drawn_id(),
    "apigateway.Model": drawn_id(),
    "apigateway.Response": ResourceSpec(
        id="aggr-{restApi}-{responseType}", overwrites=("restApiId", "responseType")
    ),
    "apigateway.RestApiPolicy": ResourceSpec(id="{restApiId}", overwrites=("restApiId",)),
    "apigateway.VpcLink": drawn_id(arn=_ARN + "/vpclinks/{id}"),
    "apigateway.DomainName": ResourceSpec(
        defaults={"routingMode": "BASE_PATH_MAPPING_ONLY", "securityPolicy": "TLS_1_2"},
        computed={
            "certificateUploadDate": "",
            "cloudfrontDomainName": _of_kind(True, "d{lower13}.cloudfront.net"),
            "cloudfrontZoneId": CLOUDFRONT_ZONE,
            "domainNameId": "",
            "regionalDomainName": _of_kind(False, "d-{lower10}.execute-api.{region}.{dns_suffix}"),
        },
    ),
    "apigateway.BasePathMapping": ResourceSpec(
        id=lambda request, values: (
            UNKNOWN
            if values.get("domainName") is UNKNOWN or values.get("basePath") is UNKNOWN
            else f"{values.get('domainName')}/{values.get('basePath', '')}"
        )
    ),
}
