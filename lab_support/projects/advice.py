"""What a reader must know of a plan besides its resources: what was assumed, overwritten, refused or left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from lab_support.engine.overwritten import OVERWRITTEN
from lab_support.engine.results import ASSUMED_TO_EXIST, REFUSED_LATER, REGION_TAKEN, UNKNOWN_RESULT, WRAPPED
from lab_support.plan.plan import Plan
from lab_support.reporting import counted


def advice(plan: Plan, *, refusals: bool = True) -> Iterator[str]:
    """One line each: what is assumed to exist, in one line, and what else is not as it seems.

    `refusals` includes what AWS would refuse.
    """
    suffix = f": {ASSUMED_TO_EXIST}"
    texts = [diagnostic.text for diagnostic in plan.diagnostics]
    if assumed := _each_once({text.removesuffix(suffix) for text in texts if text.endswith(suffix)}):
        verb = "is" if len(assumed) == 1 else "are"
        count = counted(len(assumed), "thing")
        yield f"{count} {verb} assumed to exist outside this program: {', '.join(assumed)}"
    beginnings = (*((REFUSED_LATER,) if refusals else ()), REGION_TAKEN, OVERWRITTEN, UNKNOWN_RESULT)
    for diagnostic in plan.diagnostics:
        if diagnostic.text.endswith(WRAPPED) or diagnostic.text.startswith(beginnings):
            yield f"{diagnostic.resource}: {diagnostic.text}" if diagnostic.resource else diagnostic.text
    yield from _opaque_components(plan)


def messages(plan: Plan) -> Iterator[str]:
    """What the program and the SDK report with `pulumi.log`, one line each, as Pulumi shows it below a preview."""
    for diagnostic in plan.diagnostics:
        text = diagnostic.text
        if not text.endswith((ASSUMED_TO_EXIST, WRAPPED)) and not text.startswith(
            (REFUSED_LATER, REGION_TAKEN, OVERWRITTEN, UNKNOWN_RESULT)
        ):
            about = f"{diagnostic.resource}: " if diagnostic.resource else ""
            yield f"{diagnostic.severity}: {about}{text}"


def _each_once(taken: Set[str]) -> list[str]:
    """Sorted, and without what a data source among them looks up: `role admin` beside `iam.getRole(name=admin)`."""
    lookups = {text for text in taken if text.endswith(")")}

    def is_looked_up(text: str) -> bool:
        kind = text.partition(" ")[0].rpartition(".")[2].casefold()
        argument = re.compile(rf"={re.escape(text.rpartition(' ')[2])}[,)]")
        return any(
            kind in lookup.partition("(")[0].casefold() and argument.search(lookup) for lookup in lookups
        )

    return sorted(text for text in taken if text in lookups or not is_looked_up(text))


def _opaque_components(plan: Plan) -> Iterator[str]:
    """A line on the components of other packages, which the mock registers empty: their code is not in the program."""
    parents = {resource.parent for resource in plan}
    packages = {name.replace("_", "-") for name in plan.mocked_packages}
    opaque = [
        resource
        for resource in plan
        if not resource.is_custom
        and resource.type.partition(":")[0] in packages
        and resource.urn not in parents
    ]
    if opaque:
        names = ", ".join(f"{resource.kind} {resource.name}" for resource in opaque[:5])
        more = f" and {len(opaque) - 5} more" if len(opaque) > 5 else ""
        count = counted(len(opaque), "component")
        yield f"Neither previewed nor reviewed: what is inside {count} of other packages ({names}{more})"
