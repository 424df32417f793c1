"""What AWS overwrites in silence: which resources are one thing to it, what is left, and what the plan says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine.operations import deploy, preview
from lab_support.engine.overwritten import OVERWRITTEN
from lab_support.iam.principals import policies_of
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.overwriting import delete, slot_of, write
from lab_support.mock_aws.services import spec_of, specs
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type, token_of

OVERWRITING = sorted(type for type, spec in specs().items() if spec.overwrites is not None)
SINGAPORE, IRELAND = "ap-southeast-1", "eu-west-1"


def stored(
    type: str, name: str, /, region: str = SINGAPORE, stack: str = "dev", **values: Any
) -> StoredResource:
    token = token_of(type)
    assert token is not None
    return StoredResource(f"urn:pulumi:{stack}::p::{token}::{name}", token, f"{name}-id", region, values)


def after_writing(*resources: StoredResource) -> Account:
    """An account in which these were created, one after the other."""
    account = Account()
    for resource in resources:
        account.add(resource)
        write(resource, account)
    return account


def said(plan: Plan) -> list[tuple[str, str]]:
    """What the plan says of overwritten resources: about which one, and the text."""
    return [(d.resource, d.text) for d in plan.diagnostics if d.text.startswith(OVERWRITTEN)]


def left(plan: Plan, type: str) -> list[str]:
    return [resource.name for resource in plan.of_type(type)]


class TestEntries:
    @pytest.mark.parametrize(
        "type",
        [
            "iam.RolePolicy",
            "iam.UserPolicy",
            "iam.GroupPolicy",
            "s3.BucketPolicy",
            "s3.BucketPublicAccessBlock",
            "s3.BucketVersioning",
            "s3.BucketServerSideEncryptionConfiguration",
            "s3.BucketLifecycleConfiguration",
            "sns.TopicPolicy",
            "sqs.QueuePolicy",
            "cloudwatch.LogResourcePolicy",
            "cloudwatch.MetricAlarm",
            "cloudwatch.CompositeAlarm",
            "cloudwatch.EventRule",
            "cloudwatch.EventTarget",
            "cloudwatch.Dashboard",
            "kms.KeyPolicy",
        ],
    )
    def test_a_call_that_puts_a_thing_overwrites_it(self, type: str) -> None:
        assert type in OVERWRITING

    @pytest.mark.parametrize("type", OVERWRITING)
    def test_properties_that_identify_a_thing_are_inputs_of_its_type(self, type: str) -> None:
        spec, described = spec_of(type), resource_type(str(token_of(type)))
        assert spec is not None
        assert described is not None
        assert {*(spec.overwrites or ())} <= {*described.inputs}

    @pytest.mark.parametrize("type", OVERWRITING)
    def test_the_later_of_two_equal_ones_is_left(self, type: str) -> None:
        spec = spec_of(type)
        values = dict.fromkeys(spec.overwrites or () if spec else (), "same")
        first, second = stored(type, "first", **values), stored(type, "second", **values)
        assert after_writing(first, second).overwritten == {first.urn: second.urn}
        assert after_writing(second, first).overwritten == {second.urn: first.urn}

    @pytest.mark.parametrize("type", OVERWRITING)
    def test_each_property_tells_two_apart(self, type: str) -> None:
        spec = spec_of(type)
        for name in spec.overwrites or () if spec else ():
            values = dict.fromkeys(spec.overwrites or () if spec else (), "same")
            second = stored(type, "second", **{**values, name: "other"})
            assert after_writing(stored(type, "first", **values), second).overwritten == {}


INLINE = [
    (owner, name, type)
    for owner, spec in sorted(specs().items())
    for name, type in sorted(spec.inline.items())
]


@pytest.mark.parametrize(("owner", "name", "type"), INLINE)
class TestInlineProperties:
    """Properties that write what a resource of another type writes, too (`ResourceSpec.inline`)."""

    def with_inline(self, owner: str, name: str, type: str, written: str) -> StoredResource:
        spec = spec_of(type)
        fields = (spec.overwrites or ())[1:] if spec is not None else ()
        value: Any = [dict.fromkeys(fields, "same") | {"policy": written}] if fields else written
        return stored(owner, "owner", **{name: value})

    def other(self, type: str, owner: StoredResource) -> StoredResource:
        spec = spec_of(type)
        assert spec is not None
        first, *fields = spec.overwrites or ()
        return stored(type, "other", **dict.fromkeys(fields, "same"), **{first: owner.id})

    def test_they_are_inputs_that_an_entry_with_an_owner_writes(
        self, owner: str, name: str, type: str
    ) -> None:
        described, spec = resource_type(str(token_of(owner))), spec_of(type)
        assert described is not None
        assert name in described.inputs
        assert spec is not None
        assert spec.overwrites

    def test_another_resource_overwrites_them(self, owner: str, name: str, type: str) -> None:
        first = self.with_inline(owner, name, type, "one")
        account = after_writing(first, self.other(type, first))
        assert account.overwritten == {}
        assert [urn for urn, _ in account.overwritten_inline] == [first.urn]

    def test_they_overwrite_another_resource_when_they_change(self, owner: str, name: str, type: str) -> None:
        first = self.with_inline(owner, name, type, "one")
        second = self.other(type, first)
        account = after_writing(first, second)
        changed = self.with_inline(owner, name, type, "two")
        write(changed, account, former=first.values)
        assert account.overwritten == {second.urn: first.urn}
        assert account.overwritten_inline == {}

    def test_an_update_of_something_else_does_not_write_them(self, owner: str, name: str, type: str) -> None:
        first = self.with_inline(owner, name, type, "one")
        second = self.other(type, first)
        account = after_writing(first, second)
        write(first, account, former=first.values)
        assert account.overwritten == {}
        assert [urn for urn, _ in account.overwritten_inline] == [first.urn]


class TestSlots:
    def test_types_that_are_refused_or_made_twice_have_none(self) -> None:
        account = Account()
        assert slot_of(stored("kinesis.Stream", "stream", name="alerts"), account) is None
        assert slot_of(stored("ec2.Vpc", "vpc", cidrBlock="10.0.0.0/16"), account) is None

    def test_what_is_not_known_yet_has_none(self) -> None:
        assert slot_of(stored("iam.RolePolicy", "policy", role=UNKNOWN, name="access"), Account()) is None

    def test_regions_are_apart_except_for_global_services(self) -> None:
        alarm = stored("cloudwatch.MetricAlarm", "one", name="cpu")
        elsewhere = stored("cloudwatch.MetricAlarm", "two", IRELAND, name="cpu")
        assert after_writing(alarm, elsewhere).overwritten == {}
        policy = stored("iam.RolePolicy", "one", role="task", name="access")
        same = stored("iam.RolePolicy", "two", IRELAND, role="task", name="access")
        assert after_writing(policy, same).overwritten == {policy.urn: same.urn}

    def test_an_alias_of_a_type_means_the_same_thing(self) -> None:
        first = stored("s3.BucketVersioning", "first", bucket="data")
        second = stored("s3.BucketVersioningV2", "second", bucket="data")
        assert after_writing(first, second).overwritten == {first.urn: second.urn}

    def test_two_types_that_write_the_same_thing_overwrite_each_other(self) -> None:
        first = stored("s3.BucketObjectv2", "first", bucket="data", key="k")
        second = stored("s3.BucketObject", "second", bucket="data", key="k")
        assert after_writing(first, second).overwritten == {first.urn: second.urn}

    def test_a_default_of_aws_is_not_written_by_a_request(self) -> None:
        policy = stored("kms.KeyPolicy", "policy", keyId="key-id")
        key = stored("kms.Key", "key", policy="AWS's own")
        account = after_writing(policy)
        write(key, account, inputs={})
        assert account.overwritten == {}

    def test_only_the_last_of_three_is_left(self) -> None:
        one, two, three = (stored("cloudwatch.MetricAlarm", name, name="cpu") for name in ("1", "2", "3"))
        assert after_writing(one, two, three).overwritten == {one.urn: two.urn, two.urn: three.urn}

    def test_an_update_of_the_first_brings_it_back(self) -> None:
        one, two = (stored("cloudwatch.MetricAlarm", name, name="cpu") for name in ("1", "2"))
        account = after_writing(one, two)
        write(one, account)
        assert account.overwritten == {two.urn: one.urn}

    def test_the_deletion_of_one_removes_what_the_other_wrote(self) -> None:
        one, two = (stored("cloudwatch.MetricAlarm", name, name="cpu") for name in ("1", "2"))
        account = after_writing(one, two)
        account.remove(one.urn)
        delete(one, account)
        assert account.overwritten == {two.urn: one.urn}

    def test_a_copy_of_the_account_changes_nothing_in_it(self) -> None:
        one, two = (stored("cloudwatch.MetricAlarm", name, name="cpu") for name in ("1", "2"))
        account = after_writing(one)
        write(two, account.copy())
        assert account.overwritten == {}


def _document(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": [*actions], "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _role(name: str) -> aws.iam.Role:
    principal = {"Service": "ecs-tasks.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return aws.iam.Role(name, name=name, assume_role_policy=trust)


def two_halves(*order: str, names: tuple[str, str] = ("access", "access")) -> Callable[[str], None]:
    """A role with a policy that reads and one that writes; the second in `order` depends on the first."""

    def program(environment_suffix: str) -> None:
        role = _role(f"task-{environment_suffix}")
        documents = {
            "reading": (names[0], _document("kinesis:GetRecords")),
            "writing": (names[1], _document("kinesis:PutRecord")),
        }
        made: list[pulumi.Resource] = []
        for half in order or documents:
            name, document = documents[half]
            options = pulumi.ResourceOptions(depends_on=list(made) if order else None)
            made.append(aws.iam.RolePolicy(half, name=name, role=role.name, policy=document, opts=options))

    return program


def inline_and_own(environment_suffix: str) -> None:
    """A role with two inline policies, one of which a resource overwrites."""
    principal = {"Service": "ecs-tasks.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    role = aws.iam.Role(
        "task",
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        inline_policies=[
            {"name": "reading", "policy": _document("kinesis:GetRecords")},
            {"name": "listing", "policy": _document("kinesis:ListShards")},
        ],
    )
    aws.iam.RolePolicy("writing", name="reading", role=role.id, policy=_document("kinesis:PutRecord"))


def two_policies_of_a_queue(environment_suffix: str) -> None:
    document = _document("sqs:SendMessage")
    queue = aws.sqs.Queue("queue", name="orders", policy=document)
    aws.sqs.QueuePolicy("policy", queue_url=queue.url, policy=document)


def two_policies_of_the_default_bus(environment_suffix: str) -> None:
    first = aws.cloudwatch.EventBusPolicy("first", policy=_document("events:PutEvents"))
    aws.cloudwatch.EventBusPolicy(
        "second",
        event_bus_name="default",
        policy=_document("events:PutEvents"),
        opts=pulumi.ResourceOptions(depends_on=[first]),
    )


@pytest.mark.parametrize("run", [preview, deploy])
class TestPlansWithInlineProperties:
    def test_a_role_has_the_inline_policies_that_are_left(self, run: Callable[..., Plan]) -> None:
        plan = run(inline_and_own, "dev", account=Account())
        role = plan.named("task")
        assert [policy["name"] for policy in role["inline_policies"]] == ["listing"]
        assert len(role.inputs["inline_policies"]) == 2
        assert sorted(named.name for named in policies_of(plan, role).policies.identity) == [
            "task",
            "writing",
        ]
        ((about, text),) = said(plan)
        assert about == "task"
        assert "inline_policies of 'task' and 'writing'" in text
        assert "name 'reading'" in text

    def test_a_queue_has_the_policy_of_the_later_resource(self, run: Callable[..., Plan]) -> None:
        plan = run(two_policies_of_a_queue, "dev", account=Account())
        assert plan.named("queue").get("policy") is None
        ((about, text),) = said(plan)
        assert about == "queue"
        assert "with queue_url '" in text

    def test_a_bus_without_a_name_is_the_default_one(self, run: Callable[..., Plan]) -> None:
        plan = run(two_policies_of_the_default_bus, "dev", account=Account())
        assert left(plan, "cloudwatch.EventBusPolicy") == ["second"]
        ((_, text),) = said(plan)
        assert "with event_bus_name 'default'" in text


class TestPlans:
    @pytest.mark.parametrize(("first", "second"), [("reading", "writing"), ("writing", "reading")])
    @pytest.mark.parametrize("run", [preview, deploy])
    def test_the_policy_that_depends_on_the_other_is_left(
        self, first: str, second: str, run: Callable[..., Plan]
    ) -> None:
        plan = run(two_halves(first, second), "dev", account=Account())
        assert left(plan, "iam.RolePolicy") == [second]
        assert plan.named(first).overwritten_by == plan.named(second).urn
        assert plan.named(second).overwritten_by == ""
        ((about, text),) = said(plan)
        assert about == first
        assert f"'{first}'" in text
        assert f"'{second}'" in text
        assert "Neither depends on the other" not in text

    def test_a_role_has_only_the_permissions_that_are_left(self) -> None:
        plan = preview(two_halves("reading", "writing"), "dev")
        policies = policies_of(plan, plan.named("task-dev")).policies
        assert [named.name for named in policies.identity] == ["writing"]

    def test_without_a_dependency_the_advice_says_that_the_order_is_open(self) -> None:
        plan = preview(two_halves(), "dev")
        ((lost, text),) = said(plan)
        assert len(left(plan, "iam.RolePolicy")) == 1
        assert lost not in left(plan, "iam.RolePolicy")
        assert "Neither depends on the other" in text

    def test_different_names_do_not_overwrite_each_other(self) -> None:
        plan = preview(two_halves(names=("read", "write")), "dev")
        assert sorted(left(plan, "iam.RolePolicy")) == ["reading", "writing"]
        assert said(plan) == []

    def test_the_same_name_on_different_roles_is_no_overwrite(self) -> None:
        def program(environment_suffix: str) -> None:
            for name in ("one", "two"):
                role = _role(name)
                aws.iam.RolePolicy(
                    f"{name}-policy", name="access", role=role.id, policy=_document("s3:GetObject")
                )

        plan = preview(program, "dev")
        assert said(plan) == []
        assert len(left(plan, "iam.RolePolicy")) == 2

    def test_a_chain_of_dependencies_counts_as_order(self) -> None:
        def program(environment_suffix: str) -> None:
            role = _role("task")
            first = aws.iam.RolePolicy("first", name="x", role=role.id, policy=_document("s3:GetObject"))
            between = aws.sqs.Queue("between", opts=pulumi.ResourceOptions(depends_on=[first]))
            aws.iam.RolePolicy(
                "last",
                name="x",
                role=role.id,
                policy=_document("s3:PutObject"),
                opts=pulumi.ResourceOptions(depends_on=[between]),
            )

        plan = preview(program, "dev")
        ((lost, text),) = said(plan)
        assert (lost, left(plan, "iam.RolePolicy")) == ("first", ["last"])
        assert "Neither depends on the other" not in text

    def test_a_plan_keeps_what_is_overwritten_as_json(self) -> None:
        plan = preview(two_halves("reading", "writing"), "dev")
        assert left(Plan.from_json(plan.to_json()), "iam.RolePolicy") == ["writing"]


def shared_alarm(environment_suffix: str) -> None:
    aws.cloudwatch.MetricAlarm(
        f"cpu-{environment_suffix}",
        name="cpu-high",
        namespace="AWS/RDS",
        metric_name="CPUUtilization",
        statistic="Average",
        comparison_operator="GreaterThanThreshold",
        threshold=80,
        period=60,
        evaluation_periods=3,
    )


class TestEnvironments:
    def test_a_second_environment_overwrites_the_alarm_of_the_first(self) -> None:
        account = Account()
        first = deploy(shared_alarm, "dev", account=account)
        assert said(first) == []
        promised = preview(shared_alarm, "prod", account=account)
        done = deploy(shared_alarm, "prod", account=account)
        for plan in (promised, done):
            ((about, text),) = said(plan)
            assert about == "cpu-prod"
            assert "'cpu-dev' of the stack dev" in text
            assert left(plan, "cloudwatch.MetricAlarm") == ["cpu-prod"]

    def test_the_first_environment_has_lost_its_alarm_when_it_is_looked_at_again(self) -> None:
        account = Account()
        deploy(shared_alarm, "dev", account=account)
        deploy(shared_alarm, "prod", account=account)
        again = preview(shared_alarm, "dev", account=account)
        assert left(again, "cloudwatch.MetricAlarm") == []
        assert again.named("cpu-dev").overwritten_by == next(
            urn for urn in account.resources if urn.endswith("cpu-prod")
        )


def test_an_old_resource_that_is_deleted_later_takes_the_new_one_with_it() -> None:
    def policy(logical_name: str) -> Callable[[str], None]:
        def program(environment_suffix: str) -> None:
            aws.iam.RolePolicy(
                logical_name, name="access", role=_role("task").id, policy=_document("s3:GetObject")
            )

        return program

    account = Account()
    deploy(policy("old"), "dev", account=account)
    done = deploy(policy("new"), "dev", account=account)
    ((about, text),) = said(done)
    assert about == "new"
    assert "'old' was deleted" in text
    assert left(done, "iam.RolePolicy") == []
