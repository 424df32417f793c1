"""Components whose inside is written in another language (`awsx.ec2.Vpc`, `eks.Cluster`): registered, but empty.

The engine asks the package to construct them; the package registers what is inside with the engine's resource
monitor. The mock registers the component alone: what it would create stays out of the plan, and its outputs unknown.
"""

from __future__ import annotations

from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

# As the SDK sets it for its own channels.
_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]


def construct(request: Any) -> Any:
    """Registers the component that a ConstructRequest asks for; returns the ConstructResponse."""
    with grpc.insecure_channel(request.monitorEndpoint, options=_OPTIONS) as channel:
        monitor: Any = resource_pb2_grpc.ResourceMonitorStub(channel)
        inputs = {
            name: resource_pb2.RegisterResourceRequest.PropertyDependencies(urns=dependencies.urns)
            for name, dependencies in request.inputDependencies.items()
        }
        registered = monitor.RegisterResource(
            resource_pb2.RegisterResourceRequest(
                type=request.type,
                name=request.name,
                parent=request.parent,
                object=request.inputs,
                protect=request.protect,
                dependencies=request.dependencies,
                propertyDependencies=inputs,
                providers=dict(request.providers),
                aliases=request.aliases,
                acceptSecrets=True,
                acceptResources=True,
                supportsPartialValues=True,
                aliasSpecs=True,
            )
        )
        monitor.RegisterResourceOutputs(resource_pb2.RegisterResourceOutputsRequest(urn=registered.urn))
    return provider_pb2.ConstructResponse(urn=registered.urn)
