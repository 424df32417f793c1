"""The account: what exists in it, found by any of its names; a copy to play with."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from lab_support.mock_aws.account import ACCOUNT_ID, Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.plan.invalid_input import InvalidInput
from tests.plans import logical_name

QUEUE, TOPIC = "aws:sqs/queue:Queue", "aws:sns/topic:Topic"


def a_resource(name: str, type: str = QUEUE, region: str = "ap-southeast-1", **values: Any) -> StoredResource:
    return StoredResource(
        f"urn:pulumi:dev::p::{type}::{name}", type, f"{name}-id", region, {"name": name, **values}
    )


@pytest.fixture
def account() -> Account:
    made = Account()
    for resource in (
        a_resource("jobs", arn="arn:jobs"),
        a_resource("jobs", type=TOPIC, identifier="the-topic", keyId="k"),
        a_resource("there", region="eu-west-1"),
    ):
        made.add(resource)
    return made


def test_it_begins_empty_and_in_singapore() -> None:
    made = Account()
    assert (made.id, made.region, made.resources, made.stacks) == ("123456789012", "ap-southeast-1", {}, {})


@pytest.mark.parametrize("handle", ["jobs-id", "arn:jobs", "jobs"])
def test_a_resource_is_found_by_id_arn_and_name(account: Account, handle: str) -> None:
    found = account.find(handle, QUEUE)
    assert found is not None
    assert (found.type, logical_name(found.urn)) == (QUEUE, "jobs")


@pytest.mark.parametrize("handle", ["the-topic", "k"])
def test_or_by_what_else_names_it(account: Account, handle: str) -> None:
    found = account.find(handle, TOPIC)
    assert found is not None
    assert found.type == TOPIC


@pytest.mark.parametrize("value", [None, "", 5, ["jobs"], "nothing"])
def test_what_is_no_handle_finds_nothing(account: Account, value: Any) -> None:
    assert account.find(value, QUEUE, TOPIC) is None


def test_types_and_region_must_fit(account: Account) -> None:
    assert account.find("arn:jobs", TOPIC) is None
    assert account.find("there", QUEUE, region="ap-southeast-1") is None
    assert account.find("there", QUEUE, region="eu-west-1") is not None


def test_resources_are_listed_by_type(account: Account) -> None:
    assert [logical_name(resource.urn) for resource in account.of_type(QUEUE)] == ["jobs", "there"]
    assert len(list(account.of_type(QUEUE, TOPIC))) == 3


def test_what_has_a_text_follows_every_change(account: Account) -> None:
    def named(text: str, *types: str) -> list[str]:
        return [resource.id for resource in account.with_text("name", text, *types)]

    assert named("JOBS", QUEUE) == ["jobs-id"]
    assert named("jobs", QUEUE, TOPIC, QUEUE) == ["jobs-id", "jobs-id"]
    renamed = StoredResource(a_resource("jobs").urn, QUEUE, "jobs-id", "ap-southeast-1", {"name": "Tasks"})
    account.change(renamed)
    assert (named("jobs", QUEUE), named("tasks", QUEUE)) == ([], ["jobs-id"])
    account.add(StoredResource(renamed.urn, QUEUE, "newer-id", "ap-southeast-1", {"name": "tasks"}))
    assert sorted(named("tasks", QUEUE)) == ["jobs-id", "newer-id"]
    assert account.copy().with_text("name", "tasks", QUEUE)
    account.remove(renamed.urn, "jobs-id")
    account.remove(renamed.urn)
    assert named("tasks", QUEUE) == []


def test_the_same_urn_replaces_and_removing_twice_is_no_error(account: Account) -> None:
    account.add(a_resource("jobs", arn="arn:new"))
    assert account.find("arn:jobs", QUEUE) is None
    for _ in range(2):
        account.remove(a_resource("jobs").urn)
    assert account.find("jobs", QUEUE) is None


def test_a_copy_can_be_changed_without_the_original_and_the_other_way_round(account: Account) -> None:
    account.stacks["dev"] = b"state"
    copy = account.copy()
    assert (copy.id, copy.region, copy.resources, copy.stacks) == (
        account.id,
        account.region,
        account.resources,
        account.stacks,
    )
    copy.add(a_resource("new"))
    copy.stacks["prod"] = b"other"
    account.remove(a_resource("there").urn)
    assert account.find("new", QUEUE) is None
    assert account.stacks == {"dev": b"state"}
    assert copy.find("there", QUEUE) is not None


def test_it_can_be_read_while_it_is_written() -> None:
    account = Account()
    done = threading.Event()

    def write() -> None:
        for n in range(2000):
            account.add(a_resource(f"q{n}"))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        list(account.of_type(QUEUE))
        account.copy()
    writer.join()
    assert len(account.resources) == 2000


def test_a_resource_that_is_being_created_is_waited_for(account: Account) -> None:
    late = threading.Timer(0.05, lambda: account.add(a_resource("late")))
    late.start()
    account.await_resource("late", QUEUE)
    assert account.find("late", QUEUE) is not None
    late.join()


@pytest.mark.parametrize("value", ["jobs", "arn:aws:iam::aws:policy/ReadOnlyAccess", None, 5])
def test_what_exists_or_will_not_come_is_not_waited_for(account: Account, value: Any) -> None:
    waiting = threading.Thread(target=account.await_resource, args=(value, QUEUE), daemon=True)
    waiting.start()
    waiting.join(0.5)
    assert not waiting.is_alive()


def test_what_has_not_come_is_waited_for_once(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab_support.mock_aws.account._PATIENCE", 0.05)
    account.await_resource("elsewhere", QUEUE)
    monkeypatch.setattr("lab_support.mock_aws.account._PATIENCE", 60.0)
    waiting = threading.Thread(target=account.await_resource, args=("elsewhere", QUEUE), daemon=True)
    waiting.start()
    waiting.join(5)
    assert not waiting.is_alive()


class TestOthers:
    """The accounts in which a program works by assuming a role."""

    def test_every_account_has_resources_of_its_own(self, account: Account) -> None:
        other = account.other("210987654321")
        other.add(a_resource("theirs"))
        assert other.id == "210987654321"
        assert account.find("theirs", QUEUE) is None
        assert account.other("210987654321") is other

    @pytest.mark.parametrize("id", ["", ACCOUNT_ID])
    def test_its_own_is_this_one(self, account: Account, id: str) -> None:
        assert account.other(id) is account

    def test_a_copy_has_copies_of_them(self, account: Account) -> None:
        account.other("210987654321").add(a_resource("theirs"))
        copied = account.copy()
        copied.other("210987654321").add(a_resource("more"))
        assert copied.other("210987654321").find("theirs", QUEUE) is not None
        assert account.other("210987654321").find("more", QUEUE) is None


class TestRefusals:
    NO_ZONE = AwsApiError(
        "EC2", "CreateSubnet", "InvalidParameterValue", "no such zone", "creating EC2 Subnet"
    )

    def test_refusals_are_raised(self) -> None:
        for account in (Account(), Account(holds_everything=False)):
            with pytest.raises(AwsApiError), account.deferring_errors("urn:s"):
                raise self.NO_ZONE
            assert account.refused_later == []

    def test_refusals_are_noted_where_nothing_is_created_and_aws_is_not_asked(self) -> None:
        account = Account(holds_everything=False, only_previewed=True).copy()
        with account.deferring_errors("urn:s"):
            raise self.NO_ZONE
        with account.other("999999999999").deferring_errors("urn:t"):
            raise self.NO_ZONE
        assert account.refused_later == [("urn:s", str(self.NO_ZONE)), ("urn:t", str(self.NO_ZONE))]

    def test_refusals_of_the_provider_itself_are_raised_there_too(self) -> None:
        account = Account(holds_everything=False, only_previewed=True)
        with pytest.raises(AwsApiError), account.deferring_errors("urn:s"):
            raise AwsApiError("", "", "", "the provider says no")
        with pytest.raises(InvalidInput), account.deferring_errors("urn:s"):
            raise InvalidInput("kmsKeyId", "no ARN")

    def test_refusals_of_the_provider_are_noted_where_it_sees_them_only_on_creation(self) -> None:
        fault = InvalidInput("encrypted", "encrypted must be set to true", on_creation=True)
        account = Account(holds_everything=False, only_previewed=True)
        with account.deferring_errors("urn:s"):
            raise fault
        assert account.refused_later == [("urn:s", "encrypted must be set to true")]
        with pytest.raises(InvalidInput), Account().deferring_errors("urn:s"):
            raise fault


class TestReplacement:
    def test_the_replaced_resource_stays_until_it_is_removed(self, account: Account) -> None:
        old = account.get(a_resource("jobs").urn)
        assert old is not None
        new = StoredResource(old.urn, old.type, "new-id", old.region, {"name": "jobs"}, generation=1)
        account.add(new)
        assert account.get(old.urn, old.id) == old
        assert account.find("jobs", QUEUE) == new, "the newest of that name"
        account.remove(old.urn, old.id)
        assert account.get(new.urn, new.id) == account.get(new.urn) == new

    def test_births_are_counted(self, account: Account) -> None:
        resource = a_resource("jobs")
        account.change(resource)
        assert account.births[resource.urn] == 1
        account.add(resource)
        account.remove(resource.urn)
        assert account.copy().births[resource.urn] == 2
