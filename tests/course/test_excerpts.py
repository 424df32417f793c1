"""Excerpts of what differs between two programs."""

from __future__ import annotations

import textwrap

import pytest

from lab_support.course.excerpts import excerpts

OLD = """\
def program(suffix):
    key = Key(f"key-{suffix}", rotation=True)
    database = Instance(
        f"db-{suffix}",
        size=100,
        engine="postgres",
        multi_az=False,
        public=False,
        tags=tags,
    )
    Alarm(
        f"alarm-{suffix}",
        threshold=80,
        tags=tags,
    )
    export(database)
"""


def only(old: str, new: str, base: str = OLD) -> tuple[str, str]:
    """The excerpt of the program with one text replaced, before and after."""
    assert base.count(old) == 1
    (excerpt,) = excerpts(base, base.replace(old, new))
    return excerpt.before, excerpt.after


def dedented(text: str) -> str:
    return textwrap.dedent(text).strip()


def test_a_changed_argument_stands_between_gaps_below_the_name() -> None:
    before, after = only("multi_az=False", "multi_az=True")
    assert before == dedented("""
        database = Instance(
            f"db-{suffix}",
            ...
            multi_az=False,
            ...
        )
    """)
    assert after == before.replace("False", "True")


def test_an_added_argument_is_marked_as_missing_before() -> None:
    before, after = only("        size=100,\n", "        encrypted=True,\n        size=100,\n")
    assert before.splitlines()[2].strip() == "# missing here"
    assert "    encrypted=True," in after.splitlines()


@pytest.mark.parametrize("name", ["new", "alarm"])
def test_an_added_statement_has_nothing_before_it(name: str) -> None:
    added = f'    Alarm(\n        f"{name}-{{suffix}}",\n        threshold=90,\n        tags=tags,\n    )\n'
    before, after = only("    export(database)\n", f"{added}    export(database)\n")
    assert (before, after) == ("", textwrap.dedent(added).strip())


POLICIES = """\
def program(suffix):
    Policy(
        f"stream-{suffix}",
        dumps({"Action": ["Get"]}),
        role=role,
    )
    Policy(
        f"key-{suffix}",
        dumps({"Action": ["Decrypt"]}),
        role=role,
    )
    export(role)
"""
SECOND = POLICIES[POLICIES.index('    Policy(\n        f"key') : POLICIES.index("    export")]


@pytest.mark.parametrize("is_added", [True, False], ids=["added", "removed"])
def test_a_statement_that_ends_like_the_one_before_it_is_shown_whole(is_added: bool) -> None:
    texts = (POLICIES.replace(SECOND, ""), POLICIES)
    (excerpt,) = excerpts(*(texts if is_added else texts[::-1]))
    shown = (excerpt.before, excerpt.after)
    assert sorted(shown) == ["", textwrap.dedent(SECOND).strip()]
    assert bool(excerpt.after) == is_added


DOCUMENT = dedented("""
    policy = dumps(
        [
            {
                "Sid": "Account",
                "Action": "kms:*",
                "Resource": "*",
            },
        ]
    )
    a = 1
    b = 2
    c = 3
    d = 4
""")
ALARMS = """\
        {
            "Sid": "Alarms",
            "Action": "kms:Decrypt",
            "Resource": "*",
        },
"""


def test_an_element_that_ends_like_the_one_before_it_is_missing_after_that_one() -> None:
    before, after = only("    ]\n", f"{ALARMS}    ]\n", DOCUMENT)
    lines = before.splitlines()
    assert lines[lines.index("        # missing here") + 1] == "    ]"
    assert ALARMS in after


def test_an_argument_that_is_left_out_is_no_missing_one() -> None:
    before, after = only('        engine="postgres",\n', "")
    assert "# missing here" not in before + after
    assert "    # nothing here" in after.splitlines()


def test_a_removed_statement_has_nothing_after_it() -> None:
    before, after = only('    key = Key(f"key-{suffix}", rotation=True)\n', "")
    assert (before, after) == ('key = Key(f"key-{suffix}", rotation=True)', "")


def test_brackets_around_a_change_are_shown() -> None:
    nested = dedented("""
        x = 1
        policy = dumps(
            {
                "a": [
                    1,
                    2,
                    3,
                ],
                "b": 2,
                "c": 3,
            }
        )
    """)
    before, _ = only("            2,\n", "            5,\n", nested)
    assert before.splitlines() == [
        "policy = dumps(",
        "    {",
        '        "a": [',
        "            1,",
        "            2,",
        "            3,",
        "        ],",
        "        ...",
        "    }",
        ")",
    ]


@pytest.mark.parametrize("is_repair", [True, False], ids=["taken out", "put in"])
def test_a_statement_that_gets_another_block_is_shown_before_and_after(is_repair: bool) -> None:
    alarm = 'Alarm(\n    f"alarm-{suffix}",\n    threshold=80,\n    tags=tags,\n)\n'
    inside = f'if suffix == "prod":\n{textwrap.indent(alarm, "    ")}'
    plain, within = (
        OLD.replace(textwrap.indent(alarm, "    "), textwrap.indent(t, "    ")) for t in (alarm, inside)
    )
    (excerpt,) = excerpts(within, plain) if is_repair else excerpts(plain, within)
    shown = (excerpt.before, excerpt.after) if is_repair else (excerpt.after, excerpt.before)
    assert shown == (inside.strip(), alarm.strip())


def test_two_changes_of_one_statement_are_one_excerpt_and_of_two_are_two() -> None:
    both = OLD.replace("size=100", "size=200").replace("multi_az=False", "multi_az=True")
    assert len(excerpts(OLD, both)) == 1
    found = excerpts(OLD, both.replace("threshold=80", "threshold=90"))
    assert [excerpt.line for excerpt in found] == [5, 13]


def test_equal_programs_have_none() -> None:
    assert excerpts(OLD, OLD) == ()
