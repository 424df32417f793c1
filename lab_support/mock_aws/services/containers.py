"""Containers: ECS clusters, tasks and services, the images in ECR, and EKS.

Formats: Service Authorization Reference, "Amazon Elastic Container Service", "Amazon Elastic Container Registry" and
"Amazon Elastic Kubernetes Service"; defaults: the API references and the provider's documentation.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import ecs_rules, placement
from lab_support.plan.values import UNKNOWN

_ECS = "arn:{partition}:ecs:{region}:{account}:"
_EKS = "arn:{partition}:eks:{region}:{account}:"
EKS_CLUSTER = "aws:eks/cluster:Cluster"


def _service_arn(request: ResourceRequest, values: Values) -> Any:
    """`service/CLUSTER/NAME`; the cluster may be given by name or ARN, without one it is `default`."""
    cluster, name = values.get("cluster", "default"), values.get("name")
    if not isinstance(cluster, str) or not isinstance(name, str):
        return UNKNOWN
    place = f"arn:{request.partition}:ecs:{request.region}:{request.account.id}"
    return f"{place}:service/{cluster.rpartition('/')[2]}/{name}"


def _platform_version(request: ResourceRequest, values: Values) -> str:
    return "LATEST" if values.get("launchType") == "FARGATE" else ""


def _authority(request: ResourceRequest, values: Values) -> Any:
    """The certificate of a cluster, in base 64 as EKS gives it; here it is only a mark."""
    return {"data": base64.b64encode(f"certificate of {request.seed}".encode()).decode()}


def _vpc_config(request: ResourceRequest, values: Values) -> Any:
    """What the program says of the network, with what EKS adds: the VPC and a security group of the cluster."""
    given = values.get("vpcConfig")
    if not isinstance(given, Mapping):
        return given
    added = {
        "clusterSecurityGroupId": f"sg-{identifiers.hexadecimal(f'{request.seed}:cluster', 17)}",
        "vpcId": placement.of_subnet("vpcId", "subnetIds")(request, dict(given)),
        "endpointPrivateAccess": False,
        "endpointPublicAccess": True,
        "publicAccessCidrs": ["0.0.0.0/0"],
    }
    return {**added, **{name: value for name, value in given.items() if value is not None}}


def _cluster_of(request: ResourceRequest, values: Values) -> StoredResource | None:
    return request.account.find(values.get("clusterName"), EKS_CLUSTER, region=request.region)


def _cluster_version(request: ResourceRequest, values: Values) -> Any:
    cluster = _cluster_of(request, values)
    return cluster.values.get("version", UNKNOWN) if cluster else UNKNOWN


def _entry_arn(request: ResourceRequest, values: Values) -> Any:
    """`access-entry/CLUSTER/role/ACCOUNT/NAME/UUID` (Service Authorization Reference, "access-entry")."""
    principal, cluster = values.get("principalArn"), values.get("clusterName")
    if not isinstance(principal, str) or not isinstance(cluster, str) or principal.count(":") < 5:
        return UNKNOWN
    account, resource = principal.split(":")[4:6]
    kind, _, name = resource.partition("/")
    place = f"arn:{request.partition}:eks:{request.region}:{request.account.id}"
    return f"{place}:access-entry/{cluster}/{kind}/{account}/{name}/{identifiers.uuid_of(request.seed)}"


ROWS = {
    "ecs.Cluster": ResourceSpec(
        id="{arn}",
        arn=_ECS + "cluster/{name}",
        defaults={"settings": [{"name": "containerInsights", "value": "disabled"}]},
    ),
    "ecs.TaskDefinition": ResourceSpec(
        id="{family}",
        arn=_ECS + "task-definition/{family}:1",
        name="",
        rules=(ecs_rules.containers_are_json, ecs_rules.roles_are_arns, ecs_rules.fits_fargate),
        defaults={
            "enableFaultInjection": False,
            "networkMode": "bridge",
            "skipDestroy": False,
            "trackLatest": False,
        },
        computed={"revision": 1, "arnWithoutRevision": _ECS + "task-definition/{family}"},
    ),
    "ecs.Service": ResourceSpec(
        id="{arn}",
        defaults={
            "arn": _service_arn,
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "desiredCount": 0,
            "enableEcsManagedTags": False,
            "enableExecuteCommand": False,
            "launchType": "EC2",
            "platformVersion": _platform_version,
            "schedulingStrategy": "REPLICA",
            "waitForSteadyState": False,
        },
    ),
    "ecs.CapacityProvider": ResourceSpec(id="{arn}", arn=_ECS + "capacity-provider/{name}"),
    "ecs.ClusterCapacityProviders": ResourceSpec(id="{clusterName}", name=""),
    "ecr.Repository": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:ecr:{region}:{account}:repository/{name}",
        defaults={
            "encryptionConfigurations": [{"encryptionType": "AES256", "kmsKey": ""}],
            "forceDelete": False,
            "imageScanningConfiguration": {"scanOnPush": False},
            "imageTagMutability": "MUTABLE",
        },
        computed={"repositoryUrl": "{account}.dkr.ecr.{region}.{dns_suffix}/{name}"},
    ),
    "ecr.LifecyclePolicy": ResourceSpec(id="{repository}", name=""),
    "ecr.RepositoryPolicy": ResourceSpec(id="{repository}", name=""),
    "ecrpublic.Repository": ResourceSpec(
        id="{repositoryName}",
        arn="arn:{partition}:ecr-public::{account}:repository/{repositoryName}",
        name="repositoryName",
        defaults={"forceDestroy": False},
        computed={"repositoryUri": "public.ecr.aws/{home8}/{repositoryName}"},
    ),
    "eks.Cluster": ResourceSpec(
        id="{name}",
        arn=_EKS + "cluster/{name}",
        defaults={
            "accessConfig": {
                "authenticationMode": "CONFIG_MAP",
                "bootstrapClusterCreatorAdminPermissions": True,
            },
            "bootstrapSelfManagedAddons": True,
            "deletionProtection": False,
            "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"},
            "upgradePolicy": {"supportType": "EXTENDED"},
        },
        computed={
            "certificateAuthority": _authority,
            "clusterId": "",
            "endpoint": "https://{HEX32}.gr7.{region}.eks.{dns_suffix}",
            "identities": [{"oidcs": [{"issuer": "https://oidc.eks.{region}.{dns_suffix}/id/{HEX32}"}]}],
            "platformVersion": "eks.1",
            "status": "ACTIVE",
            "vpcConfig": _vpc_config,
        },
    ),
    "eks.NodeGroup": ResourceSpec(
        id="{clusterName}:{nodeGroupName}",
        arn=_EKS + "nodegroup/{clusterName}/{nodeGroupName}/{uuid}",
        name="nodeGroupName",
        defaults={
            "amiType": "AL2023_x86_64_STANDARD",
            "capacityType": "ON_DEMAND",
            "diskSize": 20,
            "instanceTypes": ["t3.medium"],
            "updateConfig": {"maxUnavailable": 1},
            "version": _cluster_version,
        },
        computed={
            "resources": [
                {
                    "autoscalingGroups": [{"name": "eks-{nodeGroupName}-{uuid}"}],
                    "remoteAccessSecurityGroupId": "",
                }
            ],
            "status": "ACTIVE",
        },
    ),
    "eks.Addon": ResourceSpec(
        id="{clusterName}:{addonName}", arn=_EKS + "addon/{clusterName}/{addonName}/{uuid}", name=""
    ),
    "eks.FargateProfile": ResourceSpec(
        id="{clusterName}:{fargateProfileName}",
        arn=_EKS + "fargateprofile/{clusterName}/{fargateProfileName}/{uuid}",
        name="fargateProfileName",
        computed={"status": "ACTIVE"},
    ),
    "eks.AccessEntry": ResourceSpec(
        id="{clusterName}:{principalArn}",
        name="",
        defaults={"type": "STANDARD", "kubernetesGroups": [], "userName": "{principalArn}"},
        computed={"accessEntryArn": _entry_arn},
    ),
    "eks.AccessPolicyAssociation": ResourceSpec(id="{clusterName}#{principalArn}#{policyArn}", name=""),
}
