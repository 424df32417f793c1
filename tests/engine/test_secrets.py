"""Secrets of a program: masked wherever a plan is shown, readable for drills."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.display.show import show
from lab_support.engine.operations import preview
from lab_support.plan.plan import Plan


class TestSecrets:
    SECRET = "correct horse battery"

    @pytest.fixture(scope="class")
    @classmethod
    def plan(cls) -> Plan:
        def program(suffix: str) -> None:
            hidden = pulumi.Output.secret(cls.SECRET)
            given = {"engine": "postgres", "instance_class": "db.t3.medium", "allocated_storage": 20}
            aws.rds.Instance("plain", username="u", password=cls.SECRET, **given)
            made = aws.rds.Instance("wrapped", username="u", password=hidden, **given)
            aws.sqs.Queue("nested", policy=hidden.apply(lambda text: json.dumps({"Sid": text})))
            pulumi.export("password", made.password)
            pulumi.export("deep", {"list": [hidden]})
            pulumi.export("open", "not a secret")

        return preview(program)

    def test_a_secret_is_in_no_rendering(self, plan: Plan) -> None:
        view = show(plan)
        rendered = [json.dumps(plan.to_json()), repr(plan), repr(plan.resources), str(view), view.html]
        assert [text for text in rendered if self.SECRET in text] == []

    def test_secrets_are_masked(self, plan: Plan) -> None:
        for name in ("plain", "wrapped"):
            assert "password" in plan.named(name).secrets
            assert plan.named(name).shown()[0]["password"] == "[secret]"
        assert plan.to_json()["outputs"] == {
            "password": "[secret]",
            "deep": {"list": ["[secret]"]},
            "open": "not a secret",
        }

    def test_a_drill_can_read_a_secret(self, plan: Plan) -> None:
        assert plan.named("wrapped")["password"] == self.SECRET

    def test_a_secret_tag_is_masked_in_tags_all(self) -> None:
        def program(suffix: str) -> None:
            aws.sqs.Queue("q", tags={"token": pulumi.Output.secret(self.SECRET)})

        assert self.SECRET not in json.dumps(preview(program).to_json())
