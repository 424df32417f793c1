"""What a reader must know of a plan besides its resources, one line each."""

from __future__ import annotations

from dataclasses import replace

import pulumi_aws as aws

from lab_support.engine.operations import preview
from lab_support.engine.results import ASSUMED_TO_EXIST, REFUSED_LATER, WRAPPED
from lab_support.mock_aws.account import Account
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.resource import Resource
from lab_support.projects.advice import advice
from tests.plans import a_plan, a_resource

QUEUE = a_resource("sqs.Queue", "q")
VPC = Resource("urn:pulumi:dev::shop::awsx:ec2:Vpc::network", "awsx:ec2:Vpc", "network")


def test_what_is_taken_to_exist_is_one_line() -> None:
    taken = [Diagnostic("info", f"{what}: {ASSUMED_TO_EXIST}") for what in ("role b", "role a", "role b")]
    (line,) = advice(a_plan(QUEUE, diagnostics=tuple(taken)))
    assert line == "2 things are assumed to exist outside this program: role a, role b"


def test_what_is_looked_up_and_referred_to_is_taken_to_exist_once() -> None:
    notes = (
        *("ec2.Vpc vpc-1", "ec2.getVpc(id=vpc-1)", "role with name admin", "iam.getRole(name=admin)"),
        *("ec2.Vpc vpc-2", "role with name b", "iam.getUser(name=b)"),
    )
    taken = tuple(Diagnostic("info", f"{what}: {ASSUMED_TO_EXIST}") for what in notes)
    (line,) = advice(a_plan(QUEUE, diagnostics=taken))
    assert line.partition(": ")[2].split(", ") == [
        *("ec2.Vpc vpc-2", "ec2.getVpc(id=vpc-1)", "iam.getRole(name=admin)", "iam.getUser(name=b)"),
        "role with name b",
    ]


def test_what_was_looked_up_is_not_told_again_where_a_resource_refers_to_it() -> None:
    def program(suffix: str) -> None:
        cluster = aws.ecs.get_cluster(cluster_name="main")
        task = aws.ecs.get_task_definition(task_definition="web")
        aws.ecs.Service("web", cluster=cluster.arn, task_definition=task.arn, desired_count=2)
        aws.ecs.Service("other", cluster="elsewhere", task_definition=task.arn, desired_count=2)

    (line,) = advice(preview(program, account=Account(holds_everything=False, only_previewed=True)))
    assert line.partition(": ")[2].split(", ") == [
        *("ecs.Cluster elsewhere", "ecs.getCluster(clusterName=main)"),
        "ecs.getTaskDefinition(taskDefinition=web)",
    ]


def test_refusals_can_be_left_out() -> None:
    told = (
        Diagnostic("warning", f"{REFUSED_LATER}no", QUEUE.urn),
        Diagnostic("warning", f"x: {WRAPPED}", QUEUE.urn),
        Diagnostic("info", "of no interest"),
    )
    plan = a_plan(QUEUE, diagnostics=told)
    assert list(advice(plan)) == [f"q: {REFUSED_LATER}no", f"q: x: {WRAPPED}"]
    assert list(advice(plan, refusals=False)) == [f"q: x: {WRAPPED}"]


def test_a_component_of_another_package_is_neither_previewed_nor_reviewed() -> None:
    (line,) = advice(a_plan(QUEUE, VPC, mocked_packages=("awsx", "random")))
    assert line.startswith("Neither previewed nor reviewed: what is inside 1 component of other packages")
    assert "awsx.ec2.Vpc network" in line


def test_a_component_whose_inside_is_in_the_plan_needs_no_advice() -> None:
    own = Resource("urn:pulumi:dev::shop::acme:index:Net::own", "acme:index:Net", "own")
    inside = replace(QUEUE, parent=VPC.urn)
    assert list(advice(a_plan(inside, VPC, own, mocked_packages=("awsx",)))) == []
