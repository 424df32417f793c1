"""What the mock account reads from the SDK's source is what the imported SDK says, for every type."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from lab_support.toolchain import sdk_source
from lab_support.toolchain.sdk_types import (
    Properties,
    ResourceType,
    TypeRef,
    function_type,
    object_type,
    resource_tokens,
    resource_type,
)

# What the imported SDK says of itself; in a process of its own, because its import lasts.
ASK_THE_SDK = """
import inspect, json, sys
import pulumi_aws
from pulumi import _types

def described(cls):
    from_getters = _types._py_to_pulumi_names_from_py_properties
    names = (_types.input_type_py_to_pulumi_names if _types.is_input_type(cls) else from_getters)(cls)
    given = [p for p in inspect.signature(cls.__init__).parameters.values() if p.kind is p.KEYWORD_ONLY]
    return names, sorted(p.name for p in given if p.default is p.empty)

def at(reference):
    place = pulumi_aws
    for name in reference.split("."):
        place = getattr(place, name)
    return place

def of_resource(cls):
    home = sys.modules[cls.__module__]
    inputs, required = described(getattr(home, home.__all__[0]))
    return cls.pulumi_type, inputs, required, _types.resource_py_to_pulumi_names(cls)

asked = json.load(sys.stdin)
answer = {"resources": {name: of_resource(at(name)) for name in asked["resources"]}}
answer["objects"] = {name: described(at(name)) for name in asked["objects"]}
json.dump(answer, sys.stdout)
"""


def resource(token: str) -> ResourceType:
    found = resource_type(token)
    assert found is not None, f"{token} is not among the SDK's resources"
    return found


def test_forty_random_resources_agree_with_the_imported_sdk() -> None:
    # This seed draws modules that are quickly imported (kms, rds, iam, s3); the largest take seconds.
    types = [resource(token) for token in random.Random(168).sample(sorted(resource_tokens()), 40)]
    by_name = {f"{described.module}.{described.class_name}": described for described in types}
    objects = {reference for described in types for reference in references_of(described)}
    answer = subprocess.run(
        [sys.executable, "-c", ASK_THE_SDK],
        input=json.dumps({"resources": list(by_name), "objects": sorted(objects)}),
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(answer.stdout)
    for name, (token, inputs, required, outputs) in said["resources"].items():
        ours = by_name[name]
        assert ours.token == token
        assert (wire_by_python(ours.inputs), required_of(ours.inputs)) == (inputs, required), name
        assert wire_by_python(ours.outputs) == outputs, name
    assert len(said["objects"]) > 100
    for reference, (names, required) in said["objects"].items():
        properties = object_type(reference).properties
        assert (wire_by_python(properties), required_of(properties)) == (names, required), reference


def test_every_resource_can_be_read() -> None:
    tokens = resource_tokens()
    assert len(tokens) > 1_500
    unknown = {
        (token, name)
        for token in tokens
        for properties in (resource(token).inputs, resource(token).outputs)
        for name in of_unknown_type(properties)
    }
    assert unknown == set()


def test_every_data_source_can_be_read() -> None:
    tokens = set(tokens_of_data_sources())
    assert len(tokens) > 600
    for token in tokens:
        described = function_type(token)
        assert described is not None, token
        assert described.outputs, token
        assert list(of_unknown_type(described.inputs)) == [], token
        assert list(of_unknown_type(described.outputs)) == [], token


def test_types_are_the_same_from_many_threads() -> None:
    tokens = random.Random(3).sample(sorted(resource_tokens()), 20) * 4
    resource_type.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(resource, tokens))
    assert [described.token for described in found] == tokens
    assert all(described == resource(described.token) for described in found)


def test_reading_a_type_does_not_import_the_sdk() -> None:
    program = (
        "import sys; from lab_support.toolchain.sdk_types import resource_type;"
        "assert resource_type('aws:rds/instance:Instance'); sys.exit('pulumi_aws' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def wire_by_python(properties: Properties) -> dict[str, str]:
    return {prop.python_name: prop.name for prop in properties.values()}


def required_of(properties: Properties) -> list[str]:
    return sorted(prop.python_name for prop in properties.values() if prop.required)


def references_of(described: ResourceType) -> Iterator[str]:
    """The object types of a resource's properties, and those right inside them."""
    for reference in objects_in(described.inputs) | objects_in(described.outputs):
        yield reference
        yield from objects_in(object_type(reference).properties)


def objects_in(properties: Properties) -> set[str]:
    types = [prop.type.element or prop.type for prop in properties.values()]
    return {kind.object for kind in types if kind.kind == "object" and kind.object is not None}


def of_unknown_type(properties: Properties) -> Iterator[str]:
    for prop in properties.values():
        inner: TypeRef | None = prop.type
        while inner is not None:
            if inner.kind == "any":
                yield prop.name
            inner = inner.element


def tokens_of_data_sources() -> Iterator[str]:
    for path in sdk_source.package_folder().rglob("get_*.py"):
        yield from re.findall(r"pulumi\.runtime\.invoke\('([^']+)'", path.read_text(encoding="utf-8"))
