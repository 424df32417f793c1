"""Reads what Pulumi has deployed or would deploy, whatever language the program is in.

`pulumi stack export`, a backend's state file and `pulumi preview --json` hold each resource's inputs and outputs.
Formats: github.com/pulumi/pulumi, developer-docs/architecture/deployment-schema.md (deployments, property values), and
sdk/go/common/display (PreviewDigest). A file is recognised by its content.

Secrets stay sealed. To the rules they are unknown, also where an export was made with `--show-secrets`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from lab_support.engine.results import plan_of, states_in_preview
from lab_support.mock_aws.account import REGION, Account
from lab_support.plan.plan import Plan
from lab_support.plan.resource import DYNAMIC_PACKAGES, Resource
from lab_support.plan.values import SECRET_MARK, UNKNOWN
from lab_support.toolchain.sdk_types import resource_type

State = Mapping[str, Any]

_PROVIDER: Final = "pulumi:providers:aws"
_ARN: Final = re.compile(r"arn:[\w-]+:[\w-]*:([\w-]*):(\d{12}):")
# What the provider reads from AWS into a role, although other resources of the program write it.
_READ_BACK: Final = {"iam.Role": ("inline_policies", "managed_policy_arns")}
_URN_LINE: Final = re.compile(r'"urn":\s*("urn:pulumi:(?:[^"\\]|\\.)*")')
_WHAT_IS_READ: Final = "what `pulumi stack export` or `pulumi preview --json` writes"


class InvalidDeployment(Exception):
    """A file is no export of a stack and no preview; the message says what it is instead, and what to do."""


@dataclass(frozen=True)
class Deployment:
    """The plan that an export or a preview describes, notes on it, and the line of each resource in it, by URN."""

    plan: Plan
    notes: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


def is_json_object(content: bytes) -> bool:
    """Whether a file's content begins as JSON does, which no Python program does."""
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] in (b"{", b"[")


def read_deployment(content: bytes, name: str) -> Deployment:
    """Reads an export or a preview; `name` names it in messages. Raises InvalidDeployment."""
    try:
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
        data = json.loads(text)
    except UnicodeDecodeError:
        raise InvalidDeployment(f"{name} is not text; the lab reads {_WHAT_IS_READ}") from None
    except json.JSONDecodeError as error:
        raise InvalidDeployment(_malformed(error, name)) from None
    except RecursionError:
        raise InvalidDeployment(f"{name} is nested too deeply; the lab reads {_WHAT_IS_READ}") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise InvalidDeployment(f"a number in {name} has too many digits") from None
    states, notes = _states(data, text, name)
    if not any(map(_is_resource, states)):
        raise InvalidDeployment(f"{name} has no resources. {_stack_of(states)}Is it the right stack?")
    plan = _plan(states, data)
    return Deployment(plan, (*notes, *_not_reviewed(plan)), _lines(text))


def _malformed(error: json.JSONDecodeError, name: str) -> str:
    if error.msg == "Extra data":  # the CLI can write an event a line instead of one object
        return (
            f"{name} holds more than one JSON value (line {error.lineno}); the lab reads {_WHAT_IS_READ}, without "
            "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
        )
    return f"{name} is not valid JSON, line {error.lineno}, column {error.colno}: {error.msg}"


def _states(data: Any, text: str, name: str) -> tuple[list[State], tuple[str, ...]]:
    """The states of the resources, and notes on them."""
    if isinstance(data, Mapping):
        checkpoint = data.get("checkpoint")
        latest = checkpoint.get("latest") if isinstance(checkpoint, Mapping) else data.get("deployment")
        if isinstance(checkpoint, Mapping) or "deployment" in data:
            return _deployed(latest if isinstance(latest, Mapping) else {}, name)
        if "steps" in data or "changeSummary" in data:
            return _previewed(data, text, name)
    raise InvalidDeployment(f"{name} is {_kind_of(data)}; the lab reads {_WHAT_IS_READ}")


def _kind_of(data: Any) -> str:
    """What a JSON file is that is neither an export nor a preview."""
    if isinstance(data, Mapping):
        if "terraform_version" in data or "planned_values" in data:
            return "Terraform's"
        if "Resources" in data:
            return "a CloudFormation template"
        if "resources" in data and "mocked_packages" in data:
            return "what `lab preview --json` wrote, of which the program itself can be reviewed"
        if "findings" in data:
            return "what `lab review --json` wrote"
        if "resources" in data:
            return 'neither: it has "resources", but not inside "deployment"'
    return "other JSON"


def _deployed(latest: Mapping[str, Any], name: str) -> tuple[list[State], tuple[str, ...]]:
    resources = latest.get("resources") or []
    if not isinstance(resources, list) or not all(_is_state(state) for state in resources):
        raise InvalidDeployment(f"{name} has a resource that is malformed; the lab reads {_WHAT_IS_READ}")
    present = [
        state for state in resources if not state.get("delete") and not state.get("pendingReplacement")
    ]
    states: list[State] = [{**state, "op": "read" if state.get("external") else "same"} for state in present]
    return states, tuple(_interrupted(latest.get("pending_operations") or []))


def _is_state(state: Any) -> bool:
    """Whether a resource has the parts of a ResourceV3, each of the right kind."""
    if not isinstance(state, Mapping):
        return False
    links, inputs = state.get("propertyDependencies") or {}, state.get("inputs") or {}
    return (
        all(isinstance(state.get(name), str) for name in ("urn", "type"))
        and all(isinstance(state.get(name, ""), (str, type(None))) for name in ("id", "parent", "provider"))
        and all(isinstance(values, Mapping) for values in (inputs, links, state.get("outputs") or {}))
        and all(
            isinstance(urns, list) and all(isinstance(urn, str) for urn in urns)
            for urns in (
                state.get("dependencies") or [],
                inputs.get("__defaults") or [],
                *(urns or [] for urns in links.values()),
            )
        )
    )


def _is_resource(state: State) -> bool:
    """Whether a state is of something in the cloud, not of a stack, a component or a provider."""
    return bool(state.get("custom")) and not state["type"].startswith("pulumi:providers:")


def _interrupted(operations: Sequence[Any]) -> Iterator[str]:
    names = [
        _name_of(operation["resource"])
        for operation in operations
        if isinstance(operation, Mapping) and _is_state(operation.get("resource"))
    ]
    if names:
        yield f"An update was interrupted; what became of these is unknown: {', '.join(names)}"


def _previewed(data: Mapping[str, Any], text: str, name: str) -> tuple[list[State], tuple[str, ...]]:
    errors = [
        " ".join(str(diagnostic.get("message", "")).split())
        for diagnostic in data.get("diagnostics") or []
        if isinstance(diagnostic, Mapping) and diagnostic.get("severity") == "error"
    ]
    try:
        states = states_in_preview(text)
        if not all(map(_is_state, states)):
            raise KeyError("urn")
    except (KeyError, TypeError, AttributeError):
        raise InvalidDeployment(f"{name} is not a complete preview; the lab reads {_WHAT_IS_READ}") from None
    if errors and not any(map(_is_resource, states)):
        raise InvalidDeployment(f"{name} is a preview that failed: {errors[0]}")
    failed = (f"The preview failed, so resources may be missing: {errors[0]}",) if errors else ()
    return states, failed


def _plan(states: Sequence[State], data: Mapping[str, Any]) -> Plan:
    stack, project = _place_of(states[0]["urn"])
    regions = _provider_regions(states)
    own = [regions.get(_provider_of(state), "") for state in states if state["type"].startswith("aws:")]
    arns = [match for state in states for match in _ARN.findall(str((state.get("outputs") or {}).get("arn")))]
    config = data.get("config") if isinstance(data.get("config"), Mapping) else {}
    assert isinstance(config, Mapping)
    region = (
        _most_common(own) or str(config.get("aws:region") or "") or _most_common(found for found, _ in arns)
    )
    account = Account(id=_most_common(number for _, number in arns) or Account().id, region=region or REGION)
    plan = plan_of(states, (), {}, stack=stack, project=project, account=account)
    resources = (
        _sealed(_in_region(_own_only(resource), regions, state))
        for resource, state in _with_states(plan, states)
    )
    return replace(plan, resources=tuple(resources))


def _with_states(plan: Plan, states: Sequence[State]) -> Iterator[tuple[Resource, State]]:
    by_urn = {state["urn"]: state for state in states}
    for resource in plan:
        yield replace(resource, name=_name_of(by_urn[resource.urn])), by_urn[resource.urn]


def _place_of(urn: str) -> tuple[str, str]:
    """The stack and the project in a URN: `urn:pulumi:STACK::PROJECT::TYPE::NAME`."""
    start, _, rest = urn.partition("::")
    return start.removeprefix("urn:pulumi:"), rest.partition("::")[0]


def _name_of(state: State) -> str:
    """A resource's logical name, which may contain `::` itself."""
    return str(state["urn"].split("::", 3)[-1])


def _stack_of(states: Sequence[State]) -> str:
    if not states:
        return ""
    stack, project = _place_of(states[0]["urn"])
    return f"It is of the stack {stack} of the project {project}. "


def _provider_of(state: State) -> str:
    """The URN of a resource's provider, to which its reference adds the provider's id."""
    return str(state.get("provider") or "").rpartition("::")[0]


def _provider_regions(states: Iterable[State]) -> dict[str, str]:
    found = {}
    for state in states:
        if state["type"] == _PROVIDER:
            values = {**(state.get("inputs") or {}), **(state.get("outputs") or {})}
            if isinstance(region := values.get("region"), str) and re.fullmatch(r"[a-z0-9-]+-\d", region):
                found[state["urn"]] = region
    return found


def _most_common(values: Iterable[str]) -> str:
    counts = Counter(value for value in values if value)
    return counts.most_common(1)[0][0] if counts else ""


def _own_only(resource: Resource) -> Resource:
    """A resource without what the provider has read back about others."""
    names = [name for name in _READ_BACK.get(resource.kind, ()) if name not in resource.inputs]
    kept = {name: value for name, value in resource.outputs.items() if name not in names}
    return replace(resource, outputs=kept)


def _in_region(resource: Resource, regions: Mapping[str, str], state: State) -> Resource:
    """A resource with its provider's region, which version 6 of the provider does not say with each resource."""
    region, described = regions.get(_provider_of(state)), resource_type(resource.type)
    if not region or described is None or "region" not in described.inputs or resource.get("region"):
        return resource
    return replace(resource, outputs={**resource.outputs, "region": region})


def _sealed(resource: Resource) -> Resource:
    """A resource whose secrets, at any depth, are unknown."""
    secret = {
        name
        for values in (resource.inputs, resource.outputs)
        for name, value in values.items()
        if _holds_secret(value)
    }
    return replace(
        resource,
        inputs={name: _unknown_where_secret(value) for name, value in resource.inputs.items()},
        outputs={name: _unknown_where_secret(value) for name, value in resource.outputs.items()},
        secrets=resource.secrets | secret,
    )


def _holds_secret(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_secret, value.values()))
    return any(map(_holds_secret, value)) if isinstance(value, list) else value == SECRET_MARK


def _unknown_where_secret(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _unknown_where_secret(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_unknown_where_secret(item) for item in value]
    return UNKNOWN if value == SECRET_MARK else value


def _not_reviewed(plan: Plan) -> Iterator[str]:
    """A note on the resources of other packages, and on those that the program implements itself."""
    types = [resource.type for resource in plan if resource.is_custom]
    names = [type.partition(":")[0] for type in types]
    packages = Counter("a dynamic provider" if name in DYNAMIC_PACKAGES else name for name in names)
    others = [
        f"{count} of {name}" for name, count in sorted(packages.items()) if name not in ("aws", "pulumi")
    ]
    if others:
        listed = ", ".join(others)
        yield f"Not reviewed, because the rules are about the package aws: resources of other packages ({listed})"


def _lines(text: str) -> dict[str, int]:
    """The line of each URN in a file, counted from 1."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for match in _URN_LINE.findall(line):
            found.setdefault(json.loads(match), number)
    return found
