"""Translates between the URNs of the one stack of a batch and those of each environment's own stack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from lab_support.engine import results

STACK: Final = "every-environment"
# The type of the component that takes the place of an environment's stack ends in the environment's name.
ROOT_TYPE: Final = "lab:environment:"
_STACK_TYPE: Final = "pulumi:pulumi:Stack"


class Urns:
    """The URNs of a project's environments, in the one stack and in stacks of their own."""

    def __init__(self, project: str, environments: Sequence[str]) -> None:
        self.project, self.environments = project, environments
        self.prefix = f"urn:pulumi:{STACK}::{project}::"
        self.pattern = re.compile(rf"{re.escape(self.prefix + ROOT_TYPE)}([\w.-]+)(\$|::)")

    def root(self, environment: str) -> str:
        """The URN of the component that takes the place of an environment's stack."""
        return f"{self.prefix}{ROOT_TYPE}{environment}::{self.project}-{environment}"

    def own(self, urn: str) -> tuple[str, str] | None:
        """The environment of a URN and the URN there; None where it belongs to no single environment."""
        found = self.pattern.match(urn)
        return (found[1], self.translated(urn)) if found else None

    def translated(self, text: str) -> str:
        """A text in which each URN of an environment is the one in a stack of its own."""
        return self.pattern.sub(self._own_prefix, text)

    def _own_prefix(self, found: re.Match[str]) -> str:
        kind = "" if found[2] == "$" else f"{_STACK_TYPE}::"
        return f"urn:pulumi:{found[1]}::{self.project}::{kind}"

    def states_of(self, environment: str, states: Sequence[results.State]) -> list[results.State]:
        """One environment's share of the translated states; it also refers to the shared default providers."""
        own, shared = f"urn:pulumi:{environment}::", f"urn:pulumi:{environment}::{self.project}::"
        return [
            {**state, "provider": str(state.get("provider") or "").replace(self.prefix, shared)}
            for state in states
            if state["urn"].startswith(own) and not state["type"].startswith(ROOT_TYPE)
        ]

    def sorted(self, events: Sequence[Any]) -> dict[str, list[Any]] | None:
        """The events by environment, about the URNs there; None where an event belongs to no environment."""
        found: dict[str, list[Any]] = {name: [] for name in self.environments}
        for event in events:
            message, step = event.diagnostic_event, event.res_outputs_event or event.resource_pre_event
            subject = message if message is not None else step.metadata if step is not None else None
            if subject is None or (message is not None and message.severity == "debug"):
                continue
            own = self.own(subject.urn or "")
            if message is not None and (message.severity == "error" or own is None):
                return None
            if own is None:  # a default provider, which all share
                continue
            environment, urn = own
            if message is not None:
                subject.urn = "" if subject.urn == self.root(environment) else urn
            else:
                subject.urn = urn
                subject.type = _STACK_TYPE if subject.type.startswith(ROOT_TYPE) else subject.type
            found[environment].append(event)
        return found
