"""Whether a program gives the same plan each time: one whose answer depends on the clock or on chance proves nothing.

Only programs that name a clock or a source of chance are previewed again, with the clock set to another half of the
day, another day, and other random numbers.
"""

from __future__ import annotations

import datetime
import random
import sys
import time
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from lab_support.checking.reached import Reached
from lab_support.program_code import ProgramElsewhere

_VARYING: Final = frozenset(
    """
    random randint randrange choice choices shuffle sample uniform getrandbits secrets token_hex
    token_urlsafe randbelow uuid uuid1 uuid4 urandom time time_ns monotonic perf_counter process_time
    datetime date now today utcnow localtime gmtime strftime getpid
    """.split()
)
# Python's own functions. Attributes of the same name are in nearly every program: `vpc.id`.
_VARYING_FUNCTIONS: Final = frozenset({"hash", "id"})
# Half a day and an odd number of minutes and seconds later; and more than three days later.
SHIFTS: Final = (43_621, 280_861)


def may_vary(found: Reached) -> bool:
    """Whether a program that reaches this could answer differently the next time."""
    return not (_VARYING.isdisjoint(found.names) and _VARYING_FUNCTIONS.isdisjoint(found.variables))


@contextmanager
def at_another_time(program: Any, seconds: float) -> Iterator[None]:
    """In this block the clock that the program reads is ahead by so much, and its random numbers are others.

    Only the program's own names and imports are led to another clock: gRPC waits by the real one.
    """
    if isinstance(program, ProgramElsewhere):
        with program.at_another_time(seconds):
            yield
        return
    clock = _Clock(seconds)
    names = getattr(program, "__globals__", {})
    own = {name: clock.shifted[id(value)] for name, value in names.items() if id(value) in clock.shifted}
    chance = random.getstate()
    random.seed(int(seconds))
    try:
        with _replaced(names, own), _replaced(sys.modules, clock.modules):
            yield
    finally:
        clock.seconds = 0.0
        random.setstate(chance)


@contextmanager
def _replaced(names: dict[str, Any], stand_ins: Mapping[str, Any]) -> Iterator[None]:
    """In this block the names mean the stand-ins. (unittest.mock would take 15 ms of each cold check.)"""
    before = {name: names[name] for name in stand_ins}
    names.update(stand_ins)
    try:
        yield
    finally:
        names.update(before)


class _Clock:
    """Stand-ins for the modules `time` and `datetime`, and for what programs import from them, ahead by `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        clock = self

        class Date(datetime.date):
            @classmethod
            def today(cls) -> Any:
                return datetime.date.fromtimestamp(clock.now())

        class Datetime(datetime.datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return datetime.datetime.fromtimestamp(clock.now(), tz)

            @classmethod
            def utcnow(cls) -> Any:
                return cls.now(datetime.UTC).replace(tzinfo=None)

            @classmethod
            def today(cls) -> Any:
                return cls.now()

        self.modules = {
            "time": _copy_of(
                time,
                time=self.now,
                time_ns=lambda: int(self.now() * 1e9),
                localtime=lambda at=None: time.localtime(self.now() if at is None else at),
                gmtime=lambda at=None: time.gmtime(self.now() if at is None else at),
                strftime=lambda form, at=None: time.strftime(form, at or time.localtime(self.now())),
            ),
            "datetime": _copy_of(datetime, datetime=Datetime, date=Date),
        }
        self.shifted = {id(time): self.modules["time"], id(datetime): self.modules["datetime"]}
        for module, stand_in in ((time, self.modules["time"]), (datetime, self.modules["datetime"])):
            for name, value in vars(stand_in).items():
                if vars(module).get(name) is not value and not name.startswith("__"):
                    self.shifted[id(getattr(module, name))] = value

    def now(self) -> float:
        return time.time() + self.seconds


def _copy_of(module: types.ModuleType, **changed: Any) -> types.ModuleType:
    copy = types.ModuleType(module.__name__)
    vars(copy).update({**vars(module), **changed})
    return copy
