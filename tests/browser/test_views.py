"""All of the lab's views in a real JupyterLab, light and dark, in a common and in a narrow window.

A notebook with the views as stored outputs is opened: it looks as after a run, and no kernel has to run for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from playwright.sync_api import Locator, Page, expect

from lab_support import VERBATIM, incident, outages, preview, rollout, show, topology
from lab_support.course.cells import shipped_program
from lab_support.course.exercises import EXERCISE, SETUP, SOLUTION, catalogue, find_exercise
from lab_support.display.diff import diff_view
from lab_support.display.drill_cells import drill_views
from lab_support.display.view import View
from lab_support.plan.plan import Plan
from tests.browser.axe import violations
from tests.browser.learner import SCREENSHOTS
from tests.browser.looks import WINDOWS, is_readable, leaves_its_box, overflow
from tests.browser.server import Server
from tests.whole_system import program

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALLEST = 10  # pixels of a letter's height in a chart


@cache
def a_preview(slug: str, tag: str, environment: str = "dev", verbatim: bool = False) -> Plan:
    """The plan of an exercise's program, as shipped or as solved; previewed once."""
    names: dict[str, Any] = {}
    for source in (*find_exercise(slug).sources(SETUP), *find_exercise(slug).sources(tag)):
        exec(compile(source, slug, "exec"), names)
    return preview(names["program"], environment, config=VERBATIM if verbatim else None)


def all_views() -> Iterator[tuple[str, View]]:
    """The views that a learner meets: each drill before the repair, plans, differences, topologies."""
    stream = [a_preview("01_stream_name", EXERCISE, name, verbatim=True) for name in ("dev", "prod")]
    yield "rollout", show(rollout(stream))
    for exercise in catalogue():
        if exercise.slug not in ("01_stream_name", "06_code_review"):
            views = [
                shown for shown in drill_views(exercise, shipped_program(exercise)) if isinstance(shown, View)
            ]
            for number, shown in enumerate(views[1:], start=1):  # after that of the plan
                yield f"drill_{exercise.slug}_{number}", shown
    yield "outage_repaired", show(outages(a_preview("02_database_zone", SOLUTION)))
    yield "incident_repaired", show(incident(a_preview("05_silent_database", SOLUTION)))
    whole = preview(program, "dev")
    yield "plan_of_75", show(whole)
    yield "resource", show(whole.named("emergency-alert-db-dev"))
    for slug in ("04_stream_access", "05_silent_database"):
        yield f"difference_{slug[:2]}", diff_view(a_preview(slug, EXERCISE), a_preview(slug, SOLUTION))
    yield "topology", show(topology(a_preview("02_database_zone", EXERCISE)))
    yield "topology_of_75", show(topology(whole))


@dataclass(frozen=True)
class Gallery:
    """A notebook whose outputs are the views: their names in the order of the cells, and its address."""

    names: tuple[str, ...]
    url: str


@pytest.fixture(scope="module")
def gallery(jupyterlab: Server) -> Gallery:
    views = dict(all_views())
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for name, view in views.items():
        output = nbformat.v4.new_output("display_data", data=view._repr_mimebundle_())
        notebook.cells.append(nbformat.v4.new_code_cell(f"# {name}", outputs=[output], execution_count=1))
    path = jupyterlab.root / "notebooks" / "views.ipynb"
    nbformat.write(notebook, path)
    # JupyterLab draws the HTML of a notebook that nobody has run only when it is signed.
    data = Path(jupyterlab.environment["JUPYTER_DATA_DIR"])
    data.mkdir(parents=True, exist_ok=True)
    NotebookNotary(data_dir=str(data)).sign(nbformat.read(path, as_version=4))
    address, _, query = jupyterlab.url.partition("?")
    return Gallery(
        tuple(views), f"{address.partition('/lab')[0]}/lab/tree/notebooks/views.ipynb?{query}&reset"
    )


@pytest.fixture
def theme(jupyterlab: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """Sets a theme for one test."""
    jupyterlab.set_theme(request.param)
    yield request.param
    jupyterlab.set_theme("JupyterLab Light")


def output_of(page: Page, number: int) -> Locator:
    """A cell's output, scrolled into view: output out of sight is not drawn."""
    cell = page.locator(f'.jp-Notebook-cell[data-windowed-list-index="{number}"]')
    cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    output = cell.locator(".jp-OutputArea-output").first
    output.locator(".lab-view").first.wait_for()
    return output


def letters_of(chart: Locator) -> float:
    """The size of a chart's letters as they are drawn, in pixels: a chart grows and shrinks with its place."""
    size: float = chart.evaluate(
        """e => parseFloat(getComputedStyle(e).fontSize)
            * e.getBoundingClientRect().width / e.viewBox.baseVal.width"""
    )
    return size


@pytest.mark.timeout(600)  # some twenty views, each judged by axe
@pytest.mark.parametrize(("theme", "width"), WINDOWS, indirect=["theme"])
def test_every_view_fits_and_is_accessible(page: Page, gallery: Gallery, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(gallery.url)
    body = page.locator("body")
    expect(body).to_have_attribute("data-jp-theme-light", str(theme == "JupyterLab Light").lower())
    page.locator(".jp-Notebook-cell").first.wait_for()
    SCREENSHOTS.mkdir(exist_ok=True)
    for number, name in enumerate(gallery.names):
        output = output_of(page, number)
        box = output.bounding_box()
        assert box is not None
        # As high as it takes to see all of it: for the picture, and because axe judges what can be seen.
        page.set_viewport_size({"width": width, "height": max(900, int(box["height"]) + 300)})
        output = output_of(page, number)
        output.screenshot(path=SCREENSHOTS / f"view_{name}_{theme.split()[-1].lower()}_{width}.png")
        assert overflow(output) <= 0, f"{name} is too wide by {overflow(output)} pixels"
        assert leaves_its_box(output) == [], name
        if name.startswith("topology"):
            drawing = output.locator("svg")
            assert "resources and what they refer to" in str(drawing.get_attribute("aria-label"))
            assert letters_of(drawing) >= 11
            is_readable(output.locator("xpath=.."), "figcaption")
        place = f'.jp-Notebook-cell[data-windowed-list-index="{number}"] .jp-OutputArea-output'
        assert violations(page, place) == [], name
        if output.locator("svg.lab-chart").count():
            is_readable(output.locator("xpath=.."), "svg text")
            letters = letters_of(output.locator("svg.lab-chart"))
            assert letters >= SMALLEST, f"{name}: letters of {letters:.1f} pixels"


def test_a_resource_opens_with_its_properties(page: Page, jupyterlab: Server, gallery: Gallery) -> None:
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto(gallery.url)
    output = output_of(page, gallery.names.index("plan_of_75"))
    vpc = output.locator("summary").filter(has=page.get_by_text("emergency-alert-vpc-dev", exact=True))
    expect(vpc).to_be_hidden()  # the 30 resources of ec2 are folded
    output.locator("summary", has_text="30 resources").click()
    expect(vpc).to_be_visible()
    vpc.press("Enter")
    expect(output.get_by_text("10.0.0.0/16")).to_be_visible()
    assert overflow(output) <= 0
