"""A module that only defines a component class: one component is built for one environment."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lab_support.engine.operations import Settings, preview
from lab_support.plan.plan import Plan
from lab_support.projects.component import MissingArgument, build
from lab_support.projects.project import read_project

NETWORK = """
import pulumi
import pulumi_aws as aws

class Network(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("tap:net:Network", name, None, opts)
        aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=self))
"""
STACK = """
from __future__ import annotations
from typing import Optional
import pulumi
import pulumi_aws as aws
IMPORT

class TapStackArgs:
    def __init__(self, environment_suffix: Optional[str] = None, tags: Optional[dict] = None):
        self.environment_suffix = environment_suffix or "unset"

class Queues(pulumi.ComponentResource):
    def __init__(self, name: str):
        super().__init__("tap:queues:Queues", name)
        aws.sqs.Queue(name, opts=pulumi.ResourceOptions(parent=self))

class TapStack(pulumi.ComponentResource):
    def __init__(self, name: str, args: TapStackArgs, opts: Optional[pulumi.ResourceOptions] = None):
        super().__init__("tap:stack:TapStack", name, None, opts)
        Network(f"network-{args.environment_suffix}")
        Queues(f"queue-{args.environment_suffix}")
"""


def plan_of(path: Path, stack: str, config: Mapping[str, str] | None = None) -> Plan:
    project = read_project(path, stack, config or {})
    with project.prepared():
        return preview(project.program, stack, settings=Settings(project=project.name, config=project.config))


@pytest.mark.parametrize("line", ["from .network import Network", "from lib.network import Network"])
def test_a_component_is_built_with_the_modules_beside_it(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "lib"
    folder.mkdir()
    (tmp_path / "Pulumi.yaml").touch()
    (folder / "network.py").write_text(NETWORK, encoding="utf-8")
    (folder / "stack.py").write_text(STACK.replace("IMPORT", line), encoding="utf-8")
    plan = plan_of(folder / "stack.py", "qa")
    assert {resource.name for resource in plan} == {
        "tap-stack",
        "network-qa",
        "network-qa-vpc",
        "queue-qa",
    }
    source = plan.named("network-qa-vpc").source
    assert source is not None
    assert (Path(source.file).name, source.line) == ("network.py", 8)


def test_a_file_that_builds_its_component_is_only_run(tmp_path: Path) -> None:
    path = tmp_path / "infra.py"
    path.write_text(NETWORK + "\nNetwork('mine')\n", encoding="utf-8")
    assert {resource.name for resource in plan_of(path, "qa")} == {"mine", "mine-vpc"}


class Sizes:
    def __init__(self, count: int, names: dict[str, str]) -> None:
        self.count = count


@dataclass
class StackArgs:
    environment: str
    tags: dict[str, str] = field(default_factory=lambda: {"by": "itself"})


class Component:
    def __init__(
        self, name: str, args: StackArgs | None = None, size: int = 3, *, opts: Any = None, **rest: Any
    ) -> None:
        self.given = (name, args, size, opts, rest)


NAMES = {"__name__": __name__, **globals()}


def test_arguments_are_found_by_name_and_type() -> None:
    name, args, size, opts, rest = build(Component, "qa", NAMES).given
    assert (name, size, opts, rest) == ("component", 3, None, {})
    assert args == StackArgs("qa", {"by": "itself"})


def test_an_argument_that_is_not_known_is_asked_for() -> None:
    assert "count" in inspect.signature(Sizes).parameters
    with pytest.raises(MissingArgument, match=r"Sizes requires the argument 'count'; .* --config count=…"):
        build(Sizes, "qa", NAMES)
