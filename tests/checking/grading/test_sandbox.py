"""What a program sees of the machine in the sandbox, and that honest programs get the verdict of `lab check`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_support.checking.grading.bubblewrap import problem_of_bubblewrap
from lab_support.checking.grading.grader import grade
from lab_support.checking.grading.sandbox import Sandbox
from lab_support.checking.judge import Ruling, as_shipped, as_solved
from lab_support.course.exercises import find_exercise
from lab_support.course.fixes import expected_findings, fix_files, read_fix
from tests.programs import SLUG

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(problem_of_bubblewrap()), reason="needs bubblewrap (Debian: apt-get install bubblewrap)"
    ),
]
IS_OPEN = """
import os
def is_open(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False
"""
OUTCOME = {"right": "passed", "wrong": "failed", "error": "program-error"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.open(["rds", "kms", "ec2", "kinesis"]) as sandbox:
        yield sandbox


def graded(sandbox: Sandbox, cells: list[str], slug: str = SLUG) -> Ruling:
    ruling, _ = grade(find_exercise(slug), cells, sandbox, seed=7, time_limit=60.0)
    return ruling


# What programs use of Pulumi beyond resources: components, async code, functions in apply, calls by the engine,
# providers, data sources, configuration, refusals, and failures in each of these places.
@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("01_stream_name", "right_component"),
        ("01_stream_name", "right_async_program"),
        ("01_stream_name", "right_created_in_apply"),
        ("01_stream_name", "right_get_stack"),
        ("01_stream_name", "wrong_config_default"),
        ("01_stream_name", "wrong_same_urn"),
        ("01_stream_name", "wrong_random"),
        ("02_database_zone", "right_callable_object"),
        ("02_database_zone", "right_explicit_provider"),
        ("02_database_zone", "right_engine_version_lookup"),
        ("02_database_zone", "right_random_password"),
        ("02_database_zone", "right_transform_option"),
        ("02_database_zone", "wrong_listed_and_pull_requests"),
        ("02_database_zone", "error_no_program"),
        ("02_database_zone", "error_syntax"),
        ("02_database_zone", "error_unknown_argument"),
        ("13_open_state", "wrong_printed"),
    ],
)
def test_a_program_gets_the_verdict_that_lab_check_gives(sandbox: Sandbox, slug: str, name: str) -> None:
    exercise = find_exercise(slug)
    kind = name.partition("_")[0]
    (path,) = (path for path in fix_files(exercise, kind) if path.stem == name)
    ruling = graded(sandbox, list(read_fix(path, exercise).cells), slug)
    assert ruling.outcome == OUTCOME[kind], ruling
    assert set(ruling.finding_ids) == set(expected_findings(path) if kind == "wrong" else ())


def test_the_program_as_shipped_is_unchanged_and_its_drill_has_a_picture(sandbox: Sandbox) -> None:
    exercise = find_exercise(SLUG)
    ruling, picture = grade(exercise, as_shipped(exercise), sandbox, seed=7, time_limit=60.0)
    assert ruling.outcome == "unchanged"
    assert ruling.finding_ids == list(exercise.findings)
    assert "<svg" in picture or "lab-" in picture


def test_an_error_names_the_line_of_the_program(sandbox: Sandbox) -> None:
    ruling = graded(sandbox, ["def program(environment_suffix):\n    x = 1\n    raise ValueError('so')"])
    assert ruling.outcome == "program-error"
    assert ruling.location == {"line": 3, "code": "raise ValueError('so')"}
    assert ruling.message is not None
    assert "ValueError: so" in ruling.message


def test_calls_of_the_labs_functions_do_nothing(sandbox: Sandbox) -> None:
    (solved,) = as_solved(find_exercise(SLUG))
    ruling = graded(
        sandbox, [f"{solved}\n\nfrom lab_support import preview, show\nshow(preview(program, 'dev'))"]
    )
    assert ruling.outcome == "passed", ruling


def test_a_guard_for_the_main_module_is_not_suspect(sandbox: Sandbox) -> None:
    (solved,) = as_solved(find_exercise(SLUG))
    ruling = graded(sandbox, [f"{solved}\n\nif __name__ == '__main__':\n    program('dev')"])
    assert ruling.outcome == "passed", ruling


def seen(sandbox: Sandbox, expression: str) -> str:
    """What an expression is in the sandbox."""
    ruling = graded(
        sandbox, [f"import os, sys\ndef program(environment_suffix):\n    raise ValueError({expression})"]
    )
    assert ruling.message is not None
    return ruling.message.removeprefix("ValueError: ").removesuffix(" (in environment dev)")


def test_a_program_sees_no_variable_process_descriptor_or_file_of_the_graders(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "of the instructor")
    assert (
        seen(sandbox, "sorted(set(os.environ) & {'SECRET', 'PYTHONPATH', 'PULUMI_REVIEW_LAB_SEED'})") == "[]"
    )
    assert seen(sandbox, "os.listdir('/proc')") == "[]"
    assert seen(sandbox, "os.getpid()") == "1"
    count = "def program(environment_suffix):\n    raise ValueError(len([n for n in range(3, 256) if is_open(n)]))"
    ruling = graded(sandbox, [f"{IS_OPEN}\n\n{count}"])
    assert ruling.message is not None
    assert int(ruling.message.split()[1]) <= 5  # the connection to the grader, and the event loop's own
    own = str(Path(__file__).resolve().parents[3] / "lab_support")
    assert seen(sandbox, f"os.listdir({own!r}) if os.path.isdir({own!r}) else []") == "[]"


def test_a_program_can_write_in_its_own_folder_only(sandbox: Sandbox) -> None:
    assert (
        seen(sandbox, "[p for p in ('/', '/tmp', '/usr', '/dev/shm', sys.prefix) if os.access(p, os.W_OK)]")
        == "[]"
    )
    assert seen(sandbox, "os.access('/home/learner', os.W_OK)") == "True"


def test_a_program_is_not_root(sandbox: Sandbox) -> None:
    assert int(seen(sandbox, "os.getuid()")) != 0 or os.getuid() == 0
    if os.getuid() == 0:
        assert int(seen(sandbox, "os.getuid()")) >= 100_000


def test_each_environment_runs_in_a_process_of_its_own(sandbox: Sandbox) -> None:
    cells = as_solved(find_exercise(SLUG))
    again = "\n\ncalls = []\ninner = program\ndef program(environment_suffix):\n    calls.append(1)\n"
    again += "    assert len(calls) == 1\n    inner(environment_suffix)"
    assert graded(sandbox, [cells[0] + again]).outcome == "passed"


def test_a_program_has_memory_for_as_many_threads_as_its_calls_to_the_engine_take(sandbox: Sandbox) -> None:
    started = "pool = ThreadPoolExecutor(70)\nfor _ in range(70):\n    pool.submit(Future().result)"
    imports = "from concurrent.futures import Future, ThreadPoolExecutor"
    ruling = graded(
        sandbox, [f"{imports}\n{started}\ndef program(environment_suffix):\n    raise ValueError('so')"]
    )
    assert ruling.message == "ValueError: so (in environment dev)"
