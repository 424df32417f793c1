"""`make test` runs its steps in order and names the tests it leaves out; in CI it leaves out none."""

import re
from collections.abc import Callable

import pytest

from tests.packaging.stage import Stage

PARALLEL = "-n auto --dist loadfile --no-loadscope-reorder"
NOTE = 'echo "$(basename "$0") $*" >> log'
PYTEST = f"""
{NOTE}
echo "${{PYTHONDONTWRITEBYTECODE-unset}} $JUPYTER_CONFIG_DIR $IPYTHONDIR" >> places
mkdir -p "$JUPYTER_DATA_DIR" && echo "2 passed in 0.01s"
"""


def pytest_lines(marker: str = "", arguments: str = "") -> list[str]:
    """The lines in the log for both runs of pytest."""
    return [
        " ".join(f"python -m pytest -m {kind}{marker and f' and {marker}'} {how} {arguments}".split())
        for kind, how in (("not alone", PARALLEL), ("alone", ""))
    ]


@pytest.fixture
def clone(stage: Callable[..., Stage]) -> Stage:
    """A clone that is set up, on a machine with all prerequisites."""
    made = stage("tests/run")
    made.link("bash", "sh", "dirname", "basename", "mktemp", "mkdir", "rm")
    for program in ("ruff", "mypy", "lint-imports", "mkdocs", "lab"):
        made.put(program, NOTE, folder=".venv/bin")
    made.put("python", PYTEST, folder=".venv/bin")
    for program in ("chromium", "ip", "unshare"):
        made.put(program, "exit 0")
    return made


def steps(clone: Stage) -> list[str]:
    return [re.sub(r"/\S+/site$", "SITE", line) for line in clone.log().splitlines()]


def test_steps_in_order_and_pytest_last(clone: Stage) -> None:
    done = clone.run("bash", "tests/run", "-k", "lock")
    assert steps(clone) == [
        "ruff check .",
        "ruff format --check .",
        "mypy ",
        "lint-imports ",
        "mkdocs build --strict --quiet --site-dir SITE",
        "lab validate",
        *pytest_lines("not clone", "-k lock"),
    ]
    assert done.stdout.splitlines()[-1] == "2 passed in 0.01s"
    assert done.stderr == ""


def test_in_ci_generated_files_are_compared_and_no_test_is_left_out(clone: Stage) -> None:
    assert clone.run("bash", "tests/run", CI="true").returncode == 0
    assert steps(clone)[5:] == ["lab build --check", "lab validate", *pytest_lines()]


@pytest.mark.parametrize(
    ("program", "marker"), [("chromium", "browser"), ("ip", "sandbox"), ("unshare", "sandbox")]
)
def test_tests_that_cannot_run_are_left_out_but_fail_in_ci(clone: Stage, program: str, marker: str) -> None:
    (clone.programs / program).unlink()
    here = clone.run("bash", "tests/run")
    assert here.returncode == 0
    assert f"left out: {marker} tests. " in here.stdout
    assert steps(clone)[-2:] == pytest_lines(f"not {marker} and not clone")

    in_ci = clone.run("bash", "tests/run", CI="true")
    assert in_ci.returncode == 1
    assert f"the {marker} tests cannot run: " in in_ci.stderr


def test_sandbox_tests_are_left_out_without_the_right_to_make_namespaces(clone: Stage) -> None:
    clone.put("unshare", "echo unshare: Operation not permitted >&2; exit 1")
    done = clone.run("bash", "tests/run")
    assert (done.returncode, done.stderr) == (0, "")
    assert "left out: sandbox tests. " in done.stdout


def test_the_first_failure_ends_the_run_and_says_how_to_repair(clone: Stage) -> None:
    clone.put("ruff", NOTE + '; [ "$1" = check ]', folder=".venv/bin")
    done = clone.run("bash", "tests/run")
    assert done.returncode == 1
    assert steps(clone)[-1] == "ruff format --check ."
    assert done.stderr.strip() == "== failed: ruff format. Fix with: .venv/bin/ruff format"


def test_an_import_against_the_order_of_rooms_fails(clone: Stage) -> None:
    clone.put("lint-imports", NOTE + "; exit 1", folder=".venv/bin")
    done = clone.run("bash", "tests/run")
    assert done.returncode == 1
    assert steps(clone)[-1] == "lint-imports "
    assert "docs/architecture.md" in done.stderr


AGAIN = "python -m pytest -m {kind} and not clone --last-failed --last-failed-no-failures none --maxfail 1"


def test_the_run_fails_when_a_test_fails_also_alone(clone: Stage) -> None:
    clone.put("python", NOTE + "; echo '1 failed, 1 passed in 0.01s'; exit 1", folder=".venv/bin")
    done = clone.run("bash", "tests/run")
    assert done.returncode == 1
    assert steps(clone)[-1] == AGAIN.format(kind="not alone")
    assert done.stdout.splitlines()[-1] == "1 failed, 1 passed in 0.01s"


def test_a_test_that_fails_only_beside_others_does_not_fail_the_run(clone: Stage) -> None:
    clone.put(
        "python", NOTE + '; case "$*" in *--last-failed*) exit 0 ;; *) exit 1 ;; esac', folder=".venv/bin"
    )
    assert clone.run("bash", "tests/run").returncode == 0
    parallel, alone = pytest_lines("not clone")
    assert steps(clone)[-4:] == [
        parallel,
        AGAIN.format(kind="not alone"),
        alone,
        AGAIN.format(kind="alone"),
    ]


def test_a_run_of_pytest_that_breaks_off_is_not_repeated(clone: Stage) -> None:
    clone.put("python", NOTE + "; exit 2", folder=".venv/bin")
    assert clone.run("bash", "tests/run").returncode == 2
    assert steps(clone)[-1] == pytest_lines("not clone")[0]


@pytest.mark.parametrize(("selected", "code"), [(["not alone", "alone"], 0), (["alone"], 0), ([], 5)])
def test_one_of_the_two_runs_may_have_no_test_but_not_both(
    clone: Stage, selected: list[str], code: int
) -> None:
    kinds = "|".join(f'"{kind} and not clone"' for kind in selected) or "none"
    clone.put("python", f'case "$4" in {kinds}) exit 0 ;; *) exit 5 ;; esac', folder=".venv/bin")
    assert clone.run("bash", "tests/run").returncode == code


def test_kernels_get_temporary_folders(clone: Stage) -> None:
    clone.run("bash", "tests/run", PYTHONDONTWRITEBYTECODE="1", TMPDIR=str(clone.folder))
    before = {path.name for path in clone.folder.iterdir()}
    bytecode, *places = (clone.folder / "places").read_text().splitlines()[0].split()
    assert bytecode == "unset"
    assert len(places) == 2
    assert all(place.startswith(str(clone.folder)) for place in places)
    assert before == {"tests", ".venv", "log", "places"}
