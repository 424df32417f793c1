"""Outputs with fewer parts have the values, secrets, dependencies and errors of the SDK's."""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from lab_support.engine.sdk_patches import outputs
from tests.engine.sdk_patches.sdk import in_a_run


@pytest.mark.parametrize(
    "value",
    [1, "a", None, [], {"a": [1]}, pulumi.UNKNOWN, [pulumi.UNKNOWN], {"a": {"b": pulumi.UNKNOWN}}],
)
def test_an_unknown_value_is_found_at_any_depth(value: Any) -> None:
    assert outputs.contains_unknowns(value) == ("Unknown" in repr(value))


def test_a_property_has_the_value_secrecy_and_dependencies_that_it_is_given() -> None:
    async def work() -> None:
        resource = pulumi.resource.DependencyResource("urn:pulumi:dev::p::a:b:C::c")
        resolvers = outputs.transfer_properties(resource, {"a": 1, "b": 2, "urn": 3, "id": 4}, custom=True)
        assert list(resolvers) == ["a", "b"]
        other = pulumi.resource.DependencyResource("urn:pulumi:dev::p::a:b:C::d")
        resolvers["a"]("value", True, True, {other}, None)
        resolvers["b"](None, False, False, None, ValueError("not registered"))
        made: Any = resource
        assert await made.a.future() == "value"
        assert await made.a.is_secret()
        assert await made.a.resources() == {resource, other}
        with pytest.raises(ValueError, match="not registered"):
            await made.b.future()
        await asyncio.sleep(0)
        pending = settings.SETTINGS.outputs
        assert made.a._data not in pending
        assert made.b._data in pending  # so that its error is raised
        with pytest.raises(asyncio.InvalidStateError):
            resolvers["a"]("another", True, False, None, None)

    in_a_run(work)
