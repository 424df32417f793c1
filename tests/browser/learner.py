"""A person using a notebook in a browser: reads, scrolls, types and clicks."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from lab_support.course.exercises import EXERCISE, SOLUTION, find_exercise
from tests.browser.server import Server
from tests.programs import ROOT, SLUG

SCREENSHOTS = ROOT / ".screenshots"

# The line to go to, then what a person does there. Where there is none, the solution's cells are pasted.
REPAIRS = {
    "01_stream_name": ('"emergency-alert-stream",', "<ArrowLeft*2>", "-{environment_suffix}", "<Home>", "f"),
    "02_database_zone": ("multi_az=False", "<ArrowLeft>", "<Backspace*5>", "True"),
    "03_shared_files": (
        'f"emergency-alert-efs-{environment_suffix}"',
        "<Enter>",
        "encrypted=True,",
        "<Enter>",
        "kms_key_id=key.arn,",
    ),
    "04_stream_access": (
        '"Action": "kinesis:*", "Resource": "*"',
        "<Home>",
        "<Shift+End>",
        """"Statement": [{"Effect": "Allow", "Resource": f"arn:aws:kinesis:ap-southeast-1:123456789012:stream/"
        f"emergency-alert-stream-{environment_suffix}", "Action": ["kinesis:GetRecords", "kinesis:GetShardIterator",
        "kinesis:DescribeStream", "kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords"]}],""",
    ),
    "05_silent_database": (
        'pulumi.export("alarm_topic", topic.arn)',
        "<Enter>",
        "aws.cloudwatch.MetricAlarm(f'emergency-alert-rds-cpu-{environment_suffix}', namespace='AWS/RDS', "
        "metric_name='CPUUtilization', dimensions={'DBInstanceIdentifier': database.identifier}, "
        "statistic='Average', period=60, evaluation_periods=5, comparison_operator='GreaterThanThreshold', "
        "threshold=80, alarm_actions=[topic.arn])",
    ),
}


# Notices that an action of a panel begins and ends.
_NOTICE_END = """panel => {
    panel.hasEnded = false;
    let begun = false;
    new MutationObserver((_, observer) => {
        const busy = panel.classList.contains("lab-is-busy");
        if (begun && !busy) { panel.hasEnded = true; observer.disconnect(); }
        begun = begun || busy;
    }).observe(panel, {attributes: true, attributeFilter: ["class"]});
}"""


class Learner:
    """Uses one notebook, opened at the address that `lab start` prints."""

    def __init__(self, page: Page, server: Server, slug: str = SLUG) -> None:
        self.page, self.server, self.slug = page, server, slug
        self.cells = server.cells(slug)
        self.tags = [cell["metadata"].get("tags", [""])[0] for cell in self.cells]

    def open(self) -> None:
        """Opens the notebook and waits for its kernel."""
        self.page.goto(f"{self.server.url_of(self.slug)}&reset")  # without the tabs of an earlier visit
        self.kernel_is_ready()

    def reload(self) -> None:
        """Reloads the page."""
        self.page.reload()
        self.kernel_is_ready()

    def kernel_is_ready(self) -> None:
        """Waits until the status bar says Idle; cells run before that may be dropped."""
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()

    def cell(self, tag: str, number: int = 1) -> Locator:
        """The nth cell with a tag, scrolled into view: cells out of sight may not be drawn."""
        places = [place for place, cell_tag in enumerate(self.tags) if cell_tag == tag]
        return self._scrolled_to(places[number - 1])

    def code_cell(self, source: str) -> Locator:
        """The first cell whose source contains a text, scrolled into view."""
        places = [n for n, cell in enumerate(self.cells) if source in "".join(cell["source"])]
        return self._scrolled_to(places[0])

    def count(self) -> int:
        """How many cells there are."""
        return self.page.locator(".jp-Notebook-cell").count()

    def tab(self) -> Locator:
        """The tab of the document in front."""
        return self.page.locator('.lm-TabBar-tab.lm-mod-current[data-type="document-title"]')

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
        """Runs all cells and waits until they have finished."""
        self.start_all()
        self.settle()

    def settle(self) -> None:
        """Waits until no cell is running."""
        self._kernel_is("idle")
        for tag in {"check"} & set(self.tags):
            expect(self.cell(tag).locator(".jp-InputPrompt")).not_to_have_text("[*]:")

    def panel(self) -> Locator:
        """The exercise panel, scrolled into view."""
        return self.cell("panel").locator(".lab-panel")

    def press(self, label: str) -> None:
        """Clicks a button of the panel and waits until it is done."""
        panel = self.panel()
        panel.evaluate(_NOTICE_END)
        self.button(label).click()
        self.page.wait_for_function("panel => panel.hasEnded", arg=panel.element_handle())

    def run_program(self) -> None:
        """Clicks Run program; where the panel first asks what the drill will show, the drill is just run."""
        self.press("Run program")
        just_run = self.button("Just run it")
        drill = self.section("Preview").locator(".jp-OutputArea-output")
        expect(just_run.or_(drill).first).to_be_visible()
        if just_run.is_visible():
            self.press("Just run it")

    def button(self, label: str) -> Locator:
        """A button of the panel."""
        return self.panel().get_by_role("button", name=label, exact=True)

    def section(self, title: str) -> Locator:
        """The section of the panel with this title."""
        heading = self.page.get_by_role("heading", name=title)
        return self.panel().locator(".lab-section", has=heading)

    def panel_is_ready(self) -> None:
        """Waits until no action runs."""
        expect(self.panel()).not_to_have_class(re.compile("lab-is-busy|lab-is-starting"))

    def repair(self) -> None:
        """Types the exercise's repair, and runs the program's cell with Shift+Enter."""
        if self.slug not in REPAIRS:
            self.paste_solution()
            return
        self.type_repair()
        self._run(self.cell("exercise"))

    def type_repair(self) -> None:
        """Types the exercise's repair, and runs nothing."""
        self.edit(*REPAIRS[self.slug])

    def paste_solution(self) -> None:
        """Replaces each cell that differs in the solution, and runs it."""
        exercise = find_exercise(self.slug)
        pairs = zip(exercise.sources(EXERCISE), exercise.sources(SOLUTION), strict=True)
        for number, (shipped, solved) in enumerate(pairs, start=1):
            if shipped != solved:
                cell = self.cell("exercise", number)
                self.paste(cell, solved)
                self._run(cell)

    def paste(self, cell: Locator, text: str) -> None:
        """Replaces a cell's source."""
        cell.locator(".cm-line").first.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def edit(self, line: str, *doings: str) -> None:
        """Goes to the end of a line and types: `<Key>`, `<Key*times>`, or text."""
        self.line(self.cell("exercise"), line).click()
        self.page.keyboard.press("End")
        for doing in doings:
            key = re.fullmatch(r"<([A-Za-z+]+)(?:\*(\d+))?>", doing)
            if key is None:
                # As if pasted: typed key by key, the editor would close brackets and indent on its own.
                self.page.keyboard.insert_text(doing)
                continue
            for _ in range(int(key[2] or 1)):
                self.page.keyboard.press(key[1])

    def save(self) -> None:
        """Presses Ctrl+S and waits until the tab no longer shows unsaved changes."""
        dirty = self.page.locator(".lm-TabBar-tab.jp-mod-dirty")
        expect(dirty).to_have_count(1)
        self.page.keyboard.press("Control+s")
        expect(dirty).to_have_count(0)

    def error(self, cell: Locator) -> Locator:
        """A cell's error output."""
        return cell.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')

    def line(self, cell: Locator, text: str) -> Locator:
        """A line in a cell's editor, scrolled into view: the editor draws only visible lines."""
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
        """Saves a picture in .screenshots/, for people."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9_.]+', '-', name).strip('-')}.png"
        self.page.screenshot(path=path)
        return path

    def _run(self, cell: Locator) -> None:
        """Runs the cell that has the focus. The kernel is still idle just after the key, so its number is awaited."""
        number = cell.locator(".jp-InputPrompt")
        before = number.inner_text()
        self.page.keyboard.press("Shift+Enter")
        expect(number).not_to_have_text(before)
        expect(number).to_have_text(re.compile(r"\[\d+\]:"))
        self._kernel_is("idle")

    def kernel_is_idle(self) -> None:
        """Waits until nothing runs; scrolls nowhere."""
        self._kernel_is("idle")

    def _kernel_is(self, status: str) -> None:
        self.page.locator(f'.jp-Notebook-ExecutionIndicator[data-status="{status}"]').wait_for()

    def _scrolled_to(self, place: int) -> Locator:
        cell = self.page.locator(f'.jp-Notebook-cell[data-windowed-list-index="{place}"]')
        # Not scroll_into_view_if_needed: that waits for what is drawn only once it is in sight.
        cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
        cell.locator(".jp-InputArea, .jp-InputPlaceholder, .jp-MarkdownOutput").first.wait_for()
        return cell
