"""Shows a review in GitHub Actions: annotations beside the changed lines, and a summary of the job.

Annotations are commands in the log, `::error file=…,line=…,title=…::text`, in which some characters are escaped; the
summary is Markdown in the file that GITHUB_STEP_SUMMARY names.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lab_support.reporting import counted
from lab_support.review.findings import NOTE, Review, ReviewFinding
from lab_support.review.help_links import help_link
from lab_support.review.places import Origin, relative
from lab_support.safeguards.printing import printable

_COMMANDS: Final = {"Critical": "error", "High": "error", "Medium": "warning", NOTE: "notice"}
_ESCAPED: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_ESCAPED_IN_PROPERTIES: Final = {**_ESCAPED, ":": "%3A", ",": "%2C"}
_MARKDOWN: Final = {character: f"\\{character}" for character in "\\`*_{}[]()#|!~@"}
_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": " "}


def workflow_commands(review: Review, origin: Origin) -> list[str]:
    """A command for each finding, the most severe first: GitHub shows only the first ten of a kind and step."""
    return [_annotation(finding, origin) for finding in review.findings]


def _annotation(finding: ReviewFinding, origin: Origin) -> str:
    properties = {"title": f"{finding.id}: {finding.resource}"}
    if position := origin.position(finding.source, finding.urn):
        properties |= {"file": relative(position[0], origin.root), "line": str(position[1])}
    listed = ",".join(
        f"{name}={_escaped(value, _ESCAPED_IN_PROPERTIES)}" for name, value in properties.items()
    )
    text = _escaped(f"{finding.what} {finding.repair} [{finding.control}] {help_link(finding.id)}", _ESCAPED)
    return f"::{_COMMANDS[finding.severity]} {listed}::{text}"


def summary(review: Review, origin: Origin) -> str:
    """The review as Markdown: a table of the findings, and how much was accepted or could not be decided."""
    return "\n".join(_summary(review, origin)) + "\n"


def _summary(review: Review, origin: Origin) -> Iterator[str]:
    found = counted(len(review.findings), "finding") if review.findings else "No findings"
    yield f"### Pulumi review: {found} in {counted(review.resources, 'resource')}"
    yield ""
    if review.findings:
        yield "| severity | finding | resource | where | what, and how to repair it |"
        yield "|---|---|---|---|---|"
    for finding in review.findings:
        position = origin.position(finding.source, finding.urn)
        where = f"{relative(position[0], origin.root)}:{position[1]}" if position else ""
        texts = (finding.severity, finding.id, finding.resource, where, f"{finding.what} {finding.repair}")
        yield f"| {' | '.join(_escaped(text, {**_MARKDOWN, **_MARKUP}) for text in texts)} |"
    if review.accepted:
        yield f"\n{counted(len(review.accepted), 'finding')} accepted in .lab-review.yaml."
    if review.unknown:
        yield f"\n{counted(len(review.unknown), 'question')} could not be decided; the log lists them."


def _escaped(text: str, table: dict[str, str]) -> str:
    """Replaces characters; control characters are shown as Python writes them, except those that the table has."""
    return printable("".join(table.get(character) or printable(character) for character in text))
