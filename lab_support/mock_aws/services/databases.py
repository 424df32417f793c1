"""The databases beside RDS: DynamoDB, DocumentDB, Neptune, Redshift, OpenSearch.

Formats: Service Authorization Reference; endpoints: the guide of each service; defaults: the API references and the
provider's documentation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.values import UNKNOWN

_DYNAMODB = "arn:{partition}:dynamodb:{region}:{account}:"
_RDS = "arn:{partition}:rds:{region}:{account}:"
_CREATED = "2025-01-01T00:00:00.000"


def _if_streamed(text: str) -> Any:
    """A property of a table that only a table with a stream has."""

    def found(request: ResourceRequest, values: Values) -> Any:
        streamed = values.get("streamEnabled")
        if streamed is UNKNOWN or values.get("arn") is UNKNOWN:
            return UNKNOWN
        return text.replace("{arn}", str(values["arn"])) if streamed is True else ""

    return found


def _item_id(request: ResourceRequest, values: Values) -> Any:
    """Table, key and the key's value, with bars between them, as the provider puts them together."""
    table, key, item = values.get("tableName"), values.get("hashKey"), values.get("item")
    if not isinstance(table, str) or not isinstance(key, str) or not isinstance(item, str):
        return UNKNOWN
    return "|".join((table, key, _key_value(item, key)))


def _key_of_item(name: str) -> Any:
    def found(request: ResourceRequest, values: Values) -> Any:
        key, item = values.get(name, ""), values.get("item")
        if not isinstance(key, str) or not isinstance(item, str):
            return UNKNOWN
        return _key_value(item, key)

    return found


def _key_value(item: str, key: str) -> str:
    try:
        value = json.loads(item).get(key, {})
    except (ValueError, AttributeError):
        return ""
    return str(next(iter(value.values()), "")) if isinstance(value, Mapping) else ""


def _cluster(service: str, port: int) -> ResourceSpec:
    """A cluster of DocumentDB or Neptune, which share Aurora's storage and its ARNs."""
    host = f"c{{home11}}.{{region}}.{service}.amazonaws.com"
    return ResourceSpec(
        id="{clusterIdentifier}",
        arn=_RDS + "cluster:{clusterIdentifier}",
        name="clusterIdentifier",
        generated="tf-",
        defaults={
            "availabilityZones": lambda request, values: list(request.zones),
            "backupRetentionPeriod": 1,
            "deletionProtection": False,
            "port": port,
            "skipFinalSnapshot": False,
            "storageEncrypted": False,
        },
        computed={
            "clusterResourceId": "cluster-{upper26}",
            "endpoint": f"{{clusterIdentifier}}.cluster-{host}",
            **({"masterUserSecrets": []} if service == "docdb" else {"clusterMembers": []}),
            "readerEndpoint": f"{{clusterIdentifier}}.cluster-ro-{host}",
        },
    )


ROWS = {
    "dynamodb.Table": ResourceSpec(
        id="{name}",
        arn=_DYNAMODB + "table/{name}",
        defaults={
            "billingMode": "PROVISIONED",
            "deletionProtectionEnabled": False,
            "pointInTimeRecovery": {"enabled": False},
            "readCapacity": 0,
            "serverSideEncryption": {"enabled": False, "kmsKeyArn": ""},
            "streamEnabled": False,
            "streamViewType": "",
            "tableClass": "STANDARD",
            "ttl": {"attributeName": "", "enabled": False},
            "writeCapacity": 0,
        },
        computed={
            "streamArn": _if_streamed("{arn}/stream/" + _CREATED),
            "streamLabel": _if_streamed(_CREATED),
        },
    ),
    "dynamodb.TableItem": ResourceSpec(
        id=_item_id,
        name="",
        computed={"hashKeyValue": _key_of_item("hashKey"), "rangeKeyValue": _key_of_item("rangeKey")},
    ),
    "docdb.Cluster": _cluster("docdb", 27017),
    "docdb.ClusterInstance": ResourceSpec(
        id="{identifier}",
        arn=_RDS + "db:{identifier}",
        name="identifier",
        generated="tf-",
        defaults={"autoMinorVersionUpgrade": True, "promotionTier": 0},
        computed={
            "dbiResourceId": "db-{upper26}",
            "endpoint": "{identifier}.c{home11}.{region}.docdb.amazonaws.com",
            "port": 27017,
        },
    ),
    "docdb.SubnetGroup": ResourceSpec(
        id="{name}", arn=_RDS + "subgrp:{name}", defaults={"description": "Managed by Pulumi"}
    ),
    "docdb.ClusterParameterGroup": ResourceSpec(
        id="{name}", arn=_RDS + "cluster-pg:{name}", defaults={"description": "Managed by Pulumi"}
    ),
    "neptune.Cluster": _cluster("neptune", 8182),
    "neptune.SubnetGroup": ResourceSpec(
        id="{name}", arn=_RDS + "subgrp:{name}", defaults={"description": "Managed by Pulumi"}
    ),
    "redshift.Cluster": ResourceSpec(
        id="{clusterIdentifier}",
        arn="arn:{partition}:redshift:{region}:{account}:cluster:{clusterIdentifier}",
        name="clusterIdentifier",
        defaults={
            "allowVersionUpgrade": True,
            "automatedSnapshotRetentionPeriod": 1,
            "databaseName": "dev",
            "encrypted": "true",
            "enhancedVpcRouting": False,
            "multiAz": False,
            "numberOfNodes": 1,
            "port": 5439,
            "publiclyAccessible": False,
            "skipFinalSnapshot": False,
        },
        computed={
            "dnsName": "{clusterIdentifier}.c{home11}.{region}.redshift.amazonaws.com",
            "endpoint": "{dnsName}:{port}",
            "clusterNamespaceArn": "arn:{partition}:redshift:{region}:{account}:namespace:{uuid}",
            "masterPasswordSecretArn": "",
        },
    ),
    "opensearch.Domain": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:es:{region}:{account}:domain/{domainName}",
        name="domainName",
        computed={
            "domainId": "{account}/{domainName}",
            "endpoint": "search-{domainName}-{lower26}.{region}.es.amazonaws.com",
            "dashboardEndpoint": "{endpoint}/_dashboards",
        },
    ),
}
