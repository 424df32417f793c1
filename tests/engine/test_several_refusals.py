"""A preview of somebody's program finds all that the provider refuses in one run, and says on which lines."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine.operations import preview
from lab_support.errors import PreviewFailed
from lab_support.mock_aws.account import Account


def refused(program: object, **options: bool) -> PreviewFailed:
    account = Account(holds_everything=False, only_previewed=True, **options)
    with pytest.raises(PreviewFailed) as failure:
        preview(program, account=account)  # type: ignore[arg-type]
    return failure.value


def three_faults(suffix: str) -> None:
    queue = aws.sqs.Queue("wrong-type", visibility_timeout_seconds="abc")  # type: ignore[arg-type]
    stream = aws.kinesis.Stream("out-of-range", shard_count=1, retention_period=1)
    aws.lambda_.Function("no-code", role="x", handler=queue.name, runtime="python3.12")
    aws.sqs.Queue("fine", name=stream.name.apply(lambda name: name.upper()))
    queue.arn.apply(lambda arn: aws.sns.Topic(arn.split(":")[5]))


@pytest.mark.parametrize("as_pulumi", [False, True])
def test_one_preview_names_every_resource_that_the_provider_refuses(as_pulumi: bool) -> None:
    found = refused(three_faults, as_pulumi=as_pulumi).diagnostics
    assert [diagnostic.resource for diagnostic in found] == ["wrong-type", "out-of-range", "no-code"]


def test_each_refusal_has_the_line_that_makes_the_resource() -> None:
    first = three_faults.__code__.co_firstlineno
    places = [diagnostic.location for diagnostic in refused(three_faults).diagnostics]
    assert [(place.file, place.line) for place in places if place] == [
        (__file__, first + 1),
        (__file__, first + 2),
        (__file__, first + 3),
    ]


def test_a_refusal_of_the_engine_does_not_hide_those_of_the_provider() -> None:
    def program(suffix: str) -> None:
        stream = aws.kinesis.Stream("out-of-range", shard_count=1, retention_period=1)
        for _ in range(2):
            aws.sqs.Queue("twice", opts=pulumi.ResourceOptions(depends_on=[stream]))

    found = {diagnostic.resource for diagnostic in refused(program).diagnostics}
    assert found == {"out-of-range", "twice"}


def test_an_account_in_which_things_are_created_stops_at_the_first_refusal() -> None:
    with pytest.raises(PreviewFailed) as failure:
        preview(three_faults, account=Account())
    # The engine asks for several resources at once, so a second one may be refused before it stops.
    assert 1 <= len(failure.value.diagnostics) < 3


def test_a_secret_is_hidden_in_a_refusal_that_only_a_deployment_meets() -> None:
    def program(suffix: str) -> None:
        vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
        zone = pulumi.Output.secret("eu-north-1q")
        aws.ec2.Subnet("s", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone=zone)

    plan = preview(program, account=Account(holds_everything=False, only_previewed=True))
    (text,) = [diagnostic.text for diagnostic in plan.diagnostics]
    assert "Value ([secret]) for parameter availabilityZone is invalid" in text
