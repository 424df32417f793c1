"""Reviews as data: the documents, the lines, and the list that the course began with."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from lab_support.checking.judge import judge
from lab_support.course.reviews import dataset, stock
from lab_support.course.reviews.generate import Spec, draw, review
from lab_support.review.rules import RULES

FIVE = ("stream_name", "database_zone", "shared_files", "stream_access", "silent_database")


def test_the_five_flaws_give_the_list_that_the_course_began_with() -> None:
    spec = Spec(1, chosen=FIVE, name="emergency-alert")
    text = dataset.failures_text(dataset.flaws_of(spec))
    found = re.findall(r"\*\*Severity\*\*: (.*)\n\*\*Category\*\*: (.*)", text)
    assert sorted(found) == [
        ("Critical", "Security / Encryption / Compliance Violation"),
        ("High", "High Availability / Compliance Violation"),
        ("High", "Security / IAM Least Privilege Violation"),
        ("Medium", "Monitoring / Observability Gap"),
        ("Medium", "Naming Convention Violation"),
    ]
    assert "Total Bugs: 5" in text
    assert "- Critical: 1 (EFS encryption)" in text
    assert re.search(r"- High: 2 \((RDS Multi-AZ, IAM policy|IAM policy, RDS Multi-AZ)\)", text)
    assert re.search(r"- Medium: 2 \((Kinesis naming, RDS monitoring|RDS monitoring, Kinesis naming)\)", text)


def test_the_location_is_the_line_of_the_program(tmp_path: Path) -> None:
    (place,) = dataset.write(tmp_path, [Spec(3)])
    row = json.loads((tmp_path / "reviews.jsonl").read_text())
    lines = row["program"].split("\n")
    for flaw in row["flaws"]:
        assert not flaw["incorrect"] or lines[flaw["line"] - 1].strip() in flaw["incorrect"]
    assert sorted(path.name for path in place.iterdir()) == [
        "IDEAL_RESPONSE.md",
        "MODEL_FAILURES.md",
        "MODEL_RESPONSE.md",
    ]
    assert row["program"] in (place / "MODEL_RESPONSE.md").read_text()


@pytest.mark.parametrize(
    ("name", "incorrect", "correct"),
    [
        ("stream_key", "aws.kinesis.Stream", "kms_key_id=key.arn"),  # two policies follow from it
        ("one_gateway", "if not self.", "aws.ec2.Eip"),
        ("open_topic", "aws.sns.TopicPolicy", f"CORRECT: not in {dataset.IDEAL}"),
    ],
)
def test_a_flaw_shows_first_what_its_issue_is_about(name: str, incorrect: str, correct: str) -> None:
    flaws = dataset.flaws_of(Spec(501, chosen=(name,)))
    program = dataset.line_of(Spec(501, chosen=(name,)), flaws)["program"].split("\n")
    assert program[flaws[0].line - 1].strip() in flaws[0].incorrect
    text = dataset.failures_text(flaws)
    before, after = text.split("# INCORRECT")[1].split("\n\n# CORRECT")
    assert incorrect in "\n".join(before.split("\n")[1:3])
    assert correct in f"CORRECT{after}"


def test_the_brief_is_for_readers_without_the_notebook() -> None:
    brief = dataset.line_of(Spec(3), [])["brief"]
    assert brief.startswith("- **Network**")
    assert "ipynb" not in brief


def test_a_flaw_names_the_control_that_the_review_names() -> None:
    named = {rule.id: rule.control for rule in RULES}
    for finding, kind in stock.kinds().items():
        assert kind["control"] == named[finding]


def test_the_key_names_each_flaw_with_its_repair() -> None:
    text = dataset.key_text(Spec(42))
    for flaw in draw(Spec(42)).flaws:
        assert flaw.texts["title"] in text
    assert text.count("Repair:") == 5


def test_the_key_says_where_a_flaw_is_in_the_notebook() -> None:
    cells = review(Spec(42).slug).cells
    below = {head.source.partition("\n")[0]: cell.source.split("\n") for head, cell in pairwise(cells)}
    places = re.findall(r"^- (.*), line (\d+): ", dataset.key_text(Spec(42)), re.M)
    flaws = dataset.flaws_of(Spec(42))
    program = dataset.line_of(Spec(42), flaws)["program"].split("\n")
    assert [below[f"### {part}"][int(line) - 1] for part, line in places] == [
        program[flaw.line - 1] for flaw in flaws
    ]


def test_each_repair_gets_the_verdict_that_the_data_says() -> None:
    row = dataset.line_of(Spec(7, flaws=3, distractors=2), [])
    assert [repair["outcome"] for repair in row["repairs"]] == ["passed", "failed", "failed", "failed"]
    for repair in row["repairs"]:
        ruling = judge(review(row["review"]), [repair["program"]])
        assert (ruling.outcome, list(ruling.finding_ids)) == (repair["outcome"], repair["findings"]), repair[
            "leaves"
        ]


def test_a_program_runs_as_a_file_of_its_own() -> None:
    # Its classes name each other in any order.
    for seed in range(6):
        row = dataset.line_of(Spec(seed), [])
        for text in (row["program"], row["ideal"]):
            names: dict[str, object] = {}
            exec(compile(text, "<review>", "exec", dont_inherit=True), names)
            assert callable(names["program"])
