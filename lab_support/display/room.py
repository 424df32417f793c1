"""The room as text and as a page that reloads itself: what to talk about next, and where everyone is."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from lab_support.course.room import AWAY, DONE, STUCK, WORKING, Learner, Room, Topic
from lab_support.display.html import chip, document, escape
from lab_support.reporting import counted

RELOAD: Final = 5  # seconds
_ORDER: Final = (STUCK, WORKING, DONE, AWAY)
_SHEET: Final = "body{margin:1.5em;font-family:sans-serif}td,th{text-align:left;padding:.2em 1em .2em 0}"


def room_text(room: Room) -> str:
    """The room for a terminal."""
    lines = [_title(room), ""]
    if room.topics:
        lines += ["Talk about next:", *(f"  {_topic(topic)}" for topic in room.topics), ""]
    width = max((len(learner.name) for learner in room.learners), default=0)
    lines += [f"{learner.name:{width}}  {learner.state:8}{_where(learner)}" for learner in _sorted(room)]
    lines += [f"{name} is not read: {reason}" for name, reason in room.unread.items()]
    return "\n".join(lines).rstrip()


def room_page(room: Room) -> str:
    """The room as a page, which reloads itself every few seconds."""
    topics = "".join(f"<li>{escape(_topic(topic))}</li>" for topic in room.topics)
    next_topics = f"<h2>Talk about next</h2><ol>{topics}</ol>" if topics else ""
    rows = "".join(
        f'<tr><th scope="row">{escape(learner.name)}</th><td>{chip(learner.state, _style(learner))}</td>'
        f"<td>{escape(_where(learner))}</td><td>{learner.passed}</td><td>{learner.points}</td></tr>"
        for learner in _sorted(room)
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("learner", "state", "at", "passed", "points"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    unread = "".join(
        f"<li><code>{escape(name)}</code>: {escape(reason)}</li>" for name, reason in room.unread.items()
    )
    others = f"<h2>Not read</h2><ul>{unread}</ul>" if unread else ""
    time = f'<p class="lab-dim">As of {room.seen.astimezone():%H:%M:%S}</p>'
    body = f"<h1>The room</h1><p>{escape(_title(room))}</p>{next_topics}{table}{others}{time}"
    return document("The room", body, _SHEET, RELOAD)


def _title(room: Room) -> str:
    if not room.learners:
        return "Nobody shares progress here yet; learners do with `lab share FOLDER`."
    counts = [
        f"{number} {state}"
        for state in _ORDER
        if (number := sum(learner.state == state for learner in room.learners))
    ]
    return f"{counted(len(room.learners), 'learner')}: {', '.join(counts)}"


def _sorted(room: Room) -> list[Learner]:
    """Those who are stuck first, the longest before the others."""
    return sorted(
        room.learners,
        key=lambda learner: (_ORDER.index(learner.state), -_stuck_minutes(learner), learner.name),
    )


def _stuck_minutes(learner: Learner) -> int:
    return _minutes(learner.stuck_for) if learner.state == STUCK else 0


def _topic(topic: Topic) -> str:
    names = ", ".join(learner.name for learner in topic.learners)
    return (
        f"{topic.exercise.slug[:2]} {topic.exercise.title}, {topic.finding}: {names} "
        f"(up to {_minutes(topic.longest)} min)"
    )


def _where(learner: Learner) -> str:
    """The exercise, the open findings with their age, and how long nothing has been heard."""
    if learner.exercise is None:
        return "has not begun"
    parts = [f"{learner.exercise.slug[:2]} {learner.exercise.title}"]
    if not learner.is_passed:
        parts += [f"{finding} for {_minutes(age)} min" for finding, age in learner.open.items()]
    if learner.state == AWAY:
        parts.append(f"last seen {_minutes(learner.idle)} min ago")
    return ", ".join(parts)


def _style(learner: Learner) -> str:
    return {STUCK: "lab-is-bad", DONE: "lab-is-good"}.get(learner.state, "")


def _minutes(age: timedelta) -> int:
    return int(age.total_seconds()) // 60
