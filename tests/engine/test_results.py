"""What a run leaves becomes a plan: states, names, values, secrets and lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from lab_support.engine.results import plan_of, states_in_checkpoint, states_in_preview
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import Record
from lab_support.plan.diagnostic import Location
from lab_support.plan.plan import Plan
from lab_support.plan.values import SECRET_MARK, UNKNOWN
from lab_support.plan.wire import UNKNOWN_SENTINEL

STACK_URN = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
DATABASE = "aws:rds/instance:Instance"
URN = f"urn:pulumi:dev::p::{DATABASE}::db"
# A secret as the engine writes it into a state.
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}


def planned(*states: dict[str, Any], records: dict[str, Record] | None = None) -> Plan:
    return plan_of(states, [], records or {}, stack="dev", project="p", account=Account())


class TestStates:
    def test_the_states_of_a_preview_are_its_new_states(self) -> None:
        printed = {
            "steps": [
                {"op": "create", "newState": {"urn": URN, "type": DATABASE}},
                {"op": "delete", "oldState": {"urn": "gone"}},
            ]
        }
        assert states_in_preview(json.dumps(printed)) == [{"urn": URN, "type": DATABASE, "op": "create"}]

    @pytest.mark.parametrize("printed", ["{}", '{"steps": null}', '{"steps": []}'])
    def test_a_preview_may_have_no_steps(self, printed: str) -> None:
        assert states_in_preview(printed) == []

    @pytest.mark.parametrize("latest", [None, {}, {"resources": None}])
    def test_a_checkpoint_may_have_no_resources(self, tmp_path: Path, latest: Any) -> None:
        path = tmp_path / "dev.json"
        path.write_text(json.dumps({"checkpoint": {"latest": latest}}), encoding="utf-8")
        assert states_in_checkpoint(path) == []


class TestPlan:
    def test_the_stack_and_default_providers_are_not_resources(self) -> None:
        plan = planned(
            {"urn": STACK_URN, "type": "pulumi:pulumi:Stack"},
            {"urn": "urn:pulumi:dev::p::pulumi:providers:aws::default_7", "type": "pulumi:providers:aws"},
            {"urn": "urn:pulumi:dev::p::pulumi:providers:aws::europe", "type": "pulumi:providers:aws"},
        )
        assert [resource.name for resource in plan] == ["europe"]

    def test_names_are_those_that_a_program_writes(self) -> None:
        plan = planned({"urn": URN, "type": DATABASE, "inputs": {"multiAz": True, "dbName": "x"}})
        assert dict(plan.named("db").inputs) == {"multi_az": True, "db_name": "x"}

    def test_names_of_other_packages_follow_the_rule(self) -> None:
        token = "random:index/randomPet:RandomPet"
        state = {
            "urn": f"urn:pulumi:dev::p::{token}::pet",
            "type": token,
            "inputs": {"keepLong": SECRET},
            "propertyDependencies": {"keepLong": [URN], "other": []},
        }
        pet = planned(state).named("pet")
        assert pet.secrets == {"keep_long"}
        assert dict(pet.properties_from) == {"keep_long": (URN,)}

    def test_secrets_and_the_unknown_are_marked(self) -> None:
        state = {
            "urn": URN,
            "type": DATABASE,
            "inputs": {"password": SECRET, "__defaults": []},
            "outputs": {"endpoint": UNKNOWN_SENTINEL, "tags": {"a": UNKNOWN_SENTINEL}},
        }
        database = planned(state).named("db")
        assert database["password"] == SECRET_MARK
        assert database.secrets == {"password"}
        assert database["endpoint"] is UNKNOWN
        assert database["tags"]["a"] is UNKNOWN
        assert "__defaults" not in database.inputs

    def test_what_the_account_answered_counts_more_than_the_state(self) -> None:
        record = Record(
            URN, "db-1", "ap-southeast-1", {"multiAz": True}, {"dbName": "x"}, frozenset({"dbName"})
        )
        state = {
            "urn": URN,
            "type": DATABASE,
            "id": "old",
            "inputs": {"multiAz": False},
            "dependencies": ["urn:a"],
        }
        database = planned(state, records={URN: record}).named("db")
        assert (database.id, database["multi_az"], database["db_name"]) == ("db-1", True, "x")
        assert database.secrets == {"db_name"}
        assert database.depends_on == ("urn:a",)

    def test_a_file_is_shown_by_its_path(self) -> None:
        """How the engine marks assets: pulumi/pulumi, sdk/go/common/resource/asset/asset.go."""
        file = {
            "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
            "path": "www/index.html",
        }
        state = {"urn": URN, "type": DATABASE, "inputs": {"tags": file}}
        (resource,) = planned(state)
        assert resource.inputs == {"tags": {"path": "www/index.html"}}

    def test_an_id_that_nobody_knows_is_empty(self) -> None:
        record = Record(URN, UNKNOWN, "ap-southeast-1", {}, {}, frozenset())
        assert planned({"urn": URN, "type": DATABASE}, records={URN: record}).named("db").id == ""


def test_what_the_provider_chose_and_the_line_of_the_program_are_known(tmp_path: Path) -> None:
    calls = [
        {"sourcePosition": f"project:///../..{pulumi.__file__}#7"},
        {"sourcePosition": "project:///../shop/infra.py#12,4"},
        {"sourcePosition": "project:///../shop/__main__.py#3"},
    ]
    state = {
        "urn": "urn:pulumi:dev::p::aws:sqs/queue:Queue::jobs",
        "type": "aws:sqs/queue:Queue",
        "inputs": {"__defaults": ["name", "visibilityTimeoutSeconds"], "name": "jobs-1234567"},
        "stackTrace": calls,
    }
    plan = plan_of([state], [], {}, stack="dev", project="p", account=Account(), folder=Path("/a/run"))
    (queue,) = plan.resources
    assert queue.defaults == {"name", "visibility_timeout_seconds"}
    assert queue.source == Location("/a/shop/infra.py", 12, "")
    assert Plan.from_json(plan.to_json()).resources == plan.resources
