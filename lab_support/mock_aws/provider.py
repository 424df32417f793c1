"""The `aws` provider that the engine talks to instead of AWS: the protocol, and nothing but the protocol.

It runs as a gRPC server in the process that runs the program, and PULUMI_DEBUG_PROVIDERS=aws:PORT attaches
the engine to it. What the account answers is decided in answers.py and data_sources.py. Method
and field names are the protocol's own (pulumi/pulumi, proto/pulumi/provider.proto).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from lab_support.mock_aws import (
    data_sources,
    deletion,
    overwriting,
    placeholders,
    references,
    replacement,
    services,
)
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.combinations import check_inputs
from lab_support.mock_aws.known_in_preview import known_before_creation
from lab_support.mock_aws.name_forms import check_name
from lab_support.mock_aws.naming import Proposal, autonamed_property, physical_name
from lab_support.mock_aws.request import ResourceRequest
from lab_support.plan import inputs
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.resource import kind_of
from lab_support.plan.secrets_in_refusals import hidden
from lab_support.plan.values import UNKNOWN
from lab_support.plan.wire import (
    AUTONAMED,
    autonamed,
    decode,
    encode,
    has_unknown,
    type_in,
    without_unknown,
)
from lab_support.safeguards.served import served
from lab_support.toolchain.sdk_types import ResourceType, function_type, resource_type

_VERSION: Final = version("pulumi-aws")


@dataclass(frozen=True)
class Record:
    """The inputs and the account's answer for one resource, by wire name, secrets in the clear."""

    urn: str
    id: Any
    region: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    secrets: frozenset[str]


@dataclass(frozen=True)
class _Settings:
    """The configuration of one provider instance: the default one, or an explicit `aws.Provider`."""

    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)
    account_id: str = ""


class MockAws(provider_pb2_grpc.ResourceProviderServicer):
    """One account behind Pulumi's provider protocol; `records` fills up while the engine works."""

    def __init__(self, account: Account, region: str = "") -> None:
        self.account = account
        self.region = region or account.region
        self.records: dict[str, Record] = {}
        # The engine opens one connection for each provider instance and names the instance only when it configures
        # it, so the connection distinguishes an explicit provider in another region from the default one.
        self._settings: dict[str, _Settings] = {}
        # Resources that a program imports: their earlier inputs are not known.
        self._taken_over: set[str] = set()
        self._lock = threading.Lock()

    # -- getting acquainted ------------------------------------------------------------------------------

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, supports_autonaming_configuration=True
        )

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=_VERSION)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        given, _ = decode(request.news)
        if not given.get("region"):  # the engine gives its own provider the one that is configured
            with self.account.lock:
                self.account.without_region.append(request.urn)
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        given, _ = decode(request.args)
        tags = _parsed(given.get("defaultTags"), {}).get("tags") or {}
        region = given.get("region") or self.region
        with self._lock:
            self._settings[context.peer()] = _Settings(region, tags, _assumed_account(given))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=True,
            supports_autonaming_configuration=True,
        )

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    # -- resources ---------------------------------------------------------------------------------------

    def Check(self, request: Any, context: Any) -> Any:
        """Inputs as the provider takes them: types converted, a physical name added where none is given."""
        given, secrets = decode(request.news)
        described = resource_type(request.type)
        if described is None:
            text = f"{request.type!r} is no resource type of pulumi-aws {_VERSION}"
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, text)
        conversion = inputs.Conversion()
        checked, failures = inputs.checked(given, described, conversion)
        self.account.note_wrapped(request.urn, conversion.wrapped)
        mode = provider_pb2.CheckRequest.AutonamingOptions.Mode.Name(request.autonaming.mode)
        proposal = Proposal(mode.lower(), request.autonaming.proposed_name)
        resource_request = self._request(request, checked, context)
        made: list[str] = []
        try:
            added = physical_name(
                request.type, request.urn, checked, described, resource_request.seed, proposal
            )
        except InvalidInput as failure:
            failures.append(failure)
        else:
            olds, _ = decode(request.olds)
            kept = {name: olds[name] for name in added if name in autonamed(request.olds)}
            checked.update({**added, **kept})
            made = [*added]
        told = [(f.property, hidden(f.reason, given, secrets, described)) for f in failures]
        if self.account.only_previewed:
            for name, reason in told:
                self.account.note_refusal(request.urn, f"{name}: {reason}" if name else reason)
            told = []
        return provider_pb2.CheckResponse(
            inputs=encode({**checked, AUTONAMED: made}, secrets),
            failures=[provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in told],
        )

    def Diff(self, request: Any, context: Any) -> Any:
        """What has changed, and whether that needs a new resource. Like the real provider, one whose name the program
        gives is deleted first, because there cannot be two of that name."""
        olds, _ = decode(request.old_inputs)
        news, _ = decode(request.news)
        changed = [] if request.urn in self._taken_over else replacement.changed(olds, news)
        spec = services.spec_of(request.type)
        if spec is not None and (spec.reads_back or spec.differs is not None):
            state, _ = decode(request.olds)
            differ = replacement.read_back(spec.reads_back, state, news)
            if spec.differs is not None:
                differ = [*differ, *spec.differs(state, news)]
            ignored = {*request.ignoreChanges}
            differ = [name for name in differ if not {name, "*"} & ignored]
            changed = [*dict.fromkeys((*changed, *differ))]
        replaces = replacement.replaces(request.type, changed)
        name = autonamed_property(request.type, resource_type(request.type))
        is_named = AUTONAMED in request.news and name in news and name not in autonamed(request.news)
        kinds = provider_pb2.DiffResponse
        return provider_pb2.DiffResponse(
            changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE,
            diffs=changed,
            replaces=replaces,
            deleteBeforeReplace=bool(replaces) and is_named,
        )

    def Create(self, request: Any, context: Any) -> Any:
        if request.preview:  # a deployment would delete what is there under this URN, before or after
            self._account(context).remove(request.urn)
        record = self._answered(request, request.properties, context)
        return provider_pb2.CreateResponse(
            id=_id(record.id), properties=encode(record.outputs, record.secrets)
        )

    def Update(self, request: Any, context: Any) -> Any:
        current = self._account(context).get(request.urn, request.id)
        former, _ = decode(request.old_inputs)
        spec, news = services.spec_of(request.type), request.news
        if spec is not None and spec.differs is not None:  # what is ignored stays as the state has it
            for name in ({*request.ignoreChanges} - {"*"}) & {*news.fields} & {*request.olds.fields}:
                news.fields[name].CopyFrom(request.olds.fields[name])
        record = self._answered(request, news, context, current, former)
        return provider_pb2.UpdateResponse(properties=encode(record.outputs, record.secrets))

    def Read(self, request: Any, context: Any) -> Any:
        """`Type.get(name, id)`: what the account has under this id; in a real account, which may hold more than is
        known here, else a resource as the type describes it. An answer without an id means that there is none."""
        given, secrets = decode(request.properties)
        token = type_in(request) or context.abort(
            grpc.StatusCode.INVALID_ARGUMENT, f"{request.urn!r} is no URN of a resource"
        )
        kept_as = services.canonical_token(token)
        there = self._account(context).find(request.id, kept_as)
        spec = services.spec_of(token)
        if there is not None and spec is not None and spec.on_read is not None:
            account = self._account(context)
            with account.lock:
                read = spec.on_read(there, account)
                if read is None:
                    account.remove(there.urn, there.id)
                    return provider_pb2.ReadResponse()
                there = replace(there, values={**there.values, **read})
                if account.get(there.urn, there.id) is not None:
                    account.change(there)
        if there is not None:
            outputs: dict[str, Any] = dict(there.values)
        elif self._account(context).holds_everything and not _is_awss_own(request.id):
            return provider_pb2.ReadResponse()
        else:
            outputs = self._assumed(token, request, given, context)
            account, region = self._account(context), self._of(context).region
            with account.lock:  # later references find it
                resource = StoredResource(request.urn, kept_as, request.id, region, outputs)
                account.existing = (*account.existing, resource)
        record = Record(request.urn, request.id, self._of(context).region, given, outputs, secrets)
        with self._lock:
            self.records[request.urn] = record
            if not request.inputs.fields:
                self._taken_over.add(request.urn)
        return provider_pb2.ReadResponse(
            id=request.id, properties=encode(outputs, secrets), inputs=request.inputs
        )

    def Delete(self, request: Any, context: Any) -> Any:
        account = self._account(context)
        resource = account.get(request.urn, request.id)
        if resource is not None:
            try:
                with account.lock:
                    deletion.delete(resource, account)
                    overwriting.delete(resource, account)
            except AwsApiError as refusal:
                context.abort(grpc.StatusCode.UNKNOWN, f"1 error occurred:\n\t* {refusal}")
        return empty_pb2.Empty()

    # -- data sources ------------------------------------------------------------------------------------

    def Invoke(self, request: Any, context: Any) -> Any:
        given, secrets = decode(request.args)
        if has_unknown(given):  # neither the engine nor the SDK asks before all is known
            text = f"invoking {request.tok}: not all of its arguments are known"
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, text)
        found = self._looked_up(request.tok, given, context)
        # `return` is a keyword of Python, so it cannot be written as an argument.
        fields: dict[str, Any] = {"return": encode(found, found if secrets else ())}
        return provider_pb2.InvokeResponse(**fields)

    def Call(self, request: Any, context: Any) -> Any:
        """A method of a resource; the only one in the AWS package is the provider's own `terraform_config`."""
        if request.tok != "pulumi:providers:aws/terraformConfig":
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT, f"{request.tok!r} is no method of pulumi-aws {_VERSION}"
            )
        settings = self._of(context)
        tags = [{"tags": dict(settings.default_tags)}] if settings.default_tags else []
        config = {"region": settings.region, **({"default_tags": tags} if tags else {})}
        fields: dict[str, Any] = {"return": encode({"result": config})}
        return provider_pb2.CallResponse(**fields)

    # -- what the methods above share --------------------------------------------------------------------

    def _looked_up(self, token: str, given: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
        account, settings = self._account(context), self._of(context)
        region = str(given.get("region") or settings.region)
        if kind_of(token) == "getDefaultTags":
            return {"id": region, "tags": dict(settings.default_tags)}
        if function_type(token) is None:
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT, f"{token!r} is no function of pulumi-aws {_VERSION}"
            )
        try:
            return data_sources.look_up(token, given, account, region)
        except (AwsApiError, InvalidInput) as refusal:
            missing = refusal.text if isinstance(refusal, AwsApiError) and refusal.is_about_missing else ""
            if not (
                missing and account.may_hold(token, missing, data_sources.asked_for(token, given, account))
            ):
                context.abort(grpc.StatusCode.UNKNOWN, f"invoking {token}: 1 error occurred:\n\t* {refusal}")
        return data_sources.assumed(token, given, account, region)

    def _assumed(self, token: str, request: Any, given: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """What is assumed to exist under an id that the account does not know. The engine accepts no unknowns here."""
        settings, described = self._of(context), resource_type(token)
        resource_request = ResourceRequest(
            token,
            request.urn,
            given,
            self._account(context),
            settings.region,
            reads=True,
            existing_id=request.id,
        )
        _, outputs = answer(resource_request, services.spec_of(token), described)
        outputs.update({name: value for name, value in given.items() if value is not None})
        known = {name: value for name, value in outputs.items() if not has_unknown(value)}
        if described is None:
            return known
        # What AWS adds gets placeholders; what its owner chose stays open, which a preview takes for unknown.
        added = {name: prop for name, prop in described.outputs.items() if name not in described.inputs}
        service = kind_of(token).partition(".")[0].lower()
        where = placeholders.Where(
            service, resource_request.account.id, settings.region, f"{token} {request.id}"
        )
        filled = placeholders.filled(known, added, where)
        texts = (value for name, value in filled.items() if name not in known)
        resource_request.account.made_up.update(text for text in texts if isinstance(text, str))
        return filled

    def _account(self, context: Any) -> Account:
        """The account that a provider instance works in."""
        return self.account.other(self._of(context).account_id)

    def _of(self, context: Any) -> _Settings:
        with self._lock:
            return self._settings.get(context.peer()) or _Settings(self.region)

    def _request(
        self, request: Any, given: Mapping[str, Any], context: Any, current: StoredResource | None = None
    ) -> ResourceRequest:
        settings = self._of(context)
        region = given.get("region")
        region = region if isinstance(region, str) and region else settings.region
        account = self._account(context)
        return ResourceRequest(
            request.type, request.urn, given, account, region, settings.default_tags, current
        )

    def _answered(
        self,
        request: Any,
        properties: struct_pb2.Struct,
        context: Any,
        current: StoredResource | None = None,
        former: Mapping[str, Any] | None = None,
    ) -> Record:
        """Asks the account, remembers what it said; a refusal becomes the engine's error for this resource.

        Where nothing is created, it becomes a note of the account's, and what AWS would add is unknown.
        """
        given, secrets = decode(properties)
        resource_request = self._request(request, given, context, current)
        described = resource_type(request.type)
        try:
            if self.account.is_refused(request.urn):  # its inputs may be anything
                identity, outputs = _refused(given, described, current)
            else:
                identity, outputs = self._create(resource_request, request.preview, properties, former)
        except (AwsApiError, InvalidInput) as refusal:
            if current is not None and isinstance(refusal, AwsApiError):
                refusal = refusal.of_an_update()
            text = hidden(str(refusal), given, secrets, described)
            if not self.account.only_previewed:
                context.abort(grpc.StatusCode.UNKNOWN, f"1 error occurred:\n\t* {text}")
            self.account.note_refusal(request.urn, text)
            identity, outputs = _refused(given, described, current)
        self.account.reword_refusals(request.urn, lambda text: hidden(text, given, secrets, described))
        if request.preview and self.account.as_pulumi:
            outputs = known_before_creation(given, outputs, described, current)
            identity = identity if current is not None else UNKNOWN
        secret = secrets | (described.secret_outputs if described else frozenset())
        secret |= {"tagsAll"} if "tags" in secret else set()
        record = Record(
            request.urn, identity, resource_request.region, dict(given), outputs, secret & {*outputs, *given}
        )
        with self._lock:
            self.records[request.urn] = record
        return record

    def _create(
        self,
        request: ResourceRequest,
        is_preview: bool,
        properties: struct_pb2.Struct,
        former: Mapping[str, Any] | None,
    ) -> tuple[Any, Mapping[str, Any]]:
        """Puts what is asked for into the account, or changes it there; its id and outputs.

        Raises AwsApiError and InvalidInput.
        """
        account, current = request.account, request.current
        references.await_what_is_named(request)
        with account.lock:  # of two resources of one name in one plan exactly one comes second
            with account.deferring_errors(request.urn):
                check_inputs(request, autonamed(properties))
                check_name(request)
            references.refuse_missing(request)
            identity, outputs = answer(request, services.spec_of(request.type), resource_type(request.type))
            if not is_preview:  # once it is there, nothing is unknown any more
                outputs = without_unknown(outputs)
            if current is not None:
                identity = current.id
            resource = StoredResource(
                request.urn,
                services.canonical_token(request.type),
                str(identity),
                request.region,
                outputs,
                request.generation,
                request.inputs,
            )
            account.change(resource) if current is not None else account.add(resource)
            overwriting.write(resource, account, request.inputs, former)
            spec = services.spec_of(request.type)
            if spec is not None and spec.on_write is not None and not is_preview:
                read = spec.on_write(resource, account, current.values if current is not None else None)
                outputs = {**outputs, **read}
                account.change(replace(resource, values=outputs))
        return identity, outputs


def _refused(
    given: Mapping[str, Any], described: ResourceType | None, current: StoredResource | None
) -> tuple[Any, Mapping[str, Any]]:
    """The id and outputs of a resource that is refused: what the program gave, and nothing else is known."""
    outputs = dict.fromkeys(described.outputs, UNKNOWN) if described else {}
    return current.id if current else UNKNOWN, {**outputs, **given}


def _is_awss_own(id: str) -> bool:
    """Whether this is an id of what AWS provides in every account, such as its managed policies."""
    return id.startswith("arn:") and id.split(":")[4:5] == ["aws"]


@contextmanager
def serve(account: Account, region: str = "") -> Iterator[tuple[MockAws, int]]:
    """Serves this account on a free port of the loopback interface; yields the servicer and the port.

    A provider that names no region is in this one, or in the account's.
    """
    servicer = MockAws(account, region)
    with served(servicer) as port:
        yield servicer, port


def _assumed_account(given: Mapping[str, Any]) -> str:
    """The account that a provider works in by assuming a role of it; empty for our own."""
    roles = _parsed(given.get("assumeRoles"), []) or [_parsed(given.get("assumeRole"), {})]
    # As JSON, the names inside are those that the program wrote.
    arn = roles[-1].get("roleArn", roles[-1].get("role_arn")) if isinstance(roles[-1], dict) else None
    return str(arn).split(":")[4] if isinstance(arn, str) and arn.count(":") >= 5 else ""


def _parsed(value: Any, default: Any) -> Any:
    """Provider configuration travels as JSON text, in which secrets are wrapped as they are elsewhere."""
    if not isinstance(value, str):
        return value if value is not None else default
    struct = struct_pb2.Struct()
    try:
        struct["it"] = json.loads(value)
    except (ValueError, TypeError):
        return default
    return decode(struct)[0]["it"]


def _id(identity: Any) -> str:
    """An id that is not known yet is empty in the protocol's preview."""
    return identity if isinstance(identity, str) else ""


__all__ = ["MockAws", "Record", "serve"]
