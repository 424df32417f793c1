"""The stream of a plan, its ARNs in other environments, and its neighbours."""

from __future__ import annotations

from lab_support.drills.streams import key_arn_of, neighbours, stream_of
from lab_support.iam.matching import matches
from tests.plans import a_plan, a_resource

LEAD = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/"
KEY_ARN = "arn:aws:kms:ap-southeast-1:123456789012:key/k1"
STREAM = a_resource("kinesis.Stream", "stream", arn=f"{LEAD}events-dev", kms_key_id=KEY_ARN)
KEY = a_resource("kms.Key", "key", id="k1", arn=KEY_ARN)


def test_the_stream_has_arns_in_other_environments() -> None:
    stream = stream_of(a_plan(STREAM))
    assert stream is not None
    assert f"{LEAD}events-prod" in stream.environments
    assert f"{LEAD}events-dev" not in stream.environments


def test_a_plan_without_a_stream_of_its_own_has_none() -> None:
    assert stream_of(a_plan()) is None
    assert stream_of(a_plan(a_resource("kinesis.Stream", "stream", arn=f"{LEAD}events", op="read"))) is None


def test_the_key_of_the_stream_is_found() -> None:
    plan = a_plan(KEY, STREAM)
    assert key_arn_of(plan, stream_of(plan)) == KEY_ARN
    assert key_arn_of(plan, None) is None


def test_any_pattern_beyond_the_stream_matches_a_neighbour() -> None:
    plan = a_plan(STREAM)
    stream = stream_of(plan)
    assert stream is not None
    arns = neighbours(plan, stream)
    for pattern in (f"{LEAD}events-*", f"{LEAD}*-dev", f"{LEAD}events-de?", stream.arn.replace("south", "*")):
        assert any(matches(pattern, arn) for arn in arns if arn != stream.arn), pattern
