"""ElastiCache: replication groups, clusters, and where a program connects to them.

Formats: Service Authorization Reference, "Amazon ElastiCache"; endpoints: Amazon ElastiCache User Guide, "Finding
connection endpoints"; defaults: the API reference and the provider's documentation.
"""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws.default_network import SECURITY_GROUP, SUBNET
from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.identifiers import lower
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import (
    Autoname,
    DeletionGuard,
    NameForm,
    Reference,
    ResourceSpec,
    Unique,
    name_length,
)
from lab_support.mock_aws.services import ec2_subnets, elasticache_rules
from lab_support.mock_aws.zones import region_code
from lab_support.plan.values import UNKNOWN

_CACHE = "arn:{partition}:elasticache:{region}:{account}:"


def _is_clustered(values: Values) -> Any:
    """Whether a replication group works in cluster mode: it has shards, or its parameter group says so."""
    groups, mode = values.get("numNodeGroups"), values.get("clusterMode")
    if groups is UNKNOWN or mode is UNKNOWN:
        return UNKNOWN
    by_parameters = str(values.get("parameterGroupName")).endswith(".cluster.on")
    return (isinstance(groups, int) and groups > 1) or mode in ("enabled", "compatible") or by_parameters


def _cache_endpoint(plain: str, encrypted: str, clustered: bool) -> Any:
    """An endpoint of a replication group: its form depends on cluster mode and on encryption in transit."""

    def found(request: ResourceRequest, values: Values) -> Any:
        tls, mode = values.get("transitEncryptionEnabled"), _is_clustered(values)
        name = values.get("replicationGroupId")
        if UNKNOWN in (tls, mode, name):
            return UNKNOWN
        if mode is not clustered:
            return ""
        return _cache_name(request, values, (encrypted if tls is True else plain).format(str(name).lower()))

    return found


def _cache_name(request: ResourceRequest, values: Values, name: str) -> str:
    home = lower(f"{request.account.id}:{request.region}", 6)
    first, _, rest = name.partition("@")
    return (
        f"{first}.{home}.{rest}{'.' if rest else ''}{region_code(request.region)}.cache.{request.dns_suffix}"
    )


def _members(request: ResourceRequest, values: Values) -> Any:
    """The clusters in a replication group: `NAME-001`, or `NAME-0001-001` in cluster mode."""
    name, mode = values.get("replicationGroupId"), _is_clustered(values)
    groups, replicas = values.get("numNodeGroups", 1), values.get("replicasPerNodeGroup", 0)
    count = values.get("numCacheClusters", 1)
    if UNKNOWN in (name, mode, groups, replicas, count):
        return UNKNOWN
    if mode:
        nodes = range(1, int(replicas) + 2)
        return [f"{name}-{group:04}-{node:03}" for group in range(1, int(groups) + 1) for node in nodes]
    return [f"{name}-{number:03}" for number in range(1, int(count) + 1)]


def _count(request: ResourceRequest, values: Values) -> Any:
    groups, replicas = values.get("numNodeGroups"), values.get("replicasPerNodeGroup")
    if UNKNOWN in (groups, replicas):
        return UNKNOWN
    return int(groups or 1) * (int(replicas or 0) + 1)


def _cache_nodes(request: ResourceRequest, values: Values) -> Any:
    name, count = values.get("clusterId"), values.get("numCacheNodes", 1)
    if not isinstance(name, str) or not isinstance(count, int):
        return UNKNOWN
    zone = values.get("availabilityZone", request.zones[0])
    return [
        {
            "id": f"{number:04}",
            "address": _cache_name(request, values, f"{name}@{number:04}"),
            "port": values["port"],
            "availabilityZone": zone,
            "outpostArn": "",
        }
        for number in range(1, count + 1)
    ]


def _memcached(text: str) -> Any:
    """The configuration endpoint, which only Memcached has."""

    def found(request: ResourceRequest, values: Values) -> Any:
        if values.get("engine") != "memcached":
            return ""
        name = values.get("clusterId")
        if not isinstance(name, str):
            return UNKNOWN
        return _cache_name(request, values, f"{name}@cfg") + text.replace("{port}", str(values["port"]))

    return found


_ID_FORMS: Final = tuple(
    NameForm(pattern, f"invalid value for replication_group_id ({says})")
    for pattern, says in (
        (r"[0-9A-Za-z-]*", "must contain only alphanumeric characters and hyphens"),
        (r"[A-Za-z].*", "must begin with a letter"),
        (r"(?!.*--).*", "cannot contain two consecutive hyphens"),
        (r".*(?<!-)", "cannot end with a hyphen"),
    )
)

_SUBNETS_OF_GROUP: Final = "Some input subnets in :[{value}] are invalid."

SPECS = {
    "elasticache.SubnetGroup": ResourceSpec(
        creation=("ElastiCache", "CreateCacheSubnetGroup", "creating ElastiCache Subnet Group ({name})"),
        defaults={"description": "Managed by Pulumi"},
        computed={"vpcId": ec2_subnets.of_subnet("vpcId", "subnetIds")},
        unique=Unique(
            "CacheSubnetGroupAlreadyExists", "Cache subnet group {name} already exists.", ignores_case=True
        ),
        references=(Reference("InvalidParameterValue", _SUBNETS_OF_GROUP, name="subnetIds", target=SUBNET),),
        deletion=("ElastiCache", "DeleteCacheSubnetGroup", "deleting ElastiCache Subnet Group ({id})"),
        guards=(
            DeletionGuard(
                "CacheSubnetGroupInUse",
                "Cache subnet group {id} is currently in use by a cache cluster.",
                users=(
                    ("elasticache.ReplicationGroup", "subnetGroupName"),
                    ("elasticache.Cluster", "subnetGroupName"),
                ),
            ),
        ),
        data_sources={"elasticache.getSubnetGroup": find_by("name", "ElastiCache Subnet Group")},
    ),
    "elasticache.ParameterGroup": ResourceSpec(
        creation=(
            "ElastiCache",
            "CreateCacheParameterGroup",
            "creating ElastiCache Parameter Group ({name})",
        ),
        defaults={"description": "Managed by Pulumi"},
        unique=Unique("CacheParameterGroupAlreadyExists", "Cache Parameter Group {name} already exists."),
        force_new=("description", "family"),
    ),
    "elasticache.ReplicationGroup": ResourceSpec(
        creation=(
            "ElastiCache",
            "CreateReplicationGroup",
            "creating ElastiCache Replication Group ({replicationGroupId})",
        ),
        rules=(elasticache_rules.failover_needs_replicas, elasticache_rules.token_is_well_formed),
        defaults={
            "atRestEncryptionEnabled": lambda request, values: values.get("engine") == "valkey",
            "autoMinorVersionUpgrade": True,
            "clusterMode": "disabled",
            "dataTieringEnabled": False,
            "ipDiscovery": "ipv4",
            "networkType": "ipv4",
            "numCacheClusters": _count,
            "port": 6379,
            "snapshotRetentionLimit": 0,
            "transitEncryptionEnabled": False,
        },
        computed={
            "clusterEnabled": lambda request, values: _is_clustered(values),
            "configurationEndpointAddress": _cache_endpoint("{}@clustercfg", "clustercfg.{}", True),
            "engineVersionActual": lambda request, values: values.get("engineVersion", UNKNOWN),
            "memberClusters": _members,
            "primaryEndpointAddress": _cache_endpoint("{}@ng.0001", "master.{}", False),
            "readerEndpointAddress": _cache_endpoint("{}-ro@ng.0001", "replica.{}", False),
        },
        name="replicationGroupId",
        autoname=Autoname(longest=40, lower=True),
        unique=Unique(
            "ReplicationGroupAlreadyExists",
            "Replication group with specified name already exists.",
            ignores_case=True,
        ),
        name_forms=(name_length("replication_group_id", 1, 40), *_ID_FORMS),
        references=(
            Reference(
                "CacheSubnetGroupNotFoundFault",
                "Cache Subnet Group {value} does not exist.",
                name="subnetGroupName",
                target="elasticache.SubnetGroup",
            ),
        ),
        holds={"securityGroupIds": SECURITY_GROUP},
        data_sources={
            "elasticache.getReplicationGroup": find_by(
                "replicationGroupId", "ElastiCache Replication Group", "replicationGroupId"
            )
        },
        force_new=("subnetGroupName",),
        in_place=("preferredCacheClusterAzs",),
    ),
    "elasticache.Cluster": ResourceSpec(
        creation=("ElastiCache", "CreateCacheCluster", "creating ElastiCache Cache Cluster ({clusterId})"),
        defaults={
            "autoMinorVersionUpgrade": "true",
            "ipDiscovery": "ipv4",
            "networkType": "ipv4",
            "numCacheNodes": 1,
            "port": when("engine", "memcached", 11211, 6379),
            "snapshotRetentionLimit": 0,
            "transitEncryptionEnabled": False,
        },
        computed={
            "cacheNodes": _cache_nodes,
            "clusterAddress": _memcached(""),
            "configurationEndpoint": _memcached(":{port}"),
            "engineVersionActual": lambda request, values: values.get("engineVersion", UNKNOWN),
        },
        name="clusterId",
        autoname=Autoname(longest=50, lower=True),
        unique=Unique("CacheClusterAlreadyExists", "Cache cluster with specified id already exists."),
        holds={"securityGroupIds": SECURITY_GROUP},
        data_sources={
            "elasticache.getCluster": find_by("clusterId", "ElastiCache Cache Cluster", "clusterId")
        },
        force_new=("replicationGroupId",),
    ),
    "elasticache.User": ResourceSpec(
        id="{userId}", arn=_CACHE + "user:{userId}", defaults={"noPasswordRequired": False}
    ),
}
