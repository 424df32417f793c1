"""The environments that a check tries: the usual ones, those that the program names, and an unforeseen one."""

from __future__ import annotations

import dis
import hashlib
import re
import types
from collections.abc import Collection, Iterator
from typing import Any, Final

from lab_support.program_code import codes_around

# The suffixes that every check tries, whatever environments the notebook mentions.
ENVIRONMENTS: Final = ("dev", "demo", "staging", "prod", "pr-1234", "pr-1235")
_SUFFIX = re.compile(r"[a-z][a-z0-9-]{1,15}")
_MOST: Final = 3


def named_environments(program: Any, tried: Collection[str] = ENVIRONMENTS) -> tuple[str, ...]:
    """Words that the program compares with something: `if environment_suffix != "sandbox"` names one.

    At most three beyond those that are `tried` anyway. A word that is not an environment does no harm: the program
    must be right in every environment.
    """
    found = (word for code in codes_around(program) for word in _compared(code))
    words = [word for word in dict.fromkeys(found) if _SUFFIX.fullmatch(word) and word not in tried]
    return tuple(words[:_MOST])


def unforeseen_environment(program: Any) -> str:
    """A suffix that the program cannot contain, because it is a hash of the program's own code."""
    codes = [(code.co_code, code.co_consts) for code in codes_around(program)]
    seed = repr(codes) if codes else repr(program)
    seed = re.sub(r"0x[0-9a-f]+|line \\d+", "", seed)
    return f"feature-{hashlib.sha256(seed.encode()).hexdigest()[:6]}"


def _compared(code: types.CodeType) -> Iterator[str]:
    """The text constants on either side of a comparison (`==`, `in`) in some code and in the code within it."""
    before: list[dis.Instruction] = []
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("COMPARE_OP", "CONTAINS_OP"):
            for side in before[-3:]:
                values = side.argval if isinstance(side.argval, (tuple, frozenset)) else (side.argval,)
                yield from (
                    value for value in values if isinstance(value, str) and side.opname == "LOAD_CONST"
                )
        before.append(instruction)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _compared(constant)
