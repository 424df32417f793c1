"""AppSync: GraphQL APIs."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "appsync.GraphQLApi": ResourceSpec(
        id="{lower26}",
        arn="arn:{partition}:appsync:{region}:{account}:apis/{id}",
        defaults={"apiType": "GRAPHQL", "visibility": "GLOBAL", "xrayEnabled": False},
        computed={
            "uris": {
                "GRAPHQL": "https://{lower26:uri}.appsync-api.{region}.{dns_suffix}/graphql",
                "REALTIME": "wss://{lower26:uri}.appsync-realtime-api.{region}.{dns_suffix}/graphql",
            }
        },
    ),
    "appsync.DataSource": ResourceSpec(
        id="{apiId}-{name}",
        arn="arn:{partition}:appsync:{region}:{account}:apis/{apiId}/datasources/{name}",
        autoname=Autoname(separator="_"),
    ),
    "appsync.Resolver": ResourceSpec(
        id="{apiId}-{type}-{field}",
        arn="arn:{partition}:appsync:{region}:{account}:apis/{apiId}/types/{type}/resolvers/{field}",
        defaults={"kind": "UNIT"},
    ),
    "appsync.ApiKey": ResourceSpec(
        id="{apiId}:da2-{lower26}",
        defaults={"description": "Managed by Pulumi"},
        computed={"key": "da2-{lower26}"},
    ),
    "appsync.Function": ResourceSpec(
        id="{apiId}-{lower26}",
        arn="arn:{partition}:appsync:{region}:{account}:apis/{apiId}/functions/{lower26}",
        computed={"functionId": "{lower26}"},
        autoname=Autoname(separator="_"),
    ),
}
