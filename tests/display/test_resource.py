"""The view of a resource: the same facts in HTML and text."""

from __future__ import annotations

from dataclasses import replace

from lab_support.display.show import show
from tests.plans import a_resource

KEY = a_resource("kms.Key", "the-key", arn="arn:aws:kms:ap-southeast-1:123456789012:key/1")
DATABASE = replace(
    a_resource(
        "rds.Instance",
        "<b>db</b>",
        inputs={"kms_key_id": KEY["arn"], "password": "hunter2"},
        secrets=frozenset({"password"}),
        port=5432,
    ),
    properties_from={"kms_key_id": (KEY.urn,)},
)


def test_a_resource_is_shown_with_its_references() -> None:
    view = show(DATABASE)
    assert view.text.splitlines() == [
        "+ create rds.Instance  <b>db</b>",
        "    Inputs:",
        "      kms_key_id: → the-key",
        "      password: [secret]",
        "    What AWS adds:",
        "      port: 5432",
    ]
    for fact in ("→ the-key", "[secret]", "5432", "rds.Instance", "&lt;b&gt;db&lt;/b&gt;"):
        assert fact in view.html
    assert "hunter2" not in view.text + view.html


def test_several_resources_are_shown_one_below_the_other() -> None:
    view = show([KEY, DATABASE])
    assert view.text.index("the-key") < view.text.index("db")
    assert view.html.count("<section") == 2
