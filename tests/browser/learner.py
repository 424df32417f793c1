"""A person at the notebook: reads, scrolls, types and clicks in a browser, as JupyterLab shows it."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server
from tests.programs import ROOT

SCREENSHOTS = ROOT / ".screenshots"


class Learner:
    """Sits before one notebook, opened at the address that `lab start` names."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        self.tags = [cell["metadata"].get("tags", [""])[0] for cell in server.cells()]

    def open(self) -> None:
        """Opens the notebook and waits for its kernel."""
        self.page.goto(f"{self.server.url}&reset")  # without the tabs of an earlier visit
        self.kernel_is_ready()

    def kernel_is_ready(self) -> None:
        """Waits until the status bar says so; what is run before may be dropped."""
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()

    def cell(self, tag: str, number: int = 1) -> Locator:
        """The nth cell with a tag, scrolled to: what is out of sight need not be drawn."""
        places = [place for place, each in enumerate(self.tags) if each == tag]
        return self._scrolled_to(places[number - 1])

    def code_cell(self, source: str) -> Locator:
        """The first cell whose source contains a text, scrolled to."""
        places = [n for n, cell in enumerate(self.server.cells()) if source in "".join(cell["source"])]
        return self._scrolled_to(places[0])

    def count(self) -> int:
        """How many cells there are."""
        return self.page.locator(".jp-Notebook-cell").count()

    def choose(self, menu: str, item: str) -> None:
        """Chooses from the menu bar."""
        self.page.locator(".lm-MenuBar-item").get_by_text(menu, exact=True).click()
        label = self.page.locator(".lm-Menu-itemLabel").get_by_text(re.compile(rf"^{item}(…|\.\.\.)?$"))
        label.click()

    def start_all(self) -> None:
        """Run > Run All Cells, without waiting for the end."""
        self.choose("Run", "Run All Cells")
        self._kernel_is("busy")

    def run_all(self) -> None:
        """Runs all cells and waits until the last one that runs has ended."""
        self.start_all()
        self.settle()

    def settle(self) -> None:
        """Waits until nothing runs any more."""
        self._kernel_is("idle")
        for tag in ("check", "reveal"):
            expect(self.cell(tag).locator(".jp-InputPrompt")).not_to_have_text("[*]:")

    def repair(self) -> None:
        """Types as a person does: to the end of the line, back over the value, the right one in its place."""
        self.line(self.cell("exercise"), "multi_az=False").click()
        for key in ("End", "ArrowLeft", *["Backspace"] * len("False")):
            self.page.keyboard.press(key)
        self.page.keyboard.type("True")

    def save(self) -> None:
        """Presses Ctrl-S and waits until the tab does not say any more that something is not saved."""
        dirty = self.page.locator(".lm-TabBar-tab.jp-mod-dirty")
        expect(dirty).to_have_count(1)
        self.page.keyboard.press("Control+s")
        expect(dirty).to_have_count(0)

    def error(self, cell: Locator) -> Locator:
        """What a cell shows as its error."""
        return cell.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')

    def line(self, cell: Locator, text: str) -> Locator:
        """A line in a cell's editor, scrolled to: the editor draws only lines that are in sight."""
        line = cell.locator(".cm-line", has_text=text).first
        cell.locator(".cm-content").hover(position={"x": 10, "y": 10})
        for _ in range(40):
            if line.count():
                break
            self.page.mouse.wheel(0, 150)
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
        line.scroll_into_view_if_needed()
        return line

    def screenshot(self, name: str) -> Path:
        """A picture in .screenshots/, for people."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9_.]+', '-', name).strip('-')}.png"
        self.page.screenshot(path=path)
        return path

    def _kernel_is(self, status: str) -> None:
        self.page.locator(f'.jp-Notebook-ExecutionIndicator[data-status="{status}"]').wait_for()

    def _scrolled_to(self, place: int) -> Locator:
        cell = self.page.locator(f'.jp-Notebook-cell[data-windowed-list-index="{place}"]')
        # Not scroll_into_view_if_needed: that waits for what is drawn only once it is in sight.
        cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
        cell.locator(".jp-InputArea, .jp-MarkdownOutput").first.wait_for()
        return cell
