"""Writes the figures of the last `make bench` into docs/performance.md: python -m benchmarks.page"""

import json
from pathlib import Path

from benchmarks.table import RATIOS, as_markdown

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: python -m benchmarks.page -->", "<!-- end of the figures -->"


def with_figures(page: str, figures: str) -> str:
    """The page with these figures. Raises ValueError unless it has both marks once, in order."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in after:
        raise ValueError(f"the page needs {BEGIN!r} and, below it, {END!r}, each once")
    return f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}"


def main() -> None:
    figures = "\n".join(as_markdown(json.loads(RATIOS.read_text(encoding="utf-8"))))
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    main()
