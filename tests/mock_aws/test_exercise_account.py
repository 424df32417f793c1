"""The account of the exercises has the identity provider for GitHub's tokens; other accounts need not."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine.operations import preview
from lab_support.errors import PreviewFailed
from lab_support.mock_aws.account import Account

URL = "https://token.actions.githubusercontent.com"


def looks_it_up(environment_suffix: str) -> None:
    pulumi.export("provider", aws.iam.get_open_id_connect_provider(url=URL).arn)


def declares_it(environment_suffix: str) -> None:
    aws.iam.OpenIdConnectProvider("github", url=URL, client_id_lists=["sts.amazonaws.com"])


def test_an_exercise_finds_the_provider_and_cannot_have_a_second_one() -> None:
    arn = f"arn:aws:iam::{Account().id}:oidc-provider/token.actions.githubusercontent.com"
    assert preview(looks_it_up).outputs["provider"] == arn
    with pytest.raises(PreviewFailed, match="EntityAlreadyExists"):
        preview(declares_it)


def test_an_account_of_ones_own_may_declare_the_provider() -> None:
    plan = preview(declares_it, account=Account(holds_everything=False, only_previewed=True))
    assert [resource.kind for resource in plan.resources if resource.name == "github"] == [
        "iam.OpenIdConnectProvider"
    ]
