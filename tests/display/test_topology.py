"""The topology's diagram and text: the same facts, with names escaped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lab_support import preview
from lab_support.display.show import show
from lab_support.plan.resource import Resource
from lab_support.plan.topology import topology
from tests.plans import a_plan, a_resource
from tests.whole_system import program

KEY = a_resource("kms.Key", "emergency-alert-key-dev")


def encrypted(name: str, *others: Resource) -> Resource:
    """A stream that refers to the key and to others."""
    stream = a_resource("kinesis.Stream", name, inputs={"kms_key_id": "arn"})
    return replace(stream, properties_from={"kms_key_id": (KEY.urn, *(other.urn for other in others))})


def test_a_topology_is_a_mermaid_diagram_with_a_text() -> None:
    view = show(topology(a_plan(KEY)))
    assert view._repr_mimebundle_() == {"text/vnd.mermaid": view.mermaid, "text/plain": view.text}


def test_several_topologies_at_once_are_refused() -> None:
    drawn = topology(a_plan(KEY))
    with pytest.raises(TypeError, match="one topology at a time"):
        show([drawn, drawn])


def test_text_and_diagram_say_the_same() -> None:
    view = show(topology(a_plan(KEY, encrypted("emergency-alert-stream-dev"))))
    assert view.text.splitlines() == [
        "Environment dev: 2 resources and what they refer to",
        "",
        "kinesis (streams)",
        "  kinesis.Stream  emergency-alert-stream-dev",
        "      kms_key_id → emergency-alert-key-dev",
        "",
        "kms (keys)",
        "  kms.Key  emergency-alert-key-dev",
    ]
    assert 'n0["stream<br/>kinesis.Stream"]' in view.mermaid  # without the words that all names share
    assert 'n1["key<br/>kms.Key"]' in view.mermaid
    assert 'n0 -->|"kms_key_id"| n1' in view.mermaid


def test_the_diagram_is_described_for_screen_readers() -> None:
    lines = show(topology(a_plan(KEY, encrypted("stream")))).mermaid.splitlines()
    title, described = (next(line for line in lines if word in line) for word in ("accTitle", "accDescr"))
    assert title == "  accTitle: Environment dev: 2 resources and what they refer to"
    assert "stream refers to emergency-alert-key-dev by kms_key_id" in described


def test_many_references_to_one_node_are_written_into_their_sources() -> None:
    few = [encrypted(f"s{number}") for number in range(2)]
    others = [a_resource(kind, kind) for kind in ("sns.Topic", "sqs.Queue", "efs.FileSystem", "rds.Instance")]
    others = [
        replace(resource, inputs={"kms_key_id": "arn"}, properties_from={"kms_key_id": (KEY.urn,)})
        for resource in others
    ]
    assert "-->" in show(topology(a_plan(KEY, *few))).mermaid
    many = show(topology(a_plan(KEY, *others))).mermaid
    assert "-->" not in many
    assert many.count("kms_key_id #8594; emergency-alert-key-dev") == 4


@pytest.mark.parametrize(
    "name",
    [
        '"]; click n0 "javascript:alert(1)',
        "end",
        "%%{init: {}}%%",
        "<b>x</b>",
        "`a`",
        "a#b;",
        "one\ntwo",
        "ü→",
    ],
)
def test_names_are_escaped(name: str) -> None:
    diagram = show(topology(a_plan(KEY, encrypted(name)))).mermaid
    label = re.search(r'n0\["(.*?)<br/>kinesis.Stream"\]', diagram)
    assert label is not None
    assert re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label[1]) == name
    assert re.fullmatch(r"([A-Za-z0-9 .,:()+/_-]|#\d+;)*", label[1])
    shape = re.compile(
        r"---|config:|flowchart LR|\w+: \d+|flowchart:|subGraphTitleMargin: .*|acc(Title|Descr): [A-Za-z0-9 .,:()+/_-]*"
        r'|subgraph s\d+\["[^"]*"\]|n\d+\["[^"]*"\]|end|n\d+ -->\|"[^"]*"\| n\d+'
    )
    assert all(shape.fullmatch(line.strip()) for line in diagram.splitlines())


def test_the_text_of_a_whole_system_is_complete() -> None:
    plan = preview(program, "dev")
    view = show(topology(plan))
    assert len(view.mermaid) < 20_000  # Mermaid refuses 50,000
    assert "6 RouteTable, 6 Subnet, 4 SecurityGroup" in view.text
    assert "emergency-alert-private-a-dev" in view.text
    assert "apigateway.RestApi  emergency-alert-api-dev, with 1 Deployment" in view.text
