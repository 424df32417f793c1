"""What two plans of one program do not agree on.

Time stamps, identifiers and random bytes are drawn anew each time, so they are no difference: digits, hexadecimal words
and base64.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.drills.release import STORES
from lab_support.errors import PreviewFailed
from lab_support.mock_aws.replacement import replaces
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import SECRET_MARK

_WORD: Final = re.compile(r"([0-9A-Za-z]+)")
_HEXADECIMAL: Final = re.compile(r"[0-9a-f]{4,}", re.IGNORECASE)
# The part of a word that counts or identifies: digits, and the hexadecimal letters beside them.
_IDENTIFIER: Final = re.compile(r"[0-9a-f]*\d[0-9a-f]*", re.IGNORECASE)
# Random bytes as base64: capitals and small letters in one long word.
_BASE64: Final = re.compile(r"(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/_-]{16,}=*")
# What is gone, or can no longer be read, when a resource is replaced.
_KEEPS_DATA: Final = (*STORES, "kinesis.Stream", "s3.Bucket", "kms.Key", "kms.ExternalKey")
_COLLISION: Final = re.compile(r"already|duplicate|in use|not unique|conflict", re.IGNORECASE)


def difference_from(first: Plan, second: Any) -> str | None:
    """What a plan and the outcome of a second preview do not agree on, as a clause; None where they do.

    The outcome is a plan, a refusal, or an error, which says nothing. Nor does the refusal of a name that is taken: the
    second preview may draw one name twice.
    """
    if isinstance(second, Plan):
        return difference(first, second)
    if not isinstance(second, PreviewFailed):
        return None
    refusals = [found for found in second.diagnostics if not _COLLISION.search(found.text)]
    if not refusals or len(refusals) < len(second.diagnostics):
        return None
    return f"{refusals[0].resource or 'the program'} was accepted, then refused ({_brief(refusals[0].text)})"


def difference(first: Plan, second: Plan) -> str | None:
    """What two plans of one program and environment do not agree on, as a clause; None where they do."""
    before = {resource.urn: resource for resource in first.resources}
    after = {resource.urn: resource for resource in second.resources}
    new = [urn for urn in after if urn not in before]
    for urn, resource in before.items():
        if urn in after:
            for name in sorted({*resource.inputs, *after[urn].inputs}):
                old, other = resource.inputs.get(name), after[urn].inputs.get(name)
                if not _are_alike(old, other):
                    return f"{name} of {resource.name} was {_brief(old)}, then {_brief(other)}"
            continue
        renamed = next((other for other in new if _are_alike(urn, other)), None)
        if renamed is None:
            return f"{resource.name} existed, and then did not"
        new.remove(renamed)
    return f"{after[new[0]].name} did not exist, and then did" if new else None


def replaced(first: Plan, second: Any) -> Iterator[tuple[Resource, str]]:
    """The stores and keys that a second deployment of one program would replace, each with the reason as a clause.

    An identifier is no difference between two plans, but in a name, or where a change makes a new resource, it deletes
    what the deployment before has stored.
    """
    if not isinstance(second, Plan):
        return
    after = {resource.urn: resource for resource in second.of_type(*_KEEPS_DATA)}
    for resource in first.of_type(*_KEEPS_DATA):
        other = after.get(resource.urn)
        if other is None:
            new = next((urn for urn in after if _are_alike(resource.urn, urn)), "")
            if new:
                yield resource, f"it is called {after[new].name}"
            continue
        names = {_on_the_wire(name): name for name in {*resource.inputs, *other.inputs}}
        differing = (
            wire for wire, name in names.items() if resource.inputs.get(name) != other.inputs.get(name)
        )
        for wire in sorted(replaces(resource.type, differing))[:1]:
            value = other.shown()[0].get(names[wire])
            yield resource, f"its {names[wire]} is {'another one' if value == SECRET_MARK else _brief(value)}"


def _on_the_wire(name: str) -> str:
    return re.sub(r"_(\w)", lambda letter: letter[1].upper(), name)


def _are_alike(old: Any, new: Any) -> bool:
    """Whether two values are equal but for what is drawn anew each time."""
    if isinstance(old, str) and isinstance(new, str):
        return old == new or _are_alike_texts(old, new)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_are_alike(value, new[key]) for key, value in old.items())
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        return len(old) == len(new) and all(map(_are_alike, old, new))
    return bool(old == new)


def _are_alike_texts(old: str, new: str) -> bool:
    if len(old) == len(new) and _BASE64.fullmatch(old) and _BASE64.fullmatch(new):
        same = sum(map(str.__eq__, old, new))
        if same < len(old) / 3:  # random bytes agree in one place of 64
            return True
    words, others = _WORD.split(old), _WORD.split(new)
    return len(words) == len(others) and all(map(_are_alike_words, words, others))


def _are_alike_words(old: str, new: str) -> bool:
    if len(old) == len(new) and _HEXADECIMAL.fullmatch(old) and _HEXADECIMAL.fullmatch(new):
        return True
    return _IDENTIFIER.sub("#", old) == _IDENTIFIER.sub("#", new)


def _brief(value: Any) -> str:
    text = "not set" if value is None else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
