"""What tools/force_new.py takes from the SDK's documentation and CloudFormation's schemas, and what it leaves."""

from __future__ import annotations

import pytest

from lab_support.mock_aws.data import read
from lab_support.mock_aws.data.force_new import published_force_new
from tools import force_new


@pytest.mark.parametrize(
    "sentence",
    [
        "Changing this forces a new resource to be created.",
        "Forces replacement if changed.",
        "Changing this value will re-create the resource.",
        "If `size` is changed, creates a new resource.",
        "This attribute cannot be changed after creation.",
    ],
)
def test_a_plain_statement_counts(sentence: str) -> None:
    assert force_new._says_so(sentence, "size")


@pytest.mark.parametrize(
    "sentence",
    [
        "Disabling `size` after it has been enabled forces recreation of the instance.",
        "If `other` is changed, creates a new resource.",
        "When decreased, this will force a recreation of the resource.",
        "Any updates to it will replace all configuration.",
        "Region-unique, immutable identifier for the instance.",
    ],
)
def test_a_conditional_statement_does_not_count(sentence: str) -> None:
    assert not force_new._says_so(sentence, "size")


@pytest.mark.parametrize(
    ("token", "name", "source"),
    [
        ("aws:kinesis/stream:Stream", "name", "identity"),
        ("aws:eks/cluster:Cluster", "bootstrapSelfManagedAddons", "documentation"),
        ("aws:efs/fileSystem:FileSystem", "encrypted", "cloudformation"),
    ],
)
def test_an_input_has_the_source_that_names_it(token: str, name: str, source: str) -> None:
    assert published_force_new(token)[name] == source


def test_a_prefix_forces_a_replacement_where_the_name_does() -> None:
    assert {"name", "namePrefix"} <= {*published_force_new("aws:iam/role:Role")}


def test_tags_and_region_are_never_listed() -> None:
    listed = {
        name
        for sources in read("force_new")["types"].values()
        for names in sources.values()
        for name in names
    }
    assert not listed & {"tags", "tagsAll", "region"}


def test_an_unknown_type_forces_nothing() -> None:
    assert published_force_new("aws:nothing/at:All") == {}
