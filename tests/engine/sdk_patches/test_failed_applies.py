"""In somebody's program, a function in `apply` that fails on values from after creation has an unknown result."""

from __future__ import annotations

from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import Account, preview
from lab_support.engine.results import UNKNOWN_RESULT
from lab_support.errors import PreviewFailed, ProgramError
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN


def fail(value: object) -> object:
    raise ConnectionError(f"no credentials for {value}")


async def fail_later(value: object) -> object:
    return fail(value)


def preview_of_somebodys(program: Callable[[str], None], **options: bool) -> Plan:
    return preview(program, account=Account(holds_everything=False, only_previewed=True, **options))


def advice(plan: Plan) -> list[str]:
    return [d.text for d in plan.diagnostics if d.text.startswith(UNKNOWN_RESULT)]


def program(suffix: str) -> None:
    bucket = aws.s3.Bucket("files", bucket="shop-files")
    pulumi.export("arn", bucket.arn)
    pulumi.export("name", bucket.bucket.apply(str.upper))
    pulumi.export("index", bucket.arn.apply(fail))
    pulumi.export("later", bucket.arn.apply(fail_later))
    aws.sns.Topic("after", name=bucket.id.apply(lambda id: {}[id]))


def test_the_result_is_unknown_and_everything_else_as_usual() -> None:
    plan = preview_of_somebodys(program)
    assert plan.outputs["index"] is UNKNOWN
    assert plan.outputs["later"] is UNKNOWN
    assert plan.outputs["name"] == "SHOP-FILES"
    assert plan.outputs["arn"] == "arn:aws:s3:::shop-files"
    assert plan.named("after").inputs["name"] is UNKNOWN


def test_one_advice_names_each_line() -> None:
    texts = advice(preview_of_somebodys(program))
    assert len(texts) == 2
    assert all("test_failed_applies.py, line " in text for text in texts)
    assert any("ConnectionError: no credentials for arn:aws:s3:::shop-files" in text for text in texts)


def test_what_pulumi_knows_as_well_still_fails() -> None:
    def asks_about_a_known_name(suffix: str) -> None:
        aws.s3.Bucket("files", bucket="shop-files").bucket.apply(fail)

    with pytest.raises(ProgramError, match="no credentials for shop-files"):
        preview_of_somebodys(asks_about_a_known_name)


def test_in_an_exercise_the_programs_error_stays_an_error() -> None:
    def asks(suffix: str) -> None:
        aws.s3.Bucket("files").arn.apply(fail)

    with pytest.raises(ProgramError, match="no credentials for"):
        preview(asks)


def test_a_part_that_aws_computes_inside_a_block_is_no_error() -> None:
    def reads_addresses(suffix: str) -> None:
        subnets = [{"subnet_id": f"subnet-0123456789abcdef{n}"} for n in range(2)]
        resolver = aws.route53.ResolverEndpoint(
            "dns", direction="INBOUND", security_group_ids=["sg-0123456789abcdef0"], ip_addresses=subnets
        )
        pulumi.export("ips", resolver.ip_addresses.apply(lambda found: [place["ip"] for place in found]))

    assert preview_of_somebodys(reads_addresses).outputs["ips"] is UNKNOWN
    assert preview_of_somebodys(reads_addresses, as_pulumi=True).outputs["ips"] is UNKNOWN


class TestAsPulumi:
    def test_only_what_the_program_gave_is_known(self) -> None:
        plan = preview_of_somebodys(program, as_pulumi=True)
        assert plan.outputs["name"] == "SHOP-FILES"
        assert plan.outputs["arn"] is UNKNOWN
        assert advice(plan) == []
        bucket = plan.named("files")
        assert bucket.outputs["bucket"] == "shop-files"
        assert bucket.outputs["hosted_zone_id"] is UNKNOWN
        assert bucket.outputs["force_destroy"] is not True

    def test_resources_that_collide_only_through_made_up_values_are_previewed(self) -> None:
        def names_by_status(suffix: str) -> None:
            for name in "ab":
                topic = aws.sns.Topic(name)
                topic.owner.apply(lambda owner: aws.sqs.Queue(f"for-{owner}") and None)

        plan = preview_of_somebodys(names_by_status)
        assert {resource.name for resource in plan} == {"a", "b"}
        assert len(advice(plan)) == 1

    def test_resources_that_collide_in_pulumi_are_refused(self) -> None:
        def twice(suffix: str) -> None:
            aws.sns.Topic("a")
            aws.sns.Topic("a")

        with pytest.raises(PreviewFailed, match="Duplicate resource URN"):
            preview_of_somebodys(twice)
