"""How hints, solutions and resets look."""

from __future__ import annotations

from html import escape

from lab_support.course import exercises
from lab_support.course.coach import Hint, Reset, Solution, Way
from lab_support.course.places import course_folder
from lab_support.display.html import view
from lab_support.display.view import Page, View

_LINE_WORDS = {"+": "added", "-": "removed"}


def hints_view(hints: tuple[Hint, ...]) -> Page:
    """Hints as Markdown, as their author wrote them."""
    return Page("\n\n".join(f"**{hint.title}**\n\n{hint.text}" for hint in hints))


def solutions_view(solutions: tuple[Solution, ...]) -> View:
    """The difference to the solution, other right ways, folded, and below each the whole program, folded, too."""
    html = "".join(_solution(solution) for solution in solutions)
    return view(html, "\n\n".join(solution_text(solution) for solution in solutions))


def solution_text(solution: Solution, whole: bool = False) -> str:
    """The solution and other right ways as text: as differences, or as whole programs."""
    parts = [_title(solution), solution.after if whole else "\n".join(solution.difference)]
    for number, way in enumerate(solution.ways, start=1):
        path = way.path.relative_to(course_folder()).as_posix()
        parts.append(f"Another right way, {number} of {len(solution.ways)} ({path}):\n{way.what}")
        parts.append(way.source if whole else "\n".join(way.difference))
    if not whole:
        parts.append(f"As whole programs: lab solution {solution.exercise} --whole")
    return "\n\n".join(filter(None, parts))


def resets_view(resets: tuple[Reset, ...]) -> View:
    """What was reset, where the copy is, and how to reload an open notebook."""
    texts = [_reset(reset) for reset in resets]
    return view("".join(f"<p>{escape(text)}</p>" for text in texts), "\n".join(texts))


def reset_link(done: Reset) -> View:
    """A button that reloads the open notebook in JupyterLab; elsewhere, the menu does."""
    text = "In JupyterLab: File > Reload Notebook from Disk."
    button = (
        '<button class="lab-button" data-commandlinker-command="docmanager:reload" '
        "data-commandlinker-args='{}'>Reload the notebook</button>"
    )
    return view(f"<p>{button}</p>", text)


def _reset(done: Reset) -> str:
    root = exercises.root()
    kept = f"Your version is kept as {done.copy.relative_to(root).as_posix()}. " if done.copy else ""
    name = done.path.relative_to(root).as_posix()
    return f"{kept}{name} is as shipped. Where it is open, reload it, then run all its cells."


def _title(solution: Solution) -> str:
    if not solution.difference:
        return f"{solution.whose[:1].upper()}{solution.whose[1:]} is identical to the solution."
    return f"From {solution.whose} to the solution"


def _solution(solution: Solution) -> str:
    ways = "".join(_way(way) for way in solution.ways)
    others = f"<h4>Other right ways</h4>{ways}" if ways else ""
    whole = _whole(solution.after)
    return f"<h4>{escape(_title(solution))}</h4>{source_diff(solution.difference)}{whole}{others}"


def _way(way: Way) -> str:
    return f"<details><summary>{escape(way.what)}</summary>{source_diff(way.difference)}{_whole(way.source)}</details>"


def _whole(source: str) -> str:
    return (
        "<details><summary>The whole program</summary>"
        f'<pre class="lab-source" tabindex="0">{escape(source)}</pre></details>'
    )


def source_diff(lines: list[str]) -> str:
    """The lines of a unified diff; each keeps its sign, and what is added or removed is marked for reading aloud."""
    if not lines:
        return ""
    drawn = "".join(_line(line) for line in lines)
    return f'<pre class="lab-source" tabindex="0">{drawn}</pre>'


def _line(line: str) -> str:
    text = escape(line)
    if line.startswith("@@"):
        return '<span class="lab-dim">⋯</span>\n'
    word = _LINE_WORDS.get(line[:1])
    if word is None:
        return f"{text}\n"
    tag = "ins" if word == "added" else "del"
    return f"<{tag}>{text}</{tag}>\n"
