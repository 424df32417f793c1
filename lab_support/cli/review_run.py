"""The work of `lab review`, in a module of its own because it loads Pulumi: a review of a program or of an export."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from lab_support.cli.options import INTERNAL_ERROR, usage_error
from lab_support.cli.previewing import exit_with_error
from lab_support.cli.progress import on_terminal
from lab_support.errors import InternalError, PreviewFailed, ProgramError
from lab_support.projects.config import InvalidProject
from lab_support.projects.project import read_project, split_config
from lab_support.review.deployed import InvalidDeployment, is_json_object
from lab_support.review.findings import Review
from lab_support.review.places import Origin, root_of
from lab_support.review.program import review_deployment, review_project
from lab_support.safeguards.files import UnreadableFile, check_size, read_bytes

STANDARD_INPUT: Final = "-"
_LARGEST: Final = 100_000_000  # bytes of an export; one of 1,000 resources has about 4 MB


def export_at(path: str) -> bytes | None:
    """The content of an export or a preview by Pulumi; None for a program, whatever its file is called.

    Raises UnreadableFile for what is too large.
    """
    if path == STANDARD_INPUT:
        content = sys.stdin.buffer.read(_LARGEST + 1)
        check_size(content, "standard input", _LARGEST)
        return content
    file = Path(path)
    try:
        content = read_bytes(file, _LARGEST) if file.is_file() else b""
    except UnreadableFile as error:
        if error.is_refused:
            return None  # reading the project says why
        raise
    return content if is_json_object(content) or (content and file.suffix == ".json") else None


def of_program(
    program: Path, settings: tuple[str, ...], stack: str | None, timeout: float, strict: bool, as_json: bool
) -> tuple[Review, Origin]:
    """The review of a project; exits with INTERNAL_ERROR if the program cannot be previewed."""
    try:
        given = split_config(settings)
        project = read_project(program, stack, given)
    except InvalidProject as error:
        usage_error(str(error), as_json)
    try:
        with on_terminal("Review"):
            _, review = review_project(program, project, given, timeout, strict=strict)
    except (ProgramError, PreviewFailed, InternalError) as error:
        exit_with_error(error, as_json, INTERNAL_ERROR, (*project.notes, *project.advice_on(error)))
    return review, Origin(program, root_of(program))


def of_export(path: str, content: bytes, strict: bool, as_json: bool) -> tuple[Review, Origin]:
    """The review of an export or a preview by Pulumi."""
    name = "standard input" if path == STANDARD_INPUT else path
    try:
        review, lines = review_deployment(content, name, strict=strict)
    except InvalidDeployment as error:
        usage_error(str(error), as_json)
    file = None if path == STANDARD_INPUT else Path(os.path.realpath(path))
    return review, Origin(file, root_of(file or Path.cwd()), lines)
