"""An engine that gets the port of an earlier one is reported as gone: python reused_port.py

Needs the package `pulumi` (written for 3.259.0) and nothing else. The engines are two gRPC servers on one port, and the
SDK connects to each as a run of the Automation API does.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import grpc
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
from pulumi.runtime.settings import Settings

QUESTION = resource_pb2.SupportsFeatureRequest(id="secrets")


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    def SupportsFeature(self, request: Any, context: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)


def engine(port: int = 0) -> tuple[Any, int]:
    server = grpc.server(ThreadPoolExecutor(1))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(), server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server, port


def main() -> None:
    first, port = engine()
    earlier = Settings("project", "stack", monitor=f"127.0.0.1:{port}").monitor
    print("first engine:", earlier.SupportsFeature(QUESTION).hasSupport)
    first.stop(0).wait()
    for _ in range(3):  # a program that is still running when its engine has gone
        with suppress(grpc.RpcError):
            earlier.SupportsFeature(QUESTION)
    second, _ = engine(port)
    later = Settings("project", "stack", monitor=f"127.0.0.1:{port}").monitor
    try:
        print("second engine:", later.SupportsFeature(QUESTION).hasSupport)
    except grpc.RpcError as error:
        print("second engine:", error.code(), error.details())
    second.stop(0)


if __name__ == "__main__":
    main()
