"""The view of a plan: the same facts in HTML and text, references by name, no secrets, values escaped."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from lab_support import preview
from lab_support.display.plan import FOLDED_ABOVE, headline, plan_summary, plan_view
from lab_support.display.show import show
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource
from tests.whole_system import program

KEY = a_resource(
    "kms.Key", "the-key", id="0d5f1c9e-1111-2222-3333-444455556666", arn="arn:aws:kms:x:key/0d5f1c9e"
)


class Balanced(HTMLParser):
    """Collects text, and fails on a tag that is closed in the wrong place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)


def text_in(html: str) -> str:
    parser = Balanced()
    parser.feed(html.replace("<wbr>", ""))  # where a long name may go on in the next line
    parser.close()
    assert parser.open == []
    return " ".join(parser.texts)


@pytest.fixture
def plan() -> Plan:
    return a_plan(
        KEY,
        a_resource(
            "rds.Instance",
            "db",
            inputs={"kms_key_id": KEY["arn"], "multi_az": False, "password": "hunter2"},
            secrets=frozenset({"password"}),
            properties_from={"kms_key_id": (KEY.urn,)},
            kms_key_id=KEY["arn"],
            multi_az=False,
            password="hunter2",
            endpoint=UNKNOWN,
            tags={"Project": "emergency-alert"},
            tags_all={"Project": "emergency-alert"},
        ),
        outputs={"endpoint": "db.example:5432", "password": "hunter2"},
        output_secrets=frozenset({"password"}),
    )


@pytest.mark.parametrize(
    "fact",
    ["rds.Instance", "the-key", "multi_az", "False", "[secret]", "[unknown]", "→ the-key", "db.example:5432"],
)
def test_text_and_html_say_the_same(plan: Plan, fact: str) -> None:
    view = plan_view(plan)
    assert fact in view.text
    assert fact in text_in(view.html)


def test_no_secret_is_shown(plan: Plan) -> None:
    view = plan_view(plan)
    assert "hunter2" not in view.text + view.html


def test_the_summary_has_one_line_for_each_resource_and_no_properties(plan: Plan) -> None:
    assert plan_summary(plan).splitlines() == [
        "Environment dev: 2 to create (account 123456789012, ap-southeast-1)",
        "",
        "rds (data stores), 1 resource",
        "  + create rds.Instance  db",
        "",
        "kms (keys), 1 resource",
        "  + create kms.Key  the-key",
        "",
        "outputs of the stack",
        "  endpoint: 'db.example:5432'",
        "  password: [secret]",
    ]


def test_the_summary_says_which_region_provider_and_default_tags_a_resource_has() -> None:
    urn = "urn:pulumi:dev::emergency-alert::pulumi:providers:aws::default"
    inputs = {"region": "us-west-2", "default_tags": '{"tags": {"Owner": "ops"}}'}
    west = Resource(urn, "pulumi:providers:aws", "default", inputs=inputs)
    queue = replace(a_resource("sqs.Queue", "q", region="us-west-2"), provider=f"{urn}::1")
    lines = plan_summary(a_plan(west, queue)).splitlines()
    assert "  + create sqs.Queue  q  (provider: → default, region: 'us-west-2')" in lines
    tags = "{'Owner': 'ops'}"
    assert f"  + create pulumi.providers.aws  default  (region: 'us-west-2', default tags: {tags})" in lines


def test_services_are_grouped(plan: Plan) -> None:
    lines = plan_view(plan).text.splitlines()
    assert lines.index("rds (data stores), 1 resource") < lines.index("  + create rds.Instance  db")
    assert lines.index("kms (keys), 1 resource") < lines.index("  + create kms.Key  the-key")


def test_services_are_in_a_reviewers_order() -> None:
    kinds = ("ec2.Vpc", "ecs.Cluster", "sns.Topic", "cloudwatch.MetricAlarm", "kms.Key", "iam.Role")
    kinds = (*kinds, "kinesis.Stream", "rds.Instance")
    view = plan_view(a_plan(*(a_resource(kind, kind) for kind in kinds)))
    for shown in (view.text, text_in(view.html)):
        places = [shown.index(f"{kind} ") for kind in kinds]
        assert places == sorted(places, reverse=True)


def test_the_order_does_not_depend_on_the_engine() -> None:
    resources = [a_resource("sqs.Queue", name) for name in "cab"]
    resources.append(a_resource("sqs.Queue", "changed", op="update"))
    resources.append(a_resource("sqs.Queue", "0-unchanged", op="same"))
    first, second = (plan_view(a_plan(*ordered)) for ordered in (resources, reversed(resources)))
    assert first == second
    names = [line.split()[-1] for line in first.text.splitlines() if "sqs.Queue" in line]
    assert names == ["a", "b", "c", "changed", "0-unchanged"]


def test_a_satellite_follows_its_resource() -> None:
    plan = a_plan(a_resource("kms.Alias", "alias"), a_resource("kms.Key", "key"))
    text = plan_view(plan).text
    assert text.index("kms.Key") < text.index("kms.Alias")


def test_a_service_with_many_resources_is_folded_and_counted_by_type() -> None:
    few = a_plan(*(a_resource("ec2.Subnet", f"subnet-{n}") for n in range(FOLDED_ABOVE)))
    assert '<details class="lab-group" open>' in plan_view(few).html
    many = plan_view(a_plan(*few.resources, a_resource("ec2.Vpc", "vpc")))
    assert '<details class="lab-group">' in many.html
    assert "ec2 (network), 9 resources: 8 Subnet, 1 Vpc" in many.text
    assert "9 resources: 8 Subnet, 1 Vpc" in text_in(many.html)


def test_inputs_come_before_what_aws_adds() -> None:
    queue = a_resource("sqs.Queue", "q", inputs={"delay_seconds": 5}, delay_seconds=5, max_message_size=1024)
    view = plan_view(a_plan(queue))
    for shown in (view.text, text_in(view.html)):
        places = [
            shown.index(word) for word in ("Inputs", "delay_seconds", "What AWS adds", "max_message_size")
        ]
        assert places == sorted(places)


def test_values_are_escaped() -> None:
    nasty = "<script>alert(1)</script>"
    plan = a_plan(a_resource("sqs.Queue", nasty, policy=nasty), outputs={nasty: nasty}, stack=nasty)
    html = plan_view(plan).html
    assert "<script" not in html
    assert nasty in text_in(html)


@pytest.mark.parametrize(
    ("op", "sign", "word"),
    [
        ("create", "+", "create"),
        ("update", "~", "update"),
        ("replace", "±", "replace"),
        ("delete", "-", "delete"),
        ("read", ">", "read"),
        ("same", "·", "unchanged"),
        ("discard", "?", "discard"),
    ],
)
def test_each_operation_has_a_sign_and_a_word(op: str, sign: str, word: str) -> None:
    view = plan_view(a_plan(a_resource("sqs.Queue", "q", op=op)))
    assert f"  {sign} {word} sqs.Queue  q" in view.text
    assert f"{sign} {word} q sqs.Queue" in " ".join(text_in(view.html).split())


def test_the_headline_counts_operations() -> None:
    plan = a_plan(
        a_resource("sqs.Queue", "a"), a_resource("sqs.Queue", "b"), a_resource("sqs.Queue", "c", op="same")
    )
    assert headline(plan) == "Environment dev: 2 to create, 1 unchanged"
    assert "account 123456789012, ap-southeast-1" in plan_view(plan).text


def test_the_headline_of_an_empty_plan_says_nothing_to_do() -> None:
    assert headline(a_plan()).endswith("nothing to do")


def test_show_draws_a_plan_for_notebooks_and_terminals(plan: Plan) -> None:
    view = show(plan)
    bundle = view._repr_mimebundle_()
    assert bundle == {"text/html": view.html, "text/plain": view.text}
    assert str(view) == repr(view) == view.text


@pytest.mark.parametrize("thing", [None, "text", 5, (), [1], {}])
def test_show_refuses_what_has_no_view(thing: Any) -> None:
    with pytest.raises(TypeError, match="not "):
        show(thing)


def test_a_system_of_75_resources_stays_readable() -> None:
    plan = preview(program, "dev")
    view = show(plan)
    assert len(plan) == 75
    assert "ec2 (network), 30 resources: 6 RouteTable, 6 RouteTableAssociation, 6 Subnet" in view.text
    assert "correct-horse-battery" not in view.text + view.html
    for resource in plan:
        assert resource.name in view.text
        assert resource.name in view.html
    assert show(preview(program, "dev")) == view
