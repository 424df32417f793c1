"""Data sources, by what they are about: one table a subject, one row a data source.

holdings.py has those that look up what the account holds, in one line each. Where a data source needs code, it is a
function of a Lookup in the module of its subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lab_support.mock_aws.lookups.lookup import DataSource


@cache
def table() -> Mapping[str, DataSource]:
    """Every data source that is known by name, as a program writes it (`ec2.getVpc`)."""
    from lab_support.mock_aws.lookups import catalog, holdings, identity, network, places, secrets

    modules = (holdings, catalog, identity, network, places, secrets)
    return {name: answered for module in modules for name, answered in module.DATA_SOURCES.items()}
