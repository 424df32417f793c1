"""Draws an attempt of the intruder: the request, and AWS's answer."""

from __future__ import annotations

from lab_support.display.html import BAD, GOOD, escape, view
from lab_support.display.view import View
from lab_support.drills.attempt import Attempt


def attempts_view(attempts: tuple[Attempt, ...]) -> View:
    """A card for each attempt: bad if it succeeds beyond the task's work, or if its work is denied."""
    return view("".join(map(_card, attempts)), "\n\n".join(map(_text, attempts)))


def _request(attempt: Attempt) -> str:
    return f"{attempt.action} on {attempt.target}, as {attempt.role}"


def _outcome(attempt: Attempt) -> tuple[str, str]:
    """What happens, in a word with its sign, and in a sentence."""
    if not attempt.allowed:
        return f"{BAD if attempt.needed else GOOD} Denied", attempt.error
    by = f"Allowed by {', '.join(attempt.policies)}."
    if attempt.needed:
        return f"{GOOD} Allowed", f"{by} The task's work requires it, so an intruder can do it, too."
    harm = f" With it, an intruder can {attempt.harm}." if attempt.harm else ""
    return f"{BAD} Allowed", f"{by}{harm}"


def _text(attempt: Attempt) -> str:
    word, sentence = _outcome(attempt)
    return f"{_request(attempt)}\n  {word}. {sentence}"


def _card(attempt: Attempt) -> str:
    word, sentence = _outcome(attempt)
    state = "lab-is-good" if attempt.allowed is attempt.needed else "lab-is-bad"
    return (
        f'<section class="lab-card {state}"><h4><code>{escape(_request(attempt))}</code></h4>'
        f"<p><b>{word}.</b> {escape(sentence)}</p></section>"
    )
