"""Notes of a review: which wordings count as found and which do not."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.course.cells import shipped_program
from lab_support.course.exercises import ANSWERS, NOTED, Exercise, find_exercise
from lab_support.course.notes import Comparison, Note, answers_of, compare, has_answers, read_notes
from lab_support.engine.operations import preview
from lab_support.errors import BriefError

SLUG = "06_code_review"


@pytest.fixture(scope="module")
def review() -> Exercise:
    return find_exercise(SLUG)


def compared(review: Exercise, *notes: tuple[str, str]) -> Comparison:
    return compare(review, read_notes(list(notes)))


@pytest.mark.parametrize(
    ("resource", "consequence", "finding"),
    [
        ("emergency-alert-stream", "prod cannot be deployed beside dev", "NAME-COLLISION"),
        ("emergency-alert-stream-dev", "no suffix in the name", "NAME-COLLISION"),
        ("kinesis.Stream", "collides in the second environment", "NAME-COLLISION"),
        ("aws:kinesis/stream:Stream", "ResourceInUseException when prod comes", "NAME-COLLISION"),
        ("the Kinesis stream", "Two environments would share it", "NAME-COLLISION"),
        ("self.kinesis_stream", "hard-coded", "NAME-COLLISION"),
        ("emergency-alert-db-{environment_suffix}", "down when a zone fails", "SINGLE-ZONE"),
        ("rds.Instance", "multi_az=False", "SINGLE-ZONE"),
        ("aws_db_instance.main", "single AZ", "SINGLE-ZONE"),
        ("rds_postgres_database", "multi-az is off", "SINGLE-ZONE"),
        ("emergency-alert-db-${suffix}", "runs in one zone", "SINGLE-ZONE"),
        ("Database", "Single-AZ, no standby", "SINGLE-ZONE"),
        ("rds_instance", "no failover", "SINGLE-ZONE"),
        ("emergency-alert-efs-prod", "a stolen copy can be read", "UNENCRYPTED-AT-REST"),
        ("efs.FileSystem", "kms_key_id is missing", "UNENCRYPTED-AT-REST"),
        ("the shared files", "not encrypted at rest", "UNENCRYPTED-AT-REST"),
        ("EFS file system", "Unencrypted", "UNENCRYPTED-AT-REST"),
        ("emergency-alert-kinesis-policy", "kinesis:* on *", "EXCESS-PRIVILEGE"),
        ("kinesis_access_policy", "violates least privilege", "EXCESS-PRIVILEGE"),
        ("iam.RolePolicy", "wildcard action and resource", "EXCESS-PRIVILEGE"),
        ("the task role", "an intruder could delete every stream", "EXCESS-PRIVILEGE"),
        ("rds", "nobody is paged", "NOBODY-PAGED"),
        ("emergency-alert-db-dev", "no alarm on its CPU", "NOBODY-PAGED"),
        ("CloudWatch", "the database is not monitored", "NOBODY-PAGED"),
        ("alarms", "none for RDS, so nobody would know", "NOBODY-PAGED"),
    ],
)
def test_a_consequence_in_other_words_counts(
    review: Exercise, resource: str, consequence: str, finding: str
) -> None:
    seen = compared(review, (resource, consequence))
    assert [answer.finding for _, answer in seen.hits] == [finding]
    assert (seen.near, seen.wrong, len(seen.missed), seen.of) == ((), (), 4, 5)


@pytest.mark.parametrize(
    ("resource", "consequence"),
    [
        ("emergency-alert-db-subnets-dev", "they are in two zones only"),
        ("rds.SubnetGroup", "only two zones"),
        ("emergency-alert-efs-mount-0", "not encrypted"),
        ("secrets policy", "too broad"),
        ("emergency-alert-secrets-policy-dev", "reads everything"),
        ("the KMS key policy", "kms:* on *"),
        ("emergency-alert-kinesis-age-alarm", "the name is the same everywhere"),
        ("security group of the tasks", "0.0.0.0/0"),
        ("", ""),
        ("everything", "is wrong"),
    ],
)
def test_the_same_consequence_of_another_resource_does_not_count(
    review: Exercise, resource: str, consequence: str
) -> None:
    seen = compared(review, (resource, consequence))
    assert (seen.hits, seen.near, len(seen.missed)) == ((), (), 5)
    assert [note for note, _ in seen.wrong] == [Note(resource, consequence)]


def test_the_right_resource_with_another_consequence_is_almost_found(review: Exercise) -> None:
    seen = compared(review, ("emergency-alert-efs-dev", "it is too slow"))
    assert [answer.finding for _, answer in seen.near] == ["UNENCRYPTED-AT-REST"]
    assert (seen.hits, seen.wrong, len(seen.missed)) == ((), (), 5)


def test_a_wrong_note_is_answered_with_the_reason(review: Exercise) -> None:
    seen = compared(review, ("the KMS key policy", "kms:* on *"), ("an S3 bucket", "public"))
    known, unknown = (sound for _, sound in seen.wrong)
    assert known is not None
    assert "means this key" in known.why
    assert unknown is None


@pytest.mark.parametrize(
    ("resource", "consequence", "said"),
    [
        ("emergency-alert-topic", "nobody is subscribed to it", "confirms"),
        ("SNS topic", "the e-mail subscription is not confirmed", "confirms"),
        ("the VPC", "there are no flow logs", "flow logs"),
        ("emergency-alert-vpc-dev", "traffic is not recorded", "flow logs"),
        ("API Gateway", "no WAF in front of it", "WAF"),
        ("the file system", "no backup, so a deleted file is gone", "backup"),
        ("efs", "no backup policy to restore from", "backup"),
        ("the Kinesis stream", "records are lost after 24 hours", "24 hours"),
        ("redis", "no snapshots", "snapshots"),
    ],
)
def test_a_true_note_beyond_the_brief_is_worth_raising(
    review: Exercise, resource: str, consequence: str, said: str
) -> None:
    seen = compared(review, (resource, consequence))
    (entry,) = (entry for _, entry in seen.beyond)
    assert said in entry.why
    assert (seen.hits, seen.near, seen.wrong, len(seen.missed)) == ((), (), (), 5)
    assert seen.to_json()["beyond"] == [{"resource": resource, "consequence": consequence, "why": entry.why}]


def test_notes_count_once_and_in_any_order(review: Exercise) -> None:
    notes = [("efs", "unencrypted"), ("stream", "no suffix"), ("the file system", "can be read by a thief")]
    for ordered in (notes, notes[::-1]):
        seen = compared(review, *ordered)
        assert (len(seen.hits), len(seen.missed), seen.of) == (3, 3, 5)


def test_the_notes_in_the_solved_notebook_name_all(review: Exercise) -> None:
    names: dict[str, Any] = {}
    exec(review.sources(NOTED)[0], names)
    seen = compare(review, read_notes(names["found"]))
    assert (seen.missed, seen.near, seen.wrong) == ((), (), ())


def test_there_is_an_answer_for_each_finding_and_each_name_is_in_the_plan(review: Exercise) -> None:
    answers, sound, beyond = answers_of(review)
    assert {answer.finding for answer in answers} == set(review.findings)
    plan = preview(shipped_program(review), "dev", config=review.config)
    there = {resource.name.removeprefix("emergency-alert-").removesuffix("-dev") for resource in plan}
    for entry in (*answers, *sound, *beyond):
        assert set(entry.name.split(", ")) <= there


def test_no_sound_resource_is_taken_for_a_flaw(review: Exercise) -> None:
    _, sound, _ = answers_of(review)
    for name in (name for entry in sound for name in entry.name.split(", ")):
        seen = compared(review, (f"emergency-alert-{name}-dev", "encryption zone suffix wildcard alarm"))
        assert (seen.hits, seen.near) == ((), ())
        assert seen.wrong[0][1] is not None, name


@pytest.mark.parametrize("found", [[], (), {}, [("a", "b")], [["a", "b"]], {"a": "b"}, [Note("a", "b")]])
def test_notes_are_pairs(found: Any) -> None:
    assert read_notes(found) == ((Note("a", "b"),) if found else ())


@pytest.mark.parametrize("found", ["text", 3, None, ["a"], [("a",)], [("a", 1)], [("a", "b", "c")]])
def test_malformed_notes_are_refused_with_the_expected_form(found: Any) -> None:
    with pytest.raises(BriefError, match="pair"):
        read_notes(found)


def test_an_exercise_without_answers_asks_for_no_notes(exercise: Exercise) -> None:
    assert not has_answers(exercise)
    with pytest.raises(BriefError, match="asks for no notes"):
        compare(exercise, ())


def test_no_notebook_contains_the_answers(review: Exercise) -> None:
    from lab_support.course.notebooks import notebook, solution, text_of

    text = text_of(notebook(review)) + text_of(solution(review))
    assert "Answer(" not in text
    assert review.sources(ANSWERS)[0].splitlines()[0] not in text


@pytest.mark.parametrize(
    ("resource", "consequence"),
    [
        ("billing-stream", "its name lacks the suffix"),
        ("payments-db", "runs in a single zone"),
        ("emergency-alert-payments-db-dev", "runs in a single zone"),
        ("DynamoDB table", "not encrypted at rest"),
    ],
)
def test_a_resource_that_the_program_does_not_have_earns_nothing(
    review: Exercise, resource: str, consequence: str
) -> None:
    seen = compared(review, (resource, consequence))
    assert (seen.hits, seen.near, len(seen.wrong)) == ((), (), 1)
