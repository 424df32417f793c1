"""What URNs are in the one stack, and what they would be in a stack of each environment's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from lab_support.engine import results

STACK: Final = "every-environment"
# The type of the component that stands for an environment's stack ends in the environment's name.
ROOT_TYPE: Final = "lab:environment:"
_STACK_TYPE: Final = "pulumi:pulumi:Stack"


class Urns:
    """What URNs are in the one stack, and what they would be in a stack of their own."""

    def __init__(self, project: str, environments: Sequence[str]) -> None:
        self.project, self.environments = project, environments
        self.prefix = f"urn:pulumi:{STACK}::{project}::"
        self.pattern = re.compile(rf"{re.escape(self.prefix + ROOT_TYPE)}([\w.-]+)(\$|::)")

    def root(self, environment: str) -> str:
        """The component that stands for an environment's stack."""
        return f"{self.prefix}{ROOT_TYPE}{environment}::{self.project}-{environment}"

    def own(self, urn: str) -> tuple[str, str] | None:
        """The environment of a URN, and what it is there; None for what is of no single environment."""
        found = self.pattern.match(urn)
        return (found[1], self.translated(urn)) if found else None

    def translated(self, text: str) -> str:
        """A text with each URN of an environment as it is in a stack of its own."""
        return self.pattern.sub(self._own_prefix, text)

    def _own_prefix(self, found: re.Match[str]) -> str:
        kind = "" if found[2] == "$" else f"{_STACK_TYPE}::"
        return f"urn:pulumi:{found[1]}::{self.project}::{kind}"

    def states_of(self, environment: str, states: Sequence[results.State]) -> list[results.State]:
        """The states (translated) of one environment; the default providers are everybody's."""
        own, shared = f"urn:pulumi:{environment}::", f"urn:pulumi:{environment}::{self.project}::"
        return [
            {**state, "provider": str(state.get("provider") or "").replace(self.prefix, shared)}
            for state in states
            if state["urn"].startswith(own) and not state["type"].startswith(ROOT_TYPE)
        ]

    def sorted(self, events: Sequence[Any]) -> dict[str, list[Any]] | None:
        """The events by environment, from now on about the URNs that are its own; None where one is of nobody's."""
        found: dict[str, list[Any]] = {name: [] for name in self.environments}
        for event in events:
            said, done = event.diagnostic_event, event.res_outputs_event or event.resource_pre_event
            about = said if said is not None else done.metadata if done is not None else None
            if about is None or (said is not None and said.severity == "debug"):
                continue
            whose = self.own(about.urn or "")
            if said is not None and (said.severity == "error" or whose is None):
                return None
            if whose is None:  # a default provider, which is everybody's
                continue
            environment, urn = whose
            if said is not None:
                about.urn = "" if about.urn == self.root(environment) else urn
            else:
                about.urn = urn
                about.type = _STACK_TYPE if about.type.startswith(ROOT_TYPE) else about.type
            found[environment].append(event)
        return found
