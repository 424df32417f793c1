"""ECS: clusters, task definitions and services."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import (
    DeletionGuard,
    NameForm,
    Reference,
    ResourceSpec,
    Unique,
    name_length,
)
from lab_support.mock_aws.services import ecs_rules
from lab_support.plan.values import UNKNOWN

_ECS = "arn:{partition}:ecs:{region}:{account}:"


def _service_arn(request: ResourceRequest, values: Values) -> Any:
    """`service/CLUSTER/NAME`; the cluster may be given by name or ARN, without one it is `default`."""
    cluster, name = values.get("cluster", "default"), values.get("name")
    if not isinstance(cluster, str) or not isinstance(name, str):
        return UNKNOWN
    place = f"arn:{request.partition}:ecs:{request.region}:{request.account.id}"
    return f"{place}:service/{cluster.rpartition('/')[2]}/{name}"


SPECS = {
    "ecs.Cluster": ResourceSpec(
        id="{arn}",
        arn=_ECS + "cluster/{name}",
        defaults={"settings": [{"name": "containerInsights", "value": "disabled"}]},
        name_forms=(
            name_length("name", 1, 255),
            NameForm(
                r"[0-9A-Za-z_-]*",
                "invalid value for name (The cluster name must consist of alphanumerics, hyphens, and underscores.)",
            ),
        ),
        deletion=("ECS", "DeleteCluster", "deleting ECS Cluster ({arn})"),
        guards=(
            DeletionGuard(
                "ClusterContainsServicesException",
                "The Cluster cannot be deleted while Services are active.",
                users=(("ecs.Service", "cluster"),),
            ),
        ),
        data_sources={"ecs.getCluster": find_by("clusterName", "ECS Cluster")},
    ),
    "ecs.TaskDefinition": ResourceSpec(
        creation=("ECS", "RegisterTaskDefinition", "creating ECS Task Definition ({family})"),
        id="{family}",
        arn=_ECS + "task-definition/{family}:1",
        rules=(ecs_rules.containers_are_json, ecs_rules.fits_fargate),
        defaults={"networkMode": "bridge"},
        computed={"arnWithoutRevision": _ECS + "task-definition/{family}"},
        data_sources={
            "ecs.getTaskDefinition": find_by("taskDefinition", "ECS Task Definition", gives={"id": "arn"})
        },
    ),
    "ecs.Service": ResourceSpec(
        creation=("ECS", "CreateService", "creating ECS Service ({name})"),
        id="{arn}",
        defaults={
            "arn": _service_arn,
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "desiredCount": 0,
            "enableEcsManagedTags": False,
            "enableExecuteCommand": False,
            "platformVersion": when("launchType", "FARGATE", "LATEST"),
        },
        awaits=ecs_rules.awaited_providers,
        rules=(
            ecs_rules.daemon_fits,
            ecs_rules.providers_are_associated,
            ecs_rules.network_fits,
            ecs_rules.groups_are_in_the_vpc,
        ),
        unique=Unique(
            "InvalidParameterException",
            "Creation of service was not idempotent.",
            within=("region", "cluster"),
        ),
        references=(
            Reference("ClusterNotFoundException", "Cluster not found.", name="cluster", target="ecs.Cluster"),
            Reference(
                "ClientException",
                "TaskDefinition not found.",
                name="taskDefinition",
                target="ecs.TaskDefinition",
            ),
        ),
        data_sources={"ecs.getService": find_by("serviceName", "ECS Service")},
        force_new=("launchType",),
    ),
    "ecs.ClusterCapacityProviders": ResourceSpec(id="{clusterName}", overwrites=("clusterName",)),
}
