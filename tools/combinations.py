"""Which inputs of each resource type exclude or need each other, as far as the SDK's documentation says it plainly.

Only a whole sentence of one of these forms counts, and only where every name in it is an input of the type:

| sentence in the text of `x` | combination |
|---|---|
| Conflicts with `a` and `b`. | `x` conflicts with `a`, `b` |
| Only one of `a`, `b` can be specified. | `a` conflicts with `b` |
| Exactly one of `a` or `b` must be specified. | exactly one of `a`, `b` |
| One of `a` or `b` is required. | at least one of `a`, `b` |
| Requires `b` to be set. | `x` requires `b` |
| Required if `a` is set. Required unless `a` is set. | `a` needs `x`; needs one of `a`, `x` |

A statement that an example in the documentation contradicts does not count; one that something is missing only in the
type's own documentation, because other examples leave things out. What else a type demands is in its entry in services/
(`ResourceSpec.combinations`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from lab_support.mock_aws.combinations import arns_in, fault_of
from lab_support.mock_aws.data.combinations import (
    AT_LEAST_ONE,
    CONFLICTS,
    EXACTLY_ONE,
    NEEDS,
    NEEDS_ONE,
    REQUIRES,
    Combination,
)
from lab_support.mock_aws.naming import autonamed_property
from lab_support.plan.inputs import wire_name
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_defaults import documentation
from lab_support.toolchain.sdk_types import ResourceType, resource_tokens, resource_type
from tools.data_file import DataFile
from tools.examples import Example, examples

_NAMES: Final = r"((?:either )?`\w+`(?:(?:,? and|,? or|,| &) `\w+`)*)"
_GIVEN: Final = r"(?:specified|set|provided|configured|supplied|defined|given|used)"
_SUBJECT: Final = r"(?:This (?:argument |parameter |attribute )?|It |If (?:set|specified), |Value )?"
_FORMS: Final = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        (CONFLICTS, rf"{_SUBJECT}(?:conflicts|mutually exclusive) with {_NAMES}"),
        (
            CONFLICTS,
            rf"{_SUBJECT}(?:cannot|can't|can not) be {_GIVEN}(?: together| in combination)? with {_NAMES}",
        ),
        (
            CONFLICTS,
            rf"{_SUBJECT}(?:cannot|can't) be {_GIVEN} if (?:any )?{_NAMES} (?:[a-z ]+ )?(?:is|are) {_GIVEN}",
        ),
        ("only one", rf"(?:only|exactly) one of {_NAMES} (?:can|may) be {_GIVEN}"),
        (EXACTLY_ONE, rf"exactly one of {_NAMES} (?:must be {_GIVEN}|is required)(?: and this argument .*)?"),
        (AT_LEAST_ONE, rf"(?:at least )?one of {_NAMES} (?:must be {_GIVEN}|(?:is )?required)"),
        (
            "unless",
            rf"required (?:unless {_NAMES} is {_GIVEN}(?: and .*)?|(?:if|when) {_NAMES} (?:is )?not {_GIVEN})",
        ),
        ("needed by", rf"(?:required|must be {_GIVEN}) (?:if (?:using )?|when ){_NAMES}(?: is {_GIVEN})?"),
        (REQUIRES, rf"{_SUBJECT}requires {_NAMES}(?: to (?:also )?be {_GIVEN})?"),
    )
)
# What follows is about one value of the input.
_ONE_VALUE: Final = re.compile(r"\bset to `", re.I)


def combinations() -> dict[str, list[list[str]]]:
    """By type token: kind and names of each combination, the names as the documentation spells them."""
    found = {}
    for token in sorted(resource_tokens()):
        described = resource_type(token)
        stated = sorted(set(_stated(token, described))) if described is not None else []
        kept = [
            list(each) for each in stated if described is not None and not _is_contradicted(each, described)
        ]
        if kept:
            found[token] = kept
    return found


def other_texts() -> dict[str, list[str]]:
    """By type token: inputs named like ARNs to which an example gives a text that is none."""
    found: dict[str, set[str]] = {}
    for token, known in _examples_by_token().items():
        described = resource_type(token)
        assert described is not None
        for example in known:
            for name, _, value in arns_in(example.inputs, described):
                if not value.startswith("arn:"):
                    found.setdefault(token, set()).add(name)
    return {token: sorted(names) for token, names in found.items()}


@cache
def _examples_by_token() -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for example in examples():
        found.setdefault(example.token, []).append(example)
    return found


def _is_contradicted(stated: tuple[str, ...], described: ResourceType) -> bool:
    combination = Combination(stated[0], stated[1:])
    name = autonamed_property(described.token, described)
    for example in _examples_by_token().get(described.token, ()):
        inputs = {name: UNKNOWN, **example.inputs} if name else example.inputs
        counts = example.home == example.token or combination.kind == CONFLICTS
        if counts and fault_of(combination, described, inputs):
            return True
    return False


def _stated(token: str, described: ResourceType) -> Iterator[tuple[str, ...]]:
    documents = documentation(token)
    for prop in described.inputs.values():
        document = documents.get(prop.python_name, "")
        for sentence in _sentences(document):
            for combination in _read(sentence, prop.python_name):
                if combination[:2] == (REQUIRES, prop.python_name) and _ONE_VALUE.search(document):
                    continue
                known = {wire_name(name, described.inputs) for name in combination[1:]}
                if known <= {*described.inputs} and len(known) == len(combination) - 1 > 1:
                    yield combination


def _sentences(document: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.;:])\s+|(?<=NOTE:\*\*)|\n\s*\n|\n(?=\* )", document):
        yield " ".join(sentence.split()).strip(" .;:()*").removeprefix("Please note that ")


def _read(sentence: str, own: str) -> Iterator[tuple[str, ...]]:
    """The combinations that a sentence in the text of the input `own` states."""
    for kind, form in _FORMS:
        match = form.fullmatch(sentence)
        if match is None:
            continue
        names = re.findall(r"`(\w+)`", next(group for group in match.groups() if group))
        if kind in (CONFLICTS, REQUIRES):
            yield (kind, own, *names)
        elif kind == "only one":
            yield from ((CONFLICTS, first, *names[n + 1 :]) for n, first in enumerate(names[:-1]))
        elif kind == "needed by":
            yield from ((NEEDS, name, own) for name in names)
        elif kind == "unless":
            yield (NEEDS_ONE, *sorted({own, *names}))
        else:
            yield (kind, *sorted(names))


DATA_FILE: Final = DataFile(
    "lab_support/mock_aws/data/combinations.json",
    ("pulumi-aws",),
    lambda: {"types": combinations(), "other_texts": other_texts()},
)
