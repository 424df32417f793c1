"""Draws the reviews that a learner has made, with links to their notebooks."""

from __future__ import annotations

from lab_support.course.reviews.mine import OwnReview
from lab_support.display.html import chip, escape, sign, view
from lab_support.display.overview import notebook_link
from lab_support.display.view import View
from lab_support.reporting import counted


def reviews_view(reviews: tuple[OwnReview, ...]) -> View:
    """A card for each review: its title as a link, the points, and when it was passed."""
    cards = "".join(
        f'<li class="lab-card{" lab-is-good" if review.passed_at else ""}"><div class="lab-head">'
        f'<span class="lab-title">{notebook_link(review.slug, review.title)}</span>'
        f'{chip(_points(review))}</div><div class="lab-facts">{escape(_state(review))}</div></li>'
        for review in reviews
    )
    text = "\n".join(f"{review.slug:28} {_points(review):14} {_state(review)}" for review in reviews)
    return view(f'<ol class="lab-list" role="list">{cards}</ol>', text)


def _points(review: OwnReview) -> str:
    return f"{review.points} of {counted(review.of, 'point')}"


def _state(review: OwnReview) -> str:
    checks = counted(review.checks, "check")
    if review.passed_at:
        return f"{sign(True)} passed on {review.passed_at[:10]}, {checks}"
    return f"begun, {checks}" if review.checks else "new"
