"""`lab explain`: what it says in text and as JSON, and how it answers a wrong call."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lab_support.cli.main import main


def explained(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["explain", *arguments])
    assert done.exit_code == code, done.output
    return done


def as_json(*arguments: str, code: int = 0) -> Any:
    return json.loads(explained(*arguments, "--json", code=code).stdout)


@pytest.mark.parametrize("name", ["rds.Instance", "aws.rds.Instance", "aws:rds/instance:Instance"])
def test_a_type_is_known_by_each_of_its_names(name: str) -> None:
    data = as_json(name)
    assert (data["type"], data["token"]) == ("rds.Instance", "aws:rds/instance:Instance")


def test_an_alias_is_explained_as_the_type_that_it_means() -> None:
    data = as_json("s3.BucketV2")
    assert data["type"] == "s3.Bucket"
    assert data["force_new"]["bucket"] == as_json("s3.Bucket")["force_new"]["bucket"]
    assert data["entry"] == "services/s3.py"


def test_json_has_the_keys_that_the_help_names() -> None:
    assert list(as_json("kinesis.Stream")) == [
        "type",
        "token",
        "aliases",
        "entry",
        "properties",
        "naming",
        "unique",
        "references",
        "refusals",
        "deletion",
        "force_new",
        "overwrites",
        "inline",
        "data_sources",
    ]


def test_a_property_is_explained_alone_under_either_name() -> None:
    by_python_name, by_wire_name = (
        as_json("kinesis.Stream", "shard_level_metrics"),
        as_json("kinesis.Stream", "name"),
    )
    assert [found["name"] for found in by_python_name["properties"]] in ([], ["shard_level_metrics"])
    assert by_wire_name["naming"]["longest"] == 128
    assert by_wire_name["force_new"].keys() == {"name"}
    assert as_json("rds.Instance", "multi_az") == as_json("rds.Instance", "multiAz")


def test_text_gives_each_value_its_source() -> None:
    text = explained("kinesis.Stream").stdout
    assert "arn = arn:{partition}:kinesis:{region}:{account}:stream/{name}  [services/kinesis.py]" in text
    assert "name  [identity]" in text or "name  [services/kinesis.py]" in text


def test_text_has_the_names_that_a_program_writes() -> None:
    text = explained("docdb.Cluster").stdout
    assert "arn = arn:{partition}:rds:{region}:{account}:cluster:{cluster_identifier}" in text
    assert "clusterIdentifier" not in text
    assert "mfaDelete" not in explained("s3.Bucket").stdout


def test_text_has_words_for_an_empty_value_and_for_one_that_is_computed() -> None:
    text = explained("rds.Instance").stdout
    assert "latest_restorable_time = (empty)  [" in text
    assert "port unless given: Depends on the engine  [" in text


def test_a_replacement_that_only_cloudformation_publishes_is_marked() -> None:
    assert as_json("rds.Instance")["force_new"]["db_name"] == "cloudformation"
    assert "db_name  [according to CloudFormation only]" in explained("rds.Instance").stdout


def test_a_type_is_no_alias_of_itself() -> None:
    for name in ("s3.Bucket", "s3.BucketV2"):
        data = as_json(name)
        assert data["type"] == "s3.Bucket"
        assert data["aliases"] == ["s3.BucketV2"]


def test_a_type_without_an_entry_says_where_its_answers_come_from() -> None:
    data = as_json("mq.Broker")
    if not data["entry"]:
        sources = {found["source"] for found in data["properties"]}
        assert "documented default" in sources


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (("rds.Instanse",), "rds.Instance"),
        (("rds.instance",), "rds.Instance"),
        (("rds.Instance", "multi_as"), "multi_az"),
    ],
)
def test_a_wrong_name_is_a_usage_error_with_a_suggestion(arguments: tuple[str, ...], suggestion: str) -> None:
    assert suggestion in as_json(*arguments, code=2)["error"]
    assert suggestion in explained(*arguments, code=2).output


@pytest.mark.parametrize("arguments", [(), ("rds.Instance", "--coverage"), ("nothing.LikeThis",)])
def test_a_wrong_call_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert "error" in as_json(*arguments, code=2)


def test_coverage_counts_every_type_of_the_sdk_once() -> None:
    counts = as_json("--coverage")
    assert counts["all"] == sum(counts[key] for key in ("entry", "documented", "fallback"))
    assert counts["all"] > 1700
    assert counts["entry"] > 250
    assert str(counts["entry"]) in explained("--coverage").stdout
