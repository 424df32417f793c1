"""Reads text, JSON and YAML from files that may be anything: devices, huge, nested without end, not text at all."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any, Final

import yaml

LARGEST: Final = 10_000_000  # bytes; a notebook with a hundred pictures has about as many
_MOST_NODES: Final = 100_000  # values in a YAML file, aliases counted as often as they are used
_MOST_DIGITS: Final = 1_000  # of a number in a YAML file, where it may be hexadecimal
_TOO_DEEP: Final = "it is nested too deeply"
_TOO_MANY_DIGITS: Final = "a number in it has too many digits"
# A single character or a kind of token in quotation marks, or the beginning of another quotation.
_QUOTED: Final = re.compile(r"""(['"])(?:\\?.|<[a-z -]+>)\1|(?P<long>['"])""")


class UnreadableFile(ValueError):
    """A file cannot be read; the message says which and why, in a sentence without what is in it."""

    def __init__(self, path: Path | str, reason: str, is_refused: bool = False) -> None:
        super().__init__(f"{path} cannot be read: {reason}")
        self.reason = reason
        self.is_refused = is_refused  # by the system: there is no such file, or no permission


def read_bytes(path: Path, largest: int | None = None) -> bytes:
    """The content of a file. Raises UnreadableFile, and never waits: not for a FIFO, not for a device without end."""
    largest = LARGEST if largest is None else largest
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableFile(path, "it is not a regular file")
            content = file.read(largest + 1)
    except OSError as error:
        raise UnreadableFile(path, error.strerror or type(error).__name__, is_refused=True) from None
    except ValueError as error:
        raise (
            error if isinstance(error, UnreadableFile) else UnreadableFile(repr(str(path)), str(error))
        ) from None
    check_size(content, path, largest)
    return content


def check_size(content: bytes, path: Path | str, largest: int) -> None:
    """Raises UnreadableFile for what was read of a file if that is more than it may hold."""
    if len(content) > largest:
        raise UnreadableFile(path, f"it is larger than {largest // 1_000_000} MB")


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark. Raises UnreadableFile."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, f"it is not text in UTF-8 (byte {error.start})") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_json(path: Path) -> Any:
    """The value in a JSON file. Raises UnreadableFile."""
    text = read_text(path)
    try:
        return json.loads(text)
    except RecursionError:
        raise UnreadableFile(path, _TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise UnreadableFile(path, f"it is not JSON (line {error.lineno}: {error.msg})") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise UnreadableFile(path, _TOO_MANY_DIGITS) from None


def read_yaml(path: Path) -> Any:
    """The value in a YAML file. Raises UnreadableFile, also for aliases that contain themselves or multiply."""
    text = read_text(path)
    try:
        _count(yaml.compose(text, yaml.SafeLoader), {}, path)
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise UnreadableFile(path, f"{line}{_unquoted(error.problem or '') or 'it is not YAML'}") from None
    except UnreadableFile:
        raise
    except RecursionError:
        raise UnreadableFile(path, _TOO_DEEP) from None
    except yaml.YAMLError:
        raise UnreadableFile(path, "it is not YAML") from None
    except ValueError as error:  # such as a date that does not exist
        raise UnreadableFile(path, _unquoted(str(error)) or "a value is not valid") from None
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError):  # such as `!!bool maybe`
        raise UnreadableFile(path, "a value is not of the type that its tag names") from None


def _unquoted(message: str) -> str:
    """A parser's message up to where it quotes the file, which may hold a secret: `password: !secret`."""
    starts = (found.start() for found in _QUOTED.finditer(message) if found["long"])
    return message[: next(starts, None)].rstrip(": ")


def _count(node: yaml.Node | None, known: dict[int, int | None], path: Path) -> int:
    """How many values a node holds; `known` are those counted before, None for one that is being counted."""
    if not isinstance(node, yaml.CollectionNode):
        if node and node.tag == "tag:yaml.org,2002:int" and len(node.value) > _MOST_DIGITS:
            raise UnreadableFile(path, _TOO_MANY_DIGITS)
        return 1
    if id(node) in known:
        count = known[id(node)]
        if count is None:
            raise UnreadableFile(path, "an alias contains itself")
        return count
    known[id(node)] = None
    parts = (
        node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
    )
    count = known[id(node)] = 1 + sum(_count(part, known, path) for part in parts)
    if count > _MOST_NODES:
        raise UnreadableFile(path, f"it holds more than {_MOST_NODES:,} values, counting aliases")
    return count
