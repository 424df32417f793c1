"""When ECS, or the provider before it, refuses task definitions and services; and what else must be JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.iam.document_faults import json_fault
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.services.ec2_group_vpcs import mismatch, vpc_of_subnets
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN

_TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
_CLUSTER: Final = "aws:ecs/cluster:Cluster"
_PROVIDERS: Final = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
_TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"

# The memory (MiB) that Fargate has for each size of CPU (Amazon ECS Developer Guide, "Task CPU and memory").
_MEMORY: Final = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}


def policy_is_json(request: ResourceRequest, values: Values) -> None:
    """The policy on a resource, looked at by the provider."""
    text = values.get("policy")
    fault = json_fault("policy", text) if isinstance(text, str) else None
    if fault:
        raise InvalidInput("policy", fault)


def containers_are_json(request: ResourceRequest, values: Values) -> None:
    text = values.get("containerDefinitions")
    if not isinstance(text, str):
        return
    try:
        containers = json.loads(text)
    except ValueError as error:
        raise InvalidInput(
            "containerDefinitions", f"ECS Task Definition container_definitions is invalid: {error}"
        ) from None
    if not isinstance(containers, list):
        text = "ECS Task Definition container_definitions is invalid: it is not a list"
        raise InvalidInput("containerDefinitions", text)


def fits_fargate(request: ResourceRequest, values: Values) -> None:
    """What a task needs to run on Fargate: sizes of the task, and the network mode."""
    if "FARGATE" not in (values.get("requiresCompatibilities") or ()):
        return
    if values.get("networkMode") != "awsvpc":
        raise CreationRefused("ClientException", "Fargate only supports network mode ‘awsvpc’.")
    for size in ("cpu", "memory"):
        if not values.get(size):
            text = f"Fargate requires that '{size}' be defined at the task level."
            raise CreationRefused("ClientException", text)
    cpu, memory = str(values["cpu"]), str(values["memory"])
    if cpu.isdigit() and memory.isdigit() and int(memory) not in _MEMORY.get(int(cpu), ()):
        text = f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory."
        raise CreationRefused("ClientException", text)


def network_fits(request: ResourceRequest, values: Values) -> None:
    """What a service needs for the network mode of its tasks: subnets, and target groups of addresses."""
    tasks = request.account.find(values.get("taskDefinition"), _TASK_DEFINITION, region=request.region)
    mode = tasks.values.get("networkMode") if tasks is not None else None
    if not isinstance(mode, str):
        return
    if mode == "awsvpc" and values.get("networkConfiguration") is None:
        text = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        raise CreationRefused("InvalidParameterException", text)
    for balancer in values.get("loadBalancers") or ():
        arn = balancer.get("targetGroupArn")
        group = request.account.find(arn, _TARGET_GROUP, region=request.region)
        kind = group.values.get("targetType") if group is not None else None
        if kind in ("instance", "ip") and (kind == "ip") != (mode == "awsvpc"):
            raise CreationRefused(
                "InvalidParameterException",
                f"The provided target group {arn} has target type {kind}, which is incompatible with the {mode} "
                "network mode specified in the task definition.",
            )


def groups_are_in_the_vpc(request: ResourceRequest, values: Values) -> None:
    """The security groups of a service are of its subnets' VPC (Amazon ECS API Reference, "AwsVpcConfiguration"). The
    words are EC2's, of the same fault at an instance."""
    network = values.get("networkConfiguration") or {}
    subnets = network.get("subnets")
    found = mismatch(request, network.get("securityGroups"), vpc_of_subnets(request, subnets))
    if found is not None and subnets:
        text = f"Security group {found.group} and subnet {subnets[0]} belong to different networks."
        raise CreationRefused("InvalidParameterException", text)


def daemon_fits(request: ResourceRequest, values: Values) -> None:
    """A daemon needs container instances and ECS's own deployments (Amazon ECS API Reference, "CreateService").

    The words about Fargate and the deployment controllers are not ECS's: it does not publish them.
    """
    if values.get("schedulingStrategy") != "DAEMON":
        return
    if values.get("launchType") == "FARGATE":
        text = "The FARGATE launch type does not support the DAEMON scheduling strategy."
        raise CreationRefused("InvalidParameterException", text)
    if values.get("capacityProviderStrategies"):
        text = "Specifying a capacity provider strategy is not supported when you create a service using the DAEMON"
        raise CreationRefused("InvalidParameterException", f"{text} scheduling strategy.")
    controller = (values.get("deploymentController") or {}).get("type")
    if controller in ("CODE_DEPLOY", "EXTERNAL"):
        text = f"The {controller} deployment controller does not support the DAEMON scheduling strategy."
        raise CreationRefused("InvalidParameterException", text)


def awaited_providers(request: ResourceRequest) -> Iterator[tuple[Any, str]]:
    """What associates Fargate's capacity providers with the cluster of a service that uses them."""
    if _fargate_providers(request.inputs):
        yield str(request.inputs.get("cluster")).rpartition("/")[2], _PROVIDERS


def providers_are_associated(request: ResourceRequest, values: Values) -> None:
    """Fargate's capacity providers, too, must be associated with the cluster (Amazon ECS Developer Guide, "Amazon ECS
    clusters for Fargate")."""
    clusters = request.account.of_type(_CLUSTER)
    named = values.get("cluster")
    cluster = next((c for c in clusters if c.region == request.region and named in c.handles), None)
    if cluster is None:  # another program's: what is associated with it is not known
        return
    lists = [
        found.values.get("capacityProviders") or ()
        for found in request.account.of_type(_PROVIDERS)
        if found.values.get("clusterName") in (UNKNOWN, *cluster.handles)
    ]
    associated = [name for names in lists for name in names]
    if UNKNOWN not in associated and not set(_fargate_providers(values)) <= set(associated):
        raise CreationRefused(
            "InvalidParameterException",
            "The specified capacity provider strategy cannot contain a capacity provider that is not associated with "
            "the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and "
            "try again.",
        )


def _fargate_providers(values: Mapping[str, Any]) -> list[str]:
    strategies = values.get("capacityProviderStrategies")
    if not isinstance(strategies, (list, tuple)):
        return []
    named = [strategy.get("capacityProvider") for strategy in strategies if isinstance(strategy, Mapping)]
    return [name for name in named if name in ("FARGATE", "FARGATE_SPOT")]
