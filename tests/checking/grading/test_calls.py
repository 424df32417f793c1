"""Which of a program's requests reach the engine, and what is left out of them."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import engine_pb2, resource_pb2

from lab_support.checking.grading.calls import Refused, Translation

ROOT = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"


def sent_on(method: str, message: Any) -> Any:
    return Translation(ROOT, lambda token: "127.0.0.1:1").request(method, message.SerializeToString())


def resource(**fields: Any) -> Any:
    return resource_pb2.RegisterResourceRequest(
        **{"type": "aws:rds/instance:Instance", "custom": True, **fields}
    )


def test_a_resource_is_sent_on_without_plugins_and_places() -> None:
    sent = sent_on(
        "RegisterResource", resource(name="db", pluginDownloadURL="http://192.0.2.1", packageRef="x")
    )
    assert (sent.name, sent.pluginDownloadURL, sent.packageRef) == ("db", "", "")


@pytest.mark.parametrize(
    "request_",
    [
        resource(type="pulumi:pulumi:Stack", custom=False),
        resource(remote=True),
        resource(type="evil:index:Thing"),
        resource(type="pulumi:providers:evil"),
    ],
    ids=["stack", "remote component", "other package", "other provider"],
)
def test_what_no_program_may_register_is_refused(request_: Any) -> None:
    with pytest.raises(Refused):
        sent_on("RegisterResource", request_)


@pytest.mark.parametrize("type_", ["aws:s3/bucket:Bucket", "pulumi:providers:aws", "my:own:Component"])
def test_what_programs_register_is_sent_on(type_: str) -> None:
    assert sent_on("RegisterResource", resource(type=type_, custom=not type_.startswith("my:"))).type == type_


@pytest.mark.parametrize("where", ["path", "uri"])
def test_a_file_or_an_address_is_refused(where: str) -> None:
    request = resource()
    asset = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", where: "/etc/shadow"}
    request.object.update({"files": [{"source": asset}]})
    with pytest.raises(Refused):
        sent_on("RegisterResource", request)


@pytest.mark.parametrize(
    "method", ["RegisterPackage", "SignalAndWaitForShutdown", "StartDebugging", "x" * 1000]
)
def test_other_methods_are_refused(method: str) -> None:
    with pytest.raises(Refused):
        sent_on(method, engine_pb2.LogRequest())


def test_calls_of_the_engine_come_to_the_grader() -> None:
    request = resource()
    request.transforms.add(target="192.0.2.1:80", token="t")
    assert sent_on("RegisterResource", request).transforms[0].target == "127.0.0.1:1"
