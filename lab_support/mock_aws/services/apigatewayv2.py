"""API Gateway, version 2: HTTP and WebSocket APIs.

Formats: API Gateway Developer Guide, "ARN format reference"; addresses: "Publish HTTP APIs".
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services.apigateway import drawn_id
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:apigateway:{region}::"

_EXECUTE = "arn:{partition}:execute-api:{region}:{account}:"

_API = "aws:apigatewayv2/api:Api"


def _scheme(values: Any) -> str:
    return "wss" if values.get("protocolType") == "WEBSOCKET" else "https"


def _api_endpoint(request: ResourceRequest, values: Values) -> Any:
    identity = values["id"]
    return f"{_scheme(values)}://{identity}.execute-api.{request.region}.{request.dns_suffix}"


def _stage_url(request: ResourceRequest, values: Values) -> Any:
    """Where a stage of an HTTP or WebSocket API is called; the stage `$default` at the root."""
    api, name = values.get("apiId"), values.get("name")
    if not isinstance(api, str) or not isinstance(name, str):
        return UNKNOWN
    found = request.account.find(api, _API)
    scheme = _scheme(found.values) if found else "https"
    return f"{scheme}://{api}.execute-api.{request.region}.{request.dns_suffix}/{'' if name == '$default' else name}"


SPECS = {
    "apigatewayv2.Api": ResourceSpec(
        id="{lower10}",
        arn=_ARN + "/apis/{id}",
        defaults={
            "apiKeySelectionExpression": "$request.header.x-api-key",
            "disableExecuteApiEndpoint": False,
            "routeSelectionExpression": "$request.method $request.path",
        },
        computed={"apiEndpoint": _api_endpoint, "executionArn": _EXECUTE + "{id}"},
        data_sources={"apigatewayv2.getApi": find_by("apiId", "API Gateway v2 API", "id")},
    ),
    "apigatewayv2.Stage": ResourceSpec(
        id="{name}",
        arn=_ARN + "/apis/{apiId}/stages/{name}",
        defaults={"deploymentId": ""},
        computed={"executionArn": _EXECUTE + "{apiId}/{name}", "invokeUrl": _stage_url},
    ),
    "apigatewayv2.Integration": drawn_id(
        7,
        defaults={"timeoutMilliseconds": 30000},
        computed={"integrationResponseSelectionExpression": ""},
        force_new=("integrationType",),
    ),
    "apigatewayv2.Route": drawn_id(7, defaults={"apiKeyRequired": False}),
    "apigatewayv2.Deployment": drawn_id(computed={"autoDeployed": False}),
    "apigatewayv2.Authorizer": drawn_id(defaults={"authorizerResultTtlInSeconds": 0}),
    "apigatewayv2.ApiMapping": drawn_id(),
    "apigatewayv2.VpcLink": drawn_id(arn=_ARN + "/vpclinks/{id}"),
    "apigatewayv2.DomainName": ResourceSpec(
        defaults={"routingMode": "API_MAPPING_ONLY"},
        computed_inside={"domainNameConfiguration": ("hostedZoneId", "targetDomainName")},
        computed={"apiMappingSelectionExpression": "$request.basepath"},
    ),
}
