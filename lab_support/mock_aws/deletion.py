"""Deleting a thing: what AWS refuses to delete, in its own words, and what goes away with it."""

from __future__ import annotations

from lab_support.mock_aws.account import Account, Thing


def delete(thing: Thing, account: Account) -> None:
    """Removes the thing from the account. Raises Refusal where AWS would keep it."""
    account.remove(thing.urn, thing.id)
