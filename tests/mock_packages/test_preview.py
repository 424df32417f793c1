"""Programs that use other packages, previewed by the real engine. The SDKs are stand-ins of a few lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import dynamic

from lab_support.engine.operations import deploy, preview
from lab_support.errors import PreviewFailed
from lab_support.mock_aws.account import Account
from lab_support.mock_packages.installed import mocked
from lab_support.plan.values import UNKNOWN

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts packages on the path that consist of nothing but their plugin file."""

    def put(*names: str) -> None:
        for name in names:
            folder = tmp_path / f"pulumi_{name.replace('-', '_')}"
            folder.mkdir()
            (folder / "pulumi-plugin.json").write_text(json.dumps({"name": name, "version": "1.2.3"}))
        monkeypatch.syspath_prepend(str(tmp_path))

    return put


class Thing(pulumi.CustomResource):
    def __init__(self, token: str, name: str, options: Any = None, /, **properties: Any) -> None:
        super().__init__(token, name, properties, options)


def password(name: str) -> Thing:
    options = pulumi.ResourceOptions(additional_secret_outputs=["result", "bcryptHash"])
    token = "random:index/randomPassword:RandomPassword"
    return Thing(token, name, options, length=20, result=None, bcryptHash=None)


def test_a_password_is_known_and_secret(install: Install) -> None:
    install("random")

    def program(suffix: str) -> None:
        made: Any = password("master")
        length = made.result.apply(len)
        aws.ssm.Parameter("p", type="SecureString", value=made.result)
        pulumi.export("length", pulumi.Output.unsecret(length))
        pulumi.export("password", made.result)

    plan = preview(program)
    assert plan.outputs["length"] == 20
    assert plan.outputs["password"] == "[secret]"
    made = plan.named("master")
    assert made.secrets == {"result", "bcrypt_hash"}
    assert {made.shown()[1][name] for name in made.secrets} == {"[secret]"}
    assert plan.named("p")["value"] == made["result"]
    assert plan.mocked_packages == ("random",)
    assert preview(program).named("master")["result"] == made["result"]


def test_an_unknown_type_answers_with_its_inputs_and_the_rest_is_unknown(install: Install) -> None:
    install("docker-build")

    def program(suffix: str) -> None:
        image: Any = Thing("docker-build:index:Image", "image", tags=["a", "b"], ref=None)
        pulumi.export("tags", image.tags)
        pulumi.export("ref", image.ref.apply(lambda ref: ref.upper()))

    plan = preview(program)
    assert plan.outputs == {"tags": ["a", "b"], "ref": UNKNOWN}
    assert plan.mocked_packages == ("docker-build",)


def test_a_component_is_there_and_its_inside_unknown(install: Install) -> None:
    install("awsx")

    class Vpc(pulumi.ComponentResource):
        vpc_id: pulumi.Output[str]

        def __init__(self, name: str, **inputs: Any) -> None:
            super().__init__("awsx:ec2:Vpc", name, {**inputs, "vpc_id": None}, None, True)

    def program(suffix: str) -> None:
        outer = pulumi.ComponentResource("shop:index:Network", "outer")
        vpc = Vpc("vpc", cidrBlock="10.0.0.0/16")
        group = pulumi.ResourceOptions(parent=outer)
        aws.ec2.SecurityGroup("group", vpc_id=vpc.vpc_id, opts=group)

    plan = preview(program)
    assert plan.named("vpc").type == "awsx:ec2:Vpc"
    assert plan.named("group")["vpc_id"] is UNKNOWN
    assert plan.mocked_packages == ("awsx",)


def test_a_dynamic_resource_is_not_created(tmp_path: Path) -> None:
    def never(self: Any, props: Any) -> Any:
        (tmp_path / "created").touch()

    provider = type("Provider", (dynamic.ResourceProvider,), {"create": never})

    class Row(dynamic.Resource):
        def __init__(self, name: str, **properties: Any) -> None:
            super().__init__(provider(), name, properties)

    def program(suffix: str) -> None:
        row: Any = Row("row", table="t", key=None)
        pulumi.export("table", row.table)
        pulumi.export("key", row.key)

    plan = preview(program)
    assert plan.outputs == {"table": "t", "key": UNKNOWN}
    assert [resource.kind for resource in plan] == ["dynamic.Resource"]
    assert list(mocked(plan.mocked_packages)) == [
        "The code of dynamic providers is not run: what their resources answer is known only after a deployment"
    ]
    assert not (tmp_path / "created").exists()


def test_kubernetes_gives_names(install: Install) -> None:
    install("kubernetes")

    def program(suffix: str) -> None:
        space: Any = Thing("kubernetes:core/v1:Namespace", "space", apiVersion="v1", metadata=None)
        named = {"name": "mine"}
        other: Any = Thing("kubernetes:core/v1:Namespace", "other", apiVersion="v1", metadata=named)
        pulumi.export("names", [space.metadata["name"], other.metadata["name"]])

    first, second = preview(program).outputs["names"]
    assert first.startswith("space-")
    assert second == "mine"


def test_a_second_deployment_finds_everything_as_it_was(install: Install) -> None:
    install("random", "docker")

    def program(suffix: str) -> None:
        password("master")
        Thing("docker:index/image:Image", "image", imageName="a")

    account = Account()
    deploy(program, account=account)
    assert {resource.op for resource in deploy(program, account=account)} == {"same"}


def test_a_function_of_something_unknown_is_unknown(install: Install) -> None:
    install("std", "docker")

    def program(suffix: str) -> None:
        image: Any = Thing("docker:index/image:Image", "image", repoDigest=None)
        encoded = pulumi.runtime.invoke_output("std:index:base64encode", {"input": image.repoDigest})
        pulumi.export("encoded", encoded.apply(lambda found: found["result"]))

    assert preview(program).outputs == {"encoded": UNKNOWN}


def test_a_function_that_fails_is_a_refusal_in_words(install: Install) -> None:
    install("std")

    def program(suffix: str) -> None:
        pulumi.runtime.invoke("std:index:file", {"input": "/nowhere/at-all"})

    with pytest.raises(Exception, match="/nowhere/at-all: No such file or directory"):
        preview(program)


def test_a_package_that_is_not_there_is_named(install: Install) -> None:
    def program(suffix: str) -> None:
        Thing("pebble:index:Stone", "stone", size=3)

    with pytest.raises(PreviewFailed, match="pebble"):
        preview(program)
