"""The map of exercises: what each is about, how far you are, and which comes next.

progress_map()     # in a notebook: follows your progress while the kernel runs
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

from lab_support.course import coach, exercises, progress
from lab_support.course.overview import AFTERWARDS, BEGUN, NEW, PASSED, Overview, Standing, overview
from lab_support.display.html import chip, escape, prose, view
from lab_support.display.view import View
from lab_support.reporting import counted, is_watched

_STATES: Final = {PASSED: "✓ passed", BEGUN: "… begun"}
_INTERVAL: Final = 1.0  # seconds between looks at the progress file


def progress_map() -> None:
    """Draws the map below the cell; in a Jupyter session it is redrawn whenever progress is made."""
    from IPython.display import display  # start-up time: the command needs no IPython

    first = overview()
    handle = display(overview_view((first,)), display_id=True)
    if first.trouble:
        progress.acknowledge(coach.folder())
    if handle is not None:
        follow(lambda: handle.update(_redrawn(first.trouble)))


def follow(redraw: Callable[[], None]) -> None:
    """In a Jupyter session, calls `redraw` whenever progress is made."""
    if is_watched():
        threading.Thread(target=_follow, args=(coach.folder(), redraw), daemon=True).start()


def overview_view(overviews: tuple[Overview, ...]) -> View:
    """A card for each exercise with its state in words, in the order of the course."""
    html = "".join(map(_html, overviews))
    return view(html, "\n\n".join(map(_text, overviews)))


def notebook_link(slug: str, text: str, style: str = "") -> str:
    """A link to another notebook in the same folder; JupyterLab opens it in a tab."""
    kind = f' class="{style}"' if style else ""
    return f'<a{kind} href="{escape(slug)}.ipynb">{escape(text)}</a>'


def flaw_facts(standing: Standing) -> list[tuple[str, str]]:
    """The severity, category and points of an exercise, each with the style of its chip; none before the pass,
    because they say what to look for."""
    exercise = standing.exercise
    if standing.state != PASSED:
        return []
    return [
        (f"{exercise.severity} severity", exercise.severity),
        (exercise.category, ""),
        (counted(exercise.points, "point"), ""),
    ]


def standing_text(standing: Standing) -> str:
    """A few words about the state: what was used so far, or when and how the exercise was passed."""
    entry = standing.entry
    if not entry.passed:
        used = [counted(entry.checks, "check")] if entry.checks else []
        used += [f"{entry.hints} of {exercises.HINTS} hints"] if entry.hints else []
        used += [f"{entry.points} of {counted(standing.exercise.points, 'point')}"] if entry.points else []
        return ", ".join(used)
    if not entry.passed_checks:  # recorded by an earlier version of the lab
        return f"on {entry.passed_at[:10]}"
    checks = f"with {counted(entry.passed_checks, 'check')}"
    hints = f"{entry.passed_hints} of {exercises.HINTS} hints" if entry.passed_hints else "no hints"
    solution = ", after seeing the solution" if entry.solution_seen else ""
    changed = "; the exercise has changed since" if standing.is_outdated else ""
    return f"on {entry.passed_at[:10]}, {checks} and {hints}{solution}{changed}"


def _redrawn(trouble: str) -> View:
    """The map as it is now; what was wrong at its start remains in sight."""
    seen = overview()
    return overview_view((replace(seen, trouble=seen.trouble or trouble),))


def _follow(folder: Path, redraw: Callable[[], None]) -> None:
    drawn = _fingerprint(folder)
    pause = threading.Event()
    while not pause.wait(_INTERVAL):
        now = _fingerprint(folder)
        if now != drawn:
            drawn = now
            redraw()


def _fingerprint(folder: Path) -> tuple[int, int]:
    """Two numbers that change whenever the progress file does."""
    try:
        facts = (folder / progress.FILE_NAME).stat()
    except OSError:
        return (0, 0)
    return (facts.st_mtime_ns, facts.st_size)


def _title(found: Overview) -> str:
    passed = f"{found.passed} of {counted(len(found.standings), 'exercise')} passed"
    return f"{passed}, {found.points} of {counted(found.of, 'point')}"


def _state(standing: Standing) -> str:
    return _STATES.get(standing.state, "new")


def _by_track(found: Overview) -> list[tuple[str, list[Standing]]]:
    groups = groupby(found.standings, key=lambda standing: standing.exercise.track)
    return [(track, list(standings)) for track, standings in groups]


def _text(found: Overview) -> str:
    lines: list[str] = []
    for track, standings in _by_track(found):
        lines += [*([""] if lines else []), track]
        for standing in standings:
            exercise = standing.exercise
            row = f"{_state(standing):9} {exercise.slug:22} {exercise.title:36} {exercise.minutes:2} min"
            more = [", ".join(text for text, _ in flaw_facts(standing)), standing_text(standing)]
            lines += [row, *(f"{'':10}{text}" for text in more if text)]
    lines += ["", _title(found)]
    lines += (
        [f"Next: notebooks/{found.next.slug}.ipynb"]
        if found.next
        else [f"All exercises are passed. Next: notebooks/{AFTERWARDS}.ipynb"]
    )
    return "\n".join([*lines, *(text for text in (found.shared, found.trouble) if text)])


def _html(found: Overview) -> str:
    cards = "".join(
        f'<h4>{escape(track)}</h4><ol class="lab-map">'
        f"{''.join(_card(standing, is_next=found.next is standing.exercise) for standing in standings)}</ol>"
        for track, standings in _by_track(found)
    )
    trouble = f'<p class="lab-card lab-is-bad">{escape(found.trouble)}</p>' if found.trouble else ""
    share = round(100 * found.passed / max(len(found.standings), 1))
    bar = (
        f'<div class="lab-bar" role="img" aria-label="{escape(_title(found))}">'
        f'<div style="width: {share}%"></div></div>'
    )
    onward = (
        "<p><b>All exercises are passed.</b> To start one over, use the Reset button in its notebook.</p>"
        f"<p>{notebook_link(AFTERWARDS, 'Now review your own stack →', 'lab-button')}</p>"
    )
    if found.next:
        begun = any(standing.state != NEW for standing in found.standings)
        text = f"{'Continue with' if begun else 'Start'} {found.next.slug[:2]}: {found.next.title} →"
        onward = f"<p>{notebook_link(found.next.slug, text, 'lab-button')}</p>"
    shared = f"<p>{prose(found.shared)}</p>" if found.shared else ""
    return f"{trouble}{shared}<p><b>{escape(_title(found))}</b></p>{bar}{cards}{onward}"


def _card(standing: Standing, is_next: bool) -> str:
    exercise = standing.exercise
    style = (
        "lab-card lab-is-good"
        if standing.state == PASSED
        else "lab-card lab-is-next"
        if is_next
        else "lab-card"
    )
    facts = "".join(chip(*fact) for fact in flaw_facts(standing)) + chip(f"{exercise.minutes} min")
    here = " · next" if is_next else ""
    more = (
        f'<span class="lab-dim lab-small"> {escape(standing_text(standing))}</span>'
        if standing_text(standing)
        else ""
    )
    return (
        f'<li class="{style}"><div class="lab-head"><span class="lab-number">{escape(exercise.slug[:2])}</span>'
        f'<span class="lab-title">{notebook_link(exercise.slug, exercise.title)}</span>'
        f'<span class="lab-state"><b>{escape(_state(standing))}</b>{here}</span></div>'
        f'<div class="lab-facts">{facts}{more}</div></li>'
    )
