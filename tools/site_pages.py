"""Pages of the documentation's site that are made from the code, as a hook of MkDocs (see mkdocs.yml).

Exercises come from the headers in exercises/, without what they hide; rules from lab_support/review/rules.py; drills
and the API from docstrings. README, CONTRIBUTING and CHANGELOG become pages. Links to other files of the repository
lead to it where REPOSITORY_URL says where it is, and are plain text elsewhere.
"""

from __future__ import annotations

import ast
import inspect
import logging
import os
import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import lab_support
from lab_support.course import exercises
from lab_support.review.help_links import SITE
from lab_support.review.rules import ALL_RULES, STRICT_RULES

ROOT: Final = Path(__file__).parents[1]
# Files in the root that are pages of the site.
FROM_ROOT: Final = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
_LINK: Final = re.compile(r"(?<!!)\[((?:[^][]|\[[^]]*\])*)\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")
_FENCE: Final = re.compile(r"^(```.*?^```)", re.MULTILINE | re.DOTALL)
_log = logging.getLogger("mkdocs.hooks.site_pages")  # a warning fails a strict build


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Sets the site's address, and adds the pages of docs/ that mkdocs.yml does not list."""
    config.site_url = SITE
    nav: list[Any] = config.nav or []
    listed = str(nav)
    nav += [path.name for path in sorted((ROOT / "docs").glob("*.md")) if f"'{path.name}'" not in listed]
    config.nav = nav
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are made here."""
    made: dict[str, Callable[[], str]] = {
        "exercises.md": _exercises,
        "drills.md": _drills,
        "rules.md": rules,
        "api.md": _api,
    }
    pages = {name: make() for name, make in made.items()}
    pages |= {page: (ROOT / source).read_text(encoding="utf-8") for source, page in FROM_ROOT.items()}
    for name, content in pages.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns links between files of the repository into links between pages."""
    source = next((root for root, name in FROM_ROOT.items() if name == page.file.src_uri), "")
    source = source or f"docs/{page.file.src_uri}"
    parts = _FENCE.split(markdown)
    parts[::2] = [_LINK.sub(lambda found: _link(found, source), part) for part in parts[::2]]
    text = "".join(parts)
    return text.replace('"docs/pictures/', '"pictures/') if source in FROM_ROOT else text


def _link(found: re.Match[str], source: str) -> str:
    text, target, anchor = found[1], found[2], found[3] or ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    here = posixpath.dirname(FROM_ROOT.get(source, source.removeprefix("docs/")))
    page = FROM_ROOT.get(path) or (path.removeprefix("docs/") if path.startswith("docs/") else "")
    if page:
        return f"[{text}]({posixpath.relpath(page, here or '.')}{anchor})"
    if not (ROOT / path).exists():
        _log.warning("%s links to %s, which does not exist", source, target)
    if repository := os.environ.get("REPOSITORY_URL"):
        return f"[{text}]({repository.rstrip('/')}/blob/HEAD/{path}{anchor})"
    return text


def _exercises() -> str:
    """Titles, times and scenes; what is wrong is for the reader to find."""
    lines = ["# Exercises", "", "Each is a notebook. What is wrong in it is for you to find out.", ""]
    for exercise in exercises.catalogue():
        scene = exercise.cells[0].source.partition("\n")[2].strip()
        lines += [f"## {exercise.slug[:2]} {exercise.title}", "", scene, ""]
        lines += [f"`{exercise.slug}`, about {exercise.minutes} minutes", ""]
    return "\n".join(lines)


def rules() -> str:
    """Each rule under its id, to whose anchor the findings link."""
    lines = [
        "# Rules of review",
        "",
        "What `lab review` finds. A rule reports only what is certain; what a preview cannot tell is listed as "
        "unknown. To accept a finding, see [your own stack](index.md#your-own-stack).",
        "",
        "| id | severity | category | finds |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity} | {rule.category} | {rule.title} |"
        for rule in ALL_RULES
    ]
    for rule in ALL_RULES:
        lines += ["", f"## {rule.id}", "", f"**{rule.title}**", "", _paragraph(rule.check.__doc__), ""]
        lines += [f"- Severity: {rule.severity}", f"- Category: {rule.category}"]
        lines += [f"- Control: NIST SP 800-53 {rule.control}", ""]
        if rule in STRICT_RULES:
            lines += ["Reported with `--strict` only.", ""]
        lines += [f"**How to repair it.** {rule.help}"]
    return "\n".join(lines) + "\n"


def _paragraph(docstring: str | None) -> str:
    return inspect.cleandoc(docstring or "").strip()


def _drills() -> str:
    """The docstrings of the drills that notebooks can import."""
    lines = [
        "# Drills",
        "",
        "A drill plays one consequence out on a plan. Notebooks import it from `lab_support`.",
    ]
    for path in sorted((ROOT / "lab_support" / "drills").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not re.search(r"^__all__ = ", source, re.MULTILINE):
            continue
        summary, _, rest = _paragraph(ast.get_docstring(ast.parse(source))).partition("\n\n")
        lines += ["", f"## {path.stem.replace('_', ' ').capitalize()}", "", summary, "", rest]
    return "\n".join(lines) + "\n"


def _api() -> str:
    """The names that `lab_support` exports, with signatures and docstrings."""
    lines = ["# API", "", "What notebooks and their authors import from `lab_support`."]
    for name in lab_support.__all__:
        value = getattr(lab_support, name)
        lines += ["", f"## `{name}`", ""]
        if not callable(value):
            lines += ["A constant."]
            continue
        lines += [*_signature(name, value), "", _paragraph(inspect.getdoc(value))]
        if inspect.isclass(value):
            lines += ["", *_members(value)]
    return "\n".join(lines) + "\n"


def _signature(name: str, value: Callable[..., Any]) -> Iterator[str]:
    """The signature of a function, with annotations as they are written; none for a class."""
    if not inspect.isclass(value):
        text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(value)))
        yield from ("```python", f"{name}{text}", "```")


def _members(value: type) -> Iterator[str]:
    """The public methods and properties of a class that have a docstring, a line each."""
    for name, member in vars(value).items():
        documented = isinstance(member, property) or inspect.isfunction(member)
        if documented and not name.startswith("_") and member.__doc__:
            yield f"- `{name}`: {_paragraph(member.__doc__).partition(chr(10) * 2)[0]}".replace("\n", " ")
