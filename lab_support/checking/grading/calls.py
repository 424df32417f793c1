"""Which calls of a program reach the engine, and in which form.

A program registers resources, reads them, calls functions and writes messages. What the engine would do beyond that at
a program's request (start plugins, read files of this machine, connect to an address) is left out of a request or
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import engine_pb2

from lab_support.checking.grading.protocol import METHODS, STACK_TYPE
from lab_support.mock_packages.installed import installed_packages

_LONGEST_MESSAGE: Final = 4000  # characters of a log message
# How the SDK marks assets and archives: https://github.com/pulumi/pulumi/blob/master/sdk/python/lib/pulumi/runtime/rpc.py
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_ASSETS: Final = ("c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7")
# Fields by which a request has the engine do something else than registering.
_LEFT_OUT: Final = (
    "pluginDownloadURL pluginChecksums packageRef sourcePosition stackTrace parentStackTraceHandle envVarMappings "
    "snippetId".split()
)


class Refused(Exception):
    """A call that no program may make; the text says why, in a sentence."""


class Translation:
    """Turns a program's requests into those that are sent on. `root` is the URN that the program has for its stack.

    `take_callback` is called with the token of a function that the engine may call, and returns the address for it.
    """

    def __init__(self, root: str, take_callback: Callable[[str], str]) -> None:
        self.root, self.take_callback = root, take_callback

    def request(self, method: str, payload: bytes) -> Any:
        """The request to send on, but for the stack's own URN. Raises Refused."""
        if method not in METHODS:
            raise Refused(f"A program may not call {method[:60]!r}.")
        try:
            request = METHODS[method][0].FromString(payload)
        except Exception:
            raise Refused(f"The program sent {method} in a form that cannot be read.") from None
        names = request.DESCRIPTOR.fields_by_name
        for field in _LEFT_OUT:
            if field in names:
                request.ClearField(field)
        if getattr(request, "type", "") == STACK_TYPE:
            raise Refused("A program may not register a stack.")
        if getattr(request, "remote", False):
            raise Refused("A component of another package cannot run in the grader's sandbox.")
        _refuse_plugins(request)
        for callback in _callbacks_in(method, request):
            callback.target = self.take_callback(callback.token)
        for field in ("object", "properties", "args", "outputs", "replacement_trigger"):
            if field in names:
                _refuse_files(getattr(request, field))
        if method == "Log":
            if request.severity == engine_pb2.DEBUG:
                raise Refused("Debug messages are not accepted.")
            request.message = request.message[:_LONGEST_MESSAGE]
        return request

    def names_root(self, request: Any) -> bool:
        """Whether a request is about the stack itself."""
        return self.root in (getattr(request, "parent", ""), getattr(request, "urn", ""))

    def put_root(self, request: Any, root: str) -> None:
        """Has the request name the stack as the engine knows it."""
        for field in ("parent", "urn"):
            if getattr(request, field, "") == self.root:
                setattr(request, field, root)


def _callbacks_in(method: str, request: Any) -> Iterator[Any]:
    """The functions in a request that the engine is to call."""
    if method in ("RegisterStackTransform", "RegisterStackInvokeTransform"):
        yield request
    elif method in ("RegisterResourceHook", "RegisterErrorHook"):
        yield request.callback
    elif method == "RegisterResource":
        yield from request.transforms


@cache
def _packages() -> frozenset[str]:
    return frozenset(installed_packages())


def _refuse_plugins(request: Any) -> None:
    """Raises Refused for a package that is not simulated, for which the engine would start a plugin of this machine."""
    named = getattr(request, "tok", "") or (
        getattr(request, "type", "") if getattr(request, "custom", True) else ""
    )
    package = named.removeprefix("pulumi:providers:").partition(":")[0]
    if package and package not in ("aws", "pulumi", *_packages()):
        raise Refused(f"There is no Pulumi package {package[:60]!r} where programs are graded.")


def _refuse_files(value: Any) -> None:
    """Raises Refused for a file, a folder or an address that the engine would read; texts in a program are fine."""
    if isinstance(value, struct_pb2.Struct):
        if value.fields.get(_SIGNATURE, struct_pb2.Value()).string_value in _ASSETS:
            for where in ("path", "uri"):
                if where in value.fields:
                    raise Refused(
                        "The program hands over a file or an address (FileAsset, FileArchive, RemoteAsset); in the "
                        "grader's sandbox only StringAsset is possible."
                    )
        for inner in value.fields.values():
            _refuse_files(inner)
    elif isinstance(value, struct_pb2.ListValue):
        for inner in value.values:
            _refuse_files(inner)
    elif isinstance(value, struct_pb2.Value):
        kind = value.WhichOneof("kind")
        if kind == "struct_value":
            _refuse_files(value.struct_value)
        elif kind == "list_value":
            _refuse_files(value.list_value)
