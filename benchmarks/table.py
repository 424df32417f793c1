"""The comparisons of a run as a table: on the terminal, as Markdown for docs/performance.md, and as JSON."""

import json
import os
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.comparison import Comparison, Target

# How busy the machine was when the benchmarks started: its load average over one minute.
_LOAD = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
RATIOS = Path(__file__).parents[1] / ".benchmarks" / "ratios.json"


def machine() -> dict[str, Any]:
    """The machine and versions that the figures depend on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "pulumi": version("pulumi"),
        "pulumi_aws": version("pulumi-aws"),
        "load_before": _LOAD,
    }


def _processor() -> str:
    try:
        cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in cpuinfo.splitlines() if line.startswith("model name"))
    return next(names, platform.processor())


def as_json(found: Iterable[Comparison]) -> dict[str, Any]:
    """The contents of ratios.json."""
    return {
        "machine": machine(),
        "ratios": [
            {
                "target": comparison.target.value,
                "what": comparison.what,
                "ours": round(comparison.ours, 4),
                "theirs": round(comparison.theirs, 4),
                "unit": comparison.unit,
                "ratio": round(comparison.ratio, 3),
                "limit": comparison.limit,
                "met": comparison.met,
                "rounds": comparison.rounds,
            }
            for comparison in _sorted(found)
        ],
    }


def write(found: Iterable[Comparison], path: Path = RATIOS) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def as_text(found: Iterable[Comparison]) -> Iterator[str]:
    """The lines of the table on a terminal."""
    rows = _sorted(found)
    width = max(len(comparison.what) for comparison in rows)
    for target in Target:
        of_target = [comparison for comparison in rows if comparison.target is target]
        if of_target:
            yield f"{target.value:{width}}       ours     theirs  ratio  limit  met"
        for comparison in of_target:
            ours, theirs = (_amount(value, comparison.unit) for value in (comparison.ours, comparison.theirs))
            yield (
                f"  {comparison.what:{width}}  {ours:>9}  {theirs:>9}"
                f"  {comparison.ratio:5.2f}  {_limit(comparison.limit):>5}  {_MET[comparison.met]}"
            )


def as_markdown(ratios: dict[str, Any]) -> Iterator[str]:
    """The table as Markdown, from the contents of ratios.json."""
    on = ratios["machine"]
    yield (
        f"{on['processor']}, {on['cores']} cores, {on['system']}, Python {on['python']}, "
        f"Pulumi {on['pulumi']}, pulumi-aws {on['pulumi_aws']}; load average before the run: {on['load_before']}."
    )
    for target in Target:
        rows = [row for row in ratios["ratios"] if row["target"] == target.value]
        if not rows:
            continue
        yield from ("", f"**{target.value}**", "")
        yield "| what is compared | ours | theirs | ratio | limit | met | rounds |"
        yield "|---|--:|--:|--:|--:|---|--:|"
        for row in rows:
            ours, theirs = (_amount(row[name], row["unit"]) for name in ("ours", "theirs"))
            yield (
                f"| {row['what']} | {ours} | {theirs} | {row['ratio']:.2f} | {_limit(row['limit'])} "
                f"| {_MET[row['met']]} | {row['rounds']} |"
            )


_MET = {True: "yes", False: "**no**", None: ""}


def _sorted(found: Iterable[Comparison]) -> list[Comparison]:
    order = list(Target)
    return sorted(found, key=lambda comparison: order.index(comparison.target))


def _amount(value: float, unit: str) -> str:
    places = next((places for places, below in ((3, 1), (2, 10), (1, 100)) if value < below), 0)
    return f"{value:.{places}f} {unit}"


def _limit(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"
