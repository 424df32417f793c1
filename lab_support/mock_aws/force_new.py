"""The inputs whose change needs a new resource (`ForceNew` in the provider), and which source says so.

What is published (data/force_new.py) is corrected and completed by the entry of the type, which knows the schemas in
hashicorp/terraform-provider-aws, internal/service. Where neither speaks of the input that names a resource, it is taken
to be for good. Every other input is changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from lab_support.mock_aws.data.force_new import published_force_new, published_in_place
from lab_support.mock_aws.naming import autonamed_property
from lab_support.mock_aws.sdk_types import resource_type
from lab_support.mock_aws.services import canonical_token, file_of, spec_of

FALLBACK = "fallback"


@cache
def force_new(type: str) -> Mapping[str, str]:
    """The inputs (wire names) of a type, a token or an alias that force a replacement, each with its source.

    The source is the file of the entry, documentation, identity or cloudformation (tools/force_new.py), or fallback.
    """
    token, spec = canonical_token(type), spec_of(type)
    found = dict(published_force_new(token))
    in_place = published_in_place(token)
    if spec is not None:
        found |= dict.fromkeys(spec.force_new, file_of(type))
        in_place = (in_place | {*spec.in_place}) - {*spec.force_new}
    described = resource_type(token)
    named = autonamed_property(token, described) or "name"
    for name in (named, f"{named}Prefix"):
        if described is not None and name in described.inputs:
            found.setdefault(name, FALLBACK)
    return MappingProxyType({name: source for name, source in found.items() if name not in in_place})
