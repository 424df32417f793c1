"""`lab fix`: authors list, show, edit and rebase the fixes of an exercise; exit codes say what needs them."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lab_support.cli.main import main
from lab_support.course import exercises
from tests.programs import SLUG, changed, shipped, solved

RIGHT = f"# It is sure.\n{changed(shipped(), 'multi_az=False', 'multi_az=1 > 0')}\n"
WRONG = changed(
    f"# finding: REGRESSION\n{RIGHT}".replace("sure", "sure, and public"),
    "publicly_accessible=False",
    "publicly_accessible=True",
)


def fix(*arguments: str, code: int = 0, input: str | None = None) -> Result:
    """Calls `lab fix`; fails unless it ends with this exit code."""
    exercises._read_all.cache_clear()
    done = CliRunner().invoke(main, ["fix", *arguments], input=input)
    assert done.exit_code == code, f"{done.exit_code}: {done.output}\n{done.exception!r}"
    assert "Traceback" not in done.output
    return done


def as_json(*arguments: str, code: int = 0) -> Any:
    done = fix(*arguments, "--json", code=code)
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.fixture
def folder(clone: Path) -> Path:
    """The folder of the fixes, with one fix beside the solution."""
    fix("edit", SLUG, "right_sure", "--from", "-", input=RIGHT)
    return clone / "exercises" / SLUG


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that replaces words: one pair a line in the file that this returns, as JSON."""
    script, pairs = tmp_path / "editor.py", tmp_path / "pairs"
    script.write_text(
        "import json, pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text()\n"
        f"for line in pathlib.Path({str(pairs)!r}).read_text().splitlines():\n"
        "    text = text.replace(*json.loads(line))\n"
        "path.write_text(text)\n"
    )
    monkeypatch.setenv("VISUAL", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")
    return pairs


def edits(editor: Path, *pairs: tuple[str, str]) -> None:
    editor.write_text("\n".join(map(json.dumps, pairs)), encoding="utf-8")


def rewrite(folder: Path, old: str, new: str) -> None:
    path = folder.with_suffix(".py")
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


class TestList:
    def test_it_has_what_each_fix_is_about(self, folder: Path) -> None:
        rows = as_json("list", SLUG)["fixes"]
        assert [row["name"] for row in rows] == ["solution", "right_sure"]
        assert rows[1] == {
            "name": "right_sure",
            "kind": "right",
            "file": f"exercises/{SLUG}/right_sure.diff",
            "findings": [],
            "about": "It is sure.",
            "base": "program",
            "lines": 8,
            "problem": None,
        }
        text = fix("list", SLUG).stdout
        assert all(row["name"] in text and row["about"] in text for row in rows)

    def test_one_that_does_not_fit_is_listed_with_the_reason(self, folder: Path) -> None:
        rewrite(folder, "        publicly_accessible=False,\n", "")
        row = as_json("list", SLUG, code=1)["fixes"][1]
        assert row["about"] == "It is sure."
        assert row["problem"] in fix("list", SLUG, code=1).stdout


class TestShow:
    def test_a_fix_is_shown_as_a_whole_program_or_as_stored(self, folder: Path) -> None:
        assert fix("show", "02", "right_sure").stdout == RIGHT
        stored = (folder / "right_sure.diff").read_text(encoding="utf-8")
        assert fix("show", "02", "right_sure.diff", "--diff").stdout == stored
        data = as_json("show", "02", "right_sure")
        assert (data["program"], data["stored"]) == (RIGHT, stored)

    def test_one_with_an_unknown_finding_is_exit_code_1(self, folder: Path) -> None:
        (folder / "wrong_x.py").write_text("# finding: SINGEL-ZONE\n# It is.\nx = 1\n", encoding="utf-8")
        assert "wrong_x.py, line 1" in fix("show", "02", "wrong_x", code=1).stderr
        assert "SINGEL-ZONE" in as_json("list", "02", code=1)["fixes"][-1]["problem"]
        (row,) = as_json("rebase", "02", "wrong_x", code=1)["fixes"]
        assert (row["state"], row["why"][:6]) == ("conflict", "line 1")

    def test_one_that_does_not_fit_is_exit_code_1(self, folder: Path) -> None:
        rewrite(folder, "        publicly_accessible=False,\n", "")
        assert "right_sure.diff, line 8" in fix("show", "02", "right_sure", code=1).stderr
        assert "right_sure.diff, line 8" in as_json("show", "02", "right_sure", code=1)["error"]

    @pytest.mark.parametrize("arguments", [("02", "right_other"), ("99", "right_sure")])
    def test_one_that_there_is_not_is_exit_code_2(self, folder: Path, arguments: tuple[str, str]) -> None:
        fix("show", *arguments, code=2)
        assert as_json("show", *arguments, code=2)["error"]


class TestEdit:
    def test_a_new_fix_starts_from_the_program_as_shipped(self, folder: Path, editor: Path) -> None:
        edits(editor, ("multi_az=False", "multi_az=None"), ("FILL IN what", "It is unset, that is what"))
        fix("edit", "02", "wrong_unset")
        text = fix("show", "02", "wrong_unset").stdout
        assert text.startswith("# finding: SINGLE-ZONE\n# It is unset, that is what is different")
        assert text.endswith(changed(shipped(), "multi_az=False", "multi_az=None") + "\n")

    def test_a_fix_is_opened_whole(self, folder: Path, editor: Path) -> None:
        edits(editor, ("multi_az=1 > 0", "multi_az=2 > 0"))
        fix("edit", "02", "right_sure")
        assert fix("show", "02", "right_sure").stdout == RIGHT.replace("1 > 0", "2 > 0")

    def test_without_a_change_nothing_is_written(self, folder: Path, editor: Path) -> None:
        edits(editor)
        before = (folder / "right_sure.diff").stat().st_mtime_ns
        assert "Nothing was changed." in fix("edit", "02", "right_sure").stdout
        assert (folder / "right_sure.diff").stat().st_mtime_ns == before

    def test_a_file_keeps_the_comments_of_the_fix(self, folder: Path) -> None:
        fix(
            "edit",
            "02",
            "right_sure",
            "--from",
            "-",
            input=solved().replace("True,\n        publicly", "3,\n        publicly"),
        )
        assert fix("show", "02", "right_sure").stdout.startswith("# It is sure.\ndef program")

    def test_options_say_what_a_new_fix_is_about(self, folder: Path) -> None:
        arguments = ("--finding", "REGRESSION", "--finding", "MISSING", "--about", "Nothing is left.")
        fix("edit", "02", "wrong_empty", "--from", "-", *arguments, input="def program(suffix): pass")
        assert (folder / "wrong_empty.py").read_text(encoding="utf-8") == (
            "# finding: REGRESSION, MISSING\n# Nothing is left.\ndef program(suffix): pass\n"
        )

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("wrong_new", solved()),
            ("better", RIGHT),
            ("right_new", f"# As it was.\n{shipped()}"),
            ("right_new", "# Nothing.\n"),
            ("right_new", f"# In conflict.\n<<<<<<< the fix\n{solved()}"),
        ],
    )
    def test_what_cannot_be_stored_is_exit_code_2(self, folder: Path, name: str, text: str) -> None:
        fix("edit", "02", name, "--from", "-", code=2, input=text)
        assert {path.name for path in folder.iterdir()} == {"solution.diff", "right_sure.diff"}

    @pytest.mark.parametrize(
        "arguments",
        [
            ("wrong_new", "--finding", "SINGEL-ZONE", "--about", "It is."),
            ("right_sure", "--finding", "SINGLE-ZONE"),
        ],
    )
    def test_an_unknown_finding_is_a_usage_error(self, folder: Path, arguments: tuple[str, ...]) -> None:
        before = (folder / "right_sure.diff").read_bytes()
        fix("edit", "02", *arguments, "--from", "-", code=2, input=RIGHT)
        assert (folder / "right_sure.diff").read_bytes() == before

    def test_options_apply_to_an_existing_fix(self, folder: Path, editor: Path) -> None:
        text = f"# finding: MISSING\n# It was.\n{changed(shipped(), 'multi_az=False', 'multi_az=None')}\n"
        fix("edit", "02", "wrong_unset", "--from", "-", input=text)
        edits(editor)
        fix("edit", "02", "wrong_unset", "--about", "It is unset.")
        fix("edit", "02", "wrong_unset", "--from", "-", "--finding", "SINGLE-ZONE", input=text)
        assert fix("show", "02", "wrong_unset").stdout.startswith("# finding: SINGLE-ZONE\n# It was.\ndef")
        fix("edit", "02", "wrong_unset", "--about", "It is unset.")
        assert fix("show", "02", "wrong_unset").stdout.startswith(
            "# finding: SINGLE-ZONE\n# It is unset.\ndef"
        )

    def test_a_byte_order_mark_on_stdin_is_dropped(self, folder: Path) -> None:
        fix("edit", "02", "right_sure", "--from", "-", input=f"\ufeff{RIGHT}")
        assert fix("show", "02", "right_sure").stdout == RIGHT

    def test_a_notebook_is_refused(self, folder: Path) -> None:
        for name in ("right_sure", "right_new"):
            told = fix("edit", "02", name, "--from", "-", code=2, input='{"cells": []}').stderr
            assert "This is a notebook" in told

    def test_what_was_written_in_the_editor_is_kept_then(self, folder: Path, editor: Path) -> None:
        edits(editor, ("multi_az=False", "multi_az=None"))
        told = fix("edit", "02", "wrong_unset", code=2).stderr
        draft = Path(told.split("--from ")[1].strip())
        assert "multi_az=None" in draft.read_text(encoding="utf-8")
        draft.unlink()

    def test_one_that_does_not_fit_any_more_starts_from_the_program(self, folder: Path, editor: Path) -> None:
        rewrite(folder, "        publicly_accessible=False,\n", "")
        edits(editor, ("multi_az=False", "multi_az=3"))
        assert "right_sure.diff, line 8" in fix("edit", "02", "right_sure").stderr
        assert "multi_az=3" in fix("show", "02", "right_sure").stdout


class TestRebase:
    @pytest.fixture
    def committed(self, folder: Path) -> Path:
        root = str(folder.parents[1])
        author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        for command in (("init", "--quiet"), ("add", "."), (*author, "commit", "--quiet", "-m", "x")):
            subprocess.run(["git", "-C", root, *command], check=True, capture_output=True)
        return folder

    def test_a_changed_program_takes_its_fixes_along(self, committed: Path) -> None:
        rewrite(committed, "deletion_protection=True", "deletion_protection=False")
        rewrite(committed, 'cidr_block="10.0.0.0/16",', 'cidr_block="10.0.0.0/16",\n        tags_all={},')
        data = as_json("rebase", "02")
        assert {row["name"]: row["state"] for row in data["fixes"]} == {
            "solution": "carried",
            "right_sure": "carried",
        }
        assert "2 fit as they are" in fix("rebase", "02").stdout

    def test_one_that_needs_a_person_is_named_with_exit_code_1(self, committed: Path, editor: Path) -> None:
        rewrite(committed, "multi_az=False", "multi_az=None")
        fix("edit", "02", "solution", "--from", "-", input=solved())
        told = fix("rebase", "02", code=1).stdout
        assert "right_sure.diff: `multi_az=False,` is `multi_az=None,` now" in told
        edits(
            editor,
            ("<<<<<<< the fix\n", ""),
            ("=======\n        multi_az=None,\n>>>>>>> the changed program\n", ""),
        )
        fix("edit", "02", "right_sure")
        fix("rebase", "02")
        assert fix("show", "02", "right_sure").stdout == RIGHT

    def test_a_changed_right_fix_takes_those_that_differ_from_it_along(self, committed: Path) -> None:
        fix("edit", "02", "wrong_sure", "--base", "right_sure", "--from", "-", input=WRONG)
        text = changed(RIGHT, "multi_az=1 > 0", "multi_az=2 > 1")
        assert "fix rebase 02" in fix("edit", "02", "right_sure", "--from", "-", input=text).stdout
        assert as_json("list", "02", code=1)["fixes"][-1]["problem"]
        fix("rebase", "02", code=0)
        assert "multi_az=2 > 1" in fix("show", "02", "wrong_sure").stdout

    def test_what_waits_for_the_solution_is_said_once(self, folder: Path, tmp_path: Path) -> None:
        for name in ("wrong_public", "wrong_open"):
            text = changed(
                solved(), "publicly_accessible=False", f"publicly_accessible={name == 'wrong_open'!r}  # yes"
            )
            fix("edit", "02", name, "--from", "-", input=f"# finding: REGRESSION\n# It is public.\n{text}\n")
        fix("edit", "02", "error_name", "--from", "-", input="# It is a name.\nprogram = something\n")
        earlier = tmp_path / "earlier.py"
        earlier.write_bytes(folder.with_suffix(".py").read_bytes())
        rewrite(folder, "multi_az=False", "multi_az=None")
        told = fix("rebase", "02", "--base", str(earlier), code=1).stdout
        assert "1 whole program left alone, 2 need you, 2 wait for another fix" in told
        assert "2 fixes differ from the solution" in told
        assert f"Repair it first: lab fix edit {SLUG} solution" in told
        assert "error_name.py: a whole program" in told
        assert "wrong_public" not in told

    def test_fixes_can_keep_their_own_lines(self, committed: Path) -> None:
        rewrite(committed, "multi_az=False", "multi_az=None")
        fix("rebase", "02", "right_sure", "--keep")
        assert fix("show", "02", "right_sure").stdout == RIGHT

    def test_without_git_the_earlier_file_can_be_named(self, folder: Path, tmp_path: Path) -> None:
        earlier = tmp_path / "earlier.py"
        earlier.write_bytes(folder.with_suffix(".py").read_bytes())
        rewrite(folder, "publicly_accessible=False", "publicly_accessible=None")
        assert "--base FILE" in fix("rebase", "02", code=1).stdout
        fix("rebase", "02", "--base", str(earlier))

    @pytest.mark.parametrize(
        "arguments", [("99",), ("02", "right_other"), ("02", "--base", "no-such-revision")]
    )
    def test_a_usage_error_is_exit_code_2(self, folder: Path, arguments: tuple[str, ...]) -> None:
        assert as_json("rebase", *arguments, code=2)["error"]
