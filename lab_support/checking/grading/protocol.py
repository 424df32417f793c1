"""The methods of Pulumi's resource monitor and engine that a program may call, with the types of their messages."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf import empty_pb2
from pulumi.runtime.proto import callback_pb2, engine_pb2, provider_pb2, resource_pb2

# Not among them: RegisterPackage, which starts plugins, and what belongs to the run itself: the stack, its shutdown.
METHODS: Final[dict[str, tuple[Any, Any]]] = {
    "RegisterResource": (resource_pb2.RegisterResourceRequest, resource_pb2.RegisterResourceResponse),
    "RegisterResourceOutputs": (resource_pb2.RegisterResourceOutputsRequest, empty_pb2.Empty),
    "ReadResource": (resource_pb2.ReadResourceRequest, resource_pb2.ReadResourceResponse),
    "Invoke": (resource_pb2.ResourceInvokeRequest, resource_pb2.ResourceInvokeResponse),
    "Call": (resource_pb2.ResourceCallRequest, provider_pb2.CallResponse),
    "SupportsFeature": (resource_pb2.SupportsFeatureRequest, resource_pb2.SupportsFeatureResponse),
    "RegisterStackTransform": (callback_pb2.Callback, empty_pb2.Empty),
    "RegisterStackInvokeTransform": (callback_pb2.Callback, empty_pb2.Empty),
    "RegisterResourceHook": (resource_pb2.RegisterResourceHookRequest, empty_pb2.Empty),
    "RegisterErrorHook": (resource_pb2.RegisterErrorHookRequest, empty_pb2.Empty),
    "Log": (engine_pb2.LogRequest, empty_pb2.Empty),
}
STACK_TYPE: Final = "pulumi:pulumi:Stack"
