"""Errors that come from an SDK, or from there being none."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pulumi_aws as aws
import pytest

from lab_support.errors import explain


def said(code: str) -> str:
    try:
        exec(code, {"aws": aws})
    except Exception as error:
        return explain(error)[0]
    raise AssertionError("nothing was raised")


def test_a_pulumi_package_that_is_missing() -> None:
    assert said("import pulumi_pebble.stones") == (
        "The Pulumi package pulumi-pebble is not installed where the lab runs; get it with: "
        f"{sys.executable} -m pip install pulumi-pebble"
    )


def test_any_other_module_that_is_missing() -> None:
    assert said("import no_such_module").startswith("ModuleNotFoundError: No module named 'no_such_module'; ")


def test_an_argument_that_the_installed_version_does_not_have() -> None:
    text = said("aws.s3.BucketVersioning('v', bucket='b', versioned=True)")
    assert text == (
        f"TypeError: BucketVersioning has no argument 'versioned' in pulumi-aws {version('pulumi-aws')}, "
        "which is installed here"
    )


def test_a_name_that_the_installed_version_does_not_have() -> None:
    text = said("aws.s3.NoSuchThing")
    assert text.startswith("AttributeError: module 'pulumi_aws.s3' has no attribute 'NoSuchThing'")
    assert f"in pulumi-aws {version('pulumi-aws')}, which is installed here" in text


@pytest.mark.parametrize("code", ["1 / 0", "[].nothing", "int('x')", "len()"])
def test_others_stay_as_they_are(code: str) -> None:
    assert "installed" not in said(code)
