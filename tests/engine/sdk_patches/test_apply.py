"""Which patches are applied to which SDK, and that none of the speed patches changes an answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pulumi
import pytest
from pulumi.runtime import stack

from lab_support.engine.sdk_patches import apply
from lab_support.engine.sdk_patches.apply import AS_IS, KNOWN_FILES, PATCHES, Patch, apply_patches, take_back
from tests.processes import environment
from tests.programs import ROOT
from tests.rich_program import PROGRAMS

SPEED = [patch for patch in PATCHES if patch.kind == "speed"]
REPAIRS = [patch for patch in PATCHES if patch.kind == "repair"]


def by_name(patch: Patch) -> str:
    return f"{patch.module}.{patch.name}"


@pytest.fixture(autouse=True)
def _patches_are_applied_afterwards() -> Iterator[None]:
    yield
    with pytest.MonkeyPatch.context() as patched:
        if not apply.sdk_is_as_is():
            patched.delenv(AS_IS, raising=False)
        apply_patches()


class TestApply:
    def test_every_speed_patch_fits_the_installed_sdk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(AS_IS, raising=False)
        assert apply_patches() == PATCHES
        assert all(patch.put(patch.value) is patch.value for patch in PATCHES)

    @pytest.mark.parametrize("repair", REPAIRS, ids=by_name)
    def test_a_repair_was_written_for_the_installed_sdk(self, repair: Patch) -> None:
        assert repair.fits, (
            f"{by_name(repair)} was repaired for pulumi {apply.VERSION}. See docs/sdk_patches.md for how to find out "
            f"whether the installed version still needs it, then change VERSION in apply.py."
        )

    @pytest.mark.parametrize("module", sorted(KNOWN_FILES))
    def test_a_file_with_another_digest_switches_its_speed_patches_off(
        self, module: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(AS_IS, raising=False)
        monkeypatch.setitem(KNOWN_FILES, module, "0" * 64)
        off = [patch for patch in SPEED if module in patch.files]
        assert off
        assert set(apply_patches()) == set(PATCHES) - set(off)

    def test_a_changed_file_has_another_digest(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "changed_sdk.py"
        path.write_bytes(Path(str(stack.__file__)).read_bytes() + b"\n")
        changed = ModuleType("changed_sdk")
        changed.__file__ = str(path)
        monkeypatch.setitem(sys.modules, "changed_sdk", changed)
        monkeypatch.setitem(KNOWN_FILES, "changed_sdk", KNOWN_FILES["pulumi.runtime.stack"])
        assert not Patch("speed", "changed_sdk", "name", print, ("changed_sdk",)).fits

    def test_a_file_without_a_known_digest_is_left_alone(self) -> None:
        assert apply_patches([Patch("speed", "pulumi.urn", "_parse_urn", print, ("pulumi.urn",))]) == ()
        assert pulumi.urn._parse_urn is not print

    def test_the_variable_switches_speed_patches_off_and_leaves_repairs(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(AS_IS, "1")
        assert apply_patches() == tuple(REPAIRS)

    def test_a_patch_can_be_taken_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(AS_IS, raising=False)
        (waiting,) = (patch for patch in SPEED if patch.name == "wait_for_rpcs")
        apply_patches()
        take_back([waiting])
        assert stack.wait_for_rpcs.__module__ == "pulumi.runtime.stack"

    def test_at_most_four_files_of_the_sdk_are_pinned(self) -> None:
        assert len(KNOWN_FILES) <= 4
        assert {file for patch in SPEED for file in patch.files} == set(KNOWN_FILES)

    @pytest.mark.parametrize("patch", PATCHES, ids=by_name)
    def test_a_patch_is_documented(self, patch: Patch) -> None:
        file = _file_of(patch)
        assert f"`{file}.py`" in (ROOT / "docs" / "sdk_patches.md").read_text(encoding="utf-8")


def _file_of(patch: Patch) -> str:
    """The name of the module of `sdk_patches` that has a patch's value."""
    for module in (apply.fresh_connections, apply.outputs, apply.pending_tasks, apply.positions):
        if patch.value in vars(module).values():
            return module.__name__.rpartition(".")[2]
    return str(patch.value.__module__.rpartition(".")[2])


def outcomes(**variables: str) -> dict[str, Any]:
    """What comes out of the programs in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rich_program"],
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return dict(json.loads(done.stdout))


class TestSameOutcome:
    @pytest.fixture(scope="class")
    @classmethod
    def quick(cls) -> dict[str, Any]:
        return outcomes(**{AS_IS: ""})

    @pytest.fixture(scope="class")
    @classmethod
    def own(cls) -> dict[str, Any]:
        return outcomes(**{AS_IS: "1"})

    @pytest.mark.parametrize("name", PROGRAMS)
    def test_the_engine_is_asked_the_same_and_the_plan_is_the_same(
        self, name: str, quick: dict[str, Any], own: dict[str, Any]
    ) -> None:
        assert quick[name] == own[name]

    def test_the_programs_do_what_they_are_there_for(self, own: dict[str, Any]) -> None:
        plans = {name for name, seen in own.items() if isinstance(seen, dict)}
        assert plans == {"rich", "transformed", "awaited", "waits_for_itself"}
        plan = own["rich"]["plan"]
        assert {resource["name"] for resource in plan["resources"]} >= {"made-in-apply", "existing", "europe"}
        assert {severity for severity, _, _ in plan["diagnostics"]} == {"info", "warning"}
        assert plan["outputs"]["password"] == "[secret]"
        assert all(resource["inputs"].get("tags") for resource in own["transformed"]["plan"]["resources"])
