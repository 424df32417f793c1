"""Writes one program in many ways: other names, another order, another style, other values that are just as right.

A comparison of two reviews then shows differences everywhere, and so not where the flaws are. The same seed gives the
same text for the sound system and for the one with flaws, so that these two differ in the flaws alone.
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from lab_support.course.reviews.choices import chosen

ORIGINAL: Final = "emergency-alert"
# Systems of the same kind. Not longer than the original name, because AWS limits the length of many names.
SYSTEMS: Final = (
    ORIGINAL, "flood-warning", "storm-watch", "quake-alert", "tsunami-alert", "wildfire-alert", "avalanche-alert",
    "heat-warning", "dam-watch", "coast-alert", "tornado-warning", "volcano-watch",
)  # fmt: skip
# Names in the program that vary.
_OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "Part": ("Component", "Layer", "SystemPart"),
    "Network": ("Networking", "NetworkLayer", "PrivateNetwork"),
    "DataStores": ("Storage", "DataLayer", "Stores"),
    "Processing": ("Compute", "Workers", "TaskRunner"),
    "Interface": ("Ingress", "ApiLayer", "PublicApi"),
    "Monitoring": ("Observability", "Alarms", "Alerting"),
    "kinesis_stream": ("event_stream", "events", "stream"),
    "rds_instance": ("database_instance", "postgres", "rds"),
    "redis_cluster": ("cache_group", "redis", "replication_group"),
    "redis_secret": ("cache_secret", "redis_auth", "token_secret"),
    "redis_token": ("auth_token_value", "cache_token", "generated_token"),
    "efs_mount_targets": ("mount_targets", "file_mounts", "mounts"),
    "efs_access_point": ("access_point", "rules_folder", "file_access"),
    "ecs_execution_role": ("execution_role", "starter_role", "launch_role"),
    "ecs_task_role": ("task_role", "worker_role", "processor_role"),
    "ecs_cluster": ("container_cluster", "task_cluster", "fargate_cluster"),
    "ecs_service": ("container_service", "task_service", "processor_service"),
    "alarm_topic": ("notices", "on_call_topic", "alert_topic"),
    "kms_key": ("encryption_key", "system_key", "data_key"),
    "private_subnets": ("inner_subnets", "app_subnets", "task_subnets"),
    "private_routes": ("inner_routes", "nat_routes", "routes_out"),
    "kinesis_access_policy": ("stream_access_policy", "stream_policy", "kinesis_rights"),
    "release_role": ("deploy_role", "deployment_role", "github_role"),
    "release_policy": ("deploy_policy", "deployment_policy", "github_policy"),
    "release_trust": ("deploy_trust", "trust_of_releases", "github_trust"),
    "secrets_access_policy": ("secret_reading_policy", "secrets_policy", "secret_rights"),
    "login_access_policy": ("login_policy", "database_login_policy", "login_rights"),
    "key_access_policy": ("key_use_policy", "kms_access_policy", "key_rights"),
    "let": ("allow_out", "egress_to", "outbound"),
}
_NAME: Final = re.compile(rf'f"{ORIGINAL}-([^"]*?)-\{{self\.environment_suffix\}}"')
# The system's name, but not that of the repository, which holds all systems.
_SYSTEM: Final = re.compile(rf"(?<!alerts-example/)(?<!repo:\*/){ORIGINAL}")
_NAMED: Final = """
    def named(self, what: str) -> str:
        return f"{system}-{{what}}-{{self.environment_suffix}}"
"""

_Item = TypeVar("_Item")


def in_order(items: Iterable[_Item], seed: str, key: str = "") -> list[_Item]:
    """The items in an order that only the seed decides: on every machine, with every version of Python."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}|{key}|{item}".encode()).digest())


@dataclass(frozen=True)
class Variation:
    """The names, the order and the style that a seed gives."""

    seed: str
    system: str

    @property
    def names(self) -> Mapping[str, str]:
        """The new name of each name that changes."""
        chosen = {
            name: in_order((name, *others), self.seed, name)[0] for name, others in _OTHER_NAMES.items()
        }
        words = "".join(word.capitalize() for word in self.system.split("-"))
        return {**chosen, "EmergencyAlertSystem": f"{words}System"}

    def text(self, text: str) -> str:
        """A sentence about the program, with its names."""
        for old, new in self.names.items():
            is_code = "_" in old
            text = re.sub(rf"(?<![\w-]){old}(?![\w-])" if is_code else f"(?<=`){old}(?=`)", new, text)
        return _SYSTEM.sub(self.system, text)

    def order(self, count: int) -> list[int]:
        """The order of the cells between the first and the last one."""
        return [0, *in_order(range(1, count - 1), self.seed, "cells"), count - 1]

    def program(self, cells: Sequence[str]) -> list[str]:
        """The cells of a program in these names, this order and this style."""
        has_helper = in_order((True, False), self.seed, "helper")[0]
        varied = []
        for cell in cells:
            source = _with_order(chosen(cell, lambda some, key: in_order(some, self.seed, key)[0]), self.seed)
            if has_helper:
                source = _NAME.sub(_call, source)
                if source.startswith("class Part("):
                    source = _with_method(source, _NAMED.format(system=ORIGINAL))
            varied.append(_SYSTEM.sub(self.system, _renamed(source, self.names)))
        return [varied[number] for number in self.order(len(cells))]


def _call(found: re.Match[str]) -> str:
    what = found[1]
    return f'self.named({"f" if "{" in what else ""}"{what}")'


def _with_method(source: str, method: str) -> str:
    """A cell whose first class has another method, after `__init__`."""
    first = ast.parse(source).body[0]
    assert isinstance(first, ast.ClassDef)
    start = next(node for node in first.body if isinstance(node, ast.FunctionDef))
    lines = source.split("\n")
    return "\n".join(
        [*lines[: start.end_lineno], *method.rstrip("\n").split("\n"), *lines[start.end_lineno :]]
    )


def _renamed(source: str, names: Mapping[str, str]) -> str:
    """A program with other identifiers; texts and comments stay as they are."""
    lines = source.split("\n")
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.NAME and token.string in names
    ]
    for token in reversed(tokens):
        row, column = token.start
        line = lines[row - 1]
        lines[row - 1] = line[:column] + names[token.string] + line[token.end[1] :]
    return "\n".join(lines)


def _with_order(source: str, seed: str) -> str:
    """A program with the methods of its classes, and the arguments of its calls, in another order."""
    source = _with_methods_in_order(source, seed)
    lines = source.split("\n")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    found = [blocks for call in calls if len(blocks := _blocks(call, lines)) > 1]
    found.sort(key=lambda blocks: (blocks[0].start, -blocks[-1].stop))
    return "\n".join(_arranged(lines, range(len(lines)), found, seed))


@dataclass(frozen=True)
class _Block:
    """A keyword argument and the lines that it has for itself."""

    name: str
    lines: range

    @property
    def start(self) -> int:
        return self.lines.start

    @property
    def stop(self) -> int:
        return self.lines.stop


def _arranged(
    lines: Sequence[str], region: range, calls: Sequence[Sequence[_Block]], seed: str
) -> Iterator[str]:
    """The lines of a region, with the arguments of the calls in it in order; `opts` is always the last one."""
    at = region.start
    for blocks in calls:
        if blocks[0].start < at or blocks[-1].stop > region.stop:
            continue  # elsewhere, or within an argument that is arranged already
        yield from lines[at : blocks[0].start]
        by_name = {block.name: block for block in blocks}
        names = in_order(by_name.keys() - {"opts"}, seed, "argument")
        for name in [*names, *by_name.keys() & {"opts"}]:
            inner = [other for other in calls if other is not blocks]
            yield from _arranged(lines, by_name[name].lines, inner, seed)
        at = blocks[-1].stop
    yield from lines[at : region.stop]


def _blocks(call: ast.Call, lines: Sequence[str]) -> list[_Block]:
    """The keyword arguments of a call with the lines of each, or none where they do not have lines of their own."""
    found: list[_Block] = []
    before = max((argument.end_lineno or 0 for argument in (call.func, *call.args)), default=0)
    for keyword in call.keywords:
        if keyword.arg is None or keyword.lineno <= before:
            return []
        before = keyword.value.end_lineno or keyword.value.lineno
        found.append(_Block(keyword.arg, range(keyword.lineno - 1, before)))
    if not found or call.end_lineno is None or call.end_lineno <= found[-1].stop:
        return []
    follow = all(block.stop == after.start for block, after in pairwise(found))
    closed = all(lines[block.stop - 1].split("#")[0].rstrip().endswith(",") for block in found)
    return found if follow and closed else []


def _with_methods_in_order(source: str, seed: str) -> str:
    lines = source.split("\n")
    for node in reversed(ast.parse(source).body):
        methods = [part for part in getattr(node, "body", ()) if isinstance(part, ast.FunctionDef)]
        if not isinstance(node, ast.ClassDef) or len(methods) < 3:
            continue
        spans = {method.name: _span(method) for method in methods[1:]}
        start, end = min(first for first, _ in spans.values()), max(stop for _, stop in spans.values())
        parts = [lines[slice(*spans[name])] for name in in_order(spans, seed, node.name)]
        lines[start:end] = list(_joined(parts))
    return "\n".join(lines)


def _span(method: ast.FunctionDef) -> tuple[int, int]:
    first = min([method.lineno, *(decorator.lineno for decorator in method.decorator_list)])
    return first - 1, method.end_lineno or method.lineno


def _joined(parts: Sequence[Sequence[str]]) -> Iterator[str]:
    for number, part in enumerate(parts):
        if number:
            yield ""
        yield from part
