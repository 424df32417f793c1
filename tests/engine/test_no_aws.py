"""What a program is told that calls AWS itself, and which of the user's variables it sees."""

from __future__ import annotations

import contextvars
import os
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from click.testing import CliRunner

from lab_support.cli.main import main
from lab_support.engine import no_aws
from lab_support.engine.operations import preview
from lab_support.engine.user_environment import withheld, without_private
from lab_support.errors import CallsAws, ProgramError, explain


def client(**keys: str) -> Any:
    return botocore.session.get_session().create_client("sts", region_name="eu-west-1", **keys)


def ask_with_keys() -> None:
    client(aws_access_key_id="a", aws_secret_access_key="b").get_caller_identity()


def ask_without_keys() -> None:
    client().get_caller_identity()


def ask_metadata_service() -> None:
    urllib.request.urlopen("http://169.254.169.254/latest/meta-data/", timeout=60)


def fetch_object() -> None:
    urllib.request.urlopen("https://my-bucket.s3.amazonaws.com/key", timeout=60)


@pytest.fixture(autouse=True)
def _no_variables_of_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("ask", [ask_with_keys, ask_without_keys, ask_metadata_service, fetch_object])
def test_a_program_that_calls_aws_is_told_so_at_once_and_at_its_line(ask: Callable[[], None]) -> None:
    began = time.monotonic()
    with pytest.raises(ProgramError) as failed:
        preview(lambda environment_suffix: ask())
    assert "calls AWS directly" in failed.value.message
    assert failed.value.location is not None
    assert Path(failed.value.location.file) == Path(__file__)
    assert time.monotonic() - began < 20  # an attempt that waits for an answer takes a minute


def test_a_call_that_fails_for_lack_of_credentials_is_a_call_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(Exception, match="credentials") as failed:
        ask_without_keys()
    assert "calls AWS directly" in explain(failed.value)[0]


@pytest.mark.parametrize(
    "host", ["sts.eu-west-1.amazonaws.com", "STS.amazonaws.com.", b"s3.eu-west-1.api.aws"]
)
def test_hosts_of_aws_are_refused_while_a_program_runs(host: Any) -> None:
    def look_up() -> None:
        no_aws.refuse_calls_to_aws()
        socket.getaddrinfo(host, 443)

    with pytest.raises(CallsAws):
        contextvars.copy_context().run(look_up)


def test_other_hosts_are_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(no_aws, "_getaddrinfo", lambda host, port: asked.append(host))
    hosts = ["127.0.0.1", "notamazonaws.com", "amazonaws.com.example.org", "169.254.169.25"]

    def look_up() -> None:
        no_aws.refuse_calls_to_aws()
        for host in hosts:
            socket.getaddrinfo(host, 443)

    contextvars.copy_context().run(look_up)
    assert asked == hosts


def test_private_variables_are_withheld_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"AWS_PROFILE": "a", "PULUMI_ACCESS_TOKEN": "b", "PULUMI_REVIEW_LAB_X": "c", "OTHER": "d"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert {name for name in given if name in without_private()} == {"PULUMI_REVIEW_LAB_X", "OTHER"}
    with withheld(but=["AWS_PROFILE"]):
        assert {name for name in given if name in os.environ} == {
            "AWS_PROFILE",
            "PULUMI_REVIEW_LAB_X",
            "OTHER",
        }
    assert {name: os.environ[name] for name in given} == given


READS = """
import os
import pulumi
pulumi.export("seen", ",".join(sorted({"AWS_PROFILE", "PULUMI_ACCESS_TOKEN", "MINE"} & {*os.environ})))
"""


@pytest.mark.parametrize(
    ("options", "seen"),
    [([], "MINE"), (["--pass-env", "AWS_PROFILE"], "AWS_PROFILE,MINE")],
    ids=["none", "one"],
)
def test_preview_passes_only_the_named_variables(
    options: list[str], seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "PULUMI_ACCESS_TOKEN", "MINE"):
        monkeypatch.setenv(name, "x")
    (tmp_path / "stack.py").write_text(READS)
    result = CliRunner().invoke(main, ["preview", str(tmp_path / "stack.py"), *options])
    assert f"seen: {seen!r}\n" in result.output


def test_a_variable_that_a_program_lacks_is_named_with_the_option_that_passes_it() -> None:
    with pytest.raises(ProgramError, match="--pass-env"):
        preview(lambda environment_suffix: os.environ["AWS_ACCOUNT_ID"])
