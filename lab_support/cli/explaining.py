"""`lab explain`: what the mock account answers for a resource type, and from which source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from lab_support.cli.options import as_json, print_json, usage_error

if TYPE_CHECKING:
    from lab_support.cli.explanation import Explanation, Naming, Property

# A field of a template, by its wire name.
_FIELD: Final = re.compile(r"\{[a-z][a-zA-Z0-9|]*\}")
_SOURCES: Final = {"cloudformation": "according to CloudFormation only"}


@click.command("explain")
@click.argument("type_name", metavar="[TYPE]", required=False)
@click.argument("name", required=False)
@click.option("--coverage", is_flag=True, help="Count how much is known of the SDK's types.")
@as_json
def explain_command(type_name: str | None, name: str | None, coverage: bool, as_json: bool) -> None:
    """Show what the mock account answers for a type.

    TYPE is `rds.Instance`, `aws.rds.Instance` or the token `aws:rds/instance:Instance`. Each value comes with its
    source. With NAME, only what concerns that property.

    With --json: `type`, `token`, `aliases`, `entry` (the file with the type's entry, or empty); `properties`, each
    with `name`, `wire_name`, `role` (id, default, computed), `value` (a template, or null where `how` describes a
    function) and `source`; `naming` (`input`, `autonamed`, `forms`, and of AWS's API `shortest`, `longest`,
    `pattern` and `parameter`); `unique` (`input`, `within`, `error`); `references` (input to type); `refusals`;
    `deletion`; `force_new` (input to source); `overwrites`; `inline` (input to the type that writes the same);
    `data_sources`. With --coverage: the numbers of types with an `entry`, with `documented` defaults only, with a
    `fallback` only, and of `all`.

    Exit codes: 0 success, 2 usage error.
    """
    from lab_support.cli import explanation  # start-up time: `lab --help` loads every command

    if coverage:
        if type_name:
            usage_error("--coverage takes no TYPE", as_json)
        counts = explanation.coverage()
        _show_coverage({**counts, "all": sum(counts.values())}, as_json)
        return
    if not type_name:
        usage_error("name a TYPE, such as rds.Instance, or give --coverage", as_json)
    try:
        found = explanation.explain(explanation.token_named(type_name))
        wanted = explanation.property_named(found, name) if name else ""
    except explanation.UnknownName as error:
        usage_error(str(error), as_json)
    if as_json:
        print_json(found.to_json(wanted))
        return
    for line in _lines(found, wanted):
        click.echo(line)


def _show_coverage(counts: dict[str, int], as_json: bool) -> None:
    if as_json:
        print_json(counts)
        return
    for text, key in (
        ("have an entry", "entry"),
        ("have documented defaults only", "documented"),
        ("have nothing but a fallback", "fallback"),
        ("in all", "all"),
    ):
        click.echo(f"{counts[key]:>5} types {text}")


def _lines(found: Explanation, wanted: str) -> Iterator[str]:
    yield f"{found.type}  {found.token}"
    if found.aliases:
        yield f"also: {', '.join(found.aliases)}"
    yield f"entry: {found.entry}" if found.entry else "entry: none"
    shown = [prop for prop in found.properties.values() if wanted in ("", prop.name)]
    yield from _section("Answers", (_answer(prop) for prop in shown), "nothing of its own" if wanted else "")
    if wanted in ("", found.naming.input):
        yield from _section("Name", _naming_lines(found.naming))
    if found.unique and wanted in ("", found.unique.input, *found.unique.within):
        within = ", ".join(found.unique.within) or "the account"
        yield from _section("Unique", [f"{found.unique.input} within {within}; else {found.unique.error}"])
    references = ((name, target) for name, target in found.references.items() if wanted in ("", name))
    yield from _section("Must exist", (f"{name}: {target}" for name, target in references))
    forcing = ((name, source) for name, source in found.force_new.items() if wanted in ("", name))
    yield from _section(
        "A change replaces the resource",
        (f"{name}  [{_SOURCES.get(source, source)}]" for name, source in forcing),
    )
    if wanted:
        return
    yield from _section("Refused", found.refusals, "nothing known beyond types and required inputs")
    yield from _section("Not deleted", found.deletion)
    if found.overwrites is not None:
        same = ", ".join(found.overwrites) or "there is one in the account"
        yield from _section("Overwritten without an error", [f"by a second resource with the same {same}"])
    yield from _section("Also written by", (f"{name}: {type}" for name, type in found.inline.items()))
    yield from _section("Data sources", found.data_sources)


def _section(title: str, lines: Any, otherwise: str = "") -> Iterator[str]:
    listed = list(lines) or ([otherwise] if otherwise else [])
    if listed:
        yield ""
        yield f"{title}:"
        yield from (f"  {_FIELD.sub(lambda field: _snake_case(field[0]), line)}" for line in listed)


def _answer(prop: Property) -> str:
    given = " unless given" if prop.role == "default" else ""
    if prop.value is None:  # a function, in its words
        return f"{prop.name}{given}: {prop.how.rstrip('.')}  [{prop.source}]"
    value = _renamed(prop.value)
    text = value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{prop.name} = {text or '(empty)'}{given}  [{prop.source}]"


def _renamed(value: Any) -> Any:
    """The value with the names of properties inside it as a program writes them."""
    if isinstance(value, dict):
        return {
            _snake_case(name) if name[:1].islower() else name: _renamed(inner)
            for name, inner in value.items()
        }
    return [_renamed(inner) for inner in value] if isinstance(value, list) else value


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _naming_lines(naming: Naming) -> Iterator[str]:
    if not naming.input:
        yield "no input names it"
        return
    yield f"{naming.input}, " + (
        "which Pulumi fills in" if naming.is_autonamed else "which the program gives"
    )
    yield from naming.forms
    limit = naming.limit
    if limit is not None:
        shortest = 0 if limit.shortest is None else limit.shortest
        length = f"{shortest} to {limit.longest} characters" if limit.longest is not None else ""
        pattern = f"matching {limit.pattern}" if limit.pattern else ""
        demands = ", ".join(text for text in (length, pattern) if text)
        yield f"{demands}  [AWS's API: {limit.service} {limit.operation} {limit.parameter}]"
