"""A JupyterHub from hub/, installed as an instructor would: three learners at once, the real hub and the real proxy."""

import shutil
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.hub.hub import Hub, Learner, running
from tests.programs import ROOT, SLUG

LEARNERS = ("ada", "grace", "linus")
MEMORY_LIMIT = 2 * 1024**3  # as in hub/jupyterhub_config.py
# What the notebook's cells do when a learner runs them all: the program's previews and the check.
CHECK = f"""
import subprocess
done = subprocess.run(["lab", "check", "{SLUG}", "--json"], capture_output=True, text=True)
print(done.stdout + done.stderr)
"""
PREVIEW = f"""
from lab_support import preview
from lab_support.course.exercises import find_exercise
names = {{}}
for tag in ("setup", "exercise"):
    for source in find_exercise("{SLUG}").sources(tag):
        exec(source, names)
print(len(list(preview(names["program"], "dev"))), "resources")
"""

pytestmark = [
    pytest.mark.clone,  # downloads all packages
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        shutil.which("configurable-http-proxy") is None,
        reason="needs JupyterHub's proxy (Debian: apt-get install node-configurable-http-proxy)",
    ),
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment that hub/install.sh makes."""
    made = tmp_path_factory.mktemp("hub-environment") / "lab"
    script = ROOT / "hub" / "install.sh"
    done = subprocess.run(["sh", script, made], capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="module")
def hub(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running(environment, tmp_path_factory.mktemp("hub")) as started:
        yield started


@pytest.fixture(scope="module")
def class_of_three(hub: Hub) -> list[Learner]:
    """Three learners whose servers were started at once."""
    with ThreadPoolExecutor(len(LEARNERS)) as pool:
        return list(pool.map(hub.start, LEARNERS))


def test_each_learner_has_their_own_notebooks_and_no_solutions(class_of_three: list[Learner]) -> None:
    for learner in class_of_three:
        assert (learner.home / "emergency-alert/notebooks" / f"{SLUG}.ipynb").is_file()
    seen = class_of_three[0].hub.ask("GET", f"user/{LEARNERS[0]}/api/contents/")
    assert "solutions" not in {entry["name"] for entry in seen["content"]}


def test_a_learner_logs_in_with_a_browser_and_sees_the_start_page(
    hub: Hub, class_of_three: list[Learner]
) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"http://127.0.0.1:{hub.port}/")
        page.get_by_label("Username:").fill(class_of_three[0].name)
        page.locator("#password_input").fill("any")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Start here").wait_for()
        address = urlsplit(page.url).path
        browser.close()
    assert address == f"/user/{class_of_three[0].name}/lab/tree/notebooks/00_start_here.ipynb"


def test_three_learners_preview_and_check_at_once_within_the_limit(class_of_three: list[Learner]) -> None:
    with ThreadPoolExecutor(len(LEARNERS)) as pool:
        previewed = list(pool.map(lambda learner: learner.run(SLUG, PREVIEW), class_of_three))
        checked = list(pool.map(lambda learner: learner.run(SLUG, CHECK), class_of_three))
    assert previewed == ["7 resources\n"] * 3
    assert all('"outcome": "unchanged"' in text for text in checked), checked
    assert [learner.name for learner in class_of_three if learner.peak > MEMORY_LIMIT / 2] == []


def test_a_learner_shares_progress_in_the_folder_of_the_class(
    hub: Hub, class_of_three: list[Learner]
) -> None:
    folder = hub.folder / "class"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o1777
    share = f"import subprocess; subprocess.run(['lab', 'share', '{folder}', '--as', 'Ada'])"
    class_of_three[0].run(SLUG, share)
    (shared,) = folder.iterdir()
    assert shared.name.startswith("Ada-")
