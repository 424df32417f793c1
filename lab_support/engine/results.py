"""Makes a Plan of what a run leaves: the engine's states and events, and the account's records."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from lab_support.engine import overwritten
from lab_support.engine.messages import STACK, diagnostics
from lab_support.errors import InternalError, PreviewFailed, is_user_code
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import Record
from lab_support.plan.diagnostic import Diagnostic, Location
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource, kind_of
from lab_support.plan.values import SECRET_MARK, UNKNOWN, python_name
from lab_support.plan.wire import SECRET_SIGNATURE, SIGNATURE, UNKNOWN_SENTINEL
from lab_support.toolchain import sdk_types

State = Mapping[str, Any]
# The end of a diagnostic about something that a preview has taken for granted.
ASSUMED_TO_EXIST: Final = "it is assumed to exist outside this program."
# How a diagnostic about a function in `apply` that fails begins.
UNKNOWN_RESULT: Final = "Unknown, as in `pulumi preview`: "
REGION_TAKEN: Final = "no region is given, so it uses aws:region, "
WRAPPED: Final = "a single value where a list is expected; the provider takes it as a list of one."
REFUSED_LATER: Final = "A deployment would be refused: "


def states_in_preview(printed: str) -> list[State]:
    """The planned states from the output of `pulumi preview --json`; the last one of each URN."""
    steps = json.loads(printed).get("steps") or []
    planned = {}
    for step in steps:
        if step.get("newState"):
            state, old = step["newState"], step.get("oldState") or {}
            if step["op"] == "same":  # its new state has only what the program sets
                state = {**state, "id": old.get("id", ""), "outputs": old.get("outputs") or {}}
            planned[state["urn"]] = {**state, "op": step["op"]}
    return list(planned.values())


def states_in_checkpoint(path: Path) -> list[State]:
    """The states of the resources in a stack's state file."""
    latest = json.loads(path.read_text(encoding="utf-8"))["checkpoint"]["latest"] or {}
    return [state for state in latest.get("resources") or [] if not state.get("delete")]


def plan_of(
    states: Iterable[State],
    events: Sequence[Any],
    records: Mapping[str, Record],
    *,
    stack: str,
    project: str,
    account: Account,
    region: str = "",
    mocked_packages: Iterable[str] = (),
    folder: Path | None = None,
    tolerated: Iterable[tuple[str, Location | None]] = (),
    printed: str = "",
) -> Plan:
    """The plan: its structure from the engine, its values from the account's answers.

    `folder` is the workspace's folder, to which the engine's names of the program's files are relative. `tolerated` are
    failures of functions in `apply`: a sentence and a line each. `printed` is what the program printed.
    """
    ops, outputs, secrets = _steps_and_outputs(events)
    states = list(states)
    states += _providers_called_default(events, {state["urn"] for state in states})
    planned = [
        _resource(
            state, records.get(state["urn"]), ops.get(state["urn"]) or state.get("op") or "create", folder
        )
        for state in states
        if state["type"] != STACK and not _is_default_provider(state)
    ]
    resources = overwritten.marked(planned, account)
    return Plan(
        stack=stack,
        project=project,
        account=account.id,
        region=region or account.region,
        resources=resources,
        outputs=outputs,
        output_secrets=secrets,
        diagnostics=tuple(d for d in diagnostics(events, "warning", "info", "error") if d.text)
        + tuple(_assumption(*assumed) for assumed in dict.fromkeys(account.assumed))
        + tuple(
            Diagnostic("warning", f"{REFUSED_LATER}{says}", urn)
            for urn, says in dict.fromkeys(account.refused_later)
        )
        + tuple(
            Diagnostic(
                "info", f"{REGION_TAKEN}{region or account.region}; in Pulumi it needs one of its own.", urn
            )
            for urn in account.without_region
        )
        + tuple(_wrapped(*noted) for noted in dict.fromkeys(account.wrapped))
        + tuple(overwritten.advice(resources, account))
        + tuple(Diagnostic("info", text) for text in _unknown_results(tolerated)),
        mocked_packages=tuple(sorted(mocked_packages)),
        printed=printed,
    )


def _assumption(asker: str, missing: str) -> Diagnostic:
    """The note that something is assumed to exist, in an account of which only the program's resources are known."""
    text = f"{missing.rstrip('.')}: {ASSUMED_TO_EXIST}"
    return Diagnostic("info", text, asker if asker.startswith("urn:") else "")


def _wrapped(asker: str, path: str) -> Diagnostic:
    """The warning that a single value became a list."""
    urn = asker if asker.startswith("urn:") else ""
    name = ".".join(python_name(part) for part in path.split("."))
    return Diagnostic("warning", f"{name if urn else f'{kind_of(asker)}, {name}'}: {WRAPPED}", urn)


def _unknown_results(tolerated: Iterable[tuple[str, Location | None]]) -> Iterator[str]:
    """One sentence for each line on which a function in `apply` fails."""
    by_place: dict[str, str] = {}
    for message, location in tolerated:
        by_place.setdefault(f" ({location.place})" if location else "", message)
    for place, message in by_place.items():
        yield (
            f"{UNKNOWN_RESULT}the result of a function in apply{place}, which fails on values that exist only after "
            f"a deployment: {message}"
        )


def previewed_as_pulumi(refused: PreviewFailed) -> Diagnostic:
    """The note that a plan has only the values that Pulumi knows, because with others its resources collide."""
    names = ", ".join(dict.fromkeys(d.resource for d in refused.diagnostics if d.resource))
    about = f" of {names}" if names else ""
    return Diagnostic(
        "info",
        f"{UNKNOWN_RESULT}all values that exist only after a deployment, because with stand-ins for them the "
        f"names{about} collide.",
    )


def _steps_and_outputs(events: Iterable[Any]) -> tuple[dict[str, str], dict[str, Any], frozenset[str]]:
    ops: dict[str, str] = {}
    outputs: dict[str, Any] = {}
    secrets: set[str] = set()
    for event in events:
        done = event.res_outputs_event or event.resource_pre_event
        if done is None:
            continue
        step = done.metadata
        op = step.op.value
        if op == "refresh":  # what the update does afterwards counts
            continue
        # The engine calls the steps of a replacement create-replacement, replace and delete-replaced.
        ops.setdefault(step.urn, "replace" if "replace" in op and op != "read-replacement" else op)
        if step.type == STACK and step.new is not None and step.new.outputs:
            outputs = {name: _from_state(value) for name, value in step.new.outputs.items()}
            secrets = {name for name, value in outputs.items() if value == SECRET_MARK}
    return ops, outputs, frozenset(secrets)


def _providers_called_default(events: Iterable[Any], known: Container[str]) -> list[State]:
    """The program's own providers whose names begin with `default`: `pulumi preview --json` leaves them out."""
    found = {}
    for event in events:
        step = event.resource_pre_event.metadata if event.resource_pre_event is not None else None
        if step is None or step.new is None or step.urn in known:
            continue
        if step.type.startswith("pulumi:providers:") and "::default" in step.urn and step.new.parent:
            state = step.new
            found[step.urn] = {
                "urn": step.urn,
                "type": step.type,
                "id": state.id,
                "parent": state.parent,
                "inputs": state.inputs,
                "outputs": state.outputs,
            }
    return list(found.values())


def _resource(state: State, record: Record | None, op: str, folder: Path | None) -> Resource:
    given, computed = state.get("inputs") or {}, state.get("outputs") or {}
    defaults = given.get("__defaults") or ()
    secrets = {
        k
        for values in (given, computed)
        for k, v in values.items()
        if _is_secret(v) and not k.startswith("__")
    }
    if record is not None:
        inputs, outputs = _from_state(record.inputs), _from_state(record.outputs)
        secrets |= record.secrets
    else:
        inputs = {k: _from_state(v) for k, v in given.items() if not k.startswith("__")}
        outputs = {k: _from_state(v) for k, v in computed.items()}
    described = sdk_types.resource_type(state["type"])
    names: Mapping[str, str] = {}
    if described is not None:
        inputs = sdk_types.python_names(inputs, described.inputs)
        outputs = sdk_types.python_names(outputs, described.properties)
        names = described.names
    else:
        inputs = {python_name(name): value for name, value in inputs.items()}
        outputs = {python_name(name): value for name, value in outputs.items()}
    return Resource(
        urn=state["urn"],
        type=state["type"],
        name=state["urn"].rpartition("::")[2],
        op=op,
        id=record.id if record and isinstance(record.id, str) else state.get("id", ""),
        inputs=inputs,
        outputs=outputs,
        secrets=frozenset(names.get(name, python_name(name)) for name in secrets),
        parent=state.get("parent", ""),
        provider=state.get("provider", ""),
        depends_on=tuple(state.get("dependencies") or ()),
        properties_from={
            names.get(name, python_name(name)): tuple(urns)
            for name, urns in (state.get("propertyDependencies") or {}).items()
            if urns
        },
        defaults=frozenset(names.get(name, python_name(name)) for name in defaults),
        source=_source(state, folder) if folder else None,
        protect=state.get("protect") is True,
        retain_on_delete=state.get("retainOnDelete") is True,
        ignore_changes=tuple(state.get("ignoreChanges") or ()),
    )


def _source(state: State, folder: Path) -> Location | None:
    """The line of the program that made a resource: the innermost call in the program's own files."""
    calls = state.get("stackTrace") or [state]
    for call in calls:
        path, _, line = str(call.get("sourcePosition") or "").removeprefix("project:///").partition("#")
        number = line.partition(",")[0]
        if path and number.isdigit() and (file := _users_file(str(folder), path)):
            return Location(file, int(number), "")  # the line's text may hold a secret
    return None


@lru_cache(maxsize=256)  # the few files of a program, on each level of the stack of each of its resources
def _users_file(folder: str, path: str) -> str:
    """The file that the engine means by a path; empty where it is not the user's."""
    file = os.path.normpath(os.path.join(folder, path))
    return file if is_user_code(file) else ""


def _is_secret(value: Any) -> bool:
    """Whether the engine has masked a value, or wrapped it as a secret."""
    return value == SECRET_MARK or (isinstance(value, dict) and value.get(SIGNATURE) == SECRET_SIGNATURE)


def _from_state(value: Any) -> Any:
    """A value without the marks with which the engine wraps secrets, unknowns and files."""
    if isinstance(value, str):
        return UNKNOWN if value == UNKNOWN_SENTINEL else value
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET_SIGNATURE:
            return SECRET_MARK
        return {k: _from_state(v) for k, v in value.items() if k != SIGNATURE}
    if isinstance(value, list):
        return [_from_state(v) for v in value]
    return value


def _is_default_provider(state: State) -> bool:
    """The engine's own provider, unlike one that the program calls `default`, has no parent."""
    is_provider = str(state["type"]).startswith("pulumi:providers:")
    return is_provider and "::default" in state["urn"] and not state.get("parent")


def refuse_strangers(urns: Collection[str]) -> None:
    """Raises InternalError for resources that the program has not registered: then another process has."""
    if urns:
        names = ", ".join(sorted(urn.rpartition("::")[2] for urn in urns)[:3])
        raise InternalError(
            f"another process of this machine created resources in this run ({names}), so its result does not count. "
            "Run it again."
        )
