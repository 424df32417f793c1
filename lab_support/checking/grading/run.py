"""Grades all submissions in a folder: finds them, reads them, grades each program once, and writes the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from lab_support.checking.grading.book import Book, Grade
from lab_support.checking.grading.pool import READ_LIMIT, Graded, Request, graded
from lab_support.checking.grading.submissions import Found, Submission, digest_of, find_submissions
from lab_support.checking.judge import Ruling
from lab_support.course.exercises import catalogue, find_exercise
from lab_support.errors import InternalError
from lab_support.safeguards.folders import temporary_folder
from lab_support.safeguards.guard import Fate

TIME_LIMIT: Final = 30.0
_NO_MEMORY: Final = "memory ran out while the file was read"
# Outcomes that depend on nothing but what Python reads of a program. The reason of any other one may name a line.
_OF_TREE: Final = ("passed", "failed", "unchanged")
_UNREADABLE: Final = "The file cannot be read."


class Workers(Protocol):
    """What does the work: warm processes here (pool.py), or a cluster's (cluster.py)."""

    def ask(self, request: Request) -> tuple[Any, Fate]: ...
    def map(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]: ...


@dataclass
class Grading:
    """A folder that has been graded. `pictures` and `cells` are by program; `others` is what is no submission."""

    book: Book
    grades: list[Grade] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    cells: dict[str, list[str]] = field(default_factory=dict)
    fresh: int = 0  # programs that were graded now, and not before


def grade_folder(
    folder: Path,
    out: Path,
    workers: Callable[[list[str]], AbstractContextManager[Workers]],
    *,
    seed: int | None = None,
    time_limit: float = TIME_LIMIT,
    report: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> Grading:
    """Grades what is in `folder`, or continues where an earlier grading into `out` stopped.

    `workers` opens what does the work, for these exercises. `report` is told of progress.
    """
    grading = Grading(Book(out, seed))
    with temporary_folder("submissions") as scratch:
        found = find_submissions(folder, scratch)
        grading.others = found.others
        with _Lazy(workers, [exercise.slug for exercise in catalogue()]) as lazy:
            told = _read_all(found, grading, lazy, report)
            chosen = _last_of_each(told, grading)
            results = _grade_all(chosen, grading, lazy, time_limit, report)
    for submission, read in chosen:
        grading.grades.append(_grade(submission, read, results))
    grading.grades.sort(key=lambda grade: (grade.learner, grade.exercise, grade.file))
    grading.book.write_grades(grading.grades, grading.others)
    return grading


class _Lazy:
    """Workers that are started when the first of them is needed: not where everything is known from last time."""

    def __init__(
        self, open_workers: Callable[[list[str]], AbstractContextManager[Workers]], slugs: list[str]
    ) -> None:
        self._opened = open_workers(slugs)
        self._workers: Workers | None = None

    def __enter__(self) -> _Lazy:
        return self

    def map(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        return self.workers.map(work, items) if items else iter(())

    @property
    def workers(self) -> Workers:
        if self._workers is None:
            self._workers = self._opened.__enter__()
        return self._workers

    def __exit__(self, *error: Any) -> None:
        if self._workers is not None:
            self._opened.__exit__(*error)


_Told = list[tuple[Submission, Mapping[str, Any]]]


def _read_all(found: Found, grading: Grading, lazy: _Lazy, report: Callable[[str, int, int], None]) -> _Told:
    """What each submission holds."""
    told: dict[str, Mapping[str, Any]] = {}
    digests = {submission.name: digest_of(submission.path) for submission in found.submissions}
    unread: dict[tuple[str, str, str], list[Submission]] = {}  # equal files together
    for submission in found.submissions:
        digest = digests[submission.name]
        known = grading.book.read_before(digest, submission.slug)
        if known is None:
            equal = (digest or submission.name, submission.slug, submission.path.suffix)
            unread.setdefault(equal, []).append(submission)
        else:
            told[submission.name] = known

    def read(submission: Submission) -> Mapping[str, Any]:
        request = {
            "do": "read",
            "path": str(submission.path),
            "slug": submission.slug,
            "time_limit": READ_LIMIT,
        }
        try:
            answer, fate = lazy.workers.ask(request)
        except InternalError as error:
            return {"error": str(error.args[0]), "is_ours": True}
        if answer is None and fate.out_of_memory:
            return {"error": _NO_MEMORY, "is_ours": True}
        return answer or {"error": _UNREADABLE}

    firsts = [equal[0] for equal in unread.values()]
    answers = zip(unread.values(), lazy.map(read, firsts), strict=True)
    for number, (equal_files, answer) in enumerate(answers, 1):
        first = equal_files[0]
        told.update((submission.name, answer) for submission in equal_files)
        if "is_ours" not in answer:  # else it is tried again the next time
            grading.book.note_read(digests[first.name], first.slug, answer)
        report("read", number, len(firsts))
    return [(submission, told[submission.name]) for submission in found.submissions]


def _last_of_each(told: _Told, grading: Grading) -> _Told:
    """Of several programs of a learner for an exercise, the last; the others are listed."""
    chosen: dict[tuple[str, str], tuple[Submission, Mapping[str, Any]]] = {}
    for submission, read in sorted(told, key=lambda pair: (pair[0].when, pair[0].name)):
        slug = read.get("exercise") or submission.slug
        if not slug:
            grading.others[submission.name] = str(read["error"])
            continue
        before = chosen.get((submission.learner, slug))
        if before is not None:
            grading.others[before[0].name] = f"a later one counts: {submission.name}"
        chosen[submission.learner, slug] = (submission, read)
    return list(chosen.values())


def _grade_all(
    chosen: _Told,
    grading: Grading,
    lazy: _Lazy,
    time_limit: float,
    report: Callable[[str, int, int], None],
) -> dict[tuple[str, str], Graded]:
    """What each program earns, by exercise and digest.

    Programs that differ in layout and comments alone get one ruling, where it does not name a line.
    """
    results: dict[tuple[str, str], Graded] = {}
    new: dict[tuple[str, str], Mapping[str, Any]] = {}
    by_tree: dict[str, Graded] = {}  # for programs that differ in layout and comments alone
    for _, read in chosen:
        if "cells" in read:
            grading.cells[read["program"]] = read["cells"]
            new[read["exercise"], read["program"]] = read

    def known(read: Mapping[str, Any]) -> Graded | None:
        exercise = find_exercise(read["exercise"])
        if read["tree"] not in by_tree and (found := grading.book.graded_before(exercise, read["tree"])):
            by_tree[read["tree"]] = found
        return by_tree.get(read["tree"]) or grading.book.graded_before(exercise, read["program"])

    def grade(read: Mapping[str, Any]) -> Graded:
        request = {"do": "grade", "slug": read["exercise"], "cells": read["cells"], "seed": grading.book.seed}
        result = graded(lazy.workers.ask, {**request, "time_limit": time_limit})
        of_tree = result.ruling.outcome in _OF_TREE
        if of_tree:
            by_tree[read["tree"]] = result
        exercise = find_exercise(read["exercise"])
        grading.book.note_graded(exercise, read["tree" if of_tree else "program"], result)
        return result

    # First one program of each tree; then those alike whose ruling may name a line.
    for one_of_each in (True, False):
        unknown: dict[Any, tuple[str, str]] = {}
        for key, read in new.items():
            if key not in results and (result := known(read)) is not None:
                results[key] = result
            elif key not in results:
                unknown.setdefault(read["tree"] if one_of_each else key, key)
        keys = list(unknown.values())
        work = [new[key] for key in keys]
        for number, (key, result) in enumerate(zip(keys, lazy.map(grade, work), strict=True), 1):
            results[key] = result
            report("graded", number, len(keys))
        grading.fresh += len(keys)
    grading.pictures = {program: result.picture for (_, program), result in results.items()}
    return results


def _grade(
    submission: Submission, read: Mapping[str, Any], results: Mapping[tuple[str, str], Graded]
) -> Grade:
    slug = read.get("exercise") or submission.slug
    if "cells" in read:
        ruling = results[slug, read["program"]].ruling
    else:
        points = find_exercise(slug).points
        outcome = "lab-error" if "is_ours" in read else "program-error"
        ruling = Ruling(slug, outcome, message=str(read["error"]), of=points)
    return Grade(
        learner=submission.learner,
        exercise=slug,
        outcome=ruling.outcome,
        findings=ruling.findings,
        points=ruling.points,
        of=ruling.of,
        seconds=ruling.seconds,
        program=read.get("program", ""),
        reason=ruling.message,
        file=submission.name,
        user_id=submission.user_id,
    )


__all__ = ["TIME_LIMIT", "Grading", "Workers", "grade_folder"]
