"""Whether a program gives the same plan each time: one whose answer depends on the clock or on chance proves nothing.

Only programs that name a clock or a source of chance are previewed again: in another half of the day, on another day,
in another season, in another decade, with other random numbers, and as if it were deployed.
"""

from __future__ import annotations

import datetime
import os
import random
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from lab_support.checking.reached import Reached
from lab_support.errors import is_user_code
from lab_support.program_code import ProgramElsewhere, function_of

_VARYING: Final = frozenset(
    """
    random randint randrange choice choices shuffle sample uniform gauss getrandbits randbytes secrets token_hex
    token_urlsafe randbelow uuid uuid1 uuid4 urandom SystemRandom mktemp mkdtemp
    time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns clock_gettime ctime
    asctime datetime date now today utcnow localtime gmtime strftime times getpid getppid is_dry_run
    """.split()
)
# Python's own functions. Attributes of the same name are in nearly every program: `vpc.id`.
_VARYING_FUNCTIONS: Final = frozenset({"hash", "id"})
# Half a day, more than three days, half a year and eleven years later: all parts of a day, a weekend among them, and
# other minutes and seconds.
SHIFTS: Final = (43_621, 280_861, 183 * 86_400 + 1_871, 4_023 * 86_400 + 971)
# Each reading of the clock in a block is so many seconds later than the one before.
_STEP: Final = 7.319
# In these shifts random numbers are the least and the greatest possible, so that what is unlikely happens.
_EXTREMES: Final = {SHIFTS[2]: 0.0, SHIFTS[3]: 1 - 2**-32}
_COUNTERS: Final = ("monotonic", "perf_counter", "process_time")
_DRAWS: Final = tuple("random randint randrange choice choices sample shuffle uniform".split())


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
    chance = random.getstate()
    random.seed(int(seconds))
    try:
        with ExitStack() as stack:
            for names in _namespaces(program):
                own = {
                    name: clock.shifted[id(value)]
                    for name, value in names.items()
                    if id(value) in clock.shifted
                }
                builtin = {name: value for name, value in clock.builtins.items() if name not in names}
                stack.enter_context(_replaced(names, {**builtin, **own}))
            stack.enter_context(_replaced(sys.modules, clock.modules))
            yield
    finally:
        clock.is_over = True
        random.setstate(chance)


def _namespaces(program: Any) -> Iterator[dict[str, Any]]:
    """The variables of the program's module, and of the user's other modules that it has imported or imported from."""
    own = getattr(function_of(program), "__globals__", {})
    found = {id(own): own}
    for value in own.values():
        names = vars(value) if isinstance(value, types.ModuleType) else getattr(value, "__globals__", None)
        file = names.get("__file__") if isinstance(names, dict) else None
        if isinstance(file, str) and is_user_code(file):
            found.setdefault(id(names), names)
    yield from found.values()


@contextmanager
def _replaced(names: dict[str, Any], stand_ins: Mapping[str, Any]) -> Iterator[None]:
    """In this block the names mean the stand-ins. (unittest.mock would take 15 ms of each cold check.)"""
    before = {name: names[name] for name in stand_ins if name in names}
    names.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins.keys() - before.keys():
            names.pop(name, None)
        names.update(before)


class _Clock:
    """Stand-ins for modules that tell the time or draw numbers, and for what programs import from them.

    Those in `modules` are found by every import, the others only where the program's own variables have them.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._readings = 0
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
                ctime=lambda at=None: time.ctime(self.now() if at is None else at),
                asctime=lambda at=None: time.asctime(at or time.localtime(self.now())),
                clock_gettime=lambda which: time.clock_gettime(which) + self._ahead(),
                **{name: self._later(getattr(time, name)) for name in _COUNTERS},
                **{f"{name}_ns": self._later(getattr(time, f"{name}_ns"), 1e9) for name in _COUNTERS},
            ),
            "datetime": _copy_of(datetime, datetime=Datetime, date=Date),
        }
        if (extreme := _EXTREMES.get(int(seconds))) is not None:
            drawn = _Extreme(extreme)
            self.modules["random"] = _copy_of(random, **{name: getattr(drawn, name) for name in _DRAWS})
        stand_ins = [(sys.modules[name], stand_in) for name, stand_in in self.modules.items()]
        # The lab itself asks for the number of its process.
        stand_ins.append(
            (os, _copy_of(os, getpid=lambda: os.getpid() ^ 255, getppid=lambda: os.getppid() ^ 255))
        )
        if pulumi := sys.modules.get("pulumi"):  # a deployment must make what the preview has shown
            stand_ins += _of_a_deployment(pulumi)
        self.builtins = {
            "hash": lambda value: hash((value, seconds)),
            "id": lambda value: id(value) + 2_000_016,
        }
        self.shifted: dict[int, Any] = {}
        for module, stand_in in stand_ins:
            self.shifted[id(module)] = stand_in
            for name, value in vars(stand_in).items():
                if vars(module).get(name) is not value and not name.startswith("__"):
                    self.shifted[id(getattr(module, name))] = value

    def now(self) -> float:
        return time.time() + self._ahead()

    def _ahead(self) -> float:
        """By how much the next reading is ahead of the real clock; nothing once the block is over."""
        self._readings += 1
        return 0.0 if self.is_over else self.seconds + self._readings * _STEP

    def _later(self, counter: Callable[[], Any], unit: float = 1) -> Callable[[], Any]:
        kind = int if unit > 1 else float
        return lambda: counter() + kind(self._ahead() * unit)


def _of_a_deployment(pulumi: types.ModuleType) -> Iterator[tuple[types.ModuleType, types.ModuleType]]:
    runtime = _copy_of(pulumi.runtime, is_dry_run=lambda: False)
    yield pulumi.runtime, runtime
    yield pulumi, _copy_of(pulumi, runtime=runtime)


class _Extreme(random.Random):
    """Draws the least or the greatest number each time."""

    def __init__(self, drawn: float) -> None:
        super().__init__()
        self._drawn = drawn

    def random(self) -> float:
        return self._drawn

    def _randbelow(self, n: int) -> int:  # by which Random draws all whole numbers
        return int(self._drawn * n)


def _copy_of(module: types.ModuleType, **changed: Any) -> types.ModuleType:
    copy = types.ModuleType(module.__name__)
    vars(copy).update({**vars(module), **changed})
    return copy
