"""The provider on the wire: what the engine asks it, method by method, through a real connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import MockAws, serve
from lab_support.plan.values import UNKNOWN
from lab_support.plan.wire import AUTONAMED, SECRET_SIGNATURE, SIGNATURE, decode, encode, has_unknown
from lab_support.toolchain.sdk_types import resource_type

STREAM, QUEUE, DATABASE = "aws:kinesis/stream:Stream", "aws:sqs/queue:Queue", "aws:rds/instance:Instance"
STREAM_INPUTS = {"name": "s", "shardCount": 1}
AUTONAMING = provider_pb2.CheckRequest.AutonamingOptions


def urn(type: str, name: str = "it") -> str:
    return f"urn:pulumi:dev::p::{type}::{name}"


class Engine:
    """Talks to a provider as the engine does: one connection for each configured instance."""

    def __init__(self, port: int, **configuration: Any) -> None:
        self.channel = grpc.insecure_channel(
            f"127.0.0.1:{port}",
            options=[("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", 2**27)],
        )
        self.stub: Any = provider_pb2_grpc.ResourceProviderStub(self.channel)  # type: ignore[no-untyped-call]
        self.configured = self.stub.Configure(provider_pb2.ConfigureRequest(args=encode(configuration)))

    def check(
        self, type: str, autonaming: Any = None, /, olds: Any = None, **news: Any
    ) -> tuple[dict[str, Any], list[str]]:
        request = provider_pb2.CheckRequest(
            urn=urn(type), type=type, news=encode(news), olds=encode(olds or {}), autonaming=autonaming
        )
        answer = self.stub.Check(request)
        return decode(answer.inputs)[0], [
            f"{failure.property}: {failure.reason}" for failure in answer.failures
        ]

    def create(
        self, type: str, logical_name: str = "it", /, secrets: tuple[str, ...] = (), **inputs: Any
    ) -> Any:
        properties = encode(inputs, secrets)
        return self.stub.Create(
            provider_pb2.CreateRequest(urn=urn(type, logical_name), type=type, properties=properties)
        )

    def diff(self, type: str, olds: dict[str, Any], news: dict[str, Any]) -> Any:
        return self.stub.Diff(
            provider_pb2.DiffRequest(urn=urn(type), type=type, old_inputs=encode(olds), news=encode(news))
        )

    def invoke(self, token: str, **args: Any) -> tuple[dict[str, Any], frozenset[str]]:
        return decode(
            getattr(self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encode(args))), "return")
        )


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def served(account: Account) -> Iterator[tuple[MockAws, int]]:
    with serve(account) as (servicer, port):
        yield servicer, port


@pytest.fixture
def engine(served: tuple[MockAws, int]) -> Iterator[Engine]:
    made = Engine(served[1])
    with made.channel:
        yield made


class TestGettingAcquainted:
    def test_it_says_what_it_can(self, engine: Engine) -> None:
        shaken = engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
        assert shaken.accept_secrets
        assert shaken.accept_resources
        assert shaken.supports_autonaming_configuration
        for ability in (
            "acceptSecrets",
            "supportsPreview",
            "acceptResources",
            "supports_autonaming_configuration",
        ):
            assert getattr(engine.configured, ability), ability

    def test_it_can_be_attached_and_cancelled(self, engine: Engine) -> None:
        assert engine.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1")) == empty_pb2.Empty()
        assert engine.stub.Cancel(empty_pb2.Empty()) == empty_pb2.Empty()

    def test_its_version_is_that_of_the_sdk(self, engine: Engine) -> None:
        assert engine.stub.GetPluginInfo(empty_pb2.Empty()).version == version("pulumi-aws")

    def test_its_configuration_is_taken_as_it_is(self, engine: Engine) -> None:
        request = provider_pb2.CheckRequest(news=encode({"region": "x"}))
        assert decode(engine.stub.CheckConfig(request).inputs)[0] == {"region": "x"}
        changes = engine.stub.DiffConfig(provider_pb2.DiffRequest()).changes
        assert changes == provider_pb2.DiffResponse.DIFF_NONE

    def test_it_serves_on_the_loopback_interface_only_while_it_is_wanted(self, account: Account) -> None:
        with serve(account) as (_, port), serve(account) as (_, other):
            assert port != other
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)  # type: ignore[no-untyped-call]
        with channel, pytest.raises(grpc.RpcError):
            stub.GetPluginInfo(empty_pb2.Empty(), timeout=5)


class TestCheck:
    def test_types_are_converted(self, engine: Engine) -> None:
        inputs, failures = engine.check(STREAM, name="s", shardCount="2")
        assert (inputs, failures) == ({"name": "s", "shardCount": 2}, [])

    def test_what_is_wrong_is_told_by_property(self, engine: Engine) -> None:
        _, failures = engine.check(DATABASE, identifier="db", multiAz="perhaps")
        assert sorted(failures) == [
            "instanceClass: Missing required property 'instance_class'",
            "multiAz: expected true or false, got 'perhaps'",
        ]

    def test_a_name_is_added_and_stays_the_same(self, engine: Engine) -> None:
        inputs, _ = engine.check(QUEUE)
        assert inputs["name"].startswith("it-")
        assert engine.check(QUEUE)[0] == inputs
        made_up = {"name": "older-name", AUTONAMED: ["name"]}
        assert engine.check(QUEUE, olds=made_up)[0]["name"] == "older-name"

    def test_a_name_that_the_program_no_longer_gives_is_not_kept(self, engine: Engine) -> None:
        assert engine.check(QUEUE, olds={"name": "older-name", AUTONAMED: []})[0]["name"].startswith("it-")

    def test_the_engines_autonaming_is_followed(self, engine: Engine) -> None:
        proposed = AUTONAMING(proposed_name="it-of-dev", mode=AUTONAMING.PROPOSE)
        enforced = AUTONAMING(proposed_name="it", mode=AUTONAMING.ENFORCE)
        disabled = AUTONAMING(mode=AUTONAMING.DISABLE)
        assert engine.check(QUEUE, proposed)[0]["name"] == "it-of-dev"
        assert engine.check(QUEUE, enforced)[0]["name"] == "it"
        assert "name" not in engine.check(QUEUE, disabled)[0]

    def test_secrets_stay_secret(self, engine: Engine) -> None:
        request = provider_pb2.CheckRequest(
            urn=urn(DATABASE),
            type=DATABASE,
            news=encode({"password": "hunter2", "instanceClass": "x"}, {"password"}),
        )
        values, secrets = decode(engine.stub.Check(request).inputs)
        assert (values["password"], secrets) == ("hunter2", {"password"})


class TestBadInput:
    """What cannot come from an SDK comes from hand-written types and from tools; it is answered in words."""

    def refused(self, method: Any, request: Any) -> str:
        with pytest.raises(grpc.RpcError) as caught:
            method(request)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT  # type: ignore[attr-defined]
        return str(caught.value.details())  # type: ignore[attr-defined]

    @pytest.mark.parametrize("token", ["aws:new/thing:Thing", "Thing", "", "aws:::", "::"])
    def test_an_unknown_type_is_rejected(self, engine: Engine, token: str) -> None:
        request = provider_pb2.CheckRequest(urn=urn("x"), type=token, news=encode({"size": UNKNOWN}))
        said = self.refused(engine.stub.Check, request)
        assert said == f"{token!r} is no resource type of pulumi-aws {version('pulumi-aws')}"

    @pytest.mark.parametrize("token", ["aws:new/getThing:getThing", "getThing", ""])
    def test_an_unknown_function_is_rejected(self, engine: Engine, token: str) -> None:
        said = self.refused(engine.stub.Invoke, provider_pb2.InvokeRequest(tok=token))
        assert said == f"{token!r} is no function of pulumi-aws {version('pulumi-aws')}"

    def test_arguments_that_are_not_known(self, engine: Engine) -> None:
        token = "aws:iam/getPolicyDocument:getPolicyDocument"
        asked = provider_pb2.InvokeRequest(tok=token, args=encode({"statements": [{"resources": [UNKNOWN]}]}))
        assert "not all of its arguments are known" in self.refused(engine.stub.Invoke, asked)

    def test_an_unknown_method_is_rejected(self, engine: Engine) -> None:
        said = self.refused(engine.stub.Call, provider_pb2.CallRequest(tok="aws:rds/instance:Instance/stop"))
        assert "is no method of pulumi-aws" in said

    @pytest.mark.parametrize("urn", ["", "nonsense", "urn:pulumi:dev", "urn:pulumi:dev::p::name"])
    def test_an_urn_that_is_none(self, engine: Engine, urn: str) -> None:
        said = self.refused(engine.stub.Read, provider_pb2.ReadRequest(id="vpc-1", urn=urn))
        assert said == f"{urn!r} is no URN of a resource"

    @pytest.mark.parametrize(
        "type", [STREAM, QUEUE, DATABASE, "aws:iam/role:Role", "aws:ecs/service:Service"]
    )
    def test_a_type_is_answered_when_no_input_is_known(self, engine: Engine, type: str) -> None:
        described = resource_type(type)
        assert described is not None
        everything = dict.fromkeys(described.inputs, UNKNOWN)
        checked, failures = engine.check(type, **everything)
        assert failures == []
        asked = provider_pb2.CreateRequest(urn=urn(type), type=type, properties=encode(checked), preview=True)
        outputs, _ = decode(engine.stub.Create(asked).properties)
        assert {name for name in everything if outputs[name] is not UNKNOWN} == set()

    def test_types_that_are_all_wrong_are_named_one_by_one(self, engine: Engine) -> None:
        wrong = {"instanceClass": ["a"], "allocatedStorage": "much", "multiAz": "perhaps"}
        _, failures = engine.check(DATABASE, **wrong)
        assert {failure.partition(":")[0] for failure in failures} == set(wrong)

    def test_a_message_of_more_than_four_megabytes(self, engine: Engine) -> None:
        text = "x" * 5_000_000
        values, _ = decode(engine.create("aws:ssm/document:Document", content=text).properties)
        assert values["content"] == text


class TestDiff:
    def test_equal_inputs_differ_in_nothing(self, engine: Engine) -> None:
        answer = engine.diff(STREAM, {"name": "s", "shardCount": 1}, {"name": "s", "shardCount": 1})
        assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE
        assert list(answer.diffs) == []

    def test_changed_new_and_lost_inputs_are_named(self, engine: Engine) -> None:
        answer = engine.diff(STREAM, {"name": "s", "shardCount": 1}, {"name": "s", "retentionPeriod": 48})
        assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
        assert list(answer.diffs) == ["retentionPeriod", "shardCount"]
        assert list(answer.replaces) == []

    @pytest.mark.parametrize(
        ("type", "name", "replaces", "delete_first"),
        [
            (STREAM, "name", True, True),
            (DATABASE, "identifier", False, False),
            (DATABASE, "kmsKeyId", True, False),
            (DATABASE, "multiAz", False, False),
        ],
    )
    def test_some_changes_need_a_new_resource(
        self, engine: Engine, type: str, name: str, replaces: bool, delete_first: bool
    ) -> None:
        answer = engine.diff(type, {name: "old", AUTONAMED: []}, {name: "new", AUTONAMED: []})
        assert list(answer.replaces) == ([name] if replaces else [])
        assert answer.deleteBeforeReplace is delete_first

    @pytest.mark.parametrize(("made_up", "delete_first"), [([], True), (["identifier"], False)])
    def test_a_resource_that_the_program_names_is_deleted_before_it_is_replaced(
        self, engine: Engine, made_up: list[str], delete_first: bool
    ) -> None:
        # pulumi-terraform-bridge, pkg/tfbridge/schema.go, nameRequiresDeleteBeforeReplace
        olds = {"identifier": "db", "engine": "mysql", AUTONAMED: made_up}
        assert engine.diff(DATABASE, olds, {**olds, "engine": "postgres"}).deleteBeforeReplace is delete_first

    def test_json_that_means_the_same_is_the_same(self, engine: Engine) -> None:
        olds, news = {"policy": '{"Version": "2012-10-17"}'}, {"policy": '{"Version":"2012-10-17"}'}
        assert engine.diff(QUEUE, olds, news).changes == provider_pb2.DiffResponse.DIFF_NONE


class TestCreate:
    def test_the_account_has_it_and_the_record_says_what_was_asked(
        self, engine: Engine, account: Account, served: tuple[MockAws, int]
    ) -> None:
        answer = engine.create(QUEUE, name="it")
        values, _ = decode(answer.properties)
        assert values["arn"] == "arn:aws:sqs:ap-southeast-1:123456789012:it"
        assert answer.id == values["url"]
        assert account.resources[urn(QUEUE)].values["arn"] == values["arn"]
        record = served[0].records[urn(QUEUE)]
        assert (record.id, record.inputs["name"], record.region) == (answer.id, "it", "ap-southeast-1")

    def test_a_refusal_is_an_error_in_the_providers_words(self, engine: Engine, account: Account) -> None:
        engine.create(STREAM, "first", **STREAM_INPUTS)
        with pytest.raises(grpc.RpcError) as caught:
            engine.create(STREAM, "second", **STREAM_INPUTS)
        details = caught.value.details()  # type: ignore[attr-defined]
        assert details.startswith(
            "1 error occurred:\n\t* creating Kinesis Stream (s): operation error Kinesis:"
        )
        assert urn(STREAM, "second") not in account.resources

    def test_secrets_are_wrapped_in_the_answer(self, engine: Engine, served: tuple[MockAws, int]) -> None:
        inputs = {
            "identifier": "db",
            "engine": "postgres",
            "instanceClass": "db.t3.medium",
            "allocatedStorage": 20,
            "username": "u",
            "password": "hunter2hunter2",
        }
        _, secrets = decode(engine.create(DATABASE, **inputs).properties)
        assert "password" in secrets, "the SDK says that it is secret"
        more = {**inputs, "identifier": "o", "dbName": "x"}
        _, secrets = decode(engine.create(DATABASE, "other", secrets=("dbName",), **more).properties)
        assert {"password", "dbName"} <= secrets
        assert "dbName" in served[0].records[urn(DATABASE, "other")].secrets

    def test_an_update_changes_it(self, engine: Engine, account: Account) -> None:
        engine.create(STREAM, **STREAM_INPUTS)
        news = encode({**STREAM_INPUTS, "retentionPeriod": 48})
        engine.stub.Update(provider_pb2.UpdateRequest(urn=urn(STREAM), type=STREAM, id="x", news=news))
        assert account.resources[urn(STREAM)].values["retentionPeriod"] == 48

    def test_a_deletion_removes_it(self, engine: Engine, account: Account) -> None:
        engine.create(STREAM, **STREAM_INPUTS)
        engine.stub.Delete(provider_pb2.DeleteRequest(urn=urn(STREAM), type=STREAM, id="x"))
        assert account.resources == {}


class TestRead:
    def read(self, engine: Engine, type: str, id: str, **properties: Any) -> dict[str, Any]:
        request = provider_pb2.ReadRequest(id=id, urn=urn(type, "found"), properties=encode(properties))
        answer = engine.stub.Read(request)
        assert answer.id == id
        return decode(answer.properties)[0]

    def test_what_the_account_has_is_found(self, engine: Engine) -> None:
        made = engine.create(STREAM, **STREAM_INPUTS)
        assert self.read(engine, STREAM, made.id)["shardCount"] == 1

    @pytest.mark.parametrize("id", ["vpc-0abc", "arn:aws:sns:eu-west-1:123456789012:alerts"])
    def test_what_an_account_has_not_does_not_exist(self, engine: Engine, id: str) -> None:
        request = provider_pb2.ReadRequest(id=id, urn=urn("aws:ec2/vpc:Vpc", "found"))
        assert engine.stub.Read(request).id == ""

    def test_what_aws_provides_exists_everywhere(self, engine: Engine) -> None:
        arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        assert self.read(engine, "aws:iam/policy:Policy", arn)["arn"] == arn

    @pytest.fixture
    def somebodys(self, account: Account) -> Account:
        """An account that may hold more than is known here."""
        account.holds_everything = False
        return account

    def test_a_lookup_in_a_real_account_is_answered_with_placeholders(
        self, engine: Engine, somebodys: Account
    ) -> None:
        found = self.read(engine, "aws:ec2/vpc:Vpc", "vpc-0abc", cidrBlock="10.0.0.0/16")
        assert found["cidrBlock"] == "10.0.0.0/16"
        assert somebodys.resources == {}, "reading creates nothing"

    @pytest.mark.usefixtures("somebodys")
    def test_a_resource_read_from_a_real_account_has_the_requested_id(self, engine: Engine) -> None:
        assert self.read(engine, "aws:ec2/vpc:Vpc", "vpc-0abc")["arn"].endswith(":vpc/vpc-0abc")
        role = self.read(engine, "aws:iam/role:Role", "admin")
        assert (role["name"], role["arn"]) == ("admin", "arn:aws:iam::123456789012:role/admin")
        topic = "arn:aws:sns:eu-west-1:123456789012:alerts"
        assert self.read(engine, "aws:sns/topic:Topic", topic)["arn"] == topic

    @pytest.mark.usefixtures("somebodys")
    def test_what_aws_adds_is_filled_in_and_nothing_is_unknown(self, engine: Engine) -> None:
        """The engine stops at something unknown in what exists; what is left out is unknown in a preview."""
        described = resource_type(DATABASE)
        assert described is not None
        found = self.read(engine, DATABASE, "db-ABC")
        assert {name for name in described.outputs if name not in described.inputs} <= set(found)
        assert "masterPassword" not in found
        assert "backupWindow" not in found
        assert not has_unknown(found)

    @pytest.mark.usefixtures("somebodys")
    def test_what_is_imported_is_as_the_program_says(self, engine: Engine) -> None:
        self.read(engine, QUEUE, "https://sqs.eu-west-1.amazonaws.com/1/q")
        request = provider_pb2.DiffRequest(urn=urn(QUEUE, "found"), type=QUEUE, news=encode({"name": "q"}))
        assert engine.stub.Diff(request).changes == provider_pb2.DiffResponse.DIFF_NONE


class TestInvoke:
    def test_a_function_answers_with_values_that_are_not_secret(self, engine: Engine) -> None:
        values, secrets = engine.invoke("aws:index/getRegion:getRegion")
        assert values["region"] == "ap-southeast-1"
        assert secrets == frozenset()

    def test_a_secret_question_has_a_secret_answer(self, engine: Engine) -> None:
        engine.create("aws:ssm/parameter:Parameter", name="token", type="String", value="x")
        request = provider_pb2.InvokeRequest(
            tok="aws:ssm/getParameter:getParameter", args=encode({"name": "token"}, {"name"})
        )
        values, secrets = decode(getattr(engine.stub.Invoke(request), "return"))
        assert (values["name"], values["value"]) == ("token", "x")
        assert "name" in secrets

    def test_what_is_not_found_is_an_error_in_words(self, engine: Engine) -> None:
        with pytest.raises(grpc.RpcError) as caught:
            engine.invoke("aws:kms/getKey:getKey", keyId="alias/nothing")
        assert caught.value.details() == (  # type: ignore[attr-defined]
            "invoking aws:kms/getKey:getKey: 1 error occurred:\n\t* "
            "reading KMS Key (alias/nothing): couldn't find resource"
        )


class TestInstances:
    """One provider instance is one connection with its own region and tags."""

    def test_each_has_its_own_region_and_tags(self, served: tuple[MockAws, int]) -> None:
        first = Engine(served[1], region="eu-west-1", defaultTags='{"tags": {"team": "a"}}')
        second = Engine(served[1], region="us-east-1")
        with first.channel, second.channel:
            one = decode(first.create(QUEUE, "one", name="one").properties)[0]
            two = decode(second.create(QUEUE, "two", name="two").properties)[0]
            assert first.invoke("aws:index/getRegion:getRegion")[0]["region"] == "eu-west-1"
        assert (one["region"], one["tagsAll"]) == ("eu-west-1", {"team": "a"})
        assert (two["region"], two["tagsAll"]) == ("us-east-1", {})

    def test_a_role_that_is_assumed_is_in_an_account_of_its_own(self, served: tuple[MockAws, int]) -> None:
        role = '[{"roleArn": "arn:aws:iam::210987654321:role/deployer"}]'
        ours, theirs = Engine(served[1]), Engine(served[1], assumeRoles=role)
        with ours.channel, theirs.channel:
            for engine, account in ((ours, "123456789012"), (theirs, "210987654321")):
                made = engine.create("aws:iam/user:User", f"u{account}", name="same-name")
                assert f":{account}:" in decode(made.properties)[0]["arn"]
                who = engine.invoke("aws:index/getCallerIdentity:getCallerIdentity")[0]
                assert who["accountId"] == account

    def test_secret_settings_are_read(self, served: tuple[MockAws, int]) -> None:
        secret = {SIGNATURE: SECRET_SIGNATURE, "value": "blue"}
        engine = Engine(served[1], defaultTags=json.dumps({"tags": {"team": secret}}))
        with engine.channel:
            assert decode(engine.create(QUEUE).properties)[0]["tagsAll"] == {"team": "blue"}
            asked = engine.invoke("aws:index/getDefaultTags:getDefaultTags")[0]
            assert asked["tags"] == {"team": "blue"}

    def test_an_instance_tells_how_it_is_configured(self, served: tuple[MockAws, int]) -> None:
        engine = Engine(served[1], region="eu-west-1")
        with engine.channel:
            request = provider_pb2.CallRequest(tok="pulumi:providers:aws/terraformConfig")
            answer = decode(getattr(engine.stub.Call(request), "return"))[0]
        assert answer == {"result": {"region": "eu-west-1"}}

    def test_a_resources_own_region_wins(self, engine: Engine, account: Account) -> None:
        engine.create(STREAM, **{**STREAM_INPUTS, "region": "eu-west-1"})
        (resource,) = account.resources.values()
        assert resource.region == "eu-west-1"
        assert ":eu-west-1:" in resource.values["arn"]


def test_two_thousand_resources_sixteen_at_once(served: tuple[MockAws, int], account: Account) -> None:
    engine = Engine(served[1])

    def make(number: int) -> str:
        inputs, failures = engine.check(QUEUE, fifoQueue=False)
        assert failures == []
        return str(engine.create(QUEUE, f"q{number}", **{**inputs, "name": f"q{number}"}).id)

    with engine.channel, ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(make, range(2000)))) == 2000
    assert len(account.resources) == 2000


def test_of_two_resources_of_one_name_exactly_one_is_created(
    served: tuple[MockAws, int], account: Account
) -> None:
    engine = Engine(served[1])

    def make(number: int) -> bool:
        try:
            engine.create(STREAM, f"s{number}", **STREAM_INPUTS)
        except grpc.RpcError:
            return False
        return True

    with engine.channel, ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(make, range(8))) == 1
    assert len(account.resources) == 1
