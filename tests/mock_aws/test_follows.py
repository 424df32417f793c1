"""Values in entries that follow from other properties, or from a resource that is named."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.follows import of_named, when
from lab_support.mock_aws.make_existing import make_existing
from lab_support.mock_aws.request import ResourceRequest
from lab_support.plan.values import UNKNOWN


def a_request(account: Account) -> ResourceRequest:
    return ResourceRequest("aws:sqs/queue:Queue", "urn:pulumi:dev::p::t::q", {}, account, "eu-west-1")


@pytest.mark.parametrize(
    ("given", "expected"),
    [("tcp", "port in eu-west-1"), ("udp", "port in eu-west-1"), ("icmp", ""), (None, "")],
)
def test_a_template_is_chosen_by_the_value_of_a_property(given: Any, expected: str) -> None:
    chosen = when("protocol", ("tcp", "udp"), "port in {region}")
    assert chosen(a_request(Account()), {"protocol": given}) == expected


def test_what_turns_on_an_unknown_property_is_unknown() -> None:
    assert when("fifoQueue", True, "queue")(a_request(Account()), {"fifoQueue": UNKNOWN}) is UNKNOWN


def test_a_property_of_the_resource_that_an_input_names() -> None:
    queue = make_existing("sqs.Queue", "eu-west-1", name="orders", delaySeconds=7)
    follow = of_named("source", queue.type, "delaySeconds", missing=0)
    request = a_request(Account(existing=(queue,)))
    assert follow(request, {"source": "orders"}) == 7
    assert follow(request, {"source": "others"}) == 0


def test_a_resource_of_another_region_is_not_meant() -> None:
    queue = make_existing("sqs.Queue", "us-east-1", name="orders", delaySeconds=7)
    follow = of_named("source", queue.type, "delaySeconds")
    assert follow(a_request(Account(existing=(queue,))), {"source": "orders"}) is UNKNOWN
