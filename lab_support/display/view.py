"""What can be displayed: a view with its plain-text twin, or a page of Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class View:
    """Something to look at: `html` for a notebook, or a `mermaid` diagram, and `text` that says the same to a
    terminal or a screen reader."""

    html: str
    text: str
    mermaid: str = ""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        rich = {"text/vnd.mermaid": self.mermaid} if self.mermaid else {"text/html": self.html}
        return {**rich, "text/plain": self.text}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Page:
    """A page of Markdown that reads well as plain text, too."""

    markdown: str

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/markdown": self.markdown, "text/plain": self.markdown}

    @property
    def text(self) -> str:
        return self.markdown

    def __str__(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown
