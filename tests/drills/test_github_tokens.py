"""Tokens of GitHub Actions against trust policies: conditions on claims, with several values and missing keys."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.github_tokens import (
    HOST,
    IDS,
    Token,
    admits,
    made_to_fit,
    read,
    subjects,
    trusts_github,
)
from lab_support.iam.policy import Policy

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
MAIN = "ref:refs/heads/main"
RELEASE = Token("a release", "us/system", MAIN, IDS)
FORK = Token("a fork", "them/system", MAIN)
PULL = Token("a pull request", "us/system", "pull_request", IDS)
BRANCH = Token("a branch", "us/system", "ref:refs/heads/try", IDS)
TOKENS = (RELEASE, FORK, PULL, BRANCH)


def trust(conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A statement for GitHub's provider; a claim without a colon is one of its keys."""
    written = {
        operator: {key if ":" in key else f"{HOST}:{key}": value for key, value in tests.items()}
        for operator, tests in conditions.items()
    }
    return {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": written,
        **more,
    }


def policy_of(*statements: dict[str, Any]) -> Policy:
    policy = read({"Version": "2012-10-17", "Statement": list(statements)})
    assert policy is not None
    return policy


def admitted(*statements: dict[str, Any]) -> list[str]:
    policy = policy_of(*statements)
    return [token.who for token in TOKENS if admits(policy, token, ROLE) is not False]


EVERYONE = ["a release", "a fork", "a pull request", "a branch"]
OWN = ["a release", "a pull request", "a branch"]


@pytest.mark.parametrize(
    ("conditions", "who"),
    [
        ({"StringEquals": {"sub": f"repo:us/system:{MAIN}"}}, ["a release"]),
        ({"StringLike": {"sub": f"repo:us/system:{MAIN}"}}, ["a release"]),
        ({"StringEquals": {"aud": "sts.amazonaws.com"}}, EVERYONE),
        ({"StringEquals": {"aud": "https://github.com/us"}}, []),
        ({"StringLike": {"sub": "repo:us/*"}}, OWN),
        ({"StringEquals": {"sub": "repo:us/*"}}, []),
        (
            {"StringLike": {"sub": [f"repo:us/system:{MAIN}", "repo:*:pull_request"]}},
            ["a release", "a pull request"],
        ),
        ({"StringLike": {"sub": "repo:*"}, "StringEquals": {"repository": "us/system"}}, OWN),
        (
            {"StringLike": {"sub": "repo:*"}, "StringEquals": {"ref": "refs/heads/main"}},
            ["a release", "a fork"],
        ),
        ({"StringLike": {"sub": "repo:*"}, "StringEquals": {"repository_id": "12"}}, OWN),
        ({"StringLike": {"sub": "repo:*"}, "StringEquals": {"repository_owner": "us"}}, []),
        (
            {"StringLike": {"sub": "repo:*"}, "ForAllValues:StringEquals": {"repository_owner": "us"}},
            EVERYONE,
        ),
        ({"StringLike": {"sub": "repo:*"}, "StringEqualsIfExists": {"repository_owner": "us"}}, EVERYONE),
        ({"ForAllValues:StringEquals": {"sub": f"repo:us/system:{MAIN}"}}, ["a release"]),
        ({"StringLike": {"sub": "repo:*"}, "StringEquals": {"actor": "one-of-us"}}, EVERYONE),
        ({"StringLike": {"sub": "repo:*"}, "Bool": {"aws:SecureTransport": "false"}}, []),
    ],
    ids=str,
)
def test_a_token_comes_in_if_its_claims_meet_all_conditions(
    conditions: dict[str, Any], who: list[str]
) -> None:
    assert admitted(trust(conditions)) == who


def test_a_deny_keeps_out_whom_another_statement_lets_in() -> None:
    everyone = trust({"StringLike": {"sub": "repo:*"}})
    not_us = {"StringNotLike": {"sub": "repo:us/*"}}
    assert admitted(everyone, trust(not_us, Effect="Deny")) == OWN
    assert admitted(everyone, trust(not_us, Effect="Deny", Principal="*")) == OWN


def test_a_condition_that_the_caller_may_meet_leaves_it_open_whether_a_token_comes_in() -> None:
    policy = policy_of(trust({"StringEquals": {"actor": "one-of-us"}}))
    assert admits(policy, FORK, ROLE) is None


@pytest.mark.parametrize(
    "more",
    [
        {"Action": "sts:AssumeRole"},
        {"Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com"}},
        {"Principal": {"Federated": PROVIDER.replace(ACCOUNT, "210987654321")}},
        {"Principal": {"Service": "ecs-tasks.amazonaws.com"}},
    ],
    ids=str,
)
def test_a_statement_for_others_lets_in_no_token(more: dict[str, Any]) -> None:
    assert admitted(trust({"StringLike": {"sub": "repo:us/*"}}, **more)) == []


def test_a_policy_trusts_github_if_a_statement_lets_its_provider_in() -> None:
    assert trusts_github(policy_of(trust({})))
    assert not trusts_github(policy_of(trust({}, Effect="Deny")))
    assert not trusts_github(policy_of(trust({}, Principal={"AWS": "*"})))


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("repo:us/system:ref:refs/heads/release/*", ("us/system", "ref:refs/heads/release/x")),
        ("repo:us/system:ref:refs/heads/ma?n", ("us/system", "ref:refs/heads/maxn")),
        ("repo:us/system:ref:refs/tags/v*", ("us/system", "ref:refs/tags/v")),
        ("repo:us/system:*", ("us/system", "environment:x")),
        ("repo:us*/system:pull_request", ("usx/system", "pull_request")),
        ("*us/system:ref:refs/heads/main", ("xus/system", MAIN)),
        ("*", ("x/x", MAIN.replace("main", "x"))),
        ("repo:us/system:ref:refs/heads/main", ("us/system", MAIN)),
    ],
)
def test_someone_can_make_a_token_after_a_pattern(pattern: str, fitting: tuple[str, str]) -> None:
    policy = policy_of(trust({"StringLike": {"sub": pattern}}))
    assert subjects(policy) == (pattern,)
    assert fitting in made_to_fit(policy)
    for repository, place in made_to_fit(policy):
        assert admits(policy, Token("", repository, place), ROLE), (repository, place)


def test_no_token_fits_a_pattern_for_ids_that_github_chooses() -> None:
    assert made_to_fit(policy_of(trust({"StringLike": {"sub": f"repo:us@1/system@2:{MAIN}"}}))) == ()


def test_a_document_that_is_no_policy_is_not_read() -> None:
    assert read("{") is None
    assert read(None) is None
