"""Makes the slides, the hand-out and the questionnaire from docs/slides.py, each as one file that needs no network.

    python -m tools.slides [FOLDER]

The notebook runs first, so the pictures are those of the drills as they are now. nbconvert makes the pages; reveal.js
comes from the package sphinx-revealjs, which is not imported.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import jupytext
from nbclient import NotebookClient
from nbconvert.exporters import HTMLExporter, SlidesExporter

from tools.data_file import ROOT

SOURCE: Final = ROOT / "docs" / "slides.py"
TEMPLATES: Final = Path(__file__).parent / "template"
# nbconvert has no types.
_Slides: Any = SlidesExporter
_Paper: Any = HTMLExporter
# Files with the cells that go into them: the slides are all the others.
PAPER: Final = {"handout": "Hand-out", "questionnaire": "Questionnaire"}
SETUP: Final = "setup"  # the tag of cells that show nothing
_TIME_LIMIT: Final = 120  # seconds for a cell


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.slides", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist" / "slides")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)


def pages() -> dict[str, str]:
    """The text of each file, by its name. Raises CellExecutionError where a cell of the notebook fails."""
    notebook: Any = jupytext.read(SOURCE)
    NotebookClient(notebook, timeout=_TIME_LIMIT, resources={"metadata": {"path": str(ROOT)}}).execute()
    slides = _with_cells(notebook, lambda tags: not tags & {SETUP, *PAPER})
    made = {"slides.html": _slides(slides)}
    for tag, title in PAPER.items():
        made[f"{tag}.html"] = _paper(_with_cells(notebook, lambda tags, tag=tag: tag in tags), title)  # type: ignore[misc]
    return made


def _with_cells(notebook: Any, wanted: Callable[[set[str]], bool]) -> Any:
    """A copy of the notebook that has only the cells with the tags that are wanted."""
    chosen = copy.deepcopy(notebook)
    chosen.cells = [cell for cell in chosen.cells if wanted(set(cell.metadata.get("tags", [])))]
    return chosen


def _slides(notebook: Any) -> str:
    exporter: Any = _Slides(
        template_file=str(TEMPLATES / "slides.html.j2"), exclude_input=True, exclude_output_prompt=True
    )
    resources = {name: file.read_text(encoding="utf-8") for name, file in _reveal().items()}
    text, _ = exporter.from_notebook_node(notebook, {"lab": resources})
    return str(text)


def _reveal() -> dict[str, Path]:
    """The files of reveal.js that the slides have inside them."""
    package = find_spec("sphinx_revealjs")
    if package is None or package.origin is None:
        raise SystemExit("reveal.js is missing; install requirements-dev.lock, which `make slides` does")
    files = Path(package.origin).parent / "_static" / "revealjs"
    return {
        "reveal_css": files / "dist" / "reveal.css",
        "reveal_js": files / "dist" / "reveal.js",
        "notes_js": files / "plugin" / "notes" / "notes.js",
    }


def _paper(notebook: Any, title: str) -> str:
    exporter: Any = _Paper(
        template_file=str(TEMPLATES / "paper.html.j2"), exclude_input=True, exclude_output_prompt=True
    )
    text, _ = exporter.from_notebook_node(notebook, {"lab": {"title": title}})
    return str(text)


if __name__ == "__main__":
    main()
