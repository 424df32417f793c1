"""Parses the rule of a composite alarm: which states of other alarms put it into ALARM.

CloudWatch User Guide, "Composite alarms" (alarm-combining.html), and PutCompositeAlarm in the API reference: functions
ALARM, OK and INSUFFICIENT_DATA of an alarm's name or ARN; TRUE and FALSE; AND, OR, NOT and parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lab_support.alarms.evaluation import State

_TOKEN = re.compile(
    r"\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?P<name>\"(?:[^\"\\]|\\.)*\"|[^()\"]+?)\s*\)"
    r"|(?P<word>AND|OR|NOT|TRUE|FALSE)\b|(?P<sign>[()]))"
)

Holds = Callable[[Mapping[str, State]], bool]


class InvalidAlarmRule(ValueError):
    """The rule cannot be parsed; the message says where."""


@dataclass(frozen=True)
class AlarmRule:
    """A rule: the names or ARNs of its alarms, as written, and a test of whether it holds for their states."""

    text: str
    alarms: tuple[str, ...]
    holds: Holds


def parse_alarm_rule(text: str) -> AlarmRule:
    """The rule in a text. Raises InvalidAlarmRule."""
    parser = _Parser(text)
    holds = parser.any_of()
    if parser.at < len(parser.tokens):
        raise InvalidAlarmRule(f"unexpected {parser.tokens[parser.at][1]!r}")
    return AlarmRule(text, tuple(dict.fromkeys(parser.names)), holds)


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, str]] = []
        self.names: list[str] = []
        self.at = 0
        position, text = 0, text.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise InvalidAlarmRule(f"{text[position:].strip()[:40]!r} cannot be parsed")
            kind = match.lastgroup if match["state"] is None else "state"
            self.tokens.append((str(kind), match[str(kind)], match["name"] or ""))
            position = match.end()

    def take(self, *words: str) -> str:
        """Consumes the next word if it is one of these, and returns it; else returns an empty string."""
        if (
            self.at < len(self.tokens)
            and self.tokens[self.at][0] != "state"
            and self.tokens[self.at][1] in words
        ):
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def any_of(self) -> Holds:
        parts = [self.all_of()]
        while self.take("OR"):
            parts.append(self.all_of())
        return lambda states: any(part(states) for part in parts)

    def all_of(self) -> Holds:
        parts = [self.single()]
        while self.take("AND"):
            parts.append(self.single())
        return lambda states: all(part(states) for part in parts)

    def single(self) -> Holds:
        if self.take("NOT"):
            inner = self.single()
            return lambda states: not inner(states)
        if self.take("("):
            inner = self.any_of()
            if not self.take(")"):
                raise InvalidAlarmRule("a closing parenthesis is missing")
            return inner
        if word := self.take("TRUE", "FALSE"):
            return lambda states: word == "TRUE"
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != "state":
            raise InvalidAlarmRule(
                "the rule ends too early" if self.at >= len(self.tokens) else "an alarm's state is missing"
            )
        _, state, name = self.tokens[self.at]
        self.at += 1
        name = name[1:-1] if name.startswith('"') else name
        self.names.append(name)
        return lambda states: states[name] is State(state)
