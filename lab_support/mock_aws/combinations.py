"""What the provider refuses before it calls AWS: inputs that do not go together, and texts that are no ARNs.

The texts are those of hashicorp/terraform-plugin-sdk (helper/schema/schema.go). An unknown value counts as given
where one is missing, and as left out where two exclude each other: it may turn out either way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any, Final

from lab_support.mock_aws.arns import check_arn
from lab_support.mock_aws.data.combinations import (
    CONFLICTS,
    EXACTLY_ONE,
    NEEDS,
    NEEDS_ONE,
    REQUIRES,
    Combination,
    documented_combinations,
    other_texts,
)
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.services import spec_of
from lab_support.plan.inputs import wire_name
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_defaults import documentation
from lab_support.toolchain.sdk_types import (
    ResourceType,
    TypeRef,
    object_documentation,
    object_type,
    resource_type,
)

_NAMED_ARN: Final = re.compile(r"(^arn|Arns?)$")
_NAMED_ROLE: Final = re.compile(r"(^role|(?<!^iam)Role)$")
_ARN_OF_ROLE: Final = re.compile(r"(The )?(Amazon Resource Name \(ARN\)|ARN) (of|for) [^.]*\b[Rr]ole\b")
# Documented for an input that takes other texts, too.
_ALTERNATIVE: Final = re.compile(r"\bor ARN\b|\bARN or\b|\bpartial ARN\b|\(ARN\) or\b|\bkey ID\b")


@cache
def combinations_of(token: str) -> tuple[Combination, ...]:
    """What is known of the combinations of a type's inputs: from its entry, and from the documentation."""
    spec = spec_of(token)
    return (*(spec.combinations if spec is not None else ()), *documented_combinations(token))


def check_inputs(request: ResourceRequest, autonamed: Collection[str] = ()) -> None:
    """Raises InvalidInput for a combination of inputs that the provider refuses, or for a text that is no ARN.

    `autonamed` are the inputs that the program did not give.
    """
    described = resource_type(request.type)
    if described is None:
        return
    for combination in combinations_of(request.type):
        fault = fault_of(combination, described, request.inputs, autonamed)
        if fault:
            raise fault
    for name, path, value in arns_in(request.inputs, described):
        if name not in other_texts(described.token):
            check_arn(request.account, name, path, value)


def fault_of(
    combination: Combination,
    described: ResourceType,
    inputs: Mapping[str, Any],
    autonamed: Collection[str] = (),
) -> InvalidInput | None:
    """The provider's error for inputs (by wire name) that do not satisfy a combination; None where they do."""
    kind, names = combination.kind, combination.names
    wire = {name: wire_name(name, described.inputs) for name in names}
    given = [name for name in sorted(names) if inputs.get(wire[name]) is not None]
    # Certainly set: not unknown, not empty, not false.
    chosen = [
        name
        for name in given
        if inputs[wire[name]] is not UNKNOWN and inputs[wire[name]] and wire[name] not in autonamed
    ]
    first, listed, by_aws = names[0], ",".join(sorted(names)), kind in (NEEDS, NEEDS_ONE)
    if kind in (CONFLICTS, REQUIRES, NEEDS):
        others = [name for name in chosen if name != first]
        if first in chosen and kind == CONFLICTS and others:
            return InvalidInput(wire[first], f'"{first}": conflicts with {others[0]}')
        if first in chosen and kind != CONFLICTS and len(given) < len(names):
            return InvalidInput(wire[first], f'"{first}": all of `{listed}` must be specified', by_aws)
    elif not given:
        name = sorted(names)[0]
        return InvalidInput(wire[name], f'"{name}": one of `{listed}` must be specified', by_aws)
    elif kind == EXACTLY_ONE and len(chosen) > 1:
        text = f"only one of `{listed}` can be specified, but `{','.join(chosen)}` were specified."
        return InvalidInput(wire[chosen[0]], f'"{chosen[0]}": {text}')
    return None


@cache
def arn_inputs(token: str) -> tuple[str, ...]:
    """The inputs of a type (wire names) that take ARNs only; not those inside of blocks."""
    described, documents = resource_type(token), documentation(token)
    return tuple(
        name
        for name, prop in (described.inputs.items() if described else ())
        if prop.type.kind in ("string", "list")
        and _takes_arns(name, documents.get(prop.python_name, "").split(". ")[0])
    )


def arns_in(inputs: Mapping[str, Any], described: ResourceType) -> Iterator[tuple[str, str, str]]:
    """The texts that must be ARNs: the input that has each, its path as a program spells it, and the text."""
    own = arn_inputs(described.token)
    for name, prop in described.inputs.items():
        for path, value in _arns(inputs.get(name), prop.type, name in own, prop.python_name):
            yield name, path, value


def _takes_arns(name: str, sentence: str) -> bool:
    if _ALTERNATIVE.search(sentence):
        return False
    return bool(_NAMED_ARN.search(name) or (_NAMED_ROLE.search(name) and _ARN_OF_ROLE.match(sentence)))


def _arns(value: Any, wanted: TypeRef, is_arn: bool, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list) and wanted.element is not None:
        for number, item in enumerate(value):
            yield from _arns(item, wanted.element, is_arn, f"{path}.{number}")
    elif isinstance(value, Mapping) and wanted.kind == "object" and wanted.object is not None:
        documents = object_documentation(wanted.object) if any(map(_NAMED_ARN.search, value)) else {}
        for name, prop in object_type(wanted.object).properties.items():
            inner = bool(_NAMED_ARN.search(name)) and not _ALTERNATIVE.search(
                documents.get(prop.python_name, "")
            )
            yield from _arns(value.get(name), prop.type, inner, f"{path}.{prop.python_name}")
    elif is_arn and isinstance(value, str) and value not in ("", "*"):
        yield path, value
