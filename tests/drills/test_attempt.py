"""An attempt with the task's credentials: what AWS answers, and what is asked wrongly."""

from __future__ import annotations

import pytest

from lab_support.display.show import show
from lab_support.drills.attempt import attempt
from lab_support.errors import BriefError
from tests.drills.test_intruder import KEY, LEAD, STREAM, a_role, allow, inline, policy, system
from tests.plans import a_plan, a_resource
from tests.review.test_locked_out import STREAM as SEALED
from tests.review.test_locked_out import a_key, a_stream, a_task
from tests.review.test_locked_out import allow as allow_on

BROAD = system(inline(allow("kinesis:*", "*")))
NARROW = system(inline(allow()))


def test_a_broad_policy_lets_an_intruder_delete_the_stream() -> None:
    tried = attempt(BROAD, "kinesis:DeleteStream", BROAD.named("stream"))
    assert (tried.allowed, tried.needed, tried.target, tried.policies) == (True, False, STREAM, ("policy",))
    assert "delete a stream, with every record in it" in str(show(tried))


def test_a_stream_of_another_environment_is_found_by_its_name() -> None:
    for plan, allowed in ((BROAD, True), (NARROW, False)):
        tried = attempt(plan, "kinesis:GetRecords", "alert-stream-prod")
        assert (tried.target, tried.allowed) == (f"{LEAD}alert-stream-prod", allowed)


@pytest.mark.parametrize(
    ("action", "refused"),
    [("GetRecords", "kms:Decrypt"), ("PutRecord", "kms:GenerateDataKey"), ("ListShards", "")],
)
def test_what_needs_the_streams_key_fails_without_it(action: str, refused: str) -> None:
    plan = a_plan(a_key(), a_stream(), *a_task(allow_on(f"kinesis:{action}", SEALED)))
    tried = attempt(plan, f"kinesis:{action}", SEALED)
    assert tried.allowed is not bool(refused)
    assert ("KMSAccessDeniedException" in tried.error, refused in tried.error) == (bool(refused), True)


def test_the_work_of_the_task_stays_allowed_and_is_not_called_harm() -> None:
    tried = attempt(NARROW, "kinesis:GetRecords", NARROW.named("stream"))
    assert (tried.allowed, tried.needed) == (True, True)
    assert "lab-is-good" in show(tried).html  # type: ignore[union-attr]


def test_an_implicit_deny_is_refused_in_the_words_of_aws() -> None:
    assert attempt(NARROW, "kinesis:DeleteStream", STREAM).error == (
        "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/task/task is not authorized to perform: "
        f"kinesis:DeleteStream on resource: {STREAM} because no identity-based policy allows the kinesis:DeleteStream "
        "action"
    )


def test_an_explicit_deny_names_the_kind_of_policy() -> None:
    denied = system(inline(allow("kinesis:*", "*"), {**allow("kinesis:DeleteStream", "*"), "Effect": "Deny"}))
    tried = attempt(denied, "kinesis:DeleteStream", STREAM)
    assert tried.error.endswith("with an explicit deny in an identity-based policy")


def test_a_permissions_boundary_is_named_as_the_reason() -> None:
    arn = "arn:aws:iam::123456789012:policy/boundary"
    bounded = system(
        inline(allow("kinesis:*", "*")),
        a_resource("iam.Policy", "boundary", arn=arn, policy=policy(allow())),
        task=a_role("task", permissions_boundary=arn),
    )
    tried = attempt(bounded, "kinesis:DeleteStream", STREAM)
    assert tried.error.endswith("because no permissions boundary allows the kinesis:DeleteStream action")


def test_an_action_about_no_resource_needs_none() -> None:
    assert attempt(BROAD, "kinesis:ListStreams").target == "*"


def test_a_key_is_a_target_like_a_stream() -> None:
    assert attempt(BROAD, "kms:Decrypt", BROAD.named("key")).target == KEY


@pytest.mark.parametrize(
    ("action", "target", "said"),
    [
        ("kinesis:DeleteStreams", STREAM, "Did you mean kinesis:DeleteStream?"),
        ("DeleteStream", STREAM, "kinesis:DeleteStream"),
        ("kinesis:DeleteStream", KEY, "arn:*:kinesis:*:*:stream/*"),
        ("kinesis:DeleteStream", "*", "arn:*:kinesis:*:*:stream/*"),
    ],
)
def test_what_aws_does_not_know_is_said(action: str, target: str, said: str) -> None:
    with pytest.raises(BriefError) as error:
        attempt(BROAD, action, target)
    assert said in str(error.value)


def test_without_a_task_there_are_no_credentials_to_try_with() -> None:
    with pytest.raises(BriefError, match="no credentials"):
        attempt(a_plan(a_resource("kinesis.Stream", "stream", arn=STREAM)), "kinesis:DeleteStream", STREAM)
