"""API Gateway: REST APIs (version 1), and HTTP and WebSocket APIs (version 2).

Formats: API Gateway Developer Guide, "ARN format reference"; addresses: "Invoke REST APIs" and "Publish HTTP APIs".
The ids of what lies inside an API are those that the provider makes (`agm-API-RESOURCE-METHOD`).
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import hosted_zones
from lab_support.mock_aws.request import ResourceRequest, Values, fields_of
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.templates import render
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:apigateway:{region}::"
_EXECUTE = "arn:{partition}:execute-api:{region}:{account}:"
_RESOURCE = "aws:apigateway/resource:Resource"
_API = "aws:apigatewayv2/api:Api"


def _path(request: ResourceRequest, values: Values) -> Any:
    """The path of a resource: its parent's, and its own part."""
    parent, part = request.account.find(values.get("parentId"), _RESOURCE), values.get("pathPart")
    if not isinstance(part, str) or not isinstance(values.get("parentId"), str):
        return UNKNOWN
    return f"{parent.values['path']}/{part}" if parent else f"/{part}"


def _of_key(property: str) -> Any:
    """A property of the API key that a usage plan is opened to."""

    def found(request: ResourceRequest, values: Values) -> Any:
        key = request.account.find(values.get("keyId"), "aws:apigateway/apiKey:ApiKey")
        return key.values.get(property, UNKNOWN) if key else UNKNOWN

    return found


def _scheme(values: Any) -> str:
    return "wss" if values.get("protocolType") == "WEBSOCKET" else "https"


def _api_endpoint(request: ResourceRequest, values: Values) -> Any:
    identity = values["id"]
    return f"{_scheme(values)}://{identity}.execute-api.{request.region}.amazonaws.com"


def _stage_url(request: ResourceRequest, values: Values) -> Any:
    """Where a stage of an HTTP or WebSocket API is called; the stage `$default` at the root."""
    api, name = values.get("apiId"), values.get("name")
    if not isinstance(api, str) or not isinstance(name, str):
        return UNKNOWN
    found = request.account.find(api, _API)
    scheme = _scheme(found.values) if found else "https"
    return f"{scheme}://{api}.execute-api.{request.region}.amazonaws.com/{'' if name == '$default' else name}"


def _is_edge(values: Values) -> bool:
    """Whether a domain name is served by CloudFront: it is where its certificate is not a regional one."""
    return values.get("regionalCertificateArn") is None and values.get("regionalCertificateName") is None


def _of_kind(edge: bool, value: str) -> Any:
    def found(request: ResourceRequest, values: Values) -> Any:
        return render(value, fields_of(request, values)) if _is_edge(values) is edge else ""

    return found


def _drawn(length: int = 6, **more: Any) -> ResourceSpec:
    """Something in an API with an id that API Gateway draws."""
    return ResourceSpec(id=f"{{lower{length}}}", name=more.pop("name", ""), **more)


_V1 = {
    "apigateway.RestApi": ResourceSpec(
        id="{lower10}",
        arn=_ARN + "/restapis/{id}",
        defaults={
            "apiKeySource": "HEADER",
            "binaryMediaTypes": [],
            "description": "",
            "disableExecuteApiEndpoint": False,
            "endpointConfiguration": {"types": "EDGE", "ipAddressType": "ipv4", "vpcEndpointIds": []},
            "failOnWarnings": False,
            "minimumCompressionSize": "",
            "policy": "",
        },
        computed={"executionArn": _EXECUTE + "{id}", "rootResourceId": "{lower10:root}"},
    ),
    "apigateway.Resource": _drawn(computed={"path": _path}),
    "apigateway.Method": ResourceSpec(
        id="agm-{restApi}-{resourceId}-{httpMethod}", name="", defaults={"apiKeyRequired": False}
    ),
    "apigateway.MethodResponse": ResourceSpec(
        id="agmr-{restApi}-{resourceId}-{httpMethod}-{statusCode}", name=""
    ),
    "apigateway.Integration": ResourceSpec(
        id="agi-{restApi}-{resourceId}-{httpMethod}",
        name="",
        defaults={
            "cacheNamespace": "{resourceId}",
            "connectionType": "INTERNET",
            "passthroughBehavior": "WHEN_NO_MATCH",
            "responseTransferMode": "BUFFERED",
            "timeoutMilliseconds": 29000,
        },
    ),
    "apigateway.IntegrationResponse": ResourceSpec(
        id="agir-{restApi}-{resourceId}-{httpMethod}-{statusCode}", name=""
    ),
    "apigateway.Deployment": _drawn(),
    "apigateway.Stage": ResourceSpec(
        id="ags-{restApi}-{stageName}",
        arn=_ARN + "/restapis/{restApi}/stages/{stageName}",
        name="",
        defaults={"xrayTracingEnabled": False, "cacheClusterEnabled": False},
        computed={
            "executionArn": _EXECUTE + "{restApi}/{stageName}",
            "invokeUrl": "https://{restApi}.execute-api.{region}.amazonaws.com/{stageName}",
            "webAclArn": "",
        },
    ),
    "apigateway.MethodSettings": ResourceSpec(id="{restApi}-{stageName}-{methodPath}", name=""),
    "apigateway.Account": ResourceSpec(
        id="{account}",
        name="",
        computed={
            "apiKeyVersion": "4",
            "features": ["UsagePlans"],
            "throttleSettings": [{"burstLimit": 5000, "rateLimit": 10000}],
        },
    ),
    "apigateway.ApiKey": _drawn(
        10,
        name="name",
        arn=_ARN + "/apikeys/{id}",
        defaults={"description": "Managed by Pulumi", "enabled": True, "value": "{lower40}"},
    ),
    "apigateway.UsagePlan": _drawn(name="name", arn=_ARN + "/usageplans/{id}"),
    "apigateway.UsagePlanKey": ResourceSpec(
        id="{keyId}", name="", computed={"name": _of_key("name"), "value": _of_key("value")}
    ),
    "apigateway.Authorizer": _drawn(
        name="name",
        arn=_ARN + "/restapis/{restApi}/authorizers/{id}",
        defaults={
            "authorizerResultTtlInSeconds": 300,
            "identitySource": "method.request.header.Authorization",
            "type": "TOKEN",
        },
    ),
    "apigateway.RequestValidator": _drawn(
        name="name", defaults={"validateRequestBody": False, "validateRequestParameters": False}
    ),
    "apigateway.Model": _drawn(name="name"),
    "apigateway.Response": ResourceSpec(id="aggr-{restApi}-{responseType}", name=""),
    "apigateway.RestApiPolicy": ResourceSpec(id="{restApiId}", name=""),
    "apigateway.VpcLink": _drawn(name="name", arn=_ARN + "/vpclinks/{id}"),
    "apigateway.DomainName": ResourceSpec(
        id="{domainName}",
        arn=_ARN + "/domainnames/{domainName}",
        name="",
        defaults={"routingMode": "BASE_PATH_MAPPING_ONLY", "securityPolicy": "TLS_1_2"},
        computed={
            "certificateUploadDate": "",
            "cloudfrontDomainName": _of_kind(True, "d{lower13}.cloudfront.net"),
            "cloudfrontZoneId": hosted_zones.CLOUDFRONT,
            "domainNameId": "",
            "regionalDomainName": _of_kind(False, "d-{lower10}.execute-api.{region}.amazonaws.com"),
        },
    ),
    "apigateway.BasePathMapping": ResourceSpec(
        id=lambda request, values: (
            UNKNOWN
            if values.get("domainName") is UNKNOWN or values.get("basePath") is UNKNOWN
            else f"{values.get('domainName')}/{values.get('basePath', '')}"
        ),
        name="",
    ),
}

_V2 = {
    "apigatewayv2.Api": ResourceSpec(
        id="{lower10}",
        arn=_ARN + "/apis/{id}",
        defaults={
            "apiKeySelectionExpression": "$request.header.x-api-key",
            "disableExecuteApiEndpoint": False,
            "ipAddressType": "ipv4",
            "routeSelectionExpression": "$request.method $request.path",
        },
        computed={"apiEndpoint": _api_endpoint, "executionArn": _EXECUTE + "{id}"},
    ),
    "apigatewayv2.Stage": ResourceSpec(
        id="{name}",
        arn=_ARN + "/apis/{apiId}/stages/{name}",
        defaults={"autoDeploy": False, "deploymentId": ""},
        computed={"executionArn": _EXECUTE + "{apiId}/{name}", "invokeUrl": _stage_url},
    ),
    "apigatewayv2.Integration": _drawn(
        7,
        defaults={
            "connectionType": "INTERNET",
            "payloadFormatVersion": "1.0",
            "timeoutMilliseconds": 30000,
        },
        computed={"integrationResponseSelectionExpression": ""},
    ),
    "apigatewayv2.Route": _drawn(7, defaults={"apiKeyRequired": False, "authorizationType": "NONE"}),
    "apigatewayv2.Deployment": _drawn(computed={"autoDeployed": False}),
    "apigatewayv2.Authorizer": _drawn(name="name", defaults={"authorizerResultTtlInSeconds": 0}),
    "apigatewayv2.ApiMapping": _drawn(),
    "apigatewayv2.VpcLink": _drawn(name="name", arn=_ARN + "/vpclinks/{id}"),
    "apigatewayv2.DomainName": ResourceSpec(
        id="{domainName}",
        arn=_ARN + "/domainnames/{domainName}",
        name="",
        defaults={"routingMode": "API_MAPPING_ONLY"},
        computed={"apiMappingSelectionExpression": "$request.basepath"},
    ),
}

ROWS = {**_V1, **_V2}
