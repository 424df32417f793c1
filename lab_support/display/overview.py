"""The map of exercises: what each is about, how far you are, and where to go on.

progress_map()     # in a notebook: follows your progress as long as the kernel lives
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

from lab_support.course import coach, exercises, progress
from lab_support.course.overview import BEGUN, NEW, PASSED, Overview, Standing, overview
from lab_support.display.html import chip, escape, view
from lab_support.display.view import View
from lab_support.reporting import is_watched

_SIGNS: Final = {PASSED: "✓ passed", BEGUN: "… begun"}
_LOOK_EVERY: Final = 1.0  # seconds


def progress_map() -> None:
    """Draws the map below the cell; where somebody watches, it is drawn anew whenever progress is made."""
    from IPython.display import display  # start-up time: the command needs no IPython

    handle = display(overview_view((overview(),)), display_id=True)
    if handle is not None and is_watched():
        threading.Thread(target=_follow, args=(handle, coach.folder()), daemon=True).start()


def overview_view(overviews: tuple[Overview, ...]) -> View:
    """Each exercise as a card with its state in words, in the order in which they are met."""
    html = "".join(_html(each) for each in overviews)
    return view(html, "\n\n".join(_text(each) for each in overviews))


def notebook_link(slug: str, text: str, style: str = "") -> str:
    """A link that opens another notebook of the same folder; JupyterLab opens it in a tab."""
    kind = f' class="{style}"' if style else ""
    return f'<a{kind} href="{escape(slug)}.ipynb">{escape(text)}</a>'


def standing_text(each: Standing) -> str:
    """What there is to say about the state, in a few words."""
    entry = each.entry
    if not entry.passed:
        exercise = [f"{entry.checks} checks" if entry.checks != 1 else "1 check"] if entry.checks else []
        exercise += [f"{entry.hints} of {exercises.HINTS} hints"] if entry.hints else []
        exercise += [f"{entry.points} of {each.exercise.points} points"] if entry.points else []
        return ", ".join(exercise)
    if not entry.passed_checks:  # noted by an earlier version of the lab
        return f"on {entry.passed_at[:10]}"
    took = f"at check {entry.passed_checks}"
    hints = (
        f"with {entry.passed_hints} of {exercises.HINTS} hints" if entry.passed_hints else "no hint asked for"
    )
    solution = ", the solution seen before" if entry.solution_seen else ""
    changed = "; the exercise has changed since then" if each.is_outdated else ""
    return f"on {entry.passed_at[:10]}, {took}, {hints}{solution}{changed}"


def _follow(handle: Any, folder: Path) -> None:
    seen = _mark(folder)
    pause = threading.Event()
    while not pause.wait(_LOOK_EVERY):
        now = _mark(folder)
        if now != seen:
            seen = now
            handle.update(overview_view((overview(),)))


def _mark(folder: Path) -> tuple[int, int]:
    """Changes whenever the progress file does."""
    try:
        facts = (folder / progress.FILE_NAME).stat()
    except OSError:
        return (0, 0)
    return (facts.st_mtime_ns, facts.st_size)


def _title(seen: Overview) -> str:
    return f"{seen.passed} of {len(seen.standings)} exercises passed, {seen.points} of {seen.of} points"


def _sign(each: Standing) -> str:
    return _SIGNS.get(each.state, "new")


def _text(seen: Overview) -> str:
    lines = []
    for each in seen.standings:
        exercise = each.exercise
        facts = f"{exercise.severity}, {exercise.category}, {exercise.minutes} min"
        lines.append(f"{_sign(each):9} {exercise.slug:22} {exercise.title:36} {facts}")
        if standing_text(each):
            lines.append(f"{'':10}{standing_text(each)}")
    lines += ["", _title(seen)]
    lines += [f"Next: notebooks/{seen.next.slug}.ipynb"] if seen.next else ["All exercises are passed."]
    return "\n".join([*lines, seen.trouble] if seen.trouble else lines)


def _html(seen: Overview) -> str:
    cards = "".join(_card(each, is_next=seen.next is each.exercise) for each in seen.standings)
    trouble = f'<p class="lab-card lab-is-bad">{escape(seen.trouble)}</p>' if seen.trouble else ""
    share = round(100 * seen.passed / max(len(seen.standings), 1))
    bar = (
        f'<div class="lab-bar" role="img" aria-label="{escape(_title(seen))}">'
        f'<div style="width: {share}%"></div></div>'
    )
    onward = "<p><b>All exercises are passed.</b> Each notebook can be begun anew with its Reset button.</p>"
    if seen.next:
        begun = any(each.state != NEW for each in seen.standings)
        text = f"{'Go on' if begun else 'Begin'} with {seen.next.title} →"
        onward = f"<p>{notebook_link(seen.next.slug, text, 'lab-button')}</p>"
    return f'{trouble}<p><b>{escape(_title(seen))}</b></p>{bar}<ol class="lab-map">{cards}</ol>{onward}'


def _card(each: Standing, is_next: bool) -> str:
    exercise = each.exercise
    style = (
        "lab-card lab-is-good" if each.state == PASSED else "lab-card lab-is-next" if is_next else "lab-card"
    )
    facts = (
        f"{chip(f'{exercise.severity} severity', exercise.severity)}{chip(exercise.category)}"
        f"{chip(f'{exercise.minutes} min')}{chip('1 point' if exercise.points == 1 else f'{exercise.points} points')}"
    )
    here = " · next" if is_next else ""
    more = (
        f'<span class="lab-dim lab-small"> {escape(standing_text(each))}</span>'
        if standing_text(each)
        else ""
    )
    return (
        f'<li class="{style}"><div class="lab-head"><span class="lab-number">{escape(exercise.slug[:2])}</span>'
        f'<span class="lab-title">{notebook_link(exercise.slug, exercise.title)}</span>'
        f'<span class="lab-state"><b>{escape(_sign(each))}</b>{here}</span></div>'
        f'<div class="lab-facts">{facts}{more}</div></li>'
    )
