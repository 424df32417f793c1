"""The topology's drawing and text: the same facts, with names escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from lab_support import preview
from lab_support.display.show import show
from lab_support.display.view import View
from lab_support.plan.resource import Resource
from lab_support.plan.topology import topology
from tests.markup import body, words
from tests.plans import a_plan, a_resource
from tests.whole_system import program

KEY = a_resource("kms.Key", "emergency-alert-key-dev")


def encrypted(name: str, *others: Resource) -> Resource:
    """A stream that refers to the key and to others."""
    stream = a_resource("kinesis.Stream", name, inputs={"kms_key_id": "arn"})
    return replace(stream, properties_from={"kms_key_id": (KEY.urn, *(other.urn for other in others))})


def boxes(view: View) -> list[list[str]]:
    """The lines of each box, in the order of the plan."""
    return [[words(line) for line in box.findall("text")] for box in body(view).findall(".//g")]


def arrows(view: View) -> int:
    return len(body(view).findall(".//svg/path[@class='lab-arrow']"))


def test_text_and_drawing_say_the_same() -> None:
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
    # Names are without the words that all of them share.
    assert boxes(view) == [
        ["stream", "kinesis.Stream", "kms_key_id → key"],
        ["key", "kms.Key"],
    ]
    assert arrows(view) == 1


def test_the_drawing_is_described_for_screen_readers() -> None:
    view = show(topology(a_plan(KEY, encrypted("stream"))))
    drawing = body(view).find(".//svg")
    assert drawing is not None
    described = drawing.get("aria-label", "")
    assert described.startswith("Environment dev: 2 resources and what they refer to.")
    assert "stream refers to emergency-alert-key-dev by kms_key_id" in described


def test_arrows_to_a_node_that_many_refer_to_are_left_out() -> None:
    few = [encrypted(f"s{number}") for number in range(2)]
    others = [a_resource(kind, kind) for kind in ("sns.Topic", "sqs.Queue", "efs.FileSystem", "rds.Instance")]
    others = [
        replace(resource, inputs={"kms_key_id": "arn"}, properties_from={"kms_key_id": (KEY.urn,)})
        for resource in others
    ]
    assert arrows(show(topology(a_plan(KEY, *few)))) == 2
    many = show(topology(a_plan(KEY, *others)))
    assert arrows(many) == 0
    assert sum("kms_key_id → emergency-alert-key-dev" in " ".join(box) for box in boxes(many)) == 4


def test_an_arrow_avoids_the_boxes_that_it_passes() -> None:
    drawing = body(show(topology(preview(program, "dev")))).find(".//svg")
    assert drawing is not None
    rectangles = [
        [int(box.get(name, "")) for name in ("x", "y", "width", "height")] for box in drawing.iter("rect")
    ]
    levels = [
        (int(begin), int(level), int(end))
        for arrow in drawing.findall("./path")
        for begin, level, end in re.findall(r"(\d+) (\d+)H(\d+)", arrow.get("d", ""))
    ]
    assert levels
    for begin, level, end in levels:
        assert not any(
            x < end and begin < x + width and y < level < y + height for x, y, width, height in rectangles
        )


def test_a_box_has_its_own_arrows_once_more() -> None:
    (stream, key) = body(show(topology(a_plan(KEY, encrypted("stream"))))).findall(".//g")
    assert len(stream.findall("path")) == len(key.findall("path")) == 1


def test_a_resource_is_drawn_to_the_left_of_what_it_refers_to() -> None:
    drawing = body(show(topology(a_plan(KEY, encrypted("stream")))))
    stream, key = (int(box.get("x", "")) for box in drawing.findall(".//rect"))
    assert stream < key


def test_colours_are_those_of_the_page_so_that_a_change_of_theme_counts() -> None:
    drawing = body(show(topology(a_plan(KEY, encrypted("stream"))))).find(".//svg")
    assert drawing is not None
    markup = ElementTree.tostring(drawing, encoding="unicode")
    assert not re.search(r"#[0-9a-f]{3}|fill=|stroke=|style=", markup)


@pytest.mark.parametrize("name", ["<b>x</b>", '"a"', "a&b;", "ü→", "end"])
def test_names_are_escaped(name: str) -> None:
    assert boxes(show(topology(a_plan(KEY, encrypted(name)))))[0][0] == name


def test_the_text_of_a_whole_system_is_complete() -> None:
    plan = preview(program, "dev")
    view = show(topology(plan))
    assert not any(line.endswith("-") for box in boxes(view) for line in box)  # words are whole
    assert "6 RouteTable, 6 Subnet, 4 SecurityGroup" in view.text
    assert "emergency-alert-private-a-dev" in view.text
    assert "apigateway.RestApi  emergency-alert-api-dev, with 1 Deployment" in view.text
