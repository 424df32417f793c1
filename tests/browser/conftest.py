"""One JupyterLab and one Chromium for all tests in this folder, and a learner for each test."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.learner import Learner
from tests.browser.server import Server, serving

# A kernel that shares two cores with other tests may take long; what is waited for is not timed.
PATIENCE = 60_000  # milliseconds

# The last of the folder's tests ends JupyterLab and the browser: while the latter runs, an event loop runs in this
# thread, and other tests want their own. (For pytest, this folder is a package because it has an __init__.py.)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no chromium on PATH")
        pytest.skip("there is no chromium on PATH")
    expect.set_options(timeout=PATIENCE)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`lab start`, as after a fresh clone."""
    with serving(tmp_path_factory.mktemp("jupyterlab")) as server:
        yield server


@pytest.fixture
def server(jupyterlab: Server) -> Iterator[Server]:
    """The same server, with all files as in a fresh clone."""
    yield jupyterlab
    jupyterlab.reset()


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile, so that JupyterLab's scripts are fetched once."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty window of a common size."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page
    page.close()


@pytest.fixture
def learner(page: Page, server: Server, request: pytest.FixtureRequest) -> Iterator[Learner]:
    """A learner who has opened the notebook. The last screen of the test is saved as a picture."""
    learner = Learner(page, server)
    learner.open()
    yield learner
    learner.screenshot(request.node.name)
