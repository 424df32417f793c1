"""The account of the exercises: what it holds before anything is deployed, beside what AWS creates in every account."""

from __future__ import annotations

from functools import lru_cache

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.make_existing import make_existing
from lab_support.mock_aws.services.iam import GITHUB_PROVIDER


def exercise_account() -> Account:
    """A new account with the identity provider for GitHub's tokens, of which an account has one."""
    return Account(existing=(_provider(),))


@lru_cache(maxsize=1)
def _provider() -> StoredResource:
    kind, properties = GITHUB_PROVIDER
    return make_existing(kind, **properties)
