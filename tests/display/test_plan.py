"""How a plan looks: the same facts in HTML and in text, references by name, no secret, no markup from outside."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from lab_support.display import show
from lab_support.display.plan import headline, plan_view, properties, value_text
from lab_support.plan import UNKNOWN, Plan
from tests.plans import a_plan, a_resource

KEY = a_resource(
    "kms.Key", "the-key", id="0d5f1c9e-1111-2222-3333-444455556666", arn="arn:aws:kms:x:key/0d5f1c9e"
)


class Balanced(HTMLParser):
    """Complains about a tag that is not closed where it should be, and collects the text."""

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
    parser.feed(html)
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


def test_services_are_grouped(plan: Plan) -> None:
    lines = plan_view(plan).text.splitlines()
    assert lines.index("kms") < lines.index("  + kms.Key  the-key") < lines.index("rds")


def test_markup_in_values_stays_text() -> None:
    nasty = "<script>alert(1)</script>"
    plan = a_plan(a_resource("sqs.Queue", nasty, policy=nasty), outputs={nasty: nasty}, stack=nasty)
    html = plan_view(plan).html
    assert "<script" not in html
    assert nasty in text_in(html)


@pytest.mark.parametrize(
    ("op", "sign"), [("create", "+"), ("update", "~"), ("replace", "±"), ("delete", "-"), ("same", " ")]
)
def test_what_is_done_has_a_sign(op: str, sign: str) -> None:
    view = plan_view(a_plan(a_resource("sqs.Queue", "q", op=op)))
    assert f"  {sign} sqs.Queue  q" in view.text
    assert f"{sign} sqs.Queue" in text_in(view.html)


def test_the_headline_counts_what_is_done() -> None:
    plan = a_plan(
        a_resource("sqs.Queue", "a"), a_resource("sqs.Queue", "b"), a_resource("sqs.Queue", "c", op="same")
    )
    assert headline(plan) == "Environment dev, account 123456789012, ap-southeast-1: 2 to create, 1 to same"


def test_the_headline_of_an_empty_plan() -> None:
    assert headline(a_plan()).endswith("nothing to do")


def test_what_follows_from_the_rest_is_left_out(plan: Plan) -> None:
    shown = properties(plan.named("db"), plan)
    assert "tags_all" not in shown
    assert "arn" not in properties(KEY, plan)
    assert shown["tags"] == "Project=emergency-alert"


@pytest.mark.parametrize("empty", [None, {}, []])
def test_empty_properties_are_left_out(empty: Any) -> None:
    queue = a_resource("sqs.Queue", "q", policy=empty, delay_seconds=0)
    assert properties(queue, a_plan(queue)) == {"delay_seconds": "0"}


def test_a_long_value_is_cut() -> None:
    queue = a_resource("sqs.Queue", "q")
    text = value_text("x" * 1000, queue, a_plan(queue))
    assert len(text) == 160
    assert text.endswith("...")


def test_a_resource_is_not_shown_as_a_reference_to_itself() -> None:
    queue = a_resource("sqs.Queue", "q", name="a-long-physical-name")
    assert value_text("a-long-physical-name", queue, a_plan(queue)) == "a-long-physical-name"


def test_references_inside_lists_and_maps_are_resolved() -> None:
    queue = a_resource("sqs.Queue", "q")
    arn = KEY["arn"]
    assert value_text([arn, {"key": arn}], queue, a_plan(KEY, queue)) == "→ the-key, key=→ the-key"


def test_show_draws_a_plan_for_notebooks_and_terminals(plan: Plan) -> None:
    view = show(plan)
    bundle = view._repr_mimebundle_()
    assert bundle == {"text/html": view.html, "text/plain": view.text}
    assert str(view) == repr(view) == view.text


@pytest.mark.parametrize("thing", [None, "text", 5, (), [1], {}])
def test_show_refuses_what_has_no_view(thing: Any) -> None:
    with pytest.raises(TypeError, match="not "):
        show(thing)
