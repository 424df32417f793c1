"""How a hint, a solution and a reset look."""

from __future__ import annotations

from html import escape

from lab_support.course import exercises
from lab_support.course.coach import Hint, Reset, Solution, Way
from lab_support.display.html import view
from lab_support.display.view import Page, View

_LINE_WORDS = {"+": "added", "-": "removed"}


def hints_view(hints: tuple[Hint, ...]) -> Page:
    """Hints as Markdown, which is what their author wrote."""
    return Page("\n\n".join(f"**{hint.title}**\n\n{hint.text}" for hint in hints))


def solutions_view(solutions: tuple[Solution, ...]) -> View:
    """The difference to the solution line by line, and other right ways, folded."""
    html = "".join(_solution(each) for each in solutions)
    return view(html, "\n\n".join(_text(each) for each in solutions))


def resets_view(resets: tuple[Reset, ...]) -> View:
    """What was put back, where the copy is, and how to see it in an open notebook."""
    texts = [_reset(each) for each in resets]
    return view("".join(f"<p>{escape(text)}</p>" for text in texts), "\n".join(texts))


def reset_link(done: Reset) -> View:
    """A button that makes JupyterLab read the open notebook anew; elsewhere the menu does."""
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
        return f"The solution is {solution.whose}, line by line."
    return f"From {solution.whose} to the solution"


def _text(solution: Solution) -> str:
    lines = [_title(solution), "", *solution.difference]
    if solution.ways:
        lines += ["", "Other right ways:"]
        root = exercises.root()
        lines += [f"  {way.what} ({way.path.relative_to(root).as_posix()})" for way in solution.ways]
    return "\n".join(lines)


def _solution(solution: Solution) -> str:
    ways = "".join(_way(each) for each in solution.ways)
    others = f"<h4>Other right ways</h4>{ways}" if ways else ""
    return f"<h4>{escape(_title(solution))}</h4>{source_diff(solution.difference)}{others}"


def _way(way: Way) -> str:
    return (
        f"<details><summary>{escape(way.what)}</summary>"
        f'<pre class="lab-source" tabindex="0">{escape(way.source)}</pre></details>'
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
