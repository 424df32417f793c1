"""What a learner wrote down before the repair, against what there was to be found.

A note is a pair of a resource and what happens because of it, in the learner's words. It is compared by words: the
resource by its logical name (with or without the suffix), its type or what people call it, the consequence by any of
the words that it is usually told in. Where a note stands and how it is spelled does not count.

An exercise's cell tagged `answers` defines two lists: `answers`, what there is to be found, and `sound`, what looks
suspicious and is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lab_support.course.exercises import ANSWERS, Exercise
from lab_support.errors import BriefError

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD: Final = re.compile(r"[a-z0-9]+|\*")
_LOGICAL_NAME: Final = re.compile(r"emergency-alert-([a-z0-9-]+)")
# What may stand behind a name: an environment, or the variable that holds it.
_SUFFIX: Final = re.compile(
    r"-(\{[^}]*\}|<[^>]*>|\*|(environment[-_])?suffix|dev|demo|staging|prod|test|pr-[0-9]+|feature-[0-9a-f]+)$"
)


@dataclass(frozen=True)
class Note:
    """One note of the learner's: a resource, and what happens because of it."""

    resource: str
    consequence: str


@dataclass(frozen=True)
class Answer:
    """Something that was to be found. `name` is the resource's logical name without prefix and suffix; `called` are
    other ways to call it, with commas in between, and `apart_from` words that only its neighbours are called by.
    `words` are beginnings of the words in which the consequence is told, and `what` tells it."""

    finding: str
    name: str
    called: str
    words: str
    what: str
    apart_from: str = ""


@dataclass(frozen=True)
class Sound:
    """Something that looks suspicious and is right, and why; the rest is as with an Answer. `name` may be several."""

    name: str
    called: str
    why: str
    apart_from: str = ""


@dataclass(frozen=True)
class Comparison:
    """What became of the notes. `near` have the resource but another consequence; `wrong` are neither, each with the
    reason why it is fine, or None where the exercise has none to give."""

    exercise: Exercise
    hits: tuple[tuple[Note, Answer], ...]
    near: tuple[tuple[Note, Answer], ...]
    wrong: tuple[tuple[Note, Sound | None], ...]
    missed: tuple[Answer, ...]

    @property
    def of(self) -> int:
        """How many there were to be found."""
        return len(self.missed) + len({answer.finding for _, answer in self.hits})

    def to_json(self) -> dict[str, Any]:
        """The object that `lab notes --json` prints."""

        def told(note: Note, answer: Answer) -> dict[str, str]:
            return {"finding": answer.finding, "resource": note.resource, "consequence": note.consequence}

        return {
            "exercise": self.exercise.slug,
            "hits": [told(*each) for each in self.hits],
            "near": [told(*each) for each in self.near],
            "missed": [{"finding": each.finding, "what": each.what} for each in self.missed],
            "wrong": [
                {"resource": n.resource, "consequence": n.consequence, "why": sound.why if sound else None}
                for n, sound in self.wrong
            ],
        }


def has_answers(exercise: Exercise) -> bool:
    """Whether an exercise asks for notes."""
    return bool(exercise.of_tag(ANSWERS))


def answers_of(exercise: Exercise) -> tuple[tuple[Answer, ...], tuple[Sound, ...]]:
    """What there is to be found in an exercise, and what only looks so.

    Raises BriefError where it asks for no notes.
    """
    if not has_answers(exercise):
        raise BriefError(f"{exercise.slug} asks for no notes.")
    names: dict[str, Any] = {}
    for source in exercise.sources(ANSWERS):
        exec(compile(source, f"<{exercise.slug} answers>", "exec"), names)
    return tuple(names["answers"]), tuple(names["sound"])


def read_notes(found: Any) -> tuple[Note, ...]:
    """Notes from what a learner has written. Raises BriefError, which says how it is meant, for anything else."""
    pairs = list(found.items()) if isinstance(found, dict) else found
    if not isinstance(pairs, (list, tuple, set)):
        raise BriefError(f"Your notes should be a list of pairs, not {type(found).__name__}.")
    notes = []
    for pair in pairs:
        if isinstance(pair, Note):
            notes.append(pair)
            continue
        if not (isinstance(pair, (list, tuple)) and len(pair) == 2 and all(isinstance(x, str) for x in pair)):
            raise BriefError(f'A note is a pair of texts, ("resource", "what happens"), not {pair!r}.')
        notes.append(Note(*map(str.strip, pair)))
    return tuple(notes)


def compare(exercise: Exercise, notes: Iterable[Note]) -> Comparison:
    """The notes against what there was to be found. Raises BriefError where the exercise asks for none."""
    answers, sound = answers_of(exercise)
    hits: list[tuple[Note, Answer]] = []
    near: list[tuple[Note, Answer]] = []
    wrong: list[tuple[Note, Sound | None]] = []
    for note in notes:
        if (answer := _hit(note, answers)) is not None:
            hits.append((note, answer))
        elif (answer := next((a for a in answers if _means(note, a)), None)) is not None:
            near.append((note, answer))
        else:
            wrong.append((note, next((fine for fine in sound if _means(note, fine)), None)))
    found = {answer.finding for _, answer in hits}
    missed = tuple(answer for answer in answers if answer.finding not in found)
    return Comparison(exercise, tuple(hits), tuple(near), tuple(wrong), missed)


def _hit(note: Note, answers: Sequence[Answer]) -> Answer | None:
    """The answer whose resource the note means and whose consequence it tells best."""
    fitting = [(_told(note, answer), answer) for answer in answers if _means(note, answer)]
    count, answer = max(fitting, key=lambda each: each[0], default=(0, None))
    return answer if count else None


def _means(note: Note, thing: Answer | Sound) -> bool:
    """Whether a note is about a resource: its whole logical name where it gives one, else what people call it."""
    named = _LOGICAL_NAME.search(note.resource.lower() + " ")
    if named is not None:
        whole = note.resource.lower()[named.start() :].split()[0].strip("\"',.")
        return _SUFFIX.sub("", whole).removeprefix("emergency-alert-") in thing.name.split(", ")
    words = _words(note.resource)
    if any(_occurs(word, words) for word in thing.apart_from.split()):
        return False
    ways = f"{thing.name}, {thing.called}".split(", ")
    return any(all(_occurs(word, words) for word in _words(each)) for each in ways)


def _told(note: Note, answer: Answer) -> int:
    """How many of the answer's words (or their beginnings) occur in what the note says."""
    said = _words(note.consequence)
    return sum(_occurs(word, said) for word in answer.words.split())


def _occurs(beginning: str, words: Sequence[str]) -> bool:
    return any(word.startswith(beginning) for word in words)


def _words(text: str) -> list[str]:
    """The words of a text; one such as `FileSystem` counts whole and in its parts."""
    return [word for way in (text, _CAMEL.sub(" ", text)) for word in _WORD.findall(way.lower())]
