"""What works on data: Glue and Athena, queues and clusters of other kinds (MSK, MQ, EMR), and AppSync.

Formats: Service Authorization Reference; addresses: the developer guide of each service.
"""

from __future__ import annotations

from lab_support.mock_aws.resource_spec import ResourceSpec

_GLUE = "arn:{partition}:glue:{region}:{account}:"
_KAFKA = "{clusterName}.{lower6}.c2.kafka.{region}.amazonaws.com"


_ZOOKEEPER = f"z-1.{_KAFKA}"
# Each is there only where a cluster is set up for this way of signing in.
_OTHER_BROKERS = (
    *("bootstrapBrokers", "bootstrapBrokersIpv6", "bootstrapBrokersTlsIpv6"),
    *("bootstrapBrokersSaslIam", "bootstrapBrokersSaslIamIpv6"),
    *("bootstrapBrokersSaslScram", "bootstrapBrokersSaslScramIpv6"),
    *("bootstrapBrokersPublicSaslIam", "bootstrapBrokersPublicSaslScram", "bootstrapBrokersPublicTls"),
    *("bootstrapBrokersVpcConnectivitySaslIam", "bootstrapBrokersVpcConnectivitySaslScram"),
    "bootstrapBrokersVpcConnectivityTls",
)


def _brokers(port: int) -> str:
    """Where Kafka is reached: two of the brokers (Amazon MSK Developer Guide, "Get the bootstrap brokers")."""
    return f"b-1.{_KAFKA}:{port},b-2.{_KAFKA}:{port}"


ROWS = {
    "glue.CatalogDatabase": ResourceSpec(
        id="{catalogId}:{name}",
        arn=_GLUE + "database/{name}",
        defaults={"catalogId": "{account}", "locationUri": ""},
    ),
    "glue.CatalogTable": ResourceSpec(
        id="{catalogId}:{databaseName}:{name}",
        arn=_GLUE + "table/{databaseName}/{name}",
        defaults={"catalogId": "{account}"},
    ),
    "glue.Connection": ResourceSpec(
        id="{catalogId}:{name}",
        arn=_GLUE + "connection/{name}",
        defaults={"catalogId": "{account}", "connectionType": "JDBC"},
    ),
    "glue.Crawler": ResourceSpec(id="{name}", arn=_GLUE + "crawler/{name}"),
    "glue.Job": ResourceSpec(
        id="{name}",
        arn=_GLUE + "job/{name}",
        defaults={"executionClass": "STANDARD", "jobMode": "SCRIPT", "maxRetries": 0, "timeout": 2880},
    ),
    "glue.Trigger": ResourceSpec(
        id="{name}",
        arn=_GLUE + "trigger/{name}",
        defaults={"enabled": True},
        computed={"state": "CREATED"},
    ),
    "glue.Workflow": ResourceSpec(id="{name}", arn=_GLUE + "workflow/{name}"),
    "glue.SecurityConfiguration": ResourceSpec(id="{name}"),
    "athena.Workgroup": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:athena:{region}:{account}:workgroup/{name}",
        defaults={"forceDestroy": False, "state": "ENABLED"},
    ),
    "athena.Database": ResourceSpec(id="{name}", defaults={"forceDestroy": False}),
    "athena.NamedQuery": ResourceSpec(id="{uuid}", defaults={"workgroup": "primary"}),
    "msk.Cluster": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:kafka:{region}:{account}:cluster/{clusterName}/{uuid}-2",
        name="clusterName",
        defaults={"enhancedMonitoring": "DEFAULT", "storageMode": "LOCAL"},
        computed={
            "bootstrapBrokersTls": _brokers(9094),
            **dict.fromkeys(_OTHER_BROKERS, ""),
            "zookeeperConnectString": _ZOOKEEPER + ":2181",
            "zookeeperConnectStringTls": _ZOOKEEPER + ":2182",
            "clusterUuid": "{uuid}-2",
            "currentVersion": "K3P5ROKL5A1OLE",
        },
    ),
    "mq.Broker": ResourceSpec(
        id="b-{uuid}",
        arn="arn:{partition}:mq:{region}:{account}:broker:{brokerName}:b-{uuid}",
        name="brokerName",
        defaults={
            "autoMinorVersionUpgrade": False,
            "deploymentMode": "SINGLE_INSTANCE",
            "publiclyAccessible": False,
        },
        computed={
            "instances": [
                {
                    "consoleUrl": "https://b-{uuid}-1.mq.{region}.amazonaws.com:8162",
                    "endpoints": ["ssl://b-{uuid}-1.mq.{region}.amazonaws.com:61617"],
                    "ipAddress": "",
                }
            ]
        },
    ),
    "emr.Cluster": ResourceSpec(
        id="j-{upper13}",
        arn="arn:{partition}:elasticmapreduce:{region}:{account}:cluster/{id}",
        defaults={"visibleToAllUsers": True},
        computed={"clusterState": "WAITING"},
    ),
    "appsync.GraphQLApi": ResourceSpec(
        id="{lower26}",
        arn="arn:{partition}:appsync:{region}:{account}:apis/{id}",
        defaults={"apiType": "GRAPHQL", "visibility": "GLOBAL", "xrayEnabled": False},
        computed={
            "uris": {
                "GRAPHQL": "https://{lower26:uri}.appsync-api.{region}.amazonaws.com/graphql",
                "REALTIME": "wss://{lower26:uri}.appsync-realtime-api.{region}.amazonaws.com/graphql",
            }
        },
    ),
    "appsync.DataSource": ResourceSpec(
        id="{apiId}-{name}", arn="arn:{partition}:appsync:{region}:{account}:apis/{apiId}/datasources/{name}"
    ),
    "appsync.Resolver": ResourceSpec(
        id="{apiId}-{type}-{field}",
        arn="arn:{partition}:appsync:{region}:{account}:apis/{apiId}/types/{type}/resolvers/{field}",
        name="",
        defaults={"kind": "UNIT"},
    ),
    "appsync.ApiKey": ResourceSpec(
        id="{apiId}:da2-{lower26}",
        name="",
        defaults={"description": "Managed by Pulumi"},
        computed={"key": "da2-{lower26}"},
    ),
    "servicediscovery.PrivateDnsNamespace": ResourceSpec(
        id="ns-{lower16}",
        arn="arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
        computed={"hostedZone": "Z{upper20}"},
    ),
    "servicediscovery.HttpNamespace": ResourceSpec(
        id="ns-{lower16}",
        arn="arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
        computed={"httpName": "{name}"},
    ),
    "servicediscovery.Service": ResourceSpec(
        id="srv-{lower16}", arn="arn:{partition}:servicediscovery:{region}:{account}:service/{id}"
    ),
    "cloudtrail.Trail": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:cloudtrail:{region}:{account}:trail/{name}",
        defaults={
            "enableLogFileValidation": False,
            "enableLogging": True,
            "includeGlobalServiceEvents": True,
            "isMultiRegionTrail": False,
            "isOrganizationTrail": False,
        },
        computed={"homeRegion": "{region}", "snsTopicArn": ""},
    ),
    "ses.EmailIdentity": ResourceSpec(
        id="{email}", arn="arn:{partition}:ses:{region}:{account}:identity/{email}", name=""
    ),
    "ses.DomainIdentity": ResourceSpec(
        id="{domain}",
        arn="arn:{partition}:ses:{region}:{account}:identity/{domain}",
        name="",
        computed={"verificationToken": "{lower43}="},
    ),
}
