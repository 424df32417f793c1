"""The slides, the hand-out and the questionnaire open without a network and have everything inside them."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lab_support.course.exercises import find_exercise

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
TAUGHT = ("01", "02", "03", "04", "05")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make slides` writes."""
    if find_spec("sphinx_revealjs") is None:
        pytest.skip("needs sphinx-revealjs, which requirements-dev.lock has")
    folder = tmp_path_factory.mktemp("slides")
    subprocess.run([sys.executable, "-m", "tools.slides", str(folder)], cwd=ROOT, check=True, timeout=240)
    return folder


def test_every_slide_shows_something_and_fits_without_a_network(folder: Path, browser: Browser) -> None:
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: trouble.append(request.url) if "file:" not in request.url else None)
    page.goto((folder / "slides.html").as_uri())
    page.wait_for_function("Reveal.isReady()")
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        assert page.evaluate("Reveal.getCurrentSlide().innerText.trim()"), f"slide {number + 1} is empty"
        assert page.evaluate("Reveal.getCurrentSlide().scrollHeight") <= 720, (
            f"slide {number + 1} is too long"
        )
        page.evaluate("Reveal.next()")
    assert page.evaluate("Reveal.isLastSlide()")
    assert trouble == []
    context.close()


def test_each_exercise_has_its_title_its_picture_and_its_debrief(folder: Path) -> None:
    slides = (folder / "slides.html").read_text(encoding="utf-8")
    for number in TAUGHT:
        assert f"{number} {find_exercise(number).title}" in slides
        assert f"{number}: the debrief" in slides
    assert slides.count('<div class="drill">') == len(TAUGHT)


@pytest.mark.parametrize("name", ["handout", "questionnaire"])
def test_the_paper_is_one_page_and_names_no_finding(folder: Path, browser: Browser, name: str) -> None:
    page = browser.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    assert re.findall(rb"/Type\s*/Pages.*?/Count (\d+)", page.pdf(prefer_css_page_size=True), re.S) == [b"1"]
    assert not re.search(r"\b[A-Z]{3,}-[A-Z-]{3,}\b", page.inner_text("body"))
    page.close()
