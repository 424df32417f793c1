"""The rules of a security group with two owners: its own list revokes what it lacks, once it has been read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.drills.three_releases import three_releases
from lab_support.engine.operations import deploy, preview
from lab_support.errors import PreviewFailed
from lab_support.mock_aws.account import Account

HTTPS = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}
POSTGRES: dict[str, Any] = {"from_port": 5432, "to_port": 5432}


def group(**given: Any) -> aws.ec2.SecurityGroup:
    return aws.ec2.SecurityGroup("group", name="group", **given)


def rule(of: aws.ec2.SecurityGroup, **more: Any) -> None:
    given = {"cidr_ipv4": "10.0.0.0/16", "ip_protocol": "tcp", **POSTGRES, **more}
    aws.vpc.SecurityGroupEgressRule("rule", security_group_id=of.id, **given)


def two_owners(environment_suffix: str) -> None:
    rule(group(egress=[HTTPS]))


def older_rule(environment_suffix: str) -> None:
    aws.ec2.SecurityGroupRule(
        "rule",
        type="egress",
        security_group_id=group(egress=[HTTPS]).id,
        protocol="tcp",
        cidr_blocks=["10.0.0.0/16"],
        **POSTGRES,
    )


def empty_list(environment_suffix: str) -> None:
    rule(group(egress=[]))


def no_list(environment_suffix: str) -> None:
    rule(group(ingress=[HTTPS]))


def list_ignored(environment_suffix: str) -> None:
    rule(group(egress=[HTTPS], opts=pulumi.ResourceOptions(ignore_changes=["egress"])))


def all_ignored(environment_suffix: str) -> None:
    rule(group(egress=[HTTPS], opts=pulumi.ResourceOptions(ignore_changes=["*"])))


def both(environment_suffix: str) -> None:
    rule(group(egress=[{"protocol": "tcp", "cidr_blocks": ["10.0.0.0/16"], **POSTGRES}]))


def stands(account: Account) -> bool:
    return any(permission[3] == 5432 for permission in account.permissions)


@pytest.mark.slow
@pytest.mark.parametrize("program", [two_owners, older_rule, empty_list])
def test_after_a_refresh_a_group_revokes_what_its_list_lacks_and_the_next_one_brings_it_back(
    program: Callable[[str], None],
) -> None:
    account = Account()
    there = []
    for _ in range(4):
        deploy(program, account=account, refresh=bool(there))
        there.append(stands(account))
    assert there == [True, False, True, False]
    assert [bool(release.taken) for release in three_releases(preview(program)).releases] == [
        False,
        True,
        False,
    ]


@pytest.mark.slow
@pytest.mark.parametrize("program", [no_list, list_ignored, all_ignored])
def test_without_a_list_that_counts_the_rules_are_left_alone(program: Callable[[str], None]) -> None:
    account = Account()
    for refresh in (False, True, True):
        deploy(program, account=account, refresh=refresh)
        assert stands(account)
    assert three_releases(preview(program)).holds


@pytest.mark.slow
def test_without_a_refresh_an_update_of_the_group_reads_its_rules_and_the_next_one_revokes_them() -> None:
    def tagged(environment_suffix: str) -> None:
        rule(group(egress=[HTTPS], tags={"release": "2"}))

    account = Account()
    there = []
    for program in (two_owners, two_owners, tagged, tagged):
        deploy(program, account=account)
        there.append(stands(account))
    assert there == [True, True, True, False]


@pytest.mark.slow
def test_ignored_changes_of_a_list_stay_ignored_when_something_else_changes() -> None:
    def tagged(environment_suffix: str) -> None:
        ignored = pulumi.ResourceOptions(ignore_changes=["egress"])
        rule(group(egress=[HTTPS], tags={"release": "2"}, opts=ignored))

    account = Account()
    for program in (list_ignored, tagged, tagged):
        deploy(program, account=account, refresh=True)
        assert stands(account)


@pytest.mark.slow
def test_a_rule_that_the_program_drops_is_revoked() -> None:
    def dropped(environment_suffix: str) -> None:
        group(ingress=[HTTPS])

    account = Account()
    deploy(no_list, account=account)
    deploy(dropped, account=account)
    assert not stands(account)


def test_the_same_rule_in_the_list_and_as_a_resource_is_refused() -> None:
    with pytest.raises(PreviewFailed, match=r"InvalidPermission\.Duplicate"):
        preview(both)


def test_two_equal_rules_are_refused() -> None:
    def twice(environment_suffix: str) -> None:
        of = group()
        rule(of)
        aws.ec2.SecurityGroupRule(
            "older",
            type="egress",
            security_group_id=of.id,
            protocol="6",
            cidr_blocks=["10.1.0.0/16", "10.0.0.0/16"],
            **POSTGRES,
        )

    with pytest.raises(PreviewFailed, match=r"InvalidPermission.Duplicate"):
        preview(twice)


def test_rules_with_other_ports_or_peers_or_in_the_other_direction_are_no_duplicates() -> None:
    def different(environment_suffix: str) -> None:
        of = group(ingress=[{"protocol": "tcp", "cidr_blocks": ["10.0.0.0/16"], **POSTGRES}])
        rule(of)
        for number, given in enumerate(
            ({"to_port": 5433}, {"cidr_ipv4": "10.1.0.0/16"}, {"ip_protocol": "udp"})
        ):
            aws.vpc.SecurityGroupEgressRule(
                f"other-{number}",
                **{
                    "security_group_id": of.id,
                    "cidr_ipv4": "10.0.0.0/16",
                    "ip_protocol": "tcp",
                    **POSTGRES,
                    **given,
                },
            )

    preview(different)
