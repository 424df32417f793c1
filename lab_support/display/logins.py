"""Draws the login drill: how a task gets the login to the database, and where that ends."""

from __future__ import annotations

from lab_support.display.html import BAD, GOOD, escape, state_class, view
from lab_support.display.view import View
from lab_support.display.way import Stop, reached, way_html, way_lines
from lab_support.drills.logins import Login, Logins


def logins_view(reports: tuple[Logins, ...]) -> View:
    """A row for each task definition, and the same as text."""
    logins = [login for report in reports for login in report.tasks]
    if not logins:
        sentence = "The plan has no task definition, so no task logs in."
        return view(f"<p>{sentence}</p>", sentence)
    html = "".join(
        f'<section class="lab-card {state_class(login.works)}"><h4>{escape(_title(login))}</h4>'
        f'{way_html(_stops(login))}<b class="lab-fate">{_verdict(login)}</b></section>'
        for login in logins
    )
    text = "\n\n".join(
        "\n".join([_title(login), f"  {_verdict(login)}", *way_lines(_stops(login))]) for login in logins
    )
    return view(html, text)


def _title(login: Login) -> str:
    return f"The login of {login.task}"


def _verdict(login: Login) -> str:
    return f"{GOOD} the task connects" if login.works else f"{BAD} the task does not connect"


def _stops(login: Login) -> tuple[Stop, ...]:
    return reached(
        (
            Stop("Task starts", (login.task,), True),
            Stop("Gets the login", (login.way or login.problem,), login.works),
            Stop("Connects to the database", ("with the login",), login.works),
        )
    )
