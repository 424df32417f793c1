"""The gRPC stubs with which a run talks to the engine, where it differs from the SDK.

They stand in the run's own settings of the SDK (`SETTINGS.engine`, `SETTINGS.monitor`), so the SDK itself stays as it
is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.settings import SETTINGS

from lab_support.engine.sdk_patches.apply import sdk_is_as_is


class DeferredStub:
    """A stub for a connection that is still to come: calls wait for it."""

    def __init__(self) -> None:
        self._resolved = threading.Event()
        self._stub: Any = None

    def resolve(self, stub: Any) -> None:
        """Hands over the real stub; None where it will never come, or has gone."""
        self._stub = stub
        self._resolved.set()

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self._resolved.wait()
            if self._stub is None:
                raise pulumi.RunError("the engine has gone")
            return getattr(self._stub, method)(*arguments, **options)

        return call


class EditingStub:
    """A stub that edits the requests of some methods before they are sent."""

    def __init__(self, stub: Any, **edits: Callable[[Any], None]) -> None:
        self._stub, self._edits = stub, edits

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call: Callable[..., Any] = getattr(self._stub, method)
        edit = self._edits.get(method)
        if edit is None:
            return call

        def edited(request: Any, **options: Any) -> Any:
            edit(request)
            return call(request, **options)

        return edited


class RecordingMonitor:
    """The engine's resource monitor; `urns` fills up with what the program itself registers and reads.

    The monitor listens on the loopback interface, so another user of the machine could register resources as well.
    """

    def __init__(self, stub: Any, urns: set[str]) -> None:
        self._stub, self._urns = stub, urns

    def __getattr__(self, method: str) -> Any:
        return getattr(self._stub, method)

    def RegisterResource(self, request: Any, **options: Any) -> Any:
        return self._noted(self._stub.RegisterResource(request, **options))

    def ReadResource(self, request: Any, **options: Any) -> Any:
        return self._noted(self._stub.ReadResource(request, **options))

    def _noted(self, response: Any) -> Any:
        self._urns.add(response.urn)
        return response


def record_resources(urns: set[str]) -> None:
    """The run of the current context adds the URNs of the program's resources to a set from now on."""
    SETTINGS.monitor = RecordingMonitor(SETTINGS.monitor, urns)


class QuietEngine:
    """The engine without debug messages.

    The SDK sends four or more of them for each resource, each in a call that blocks the program until it is answered
    (pulumi 3.259.0, log.py), and the engine makes an event of each. No run of the lab asks for the debug log.
    docs/upstream/debug_messages.md is the report.
    """

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    def __getattr__(self, method: str) -> Any:
        return getattr(self._stub, method)

    def Log(self, request: Any, **options: Any) -> Any:
        """Sends a message, unless it is a debug message."""
        return None if request.severity == engine_pb2.DEBUG else self._stub.Log(request, **options)


def drop_debug_messages() -> None:
    """The run of the current context sends none from now on; with PULUMI_REVIEW_LAB_SDK_AS_IS=1 it still does."""
    if not sdk_is_as_is():
        SETTINGS.engine = QuietEngine(SETTINGS.engine)
