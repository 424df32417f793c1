"""Amazon MSK: Kafka clusters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.request import ResourceRequest, Values, fields_of
from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec
from lab_support.mock_aws.templates import render
from lab_support.plan.values import UNKNOWN

_KAFKA = "{clusterName}.{lower6}.c2.kafka.{region}.{dns_suffix}"

_ZOOKEEPER = f"z-1.{_KAFKA}"

_IN_TRANSIT = ("encryptionInfo", "encryptionInTransit", "clientBroker")
_PUBLIC_ACCESS = ("brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type")
_NETWORK = ("brokerNodeGroupInfo", "connectivityInfo", "networkType")
_VPC_CONNECTIVITY = ("brokerNodeGroupInfo", "connectivityInfo", "vpcConnectivity")
_SASL = ("clientAuthentication", "sasl")


def _setting(values: Values, *path: str) -> Any:
    """What the program sets there, or None. Raises NotKnownYet where that is unknown."""
    inner: Any = values
    for name in path:
        if not inner or name not in inner:
            return None
        inner = inner[name]
    return inner or None


def _brokers(
    port: int, sasl: str = "", *, plain: bool = False, needs: tuple[tuple[str, ...], str] | None = None
) -> Callable[[ResourceRequest, Values], Any]:
    """Where Kafka is reached: two of the brokers, or "" where the cluster is not set up for this way of signing in.

    `needs` is a setting and its value (any, if empty) without which there are none; their names are not known then.
    Sources: the SDK's documentation of msk.Cluster; Amazon MSK Developer Guide, "Get the bootstrap brokers".
    """

    def hosts(request: ResourceRequest, values: Values) -> Any:
        in_transit = _setting(values, *_IN_TRANSIT) or "TLS"
        if in_transit not in (("PLAINTEXT", "TLS_PLAINTEXT") if plain else ("TLS", "TLS_PLAINTEXT")):
            return ""
        if sasl and not _setting(values, *_SASL, sasl):
            return ""
        if needs is not None:
            found = _setting(values, *needs[0])
            return UNKNOWN if found and needs[1] in ("", found) else ""
        return render(f"b-1.{_KAFKA}:{port},b-2.{_KAFKA}:{port}", fields_of(request, values))

    return hosts


_PUBLIC = (_PUBLIC_ACCESS, "SERVICE_PROVIDED_EIPS")
_DUAL = (_NETWORK, "DUAL")
_PRIVATE_LINK = (_VPC_CONNECTIVITY, "")


SPECS = {
    "msk.Cluster": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:kafka:{region}:{account}:cluster/{clusterName}/{uuid}-2",
        defaults={"enhancedMonitoring": "DEFAULT", "storageMode": "LOCAL"},
        computed={
            "bootstrapBrokers": _brokers(9092, plain=True),
            "bootstrapBrokersIpv6": _brokers(9092, plain=True, needs=_DUAL),
            "bootstrapBrokersTls": _brokers(9094),
            "bootstrapBrokersTlsIpv6": _brokers(9094, needs=_DUAL),
            "bootstrapBrokersSaslScram": _brokers(9096, "scram"),
            "bootstrapBrokersSaslScramIpv6": _brokers(9096, "scram", needs=_DUAL),
            "bootstrapBrokersSaslIam": _brokers(9098, "iam"),
            "bootstrapBrokersSaslIamIpv6": _brokers(9098, "iam", needs=_DUAL),
            "bootstrapBrokersPublicTls": _brokers(9194, needs=_PUBLIC),
            "bootstrapBrokersPublicSaslScram": _brokers(9196, "scram", needs=_PUBLIC),
            "bootstrapBrokersPublicSaslIam": _brokers(9198, "iam", needs=_PUBLIC),
            "bootstrapBrokersVpcConnectivityTls": _brokers(14001, needs=_PRIVATE_LINK),
            "bootstrapBrokersVpcConnectivitySaslScram": _brokers(14001, "scram", needs=_PRIVATE_LINK),
            "bootstrapBrokersVpcConnectivitySaslIam": _brokers(14001, "iam", needs=_PRIVATE_LINK),
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
