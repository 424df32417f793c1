"""What AWS publishes of its regions, beside their names: hosted zones of its endpoints, accounts, and the like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from lab_support.mock_aws.data import read
from lab_support.plan.values import UNKNOWN

# The hosted zone of CloudFront everywhere (Route 53 Developer Guide, "Routing traffic to a CloudFront distribution").
CLOUDFRONT_ZONE: Final = "Z2FDTNDATAQYW2"


def facts_of(region: Any) -> Mapping[str, Any]:
    """The facts in regions.json of a region; empty for one that the table does not have."""
    facts: Mapping[str, Any] = read("regions")["regions"].get(region, {})
    return facts


def hosted_zone(kind: str, region: Any) -> Any:
    """The Route 53 hosted zone of endpoints of a region (`application_zone`); UNKNOWN where it is not known."""
    return facts_of(region).get(kind, UNKNOWN)


def hosted_zone_of(kind: str) -> Callable[[Any, Mapping[str, Any]], Any]:
    """The same for an entry: the hosted zone in the region of the resource."""
    return lambda request, values: hosted_zone(kind, values["region"])
