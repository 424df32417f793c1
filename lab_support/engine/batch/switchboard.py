"""One provider for several environments in one run of the engine: passes each request to its environment's provider.

A resource's URN contains its environment. A function call has no URN, so the program's stub adds an argument to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from lab_support.safeguards.served import served

# The argument of a function call that names the environment; no AWS function has one of this name.
ENVIRONMENT_ARGUMENT: Final = "reviewLabEnvironment"
# URN in the one stack -> its environment, and its URN in a stack of its own; None for what all share.
Translate = Callable[[str], tuple[str, str] | None]


class Switchboard(provider_pb2_grpc.ResourceProviderServicer):
    """Distributes requests to the providers, given by environment.

    A refused resource would end the run of all environments. So the engine is told that it exists, and `refused` keeps
    what each environment's provider says, by URN.
    """

    def __init__(self, providers: Mapping[str, Any], translate: Translate) -> None:
        self.providers = providers
        self.refused: dict[str, dict[str, str]] = {}
        self.any = next(iter(providers.values()))
        self.translate = translate

    # -- shared by all --------------------------------------------------------------------------------

    def Handshake(self, request: Any, context: Any) -> Any:
        return self.any.Handshake(request, context)

    def Attach(self, request: Any, context: Any) -> Any:
        return self.any.Attach(request, context)

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return self.any.GetPluginInfo(request, context)

    def Parameterize(self, request: Any, context: Any) -> Any:
        return self.any.Parameterize(request, context)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return self.any.CheckConfig(request, context)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return self.any.DiffConfig(request, context)

    def Configure(self, request: Any, context: Any) -> Any:
        """Configures all: they share the default provider, and an explicit one is used by its own environment only."""
        answers = [provider.Configure(request, context) for provider in self.providers.values()]
        return answers[0]

    def Cancel(self, request: Any, context: Any) -> Any:
        return self.any.Cancel(request, context)

    # -- for one environment ---------------------------------------------------------------------------------

    def Check(self, request: Any, context: Any) -> Any:
        return self._provider_of(request, context).Check(request, context)

    def Diff(self, request: Any, context: Any) -> Any:
        return self._provider_of(request, context).Diff(request, context)

    def Create(self, request: Any, context: Any) -> Any:
        environment = self._environment_of(request, context)
        try:
            return self.providers[environment].Create(request, _Attempt(context))
        except _Refused as refusal:
            self.refused.setdefault(environment, {})[request.urn] = str(refusal)
            return provider_pb2.CreateResponse(properties=request.properties)

    def Read(self, request: Any, context: Any) -> Any:
        return self._provider_of(request, context).Read(request, context)

    def Invoke(self, request: Any, context: Any) -> Any:
        if ENVIRONMENT_ARGUMENT not in request.args.fields:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "this call names no environment")
        environment = request.args.fields[ENVIRONMENT_ARGUMENT].string_value
        del request.args.fields[ENVIRONMENT_ARGUMENT]
        return self.providers[environment].Invoke(request, context)

    # Everything else (Update and Delete, which no preview calls; Call; Construct) is answered with UNIMPLEMENTED, and
    # the environments are previewed one by one.

    def _provider_of(self, request: Any, context: Any) -> Any:
        return self.providers[self._environment_of(request, context)]

    def _environment_of(self, request: Any, context: Any) -> str:
        """The environment of a request; gives the request the URN that it has there."""
        found = self.translate(request.urn)
        if found is None:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{request.urn!r} belongs to no environment")
            raise AssertionError("abort always raises")
        environment, request.urn = found
        return environment


class _Refused(Exception):
    """A provider refuses a resource; the text is the provider's."""


class _Attempt:
    """The context of a request that may be refused: turns the refusal into _Refused."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        if code is grpc.StatusCode.UNKNOWN:  # the code of a refusal; any other is a defect
            raise _Refused(details)
        self._context.abort(code, details)
        raise AssertionError("abort always raises")


@contextmanager
def serve(providers: Mapping[str, Any], translate: Translate) -> Iterator[tuple[Switchboard, int]]:
    """Serves the environments' providers as one; yields the switchboard and the port.

    A provider may keep a request waiting for another one of its environment, so there are enough threads for all.
    """
    board = Switchboard(providers, translate)
    with served(board, threads=8 * len(providers)) as port:
        yield board, port
