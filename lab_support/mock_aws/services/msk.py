"""Amazon MSK: Kafka clusters."""

from __future__ import annotations

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

_KAFKA = "{clusterName}.{lower6}.c2.kafka.{region}.{dns_suffix}"

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


SPECS = {
    "msk.Cluster": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:kafka:{region}:{account}:cluster/{clusterName}/{uuid}-2",
        defaults={"enhancedMonitoring": "DEFAULT", "storageMode": "LOCAL"},
        computed={
            "bootstrapBrokersTls": _brokers(9094),
            **dict.fromkeys(_OTHER_BROKERS, ""),
            "zookeeperConnectString": _ZOOKEEPER + ":2181",
            "zookeeperConnectStringTls": _ZOOKEEPER + ":2182",
            "clusterUuid": "{uuid}-2",
            "currentVersion": "K3P5ROKL5A1OLE",
        },
        name="clusterName",
        autoname=Autoname(),
        data_sources={"msk.getCluster": find_by("clusterName", "MSK Cluster", "clusterName")},
    ),
    "msk.ServerlessCluster": ResourceSpec(name="clusterName", autoname=Autoname()),
}
