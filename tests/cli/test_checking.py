"""What `lab check` prints for each kind of program, with and without --json: the contract for scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lab_support.checking import judge
from lab_support.checking.judge import Ruling
from lab_support.cli.main import main
from lab_support.course.exercises import Exercise, find_exercise
from lab_support.course.notebooks import notebook, text_of
from tests.cli.lab import lab, repaired
from tests.processes import environment
from tests.programs import SLUG, changed, line_of, shipped, solved

KEYS = ["exercise", "outcome", "findings", "message", "location", "points", "of", "seconds", "seed"]
FINDING_KEYS = ["id", "resource", "what", "hint"]
# A terminal of the usual height, at its usual width.
SCREEN, WIDTH = 24, 120


@dataclass(frozen=True)
class Answer:
    """The output of one call of `lab check`, as JSON and as text."""

    json: Mapping[str, Any]
    text: str
    code: int
    text_code: int


@pytest.fixture
def lab_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Calls `lab check` twice, with and without --json, and judges the program once."""
    rulings: dict[tuple[str, ...], Ruling] = {}
    real = judge.judge

    def remembered(exercise: Exercise, cells: Sequence[str], **options: Any) -> Ruling:
        if tuple(cells) not in rulings:
            rulings[tuple(cells)] = real(exercise, cells, **options)
        return rulings[tuple(cells)]

    monkeypatch.setattr(judge, "judge", remembered)

    def check(program: str | bytes, *options: str, name: str = "program.py") -> Answer:
        path = tmp_path / name
        path.write_bytes(program if isinstance(program, bytes) else program.encode())
        arguments = ["check", SLUG, "--with", str(path), *options]
        as_json = CliRunner().invoke(main, [*arguments, "--json"])
        as_text = CliRunner().invoke(main, arguments)
        assert as_json.stderr == ""
        answer = Answer(
            json.loads(as_json.stdout), as_text.stdout + as_text.stderr, as_json.exit_code, as_text.exit_code
        )
        fits_on_a_screen_and_shows_nothing_of_ours(answer.text.replace(str(tmp_path), "."))
        assert answer.code == answer.text_code
        return answer

    return check


def fits_on_a_screen_and_shows_nothing_of_ours(text: str) -> None:
    lines = text.splitlines()
    assert 0 < len(lines) <= SCREEN
    assert all(len(line) <= WIDTH for line in lines)
    assert "Traceback" not in text
    assert "lab_support" not in text
    assert "site-packages" not in text


def is_a_ruling(answer: Answer, outcome: str) -> None:
    """Asserts the contract's keys in order, and what holds for every ruling with this outcome."""
    data = answer.json
    assert list(data) == KEYS
    assert data["exercise"] == SLUG
    assert data["outcome"] == outcome
    assert answer.code == {"passed": 0, "lab-error": 3}.get(outcome, 1)
    assert (data["points"], data["of"]) == (2 if outcome == "passed" else 0, 2)
    assert data["seconds"] >= 0
    assert all(list(finding) == FINDING_KEYS for finding in data["findings"])
    assert all(all(finding.values()) for finding in data["findings"])
    assert bool(data["findings"]) == (outcome in ("failed", "unchanged"))
    if outcome in ("passed", "failed"):
        assert data["message"] is None
        assert data["location"] is None
    if outcome == "program-error":
        assert data["message"] in answer.text or data["message"][:60] in answer.text
    if data["location"] is not None:
        assert list(data["location"]) == ["line", "code"]


def ids(answer: Answer) -> list[str]:
    return [finding["id"] for finding in answer.json["findings"]]


class TestVerdicts:
    def test_a_right_fix_passes(self, lab_check: Callable[..., Answer]) -> None:
        answer = lab_check(solved())
        is_a_ruling(answer, "passed")
        assert "passed, 2 of 2 points" in answer.text

    def test_with_a_folder_its_notebook_is_checked(self, learner: Path) -> None:
        repaired(learner)
        for folder in (learner, learner.parent):
            assert lab("check", "2", "--with", str(folder)).exit_code == 0

    def test_a_wrong_fix_fails_with_its_finding(self, lab_check: Callable[..., Answer]) -> None:
        answer = lab_check(changed(shipped(), "multi_az=False", 'multi_az=environment_suffix == "prod"'))
        is_a_ruling(answer, "failed")
        (finding,) = answer.json["findings"]
        assert (finding["id"], finding["resource"]) == ("SINGLE-ZONE", "emergency-alert-db-dev")
        assert "ap-southeast-1" in finding["what"]
        (line,) = [line for line in answer.text.splitlines() if line.startswith("SINGLE-ZONE")]
        assert line.endswith("(in every environment but prod)")

    def test_a_repair_that_breaks_something_else_is_a_regression(
        self, lab_check: Callable[..., Answer]
    ) -> None:
        text = changed(solved(), "backup_retention_period=30", "backup_retention_period=7")
        answer = lab_check(changed(text, "publicly_accessible=False", "publicly_accessible=True"))
        is_a_ruling(answer, "failed")
        assert ids(answer) == ["REGRESSION", "REGRESSION"]
        assert "Expected 30 days of backups; found 7." in answer.text

    def test_a_refused_program_fails_with_the_accounts_message(
        self, lab_check: Callable[..., Answer]
    ) -> None:
        zone = 'multi_az=True,\n        availability_zone="ap-southeast-1a",'
        answer = lab_check(changed(solved(), "multi_az=True,", zone))
        is_a_ruling(answer, "failed")
        assert ids(answer) == ["REFUSED"]
        assert (
            "Requesting a specific availability zone is not valid for Multi-AZ"
            in answer.json["findings"][0]["what"]
        )

    def test_a_program_without_the_database_is_missing_it(self, lab_check: Callable[..., Answer]) -> None:
        answer = lab_check("def program(environment_suffix):\n    pass\n")
        is_a_ruling(answer, "failed")
        assert ids(answer) == ["MISSING"]

    @pytest.mark.parametrize(
        "text",
        [
            shipped(),
            '"""Mine."""\n\nimport pulumi\nimport pulumi_aws as aws\n\n'
            + changed(
                shipped(), "multi_az=False,\n", "# Why?\n        multi_az=(\n            False\n        ),\n"
            ),
        ],
        ids=["as it is", "with comments, imports and another layout"],
    )
    def test_the_shipped_program_is_unchanged(self, lab_check: Callable[..., Answer], text: str) -> None:
        answer = lab_check(text)
        is_a_ruling(answer, "unchanged")
        assert ids(answer) == ["SINGLE-ZONE"]
        assert "as shipped" in answer.json["message"]
        assert answer.json["location"] is None

    def test_an_async_program_passes(self, lab_check: Callable[..., Answer]) -> None:
        is_a_ruling(lab_check(changed(solved(), "def program", "async def program")), "passed")

    def test_a_program_may_reuse_the_checks_names(self, lab_check: Callable[..., Answer]) -> None:
        mine = "".join(
            f"{name} = None\n" for name in ("databases", "check", "plan", "found", "preview", "outages")
        )
        is_a_ruling(lab_check(mine + "def customer_key(*a): return None\n" + solved()), "passed")

    def test_a_program_may_call_its_own_function_of_the_checks_name(
        self, lab_check: Callable[..., Answer]
    ) -> None:
        mine = 'def databases(suffix):\n    return f"emergency-alert-db-{suffix}"\n\n\n'
        text = changed(
            solved(),
            'identifier=f"emergency-alert-db-{environment_suffix}"',
            "identifier=databases(environment_suffix)",
        )
        is_a_ruling(lab_check(mine + text), "passed")

    @pytest.mark.parametrize("place", ["top", "program"])
    def test_a_program_that_prints_a_lot_passes(self, lab_check: Callable[..., Answer], place: str) -> None:
        noise = "for _ in range(100): print('x' * 100_000)\n"
        text = noise + solved() if place == "top" else solved() + "\n    " + noise
        is_a_ruling(lab_check(text), "passed")

    def test_a_file_from_a_windows_editor_passes(self, lab_check: Callable[..., Answer]) -> None:
        is_a_ruling(lab_check(b"\xef\xbb\xbf" + solved().replace("\n", "\r\n").encode()), "passed")


BREAKS = {
    "a name that does not exist": ("undefined_name", "NameError: name 'undefined_name' is not defined"),
    "leaving": ("import sys; sys.exit(0)", "The program called sys.exit(); it must return instead."),
    "an assertion": ("assert 1 == 2, 'mine'", "AssertionError: mine"),
    "an interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "input": ("input()", "EOFError: EOF when reading a line"),
    "recursion": ("again = lambda: again(); again()", "RecursionError: a function calls itself without end."),
}


class TestProgramErrors:
    @pytest.mark.parametrize(("line", "message"), BREAKS.values(), ids=BREAKS.keys())
    def test_an_error_at_top_level_is_a_program_error(
        self, lab_check: Callable[..., Answer], line: str, message: str
    ) -> None:
        answer = lab_check(f"{solved()}\n\n{line}\n")
        is_a_ruling(answer, "program-error")
        assert answer.json["message"] == message
        assert answer.json["location"] == {"line": len(solved().splitlines()) + 2, "code": line}

    @pytest.mark.parametrize(("line", "message"), BREAKS.values(), ids=BREAKS.keys())
    def test_an_error_inside_the_program_is_a_program_error(
        self, lab_check: Callable[..., Answer], line: str, message: str
    ) -> None:
        answer = lab_check(f"def program(environment_suffix):\n    {line}\n")
        is_a_ruling(answer, "program-error")
        assert answer.json["message"] == message
        assert answer.json["location"] == {"line": 2, "code": line}

    def test_an_error_inside_apply_is_a_program_error(self, lab_check: Callable[..., Answer]) -> None:
        text = f"{solved()}\n    database.arn.apply(lambda arn: arn.no_such_method())\n"
        answer = lab_check(text)
        is_a_ruling(answer, "program-error")
        assert "no_such_method" in answer.json["message"]
        assert answer.json["location"]["line"] == line_of("no_such_method", text)

    def test_an_error_in_one_environment_names_it(self, lab_check: Callable[..., Answer]) -> None:
        answer = lab_check(f"{solved()}\n    {{}}['x'] if environment_suffix == 'prod' else None\n")
        is_a_ruling(answer, "program-error")
        assert "(in environment prod)" in answer.text

    def test_a_syntax_error_has_line_and_code(self, lab_check: Callable[..., Answer]) -> None:
        text = changed(solved(), "multi_az=True,", "multi_az==True,,")
        answer = lab_check(text)
        is_a_ruling(answer, "program-error")
        assert answer.json["message"].startswith("SyntaxError: ")
        assert answer.json["location"] == {"line": line_of("multi_az==", text), "code": "multi_az==True,,"}

    @pytest.mark.parametrize("place", ["top", "program", "apply"])
    def test_an_endless_loop_is_a_program_error(self, lab_check: Callable[..., Answer], place: str) -> None:
        text = {
            "top": f"{solved()}\n\nwhile True: pass\n",
            "program": f"{solved()}\n    while True: pass\n",
            "apply": f"def forever(arn):\n    while True: pass\n\n\n{solved()}\n    database.arn.apply(forever)\n",
        }[place]
        # The program must get that far in three environments, while the loops of the others run beside it.
        limit = "4" if place == "top" else "8"
        answer = lab_check(text, "--timeout", limit)
        is_a_ruling(answer, "program-error")
        assert answer.json["message"] == f"The program ran past the limit of {limit} s."
        assert answer.json["location"] == {"line": line_of("while True", text), "code": "while True: pass"}

    def test_an_endless_loop_that_catches_everything_is_a_program_error(
        self, lab_check: Callable[..., Answer]
    ) -> None:
        loop = "while True:\n        try:\n            while True: pass\n        except BaseException: pass"
        answer = lab_check(f"def program(suffix):\n    {loop}\n", "--timeout", "3")
        is_a_ruling(answer, "program-error")
        assert "past the limit" in answer.json["message"]

    @pytest.mark.parametrize("place", ["top", "program"])
    def test_a_program_that_ends_the_process_is_a_program_error(
        self, lab_check: Callable[..., Answer], place: str
    ) -> None:
        text = {
            "top": "import os\nos._exit(0)\n",
            "program": "import os\n\ndef program(suffix):\n    os._exit(3)\n",
        }[place]
        answer = lab_check(text)
        is_a_ruling(answer, "program-error")
        code = 0 if place == "top" else 3
        assert f"ended the whole Python process (exit code {code})" in answer.json["message"]

    def test_a_program_that_crashes_the_process_is_a_program_error(
        self, lab_check: Callable[..., Answer]
    ) -> None:
        is_a_ruling(lab_check("import os\nos.abort()\n"), "program-error")

    @pytest.mark.parametrize("text", ["", "\n\n", "# Nothing here yet.\n", "def programm(suffix): ...\n"])
    def test_code_without_a_program_is_a_program_error(
        self, lab_check: Callable[..., Answer], text: str
    ) -> None:
        answer = lab_check(text)
        is_a_ruling(answer, "program-error")
        assert answer.json["message"] == "The code defines no function `program(environment_suffix)`."
        assert answer.json["location"] is None

    @pytest.mark.parametrize("text", ["def program(): ...\n", "def program(a, b): ...\n", "program = 5\n"])
    def test_a_program_with_the_wrong_parameters_is_a_program_error(
        self, lab_check: Callable[..., Answer], text: str
    ) -> None:
        answer = lab_check(text)
        is_a_ruling(answer, "program-error")
        assert answer.json["message"].startswith("`program` must")

    def test_a_run_error_is_a_program_error(self, lab_check: Callable[..., Answer]) -> None:
        answer = lab_check("def program(suffix):\n    raise pulumi.RunError('size must be even')\n")
        is_a_ruling(answer, "program-error")
        assert "size must be even" in answer.json["message"]

    def test_an_exception_whose_str_fails_is_a_program_error(self, lab_check: Callable[..., Answer]) -> None:
        mute = "class Mute(Exception):\n    def __str__(self): raise ValueError\n\n\n"
        is_a_ruling(lab_check(f"{mute}def program(suffix):\n    raise Mute\n"), "program-error")

    @pytest.mark.xfail(strict=True, reason="the line of code is quoted whole")
    def test_a_very_long_line_still_fits_on_the_screen(self, lab_check: Callable[..., Answer]) -> None:
        is_a_ruling(lab_check(f"x = ({'1, ' * 5000}]\n"), "program-error")


class TestFiles:
    """Usage errors: exit code 2, and one sentence."""

    def refused(self, answer: Answer) -> str:
        assert answer.code == 2
        assert list(answer.json) == ["error"]
        sentence: str = answer.json["error"]
        assert sentence in answer.text
        return sentence

    @pytest.mark.parametrize("name", ["program.py", "program.ipynb"])
    def test_a_file_that_is_not_utf_8_is_a_usage_error(
        self, lab_check: Callable[..., Answer], name: str
    ) -> None:
        sentence = self.refused(lab_check("über".encode("latin-1"), name=name))
        assert name in sentence

    def test_a_notebook_without_an_exercise_cell_is_a_usage_error(
        self, lab_check: Callable[..., Answer], exercise: Exercise
    ) -> None:
        document = notebook(exercise)
        document["cells"] = [cell for cell in document["cells"] if cell["id"] != "02-exercise-1"]
        assert "no exercise cell" in self.refused(lab_check(text_of(document), name="mine.ipynb"))

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 1}', "print('a script')"])
    def test_a_file_that_is_no_notebook_is_a_usage_error(
        self, lab_check: Callable[..., Answer], content: str
    ) -> None:
        assert "is not a notebook" in self.refused(lab_check(content, name="mine.ipynb"))

    def test_a_notebook_with_a_malformed_cell_is_a_usage_error(
        self, lab_check: Callable[..., Answer]
    ) -> None:
        cell = {"cell_type": "code", "metadata": {"tags": ["exercise"]}}
        self.refused(lab_check(json.dumps({"cells": [cell]}), name="mine.ipynb"))

    @pytest.mark.parametrize("form", [[], ["--json"]])
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([SLUG, "--with", "/nowhere/at/all.py"], "there is no file /nowhere/at/all.py"),
            ([SLUG, "--with", "/"], f"/ is a folder without {SLUG}.ipynb"),
            (["99_unknown"], "there is no exercise '99_unknown'; there are: 0"),
        ],
    )
    def test_a_missing_file_or_exercise_is_a_usage_error(
        self, arguments: list[str], words: str, form: list[str]
    ) -> None:
        done = CliRunner().invoke(main, ["check", *arguments, *form])
        assert done.exit_code == 2
        if form:
            assert words in json.loads(done.stdout)["error"]
        else:
            assert words in done.stderr
            assert done.stdout == ""

    @pytest.mark.parametrize("options", [["--timeout", "0"], ["--timeout", "soon"], ["--no-such-option"]])
    def test_invalid_options_are_usage_errors(self, options: list[str]) -> None:
        assert CliRunner().invoke(main, ["check", SLUG, *options]).exit_code == 2

    def test_a_missing_notebook_is_a_usage_error(self, clone: Path) -> None:
        done = CliRunner().invoke(main, ["check", SLUG, "--json"])
        assert done.exit_code == 2
        assert f"{SLUG}.ipynb" in json.loads(done.stdout)["error"]


class TestNotebooks:
    def solved_by_hand(self, exercise: Exercise, **cell: Any) -> str:
        document = notebook(exercise)
        (mine,) = [cell for cell in document["cells"] if cell["id"] == "02-exercise-1"]
        mine.update({"source": solved().splitlines(keepends=True), **cell})
        return text_of(document)

    def test_a_repaired_notebook_passes(self, lab_check: Callable[..., Answer], exercise: Exercise) -> None:
        is_a_ruling(lab_check(self.solved_by_hand(exercise), name="mine.ipynb"), "passed")

    def test_a_repaired_notebook_without_tags_passes(
        self, lab_check: Callable[..., Answer], exercise: Exercise
    ) -> None:
        text = self.solved_by_hand(exercise, metadata={})
        assert '"exercise"' not in text
        is_a_ruling(lab_check(text, name="mine.ipynb"), "passed")

    def test_changes_outside_the_exercise_cell_do_not_count(
        self, lab_check: Callable[..., Answer], exercise: Exercise
    ) -> None:
        document = json.loads(text_of(notebook(exercise)))
        for cell in document["cells"]:
            if cell["id"] != "02-exercise-1":
                cell["source"] = ["raise SystemExit"] if cell["cell_type"] == "code" else [""]
        is_a_ruling(lab_check(text_of(document), name="mine.ipynb"), "unchanged")

    def test_magics_and_shell_lines_are_skipped(self, lab_check: Callable[..., Answer]) -> None:
        is_a_ruling(lab_check(f"%load_ext autoreload\n!ls\n{solved()}"), "passed")


class TestTheCommandItself:
    """`lab check` as a script calls it, in a process of its own."""

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lab_support", "check", *arguments],
            env=environment(**variables),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def test_variables_for_aws_and_pulumi_do_not_matter(self, tmp_path: Path) -> None:
        path = tmp_path / "solved.py"
        path.write_text(
            "import os\n\nassert not [n for n in os.environ if n.startswith('AWS_')]\n\n\n" + solved(),
            encoding="utf-8",
        )
        done = self.run(
            SLUG,
            "--with",
            str(path),
            "--json",
            AWS_ACCESS_KEY_ID="junk",
            AWS_PROFILE="no-such-profile",
            AWS_REGION="mars-north-1",
            PULUMI_ACCESS_TOKEN="pul-junk",
            PULUMI_BACKEND_URL="https://pulumi.invalid",
            PULUMI_HOME="/nowhere",
            HTTPS_PROXY="http://127.0.0.1:9",
        )
        assert done.returncode == 0, done.stdout
        assert json.loads(done.stdout)["outcome"] == "passed"
        assert done.stderr == ""

    def test_the_learners_own_notebook_is_checked_and_counted(self, clone: Path) -> None:
        folder = clone / "notebooks"
        folder.mkdir()
        (folder / f"{SLUG}.ipynb").write_text(text_of(notebook(find_exercise(SLUG))), encoding="utf-8")
        variables = {
            "PULUMI_REVIEW_LAB_PROGRESS": "",
            "PULUMI_REVIEW_LAB_ROOT": os.environ["PULUMI_REVIEW_LAB_ROOT"],
        }
        done = self.run("02", **variables)
        assert done.returncode == 1
        assert "SINGLE-ZONE" in done.stdout
        fits_on_a_screen_and_shows_nothing_of_ours(done.stdout + done.stderr)
        progress = json.loads((folder / ".progress.json").read_text(encoding="utf-8"))
        assert progress["exercises"][SLUG]["checks"] == 1

    def test_a_check_of_another_file_is_not_counted(self, clone: Path) -> None:
        folder = clone / "notebooks"
        folder.mkdir()
        (folder / f"{SLUG}.ipynb").write_text(text_of(notebook(find_exercise(SLUG))), encoding="utf-8")
        (folder / "mine.py").write_text("def program(suffix): ...\n", encoding="utf-8")
        done = self.run("02", "--with", str(folder / "mine.py"), PULUMI_REVIEW_LAB_PROGRESS="")
        assert done.returncode == 1
        assert "MISSING" in done.stdout
        assert not (folder / ".progress.json").exists()
