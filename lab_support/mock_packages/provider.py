"""One provider for all packages beside `aws`: the protocol, and nothing but the protocol.

Method and field names are the protocol's own (pulumi/pulumi, proto/pulumi/provider.proto). What a program gave is
handed back untouched, with its secrets, assets and references; what a package adds is decided in random_values.py,
tls_values.py and functions.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import Record
from lab_support.mock_packages import kubernetes, random_values, tls_values
from lab_support.mock_packages.constructing import construct
from lab_support.mock_packages.functions import CannotCall, call
from lab_support.mock_packages.package_request import PackageRequest, PackageResource
from lab_support.plan.wire import UNKNOWN_SENTINEL, decode, encode, type_in
from lab_support.safeguards.served import served

_MAKERS: Final[Mapping[str, Callable[[PackageRequest], PackageResource]]] = {
    **random_values.MAKERS,
    **tls_values.MAKERS,
}


# One server is all packages, so it has no version of theirs; of an older one than the SDK's the engine would warn.
_ANY_VERSION: Final = "9999.0.0"


class MockPackages(provider_pb2_grpc.ResourceProviderServicer):
    """Any package; `records` fills up while the engine works, and `used` with the names of the packages."""

    def __init__(self, account: Account, region: str, records: dict[str, Record]) -> None:
        self.account = account
        self.region = region
        self.records = records
        self.used: set[str] = set()

    # -- handshake and configuration ---------------------------------------------------------------------

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=_ANY_VERSION)

    def Parameterize(self, request: Any, context: Any) -> Any:
        """Tells a package that replaces another one (a Terraform provider, for example) which one."""
        value = request.value
        return provider_pb2.ParameterizeResponse(name=value.name, version=value.version)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=True)

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    # -- resources ---------------------------------------------------------------------------------------

    def Check(self, request: Any, context: Any) -> Any:
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.news)
        if type_in(request).startswith("kubernetes:"):
            kubernetes.name(inputs, request.urn)
        return provider_pb2.CheckResponse(inputs=inputs)

    def Diff(self, request: Any, context: Any) -> Any:
        """Random values and keys are replaced when their inputs change; everything else is updated."""
        olds, news = decode(request.old_inputs)[0], decode(request.news)[0]
        changed = sorted(name for name in {*olds, *news} if olds.get(name) != news.get(name))
        kinds = provider_pb2.DiffResponse
        return provider_pb2.DiffResponse(
            changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE,
            diffs=changed,
            replaces=changed if type_in(request) in _MAKERS else [],
        )

    def Create(self, request: Any, context: Any) -> Any:
        made = self._made(type_in(request), request.urn, request.properties)
        outputs = self._answered(request.urn, made, request.properties)
        identity = made.id
        if not identity and not request.preview:
            identity = f"{request.urn.rpartition('::')[2]}-{_digest(request.urn)[:7]}"
        return provider_pb2.CreateResponse(id=identity, properties=outputs)

    def Read(self, request: Any, context: Any) -> Any:
        """What exists already is taken to be as the program says."""
        outputs = self._answered(request.urn, PackageResource(request.id), request.properties)
        return provider_pb2.ReadResponse(id=request.id, properties=outputs, inputs=request.inputs)

    def Update(self, request: Any, context: Any) -> Any:
        made = self._made(type_in(request), request.urn, request.news)
        return provider_pb2.UpdateResponse(properties=self._answered(request.urn, made, request.news))

    def Delete(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Construct(self, request: Any, context: Any) -> Any:
        self.used.add(request.type.partition(":")[0])
        return construct(request)

    # -- functions ---------------------------------------------------------------------------------------

    def Invoke(self, request: Any, context: Any) -> Any:
        self.used.add(request.tok.partition(":")[0])
        given, secrets = decode(request.args)
        try:
            found = call(request.tok, given, self.account, self.region)
        except CannotCall as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"invoking {error}")
        # `return` is a keyword of Python, so it cannot be written as an argument.
        fields: dict[str, Any] = {"return": encode(found, found if secrets else ())}
        return provider_pb2.InvokeResponse(**fields)

    def Call(self, request: Any, context: Any) -> Any:
        """A method of a resource (`cluster.get_kubeconfig()`): its result is not known yet."""
        self.used.add(request.tok.partition(":")[0])
        fields: dict[str, Any] = {"return": encode({"result": UNKNOWN_SENTINEL})}
        return provider_pb2.CallResponse(**fields)

    # -- what the methods above share --------------------------------------------------------------------

    def _made(self, type: str, urn: str, properties: struct_pb2.Struct) -> PackageResource:
        self.used.add(type.partition(":")[0])
        maker = None if self.account.as_pulumi else _MAKERS.get(type)
        wanted = PackageRequest(type, urn, decode(properties)[0])
        return maker(wanted) if maker and wanted.is_known else PackageResource("")

    def _answered(self, urn: str, made: PackageResource, properties: struct_pb2.Struct) -> struct_pb2.Struct:
        """What was given, and on top of it what was made; the plan hears of both."""
        outputs = struct_pb2.Struct()
        outputs.CopyFrom(properties)
        outputs.MergeFrom(encode(made.outputs, made.secrets))
        inputs, secrets = decode(properties)
        secrets |= made.secrets
        self.records[urn] = Record(urn, made.id, self.region, inputs, {**inputs, **made.outputs}, secrets)
        return outputs


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def serve(account: Account, region: str, records: dict[str, Record]) -> Iterator[tuple[MockPackages, int]]:
    """Serves every package on a free port of the loopback interface; yields the servicer and the port.

    Inputs and answers of the packages go into `records`, by URN.
    """
    servicer = MockPackages(account, region, records)
    with served(servicer) as port:
        yield servicer, port
