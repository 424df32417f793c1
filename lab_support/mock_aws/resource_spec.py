"""What the account knows of one resource type: the entry that services/ holds for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_support.mock_aws.request import ResourceRequest, Values

ApiRule = Callable[[ResourceRequest, Values], None]
Computed = str | bool | int | list[Any] | dict[str, Any] | Callable[[ResourceRequest, Values], Any]


@dataclass(frozen=True)
class ResourceSpec:
    """One row of a service's table. Strings are templates (templates.py), also inside lists and objects.

    `name` is the input that holds the physical name; where neither the program nor the provider gives one (names.py),
    it is `generated` with 26 digits behind. `defaults` stand for inputs that are not given, `computed` are outputs
    that AWS adds. `rules` raise AwsApiError. `awaits` names inputs that stand for another resource, with its type: one
    that is being created is waited for. Which names are taken stands in unique_names.py, what makes a new thing in
    replaced_by.py.
    """

    id: str | Callable[[ResourceRequest, Values], Any]
    arn: str = ""
    name: str = "name"
    generated: str = ""
    defaults: Mapping[str, Computed] = field(default_factory=dict)
    computed: Mapping[str, Computed] = field(default_factory=dict)
    rules: tuple[ApiRule, ...] = ()
    awaits: Mapping[str, str] = field(default_factory=dict)
