"""EKS: clusters, node groups and who may use them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import STAND_IN
from lab_support.mock_aws.find_resources import FindAll, find_by
from lab_support.mock_aws.follows import of_named
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Autoname, NameForm, ResourceSpec, Unique, name_length
from lab_support.mock_aws.services import ec2_subnets
from lab_support.plan.values import UNKNOWN

_EKS = "arn:{partition}:eks:{region}:{account}:"

EKS_CLUSTER = "aws:eks/cluster:Cluster"


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
        "vpcId": ec2_subnets.of_subnet("vpcId", "subnetIds")(request, dict(given)),
        "endpointPrivateAccess": False,
        "endpointPublicAccess": True,
        "publicAccessCidrs": ["0.0.0.0/0"],
    }
    return {**added, **{name: value for name, value in given.items() if value is not None}}


def _entry_arn(request: ResourceRequest, values: Values) -> Any:
    """`access-entry/CLUSTER/role/ACCOUNT/NAME/UUID` (Service Authorization Reference, "access-entry")."""
    principal, cluster = values.get("principalArn"), values.get("clusterName")
    if not isinstance(principal, str) or not isinstance(cluster, str) or principal.count(":") < 5:
        return UNKNOWN
    account, resource = principal.split(":")[4:6]
    kind, _, name = resource.partition("/")
    place = f"arn:{request.partition}:eks:{request.region}:{request.account.id}"
    return f"{place}:access-entry/{cluster}/{kind}/{account}/{name}/{identifiers.uuid_of(request.seed)}"


SPECS = {
    "eks.Cluster": ResourceSpec(
        creation=("EKS", "CreateCluster", "creating EKS Cluster ({name})"),
        defaults={
            "accessConfig": {
                "authenticationMode": "CONFIG_MAP",
                "bootstrapClusterCreatorAdminPermissions": True,
            },
            "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"},
            "upgradePolicy": {"supportType": "EXTENDED"},
        },
        computed={
            "certificateAuthority": _authority,
            "clusterId": "",
            "endpoint": "https://{HEX32}.gr7.{region}.eks.{dns_suffix}",
            "identities": [{"oidcs": [{"issuer": "https://oidc.eks.{region}.{dns_suffix}/id/{HEX32}"}]}],
            "platformVersion": "eks.1",
            "vpcConfig": _vpc_config,
        },
        unique=Unique("ResourceInUseException", "Cluster already exists with name: {name}"),
        name_forms=(
            name_length("name", 1, 100),
            NameForm(
                r"[0-9A-Za-z][A-Za-z0-9_-]*",
                "invalid value for name (must begin with alphanumeric character and contain only alphanumeric "
                "characters, dashes and underscores)",
            ),
        ),
        data_sources={
            "eks.getCluster": find_by("name", "EKS Cluster"),
            "eks.getClusters": FindAll({"names": "name"}),
        },
        in_place=("encryptionConfig",),
    ),
    "eks.NodeGroup": ResourceSpec(
        creation=("EKS", "CreateNodegroup", "creating EKS Node Group ({clusterName}:{nodeGroupName})"),
        id="{clusterName}:{nodeGroupName}",
        arn=_EKS + "nodegroup/{clusterName}/{nodeGroupName}/{uuid}",
        defaults={
            "amiType": "AL2023_x86_64_STANDARD",
            "capacityType": "ON_DEMAND",
            "diskSize": 20,
            "instanceTypes": ["t3.medium"],
            "updateConfig": {"maxUnavailable": 1},
            "version": of_named("clusterName", EKS_CLUSTER, "version"),
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
        name="nodeGroupName",
        autoname=Autoname(),
        unique=Unique(
            "ResourceInUseException",
            "NodeGroup already exists with name {nodeGroupName} and cluster name {clusterName}",
            within=("region", "clusterName"),
        ),
        force_new=("nodeRoleArn", "subnetIds"),
    ),
    "eks.Addon": ResourceSpec(
        id="{clusterName}:{addonName}", arn=_EKS + "addon/{clusterName}/{addonName}/{uuid}"
    ),
    "eks.FargateProfile": ResourceSpec(
        id="{clusterName}:{fargateProfileName}",
        arn=_EKS + "fargateprofile/{clusterName}/{fargateProfileName}/{uuid}",
        computed={"status": "ACTIVE"},
        name="fargateProfileName",
        autoname=Autoname(),
    ),
    "eks.AccessEntry": ResourceSpec(
        id="{clusterName}:{principalArn}",
        defaults={"type": "STANDARD", "kubernetesGroups": [], "userName": "{principalArn}"},
        computed={"accessEntryArn": _entry_arn},
    ),
    "eks.AccessPolicyAssociation": ResourceSpec(id="{clusterName}#{principalArn}#{policyArn}"),
}
DATA_SOURCES = {
    "eks.getClusterAuth": lambda lookup: {"id": lookup.args.get("name"), "token": f"k8s-aws-v1.{STAND_IN}"}
}
