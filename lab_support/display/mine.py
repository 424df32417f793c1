"""Draws the reviews that a learner has made, with links to their notebooks, and what their notes missed most."""

from __future__ import annotations

from typing import Final

from lab_support.course.reviews.mine import OwnReview, missed_kinds
from lab_support.display.html import chip, escape, prose, sign, view
from lab_support.display.overview import notebook_link
from lab_support.display.view import View
from lab_support.reporting import counted

_SHOWN: Final = 3  # kinds that were missed most
_DAY: Final = 24 * 60  # minutes


def reviews_view(reviews: tuple[OwnReview, ...]) -> View:
    """A card for each review: its title as a link, the points, when it was passed and after what time. Then the kinds
    that the notes missed most."""
    cards = "".join(
        f'<li class="lab-card{" lab-is-good" if review.passed_at else ""}"><div class="lab-head">'
        f'<span class="lab-title">{notebook_link(review.slug, review.title)}</span>'
        f'<span class="lab-state"><b>{escape(_state(review))}</b></span></div>'
        f'<div class="lab-facts">{chip(counted(review.flaws, "flaw"))}{chip(_points(review))}'
        f'<span class="lab-dim lab-small"> {escape(_more(review))}</span></div></li>'
        for review in reviews
    )
    rows = [
        f"{review.slug:28} {counted(review.flaws, 'flaw'):8} {_points(review):14} "
        + ", ".join(filter(None, (_state(review), _more(review))))
        for review in reviews
    ]
    missed = missed_text(reviews)
    html = f'<ol class="lab-list" role="list">{cards}</ol>' + (f"<p>{prose(missed)}</p>" if missed else "")
    return view(html, "\n".join([*rows, *(["", missed.replace("`", "")] if missed else [])]))


def missed_text(reviews: tuple[OwnReview, ...]) -> str:
    """Which kinds of flaws the notes missed most, and how to practise them; empty where they missed none."""
    kinds = missed_kinds(reviews)[:_SHOWN]
    if not kinds:
        return ""
    listed = ", ".join(f"`{kind}` ({missed} of {counted(there, 'time')})" for kind, missed, there in kinds)
    names = ",".join(kind for kind, _, _ in kinds)
    return (
        f"What your notes missed most: {listed}. A review with only these: "
        f"`lab review-exercise new --flaws {len(kinds)} --from {names}`"
    )


def _points(review: OwnReview) -> str:
    return f"{review.points} of {counted(review.of, 'point')}"


def _state(review: OwnReview) -> str:
    if review.passed_at:
        return f"{sign(True)} passed"
    return "… begun" if review.checks else "new"


def _more(review: OwnReview) -> str:
    """When the review was made, or passed, and what it took."""
    checks = counted(review.checks, "check")
    if not review.passed_at:
        made = f"made on {review.made_at[:10]}" if review.made_at else ""
        return ", ".join(filter(None, (made, checks if review.checks else "")))
    return ", ".join(filter(None, (f"on {review.passed_at[:10]}", _time(review.minutes), f"with {checks}")))


def _time(minutes: int | None) -> str:
    if minutes is None:
        return ""
    if minutes >= _DAY:
        return f"{counted(minutes // _DAY, 'day')} after it was made"
    hours, rest = divmod(minutes, 60)
    return f"in {hours} h {rest} min" if hours else f"in {counted(max(rest, 1), 'minute')}"
