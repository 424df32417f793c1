"""The review record: what it says of each flaw, in the form of the record that the course began with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from lab_support.course.exercises import DEBRIEF, SOLUTION, Exercise, catalogue, find_exercise
from lab_support.course.notebooks import notebook, solution, text_of
from lab_support.course.record import (
    RecordError,
    flaw_text,
    record_of,
    record_text,
    summary_text,
    with_record,
)

# What the original record says of its five flaws: severity, category, and a part of each piece of code.
ORIGINAL: Mapping[str, tuple[str, str, str, str]] = {
    "NAME-COLLISION": (
        "Medium",
        "Naming Convention Violation",
        '"emergency-alert-stream",',
        'f"emergency-alert-stream-{',
    ),
    "SINGLE-ZONE": ("High", "High Availability / Compliance Violation", "multi_az=False,", "multi_az=True,"),
    "UNENCRYPTED-AT-REST": (
        "Critical",
        "Security / Encryption / Compliance Violation",
        "# missing here",
        "encrypted=True,",
    ),
    "EXCESS-PRIVILEGE": (
        "High",
        "Security / IAM Least Privilege Violation",
        '"Action": "kinesis:*"',
        '"kinesis:PutRecords",',
    ),
    "NOBODY-PAGED": ("Medium", "Monitoring / Observability Gap", "", "DBInstanceIdentifier"),
}
ONE_FLAW = ("01_stream_name", "02_database_zone", "03_shared_files", "04_stream_access", "05_silent_database")
ALL = "06_code_review"


@pytest.mark.parametrize("slug", [*ONE_FLAW, ALL])
def test_severities_categories_and_code_are_those_of_the_original_record(slug: str) -> None:
    for flaw in record_of(find_exercise(slug)):
        severity, category, incorrect, correct = ORIGINAL[flaw.finding]
        assert (flaw.severity, flaw.category) == (severity, category)
        assert incorrect in flaw.incorrect
        assert bool(incorrect) is bool(flaw.incorrect)
        assert correct in flaw.correct


def test_the_whole_system_has_the_five_flaws_in_their_order() -> None:
    assert [flaw.finding for flaw in record_of(find_exercise(ALL))] == list(ORIGINAL)


def test_a_flaw_has_the_same_texts_alone_and_in_the_whole_system() -> None:
    assert list(find_exercise(ALL).record) == list(ONE_FLAW)


def test_the_summary_counts_by_severity() -> None:
    assert summary_text(record_of(find_exercise(ALL))).splitlines() == [
        "Total flaws: 5",
        "",
        "- Critical: 1 (EFS encryption)",
        "- High: 2 (RDS Multi-AZ, IAM policy)",
        "- Medium: 2 (Kinesis naming, RDS monitoring)",
    ]


def test_a_flaw_reads_in_the_form_of_the_record(exercise: Exercise) -> None:
    (flaw,) = record_of(exercise)
    assert flaw_text(flaw, "## Bug 2", "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md").splitlines() == [
        "## Bug 2",
        "",
        f"**Location**: Line {flaw.line} of the program  ",
        "**Issue**: `multi_az` is `False` instead of `True`  ",
        "**Impact**: No high availability; violates FedRAMP High requirements; single point of failure",
        "",
        "```python",
        "# INCORRECT (MODEL_RESPONSE.md)",
        "database = aws.rds.Instance(",
        '    f"emergency-alert-db-{environment_suffix}",',
        "    ...",
        "    multi_az=False,",
        "    ...",
        ")",
        "",
        "# CORRECT (IDEAL_RESPONSE.md)",
        "database = aws.rds.Instance(",
        '    f"emergency-alert-db-{environment_suffix}",',
        "    ...",
        "    multi_az=True,",
        "    ...",
        ")",
        "```",
        "",
        "**Severity**: High  ",
        "**Category**: High Availability / Compliance Violation",
    ]


def test_a_missing_resource_has_no_incorrect_code() -> None:
    (flaw,) = record_of(find_exercise("05"))
    assert "# MISSING (as shipped)\n\n# CORRECT" in flaw_text(flaw, "")


def test_it_is_data_that_json_can_hold() -> None:
    rows = json.loads(json.dumps([flaw.to_json() for flaw in record_of(find_exercise(ALL))]))
    assert [(row["finding"], row["cell"]) for row in rows] == [
        ("NAME-COLLISION", 2),
        ("SINGLE-ZONE", 2),
        ("UNENCRYPTED-AT-REST", 2),
        ("EXCESS-PRIVILEGE", 3),
        ("NOBODY-PAGED", 4),
    ]


def test_the_debrief_of_one_flaw_begins_with_it_and_that_of_several_ends_with_the_summary() -> None:
    def texts(slug: str) -> list[str]:
        return [
            c.source for c in with_record(find_exercise(slug)) if c.tag == DEBRIEF and c.kind == "markdown"
        ]

    assert texts("02")[0] == record_text(record_of(find_exercise("02")))
    assert texts(ALL)[-1].endswith("- Medium: 2 (Kinesis naming, RDS monitoring)")


@pytest.mark.parametrize("made", [solution, notebook])
def test_it_is_in_the_solved_notebook_only(exercise: Exercise, made: Any) -> None:
    text = json.loads(text_of(made(exercise)))["cells"]
    found = any("# INCORRECT" in "".join(cell["source"]) for cell in text)
    assert found is (made is solution)


def test_every_exercise_has_one() -> None:
    for exercise in catalogue():
        assert {flaw.finding for flaw in record_of(exercise)} == set(exercise.findings), exercise.slug


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"finding": "NO-SUCH"}, "does not expect NO-SUCH"),
        ({"impact": ""}, "lacks impact"),
    ],
)
def test_an_entry_that_does_not_fit_is_an_error(
    exercise: Exercise, change: dict[str, str], problem: str
) -> None:
    wrong = replace(exercise, record=({**exercise.record[0], **change},))
    with pytest.raises(RecordError, match=problem):
        record_of(wrong)


@pytest.mark.parametrize("slug", ["77_none", ALL])
def test_an_entry_names_an_exercise_with_texts_of_its_own(exercise: Exercise, slug: str) -> None:
    with pytest.raises(RecordError, match=f"names {slug}"):
        record_of(replace(exercise, path=find_exercise(ALL).path, record=(slug,)))


def test_more_flaws_than_changes_are_an_error(exercise: Exercise) -> None:
    with pytest.raises(RecordError, match="2 flaws, and the solution changes 1 statement"):
        record_of(replace(exercise, record=exercise.record * 2))


def test_an_exercise_without_a_record_has_no_flaws_and_its_own_cells(exercise: Exercise) -> None:
    bare = replace(exercise, record=())
    assert record_of(bare) == ()
    assert with_record(bare) == exercise.cells
    assert bare.sources(SOLUTION) == exercise.sources(SOLUTION)
