"""Where findings are shown: at the argument, in a path below the repository's root."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_support.plan.diagnostic import Location
from lab_support.review.places import place_of, relative, root_of

PROGRAM = """import pulumi_aws as aws
aws.rds.Instance(
    "db",
    multi_az=False,
)
aws.rds.Instance("b", args=aws.rds.InstanceArgs(
    engine="postgres",
    multi_az=False))
"""


@pytest.mark.parametrize(
    ("declared", "arguments", "shown"),
    [
        (2, ("multi_az",), 4),
        (2, ("storage_encrypted", "multi_az"), 4),
        (2, ("storage_encrypted",), 2),
        (2, (), 2),
        (6, ("multi_az",), 8),
    ],
)
def test_a_finding_points_at_the_first_argument_that_the_call_has(
    tmp_path: Path, declared: int, arguments: tuple[str, ...], shown: int
) -> None:
    file = tmp_path / "main.py"
    file.write_text(PROGRAM, encoding="utf-8")
    place = place_of(Location(str(file), declared, ""), arguments)
    assert place is not None
    assert place.line == shown


def test_a_file_that_cannot_be_parsed_is_shown_at_its_resource(tmp_path: Path) -> None:
    source = Location(str(tmp_path / "gone.py"), 3, "")
    assert place_of(source, ("multi_az",)) == source


def test_the_root_is_that_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere", encoding="utf-8")  # a worktree
    (tmp_path / "infra" / "db").mkdir(parents=True)
    assert root_of(tmp_path / "infra" / "db") == tmp_path.resolve()
    assert relative(tmp_path / "infra" / "main.py", tmp_path.resolve()) == "infra/main.py"


def test_a_file_that_has_changed_is_shown_as_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    for before in ("", "# one line more\n"):
        file.write_text(before + PROGRAM, encoding="utf-8")
        declared = 2 + before.count("\n")
        place = place_of(Location(str(file), declared, ""), ("multi_az",))
        assert place is not None
        assert place.line == declared + 2
