"""The inputs whose change needs a new resource (`ForceNew` in the provider), and which source says so.

What is published (data/force_new.py) is corrected and completed by the entry of the type, which knows the schemas in
hashicorp/terraform-provider-aws, internal/service. AWS does not change the id of a resource, so the inputs that its id
consists of are for good as well, and so is the input that names it, unless one of the two says that it is changed in
place (a user can be renamed). Every other input is changed in place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from lab_support.mock_aws.data.force_new import published_force_new, published_in_place
from lab_support.mock_aws.fallback import composed_id, handle_templates
from lab_support.mock_aws.naming import autonamed_property
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import canonical_token, file_of, spec_of
from lab_support.toolchain.sdk_types import resource_type

FALLBACK: Final = "fallback"
# The source of an input that is part of the id.
PART_OF_ID: Final = "part of the id"

_FIELD: Final = re.compile(r"\{(\w+)\}")


@cache
def force_new(type: str) -> Mapping[str, str]:
    """The inputs (wire names) of a type, a token or an alias that force a replacement, each with its source.

    The source is the file of the entry, documentation, identity or cloudformation (tools/force_new.py), part of the id,
    or fallback.
    """
    token, spec = canonical_token(type), spec_of(type)
    found = dict(published_force_new(token))
    in_place = published_in_place(token)
    if spec is not None:
        found |= dict.fromkeys(spec.force_new, file_of(type))
        in_place = (in_place | {*spec.in_place}) - {*spec.force_new}
    described = resource_type(token)
    for name in parts_of_id(type):
        found.setdefault(name, PART_OF_ID)
    named = autonamed_property(token, described) or "name"
    for name in (named, f"{named}Prefix"):
        if described is not None and name in described.inputs:
            found.setdefault(name, FALLBACK)
    return MappingProxyType({name: source for name, source in found.items() if name not in in_place})


@cache
def parts_of_id(type: str) -> tuple[str, ...]:
    """The inputs that the id of a resource consists of; of an ARN as its id, those that the ARN consists of."""
    token, spec = canonical_token(type), spec_of(type) or ResourceSpec()
    described = resource_type(token)
    if described is None:
        return ()
    template = spec.id or composed_id(token)
    if template == "{arn}" and spec.arn:
        template = spec.arn
    if template:
        names = _FIELD.findall(template) if isinstance(template, str) else ()
        return tuple(name for name in names if name in described.inputs and name != "region")
    # A likely id takes its parts by their number: only that the owner's id is among them is sure.
    likely = _FIELD.findall(handle_templates(token, {}, described)[0])
    return tuple(
        name for name in likely if name in described.inputs and (name.endswith("Id") or name == "bucket")
    )
