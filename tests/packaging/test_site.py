"""The documentation's site: it builds without a warning, its links hold, and it needs no network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

import lab_support
from lab_support.course import exercises
from lab_support.review.help_links import PAGE, SITE, help_link
from lab_support.review.rules import ALL_RULES
from tests.packaging.stage import ROOT


class Document(HTMLParser):
    """The anchors of a page, what it links to, and what a browser loads for it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors.add(given.get("id", ""))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and {"canonical", "next", "prev"} & set(given.get("rel", "").split()):
            return
        else:
            self.loaded += [given[name] for name in ("src", "srcset", "href") if given.get(name)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Document]:
    return {path: Document(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def inside(documents: dict[Path, Document]) -> Iterator[tuple[Path, str]]:
    """Each link and each loaded file that has no host, with its page."""
    for path, document in documents.items():
        for target in (*document.links, *document.loaded):
            parts = urlsplit(target)
            if not parts.scheme and not parts.netloc and path.name != "404.html":
                yield path, target


def test_every_internal_link_leads_to_a_file_and_an_anchor(pages: dict[Path, Document]) -> None:
    broken = []
    for path, target in inside(pages):
        file, anchor = urldefrag(unquote(target))
        found = (path.parent / file).resolve() if file else path
        found = found / "index.html" if found.is_dir() else found
        if not found.is_file() or (anchor and found in pages and anchor not in pages[found].anchors):
            broken.append(f"{path.name}: {target}")
    assert broken == []


def test_the_help_link_of_every_rule_leads_to_its_section(site: Path, pages: dict[Path, Document]) -> None:
    for rule in ALL_RULES:
        address, anchor = urldefrag(help_link(rule.id))
        assert address.startswith(SITE)
        page = (site / address.removeprefix(SITE)).resolve()
        assert anchor in pages[page].anchors
        text = page.read_text(encoding="utf-8").partition(f'id="{anchor}"')[2].partition("<h2")[0]
        for said in (rule.severity, rule.category, rule.control):
            assert said in text


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Document]) -> None:
    hosts = {urlsplit(target).netloc for document in pages.values() for target in document.loaded}
    assert hosts == {""}


def test_search_finds_every_rule(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert all(rule.id in index for rule in ALL_RULES)


def test_the_exercises_are_listed_without_what_they_hide(site: Path) -> None:
    text = (site / "exercises.html").read_text(encoding="utf-8")
    text = re.sub("<[^>]+>", "", text.partition("<article")[2].partition("</article>")[0])
    for exercise in exercises.catalogue():
        assert exercise.title in text.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", '"')
        hidden = (*exercise.findings, f"Severity: {exercise.severity}")
        assert [word for word in hidden if word in text] == []


def test_the_api_has_every_exported_name(pages: dict[Path, Document], site: Path) -> None:
    assert {name.lower() for name in lab_support.__all__} <= pages[site / "api.html"].anchors


def test_the_page_of_the_rules_is_the_one_that_links_name(site: Path) -> None:
    assert (site / PAGE).is_file()
