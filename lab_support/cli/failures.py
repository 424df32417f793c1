"""What no command has caught: one sentence, or JSON, and the exit code that says whose failure it is."""

from __future__ import annotations

import errno
import os
import sys
from typing import NoReturn

import click

from lab_support.errors import (
    CLOSED_DESCRIPTORS,
    BriefError,
    InternalError,
    MachineError,
    ProgramError,
    is_of_closed_descriptor,
)
from lab_support.safeguards import guard
from lab_support.safeguards.files import UnreadableFile
from lab_support.safeguards.printing import json_text, printable

FAILED, USAGE_ERROR, INTERNAL_ERROR = 1, 2, 3
_UNWRITABLE = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)
_LONGEST_PATH = 60  # characters of a path that is too long for the system
_LONGEST = 500  # characters of an error's own text


def exit_with_failure(error: Exception, as_json: bool) -> NoReturn:
    """Prints the error and exits: with 1 if it is the program's, 2 if a file cannot be read, 3 if it is the lab's.

    PULUMI_REVIEW_LAB_TRACEBACK=1 shows the traceback instead.
    """
    if isinstance(error, UnreadableFile):
        code, text = USAGE_ERROR, f"lab: {error}"
    elif isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:  # a path on the command line
        code, text = (
            USAGE_ERROR,
            f"lab: {str(error.filename)[:_LONGEST_PATH]}… cannot be read: {error.strerror}",
        )
    elif guard.runs_program() and is_of_closed_descriptor(error):
        code, text = FAILED, str(ProgramError(CLOSED_DESCRIPTORS))
    elif isinstance(error, BriefError) and not isinstance(error, InternalError):
        code, text = FAILED, str(error)
    else:
        code, text = INTERNAL_ERROR, str(error if isinstance(error, InternalError) else _internal(error))
    try:
        if as_json:
            click.echo(json_text({"error": text.removeprefix("lab: ")}))
        else:
            click.echo(printable(text), err=True)
        sys.stdout.flush()
    except OSError:  # standard output has failed; flushing it again at the end would change the exit code
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def _internal(error: Exception) -> InternalError:
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:  # a write to an open file names none
        return MachineError(f"{error.filename or 'A file'} cannot be written: {error.strerror}")
    text = " ".join(str(error).split())
    return InternalError(f"{type(error).__name__}: {text[:_LONGEST]}" if text else type(error).__name__)
