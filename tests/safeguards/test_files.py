"""Reading files that may be anything; tests/cli/test_untrusted.py has them all with every command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lab_support.safeguards import files
from lab_support.safeguards.files import UnreadableFile, read_json, read_text, read_yaml


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def test_text_comes_without_byte_order_mark_and_with_line_feeds(path: Path) -> None:
    path.write_bytes("\ufeffä\r\nb\rc\n".encode())
    assert read_text(path) == "ä\nb\nc\n"


def test_json_may_have_a_byte_order_mark(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json(path) == {"a": 1}


@pytest.mark.parametrize("read", [read_text, read_json, read_yaml])
def test_a_file_that_is_not_there_is_refused_by_the_system(
    path: Path, read: Callable[[Path], object]
) -> None:
    with pytest.raises(UnreadableFile, match="No such file") as refused:
        read(path)
    assert refused.value.is_refused


def test_the_largest_file_is_read_and_a_larger_one_is_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 3)
    path.write_text("abc")
    assert read_text(path) == "abc"
    path.write_text("abcd")
    with pytest.raises(UnreadableFile, match="larger"):
        read_text(path)


def test_aliases_and_merges_are_read(path: Path) -> None:
    path.write_text("a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: [*a, *a]\n")
    assert read_yaml(path) == {"a": {"x": 1}, "b": {"x": 1, "y": 2}, "c": [{"x": 1}, {"x": 1}]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("&a [*a]", "contains itself"),
        ("&a {b: {c: *a}}", "contains itself"),
        ("[" * 5000, "nested too deeply"),
        ("a: [\n", "line 2"),
        ("a: *b", "line 1"),
        ("!!python/object:os.system x", "line 1"),
        ("a: 2026-02-31", "day"),
        ("a: %x", "character '%'"),
        ("a: 'x", "unexpected end of stream"),
        ("a: {b: x", "'<stream end>'"),
        ("a: 0x" + "f" * 4000, "too many digits"),
        ("a: !hunter2", "a constructor for the tag$"),
        ("a: !it's-hunter2", "a constructor for the tag$"),
        ("a: *hunter2", "undefined alias$"),
        ("a: !h!hunter2 x", "undefined tag handle$"),
        ("a: !!int hunter2", "base 10$"),
        ("a: !!float hunter2", "to float$"),
        ("a: !!int ''", "tag names"),
        ("a: !!bool hunter2", "tag names"),
        ("a: !!timestamp hunter2", "tag names"),
    ],
)
def test_yaml_that_cannot_be_used_is_refused_with_a_reason_that_quotes_nothing_of_it(
    path: Path, text: str, reason: str
) -> None:
    path.write_text(text)
    with pytest.raises(UnreadableFile, match=reason) as refused:
        read_yaml(path)
    assert "hunter2" not in str(refused.value)


def test_only_the_system_refuses_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_text(path)
    assert refused.value.is_refused
    path.write_bytes(b"\xff")
    with pytest.raises(UnreadableFile) as unreadable:
        read_text(path)
    assert not unreadable.value.is_refused
