"""Compares the notes that a learner took before the repair with the actual flaws.

A note is a pair: a resource, and what happens because of it, in the learner's words. It is matched by words: the
resource by its logical name (with or without the suffix), its type or its common names; the consequence by the words
that usually describe it. Of several entries that fit, the one with the most words in common counts. Order and upper or
lower case do not matter.

An exercise's cell tagged `answers` defines three lists: `answers`, the actual flaws, `sound`, what looks suspicious but
is right, and `beyond`, what is true although the brief does not ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from lab_support.course.exercises import ANSWERS, EXERCISE, NOTES, Exercise
from lab_support.course.places import NO_SOLUTIONS, is_learner_course
from lab_support.errors import BriefError

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])(?!DB\b)")  # `DynamoDB` is not a DB of RDS
# A name of several parts: `redis-cpu-alarm`, `kinesis_access_policy`.
_COMPOUND: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+")
_OF_AN_ID: Final = re.compile(r"(?<=[a-z0-9])_id\b")  # `kms_key_id` is about a key, not about an id
_WORD: Final = re.compile(r"[0-9]+(?:\.[0-9]+){3}|[a-z0-9]+|\*")
# A word as short as this must match whole, or with an `s`: `all` is no beginning of `allow`. A shorter one has no
# plural, so that `ha` is not found in `has`.
_SHORT: Final = 3
# How much a word counts that belongs to one flaw rather than to its whole kind.
_TELLING: Final = 3
# Words that also occur in notes about something else. On their own they do not make a note a wrong claim.
_VAGUE: Final = frozenset(
    "access account all allow anything any data every everything iam key know name need other more much read same "
    "second security start tell too work".split()
)
# A note with one of these asks for something better, and claims nothing untrue of what is there.
_SUGGESTS: Final = re.compile(
    r"\b(could be|would|consider\w*|better|cleaner|recommend\w*|prefer\w*|add|nice|(not|isn't|n't) needed|unneeded"
    r"|unnecessary|needless|redundant|superfluous)\b",
    re.IGNORECASE,
)
# What may follow a name: an environment, or the variable that holds it.
_SUFFIX: Final = re.compile(
    r"-(\$?\{[^}]*\}|<[^>]*>|\*|(environment[-_])?suffix|dev|demo|staging|prod|test|pr-[0-9]+|feature-[0-9a-f]+)$"
)


@dataclass(frozen=True)
class Note:
    """A learner's note: a resource, and what happens because of it."""

    resource: str
    consequence: str


@dataclass(frozen=True)
class Answer:
    """An actual flaw. `name` is the resource's logical name without prefix and suffix, or several of them; `called`
    holds its other names, separated by commas, and `apart_from` words that only occur in names of similar resources.
    `words` are beginnings of words that describe the consequence, `telling` others that describe no other flaw of the
    same kind, and `what` describes it."""

    finding: str
    name: str
    called: str
    words: str
    what: str
    apart_from: str = ""
    telling: str = ""


@dataclass(frozen=True)
class Sound:
    """Something that looks suspicious but is right, and why. Other fields as in Answer; `name` may hold several.

    A note about it is wrong only if it claims one of the consequences in `words`, or any where there are none. Where
    there are words in `telling`, it must have one of these, too: they say that it is about this, and not about
    something else of the resource. `kinds` has the words of several consequences instead: two of the same one are a
    claim.
    """

    name: str
    called: str
    why: str
    apart_from: str = ""
    words: str = ""
    telling: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Beyond:
    """Something true that the brief does not ask for, and `why` it is worth raising. Other fields as in Answer; where
    there are words in `telling`, a note must have one of these."""

    name: str
    called: str
    words: str
    why: str
    apart_from: str = ""
    telling: str = ""


_Entry = Answer | Sound | Beyond
_Found = TypeVar("_Found", bound=_Entry)


@dataclass(frozen=True)
class Comparison:
    """The notes compared. `near` name the right resource but another consequence; `beyond` are true, but the brief does
    not ask for it; `wrong` are neither, each with the reason why that is fine, or None if the exercise gives none."""

    exercise: Exercise
    hits: tuple[tuple[Note, Answer], ...]
    near: tuple[tuple[Note, Answer], ...]
    beyond: tuple[tuple[Note, Beyond], ...]
    wrong: tuple[tuple[Note, Sound | None], ...]
    missed: tuple[Answer, ...]

    @property
    def of(self) -> int:
        """How many flaws there were."""
        return len(self.missed) + len({answer.finding for _, answer in self.hits})

    def to_json(self) -> dict[str, Any]:
        """The object that `lab notes --json` prints."""

        def row(note: Note, answer: Answer) -> dict[str, str]:
            return {"finding": answer.finding, "resource": note.resource, "consequence": note.consequence}

        return {
            "exercise": self.exercise.slug,
            "hits": [row(*hit) for hit in self.hits],
            "near": [row(*near) for near in self.near],
            "beyond": [
                {"resource": note.resource, "consequence": note.consequence, "why": entry.why}
                for note, entry in self.beyond
            ],
            "missed": [{"finding": answer.finding, "what": answer.what} for answer in self.missed],
            "wrong": [
                {
                    "resource": note.resource,
                    "consequence": note.consequence,
                    "why": sound.why if sound else None,
                }
                for note, sound in self.wrong
            ],
        }


def has_answers(exercise: Exercise) -> bool:
    """Whether there are answers to compare notes with."""
    return bool(exercise.of_tag(ANSWERS))


def no_answers(exercise: Exercise) -> str:
    """Why there are no answers to compare notes with, in a sentence."""
    if exercise.of_tag(NOTES) and is_learner_course():
        return f"{NO_SOLUTIONS[0].upper()}{NO_SOLUTIONS[1:]}. Compare your notes there."
    return f"{exercise.slug} asks for no notes."


def answers_of(exercise: Exercise) -> tuple[tuple[Answer, ...], tuple[Sound, ...], tuple[Beyond, ...]]:
    """The actual flaws of an exercise, what only looks like one, and what is true beyond its brief.

    Raises BriefError if it asks for no notes.
    """
    if not has_answers(exercise):
        raise BriefError(no_answers(exercise))
    names: dict[str, Any] = {}
    for source in exercise.sources(ANSWERS):
        exec(compile(source, f"<{exercise.slug} answers>", "exec"), names)
    return tuple(names["answers"]), tuple(names["sound"]), tuple(names.get("beyond", ()))


def read_notes(found: Any) -> tuple[Note, ...]:
    """The notes in what a learner has written. Raises BriefError, which shows the expected form, for anything else."""
    pairs = list(found.items()) if isinstance(found, dict) else found
    if not isinstance(pairs, (list, tuple, set)):
        raise BriefError(f"Your notes should be a list of pairs, not {type(found).__name__}.")
    notes = []
    for pair in pairs:
        if isinstance(pair, Note):
            notes.append(pair)
            continue
        if not (
            isinstance(pair, (list, tuple)) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
        ):
            raise BriefError(f'A note is a pair of texts, ("resource", "what happens"), not {pair!r}.')
        notes.append(Note(*map(str.strip, pair)))
    return tuple(notes)


def compare(exercise: Exercise, notes: Iterable[Note]) -> Comparison:
    """Compares notes with the actual flaws. Raises BriefError if the exercise asks for no notes."""
    answers, sound, beyond = answers_of(exercise)
    hits: list[tuple[Note, Answer]] = []
    near: list[tuple[Note, Answer]] = []
    more: list[tuple[Note, Beyond]] = []
    wrong: list[tuple[Note, Sound | None]] = []
    system = exercise.system
    known = _vocabulary(exercise, (*answers, *sound, *beyond))
    competing: list[_Entry] = [*answers, *beyond, *(entry for entry in sound if entry.telling)]
    for note in notes:
        if _is_elsewhere(note, known, system):
            wrong.append((note, None))
            continue
        found: _Entry | None = _best(note, competing, system) or _mentioned(note, answers, system)
        if found is None and not any(_means(note, answer, system) for answer in answers):
            found = _best(note, sound, system)
        if isinstance(found, Answer):
            hits.append((note, found))
        elif isinstance(found, Beyond):
            more.append((note, found))
        elif isinstance(found, Sound):
            wrong.append((note, found))
        elif (
            answer := next((answer for answer in answers if _means(note, answer, system)), None)
        ) is not None:
            near.append((note, answer))
        else:
            wrong.append((note, next((fine for fine in sound if _is_about(note, fine, system)), None)))
    named = {answer.finding for _, answer in hits}
    missed = tuple(answer for answer in answers if answer.finding not in named)
    return Comparison(exercise, tuple(hits), tuple(near), tuple(more), tuple(wrong), missed)


def _vocabulary(exercise: Exercise, entries: Iterable[_Entry]) -> set[str]:
    """The words of the program that is reviewed, and of the entries' names."""
    texts = [*exercise.sources(EXERCISE), *(f"{entry.name} {entry.called}" for entry in entries)]
    return {word for text in texts for word in _words(text.replace("_", " "))}


def _is_elsewhere(note: Note, known: set[str], system: str) -> bool:
    """Whether a note names a resource that the program does not have: of `billing-stream`, it has no word `billing`."""
    resource = _SUFFIX.sub("", note.resource.lower().strip("\"',. ")).removeprefix(f"{system}-")
    parts = [part for name in _COMPOUND.findall(resource) for part in re.split("[-_]", name)]
    return any(len(part) > _SHORT and not any(word.startswith(part) for word in known) for part in parts)


def _is_about(note: Note, fine: Sound, system: str) -> bool:
    """Whether a note is about something sound of which any claim is wrong."""
    claims_any = not (fine.words or fine.telling or fine.kinds) and not _SUGGESTS.search(note.consequence)
    return claims_any and _means(note, fine, system)


def _best(note: Note, entries: Sequence[_Found], system: str) -> _Found | None:
    """The entry whose resource the note means and whose consequence it describes best, or None."""
    fitting = [(_weight(note, entry), entry) for entry in entries if _means(note, entry, system)]
    weight, found = max(fitting, key=lambda pair: pair[0], default=(0, None))
    return found if weight else None


def _mentioned(note: Note, answers: Sequence[Answer], system: str) -> Answer | None:
    """The flaw that a note describes although it names the resource only where it says what happens."""
    if _named(note, system) is not None:
        return None
    text = f"{note.resource} {note.consequence}"
    found = _best(Note(text, note.consequence), answers, system)
    if found is not None and _weight(note, found) > 1:
        return found
    meant = [answer for answer in answers if _means(note, answer, system)]
    return _best(Note(note.consequence, text), meant, system)  # ("alarms", "none for the database")


def _named(note: Note, system: str) -> str | None:
    """The logical name in a note, without prefix and suffix, or None where there is none."""
    resource = note.resource.lower()
    found = re.search(rf"{re.escape(system)}-([a-z0-9-]+)", resource + " ")
    if found is None:
        return None
    whole = resource[found.start() :].split()[0].strip("\"',.")
    return _SUFFIX.sub("", whole).removeprefix(f"{system}-")


def _means(note: Note, entry: _Entry, system: str) -> bool:
    """Whether a note is about this resource, by its full logical name if the note has one, else by its other names."""
    named = _named(note, system)
    if named is not None:
        return named in entry.name.split(", ")
    words = _words(note.resource)
    if any(_occurs(word, words) for word in entry.apart_from.split()):
        return False
    names = f"{entry.name}, {entry.called}".split(", ")
    return any(all(_occurs(word, words) for word in _words(name)) for name in names)


def _weight(note: Note, entry: _Entry) -> int:
    """How well the note's consequence fits the entry: its words (or their beginnings) that occur there.

    A note that suggests something better claims nothing of what is sound, and names a flaw by more than a word that may
    mean anything.
    """
    words = _words(note.consequence)
    suggests = _SUGGESTS.search(note.consequence) is not None
    claimed, telling = _found(entry.words, words), _found(entry.telling, words)
    if isinstance(entry, Sound):
        if entry.kinds:
            claimed = max((_found(kind, words) - _VAGUE for kind in entry.kinds), key=len)
        is_claim = len(claimed - _VAGUE) > (1 if entry.kinds else 0)
        if suggests or not is_claim or (entry.telling and not telling):
            return 0
    elif isinstance(entry, Beyond):
        if entry.telling and not telling:
            return 0
    elif suggests and claimed <= _VAGUE:
        return 0
    return len(claimed - telling) + _TELLING * len(telling)


def _found(beginnings: str, words: Sequence[str]) -> set[str]:
    return {beginning for beginning in beginnings.split() if _occurs(beginning, words)}


def _occurs(beginning: str, words: Sequence[str]) -> bool:
    if len(beginning) <= _SHORT:
        forms = (beginning, f"{beginning}s") if len(beginning) == _SHORT else (beginning,)
        return any(word in forms for word in words)
    return any(word.startswith(beginning) for word in words)


def _words(text: str) -> list[str]:
    """The words of a text; `FileSystem` counts both whole and in parts."""
    text = _OF_AN_ID.sub("", text)
    return [word for form in (text, _CAMEL.sub(" ", text)) for word in _WORD.findall(form.lower())]
